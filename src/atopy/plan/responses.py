"""What the scores did during a course: against those of its start, by every published definition."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from atopy.facts.beside import window
from atopy.facts.spans import back
from atopy.guideline import Judgement
from atopy.instruments import Instrument, Response
from atopy.plan.case import Case
from atopy.plan.entries import shown
from atopy.plan.model import Line
from atopy.plan.references import study_label
from atopy.plan.scores import SCORE_WINDOW, held_scores
from atopy.record import Event, event_day


class Change(NamedTuple):
    """One instrument before a course and now (or at its end); either may be missing."""

    instrument: Instrument
    before: Event | None
    now: Event | None


def changes(case: Case, judgement: Judgement, course: Event) -> tuple[Change, ...]:
    """Each instrument that speaks for a course, at its start or since."""
    instruments = case.guidance.measured.instruments
    found = []
    for id_, events in held_scores(case).items():
        before, now = before_and_now(case, judgement, course, events)
        if before is not None or now is not None:
            found.append(Change(instruments[id_], before, now))
    return tuple(found)


def before_and_now(
    case: Case, judgement: Judgement, course: Event, events: Sequence[Event]
) -> tuple[Event | None, Event | None]:
    """The newest of *events* (oldest first) at the start of a course, and the newest since; either may be missing."""
    span = window(course, case.as_of)
    if span is None:
        return None, None
    first, last = span
    since = back(first, judgement.baseline_within)
    dated = [e for e in events if e.date is not None]
    before = [e for e in dated if since <= _day(e) <= first]
    after = [e for e in dated if _speaks_for(case, judgement, course, _day(e), first, last)]
    return before[-1] if before else None, after[-1] if after else None


def _day(event: Event) -> date:
    assert event.date is not None
    return event.date


def _speaks_for(case: Case, judgement: Judgement, course: Event, day: date, first: date, last: date) -> bool:
    """A score after the start: of a course going on one that is still in date, of a past one until soon after."""
    if day <= first:
        return False
    if last >= case.as_of:
        return day >= back(case.as_of, SCORE_WINDOW)
    return back(day, judgement.settles_within) <= last


def response_lines(case: Case, course: Event, listed: tuple[Change, ...]) -> tuple[Line, ...]:
    """One part of a course's line for each instrument measured before it and since."""
    lines = []
    for instrument, before, now in listed:
        if before is None or now is None or before.number is None or now.number is None:
            continue
        made = case.guidance.measured.response(instrument, before.number, now.number)
        lines.append(_line(case, course, instrument, before, now, made))
    return tuple(lines)


def _line(
    case: Case, course: Event, instrument: Instrument, before: Event, now: Event, made: Response
) -> Line:
    spoken = f"{shown(before.number)} to {shown(now.number)}"
    called = case.phrase(case.phrases.scores, instrument.id)[1] or instrument.short
    amount = _amount(made)
    reached = [d.name for d in made.definitions if d.met is True]
    missed = [d.name for d in made.definitions if d.met is False]
    important = _important(case, made)
    said = [
        f"met: {', '.join(reached)}" if reached else "",
        f"not met: {', '.join(missed)}" if missed else "",
        important,
        f"{event_day(before)} and {event_day(now)}",
    ]
    status = (
        {True: "met", False: "not met", None: None}[made.definitions[0].met] if made.definitions else None
    )
    return Line(
        f"response-{course.id}-{instrument.id}", "assessment", "assess",
        f"{instrument.short} {spoken}, {amount}", f"{called} {spoken}, {amount}",
        status=status, group="response", detail="; ".join(x for x in said if x),
    )  # fmt: skip


def _amount(made: Response) -> str:
    better = made.improvement or Decimal(0)
    if not better:
        return "no change"
    word = "better" if better > 0 else "worse"
    percent = made.percent_reported
    return f"{shown(abs(percent))} % {word}" if percent is not None else f"{shown(abs(better))} points {word}"


def _important(case: Case, made: Response) -> str:
    """Whether the change passes what somebody published as mattering to patients; the first that can say so."""
    known = [c for c in made.important if c.reached is not None]
    if not known:
        return ""
    pick = next((c for c in known if c.reached), known[0])
    label = f"{study_label(case.compiled, pick.source)} [{case.number(pick.source)}]"
    word = "an important change" if pick.reached else "less than an important change"
    return f"{word} ({pick.threshold}, {label})"
