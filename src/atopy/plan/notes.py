"""Overrides in force, each with who and why, and the notes of the record, shown as they stand."""

from atopy.plan.case import Case
from atopy.plan.model import Line, Trace
from atopy.plan.trace import event_date
from atopy.record import Event

_KINDS = ("override", "note")


def said(case: Case) -> tuple[Line, ...]:
    """What somebody wrote: nothing of it is interpreted."""
    if not any(case.world.listed(kind) for kind in _KINDS):
        return ()
    return tuple(_said(case, e) for e in case.record.events if e.kind in _KINDS and case.known(e))


def _said(case: Case, event: Event) -> Line:
    text = plain = event.text or ""
    if event.kind == "override":
        who = event.by or "somebody not named"
        why = event.reason or text
        text = f"Set aside by {who}: {case.explainer.title(event.code)} ({why})"
        plain = f"{who} set this aside: {case.plain(event.code)} ({why})"
    when = f", {event_date(event)}" if event.date else ""
    return Line(
        f"{event.kind}-{event.id}", "assessment", "note", f"{text}{when}", f"{plain}{when}", group=event.kind,
        trace=Trace(text, events=(case.event(event),)),
    )  # fmt: skip
