"""What becomes of each option, and why: the toy's decision tables over small records (``statuses.yaml``)."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.engine.plans import DAY, compiled, guidance, options

from atopy.plan import make_plan, verdicts
from atopy.record import read_data
from atopy.yaml_source import load_yaml_file

CASES = load_yaml_file(Path(__file__).with_name("statuses.yaml")).data
ADULT = {"birth_date": "1990-01-01", "sex": "male", "country": "eu"}
COMPLETE = {"medications": "2026-11-01", "allergies": "2026-11-01", "problems": "2026-11-01"}


@pytest.mark.parametrize("case", [pytest.param(c, id=c["says"]) for c in CASES])
def test_status_and_reason(case: dict[str, Any]) -> None:
    data = {
        "atopy": 1,
        "patient": case.get("patient", ADULT),
        "attested": case.get("attested", COMPLETE),
        "events": case["events"],
    }
    record = read_data(msgspec.to_builtins(data), compiled().vocabulary)
    made = make_plan(guidance(), record, DAY)

    assert [made.headline.code, made.headline.reason] == case["headline"]
    if not case["options"]:
        assert options(made) == {}
    for option, (status, reason, *words) in case["options"].items():
        line = made.line(option)
        assert (line.status, line.reason) == (status, reason), option
        if words:
            assert [line.clinician_reason, line.patient_reason] == words
    taken = {line.id.removeprefix("taken-"): line.status for line in made.section("taken_now").lines}
    assert taken == case.get("taken", {})

    # The quick form decides the same.
    quick = verdicts(guidance(), record, DAY)
    assert quick["headline"] == made.headline.code
    assert {o: s for o, (s, _) in options(made).items()} == {
        line.id: quick[f"option_status({line.id})"] for line in made.section("ladder").lines
    }


def test_every_row_of_the_toys_tables_decides_some_case() -> None:
    """A row that no case reaches is not specified."""
    reached = {reason for case in CASES for status, reason, *_ in case["options"].values()}
    reached |= {case["headline"][1] for case in CASES}
    because = {
        row.because
        for name in ("standing", "option_status", "headline")
        for row in compiled().facts[name].derivation.rows
        if row.because
    }
    unreached = because - reached
    assert unreached == {"formulary", "step-therapy"}  # test_overlay.py
