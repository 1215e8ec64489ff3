"""No number from nowhere, none for the patient alone, and the same numbers in every format: for every patient.

Each law is also seen to fail, on a plan or a program that is made wrong on purpose.
"""

import html
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.patients import COUNTRIES, TODAY, any_records, planned
from tests.laws.shown_numbers import from_nowhere, numbers, only_the_patients
from tests.scenarios.scenario import base, guidance, read_record, scenarios

from atopy import render
from atopy.plan import Guidance, Line, Plan, make_plan
from atopy.plan.dose_amount import Span
from atopy.plan.scores import SCORE_WINDOW
from atopy.record import Record
from atopy.render.view import AUDIENCES, Seen, View, day_words

_ISO = re.compile(r"\b[12]\d{3}-(?:0\d|1[012])(?:-\d\d)?\b")
_ADDED = re.compile(
    r"and \d+ more\b|\b\d+ more below|\b\d+ (?:of \d+ )?sources|^\s*\d+(?:\. |  )|\bdisagreements \d+"
    r"|\bSources +\d+|\bAll \d+ options"
)
"""What a page adds: the count of what it leaves out, and the numbers of lists."""
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = re.compile(
    rf"\b(?:\d{{1,2}} )?{_MONTH}(?: \d{{4}})?\b|\(due \d{{1,2}}\b|\b(?:19|20)\d\d\b(?![.-]\d)|\b[0-9a-f]{{12}}\b"
)
"""A day written out, folded or not (which a plan may name is the law of ``test_calendar.py``); the start of a hash."""
FORMATS = {"text": lambda p, a: render.text(p, a, 1000), "markdown": render.markdown, "html": render.html}


@given(any_records(), st.sampled_from(COUNTRIES))
@settings(max_examples=50, deadline=None)
def test_no_number_comes_from_nowhere(data: dict[str, Any], country: str | None) -> None:
    made = planned(data, country)
    if made is not None:
        assert from_nowhere(made[1], made[0].record) == []


@given(any_records(), st.sampled_from(COUNTRIES))
@settings(max_examples=80, deadline=None)
def test_the_patients_numbers_are_the_clinicians_line_by_line(
    data: dict[str, Any], country: str | None
) -> None:
    made = planned(data, country)
    if made is not None:
        assert only_the_patients(made[1]) == []


@given(any_records(), st.sampled_from(COUNTRIES))
@settings(max_examples=15, deadline=None)
def test_every_format_says_what_the_plan_says(data: dict[str, Any], country: str | None) -> None:
    """Text, Markdown and HTML add no number to the lines of the plan.

    Markdown and HTML leave none out: every option with its dose, for either reader.
    """
    made = planned(data, country)
    if made is None:
        return
    plan = made[1]
    for audience in AUDIENCES:
        inside = of_view(View(plan, audience))
        pages = {name: of_page(show(plan, audience)) for name, show in FORMATS.items()}
        for name, page in pages.items():
            assert page - inside == set(), (name, audience)
        for name in ("markdown", "html"):
            assert of_lines(View(plan, audience)) - pages[name] == set(), (name, audience)


@given(any_records(), st.sampled_from(COUNTRIES))
@settings(max_examples=15, deadline=None)
def test_a_patients_page_holds_only_numbers_of_the_clinicians(
    data: dict[str, Any], country: str | None
) -> None:
    made = planned(data, country)
    if made is None:
        return
    whole = of_page(render.markdown(made[1], "clinician"))
    for name, show in FORMATS.items():
        assert of_page(show(made[1], "patient")) - whole == set(), name


def _undated(text: str) -> str:
    return _DAY.sub(" ", text)


def of_page(page: str) -> set[str]:
    """The numbers of a page, what it adds left out."""
    bare = re.sub(r"<style.*?</style>|<head>.*?</head>|<[^>]+>", " ", page, flags=re.DOTALL)
    rows = html.unescape(bare).replace("\\", "").splitlines()
    return {n for row in rows for n in numbers(_undated(_ADDED.sub(" ", row)))}


def of_lines(view: View) -> set[str]:
    """The numbers in the lines that this reader meets."""
    found: set[str] = set()

    def walk(line: Seen) -> None:
        for text in (line.text, line.reason, line.detail):
            found.update(numbers(_undated(text or "")))
        for part in line.parts:
            walk(part)

    for _, lines in view.sections():
        for line in lines:
            walk(line)
    return found


def of_view(view: View) -> set[str]:
    """The same with the dates as they are written out, and whatever else the plan says of itself."""
    plan = view.plan
    written = msgspec.json.encode(plan).decode()
    found = of_lines(view) | {n for day in _ISO.findall(written) for n in numbers(day_words(day))}
    made = plan.provenance
    said = (
        view.who(), view.headline, view.disclaimer, view.intended_use, made.engine, made.content_version,
        *(s.patient for s in plan.sections), *(s.clinician for s in plan.sections),
    )  # fmt: skip
    found |= {n for t in said for n in numbers(t)}
    if view.clinical:
        found |= {
            n for s in plan.sources for t in (str(s.number), s.text, s.label, s.note) for n in numbers(t)
        }
        found |= {n for s in plan.sources for n in numbers(f"{s.doi} {s.url}")}
        found |= numbers(written)
    return found


# -- the laws can fail


@pytest.fixture(scope="module")
def sound() -> tuple[Plan, Record]:
    start = base("adult_worked_up")
    record = read_record({
        "atopy": 1, "patient": start.patient, "attested": start.attested,
        "events": [*start.events, {"date": "2026-11-20", "score": "bsa", "value": 20}],
    })  # fmt: skip
    return make_plan(guidance(), record, TODAY, "uk"), record


def test_there_is_much_to_account_for(sound: tuple[Plan, Record]) -> None:
    plan, record = sound
    assert from_nowhere(plan, record) == [] and only_the_patients(plan) == []
    assert len(of_lines(View(plan, "clinician"))) > 80
    assert len(scenarios()) > 400


def tampered(plan: Plan, id_: str, **changes: str) -> Plan:
    """*plan* with one line changed."""

    def walk(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(
            msgspec.structs.replace(x, parts=walk(x.parts), **(changes if x.id == id_ else {})) for x in lines
        )

    return msgspec.structs.replace(
        plan, sections=tuple(msgspec.structs.replace(s, lines=walk(s.lines)) for s in plan.sections)
    )


@pytest.mark.parametrize(
    ("id_", "field", "said"),
    [
        ("ciclosporin", "clinician", "Ciclosporin, seen in 7.77 % of patients"),
        ("ciclosporin-ad", "detail", "2.5 to 5 mg/kg/day x 80 kg = 200 to 410 mg/day"),
        ("ciclosporin-ad", "detail", "2.5 to 9.5 mg/kg/day x 80 kg = 200 to 760 mg/day"),
        ("ciclosporin-ad", "detail", "2.5 to 5 mg/kg/day x 81.5 kg = 203.75 to 407.5 mg/day"),
        ("ciclosporin-ad", "detail", "2.5 to 5 mg/kg/day x 80 kg = 200 to 400 mg/day; rounded to 201 to 463 mg/day"),
        ("ciclosporin-ad", "detail", "2.5 to 5 mg/kg/day x 80 kg = 200 to 400 mg/day, in 2 doses of 101 to 203 mg"),
        ("ciclosporin-ad", "patient_detail", "463 mg a day"),
        ("ciclosporin-ad", "clinician_reason", "seen in 13 % of patients"),
        ("amount-tacrolimus_topical", "clinician", "20 % of the body: 20 palms, 13 fingertip units"),
        (
            "amount-tacrolimus_topical",
            "clinician",
            "20 % of the body: 20 palms, 10 fingertip units; twice daily = 10 g a day = 83 g a week",
        ),
    ],
)  # fmt: skip
def test_a_wrong_number_in_a_plan_is_found(
    sound: tuple[Plan, Record], id_: str, field: str, said: str
) -> None:
    plan, record = sound
    wrong = tampered(plan, id_, **{field: said})
    assert wrong != plan, f"the plan has no line {id_}"
    assert from_nowhere(wrong, record) != []


def test_a_number_for_the_patient_alone_is_found(sound: tuple[Plan, Record]) -> None:
    plan, _ = sound
    assert only_the_patients(tampered(plan, "ciclosporin-ad", patient_detail="300 mg a day")) != []


def test_wrong_arithmetic_in_the_program_is_found(
    sound: tuple[Plan, Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that multiplies wrongly makes plans that break the law."""
    _, record = sound
    right = Span.by
    monkeypatch.setattr(Span, "by", lambda self, n: right(self, n + 1))
    fresh = Guidance(guidance().compiled)  # doses worked out before are kept
    assert from_nowhere(make_plan(fresh, record, TODAY, "uk"), record) != []


def test_a_page_that_adds_a_number_is_found(sound: tuple[Plan, Record]) -> None:
    plan, _ = sound
    page = render.markdown(plan, "patient") + "\n- Take 7.77 mg.\n"
    assert of_page(page) - of_view(View(plan, "patient")) == {"7.77"}


def test_a_score_is_in_date_as_long_as_its_fact() -> None:
    """The window in which a score counts is the content's: that of the facts which read the severity off it."""
    facts = guidance().compiled.facts
    assert {facts[f].valid_for for f in ("easi", "scorad", "poem", "pp_nrs", "viga_ad")} == {SCORE_WINDOW}
