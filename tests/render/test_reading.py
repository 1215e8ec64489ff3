"""What a patient meets of a plan is plain: every text that plans are made of, and every word that a page adds.

The content alone is measured in ``tests/content/test_patient_text.py``; here, what is put together for one patient:
reasons, doses, amounts, dates, questions, what would change. How: ``docs/decisions/0010-reading-level.md``.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from tests.reading_level import LABEL, grade, proper_names, too_hard, words
from tests.scenarios.scenario import data_of, guidance, read_record, scenarios

import atopy
from atopy import render
from atopy.plan import Plan, make_plan
from atopy.plan.public import setting
from atopy.render.of_prospects import sheet
from atopy.render.sheet import Item
from atopy.render.view import Seen, View

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
AS_OF = "2026-11-20"
AS_WRITTEN = ("note", "override")  # free text of the record
ON_PACKAGES = ("labels-", "product-")  # what is printed on a package is compared, not read


@cache
def named() -> frozenset[str]:
    return proper_names(guidance().compiled)


@cache
def made() -> tuple[tuple[str, Plan], ...]:
    """The plan of every third scenario, and of every example: those of the rest say the same."""
    found = [(path.stem, atopy.plan(path, as_of=AS_OF)) for path in EXAMPLES]
    for key, s in list(scenarios().items())[::3]:
        record = read_record(data_of(s.record), s.name)
        found.append((key, make_plan(guidance(s.overlay), record, date.fromisoformat(s.as_of), s.country)))
    return tuple(found)


def parts(line: Seen) -> Iterator[tuple[str, str]]:
    """Each text of a line that a patient may meet, with the id of the line; parts included."""
    own = (line.text, line.reason, line.detail, line.state)
    yield from ((line.id, text) for text in own if text and line.group not in AS_WRITTEN)
    for part in line.parts:
        yield from parts(part)


def met(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every text of a plan for the patient, with where it stands."""
    view = View(plan, "patient")
    yield "headline", view.headline
    yield "disclaimer", view.disclaimer
    yield "intended use", view.intended_use
    for section in plan.sections:
        yield section.id, section.patient
        for line in view.lines(section.id):
            yield from parts(line)


def read(where: str, text: str) -> str:
    """What is read of it."""
    return text.split(":")[0] if where.startswith(ON_PACKAGES) else text


def hard(found: Iterator[tuple[str, str]]) -> dict[str, str]:
    """The texts that are too hard, each once, with why."""
    unique = {read(where, text): where for where, text in found}
    judged = {text: (where, too_hard(text, named())) for text, where in unique.items()}
    return {text: f"{where}: {wrong}" for text, (where, wrong) in judged.items() if wrong}


def test_every_text_of_every_plan_is_at_grade_8_or_below() -> None:
    assert hard(pair for _, plan in made() for pair in met(plan)) == {}


def test_there_is_much_to_read() -> None:
    texts = {text for _, plan in made() for _, text in met(plan)}
    assert len(texts) > 1000
    assert sum(any(c.isdigit() for c in t) for t in texts) > 300


def test_a_plan_as_a_whole_is_easy() -> None:
    """All sentences of a patient's plan together: well below the limit of each."""
    for key, plan in made()[::8]:
        sentences = [t.rstrip(".") for w, t in met(plan) if len(words(t)) >= LABEL and read(w, t) == t]
        assert grade(". ".join(sentences), named()) < 5, key


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_what_would_change_is_plain(path: Path) -> None:
    shown = sheet(setting(path, as_of=AS_OF).what_would_change(), "patient")
    found = [("sheet", t) for t in (shown.title, *shown.lead, *shown.foot)]

    def walk(item: Item) -> None:
        found.extend((item.name, t) for t in (item.name, item.text, item.note) if t)
        for part in item.parts:
            walk(part)

    for block in shown.blocks:
        found += [("block", t) for t in (block.title, block.text) if t]
        for item in block.items:
            walk(item)
    assert hard(iter(found)) == {}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
@pytest.mark.parametrize("show", [render.text, render.markdown], ids=["text", "markdown"])
def test_what_a_page_adds_is_plain(path: Path, show: object) -> None:
    """The texts of the plan taken away, what is left of each row is what the page itself says."""
    plan = atopy.plan(path, as_of=AS_OF)
    page = render.text(plan, "patient", 10_000) if show is render.text else render.markdown(plan, "patient")
    known = sorted({t.rstrip(".") for _, t in met(plan)}, key=len, reverse=True)
    left = []
    for row in page.splitlines():
        if (
            plan.provenance.plan_hash[:12] in row
            or "as of" in row
            or row.startswith((" Treatments", " " * 15))
        ):
            continue  # for whoever checks the plan, who it is for, and a table with names cut short
        rest = row.replace("\\", "")
        for text in known:
            rest = rest.replace(text, " ")
        rest = re.sub(r"--format \w+", " ", rest)
        if len(words(rest)) >= LABEL:
            left.append(("page", " ".join(rest.split())))
    assert hard(iter(left)) == {}
