"""Treatment targets of each course that is going on, with the day each falls due; and what a core set still lacks."""

from datetime import date
from decimal import Decimal

from atopy.facts.fields import is_running
from atopy.facts.spans import ahead, back
from atopy.guideline import Judgement
from atopy.instruments import (
    CoreOutcomeSet,
    Target,
    TargetFramework,
    TargetReading,
    home_core_set_status,
    target_status,
)
from atopy.plan.case import Case
from atopy.plan.courses import given_courses
from atopy.plan.model import Line, Trace
from atopy.plan.references import study_label
from atopy.plan.responses import before_and_now, changes
from atopy.plan.scores import SCORE_WINDOW, held_scores
from atopy.record import Event, day_words, event_day
from atopy.truth import NAMES

Values = dict[str, Decimal]


def targets(case: Case) -> tuple[Line, ...]:
    """One line for each course that is going on and has targets; its parts are the targets."""
    lines: list[Line] = []
    for event in given_courses(case):
        judgement = case.guidance.judged.get(event.code)
        if judgement is None or not judgement.targets or not is_running(event) or event.date is None:
            continue
        name = event.label or case.explainer.title(event.code)
        parts = target_lines(case, judgement, event)
        said = f"Targets of {name}, begun {event_day(event)}"
        plain = f"Goals of {case.guidance.plain.get(event.code, name)}. Begun {event_day(event)}"
        lines.append(Line(
            f"targets-{event.id}", "assessment", "assess", said, plain, group="target",
            trace=Trace(name, events=(case.event(event),)), parts=parts,
        ))  # fmt: skip
    return tuple(lines)


def target_lines(case: Case, judgement: Judgement, event: Event) -> tuple[Line, ...]:
    """Each target of each framework, met, not met or not known, with the day it falls due."""
    before, now = values(case, judgement, event)
    frameworks = [case.guidance.measured.frameworks[f] for f in judgement.targets]
    return tuple(
        _target(case, event, framework, target, target_status(framework, target, before, now))
        for framework in frameworks
        for target in framework.targets
        if target.months is not None
    )


def values(case: Case, judgement: Judgement, event: Event) -> tuple[Values, Values]:
    """The totals at the start of a course, and those since, by instrument."""
    before: Values = {}
    now: Values = {}
    for change in changes(case, judgement, event):
        for found, into in ((change.before, before), (change.now, now)):
            if found is not None and found.number is not None:
                into[change.instrument.id] = found.number
    for measure in case.guidance.measured.no_instruments:
        events = [
            e for e in case.world.listed("score").get(measure, ()) if not e.quarantined and case.known(e)
        ]
        if events:
            for found, into in zip(
                before_and_now(case, judgement, event, events), (before, now), strict=True
            ):
                if found is not None and found.number is not None:
                    into[measure] = found.number
    return before, now


def _target(
    case: Case, event: Event, framework: TargetFramework, target: Target, reading: TargetReading
) -> Line:
    assert event.date is not None and target.months is not None
    due = ahead(event.date, f"{target.months} months")
    label = f"{study_label(case.compiled, framework.source)} [{case.number(framework.source)}]"
    when = f"{'due' if due >= case.as_of else 'was due'} {day_words(due)}"
    reached = [v.name for v in reading.criteria if v.met is True]
    missed = [v.name for v in reading.criteria if v.met is False]
    said = [
        f"met: {', '.join(reached)}" if reached else "",
        f"not met: {', '.join(missed)}" if missed else "",
        f"needs {_named(case, reading.needs)}" if reading.needs else "",
        "" if reading.verified else "figures partly recalled",
    ]
    return Line(
        f"target-{event.id}-{framework.id}-{target.id}", "assessment", "assess",
        f"{target.name[:1].upper()}{target.name[1:]} ({label}), {when}", _plain(target, due, case.as_of),
        status=NAMES[reading.met], group="target",
        detail="; ".join(x for x in said if x) or None,
    )  # fmt: skip


def _named(case: Case, needs: str) -> str:
    """What a target still needs, by the names of the instruments."""
    instruments = case.guidance.measured.instruments
    words = needs.replace("a choice among ", "").split(", ")
    said = ", ".join(instruments[w].short if w in instruments else w.replace("_", " ") for w in words)
    return f"a choice among {said}" if needs.startswith("a choice among ") else said


def _plain(target: Target, due: date, today: date) -> str:
    day = day_words(due)
    name = target.patient_name or "Goal"
    return f"{name}, for {day}" if due >= today else f"{name}, which fell on {day}"


def core_sets(case: Case) -> tuple[Line, ...]:
    """What of each core outcome set was measured lately; nothing where nothing was."""
    since = back(case.as_of, SCORE_WINDOW)
    held = held_scores(case)
    lately = {id_ for id_, events in held.items() if events[-1].date is not None and events[-1].date >= since}
    return tuple(_core_set(case, s, lately) for s in case.guidance.measured.core_sets) if lately else ()


def _core_set(case: Case, core_set: CoreOutcomeSet, lately: set[str]) -> Line:
    years = case.value("age_years")
    reading = home_core_set_status(core_set, lately, years if isinstance(years, Decimal) else None)
    lacking = [d for d in reading.domains if d.complete is not True]
    short = {i.id: i.short for i in case.guidance.measured.instruments.values()}
    wanted = "; ".join(f"{d.name}: {_wanted(d.wanted, short) or d.because}" for d in lacking)
    label = f"{study_label(case.compiled, core_set.source)} [{case.number(core_set.source)}]"
    done = len(reading.domains) - len(lacking)
    said = f"{core_set.name} ({label}): {done} of {len(reading.domains)} domains measured in the last {SCORE_WINDOW}"
    return Line(
        f"core-set-{core_set.id}", "assessment", "assess", said, None,
        status=NAMES[reading.complete], group="core_set",
        detail=f"still to measure: {wanted}" if wanted else None,
    )  # fmt: skip


def _wanted(ids: tuple[str, ...], short: dict[str, str]) -> str:
    return ", ".join(short.get(i, i) for i in ids)
