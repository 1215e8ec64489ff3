"""``import atopy``: the stable names, their errors, and nothing loaded before it is used."""

from __future__ import annotations

import inspect
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import atopy
from atopy import render
from atopy.ask.public import ask
from atopy.guideline import content_folder
from atopy.plan import public

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "adult-severe.yaml"


def test_importing_loads_nothing() -> None:
    script = "import atopy, sys; print([m for m in sys.modules if m.startswith('atopy.')])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    assert set(atopy.__all__) <= set(dir(atopy))
    for name in atopy.__all__:
        assert getattr(atopy, name) is not None
    with pytest.raises(AttributeError):
        atopy.nothing  # noqa: B018
    with pytest.raises(AttributeError):
        render.nothing  # noqa: B018


def test_the_package_plan_can_be_called() -> None:
    import atopy.plan

    assert atopy.plan(EXAMPLE, as_of="2026-11-20").headline.code == "correct-first"


@pytest.mark.parametrize("form", ["path", "text of a path", "text", "bytes", "data", "record"])
def test_a_record_comes_in_many_forms(form: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    from atopy.yaml_source import load_yaml

    source = {
        "path": EXAMPLE, "text of a path": str(EXAMPLE), "text": text, "bytes": text.encode(),
        "data": load_yaml(text, "x").data, "record": atopy.read_record(EXAMPLE),
    }[form]  # fmt: skip
    assert atopy.plan(source, as_of=date(2026, 11, 20)).headline.code == "correct-first"


def test_the_country_given_wins() -> None:
    assert atopy.plan(EXAMPLE, as_of="2026-11-20", country="UK").patient.country == "uk"


def test_verdicts_agree_with_the_plan() -> None:
    found = atopy.verdicts(EXAMPLE, as_of="2026-11-20")
    plan = atopy.plan(EXAMPLE, as_of="2026-11-20")
    assert found["headline"] == plan.headline.code
    for line in plan.section("ladder").lines:
        assert found[f"option_status({line.id})"] == line.status


def test_an_override_lifts_a_gate_and_is_on_record() -> None:
    gates = [
        (g, "tested elsewhere", "Dr Example")
        for g in ("topical_hypersensitivity", "triggers", "contact_dermatitis")
    ]
    plan = atopy.plan(EXAMPLE, as_of="2026-11-20", override=gates)
    before = atopy.plan(EXAMPLE, as_of="2026-11-20")
    assert plan.line("dupilumab").status != before.line("dupilumab").status
    assert plan.line("methotrexate").status == "contraindicated"
    assert plan.provenance.record_hash != before.provenance.record_hash


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({"as_of": "20 November"}, "Write it as 2026-11-20"),
        ({"country": "fr"}, "Known are: us, eu, uk"),
        ({"override": [("triggers", " ")]}, "has no reason"),
        ({"override": [("trigers", "x")]}, "Did you mean triggers"),
        ({"override": [("eczema_herpeticum", "x")]}, "never overridden"),
        ({"override": [("methotrexate-planning-pregnancy", "x")]}, "never overridden"),
    ],
)
def test_wrong_arguments_are_said_in_words(named: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        atopy.plan(EXAMPLE, **{"as_of": "2026-11-20", **named})  # type: ignore[arg-type]


def test_a_score() -> None:
    assert atopy.score("dlqi", 19).band.label == "very large effect"
    assert atopy.score("poem", [4, 3, 2, 4, 1, 3, 4]).reported == 21
    with pytest.raises(
        KeyError, match=r"^'dlqj' is no instrument\. Did you mean dlqi or cdlqi\? atopy score lists them\.$"
    ):
        atopy.score("dlqj", 1)


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({"age_years": "old"}, "age_years: is not an age. Expected: years, 0 to 150."),
        ({"source": "nobody2001"}, "'nobody2001' has no bands for EASI. Studies with bands are: leshem2015"),
        ({"respondent": "dog"}, "'dog' is no respondent. Write self or proxy, or leave it out."),
    ],
)
def test_a_score_of_what_is_not_is_refused(named: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError) as caught:
        atopy.score("easi", 20, **named)  # type: ignore[arg-type]
    assert says in str(caught.value)


def test_a_moment_and_a_path_in_words_will_do() -> None:
    moment = datetime(2026, 11, 20, 15, 30)  # noqa: DTZ001  (no zone: a day is what counts)
    assert atopy.plan(EXAMPLE, as_of=moment).as_of == "2026-11-20"
    assert atopy.overdue(moment) == atopy.overdue("2026-11-20")
    with pytest.raises(ValueError, match=r"^'x' is not a day\. Write it as 2026-11-20\.$"):
        atopy.overdue("x")
    folder = content_folder()
    assert atopy.load_guideline(str(folder)) is atopy.load_guideline(folder)


def test_an_empty_text_is_no_path() -> None:
    with pytest.raises(atopy.SourceError, match="record: is neither a path nor a text: it is empty"):
        atopy.plan("", as_of="2026-11-20")


@pytest.mark.parametrize(
    ("package", "function"), [(atopy.plan, public.plan), (atopy.ask, ask)], ids=["plan", "ask"]
)
def test_a_package_that_is_called_is_described_as_its_function_is(package: Any, function: Any) -> None:
    assert inspect.signature(package) == inspect.signature(function)
    assert inspect.getdoc(package) == inspect.getdoc(function)


def test_an_overlay_bars_and_names_itself(tmp_path: Path) -> None:
    file = tmp_path / "here.yaml"
    file.write_text(
        "overlay: 1\nid: here\nname: {en: A local formulary}\noptions:\n"
        "  tacrolimus_topical: {available: false, because: {clinician: {en: not on the list}}}\n",
        encoding="utf-8",
    )
    plan = atopy.plan(EXAMPLE, as_of="2026-11-20", overlay=file)
    assert plan.line("tacrolimus_topical").status == "not_available_here"
    assert plan.provenance.overlay == "here"
    for show in (render.text, render.markdown, render.html):
        assert "overlay here" in show(plan)


def test_the_schemas_are_schemas() -> None:
    assert atopy.plan_schema()["title"] == "Atopy plan"
    assert atopy.record_schema()["title"] == "Atopy record"
