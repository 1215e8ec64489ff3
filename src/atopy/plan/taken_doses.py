"""Doses that the record gives and that cannot stand: above the maximum, two of one drug at once, in a unit of no use.

Each is named and none is computed with. What is done about it is a row of a table (``above_maximum``).
"""

from collections.abc import Iterable

from atopy.facts.fields import is_running
from atopy.guideline import Dose, Regimen, Therapy
from atopy.plan.case import Case
from atopy.plan.dose import calculated
from atopy.plan.entries import event_ref, origin, shown
from atopy.plan.model import Line
from atopy.plan.weight import kilograms
from atopy.record import Event, event_day

_CHECK = "check what is taken; lower the dose or correct the record, and work no other dose out from it"
_PLAIN_ABOVE = "The dose in your record is higher than the top dose. Ask us before you take the next one."
_PLAIN_TWO = "Your record gives two doses of this medicine. Tell us which one you take."
_PLAIN_UNIT = "we could not use the dose of this entry. Please ask us to check it."


def above(case: Case, therapy: Therapy) -> tuple[Line, ...]:
    """Each maximum that the recorded dose is above."""
    if case.value("above_maximum", therapy.id) is not True:
        return ()
    passed = [r for r in therapy.regimens if case.value("dose_above", r.id) is True]
    ceilings = [r for r in passed if r.loading is None and r.dose is None]
    lines = {line.clinician: line for line in (_above(case, r) for r in reversed(ceilings or passed))}
    return tuple(reversed(lines.values()))  # what several regimens say alike is said once


def _above(case: Case, regimen: Regimen) -> Line:
    tops = [calculated(d, kilograms(case)) for d in _tops(regimen)]
    what = "the maximum" if regimen.maximum is not None else "each dose of this regimen"
    said = f"The recorded dose is above {what}, {' and '.join(tops)}: {_CHECK}."
    return Line(
        f"taken-{regimen.id}-above", "taken_now", "reduce", said, _PLAIN_ABOVE, group="limit",
        sources=case.cite(regimen.sources), trace=case.why("dose_above", regimen.id),
    )  # fmt: skip


def _tops(regimen: Regimen) -> list[Dose]:
    if regimen.maximum is not None:
        return [regimen.maximum]
    return [d for d in (regimen.loading, regimen.dose, *regimen.then) if d is not None]


def unusable(case: Case) -> tuple[Line, ...]:
    """Doses of running courses that are not used, and why."""
    running = [e for e in case.record.events if e.kind == "treatment" and is_running(e) and case.known(e)]
    usable = [e for e in running if not e.quarantined]
    lines = [_unit(case, e) for e in usable if e.dose_set_aside is not None]
    if len(usable) > 1:
        lines += _two(case, usable)
    return tuple(lines)


def _unit(case: Case, event: Event) -> Line:
    ref = event_ref(event, case.explainer.title(event.code))
    day = event_day(event) or "no date"
    said = f"{ref.what} ({day}): {event.dose_set_aside}. That it is taken counts; its dose is unknown"
    return Line(
        f"quarantined-{event.id}", "quarantined", "note", said, f"{ref.what}: {_PLAIN_UNIT}", status="quarantined",
        detail=origin(ref),
    )  # fmt: skip


def _two(case: Case, running: Iterable[Event]) -> list[Line]:
    """One drug in two courses whose doses differ."""
    by_code: dict[str, list[Event]] = {}
    for event in running:
        if event.dose is not None:
            by_code.setdefault(event.code, []).append(event)
    lines = []
    for code, events in by_code.items():
        if len({e.dose for e in events}) < 2:
            continue
        doses = " and ".join(_dose(e) for e in events)
        name = case.explainer.title(code)
        said = f"{name}: two doses at once, {doses}. None is used: end one of the courses in the record"
        plain = f"{case.plain(code)}: {_PLAIN_TWO}"
        lines.append(
            Line(f"two-doses-{code}", "quarantined", "note", said, plain, status="quarantined"),
        )
    return lines


def _dose(event: Event) -> str:
    assert event.dose is not None
    since = f" since {event_day(event)}" if event.date else ""
    return f"{shown(event.dose.value)} {event.dose.unit}{since}"
