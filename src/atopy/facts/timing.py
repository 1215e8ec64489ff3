"""When something that comes back is due: from the start of a course, what was done since, and what sources ask for.

Arithmetic of dates only. Which intervals there are, what counts as done and what being late leads to is content.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import msgspec

from atopy.facts.fields import is_running
from atopy.facts.spans import ahead, back
from atopy.record import Event

BRIDGE_DAYS = 14
"""Courses that follow within so many days count as one."""

Cover = tuple[tuple[str, str], ...]
"""Kinds and codes of events; an event of any of them counts."""


class Phase(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An interval that holds from the phase before it until a time after the start; the last one goes on."""

    every: str
    to: str | None = None  # where the source gives a range ("every 4 to 6 weeks"): its longer end
    up_to: str | None = None  # counted from the start
    tolerance: str | None = None  # how early it counts and how late it is not yet overdue


class Timetable(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One timetable: at fixed times after the start, or again and again; and after each dose increase."""

    at: tuple[str, ...] = ()
    every: tuple[Phase, ...] = ()
    after_increase: str | None = None
    tolerance: str | None = None  # of the fixed times, and of a phase that has none of its own
    country: str | None = None


class Due(NamedTuple):
    """A day on which something is due, and the days between which it counts."""

    due: date
    earliest: date
    latest: date


class Course(NamedTuple):
    """A course that is running: its first day, the days its dose went up, and its events in the record."""

    start: date
    increases: tuple[date, ...]
    events: tuple[Event, ...]


def course_of(running: Iterable[Event], others: Iterable[Event]) -> Course | None:
    """The course that *running* belongs to, with those of *others* that led into it. None without a first day."""
    dated = sorted((e for e in running if e.date is not None), key=_first_day)
    if not dated:
        return None
    start, used = _first_day(dated[0]), list(dated)
    before = [
        e for e in others if e.date and e.end and not e.quarantined and e.status in ("past", "current", None)
    ]
    for event in sorted(before, key=_first_day, reverse=True):
        assert event.end is not None
        if not is_running(event) and event not in used and (start - event.end).days <= BRIDGE_DAYS:
            if _first_day(event) <= start:
                start = _first_day(event)
                used.insert(0, event)
    return Course(start, _increases(used), tuple(used))


def _first_day(event: Event) -> date:
    return event.date or date.min


def _increases(events: list[Event]) -> tuple[date, ...]:
    """Days on which the dose of the same drug went up."""
    found = []
    for earlier, later in pairwise(events):
        if earlier.code != later.code or earlier.dose is None or later.dose is None or later.date is None:
            continue
        if earlier.dose.unit == later.dose.unit and later.dose.value > earlier.dose.value:
            found.append(later.date)
    return tuple(found)


def last_done(
    groups: Sequence[Sequence[Event]], since: date, as_of: date
) -> tuple[date | None, tuple[Event, ...]]:
    """The day from which everything was done: the oldest of what is newest in each group, with those events."""
    newest: list[Event] = []
    for group in groups:
        known = [e for e in group if e.date is not None and since <= e.date <= as_of and _counts(e)]
        if not known:
            return None, ()
        newest.append(max(known, key=_first_day))
    if not newest:
        return None, ()
    return min(_first_day(e) for e in newest), tuple(dict.fromkeys(newest))


def _counts(event: Event) -> bool:
    return (
        event.quarantined is None and event.flag is not False and event.status not in ("planned", "declined")
    )


def next_due(table: Timetable, start: date, increases: Sequence[date], last: date | None) -> Due | None:
    """What one timetable asks for next, when it was last done on *last*; None when it asks for no more."""
    asked = [d for d in (_fixed(table, start, last), _again(table, start, last)) if d is not None]
    raised = max(increases, default=None)
    if table.after_increase and raised is not None and (last is None or last <= raised):
        asked.append(_window(ahead(raised, table.after_increase), None, table.tolerance))
    return min(asked, default=None)


def _fixed(table: Timetable, start: date, last: date | None) -> Due | None:
    for span in table.at:
        found = _window(ahead(start, span), None, table.tolerance)
        if last is None or last < found.earliest:
            return found
    return None


def _again(table: Timetable, start: date, last: date | None) -> Due | None:
    base = last or start
    for phase in table.every:
        if phase.up_to is None or base < ahead(start, phase.up_to):
            longest = ahead(base, phase.to) if phase.to else None
            return _window(ahead(base, phase.every), longest, phase.tolerance or table.tolerance)
    return None


def _window(due: date, longest: date | None, tolerance: str | None) -> Due:
    """A range of the source is the window; else the tolerance, to both sides."""
    if longest is not None:
        return Due(due, due, longest)
    return Due(due, back(due, tolerance), ahead(due, tolerance)) if tolerance else Due(due, due, due)


def strictest(
    tables: Sequence[Timetable], start: date, increases: Sequence[date], last: date | None
) -> tuple[int, Due] | None:
    """What is asked for first, with the place of the timetable that asks; ties go to the shorter window."""
    asked = [(next_due(t, start, increases, last), i) for i, t in enumerate(tables)]
    known = [(d.due, d.latest, i, d) for d, i in asked if d is not None]
    if not known:
        return None
    _, _, place, found = min(known, key=lambda k: k[:3])
    return place, found


def planned(
    tables: Sequence[Timetable], start: date, first: Due, until: date, most: int = 60
) -> tuple[Due, ...]:
    """What follows *first* if all is done on its day, up to *until*."""
    found: list[Due] = []
    last = first.due
    while len(found) < most:
        following = strictest(tables, start, (), last)
        if following is None or following[1].due > until or following[1].due <= last:
            break
        found.append(following[1])
        last = following[1].due
    return tuple(found)


def here(tables: Iterable[Timetable], country: str | None) -> tuple[Timetable, ...]:
    """The timetables of this country; without a country all, so that the strictest holds."""
    return tuple(t for t in tables if country is None or t.country in (None, country))
