"""A drug that goes on in a lower dose or in a better way: its line says too what speaks against it."""

from datetime import date

import pytest
from tests.scenarios.scenario import Given, data_of, guidance, read_record

from atopy.plan import make_plan

TODAY = date(2026, 11, 20)
ELDER = {"birth_date": "1956-03-22", "country": "eu"}
CLOT = {"date": "2026-11-10", "condition": "deep_vein_thrombosis", "status": "resolved", "since": "2022-03"}
TOO_MUCH = {"from": "2026-06-01", "treat": "upadacitinib", "dose": "30 mg/day", "status": "current"}
USUAL = TOO_MUCH | {"dose": "15 mg/day"}


def reasons(*events: dict[str, str]) -> tuple[str, str, str]:
    """What becomes of upadacitinib, and why, for each reader."""
    record = read_record(data_of(Given("adult_severe", patient=ELDER, add=list(events))))
    line = make_plan(guidance(), record, TODAY, "eu").line("taken-upadacitinib")
    return line.action, line.clinician_reason or "", line.patient_reason or ""


def test_a_dose_above_the_maximum_does_not_hide_a_clot() -> None:
    action, clinician, patient = reasons(CLOT, TOO_MUCH)
    assert action == "reduce"
    assert clinician.startswith("the recorded dose is above the maximum; ")
    assert "thrombo" in clinician
    assert "blood clot" in patient


def test_without_a_clot_none_is_named() -> None:
    action, clinician, patient = reasons(TOO_MUCH)
    assert (action, "thrombo" in clinician, "blood clot" in patient) == ("reduce", False, False)


@pytest.mark.parametrize("events", [(CLOT, USUAL), (CLOT, TOO_MUCH)])
def test_each_reason_is_said_once(events: tuple[dict[str, str], ...]) -> None:
    _, clinician, _ = reasons(*events)
    said = clinician.split("; ")
    assert len(said) == len(set(said))
