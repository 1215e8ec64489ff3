"""A small vocabulary of the tests' own, and short ways to read records with it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from atopy.record import Code, Event, Record, Term, Vocabulary, read, read_data, vocabulary
from atopy.record.vocabulary import AgeRange

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
RXNORM, CVX = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/cvx"


_BY_AGE = (
    AgeRange(24, (Decimal(4), Decimal(30))),
    AgeRange(60, (Decimal(6), Decimal(60))),
    AgeRange(2400, (Decimal(20), Decimal(400))),
)


def _term(name: str, kind: str, *codes: str, **fields: Any) -> Term:
    made = []
    for text in codes:
        system, code, *value = text.split("|")
        made.append(Code(system, code, value=value[0] if value else None))
    limits = fields.pop("plausible", None)
    plausible = None if limits is None else (Decimal(str(limits[0])), Decimal(str(limits[1])))
    return Term(name, kind, {"en": name.replace("_", " ")}, codes=tuple(made), plausible=plausible, **fields)


WORDS: Vocabulary = vocabulary(
    [
        _term("weight", "measure", "loinc|29463-7", unit="kg", plausible=(0.3, 400), synonyms=("body weight",),
              plausible_by_age=_BY_AGE),
        _term("temperature", "measure", "loinc|8310-5", unit="Cel", plausible=(25, 45)),
        _term("blood_pressure", "measure", "loinc|85354-9", unit="mm[Hg]"),
        _term("systolic_bp", "measure", "loinc|8480-6", unit="mm[Hg]", plausible=(30, 300)),
        _term("diastolic_bp", "measure", "loinc|8462-4", unit="mm[Hg]", plausible=(10, 200)),
        _term("creatinine", "lab", "loinc|2160-0", unit="umol/L", per="113.12 g/mol", plausible=(5, 3000)),
        _term("neutrophils", "lab", "loinc|751-8", unit="10*9/L"),
        _term("hbsag", "lab", "loinc|5196-1", values=("positive", "negative", "indeterminate")),
        _term("hbv_dna", "lab", unit="[IU]/mL", values=("positive", "negative")),
        _term("culture", "lab", "loinc|6463-4"),
        _term("easi", "score", plausible=(0, 72), synonyms=("EASI total",)),
        _term("dlqi", "score", plausible=(0, 30)),
        _term("bsa", "score", unit="%", plausible=(0, 100)),
        _term("poem", "score", "loinc|89870-0", plausible=(0, 28)),
        _term("lichenification", "finding"),
        _term("itch", "finding", values=("mild", "severe")),
        _term("smoking", "finding", "loinc|72166-2", "snomed|449868002|current", "snomed|8517006|former",
              values=("current", "former", "never")),
        _term("wet_work", "exposure"),
        _term("atopic_dermatitis", "condition", "snomed|24079001", "icd10cm|L20.9"),
        _term("eczema_herpeticum", "condition", "snomed|186535001"),
        _term("asthma", "condition", "snomed|195967001"),
        _term("pregnancy", "life_event", "snomed|77386006"),
        _term("not_pregnant", "life_event", "snomed|60001007|false"),
        _term("hospital_admission", "life_event"),
        _term("corticosteroid", "drug"),
        _term("clobetasol", "drug", "rxnorm|861495", classes=("corticosteroid",), synonyms=("Dermovate",)),
        _term("clobetasol_0_05_cream", "drug", "rxnorm|1992281", classes=("clobetasol",)),
        _term("ciclosporin", "drug", "rxnorm|3008", "atc|L04AD01", unit="mg/d"),
        _term("methotrexate", "drug", "rxnorm|6851", unit="mg/wk"),
        _term("emollient", "therapy", "snomed|225130001"),
        _term("nbuvb", "therapy", "snomed|31394004"),
        _term("propylene_glycol", "allergen", "rxnorm|8782"),
        _term("peanut", "allergen", "snomed|91935009"),
        _term("zoster_recombinant", "immunisation", "cvx|187"),
        _term("skin_biopsy", "procedure", "snomed|240977001"),
        _term("no_injections", "preference"),
        _term("treatment_site", "treatment", values=("hands", "face", "whole_body")),
        _term("treatment_stop_reason", "treatment", values=("creatinine_rise", "lack_of_effect")),
        _term("reaction_kind", "treatment", values=("urticaria", "contact_dermatitis")),
    ]
)  # fmt: skip


class Sums:
    """A scorer for the tests: EASI runs to 72, and its items simply add up, doubled under the age of 8."""

    def validate(self, code: str, value: Decimal) -> str | None:
        return f"EASI {value} cannot be" if code == "easi" and not 0 <= value <= 72 else None

    def total(self, code: str, items: Mapping[str, Any], age_years: int | None) -> Decimal | None:
        if "wrong" in items:
            raise ValueError("wrong is no item")
        if "missing" in items:
            return None
        total = sum((Decimal(str(value)) for value in items.values()), Decimal(0))
        return total * 2 if age_years is not None and age_years < 8 else total


def own(*events: str, patient: str = "{birth_date: 1990-05-17}", top: str = "", scorer: Any = None) -> Record:
    """A record in Atopy's own format with these flow-style events."""
    lines = [
        "atopy: 1",
        f"patient: {patient}",
        *([top] if top else []),
        "events:",
        *(f"  - {e}" for e in events),
    ]
    return read("\n".join(lines) + ("" if events else " []"), WORDS, scorer=scorer, file="r.yaml")


def one(event: str, **more: Any) -> Event:
    """The only event of a record with that one event."""
    (found,) = own(event, **more).events
    return found


def concept(system: str, code: str, text: str | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"coding": [{"system": system, "code": code}]}
    return made if text is None else {**made, "text": text}


def quantity(value: Any, unit: str, system: str = "http://unitsofmeasure.org") -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": system, "code": unit}


def resource(kind: str, name: str = "1", **fields: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": name, **fields}


PATIENT = resource("Patient", "p", birthDate="1990-05-17", gender="female")


def bundle(*resources: dict[str, Any], **fields: Any) -> dict[str, Any]:
    entries = [{"fullUrl": f"urn:uuid:{r.get('id')}", "resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **fields}


def fhir(*resources: dict[str, Any], patient: dict[str, Any] = PATIENT, scorer: Any = None) -> Record:
    """A record from a bundle of the patient and these resources."""
    return read_data(bundle(patient, *resources), WORDS, scorer=scorer, file="b.json")


def only(*resources: dict[str, Any], **more: Any) -> Event:
    """The only event of that bundle."""
    (found,) = fhir(*resources, **more).events
    return found


def observation(
    code: dict[str, Any], date: str | None = "2026-11-02", name: str = "o", **value: Any
) -> dict[str, Any]:
    dated = {} if date is None else {"effectiveDateTime": date}
    return resource("Observation", name, status="final", code=code, **dated, **value)


def left(record: Record) -> dict[str, str]:
    """What was not used, and why."""
    return {unused.what: unused.why for unused in record.unused}
