"""Each disagreement is shown to a patient whom it touches, and to nobody who differs from that patient in just this."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.scenario import base, guidance, read_record

from atopy.plan import make_plan
from atopy.plan.public import day_of
from atopy.yaml_source import load_yaml

CASES: dict[str, Any] = load_yaml(
    Path(__file__).with_name("disagreements_touching.yaml").read_text(encoding="utf-8"), "touching"
).data

AD = {"date": "2026-11-10", "condition": "atopic_dermatitis", "status": "active"}
QUIET = {
    "atopy": 1,
    "patient": {"birth_date": "1981-01-01", "sex": "male", "country": "eu"},
    "attested": {"medications": "2026-11-10", "problems": "2026-11-10", "allergies": "2026-11-10"},
    "events": [AD, {"date": "2026-11-10", "score": "easi", "value": 3}],
}


@cache
def start(name: str) -> dict[str, Any]:
    """A record to begin with."""
    worked_up = {"severe": "adult_worked_up", "woman": "woman_worked_up", "young": "adolescent_severe"}
    if name in worked_up:
        whole = base(worked_up[name])
        return {"atopy": 1, "patient": whole.patient, "attested": whole.attested, "events": whole.events}
    if name == "bare":
        return QUIET | {"events": [AD]}
    return QUIET | {"events": [AD | {"status": "resolved"}]} if name == "resolved" else QUIET


def shown(case: dict[str, Any], side: str) -> set[str]:
    """The disagreements of a plan for one side of a case."""
    given = case.get(side, {})
    begun = start(given.get("base", case.get("base", "quiet")))
    patient = dict(begun["patient"])
    patient |= {"birth_date": str(given["born"])} if "born" in given else {}
    added = [load_yaml(text, "event").data for text in given.get("add", [])]
    record = read_record(begun | {"patient": patient, "events": [*begun["events"], *added]})
    plan = make_plan(guidance(), record, day_of("2026-11-20"), given.get("country"))
    return {line.id.removeprefix("disagreement-") for line in plan.section("disagreements").lines}


def test_every_disagreement_has_its_case() -> None:
    assert set(CASES) == set(guidance().compiled.disagreements)


@pytest.mark.parametrize("id_", CASES)
def test_it_is_shown_where_it_touches(id_: str) -> None:
    assert id_ in shown(CASES[id_], "touched")


@pytest.mark.parametrize("id_", CASES)
def test_it_is_not_shown_to_others(id_: str) -> None:
    assert id_ not in shown(CASES[id_], "not")
