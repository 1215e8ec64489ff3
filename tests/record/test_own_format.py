"""Atopy's own format: what each kind of event becomes, and how every mistake of form is told."""

from datetime import date
from decimal import Decimal

import pytest
from tests.record.words import WORDS, Sums, one, own

from atopy.record import Amount, read, read_data
from atopy.yaml_source import SourceError


def mistakes(text: str) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read(text, WORDS, file="r.yaml")
    return [str(problem) for problem in caught.value.problems]


def mistake(event: str) -> str:
    (told,) = mistakes(f"atopy: 1\nevents:\n  - {event}\n")
    return told


# -- what events become


def test_a_measure_keeps_its_number_in_the_vocabularys_unit() -> None:
    event = one("{date: 2026-11-02, observe: weight, value: 62 kg}")
    assert (event.kind, event.code, event.number, event.unit) == ("measure", "weight", Decimal(62), "kg")
    assert (event.date, event.id, event.origin.file, event.origin.line) == (
        date(2026, 11, 2),
        "e1",
        "r.yaml",
        4,
    )
    assert event.said is None


def test_a_converted_value_says_what_was_written() -> None:
    event = one("{date: 2026-11-02, lab: creatinine, value: 1.1312 mg/dL}")
    assert (event.kind, event.number, event.unit, event.said) == (
        "lab",
        Decimal(100),
        "umol/L",
        "1.1312 mg/dL",
    )


def test_a_blood_pressure_becomes_two_events() -> None:
    systolic, diastolic = own("{date: 2026-11-02, observe: blood_pressure, value: 172/104 mmHg}").events
    assert (systolic.id, systolic.code, systolic.number) == ("e1.systolic_bp", "systolic_bp", 172)
    assert (diastolic.id, diastolic.code, diastolic.number) == ("e1.diastolic_bp", "diastolic_bp", 104)


def test_a_qualitative_result_is_spelt_as_the_vocabulary_spells_it() -> None:
    event = one("{date: 2026-11-02, lab: hbsag, value: Non-reactive}")
    assert (event.text, event.said) == ("negative", "Non-reactive")
    assert (
        one("{date: 2026-11-02, lab: culture, value: Staphylococcus aureus}").text == "Staphylococcus aureus"
    )
    assert one("{date: 2026-11-02, lab: hbv_dna, value: 20 IU/mL}").number == 20


def test_a_score_may_be_a_total_or_items_or_both() -> None:
    assert one("{date: 2026-11-02, score: easi, value: 28.4}").number == Decimal("28.4")
    assert one("{date: 2026-11-02, score: bsa, value: 35}").number == 35
    assert one("{date: 2026-11-02, score: bsa, value: 35 %}").number == 35
    event = one("{date: 2026-11-02, score: easi, items: {a: 3, b: 4.5}}", scorer=Sums())
    assert (event.number, event.items) == (Decimal("7.5"), {"a": 3, "b": Decimal("4.5")})
    assert one("{date: 2026-11-02, score: easi, value: 7, items: {a: 3, b: 4}}", scorer=Sums()).number == 7


def test_the_items_of_a_child_are_added_up_for_the_age_on_that_day() -> None:
    event = "{date: 2026-11-02, score: easi, items: {a: 3}}"
    assert one(event, scorer=Sums(), patient="{birth_date: 2018-11-03}").number == 6
    assert one(event, scorer=Sums(), patient="{birth_date: 2018-11-02}").number == 3
    assert one(event, scorer=Sums(), patient="{age: 5 years, age_at: 2026-01-01}").number == 6
    assert one(event, scorer=Sums(), patient="{age: 7 years, age_at: 2025-11-02}").number == 3
    assert one(event, scorer=Sums(), patient="{}").number == 3


def test_an_age_not_known_closely_enough_leaves_the_total_open() -> None:
    event = "{date: 2026-11-02, score: easi, items: {a: 3}}"
    for patient in ("{birth_date: 2018}", "{age: 7 years, age_at: 2026-01-01}"):
        unclear = one(event, scorer=Sums(), patient=patient)
        assert unclear.number is None
        assert "age" in (unclear.quarantined or "")


@pytest.mark.parametrize(("said", "flag"), [("true", True), ("false", False), ("not asked", None)])
def test_a_finding_is_present_absent_or_not_asked(said: str, flag: bool | None) -> None:
    event = one(f"{{date: 2026-11-02, find: lichenification, present: {said}, by: clinician}}")
    assert (event.kind, event.flag, event.by) == ("finding", flag, "clinician")


def test_a_finding_may_have_a_grade() -> None:
    assert one("{date: 2026-11-02, find: itch, value: severe}").text == "severe"


def test_a_condition_says_how_it_stands_and_since_when() -> None:
    event = one("{date: 2026-11-02, condition: asthma, status: active, since: 1999}")
    assert (event.date, event.precision, event.recorded) == (date(1999, 1, 1), "year", date(2026, 11, 2))
    assert (event.status, event.flag) == ("active", True)
    assert one("{date: 2026-11-02, condition: asthma, status: refuted}").flag is False
    assert one("{date: 2026-11-02, condition: eczema_herpeticum, status: suspected}").flag is None


def test_a_word_keeps_its_kind_whichever_verb_says_it() -> None:
    """So that facts need to look in one place only."""
    found = one("{date: 2026-11-02, find: asthma, present: false}")
    assert (found.kind, found.status, found.flag) == ("condition", "refuted", False)
    assert one("{date: 2026-11-02, find: asthma, present: not asked}").status is None
    stated = one("{date: 2026-11-02, condition: lichenification, status: active}")
    assert (stated.kind, stated.flag) == ("finding", True)
    assert one("{date: 2026-11-02, observe: creatinine, value: 80 umol/L}").kind == "lab"
    assert one("{date: 2026-11-02, procedure: nbuvb}").kind == "treatment"


def test_a_treatment_keeps_everything_said_of_it() -> None:
    event = one(
        "{from: 2026-06, to: 2026-09, treat: Dermovate, sites: [hands, whole body], amount: 0.1 kg/month, days: 60,"
        " status: current, adherence: most days, response: partial, strength: 0.05 %, vehicle: cream,"
        " frequency: once daily, reason: flare, ingredients: [propylene glycol, water], stopped_for: creatinine rise}"
    )
    assert (event.kind, event.code, event.label) == ("treatment", "clobetasol", "Dermovate")
    assert (event.date, event.end, event.precision) == (date(2026, 6, 1), date(2026, 9, 30), "month")
    assert event.amount == Amount(Decimal(100), "g/month")
    assert event.sites == ("hands", "whole_body")
    assert event.ingredients == ("propylene_glycol", "water")
    assert (event.days, event.adherence, event.response) == (60, "most days", "partial")
    assert (event.vehicle, event.strength, event.stopped_for) == ("cream", "0.05 %", "creatinine_rise")


def test_a_status_that_is_not_said_is_not_made_up() -> None:
    assert one("{from: 2025-01-10, to: 2025-07-01, treat: ciclosporin, dose: 200 mg/day}").status is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("200 mg/day", Amount(Decimal(200), "mg/day")),
        ("0.2 g per day", Amount(Decimal(200), "mg/day")),
        ("200 mg daily", Amount(Decimal(200), "mg/day")),
        ("15000 mcg/wk", Amount(Decimal(15), "mg/week")),
        ("3 mg/kg/day", Amount(Decimal(3), "mg/kg/day")),
    ],
)
def test_doses_are_kept_in_milligrams_per_period(said: str, kept: Amount) -> None:
    assert one(f"{{from: 2025-01-10, treat: ciclosporin, dose: {said}}}").dose == kept


def test_light_is_dosed_in_joules() -> None:
    event = one("{date: 2026-01-10, treat: nbuvb, dose: 300 mJ/cm2}")
    assert event.dose == Amount(Decimal("0.3"), "J/cm2")


def test_a_treatment_on_one_day_ends_on_it_unless_it_goes_on() -> None:
    assert one("{date: 2026-01-10, treat: nbuvb}").end == date(2026, 1, 10)
    assert one("{date: 2026-01-10, treat: nbuvb, status: current}").end is None
    assert one("{date: 2026-01-10, treat: nbuvb, days: 30}").end is None
    assert one("{status: past, treat: methotrexate, days: 90}").date is None


def test_adherence_may_be_a_percentage() -> None:
    assert one("{from: 2026-01-10, treat: nbuvb, adherence: 80 %}").adherence == "80 %"


def test_what_a_pharmacy_handed_over() -> None:
    event = one("{date: 2026-09-01, dispensed: clobetasol, amount: 100 g, days: 30}")
    assert (event.kind, event.amount, event.days) == ("dispensing", Amount(Decimal(100), "g"), 30)


def test_an_allergy_is_active_unless_said_otherwise() -> None:
    event = one("{date: 2026-01-01, allergy: propylene_glycol, reaction: contact dermatitis}")
    assert (event.kind, event.status, event.text) == ("allergy", "active", "contact_dermatitis")
    assert one("{allergy: peanut, status: refuted, reaction: felt odd}").text == "felt odd"


def test_the_other_kinds() -> None:
    assert one("{date: 2026-01-01, patch_test: propylene_glycol, result: doubtful}").text == "doubtful"
    assert one("{date: 2026-01-01, exposure: wet_work, present: true}").kind == "exposure"
    assert one("{date: 2026-01-01, immunised: zoster_recombinant}").flag is True
    assert one("{date: 2026-01-01, procedure: skin_biopsy, result: spongiosis}").text == "spongiosis"
    assert one("{date: 2026-01-01, prefers: no_injections}").code == "no_injections"
    override = one("{date: 2026-01-01, override: correct-first, by: Dr A, reason: known}")
    assert (override.code, override.by, override.reason) == ("correct-first", "Dr A", "known")
    note = one("{date: 2026-01-01, note: afraid of needles}")
    assert (note.kind, note.text) == ("note", "afraid of needles")


def test_life_events_past_denied_and_planned() -> None:
    assert one("{date: 2026-01-01, event: pregnancy}").flag is True
    assert one("{date: 2026-01-01, event: pregnancy, present: false}").flag is False
    planned = one("{date: 2027-03, plan: pregnancy}")
    assert (planned.kind, planned.flag, planned.status) == ("life_event", True, "planned")
    assert (planned.date, planned.precision) == (date(2027, 3, 1), "month")


def test_who_the_patient_is() -> None:
    text = "{id: 7, birth_date: 1991, sex: female, country: eu, deceased: 2026-01-02}"
    patient = own(patient=text).patient
    assert (patient.id, patient.birth_date, patient.birth_precision) == ("7", date(1991, 1, 1), "year")
    assert (patient.sex, patient.country, patient.deceased, patient.deceased_on) == (
        "female", "eu", True, date(2026, 1, 2)
    )  # fmt: skip
    assert own(patient="{deceased: false}").patient.deceased is False
    months = own(patient="{age: 18 months, age_at: 2026-11-02}").patient
    assert (months.age_years, months.age_months, months.age_at) == (1, 18, date(2026, 11, 2))
    assert own(patient="{age: 35 years, age_at: 2026-11-02}").patient.age_months is None


def test_attested_lists() -> None:
    (attested,) = own(top="attested: {medications: 2026-11-02}").attested
    assert (attested.list, attested.date, attested.origin.line) == ("medications", date(2026, 11, 2), 3)


def test_an_empty_record_is_a_record() -> None:
    assert read("atopy: 1\n", WORDS).events == ()
    assert read("atopy: 1\npatient:\nattested:\nevents:\n", WORDS).patient.id is None


def test_words_outside_a_list_are_kept_and_listed() -> None:
    record = own("{from: 2026-01-10, treat: nbuvb, sites: [fase], stopped_for: it stung}")
    assert record.events[0].sites == ("fase",)
    told = {unused.what: unused.why for unused in record.unused}
    assert "did you mean 'face'?" in told["sites: fase"]
    assert told["stopped_for: it stung"] == "kept as text, no known word"


# -- mistakes of form


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    told = mistakes(
        "atopy: 1\n"
        "patient: {birth: 1990-05-17, sex: f}\n"
        "attested: {alergies: 2026-11-02}\n"
        "events:\n"
        "  - {date: 2026-13-02, observe: weight, value: 62 kg}\n"
        "  - {date: 2026-11-02, obsreve: weight, value: 62 kg}\n"
        "  - {date: 2026-11-02, observe: weight, vlaue: 62 kg}\n"
    )
    assert [line.split(":", 2)[1].split(" ")[0] for line in told] == ["2", "2", "3", "5", "6", "7", "7"]
    assert "r.yaml:2 at patient.birth: 'birth' is not known here. Did you mean 'birth_date'?" in told
    assert any("'f' is not one of its values" in line for line in told)
    assert any("Did you mean 'allergies'?" in line for line in told)
    assert any("events[0].date: '2026-13-02' is no day." in line for line in told)
    assert any("Did you mean 'observe' for 'obsreve'?" in line for line in told)
    assert any("'value' is missing. Add `value:`" in line for line in told)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("{date: 2026-11-02}", "does not say what happened. One of these is needed: observe, lab"),
        ("{date: 2026-11-02, kind: observation, code: easi}", "The kind is the key and its code the value"),
        ("{from: 2026-11-02, treatment: ciclosporin}", "Did you mean 'treat' for 'treatment'?"),
        ("{date: 2026-11-02, observe: weight, lab: creatinine, value: 1 kg}", "two things at once: observe and lab"),
        ("just words", "is no event."),
        ("{date: 2026-11-02, observe: 5, value: 62 kg}", "is no word."),
        ("{date: 2026-11-02, observe: weight, value: 62}", "has no unit. Write it with one, such as `kg`."),
        ("{date: 2026-11-02, observe: weight, value: '62'}", "has no unit."),
        ("{date: 2026-11-02, observe: weight, value: '62,5 kg'}", "has a comma."),
        ("{date: 2026-11-02, observe: weight, value: [62]}", "is no number."),
        ("{date: 2026-11-02, observe: blood_pressure, value: 172 mmHg}", "Write `172/104 mmHg`."),
        ("{date: 2026-11-02, observe: blood_pressure, value: 172/104}", "is no blood pressure."),
        ("{date: 2026-11-02, observe: ciclosporin, value: 2 mg}", "is a drug. Write `treat: ciclosporin` (or"),
        ("{date: 2026-11-02, treat: reaction_kind}", "`treat` does not take it."),
        ("{date: 2026-11-02, lab: easi, value: 2}", "Write `score: easi`."),
        ("{date: 2026-11-02, score: easi}", "does not say enough. Add `value:` or `items:`."),
        ("{date: 2026-11-02, score: easi, value: mild}", "'mild' is no number."),
        ("{date: 2026-11-02, score: easi, items: {}}", "are no items."),
        ("{date: true, find: lichenification, present: true}", "is no day."),
        ("{date: 2026-11-02, find: lichenification, present: yes}", "'yes' does not say whether."),
        ("{date: 2026-11-02, find: lichenification}", "Add `present:` or `value:`."),
        ("{date: 2026-11-02, condition: asthma}", "'status' is missing."),
        ("{treat: ciclosporin}", "Add `date:` or `from:` or `to:` or `status:`."),
        ("{from: 2026-11-02, treat: ciclosporin, dose: 200}", "200 is no number with a unit."),
        ("{from: 2026-11-02, treat: ciclosporin, days: -1}", "is no whole number of days."),
        ("{from: 2026-11-02, treat: ciclosporin, sites: hands}", "is no list of words."),
        ("{from: 2026-11-02, treat: ciclosporin, adherence: often}", "It is one of: all days"),
        ("{from: 2026-11-02, treat: ciclosporin, frequency: [1]}", "is no text."),
        ("{date: 2026-11-02, override: x, by: A}", "'reason' is missing."),
    ],
)  # fmt: skip
def test_each_mistake_says_what_and_how_to_mend_it(event: str, told: str) -> None:
    assert told in mistake(event)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("patient: {}\nevents: []", "'atopy' is missing."),
        ("atopy: 2", "the format is 2. This version reads `atopy: 1`."),
        ("- 1\n- 2", "is empty or no mapping."),
        ("atopy: 1\npatient: me", "is no mapping."),
        ("atopy: 1\nattested: all", "is no mapping."),
        ("atopy: 1\nevents: {}", "is no list."),
        ("atopy: 1\nattested: {allergies: soon}", "'soon' is no day."),
        ("atopy: 1\npatient: {age: 35 years}", "'age' and 'age_at' go together."),
        ("atopy: 1\npatient: {age_at: 2026-01-01}", "'age' and 'age_at' go together."),
        ("atopy: 1\npatient: {age: 35 kg, age_at: 2026-01-01}", "is no age."),
        ("atopy: 1\npatient: {age: 350 years, age_at: 2026-01-01}", "is no age."),
        ("atopy: 1\npatient: {age: 35.5 years, age_at: 2026-01-01}", "is no age."),
        ("atopy: 1\npatient: {age: 35 years, age_at: 2026-01-01, birth_date: 1990}", "Keep one of them."),
        ("atopy: 1\npatient: {deceased: maybe}", "'maybe' is no day."),
        ("atopy: 1\natopy: 1\n", "is given twice"),
        ("atopy: 1\nevents:\n - {note: a, id: x}\n - {note: b, id: x}", "the id 'x' is also that of events[0]"),
    ],
)  # fmt: skip
def test_mistakes_outside_events(text: str, told: str) -> None:
    assert any(told in line for line in mistakes(text + "\n"))


def test_data_already_parsed_is_read_alike() -> None:
    event = {"date": date(2026, 11, 2), "score": "easi", "items": {"a": 0.1, "b": [0.2]}}
    with pytest.raises(SourceError):
        read_data({"atopy": 1, "events": [{**event, "score": 5}]}, WORDS)
    found = read_data(
        {"atopy": 1, "events": [{**event, "items": {"a": 0.1, "b": 0.2}}]}, WORDS, scorer=Sums()
    ).events[0]
    assert (found.number, found.origin.line) == (Decimal("0.3"), None)
    (weight,) = read_data(
        {"atopy": 1, "events": [{"date": 2026, "score": "bsa", "value": 1.5}]}, WORDS
    ).events
    assert (weight.number, weight.precision) == (Decimal("1.5"), "year")
