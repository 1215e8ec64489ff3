"""What is well-formed but cannot be, or contradicts itself: set aside with the reason, never dropped."""

import calendar
from collections.abc import Sequence
from datetime import date

import msgspec

from atopy.record.model import Event, Patient

# Kinds of which a patient has one value a day.
_ONE_A_DAY = ("measure", "lab", "score", "finding", "exposure", "patch_test")


def set_aside(event: Event, reason: str) -> Event:
    """*event* without its value, which nothing may use, and with the reason; ``said`` keeps what was written."""
    if event.quarantined is not None:
        return event
    said = event.said or (spoken(event) if event.flag is None or event.kind in _ONE_A_DAY else None)
    return msgspec.structs.replace(event, number=None, text=None, flag=None, said=said, quarantined=reason)


def spoken(event: Event) -> str | None:
    """The event's value in words."""
    if event.number is not None:
        return f"{event.number} {event.unit or ''}".strip()
    if event.text is not None:
        return event.text
    return None if event.flag is None else "present" if event.flag else "absent"


def settle(patient: Patient, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events, with those that cannot be, and those that disagree, set aside."""
    birth = _earliest_birth(patient)
    days: dict[tuple[str, date], list[int]] = {}
    settled = list(events)
    for place, event in enumerate(settled):
        if event.date is None or event.quarantined is not None:
            continue
        reason = _impossible_dates(event, birth)
        if reason is not None:
            settled[place] = set_aside(event, reason)
        elif event.kind in _ONE_A_DAY and event.precision == "day":
            days.setdefault((event.code, event.date), []).append(place)
    for places in days.values():
        if len(places) > 1:
            _disagreeing(settled, places)
    return tuple(settled)


def _impossible_dates(event: Event, birth: date | None) -> str | None:
    if event.end is not None and event.date is not None and event.end < event.date:
        return f"ends on {event.end}, before it begins on {event.date}"
    if birth is not None and _last_day(event) < birth:
        return f"is dated {event.date}, before the patient's birth"
    return None


def _disagreeing(events: list[Event], places: list[int]) -> None:
    """Set aside every value of one thing on one day when they differ; which is right, nobody here knows."""
    valued = [p for p in places if _value(events[p]) is not None]
    if len({_value(events[p]) for p in valued}) < 2:
        return
    told = ", ".join(sorted({events[p].said or spoken(events[p]) or "" for p in valued}))
    for place in valued:
        event = events[place]
        reason = f"{len(valued)} values of {event.code.replace('_', ' ')} on {event.date} disagree: {told}"
        events[place] = set_aside(event, reason)


def _value(event: Event) -> object:
    """What may disagree: a number, an answer, or presence at the same sites; None where nothing is said."""
    if event.number is not None or event.text is not None:
        return (event.number, event.text)
    return None if event.flag is None or event.sites else event.flag


def _earliest_birth(patient: Patient) -> date | None:
    """The first day on which the patient can have been born; a stated age leaves a year's room."""
    if patient.birth_date is not None:
        return patient.birth_date
    if patient.age_at is None or patient.age_years is None:
        return None
    return date(patient.age_at.year - patient.age_years - 1, patient.age_at.month, 1)


def _last_day(event: Event) -> date:
    """The last day that the event's date can mean."""
    assert event.date is not None
    if event.precision == "year":
        return event.date.replace(month=12, day=31)
    if event.precision == "month":
        days = calendar.monthrange(event.date.year, event.date.month)[1]
        return event.date.replace(day=days)
    return event.date
