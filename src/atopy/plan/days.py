"""Days as they are read, not as they are sorted: ``20 Nov 2026``."""

from atopy.plan.trace import event_date
from atopy.record import Event

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: str) -> str:
    """``2026-11-20`` as 20 Nov 2026; a month or a year as exact as it was given. No locale."""
    parts = day.split("-")
    if len(parts) == 1:
        return day
    month = _MONTHS[int(parts[1]) - 1]
    return f"{int(parts[2])} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"


def event_day(event: Event) -> str | None:
    """The day of an event in words, as exact as the record had it."""
    day = event_date(event)
    return None if day is None else day_words(day)


__all__ = ["day_words", "event_day"]
