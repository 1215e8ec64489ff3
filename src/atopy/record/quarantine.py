"""What is well-formed but cannot be, or contradicts itself: set aside with the reason, never dropped."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from atopy.record.dates import last_of
from atopy.record.days import day_words, event_day
from atopy.record.lived import earliest_birth, months_lived
from atopy.record.model import Event, Patient
from atopy.record.units import unit_words
from atopy.record.vocabulary import Term

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
        return f"{event.number} {unit_words(event.unit or '')}".strip()
    if event.text is not None:
        return event.text
    return None if event.flag is None else "present" if event.flag else "absent"


def settle(patient: Patient, events: Sequence[Event], terms: Mapping[str, Term]) -> tuple[Event, ...]:
    """The events, with those that cannot be, and those that disagree, set aside."""
    birth = earliest_birth(patient)
    days: dict[tuple[str, date], list[int]] = {}
    settled = list(events)
    for place, event in enumerate(settled):
        if event.date is None or event.quarantined is not None:
            continue
        reason = _impossible_dates(event, birth) or _impossible_at_age(event, patient, terms)
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
        return f"ends on {day_words(event.end)}, before it begins on {event_day(event)}"
    if birth is not None and _last_day(event) < birth:
        return f"is dated {event_day(event)}, before the patient's birth"
    return None


def _impossible_at_age(event: Event, patient: Patient, terms: Mapping[str, Term]) -> str | None:
    """A value that nobody of that age can have. Ages that the record does not tell closely enough rule nothing out."""
    term = terms.get(event.code)
    if term is None or not term.plausible_by_age or event.number is None or event.date is None:
        return None
    lived = months_lived(patient, event.date)
    if lived is None:
        return None
    rows = term.plausible_by_age
    starts = (None, *(row.below_months for row in rows))
    fitting = [
        row
        for start, row in zip(starts, rows, strict=False)
        if lived.least < row.below_months and (start is None or lived.most >= start)
    ]
    if not fitting:
        return None
    low, high = min(r.range[0] for r in fitting), max(r.range[1] for r in fitting)
    if low <= event.number <= high:
        return None
    return f"{spoken(event)} cannot be at this age: between {low} and {high} {event.unit or ''} is possible".rstrip()


def _disagreeing(events: list[Event], places: list[int]) -> None:
    """Set aside every value of one thing on one day when they differ; which is right, nobody here knows."""
    valued = [p for p in places if _value(events[p]) is not None]
    if len({_value(events[p]) for p in valued}) < 2:
        return
    told = unit_words(", ".join(sorted({events[p].said or spoken(events[p]) or "" for p in valued})))
    for place in valued:
        event = events[place]
        reason = (
            f"{len(valued)} values of {event.code.replace('_', ' ')} on {event_day(event)} disagree: {told}"
        )
        events[place] = set_aside(event, reason)


def _value(event: Event) -> object:
    """What may disagree: a number, an answer, or presence at the same sites; None where nothing is said."""
    if event.number is not None or event.text is not None:
        return (event.number, event.text)
    return None if event.flag is None or event.sites else event.flag


def _last_day(event: Event) -> date:
    """The last day that the event's date can mean."""
    assert event.date is not None
    return last_of(event.date, event.precision)
