"""Assessment: each instrument with its band and study, trend, severity, refractory, past courses."""

from decimal import Decimal

from atopy.criteria import Ref
from atopy.facts import EventScope, When
from atopy.facts.spans import back
from atopy.instruments import Instrument, band_of, response
from atopy.plan.case import Case
from atopy.plan.model import Line, Trace
from atopy.plan.references import study_label
from atopy.plan.sections import advice
from atopy.plan.trace import event_date, shown
from atopy.record import Event

FINDINGS = ("severity", "severe", "refractory", "uncontrolled", "costly_to_wait", "change_of_course")
SCORE_WINDOW = "60 days"


def assessment(case: Case) -> tuple[Line, ...]:
    """Scores, the findings they lead to, past treatment, what was set aside or noted, what is known of measuring."""
    return (*scores(case), *findings(case), *courses(case), *said(case), *advice(case, "assessment"))


def scores(case: Case) -> tuple[Line, ...]:
    """Each instrument's newest score with its band and the study that set it."""
    lines: list[Line] = []
    for instrument in case.compiled.instruments.instruments:
        events = [
            e for e in case.record.events
            if e.kind in ("score", "measure") and e.code == instrument.id
            and e.number is not None and not e.quarantined and case.known(e)
        ]  # fmt: skip
        if events:
            events.sort(key=lambda e: (e.date is not None, e.date or case.as_of))
            lines.append(_score(case, instrument, events))
    return tuple(lines)


def _score(case: Case, instrument: Instrument, events: list[Event]) -> Line:
    newest = events[-1]
    assert newest.number is not None
    reading = band_of(instrument, newest.number)
    old = newest.date is not None and newest.date < back(case.as_of, SCORE_WINDOW)
    band = (
        f"{reading.label} ({_study(case, reading.source)}: {reading.limits})"
        if reading and reading.label
        else ""
    )
    name = f"{instrument.short} {shown(newest.number)}"
    called = case.phrase(case.phrases.scores, instrument.id)[1] or instrument.short
    status = "stale" if old else reading.code if reading else None
    trend = _trend(case, instrument, events[-2], newest) if len(events) > 1 else None
    stale = f"out of date: {event_date(newest)}" if old else event_date(newest)
    return Line(
        f"score-{instrument.id}", "assessment", "note", name, f"{called} {shown(newest.number)}",
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
    reading = response(instrument, before.number, now.number)
    important = [c for c in reading.important if c.reached]
    word = "better" if (reading.improvement or Decimal(0)) > 0 else "worse"
    points = abs(now.number - before.number)
    said = f"{shown(points)} points {word} than on {event_date(before)}"
    return (
        f"{said}, an important change ({study_label(case.compiled, important[0].source)})"
        if important
        else said
    )


def findings(case: Case) -> tuple[Line, ...]:
    """Severe and refractory are two findings; each says what it rests on, or what is missing."""
    lines: list[Line] = []
    for fact in FINDINGS:
        if fact not in case.compiled.facts:
            continue
        value = case.value(fact)
        label = case.explainer.words(Ref(fact))[0]
        clinician, patient = case.phrase(case.phrases.statuses, _state(value))
        plain = case.compiled.facts[fact].label.get("patient")
        lines.append(Line(
            f"finding-{fact}", "assessment", "assess", f"{label}: {clinician}",
            f"{plain}: {patient or clinician}" if plain and value is not None else None,
            status=_state(value), group="finding", trace=case.why(fact),
        ))  # fmt: skip
    return tuple(lines)


def _state(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {True: "met", False: "not met", None: "cannot be decided"}[value]
    return str(value)


def courses(case: Case) -> tuple[Line, ...]:
    """Each past or present course: whether it was adequate, and how it went."""
    lines: list[Line] = []
    for event in case.record.events:
        given = event.kind == "treatment" and event.status not in ("planned", "declined")
        if not given or event.quarantined or not case.known(event):
            continue
        name = event.label or case.explainer.title(event.code)
        parts = [f"response: {event.response or 'not recorded'}", *_verdict(case, event)]
        said = f"{name}, {event_date(event) or 'no date'} to {_until(event)}"
        lines.append(Line(
            f"course-{event.id}", "assessment", "assess", said, said, group="course", detail="; ".join(parts),
            trace=Trace(name, events=(case.event(event),)),
        ))  # fmt: skip
    return tuple(lines)


def said(case: Case) -> tuple[Line, ...]:
    """Overrides in force, each with who and why, and the notes of the record, shown as they stand."""
    lines: list[Line] = []
    for event in case.record.events:
        if event.kind not in ("override", "note") or not case.known(event):
            continue
        text = event.text or ""
        if event.kind == "override":
            who = event.by or "somebody not named"
            text = f"Set aside by {who}: {case.explainer.title(event.code)} ({event.reason or text})"
        when = f", {event_date(event)}" if event.date else ""
        lines.append(Line(
            f"{event.kind}-{event.id}", "assessment", "note", f"{text}{when}", f"{text}{when}", group=event.kind,
            trace=Trace(text, events=(case.event(event),)),
        ))  # fmt: skip
    return tuple(lines)


def _until(event: Event) -> str:
    """The last day of a course; a question mark where it is past and nobody wrote when."""
    if event.end is not None:
        return event.end.isoformat()
    return "?" if event.status == "past" else "now"


def _verdict(case: Case, event: Event) -> list[str]:
    """Adequate, not adequate or unknown, for topical courses, when the content defines it."""
    fact = case.compiled.facts.get("trial_adequate")
    topical = case.compiled.facts.get("is_topical_steroid")
    scope = EventScope(case.world, event)
    if fact is None or topical is None or not isinstance(fact.derivation, When):
        return []
    if scope.value(Ref("is_topical_steroid", event=True)) is not True:
        return []
    truth = scope.value(Ref("trial_adequate", event=True))
    return [{True: "an adequate trial", False: "not an adequate trial", None: "adequacy not known"}[truth]]  # type: ignore[index]
