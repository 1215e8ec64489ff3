"""Days as they are sorted, ``2026-11-20``, and as they are read, ``20 Nov 2026``: as exact as the record has them."""

from datetime import date, datetime

from atopy.record.dates import EARLIEST_YEAR
from atopy.record.model import Event
from atopy.yaml_source import InputError

LATEST_YEAR = 2999  # far enough from the end of the calendar to look ahead from
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_of(given: date | str, what: str = "") -> date:
    """A day, from a date, a moment or ISO text; *what* is the option that it was given to. Raises InputError."""
    try:
        day = given if isinstance(given, date) else date.fromisoformat(given)
    except (TypeError, ValueError):
        raise InputError(f"{what} '{given}' is not a day. Write it as 2026-11-20.".lstrip()) from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        years = f"between {EARLIEST_YEAR} and {LATEST_YEAR}"
        raise InputError(f"{what} '{given}' is no day of a patient's life. Write one {years}.".lstrip())
    return day.date() if isinstance(day, datetime) else day


def day_words(day: str | date) -> str:
    """``2026-11-20`` as 20 Nov 2026; a month or a year as exact as it was given. No locale."""
    parts = str(day).split("-")
    if len(parts) == 1:
        return parts[0]
    month = _MONTHS[int(parts[1]) - 1]
    return f"{int(parts[2])} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"


def event_date(event: Event) -> str | None:
    """The day of an event, as exact as the record had it, for a machine."""
    if event.date is None:
        return None
    text = event.date.isoformat()
    return text[:4] if event.precision == "year" else text[:7] if event.precision == "month" else text


def event_day(event: Event) -> str | None:
    """The same for a reader."""
    day = event_date(event)
    return None if day is None else day_words(day)


__all__ = ["LATEST_YEAR", "day_of", "day_words", "event_date", "event_day"]
