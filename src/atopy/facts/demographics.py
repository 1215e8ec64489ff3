"""Something of the patient that is no event: age, sex, country, whether he lives."""

from datetime import date
from decimal import Decimal

from atopy.criteria import Value
from atopy.facts.found import MISSING, Found
from atopy.facts.spans import completed_months, completed_years
from atopy.record import Patient


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
    """From the day of birth; else from an age that was written down, and the time since."""
    if patient.birth_date is not None and patient.birth_date <= as_of:
        lived = completed_years if what == "years" else completed_months
        return Found(Decimal(lived(patient.birth_date, as_of)), "found")
    base = patient.age_at or as_of
    if patient.birth_date is not None or base > as_of:
        return MISSING
    passed = completed_months(base, as_of)
    months = patient.age_months if patient.age_months is not None else _twelve(patient.age_years)
    if months is None or (what == "months" and patient.age_months is None):
        return MISSING
    return Found(Decimal((months + passed) // (12 if what == "years" else 1)), "found")


def _twelve(years: int | None) -> int | None:
    return None if years is None else years * 12


def _or_missing(value: Value) -> Found:
    return MISSING if value is None else Found(value, "found")
