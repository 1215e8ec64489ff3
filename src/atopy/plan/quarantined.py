"""What the record holds and the plan does not use: set aside, with the reason, or dated after its day."""

from atopy.plan import taken_doses
from atopy.plan.case import Case
from atopy.plan.entries import event_ref, named, origin
from atopy.plan.model import Line
from atopy.record import Event, day_words, event_day

_NAMED = 6  # entries that are named of those that are not counted


def quarantined(case: Case) -> tuple[Line, ...]:
    """What the record holds and the plan does not use, with the reason."""
    listed = [e for e in case.record.events if e.quarantined and case.known(e)]
    once = {
        (e.code, e.date, e.quarantined): e for e in reversed(listed)
    }  # values that disagree are told together, once
    aside = (*(_set_aside(case, e) for e in reversed(once.values())), *taken_doses.unusable(case))
    later = [e for e in case.record.events if not case.known(e) and not _meant(e)]
    return (*aside, _later(case, later)) if later else aside


def _meant(event: Event) -> bool:
    """Whether it may well lie ahead: a visit, a plan, what life brings."""
    return event.kind in ("life_event", "encounter") or event.status == "planned"


def _later(case: Case, events: list[Event]) -> Line:
    """What had not happened, or was not written down, by the day of the plan: it may be a date that was mistyped."""
    first = sorted(events, key=lambda e: (e.date or e.recorded or case.as_of, e.id))
    said = [_dated(case, e) for e in first[:_NAMED]]
    more = f" and {len(first) - _NAMED} more" if len(first) > _NAMED else ""
    return Line(
        "quarantined-later", "quarantined", "note",
        f"{'; '.join(said)}{more}: after the day of this plan, not counted",
        "Some entries have a date after the day of this plan. We did not use them. Please ask us to check the dates.",
        status="quarantined", detail="if a date was mistyped, correct it and make the plan anew",
    )  # fmt: skip


def _dated(case: Case, event: Event) -> str:
    ref = event_ref(event, case.explainer.title(event.code))
    written = f"written down {day_words(event.recorded)}" if event.recorded else None
    return named(ref, event_day(event) or written)


def _set_aside(case: Case, event: Event) -> Line:
    ref = event_ref(event, case.explainer.title(event.code))
    said = f"{named(ref, event_day(event))}: {event.quarantined}"
    known = (ref.what if event.label else case.plain(event.code)).removeprefix("unknown:")
    plain = f"{known} {ref.value}" if ref.value else known
    plain += ": we could not use this entry. Please ask us to check it."
    return Line(
        f"quarantined-{event.id}",
        "quarantined",
        "note",
        said,
        plain,
        status="quarantined",
        detail=origin(ref),
    )
