"""Days as records write them: whole, or only a month or a year."""

import calendar
import re
from datetime import date
from typing import Literal, NamedTuple

Precision = Literal["day", "month", "year"]
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?$")
EARLIEST_YEAR = 1880  # an older year is a slip of the pen, not a living patient's


class Day(NamedTuple):
    """The first and the last day that a text can mean; the same day unless it is partial."""

    first: date
    last: date
    precision: Precision


def parse_day(text: str) -> Day | None:
    """``2026-11-02``, ``2026-11`` or ``2026``; None for anything else, and for days that no calendar has."""
    if len(text) == 10:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        return Day(day, day, "day") if day.year >= EARLIEST_YEAR else None
    partial = _PARTIAL.match(text)
    if partial is None:
        return None
    year, month = int(partial[1]), int(partial[2] or 0)
    if year < EARLIEST_YEAR or month > 12 or (partial[2] and not month):
        return None
    if not month:
        return _whole(date(year, 1, 1), "year")
    return _whole(date(year, month, 1), "month")


def _whole(first: date, precision: Precision) -> Day:
    return Day(first, last_of(first, precision), precision)


def last_of(day: date, precision: Precision) -> date:
    """The last day that a date of this precision can mean."""
    if precision == "day":
        return day
    month = 12 if precision == "year" else day.month
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def by_months(day: date, months: int) -> date:
    """The same day so many months later, or earlier; the 31st becomes the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_moment(text: str) -> Day | None:
    """A FHIR date, dateTime or instant, as the day on the clock of whoever wrote it; no zone is moved."""
    return parse_day(text if len(text) <= 10 else text[:10])
