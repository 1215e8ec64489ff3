"""How long a patient has lived on a day: exactly, or the least and the most that the record allows.

A record may tell the day of birth, only its month or year, or an age on some day. One rule here for whatever asks.
"""

from datetime import date, timedelta
from typing import NamedTuple

from atopy.record.dates import by_months, last_of
from atopy.record.model import Patient


class Lived(NamedTuple):
    """Completed months, at least and at most; the same where the birthday is known. Negative before birth."""

    least: int
    most: int

    @property
    def years(self) -> tuple[int, int]:
        """Completed years, at least and at most."""
        return self.least // 12, self.most // 12


def months_lived(patient: Patient, on: date) -> Lived | None:
    """What *patient* can have lived on the day *on*; None where the record tells neither a birth date nor an age."""
    born = _born(patient, on)
    return None if born is None else Lived(completed_months(born[1], on), completed_months(born[0], on))


def completed_months(birth: date, on: date) -> int:
    """Whole months lived on a day; negative before birth."""
    return (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)


def earliest_birth(patient: Patient) -> date | None:
    """The first day on which the patient can have been born; None where nothing tells it."""
    born = _born(patient, None)
    return None if born is None else born[0]


def _born(patient: Patient, on: date | None) -> tuple[date, date] | None:
    """The first and the last possible day of birth. An age without a day is an age on the day *on*."""
    if patient.birth_date is not None:
        return patient.birth_date, last_of(patient.birth_date, patient.birth_precision)
    said = patient.age_at or on
    if said is None or (patient.age_months is None and patient.age_years is None):
        return None
    months, unit = (
        (patient.age_months, 1) if patient.age_months is not None else ((patient.age_years or 0) * 12, 12)
    )
    return by_months(said, -months - unit) + timedelta(days=1), by_months(said, -months)
