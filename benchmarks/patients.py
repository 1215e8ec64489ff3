"""Made-up patients as FHIR R4 bundles of about 30 resources each, for load only.

The same seed gives the same bytes. Half of the values, drugs and conditions that a clinic might hold are missing,
some observations are entered in error or years old, and one patient in twelve has no eczema: the gaps of real records.
Nothing here is a clinical statement.
"""

import json
import random
from datetime import date, timedelta
from typing import Any

SEED = 20261120
AS_OF = date(2026, 11, 20)
RESOURCES = 30

_LOINC, _SNOMED, _ATC = "http://loinc.org", "http://snomed.info/sct", "http://www.whocc.no/atc"
_OWN = "urn:atopy:vocabulary"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"

Coding = tuple[str, str]
Json = dict[str, Any]

# coding, UCUM unit, lowest, highest, decimals, how often it was ever measured, how often again
_NUMBERS: list[tuple[Coding, str, float, float, int, float, int]] = [
    ((_OWN, "easi"), "{score}", 1, 60, 1, 0.9, 3),
    ((_OWN, "viga_ad"), "{score}", 0, 4, 0, 0.7, 1),
    ((_OWN, "dlqi"), "{score}", 0, 30, 0, 0.7, 1),
    ((_OWN, "pp_nrs"), "{score}", 0, 10, 0, 0.75, 1),
    ((_LOINC, "89862-7"), "{score}", 0, 28, 0, 0.5, 1),
    ((_LOINC, "29463-7"), "kg", 45, 110, 0, 0.8, 1),
    ((_LOINC, "8302-2"), "cm", 150, 195, 0, 0.5, 1),
    ((_LOINC, "751-8"), "10*9/L", 0.6, 9, 1, 0.8, 1),
    ((_LOINC, "731-0"), "10*9/L", 0.3, 4, 1, 0.8, 1),
    ((_LOINC, "718-7"), "g/dL", 7, 17, 1, 0.85, 1),
    ((_LOINC, "777-3"), "10*9/L", 70, 420, 0, 0.8, 1),
    ((_LOINC, "1742-6"), "U/L", 8, 160, 0, 0.85, 1),
    ((_LOINC, "2160-0"), "mg/dL", 0.5, 1.9, 2, 0.85, 2),
    ((_LOINC, "33914-3"), "mL/min/{1.73_m2}", 25, 120, 0, 0.7, 1),
    ((_LOINC, "18262-6"), "mg/dL", 60, 200, 0, 0.5, 1),
]
_ANSWERS: list[tuple[Coding, tuple[str, ...], float]] = [
    ((_LOINC, "5196-1"), ("260385009", "260385009", "10828004"), 0.5),
    ((_LOINC, "71773-6"), ("260385009", "260385009", "10828004"), 0.5),
    ((_OWN, "flexural_lichenification"), ("373066001", "373067005"), 0.6),
    ((_OWN, "widespread_lesions"), ("373066001", "373067005"), 0.5),
    ((_OWN, "weeping_crusts"), ("373066001", "373067005"), 0.4),
]
_DRUGS: list[tuple[Coding, float, float]] = [  # coding, how often ever, how often still
    ((_ATC, "D07AD01"), 0.7, 0.7),
    ((_ATC, "D11AH01"), 0.45, 0.4),
    ((_ATC, "D02AC"), 0.6, 0.9),
    ((_ATC, "L04AD01"), 0.3, 0.3),
    ((_ATC, "L04AX03"), 0.25, 0.3),
    ((_ATC, "D11AH05"), 0.2, 0.5),
    ((_ATC, "L04AF03"), 0.12, 0.4),
    ((_ATC, "H02AB06"), 0.25, 0.2),
]
_CONDITIONS: list[tuple[Coding, float, float]] = [  # coding, how often ever, how often active
    ((_SNOMED, "24079001"), 0.92, 0.97),
    ((_SNOMED, "195967001"), 0.35, 0.8),
    ((_SNOMED, "38341003"), 0.2, 0.9),
    ((_SNOMED, "231899007"), 0.25, 0.4),
    ((_SNOMED, "186535001"), 0.06, 0.2),
    ((_SNOMED, "363346000"), 0.05, 0.4),
    ((_SNOMED, "61977001"), 0.03, 0.8),
    ((_SNOMED, "35489007"), 0.2, 0.6),
]


def bundles(count: int, seed: int = SEED) -> list[bytes]:
    """*count* patients, each one Bundle as JSON text."""
    rng = random.Random(seed)
    return [json.dumps(_bundle(rng, i), separators=(",", ":")).encode() for i in range(count)]


def _bundle(rng: random.Random, number: int) -> Json:
    patient = f"p{number}"
    born = AS_OF - timedelta(days=rng.randint(300, 85 * 365))
    resources: list[Json] = [{
        "resourceType": "Patient", "id": patient, "gender": rng.choice(("female", "male")),
        "birthDate": born.isoformat(), "address": [{"country": rng.choice(("US", "GB", "DE", "FR"))}],
    }]  # fmt: skip
    resources += [*_conditions(rng, patient), *_drugs(rng, patient), *_lists(rng, patient)]
    resources += [*_answers(rng, patient), *_numbers(rng, patient)]
    del resources[RESOURCES:]
    resources += [_encounter(patient, i) for i in range(RESOURCES - len(resources))]
    entries = [
        {"fullUrl": f"https://example.org/fhir/{r['resourceType']}/{r['id']}", "resource": r}
        for r in resources
    ]
    return {"resourceType": "Bundle", "id": patient, "type": "collection", "entry": entries}


def _day(rng: random.Random) -> str:
    """Mostly of the last months, sometimes years old."""
    past = rng.randint(0, 60) if rng.random() < 0.6 else rng.randint(60, 900)
    return (AS_OF - timedelta(days=past)).isoformat()


def _concept(coding: Coding) -> Json:
    return {"coding": [{"system": coding[0], "code": coding[1]}]}


def _about(patient: str) -> Json:
    return {"reference": f"Patient/{patient}"}


def _numbers(rng: random.Random, patient: str) -> list[Json]:
    made: list[Json] = []
    for coding, unit, low, high, decimals, ever, repeats in _NUMBERS:
        for again in range(repeats if rng.random() < ever else 0):
            value = round(rng.uniform(low, high), decimals)
            wrong = repeats > 1 and rng.random() < 0.1
            made.append({
                "resourceType": "Observation", "id": f"{patient}-{coding[1]}-{again}",
                "status": "entered-in-error" if wrong else "final", "code": _concept(coding),
                "subject": _about(patient), "effectiveDateTime": f"{_day(rng)}T08:30:00+00:00",
                "valueQuantity": {
                    "value": value if decimals else int(value), "unit": unit,
                    "system": "http://unitsofmeasure.org", "code": unit,
                },
            })  # fmt: skip
    return made


def _answers(rng: random.Random, patient: str) -> list[Json]:
    return [
        {
            "resourceType": "Observation", "id": f"{patient}-{coding[1]}", "status": "final", "code": _concept(coding),
            "subject": _about(patient), "effectiveDateTime": _day(rng),
            "valueCodeableConcept": _concept((_SNOMED, rng.choice(answers))),
        }
        for coding, answers, ever in _ANSWERS
        if rng.random() < ever
    ]  # fmt: skip


def _drugs(rng: random.Random, patient: str) -> list[Json]:
    made: list[Json] = []
    for coding, ever, still in _DRUGS:
        if rng.random() < ever:
            start = AS_OF - timedelta(days=rng.randint(30, 1500))
            period = {"start": start.isoformat()}
            active = rng.random() < still
            if not active:
                period["end"] = min(start + timedelta(days=rng.randint(14, 400)), AS_OF).isoformat()
            made.append({
                "resourceType": "MedicationStatement", "id": f"{patient}-{coding[1]}",
                "status": "active" if active else "stopped", "medicationCodeableConcept": _concept(coding),
                "subject": _about(patient), "effectivePeriod": period,
            })  # fmt: skip
    return made


def _conditions(rng: random.Random, patient: str) -> list[Json]:
    made: list[Json] = []
    for coding, ever, active in _CONDITIONS:
        if rng.random() < ever:
            state = "active" if rng.random() < active else "resolved"
            made.append({
                "resourceType": "Condition", "id": f"{patient}-{coding[1]}", "code": _concept(coding),
                "clinicalStatus": _concept((_CLINICAL, state)), "subject": _about(patient),
                "recordedDate": _day(rng), "onsetDateTime": str(AS_OF.year - rng.randint(1, 15)),
            })  # fmt: skip
    return made


def _lists(rng: random.Random, patient: str) -> list[Json]:
    """What closes a list: no known allergy, medicines reconciled."""
    made: list[Json] = []
    if rng.random() < 0.5:
        made.append({
            "resourceType": "AllergyIntolerance", "id": f"{patient}-nka", "code": _concept((_SNOMED, "716186003")),
            "patient": _about(patient), "recordedDate": _day(rng),
        })  # fmt: skip
    if rng.random() < 0.5:
        made.append({
            "resourceType": "Procedure", "id": f"{patient}-reconciled", "status": "completed",
            "code": _concept((_SNOMED, "430193006")), "subject": _about(patient), "performedDateTime": _day(rng),
        })  # fmt: skip
    return made


def _encounter(patient: str, number: int) -> Json:
    return {
        "resourceType": "Encounter", "id": f"{patient}-visit-{number}", "status": "finished",
        "class": {"code": "AMB"}, "subject": _about(patient),
    }  # fmt: skip
