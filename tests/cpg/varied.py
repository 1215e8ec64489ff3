"""Made-up patients as FHIR R4 bundles, drawn from the words that a guideline's facts ask about.

Half of each is a patient of ``benchmarks/patients.py``; to that come conditions, drugs, findings, measurements and
lists drawn at random: by code, by the vocabulary's own id or in words alone; active, over, refuted or suspected; in the
unit of the vocabulary, in another or in none; long ago, today or not yet; values that cannot be, or that disagree.
Nothing here is a clinical statement.
"""

from __future__ import annotations

import json
import random  # noqa: TID251 - seeded, so the same bytes each time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from benchmarks.patients import AS_OF, bundles

from atopy.cpg.cql_terms import read_terms
from atopy.guideline import Compiled
from atopy.record import Term
from atopy.record.codings import OWN_SYSTEM, system_url
from atopy.record.units import line, spellings

Json = dict[str, Any]
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_ANSWERS = ("10828004", "260385009", "373066001", "373067005", "261665006", "82334004", "11429006")
_DONE = ("completed", "completed", "in-progress", "stopped", "preparation", "not-done", "entered-in-error")
_TAKEN = (
    *("active", "active", "active", "completed", "stopped", "intended", "not-taken", "on-hold"),
    "entered-in-error",
)
_ADDED = 18
_UNITS = spellings()


def varied(guideline: Compiled, asked: set[str], count: int, seed: int = 20261121) -> list[bytes]:
    """*count* bundles as JSON text; *asked* are the terms that facts ask about. The same seed gives the same bytes."""
    rng = random.Random(seed)
    terms = [t for t in read_terms(guideline.vocabulary) if t.id in asked]
    by_kind: dict[str, list[Term]] = {}
    for term in terms:
        by_kind.setdefault(term.kind, []).append(term)
    return [_patient(rng, by_kind, json.loads(base), i) for i, base in enumerate(bundles(count, seed))]


def _patient(rng: random.Random, by_kind: dict[str, list[Term]], base: Json, number: int) -> bytes:
    who = f"v{number}"
    patient, *rest = (entry["resource"] for entry in base["entry"])
    _demographics(rng, patient, who)
    kept = [r for r in rest if r["resourceType"] != "Encounter" and rng.random() < 0.5]
    kinds = [k for k in by_kind if by_kind[k]]
    made: list[Json] = []
    for place in range(rng.randint(2, _ADDED)):
        term = rng.choice(by_kind[rng.choice(kinds)])
        made += _MAKERS[term.kind](rng, term, f"{who}-{place}")
    made += _lists(rng, who)
    for resource in (*kept, *made):
        if resource["resourceType"] != "Medication":
            about = (
                "patient" if resource["resourceType"] in ("AllergyIntolerance", "Immunization") else "subject"
            )
            resource[about] = {"reference": f"Patient/{who}"}
    entries = [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in (patient, *kept, *made)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _demographics(rng: random.Random, patient: Json, who: str) -> None:
    patient["id"] = who
    born = AS_OF - timedelta(
        days=rng.choice((rng.randint(30, 700), rng.randint(700, 6600), rng.randint(6600, 31000)))
    )
    patient["birthDate"] = born.isoformat()[: rng.choice((10, 10, 10, 10, 7, 4))]
    patient["gender"] = rng.choice(("female", "male", "female", "male", "other", "unknown"))
    patient["address"] = [
        {"country": c} for c in rng.choice((["US"], ["GB"], ["DE"], ["gbr"], ["JP"], [], ["US", "FR"]))
    ]
    if rng.random() < 0.02:
        patient["deceasedDateTime"] = "2026-05-01T10:00:00Z"
    elif rng.random() < 0.1:
        patient["deceasedBoolean"] = False


def _day(rng: random.Random) -> str:
    """Mostly of the last weeks, sometimes years ago, only a month, or still to come."""
    past = rng.choice(
        (
            rng.randint(0, 20),
            rng.randint(0, 90),
            rng.randint(0, 400),
            rng.randint(0, 4000),
            -rng.randint(1, 60),
        )
    )
    text = (AS_OF - timedelta(days=past)).isoformat()
    return text[: rng.choice((10, 10, 10, 10, 10, 7, 4))]


def _moment(rng: random.Random) -> str:
    day = _day(rng)
    return f"{day}T{rng.choice(('08:30:00Z', '23:50:00-05:00', '00:10:00+09:00'))}" if len(day) == 10 else day


def _concept(rng: random.Random, term: Term) -> Json:
    """A term by one of its codes, by its id, or in words."""
    codes = [{"system": system_url(c.system), "code": c.code} for c in term.codes]
    own = {"system": OWN_SYSTEM, "code": term.id}
    words = rng.choice([*term.name.values(), *term.synonyms]) if term.name or term.synonyms else term.id
    how = rng.random()
    if how < 0.1:
        return {"text": f" {words.upper()} "}
    if how < 0.15:
        return {"coding": [{"system": "http://local.example/codes", "code": "x1", "display": words}]}
    chosen = rng.choice(codes) if codes and how < 0.8 else own
    if chosen["system"] == "http://snomed.info/sct" and rng.random() < 0.1:
        chosen = {**chosen, "system": "http://snomed.info/sct/731000124108"}
    return {"coding": [chosen], **({"text": "as the clinic calls it"} if rng.random() < 0.2 else {})}


def _status(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _condition(rng: random.Random, term: Term, id_: str) -> list[Json]:
    made: Json = {"resourceType": "Condition", "id": id_, "code": _concept(rng, term)}
    clinical = rng.choice(("active", "active", "active", "recurrence", "remission", "resolved", None))
    verified = rng.choice(
        ("confirmed", "confirmed", None, None, "refuted", "unconfirmed", "provisional", "entered-in-error")
    )
    if clinical:
        made["clinicalStatus"] = _status(_CLINICAL, clinical)
    if verified:
        made["verificationStatus"] = _status(_VERIFICATION, verified)
    onset = rng.random()
    if onset < 0.4:
        made["onsetDateTime"] = _day(rng)
    elif onset < 0.5:
        made["onsetAge"] = {
            "value": rng.randint(0, 40),
            "unit": "a",
            "code": "a",
            "system": "http://unitsofmeasure.org",
        }
    elif onset < 0.55:
        made["onsetPeriod"] = {"start": _day(rng)}
    if rng.random() < 0.7:
        made["recordedDate"] = _day(rng)
    if rng.random() < 0.2:
        made["abatementDateTime"] = _day(rng)
    if rng.random() < 0.2:
        made["bodySite"] = [{"text": rng.choice(("Face", "hands", "left knee", "Genitals"))}]
    return [made]


def _observation(rng: random.Random, term: Term, id_: str) -> list[Json]:
    status = rng.choice(
        ("final", "final", "final", "preliminary", "amended", "entered-in-error", "cancelled")
    )
    made: Json = {"resourceType": "Observation", "id": id_, "status": status, "code": _concept(rng, term)}
    place = rng.random()
    if place < 0.9:
        made["effectiveDateTime"] = _moment(rng)
    elif place < 0.95:
        made["effectivePeriod"] = {"start": _day(rng)}
    value = (
        _number(rng, term)
        if term.kind in ("lab", "measure", "score") and not term.values
        else _answer(rng, term)
    )
    if term.kind == "measure" and rng.random() < 0.2:
        part = {"code": made["code"], **value}
        made |= {"code": {"text": "vital signs"}, "component": [part]}
    else:
        made |= value
    if rng.random() < 0.1:
        made["bodySite"] = {"text": rng.choice(("face", "trunk"))}
    if rng.random() < 0.05:
        made["modifierExtension"] = [{"url": "http://local.example/not", "valueBoolean": True}]
    if rng.random() < 0.1 and "effectiveDateTime" in made:
        again = {**made, "id": f"{id_}-again", **(_number(rng, term) if "valueQuantity" in made else {})}
        return [made, again]
    return [made]


def _number(rng: random.Random, term: Term) -> Json:
    """A number around what can be, in a unit that converts, in none, or in one that does not."""
    low, high = term.plausible or (Decimal(0), Decimal(100))
    inside = float(low) + (float(high) - float(low)) * rng.choice(
        (rng.random(), rng.random() ** 4, rng.random() ** 8)
    )
    value = round(inside, rng.choice((0, 0, 1, 2)))
    if rng.random() < 0.05:
        value = float(high) * 2 + 1
    unit = term.unit or ""
    if term.unit and rng.random() < 0.3:
        found = [(u, line(u, term.unit, term.per)) for u in _UNITS]
        others = [(u, to) for u, to in found if to is not None and not to[1] and 1e-9 <= to[0] <= 1e9]
        if others:
            unit, (slope, _) = rng.choice(others)
            value = round(value / float(slope), 3)
    value = int(value) if value == int(value) and abs(value) < 1e9 else value
    how = rng.random()
    if how < 0.05:
        return {"valueString": str(value)}
    if how < 0.1 and isinstance(value, int):
        return {"valueInteger": value}
    if how < 0.15:
        unit = rng.choice(("", "furlong", "kg", "%"))
    quantity: Json = {"value": value, "unit": unit}
    if rng.random() < 0.7:
        quantity |= {"system": "http://unitsofmeasure.org", "code": unit}
    if rng.random() < 0.04:
        quantity["comparator"] = "<"
    return {"valueQuantity": quantity}


def _answer(rng: random.Random, term: Term) -> Json:
    how = rng.random()
    if term.values and how < 0.6:
        said = rng.choice(term.values)
        return rng.choice(
            ({"valueCodeableConcept": {"text": said}}, {"valueString": said.upper().replace("_", " ")})
        )
    if how < 0.75:
        return {"valueBoolean": rng.random() < 0.5}
    if how < 0.8:
        return {"valueString": "not seen"}
    code = rng.choice(_ANSWERS)
    return {
        "valueCodeableConcept": {
            "coding": [{"system": "http://snomed.info/sct", "code": code, "display": "said so"}]
        }
    }


def _medicine(rng: random.Random, term: Term, id_: str) -> list[Json]:
    kind = rng.choice(
        (
            "MedicationStatement",
            "MedicationStatement",
            "MedicationRequest",
            "MedicationAdministration",
            "MedicationDispense",
        )
    )
    status = {
        "MedicationStatement": _TAKEN,
        "MedicationRequest": ("active", "active", "active", "completed", "stopped", "draft", "on-hold", "cancelled"),
        "MedicationAdministration": ("completed", "in-progress", "stopped", "not-done"),
        "MedicationDispense": ("completed", "in-progress", "cancelled"),
    }[kind]  # fmt: skip
    made: Json = {"resourceType": kind, "id": id_, "status": rng.choice(status)}
    more: list[Json] = []
    if rng.random() < 0.2:
        made["medicationReference"] = {"reference": f"urn:uuid:{id_}-med"}
        held: Json = {"resourceType": "Medication", "id": f"{id_}-med"}
        if rng.random() < 0.5:
            held["code"] = _concept(rng, term)
        else:
            held["ingredient"] = [{"itemCodeableConcept": _concept(rng, term)}]
        more.append(held)
    else:
        made["medicationCodeableConcept"] = _concept(rng, term)
    site = (
        {"site": {"text": rng.choice(("face", "Eyelids", "whole body", "elbow"))}}
        if rng.random() < 0.3
        else {}
    )
    if kind == "MedicationDispense":
        made["whenHandedOver"] = _day(rng)
    elif kind == "MedicationRequest":
        made |= {
            "intent": rng.choice(("order", "order", "order", "plan", "proposal")),
            "authoredOn": _moment(rng),
        }
        if rng.random() < 0.4:
            bounds = {
                "boundsPeriod": {"start": _day(rng), **({"end": _day(rng)} if rng.random() < 0.5 else {})}
            }
            made["dosageInstruction"] = [{"timing": {"repeat": bounds}, **site}]
        elif site:
            made["dosageInstruction"] = [site]
        if rng.random() < 0.05:
            made["doNotPerform"] = True
    else:
        period = {"start": _day(rng), **({"end": _day(rng)} if rng.random() < 0.4 else {})}
        made |= {"effectivePeriod": period} if rng.random() < 0.8 else {"effectiveDateTime": _day(rng)}
        if site:
            made["dosage"] = site if kind == "MedicationAdministration" else [site]
        if kind == "MedicationStatement" and rng.random() < 0.3:
            made["dateAsserted"] = _day(rng)
    return [made, *more]


def _allergy(rng: random.Random, term: Term, id_: str) -> list[Json]:
    made: Json = {"resourceType": "AllergyIntolerance", "id": id_, "code": _concept(rng, term)}
    if rng.random() < 0.7:
        made["clinicalStatus"] = _status(_CLINICAL, rng.choice(("active", "active", "inactive", "resolved")))
    if rng.random() < 0.4:
        made["verificationStatus"] = _status(
            _VERIFICATION, rng.choice(("confirmed", "unconfirmed", "refuted", "entered-in-error"))
        )
    if rng.random() < 0.7:
        made["recordedDate"] = _day(rng)
    if rng.random() < 0.3:
        made["onsetDateTime"] = _day(rng)
    return [made]


def _drug(rng: random.Random, term: Term, id_: str) -> list[Json]:
    return (_allergy if rng.random() < 0.15 else _medicine)(rng, term, id_)


def _procedure(rng: random.Random, term: Term, id_: str) -> list[Json]:
    made: Json = {
        "resourceType": "Procedure", "id": id_, "code": _concept(rng, term),
        "status": rng.choice(_DONE),
    }  # fmt: skip
    if rng.random() < 0.7:
        made["performedDateTime"] = _moment(rng)
    else:
        made["performedPeriod"] = {"start": _day(rng), **({"end": _day(rng)} if rng.random() < 0.5 else {})}
    if rng.random() < 0.4:
        made["outcome"] = {"text": rng.choice(("positive", "Negative", "normal", *term.values))}
    return [made]


def _therapy(rng: random.Random, term: Term, id_: str) -> list[Json]:
    return (_procedure if rng.random() < 0.5 else _medicine)(rng, term, id_)


def _immunisation(rng: random.Random, term: Term, id_: str) -> list[Json]:
    status = rng.choice(("completed", "completed", "not-done", "entered-in-error"))
    return [
        {
            "resourceType": "Immunization",
            "id": id_,
            "status": status,
            "vaccineCode": _concept(rng, term),
            "occurrenceDateTime": _day(rng),
        }
    ]


def _event(rng: random.Random, term: Term, id_: str) -> list[Json]:
    return rng.choice((_condition, _observation, _procedure))(rng, term, id_)


_MAKERS = {
    "condition": lambda r, t, i: (_observation if r.random() < 0.15 else _condition)(r, t, i),
    "finding": lambda r, t, i: (_condition if r.random() < 0.2 else _observation)(r, t, i),
    "exposure": lambda r, t, i: (_condition if r.random() < 0.2 else _observation)(r, t, i),
    "life_event": _event,
    "allergen": lambda r, t, i: (_condition if r.random() < 0.2 else _allergy)(r, t, i),
    "drug": _drug,
    "therapy": _therapy,
    "immunisation": _immunisation,
    "procedure": _procedure,
    "lab": _observation,
    "measure": _observation,
    "score": _observation,
}


def _lists(rng: random.Random, who: str) -> list[Json]:
    """Admissions; and what says of a list that it is complete and empty."""
    made: list[Json] = []
    if rng.random() < 0.1:
        kind = rng.choice(("IMP", "AMB", "ACUTE"))
        period = {"start": _day(rng), **({"end": AS_OF.isoformat()} if rng.random() < 0.5 else {})}
        made.append(
            {
                "resourceType": "Encounter",
                "id": f"{who}-e",
                "status": "finished",
                "class": {"code": kind},
                "period": period,
            }
        )
    if rng.random() < 0.25:
        code = {
            "coding": [{"system": "http://loinc.org", "code": rng.choice(("52472-8", "10160-0", "11450-4"))}]
        }
        empty = {"coding": [{"code": rng.choice(("nilknown", "nilknown", "notasked"))}]}
        made.append(
            {
                "resourceType": "List",
                "id": f"{who}-l",
                "status": "current",
                "mode": "snapshot",
                "code": code,
                "date": _day(rng),
                "emptyReason": empty,
            }
        )
    if rng.random() < 0.2:
        code = {
            "coding": [
                {
                    "system": "http://snomed.info/sct",
                    "code": rng.choice(("787481004", "160245001", "716186003")),
                }
            ]
        }
        kind = rng.choice(("Condition", "AllergyIntolerance"))
        made.append({"resourceType": kind, "id": f"{who}-none", "code": code, "recordedDate": _day(rng)})
    return made


__all__ = ["AS_OF", "date", "varied"]
