"""A weight that is seldom at that age: every dose that would be another at the weight it may be in pounds says so."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.scenario import Given, data_of, guidance, read_record

from atopy.plan import Plan, make_plan
from atopy.plan.weight import PLAIN_TO_CONFIRM, TO_CONFIRM

TODAY = date(2026, 11, 20)
ABOVE = {1: 18, 4: 27, 8: 51, 11: 78, 13: 94, 17: 115}  # the lines of ``weight_far_above``, by years of age


def plan(years: int, kilograms: Decimal, country: str) -> Plan:
    weight = {"date": "2026-11-12", "observe": "weight", "value": f"{kilograms} kg"}
    severe = {"date": "2026-11-12", "score": "easi", "value": 40}
    born = {"birth_date": f"{TODAY.year - years}-05-20"}
    data = data_of(Given("child_moderate", patient=born, remove=["weight", "easi"], add=[weight, severe]))
    return make_plan(guidance(), read_record(data), TODAY, country)


def doses(of: Plan) -> dict[str, tuple[str, str]]:
    """What each regimen comes to, for each reader."""
    options = of.section("ladder").lines
    return {
        x.id: (x.detail or "", x.patient_detail or "") for o in options for x in o.parts if x.group == "dose"
    }


@given(st.sampled_from(sorted(ABOVE)), st.sampled_from(["us", "eu", "uk"]), st.integers(1, 15))
@settings(max_examples=40)
def test_each_dose_that_the_weight_decides_waits_for_it(years: int, country: str, over: int) -> None:
    heavy = Decimal(ABOVE[years] + over)
    in_pounds = round(heavy * Decimal("0.45359237"), 1)
    doubted, usual = doses(plan(years, heavy, country)), doses(plan(years, in_pounds, country))
    assert not any(TO_CONFIRM in clinician for clinician, _ in usual.values())
    for regimen, (clinician, patient) in doubted.items():
        if (clinician, patient) != usual.get(regimen) and (clinician or patient):
            assert clinician.endswith(TO_CONFIRM), regimen
            assert not patient or patient.endswith(PLAIN_TO_CONFIRM), regimen


def test_there_are_such_doses() -> None:
    waiting = {
        x for x, (clinician, _) in doses(plan(8, Decimal(57), "eu")).items() if TO_CONFIRM in clinician
    }
    assert {"ciclosporin-treat-child", "dupilumab-eu-6-11-15-60"} <= waiting


def test_the_header_says_that_the_weight_is_to_be_confirmed() -> None:
    assert plan(8, Decimal(57), "eu").patient.weight == "57 kg (to be confirmed)"
    assert plan(8, Decimal(26), "eu").patient.weight == "26 kg"
