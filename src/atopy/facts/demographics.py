"""Something of the patient that is no event: age, sex, country, whether he lives."""

from datetime import date
from decimal import Decimal

from atopy.criteria import Value
from atopy.facts.found import MISSING, Found
from atopy.record import Patient, months_lived


def demographic(patient: Patient, country: str | None, as_of: date, what: str) -> Found:
    """``sex``, ``country``, ``birth_date``, ``deceased``, the age in ``years`` or ``months``; or the day itself."""
    if what == "as_of":
        return Found(as_of, "found")
    if what == "country":
        return _or_missing(country)
    if what == "sex":
        return _or_missing(patient.sex)
    if what == "birth_date":
        return _or_missing(patient.birth_date)
    return _deceased(patient, as_of) if what == "deceased" else _age(patient, as_of, what)


def _deceased(patient: Patient, as_of: date) -> Found:
    if patient.deceased_on is not None:
        return Found(patient.deceased_on <= as_of, "found")
    return Found(bool(patient.deceased), "found") if patient.deceased is not None else MISSING


def _age(patient: Patient, as_of: date, what: str) -> Found:
    """The least it can be, where the record does not tell the birthday; months only where it tells them."""
    told = patient.birth_date or patient.age_at or as_of
    lived = months_lived(patient, as_of) if told <= as_of else None
    if lived is None or (what == "months" and lived.most - lived.least > 1):
        return MISSING
    return Found(Decimal(max(lived.years[0] if what == "years" else lived.least, 0)), "found")


def _or_missing(value: Value) -> Found:
    return MISSING if value is None else Found(value, "found")
