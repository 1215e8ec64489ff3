"""How an entry of the record is written in a plan: its name, value, day and where it stands."""

from datetime import date
from decimal import Decimal

from atopy.plan.model import EventRef
from atopy.record import Event, event_date, unit_words


def event_ref(event: Event, title: str) -> EventRef:
    """An event as the plan cites it."""
    return EventRef(
        event.id, event.label or title, event_date(event), event_value(event),
        event.origin.file, event.origin.line, event.origin.resource,
    )  # fmt: skip


def event_value(event: Event) -> str | None:
    """What an event says: a number with its unit, a text, or presence."""
    if event.number is not None:
        return f"{shown(event.number)} {unit_words(event.unit or '')}".rstrip()
    if event.text is not None:
        return event.text
    return {True: "present", False: "absent", None: None}[event.flag]


def shown(value: bool | Decimal | str | date | None) -> str | None:
    """A value as text: decimals without a trailing zero or exponent."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def named(ref: EventRef, day: str | None) -> str:
    """An entry as a line names it: what, its value, and when."""
    what = ref.what.removeprefix("unknown:")
    return f"{what} {ref.value} ({day or 'no date'})" if ref.value else f"{what} ({day or 'no date'})"


def origin(ref: EventRef) -> str | None:
    """Where an entry stands: its resource, or its file and line."""
    return ref.resource or (f"{ref.file}:{ref.line}" if ref.line else ref.file)


__all__ = ["event_ref", "event_value", "named", "origin", "shown"]
