"""Each instrument's newest score: its band with the study that set it, whether it is out of date, and the trend."""

from collections.abc import Mapping
from decimal import Decimal

from atopy.facts.spans import back
from atopy.instruments import Instrument
from atopy.plan.case import Case
from atopy.plan.entries import shown
from atopy.plan.model import Line, Trace
from atopy.plan.references import study_label
from atopy.record import Event, event_day

SCORE_WINDOW = "60 days"
_KINDS = ("score", "measure")


def scores(case: Case) -> tuple[Line, ...]:
    """One line for each instrument that the record holds a total of, in the order of the instruments."""
    held = held_scores(case)
    return tuple(_score(case, case.guidance.measured.instruments[id_], held[id_]) for id_ in held)


def held_scores(case: Case) -> Mapping[str, list[Event]]:
    """The usable totals of each instrument, oldest first."""
    if case.scores is None:
        case.scores = _held(case)
    return case.scores


def _held(case: Case) -> dict[str, list[Event]]:
    place = case.guidance.measured.place
    found: dict[str, list[Event]] = {}
    for kind in _KINDS:
        for code, events in case.world.listed(kind).items():
            if code in place:
                usable = [e for e in events if e.number is not None and not e.quarantined and case.known(e)]
                if usable:
                    found.setdefault(code, []).extend(usable)
    return dict(sorted(found.items(), key=lambda pair: place[pair[0]]))


def _score(case: Case, instrument: Instrument, events: list[Event]) -> Line:
    newest = events[-1]
    assert newest.number is not None
    reading = case.guidance.measured.band(instrument, newest.number)
    old = newest.date is not None and newest.date < back(case.as_of, SCORE_WINDOW)
    band = (
        f"{reading.label} ({_study(case, reading.source)}: {reading.limits})"
        if reading and reading.label
        else ""
    )
    value = f"{shown(newest.number)} %" if instrument.unit == "%" else shown(newest.number)
    called = case.phrase(case.phrases.scores, instrument.id)[1] or instrument.short
    status = "stale" if old else reading.code if reading else None
    trend = _trend(case, instrument, events[-2], newest) if len(events) > 1 else None
    stale = f"out of date: {event_day(newest)}" if old else event_day(newest)
    return Line(
        f"score-{instrument.id}", "assessment", "note", f"{instrument.short} {value}", f"{called} {value}",
        status=status, group="score", detail="; ".join(x for x in (band, trend, stale) if x),
        patient_detail=reading.label if reading else None,
        trace=Trace(instrument.name, value=shown(newest.number), events=(case.event(newest),)),
    )  # fmt: skip


def _study(case: Case, source: str) -> str:
    """A band is never shown without its study."""
    return f"{study_label(case.compiled, source)} [{case.number(source)}]"


def _trend(case: Case, instrument: Instrument, before: Event, now: Event) -> str | None:
    """Change since the last value, and whether it passes an important change that somebody published."""
    if before.number is None or now.number is None or before.number == now.number:
        return None
    reading = case.guidance.measured.response(instrument, before.number, now.number)
    important = [c for c in reading.important if c.reached]
    word = "better" if (reading.improvement or Decimal(0)) > 0 else "worse"
    points = abs(now.number - before.number)
    said = f"{shown(points)} points {word} than on {event_day(before)}"
    return (
        f"{said}, an important change ({study_label(case.compiled, important[0].source)})"
        if important
        else said
    )
