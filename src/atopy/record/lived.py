"""How long a patient has lived on a day: exactly, or the least and the most that the record allows.

A record may tell the day of birth, only its month or year, or an age on some day. One rule here for whatever asks.
"""

import calendar
from datetime import date, timedelta
from typing import NamedTuple

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
        return patient.birth_date, _last_of(patient.birth_date, patient.birth_precision)
    said = patient.age_at or on
    if said is None or (patient.age_months is None and patient.age_years is None):
        return None
    months, unit = (
        (patient.age_months, 1) if patient.age_months is not None else ((patient.age_years or 0) * 12, 12)
    )
    return _before(said, months + unit) + timedelta(days=1), _before(said, months)


def _last_of(day: date, precision: str) -> date:
    if precision == "day":
        return day
    month = 12 if precision == "year" else day.month
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def _before(day: date, months: int) -> date:
    """The same day of the month so many months before; the 31st becomes the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
