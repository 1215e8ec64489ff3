"""Overrides, each with who, when and why and whether it still counts; and the notes of the record as they stand."""

from atopy.plan.case import Case
from atopy.plan.model import Line, Trace
from atopy.record import Event, event_day

SET_ASIDE = "set-aside"
LAPSED = "lapsed"
_KINDS = ("override", "note")
_FACT = "overridden"
_OVER = ("no longer in force", "this no longer counts")


def said(case: Case) -> tuple[Line, ...]:
    """What somebody wrote: nothing of it is interpreted."""
    if not any(case.world.listed(kind) for kind in _KINDS):
        return ()
    return tuple(_said(case, e) for e in case.record.events if e.kind in _KINDS and case.known(e))


def _said(case: Case, event: Event) -> Line:
    return _override(case, event) if event.kind == "override" else _note(case, event)


def _note(case: Case, event: Event) -> Line:
    text = event.text or ""
    said = f"{text} ({event_day(event)})" if event.date else text
    return Line(
        f"note-{event.id}", "assessment", "note", said, said, group="note",
        trace=Trace(text, events=(case.event(event),)),
    )  # fmt: skip


def _override(case: Case, event: Event) -> Line:
    """One gate that somebody set aside; a patient meets no disease here that a doctor names first."""
    by, why = _by(event), _why(event)
    text = f"{case.explainer.title(event.code)}: set aside by {by} ({why})"
    mimic = case.compiled.mimics.get(event.code)
    hidden = mimic is not None and mimic.clinician_first
    over = _OVER if not _speaks(case, event) else (None, None)
    return Line(
        f"override-{event.id}", "assessment", "note", text,
        None if hidden else f"{case.plain(event.code)}: set aside by {by} ({why})", group="override",
        reason=LAPSED if over[0] else None, clinician_reason=over[0], patient_reason=over[1],
        trace=Trace(text, events=(case.event(event),)),
    )  # fmt: skip


def set_aside(case: Case, gate: str) -> tuple[str | None, str | None]:
    """Of what is present or suspected and holds nothing back: who set it aside, when and why, for each reader."""
    event = next(iter(_speaking(case, gate)), None)
    if event is None:
        return None, None
    said = f"set aside by {_by(event)} ({_why(event)})"
    return said, said


def _by(event: Event) -> str:
    """Who, and when."""
    who, day = event.by or "somebody not named", event_day(event)
    return f"{who} on {day}" if day else who


def _why(event: Event) -> str:
    return event.reason or event.text or "no reason given"


def _speaks(case: Case, event: Event) -> bool:
    """Whether an override is in force: the fact that the gates read rests on it."""
    return any(e.id == event.id for e in _speaking(case, event.code))


def _speaking(case: Case, gate: str) -> tuple[Event, ...]:
    if _FACT not in case.compiled.facts or gate not in case.compiled.domains["gate"]:
        return ()
    found = case.found(_FACT, gate)
    return found.events if found.value is True else ()
