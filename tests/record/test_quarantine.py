"""Well-formed but impossible, or in conflict: set aside with the reason, in both formats, never guessed."""

from decimal import Decimal

import pytest
from tests.record.words import (
    LOINC,
    PATIENT,
    Sums,
    concept,
    fhir,
    observation,
    one,
    only,
    own,
    quantity,
    resource,
)

from atopy.record import Event

DAY = "date: 2026-11-02"


def reason(event: Event) -> str:
    """Why the event is set aside; it then has no value that anything could use."""
    assert event.quarantined is not None
    assert (event.number, event.flag, event.text) == (None, None, None)
    return event.quarantined


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (f"{{{DAY}, score: easi, value: 90}}", "90 cannot be: easi is between 0 and 72"),
        (f"{{{DAY}, observe: weight, value: 900 kg}}", "900 kg cannot be: weight is between 0.3 and 400 kg"),
        (f"{{{DAY}, observe: weight, value: 62 m}}", "'m' does not convert to kg, the unit of weight"),
        (f"{{{DAY}, observe: weight, value: 62 frobs}}", "'frobs' does not convert to kg"),
        (f"{{{DAY}, observe: weight, value: heavy}}", "'heavy' is not a number"),
        (f"{{{DAY}, score: easi, value: 20 kg}}", "'kg': easi has no unit"),
        (f"{{{DAY}, lab: creatinine, value: <5 umol/L}}", "only a limit is known (<5 umol/L)"),
        (f"{{{DAY}, lab: hbsag, value: maybe}}", "'maybe' is none of its answers (positive, negative, indeterminate)"),
        (f"{{{DAY}, lab: hbsag, value: 5}}", "'5' is none of its answers"),
        (f"{{{DAY}, lab: neutrophils, value: 5e99 /L}}", "is not a number that can be meant"),
        (f"{{{DAY}, lab: hbsag, value: true}}", "'true' is none of its answers"),
        (f"{{{DAY}, find: itch, value: 7}}", "'7' is none of its answers (mild, severe)"),
        ("{from: 2026-01-01, treat: clobetasol, amount: 2 tubes}", "is neither grams nor millilitres"),
        ("{from: 2026-01-01, treat: clobetasole, status: current}", "Did you mean 'clobetasol'"),
        ("{from: 2026-01-01, treat: snake oil}", "'snake oil' is not in the vocabulary."),
        ("{from: 2026-03-01, to: 2026-01-01, treat: ciclosporin}", "ends on 1 Jan 2026, before it begins"),
        ("{date: 1980-01-01, observe: weight, value: 62 kg}", "is dated 1 Jan 1980, before the patient's birth"),
        ("{since: 1989, condition: asthma, status: active}", "before the patient's birth"),
        ("{since: 1990-04, condition: asthma, status: active}", "before the patient's birth"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_set_aside(event: str, why: str) -> None:
    assert why in reason(one(event))


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (
            "{from: 2026-01-01, treat: ciclosporin, dose: 2 mL/day}",
            "in the wrong unit; ciclosporin is dosed in mg/d",
        ),
        (
            "{from: 2026-01-01, treat: clobetasol, dose: 2 tablets}",
            "the dose '2 tablets' is in the wrong unit",
        ),
        (
            "{from: 2026-01-01, treat: methotrexate, dose: 15 kg}",
            "cannot be: nothing is given by the kilogram",
        ),
        ("{from: 2026-01-01, treat: clobetasol, dose: 2 mg/hand}", "is in the wrong unit"),
    ],
)
def test_a_dose_of_no_use_leaves_the_course(event: str, why: str) -> None:
    """Whoever takes it takes it: only how much is unknown."""
    course = one(event)
    assert (course.dose, course.quarantined) == (None, None)
    assert why in (course.dose_set_aside or "")


@pytest.mark.parametrize(
    ("patient", "kilograms", "possible"),
    [
        ("{birth_date: 2024-11-02}", "30", True),  # two years to the day: the row above
        ("{birth_date: 2024-11-03}", "30", True),
        ("{birth_date: 2024-11-03}", "30.1", False),
        ("{birth_date: 2024-11-02}", "30.1", True),
        ("{birth_date: 2024-11}", "30.1", True),  # known only to the month: either row may hold
        ("{age: 1 years, age_at: 2026-11-01}", "30.1", True),  # may have turned two since
        ("{age: 1 years, age_at: 2026-11-02}", "30.1", False),
        ("{birth_date: 1990-01-01}", "8", False),
        ("{sex: female}", "8", True),  # of unknown age
    ],
)
def test_a_weight_that_nobody_of_that_age_has(patient: str, kilograms: str, possible: bool) -> None:
    event = one(f"{{{DAY}, observe: weight, value: {kilograms} kg}}", patient=patient)
    assert (event.quarantined is None) is possible
    assert possible or "cannot be at this age" in (event.quarantined or "")


def test_what_was_written_is_kept_beside_the_reason() -> None:
    assert one(f"{{{DAY}, score: easi, value: 90}}").said == "90"
    assert one(f"{{{DAY}, observe: weight, value: 5000 lb}}").said == "5000 lb"


def test_an_unknown_drug_keeps_its_course_and_its_own_words() -> None:
    event = one("{from: 2026-01-01, treat: snake oil, status: current}")
    assert (event.kind, event.code, event.status) == ("treatment", "unknown:snake oil", "current")


@pytest.mark.parametrize("born", ["{birth_date: 1990}", "{age: 36 years, age_at: 2026-11-02}"])
def test_a_birth_known_only_to_the_year_leaves_room(born: str) -> None:
    assert one("{date: 1990-01-01, observe: weight, value: 4 kg}", patient=born).quarantined is None
    assert one("{date: 1988-01-01, observe: weight, value: 4 kg}", patient=born).quarantined is not None


def test_the_scorer_judges_scores() -> None:
    assert reason(one(f"{{{DAY}, score: easi, value: 73}}", scorer=Sums())) == "EASI 73 cannot be"
    assert reason(one(f"{{{DAY}, score: easi, items: {{a: 73}}}}", scorer=Sums())) == "EASI 73 cannot be"
    assert reason(one(f"{{{DAY}, score: easi, items: {{wrong: 1}}}}", scorer=Sums())) == "wrong is no item"
    assert "do not make a total" in reason(
        one(f"{{{DAY}, score: easi, items: {{missing: 1}}}}", scorer=Sums())
    )
    assert "do not make a total" in reason(one(f"{{{DAY}, score: easi, items: {{a: 1}}}}"))
    differ = one(f"{{{DAY}, score: easi, value: 5, items: {{a: 1}}}}", scorer=Sums())
    assert reason(differ) == "its items make 1, but the record says 5"


def test_a_pressure_upside_down() -> None:
    for event in own(f"{{{DAY}, observe: blood_pressure, value: 80/120 mmHg}}").events:
        assert "the systolic value must be the higher" in reason(event)
    low, high = own(f"{{{DAY}, observe: blood_pressure, value: 20/120 mmHg}}").events
    assert "cannot be" in reason(low)
    assert "must be the higher" in reason(high)


# -- two values on one day


def test_two_weights_on_one_day_are_both_set_aside() -> None:
    record = own(f"{{{DAY}, observe: weight, value: 62 kg}}", f"{{{DAY}, observe: weight, value: 72 kg}}")
    assert {reason(event) for event in record.events} == {
        "2 values of weight on 2 Nov 2026 disagree: 62 kg, 72 kg"
    }


@pytest.mark.parametrize(
    "second",
    [
        f"{{{DAY}, observe: weight, value: 62.0 kg}}",
        f"{{{DAY}, observe: weight, value: 62000 g}}",
        "{date: 2026-11-01, observe: weight, value: 70 kg}",
        f"{{{DAY}, observe: weight, value: 900 kg}}",
        "{date: 2026-11, observe: weight, value: 70 kg}",
    ],
    ids=["the same", "the same in grams", "another day", "impossible itself", "some day of the month"],
)
def test_no_conflict(second: str) -> None:
    first = own(f"{{{DAY}, observe: weight, value: 62 kg}}", second).events[0]
    assert (first.number, first.quarantined) == (Decimal(62), None)


def test_findings_conflict_unless_one_was_not_asked_or_they_speak_of_places() -> None:
    yes, no = (
        f"{{{DAY}, find: lichenification, present: true}}",
        f"{{{DAY}, find: lichenification, present: false}}",
    )
    asked = f"{{{DAY}, find: lichenification, present: not asked}}"
    assert all("present" in reason(event) for event in own(yes, no).events)
    assert own(yes, asked).events[0].flag is True
    placed = f"{{{DAY}, find: lichenification, present: false, sites: [face]}}"
    assert own(yes, placed).events[0].flag is True


def test_answers_conflict_too() -> None:
    record = own(f"{{{DAY}, lab: hbsag, value: positive}}", f"{{{DAY}, lab: hbsag, value: negative}}")
    assert all("disagree: negative, positive" in reason(event) for event in record.events)


# -- the same rules in FHIR


WEIGHT = concept(LOINC, "29463-7")


def test_fhir_values_meet_the_same_rules() -> None:
    assert "cannot be" in reason(only(observation(WEIGHT, valueQuantity=quantity(900, "kg"))))
    assert "does not convert" in reason(only(observation(WEIGHT, valueQuantity=quantity(62, "m"))))
    assert "has no unit" in reason(only(observation(WEIGHT, valueQuantity={"value": 62})))
    assert "has no unit" in reason(only(observation(WEIGHT, valueInteger=62)))
    assert "has no unit" in reason(only(observation(WEIGHT, valueString="62")))
    limited = {**quantity(5, "kg"), "comparator": "<"}
    assert "only a limit" in reason(only(observation(WEIGHT, valueQuantity=limited)))
    assert "can be meant" in reason(
        only(observation(WEIGHT, valueQuantity=quantity(Decimal("1e999999"), "g")))
    )
    assert "has no date" in reason(only(observation(WEIGHT, date=None, valueQuantity=quantity(62, "kg"))))


def test_fhir_conflicts_and_impossible_days() -> None:
    first = observation(WEIGHT, name="a", valueQuantity=quantity(62, "kg"))
    second = observation(WEIGHT, date="2026-11-02T08:00:00Z", name="b", valueQuantity=quantity(72, "kg"))
    assert all("disagree" in reason(event) for event in fhir(first, second).events)
    before = observation(WEIGHT, date="1980-01-01", valueQuantity=quantity(62, "kg"))
    assert "before the patient's birth" in reason(only(before))
    assert PATIENT["birthDate"] == "1990-05-17"


def test_codes_that_mean_different_things_decide_nothing() -> None:
    both = {"coding": [{"system": LOINC, "code": "29463-7"}, {"system": LOINC, "code": "2160-0"}]}
    record = fhir(observation(both, valueQuantity=quantity(62, "kg")))
    assert record.events == ()
    assert record.unused[0].why == "its codes mean different things: creatinine, weight"
    drug = {
        "coding": [{"system": "http://www.whocc.no/atc", "code": "L04AD01"}, {"system": "rx", "code": "0"}]
    }
    known = only(
        resource("MedicationRequest", status="active", intent="order", medicationCodeableConcept=drug)
    )
    assert known.code == "ciclosporin"
