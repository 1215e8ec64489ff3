"""FHIR R4: what each kind of resource becomes, and that nothing is dropped in silence."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.record.words import (
    CVX,
    LOINC,
    PATIENT,
    RXNORM,
    SNOMED,
    WORDS,
    Sums,
    bundle,
    concept,
    fhir,
    left,
    observation,
    only,
    quantity,
    resource,
)

from atopy.record import Amount, read_data
from atopy.yaml_source import SourceError

AD, WEIGHT = concept(SNOMED, "24079001"), concept(LOINC, "29463-7")
CREATININE, HBSAG = concept(LOINC, "2160-0"), concept(LOINC, "5196-1")
CICLOSPORIN, CLOBETASOL = concept(RXNORM, "3008"), concept(RXNORM, "861495")
RECONCILED, GERMANY = concept(SNOMED, "430193006"), [{"country": "DE"}]
NO_WORD = "the vocabulary has no word for it"
OWN = "urn:atopy:vocabulary"
HL7 = "http://terminology.hl7.org/CodeSystem"


def status(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/x", "code": code}]}


# -- observations


def test_a_quantity_is_kept_in_the_vocabularys_unit() -> None:
    event = only(observation(CREATININE, valueQuantity=quantity(Decimal("1.1312"), "mg/dL")))
    assert (event.kind, event.code, event.number, event.unit) == ("lab", "creatinine", Decimal(100), "umol/L")
    assert (event.id, event.origin.file, event.origin.resource) == (
        "Observation/o",
        "b.json",
        "Observation/o",
    )
    assert event.said == "1.1312 mg/dL"


def test_a_unit_may_be_words_or_a_code_with_or_without_the_slash() -> None:
    for unit in (
        quantity(62, "kg", "http://unitsofmeasure.org/"),
        {"value": 62, "unit": "kg"},
        {"value": 62, "code": "kg"},
        {"value": 62.0, "unit": "kilograms", "code": "KGS", "system": "urn:local"},
    ):
        assert only(observation(WEIGHT, valueQuantity=unit)).number == 62


def test_a_day_is_that_of_whoever_wrote_it() -> None:
    late = observation(WEIGHT, date="2026-11-02T23:30:00-08:00", valueQuantity=quantity(62, "kg"))
    assert only(late).date == date(2026, 11, 2)
    month = only(observation(WEIGHT, date="2026-11", valueQuantity=quantity(62, "kg")))
    assert (month.date, month.precision) == (date(2026, 11, 1), "month")
    period = observation(
        WEIGHT, date=None, effectivePeriod={"start": "2026-10-01"}, valueQuantity=quantity(62, "kg")
    )
    assert only(period).date == date(2026, 10, 1)
    issued = observation(WEIGHT, date=None, issued="2026-10-01T10:00:00Z", valueQuantity=quantity(62, "kg"))
    assert only(issued).date == date(2026, 10, 1)


def test_a_panel_gives_its_components() -> None:
    parts = [
        {"code": concept(LOINC, "8480-6"), "valueQuantity": quantity(172, "mm[Hg]")},
        {"code": concept(LOINC, "8462-4"), "valueQuantity": quantity(104, "mm[Hg]")},
        {"code": concept(LOINC, "0000-0", "Cuff size"), "valueString": "large"},
        {"code": concept(LOINC, "29463-7", "Weight")},
    ]
    record = fhir(observation(concept(LOINC, "85354-9", "Blood pressure"), component=parts))
    assert [(e.code, e.number) for e in record.events] == [("diastolic_bp", 104), ("systolic_bp", 172)]
    assert [e.id for e in record.events] == ["Observation/o#diastolic_bp", "Observation/o#systolic_bp"]
    assert left(record) == {
        "Observation: Blood pressure: Cuff size": NO_WORD,
        "Observation: Blood pressure: Weight": "has no value",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"valueCodeableConcept": concept(SNOMED, "10828004")}, "positive"),
        ({"valueCodeableConcept": concept("http://snomed.info/sct/900000000000207008", "260415000")}, "negative"),
        ({"valueCodeableConcept": {"text": "Indeterminate"}}, "indeterminate"),
        ({"valueCodeableConcept": concept(f"{HL7}/v3-ObservationInterpretation", "NEG")}, "negative"),
        ({"valueString": "not detected"}, "negative"),
        ({"valueBoolean": False}, "negative"),
    ],
)  # fmt: skip
def test_qualitative_answers(value: dict[str, Any], text: str) -> None:
    assert only(observation(HBSAG, **value)).text == text


def test_an_answer_that_is_none_is_set_aside() -> None:
    event = only(observation(HBSAG, valueCodeableConcept={"text": "see comment"}))
    assert "'see comment' is none of its answers" in (event.quarantined or "")


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        ({"valueBoolean": True}, True),
        ({"valueCodeableConcept": concept(LOINC, "LA32-8")}, False),
        ({"valueCodeableConcept": concept(f"{HL7}/data-absent-reason", "not-asked")}, None),
    ],
)  # fmt: skip
def test_findings(value: dict[str, Any], flag: bool | None) -> None:
    event = only(observation(concept(OWN, "lichenification"), **value))
    assert (event.kind, event.flag, event.quarantined) == ("finding", flag, None)


def test_a_condition_asked_as_an_observation() -> None:
    asked = concept(OWN, "asthma")
    yes = only(observation(asked, valueBoolean=True))
    unsure = only(observation(asked, valueCodeableConcept=concept(SNOMED, "82334004")))
    assert (yes.kind, yes.status) == ("condition", "active")
    assert only(observation(asked, valueBoolean=False)).status == "refuted"
    assert (unsure.status, unsure.flag) == ("suspected", None)
    odd = only(observation(asked, valueCodeableConcept={"text": "as before"}))
    assert odd.quarantined == "'as before' does not say whether it is present"


def test_an_answer_that_is_a_word_of_its_own() -> None:
    unknown_question = concept(LOINC, "0000-0", "Reason for visit")
    assert only(observation(unknown_question, valueCodeableConcept=AD)).code == "atopic_dermatitis"
    smoking = only(observation(concept(LOINC, "72166-2"), valueCodeableConcept=concept(SNOMED, "8517006")))
    assert (smoking.code, smoking.text) == ("smoking", "former")
    graded = only(observation(concept(OWN, "itch"), valueCodeableConcept={"text": "Severe"}))
    assert graded.text == "severe"
    implied = only(observation(concept(SNOMED, "449868002")))
    assert (implied.code, implied.text) == ("smoking", "current")
    denied = only(observation(unknown_question, valueCodeableConcept=concept(SNOMED, "60001007")))
    assert (denied.code, denied.flag) == ("not_pregnant", False)


def test_scores_by_own_code_by_words_and_with_the_scorer() -> None:
    assert only(observation(concept(OWN, "easi"), valueInteger=28)).number == 28
    by_words = observation({"text": "EASI total"}, valueQuantity=quantity(Decimal("28.4"), "{score}"))
    assert only(by_words).number == Decimal("28.4")
    by_display = {"coding": [{"system": "urn:local", "code": "x", "display": "DLQI"}]}
    assert only(observation(by_display, valueQuantity={"value": 19, "unit": "points"})).code == "dlqi"
    high = only(observation(concept(OWN, "easi"), valueInteger=80), scorer=Sums())
    assert high.quarantined == "EASI 80 cannot be"
    assert only(observation(concept(OWN, "bsa"), valueQuantity={"value": 35, "unit": "%"})).number == 35


def test_a_site_is_kept_in_words() -> None:
    sited = observation(concept(LOINC, "6463-4"), valueString="S. aureus", bodySite={"text": "left hand"})
    assert only(sited).sites == ("left hand",)


def test_observations_that_say_nothing_are_listed_with_the_reason() -> None:
    record = fhir(
        observation(concept(LOINC, "0000-0", "Mystery"), name="a", valueString="x"),
        observation(concept(LOINC, "0000-0", "Mystery"), name="b", valueString="y"),
        observation(concept(LOINC, "29463-7", "No weight"), name="c"),
        observation(concept(LOINC, "29463-7", "Range"), name="d", valueRange={"low": {"value": 1}}),
        observation({**CICLOSPORIN, "text": "Drug"}, name="e", valueBoolean=True),
        observation(concept(LOINC, "29463-7", "Empty"), name="h", valueQuantity={"unit": "kg"}),
        observation(concept(LOINC, "0000-0", "Answered"), name="i", valueCodeableConcept={"text": "x"}),
        {**observation(concept(LOINC, "29463-7", "Error"), name="f"), "status": "entered-in-error"},
        {**observation({"text": "Off"}, name="g"), "status": "cancelled"},
    )
    assert record.events == ()
    assert left(record) == {
        "Observation: Mystery": NO_WORD,
        "Observation: No weight": "has no value",
        "Observation: Range": "its valueRange is not read",
        "Observation: Drug": "a drug is not read from an Observation",
        "Observation: Empty": "has no value",
        "Observation: Answered": NO_WORD,
        "Observation: Error": "its status is entered-in-error",
        "Observation: Off": "its status is cancelled",
    }
    mystery = next(u for u in record.unused if u.what == "Observation: Mystery")
    assert (mystery.count, mystery.origin.resource) == (2, "Observation/a")


# -- conditions and allergies


def condition(
    code: dict[str, Any] = AD, clinical: str | None = "active", verified: str = "confirmed", **fields: Any
) -> dict[str, Any]:
    stated = {} if clinical is None else {"clinicalStatus": status(clinical)}
    return resource("Condition", "c", code=code, verificationStatus=status(verified), **stated, **fields)


@pytest.mark.parametrize(
    ("clinical", "verified", "ended", "meant"),
    [
        ("active", "confirmed", None, "active"),
        ("relapse", "confirmed", None, "active"),
        ("remission", "confirmed", None, "resolved"),
        ("resolved", "provisional", None, "resolved"),
        ("active", "refuted", None, "refuted"),
        ("active", "provisional", None, "suspected"),
        (None, "unconfirmed", None, "suspected"),
        (None, "confirmed", "2020-01-01", "resolved"),
        (None, "confirmed", None, None),
    ],
)
def test_how_a_condition_stands(
    clinical: str | None, verified: str, ended: str | None, meant: str | None
) -> None:
    fields = {} if ended is None else {"abatementDateTime": ended}
    event = only(condition(clinical=clinical, verified=verified, onsetDateTime="2010", **fields))
    assert event.status == meant
    assert event.flag is {"active": True, "resolved": True, "refuted": False}.get(meant or "")


def test_when_a_condition_began_ended_and_was_written_down() -> None:
    event = only(condition(onsetDateTime="1993", recordedDate="2019-03-11", abatementDateTime="2020-02"))
    assert (event.date, event.precision, event.end) == (date(1993, 1, 1), "year", date(2020, 2, 29))
    assert event.recorded == date(2019, 3, 11)
    assert only(condition(recordedDate="2019-03-11")).date == date(2019, 3, 11)
    assert only(condition(recordedDate="2019-03-11")).recorded is None
    assert only(condition(onsetPeriod={"start": "2001-05"})).date == date(2001, 5, 1)
    aged = only(condition(onsetAge=quantity(3, "a")))
    assert (aged.date, aged.precision) == (date(1993, 1, 1), "year")
    assert only(condition(onsetAge=quantity(3, "kg"))).date is None
    assert only(condition(onsetAge=quantity(3, "a")), patient=resource("Patient", "p")).date is None


def test_a_condition_keeps_the_kind_of_its_word() -> None:
    pregnancy = only(condition(concept(SNOMED, "77386006"), onsetDateTime="2026-09-01"))
    assert (pregnancy.kind, pregnancy.flag) == ("life_event", True)
    assert only(condition(concept(SNOMED, "91935009"))).kind == "allergy"
    former = only(condition(concept(SNOMED, "8517006"), onsetDateTime="2020-01-01"))
    assert (former.kind, former.text) == ("finding", "former")
    assert only(condition(concept(SNOMED, "60001007"))).flag is False


def test_older_servers_write_the_status_as_a_word() -> None:
    event = only(resource("Condition", code=AD, clinicalStatus="active", verificationStatus="confirmed"))
    assert event.status == "active"


def test_conditions_that_are_not_used() -> None:
    record = fhir(
        condition(concept(SNOMED, "1", "Sprain")),
        {**condition(verified="entered-in-error"), "id": "d"},
        {**condition(CREATININE), "id": "e"},
    )
    assert sorted(left(record).values()) == [
        "a lab is not read from a Condition",
        "its status is entered-in-error",
        NO_WORD,
    ]


def allergy(
    code: dict[str, Any] | None, name: str = "a", verified: str = "confirmed", **fields: Any
) -> dict[str, Any]:
    coded = {} if code is None else {"code": code}
    return resource(
        "AllergyIntolerance",
        name,
        clinicalStatus=status("active"),
        verificationStatus=status(verified),
        **coded,
        **fields,
    )


def test_allergies() -> None:
    reaction = [{"manifestation": [{"text": "wheals"}, {"text": "Urticaria"}]}]
    event = only(allergy(concept(SNOMED, "91935009"), recordedDate="2020-05-01", reaction=reaction))
    assert (event.kind, event.code, event.status, event.text) == ("allergy", "peanut", "active", "urticaria")
    words = [{"substance": CICLOSPORIN, "manifestation": [{"text": "wheals"}, {"text": "fever"}]}]
    by_reaction = only(allergy(None, reaction=words, onsetDateTime="2019", recordedDate="2020-05-01"))
    assert (by_reaction.code, by_reaction.text, by_reaction.recorded) == (
        "ciclosporin",
        "wheals, fever",
        date(2020, 5, 1),
    )
    assert only(allergy(concept(SNOMED, "91935009"), verified="refuted")).status == "refuted"


def test_an_unknown_allergen_is_kept_and_set_aside() -> None:
    event = only(allergy({"text": "purple dye"}))
    assert (event.code, event.quarantined) == ("unknown:purple dye", "'purple dye' is not in the vocabulary.")


def test_allergies_that_are_not_used() -> None:
    record = fhir(allergy(AD, "a"), allergy(concept(SNOMED, "91935009"), "b", "entered-in-error"))
    assert set(left(record).values()) == {
        "a condition is not read from an AllergyIntolerance",
        "its status is entered-in-error",
    }


# -- lists declared complete


IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


@pytest.mark.parametrize(
    ("declaring", "what"),
    [
        (allergy(concept(SNOMED, "716186003"), recordedDate="2026-11-02"), "allergies"),
        (condition(concept(SNOMED, "160245001"), recordedDate="2026-11-02"), "problems"),
        (
            resource(
                "MedicationStatement", status="unknown", medicationCodeableConcept=concept(IPS, "no-known-medications"),
                effectivePeriod={"start": "2026-11-02"},
            ),
            "medications",
        ),
        (
            resource("Procedure", status="completed", code=RECONCILED, performedDateTime="2026-11-02"),
            "medications",
        ),
        (
            resource(
                "List", status="current", mode="snapshot", code=concept(LOINC, "48765-2"), date="2026-11-02",
                emptyReason=status("nilknown"),
            ),
            "allergies",
        ),
        (
            resource(
                "Composition", date="2026-11-02",
                section=[{"code": concept(LOINC, "11450-4"), "emptyReason": status("nilknown")}, {"code": AD}],
            ),
            "problems",
        ),
    ],
)  # fmt: skip
def test_what_declares_a_list_complete(declaring: dict[str, Any], what: str) -> None:
    record = fhir(declaring)
    assert [(a.list, a.date) for a in record.attested] == [(what, date(2026, 11, 2))]
    assert record.events == ()


def test_a_declaration_without_a_day_is_worth_nothing() -> None:
    record = fhir(allergy(concept(SNOMED, "716186003", "No known allergy")))
    assert record.attested == ()
    assert left(record) == {"AllergyIntolerance: No known allergy": "declares a list complete, but not when"}


def test_other_lists_say_nothing_more_than_their_entries() -> None:
    entries = [{"item": {"reference": "x"}}]
    record = fhir(
        resource("List", status="current", code=concept(LOINC, "48765-2"), entry=entries, title="Allergies")
    )
    assert record.attested == ()
    assert "only a list declared empty" in next(iter(left(record).values()))


# -- immunisations, procedures, encounters


def test_immunisations() -> None:
    vaccine = concept(CVX, "187")
    given = only(
        resource("Immunization", status="completed", vaccineCode=vaccine, occurrenceDateTime="2025-10-01")
    )
    assert (given.kind, given.code, given.flag) == ("immunisation", "zoster_recombinant", True)
    refused = only(
        resource("Immunization", status="not-done", vaccineCode=vaccine, occurrenceDateTime="2025-10-01")
    )
    assert (refused.flag, refused.status) == (False, "declined")
    record = fhir(
        resource("Immunization", "a", status="entered-in-error", vaccineCode=vaccine),
        resource("Immunization", "b", status="completed", vaccineCode=concept(CVX, "0", "Old vaccine")),
    )
    assert set(left(record).values()) == {"its status is entered-in-error", NO_WORD}


def test_procedures() -> None:
    biopsy = resource(
        "Procedure", status="completed", code=concept(SNOMED, "240977001"), performedDateTime="2025-10-01",
        outcome={"text": "spongiosis"},
    )  # fmt: skip
    assert (only(biopsy).kind, only(biopsy).text) == ("procedure", "spongiosis")
    light = resource(
        "Procedure", status="completed", code=concept(SNOMED, "31394004"), bodySite=[{"text": "Whole body"}],
        performedPeriod={"start": "2025-10-01", "end": "2025-12-01"},
    )  # fmt: skip
    course = only(light)
    assert (course.kind, course.status, course.end) == ("treatment", "past", date(2025, 12, 1))
    assert course.sites == ("whole_body",)
    running = {**light, "status": "in-progress", "performedPeriod": {"start": "2026-10-01"}}
    assert (only(running).status, only(running).end) == ("current", None)
    pregnancy = resource(
        "Procedure", status="completed", code=concept(SNOMED, "77386006"), performedDateTime="2026"
    )
    assert only(pregnancy).flag is True
    record = fhir(
        {**biopsy, "id": "a", "status": "not-done"},
        {**biopsy, "id": "b", "code": concept(SNOMED, "1", "Suture")},
        {**biopsy, "id": "c", "code": AD},
    )
    assert sorted(left(record).values()) == [
        "a condition is not read from a Procedure",
        "its status is not-done",
        NO_WORD,
    ]


def test_only_admissions_are_read_from_encounters() -> None:
    def visit(setting: Any, name: str = "v", status: str = "finished") -> dict[str, Any]:
        period = {"start": "2026-11-01", "end": "2026-11-04"}
        return resource("Encounter", name, status=status, period=period, **{"class": setting})

    admission = only(visit({"code": "IMP"}))
    assert (admission.kind, admission.code) == ("life_event", "hospital_admission")
    assert (admission.date, admission.end, admission.flag) == (date(2026, 11, 1), date(2026, 11, 4), True)
    assert only(visit([{"coding": [{"code": "ACUTE"}]}])).code == "hospital_admission"
    record = fhir(visit({"code": "AMB"}, "a"), visit({"code": "IMP"}, "b", "cancelled"), visit(None, "c"))
    assert left(record) == {
        "Encounter: AMB": "only hospital admissions are used",
        "Encounter: IMP": "its status is cancelled",
        "Encounter: unnamed": "only hospital admissions are used",
    }


# -- medicines


def taken(state: str = "active", code: dict[str, Any] = CICLOSPORIN, **fields: Any) -> dict[str, Any]:
    return resource("MedicationStatement", status=state, medicationCodeableConcept=code, **fields)


def ordered(state: str = "active", code: dict[str, Any] = CICLOSPORIN, **fields: Any) -> dict[str, Any]:
    fields = {"intent": "order", "authoredOn": "2026-10-01", **fields}
    return resource("MedicationRequest", status=state, medicationCodeableConcept=code, **fields)


@pytest.mark.parametrize(
    ("medicine", "meant"),
    [
        (taken("active"), "current"),
        (taken("stopped"), "past"),
        (taken("intended"), "planned"),
        (taken("not-taken"), "declined"),
        (taken("on-hold"), None),
        (ordered("active"), "current"),
        (ordered("completed"), "past"),
        (ordered("draft"), "planned"),
        (ordered("active", intent="plan"), "planned"),
        (ordered("on-hold"), None),
        (
            resource("MedicationAdministration", status="completed", medicationCodeableConcept=CICLOSPORIN),
            "past",
        ),
    ],
)
def test_how_a_course_stands(medicine: dict[str, Any], meant: str | None) -> None:
    event = only(medicine)
    assert (event.kind, event.code, event.status) == ("treatment", "ciclosporin", meant)


@pytest.mark.parametrize(
    "medicine",
    [
        taken("entered-in-error"),
        ordered("cancelled"),
        resource("MedicationAdministration", status="not-done"),
    ],
)
def test_courses_that_never_were(medicine: dict[str, Any]) -> None:
    record = fhir(medicine)
    assert record.events == ()
    assert f"its status is {medicine['status']}" in left(record).values()


def test_an_order_not_to_give_is_listed() -> None:
    record = fhir(ordered(doNotPerform=True))
    assert (record.events, list(left(record).values())) == ((), ["is an order not to give it"])


def test_when_a_course_ran() -> None:
    period = taken(
        "stopped", effectivePeriod={"start": "2025-01-10", "end": "2025-07"}, dateAsserted="2026-01-01"
    )
    event = only(period)
    assert (event.date, event.end, event.recorded) == (date(2025, 1, 10), date(2025, 7, 31), date(2026, 1, 1))
    bounded = ordered(
        dosageInstruction=[
            {"timing": {"repeat": {"boundsPeriod": {"start": "2026-10-05", "end": "2026-10-20"}}}}
        ]
    )
    assert (only(bounded).date, only(bounded).end) == (date(2026, 10, 5), date(2026, 10, 20))
    assert only(bounded).recorded == date(2026, 10, 1)
    assert only(ordered()).date == date(2026, 10, 1)
    given = resource(
        "MedicationAdministration", status="completed", medicationCodeableConcept=CICLOSPORIN,
        effectiveDateTime="2026-10-02T08:00:00Z", dosage={"dose": quantity(300, "mg"), "text": "once"},
    )  # fmt: skip
    assert (only(given).date, only(given).end) == (date(2026, 10, 2), date(2026, 10, 2))
    assert only(given).dose == Amount(Decimal(300), "mg")


def dosed(timing: dict[str, Any], unit: str = "mg", **fields: Any) -> dict[str, Any]:
    dosage = {"timing": timing, "doseAndRate": [{"doseQuantity": quantity(100, unit)}], **fields}
    return taken(dosage=[dosage])


@pytest.mark.parametrize(
    ("timing", "dose"),
    [
        ({"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}, Amount(Decimal(200), "mg/day")),
        ({"repeat": {"frequency": 1, "period": 12, "periodUnit": "h"}}, Amount(Decimal(200), "mg/day")),
        ({"repeat": {"frequency": 1, "period": 2, "periodUnit": "wk"}}, Amount(Decimal(50), "mg/week")),
        ({"code": {"coding": [{"code": "BID"}]}}, Amount(Decimal(200), "mg/day")),
        (
            {"repeat": {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"}},
            Amount(Decimal(100), "mg"),
        ),
        ({}, Amount(Decimal(100), "mg")),
    ],
)
def test_doses_per_period(timing: dict[str, Any], dose: Amount) -> None:
    assert only(dosed(timing)).dose == dose


def test_doses_that_cannot_be_used_are_listed() -> None:
    daily = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    assert only(dosed(daily, asNeededBoolean=True)).dose == Amount(Decimal(100), "mg")
    record = fhir(dosed(daily, "{tablet}"))
    assert record.events[0].dose is None
    assert record.events[0].frequency == "1 per 1 d"
    assert left(record) == {"MedicationStatement: dose": "is not in units of mass, volume or activity"}
    several = fhir(
        taken(dosage=[{"text": "1 in the morning"}, {"text": "2 at night", "site": {"text": "Hands"}}])
    )
    assert several.events[0].frequency == "1 in the morning; 2 at night"
    assert several.events[0].sites == ("hands",)
    assert left(several) == {
        "MedicationStatement: dose": "several instructions, whose doses are not added up"
    }
    assert only(taken(dosage=[{"text": "as told"}])).frequency == "as told"
    syrup = only(taken(dosage=[{"doseAndRate": [{}], "doseQuantity": quantity(5, "mL")}]))
    assert (syrup.dose, syrup.quarantined) == (None, None)
    assert syrup.dose_set_aside == "the dose '5 mL' is in the wrong unit; ciclosporin is dosed in mg/d"


def test_amounts_prescribed_and_handed_over() -> None:
    grams, month = quantity(60, "g"), quantity(30, "d")
    lasting = ordered(code=CLOBETASOL, dispenseRequest={"quantity": grams, "expectedSupplyDuration": month})
    assert only(lasting).amount == Amount(Decimal(2), "g/day")
    endless = fhir(ordered(code=CLOBETASOL, dispenseRequest={"quantity": grams}))
    assert endless.events[0].amount is None
    assert "does not say how long it is to last" in left(endless).values()
    tablets = fhir(ordered(code=CLOBETASOL, dispenseRequest={"quantity": quantity(60, "{tbl}")}))
    assert "is neither grams nor millilitres" in left(tablets).values()
    handed = resource(
        "MedicationDispense", status="completed", medicationCodeableConcept=CLOBETASOL, quantity=grams,
        daysSupply={"value": 30}, whenHandedOver="2026-09-28",
    )  # fmt: skip
    event = only(handed)
    assert (event.kind, event.amount, event.days) == ("dispensing", Amount(Decimal(60), "g"), 30)
    assert event.date == date(2026, 9, 28)
    assert "its status is declined" in left(fhir({**handed, "status": "declined"})).values()
    assert only({**handed, "quantity": {"unit": "g"}, "daysSupply": None}).amount is None


def test_a_medicine_may_be_named_in_a_resource_of_its_own() -> None:
    medication = resource(
        "Medication", "m", code=CLOBETASOL, ingredient=[{"itemCodeableConcept": concept(RXNORM, "8782")}]
    )
    pointing = resource(
        "MedicationRequest", status="active", intent="order", medicationReference={"reference": "urn:uuid:m"}
    )
    event = only(medication, pointing)
    assert (event.code, event.ingredients) == ("clobetasol", ("propylene_glycol",))
    local = {
        **pointing,
        "medicationReference": {"reference": "https://fhir.example.org/r4/Medication/m/_history/2"},
    }
    assert only(local, medication).code == "clobetasol"
    inside = {
        **pointing,
        "medicationReference": {"reference": "#x"},
        "contained": [resource("Medication", "x", code=CICLOSPORIN)],
    }
    assert only(inside).code == "ciclosporin"
    unnamed = resource("Medication", "m", ingredient=[{"itemCodeableConcept": CICLOSPORIN}])
    assert only(unnamed, pointing).code == "ciclosporin"
    newer = resource(
        "MedicationRequest", status="active", intent="order", medication={"concept": CICLOSPORIN}
    )
    assert only(newer).code == "ciclosporin"
    assert left(fhir(medication)) == {"Medication": "nothing refers to it"}


def test_a_medicine_that_nobody_can_name_is_kept_and_set_aside() -> None:
    away = resource(
        "MedicationRequest",
        status="active",
        intent="order",
        medicationReference={"reference": "Medication/9", "display": "Tonic"},
    )
    assert only(away).code == "unknown:Tonic"
    assert only(taken(code={"coding": [{"system": "urn:x", "code": "7"}]})).code == "unknown:urn:x|7"
    assert only(taken(code={})).code == "unknown:unnamed medicine"
    assert left(fhir(taken(code={**AD, "text": "odd"}))) == {"MedicationStatement: odd": NO_WORD}
    several = {"coding": [*CICLOSPORIN["coding"], *CLOBETASOL["coding"]], "text": "mix"}
    assert "different things: ciclosporin, clobetasol" in (only(taken(code=several)).quarantined or "")


def test_of_a_drug_and_its_product_the_product_is_meant() -> None:
    both = {"coding": [*CLOBETASOL["coding"], *concept(RXNORM, "1992281")["coding"]]}
    assert only(taken(code=both)).code == "clobetasol_0_05_cream"


def test_why_a_medicine_was_given_and_stopped() -> None:
    stopped = taken("stopped", statusReason=[{"text": "Creatinine rise"}], reasonCode=[AD])
    assert (only(stopped).stopped_for, only(stopped).reason) == ("creatinine_rise", "atopic_dermatitis")
    assert only(ordered("stopped", statusReason={"text": "it stung"})).stopped_for == "it stung"
    for_condition = ordered(reasonReference=[{"reference": "Condition/c"}])
    reasons = {e.code: e.reason for e in fhir(for_condition, condition()).events}
    assert reasons["ciclosporin"] == "atopic_dermatitis"
    assert only(ordered(reasonReference=[{"reference": "Condition/none"}])).reason is None


# -- questionnaires


TWENTY_TWO = [{"valueInteger": 22}]


def answered(*items: dict[str, Any], state: str = "completed") -> dict[str, Any]:
    return resource(
        "QuestionnaireResponse", "q", status=state, authored="2026-11-02T09:00:00Z", item=list(items)
    )


@pytest.mark.parametrize(
    "item",
    [
        {"linkId": "89870-0", "answer": [{"valueInteger": 22}]},
        {"linkId": "/89870-0", "answer": [{"valueDecimal": 22.0}]},
        {"linkId": "1", "definition": "https://loinc.org/q/89870-0", "answer": [{"valueInteger": 22}]},
        {"linkId": "1", "extension": [{"valueCoding": concept(LOINC, "89870-0")["coding"][0]}], "answer": TWENTY_TWO},
        {"linkId": "1", "extension": [{"valueCodeableConcept": concept(OWN, "poem")}], "answer": TWENTY_TWO},
        {"linkId": "1", "text": "POEM", "answer": [{"valueQuantity": {"value": 22}}]},
        {"linkId": "1", "item": [{"linkId": "2", "answer": [{"item": [{"linkId": "89870-0", "answer": TWENTY_TWO}]}]}]},
    ],
)  # fmt: skip
def test_a_score_in_a_questionnaire(item: dict[str, Any]) -> None:
    event = only(answered(item))
    assert (event.kind, event.code, event.number, event.date) == ("score", "poem", 22, date(2026, 11, 2))
    assert event.id == "QuestionnaireResponse/q#poem"


def test_questionnaires_without_a_score_are_listed() -> None:
    for item in (
        {"linkId": "1", "text": "How was it?", "answer": [{"valueString": "fine"}]},
        {"linkId": "89870-0", "answer": [{"valueString": "22"}]},
        {"linkId": "0000-0", "extension": [{"url": "x"}]},
    ):
        assert list(left(fhir(answered(item))).values()) == ["has no score that the vocabulary knows"]
    assert list(left(fhir(answered(state="in-progress"))).values()) == ["its status is in-progress"]


# -- the bundle as a whole


def test_who_the_patient_is() -> None:
    patient = fhir(
        patient=resource(
            "Patient", "p", birthDate="1990-05", gender="unknown", deceasedDateTime="2026-01-02", address=GERMANY
        )
    ).patient  # fmt: skip
    assert (patient.id, patient.birth_date, patient.birth_precision) == ("p", date(1990, 5, 1), "month")
    assert (patient.sex, patient.deceased, patient.deceased_on, patient.country) == (
        None,
        True,
        date(2026, 1, 2),
        "eu",
    )
    alive = fhir(
        patient=resource(
            "Patient", "p", deceasedBoolean=False, address=[{"country": "US"}, {"country": "GB"}]
        )
    ).patient
    assert (alive.deceased, alive.country, alive.birth_date) == (False, None, None)
    assert fhir(patient=resource("Patient", "p", address=[{"country": "UK"}])).patient.country == "uk"


def test_what_is_not_clinical_is_counted() -> None:
    record = fhir(resource("Organization", "1"), resource("Organization", "2"), resource("CarePlan", "1"))
    assert [(u.what, u.count) for u in record.unused] == [("CarePlan", 1), ("Organization", 2)]


def test_what_is_malformed_is_listed_and_the_rest_goes_on() -> None:
    weight = observation(WEIGHT, valueQuantity=quantity(62, "kg"))
    record = fhir(
        {**weight, "id": "x", "code": ["no"]},
        {**weight, "id": "y", "valueQuantity": {"value": "many", "unit": "kg"}},
        resource("Condition", "z", code={"coding": 7}),
        weight,
        {"resourceType": 5},
    )
    assert [event.id for event in record.events] == ["Observation/o"]
    assert left(record)["Observation"] == "is not formed as FHIR R4 has it"
    assert left(record)["Condition"] == "is not formed as FHIR R4 has it"
    assert "5" in left(record)


def test_a_modifier_extension_can_turn_the_meaning_round() -> None:
    record = fhir({**condition(), "modifierExtension": [{"url": "urn:not"}]})
    assert record.events == ()
    assert "modifier extension" in next(iter(left(record).values()))


def test_another_patients_resources_are_not_this_patients() -> None:
    mine = {**condition(), "subject": {"reference": "Patient/p"}}
    other = {**mine, "id": "x", "subject": {"reference": "Patient/q"}}
    absolute = {**mine, "id": "y", "subject": {"reference": "https://fhir.example.org/Patient/p"}}
    named_only = {**mine, "id": "z", "subject": {"display": "somebody"}}
    record = fhir(mine, other, absolute, named_only)
    assert [event.id for event in record.events] == ["Condition/c", "Condition/y", "Condition/z"]
    assert left(record) == {"Condition": "is about another patient"}


def test_the_same_resource_twice_is_read_once_and_different_ones_both() -> None:
    weight = observation(WEIGHT, valueQuantity=quantity(62, "kg"))
    twice = fhir(weight, weight)
    assert len(twice.events) == 1
    assert left(twice) == {"Observation": "is given again, word for word"}
    changed = fhir(weight, {**weight, "valueQuantity": quantity(70, "kg")})
    assert [event.id for event in changed.events] == ["Observation/o", "Observation/o~"]
    assert all(event.quarantined for event in changed.events)


def test_entries_without_resources_and_pages_that_are_missing() -> None:
    whole = bundle(PATIENT, link=[{"relation": "next", "url": "x"}])
    whole["entry"] += [
        {"fullUrl": "x"},
        "no entry",
        {"resource": condition(), "request": {"method": "DELETE"}},
        {"resource": bundle({**condition(), "id": "deep"})},
    ]
    record = read_data(whole, WORDS)
    assert [event.id for event in record.events] == ["Condition/deep"]
    assert [(u.what, u.why, u.count) for u in record.unused] == [
        ("Bundle", "asks for a deletion", 1),
        ("Bundle", "has further pages that are not in this file", 1),
        ("Bundle", "has no resource in it", 2),
    ]
    assert read_data({"resourceType": "Bundle"}, WORDS).events == ()
    with pytest.raises(SourceError, match="is no list"):
        read_data({"resourceType": "Bundle", "entry": {}}, WORDS)


def test_resources_without_an_id_are_told_apart() -> None:
    weight = observation(WEIGHT, valueQuantity=quantity(62, "kg"))
    del weight["id"]
    record = read_data([weight, {**weight, "effectiveDateTime": "2026-11-03"}], WORDS)
    assert [event.id for event in record.events] == ["Observation/#1", "Observation/#2"]


def test_a_reference_without_an_address_leads_nowhere() -> None:
    away = resource(
        "MedicationRequest", status="active", intent="order", medicationReference={"display": "Tonic"}
    )
    assert only(away).code == "unknown:Tonic"


def test_a_code_may_be_a_word() -> None:
    assert only(resource("Condition", code="asthma", clinicalStatus="active")).code == "asthma"
