"""Each past or present course: whether it was an adequate trial, which criterion says so, and what it did."""

from atopy.criteria import Ref
from atopy.facts import EventScope
from atopy.guideline import Criterion, Judgement
from atopy.plan.case import Case
from atopy.plan.model import Line, Trace
from atopy.plan.responses import changes, response_lines
from atopy.record import Event, day_words, event_day
from atopy.truth import NAMES

VERDICT = "course_verdict"


def given_courses(case: Case) -> list[Event]:
    """The courses that were or are really given, as the record lists them."""
    return [
        e for e in case.record.events
        if e.kind == "treatment" and e.status not in ("planned", "declined") and not e.quarantined and case.known(e)
    ]  # fmt: skip


def courses(case: Case) -> tuple[Line, ...]:
    """One line for each course; its parts are the criteria and the response of each instrument."""
    return tuple(_course(case, e) for e in given_courses(case))


def _course(case: Case, event: Event) -> Line:
    name = event.label or case.explainer.title(event.code)
    plain = case.guidance.plain.get(event.code, name)
    span = _span(event)
    said, plain = f"{name}, {span}", f"{plain}, {'from ' if event.date else ''}{span}"
    response = f"response: {event.response or 'not recorded'}"
    trace = Trace(name, events=(case.event(event),))
    judgement = case.guidance.judged.get(event.code)
    if judgement is None:
        return Line(
            f"course-{event.id}",
            "assessment",
            "assess",
            said,
            plain,
            group="course",
            detail=response,
            trace=trace,
        )
    status, words, criteria = _verdict(case, judgement, event)
    responses = response_lines(case, event, changes(case, judgement, event))
    measured = [f"{r.clinician} ({r.detail})" for r in responses]
    return Line(
        f"course-{event.id}", "assessment", "assess", said, plain, status=status, group="course",
        detail="; ".join(x for x in (response, words[0], *measured) if x),
        patient_detail=". ".join(x.rstrip(".") for x in (words[1], *(r.patient for r in responses)) if x) or None,
        sources=tuple({s.source: s for c in criteria for s in c.sources}.values()),
        review=case.review(judgement.id), trace=trace, parts=(*criteria, *responses),
    )  # fmt: skip


def _span(event: Event) -> str:
    """From the first to the last day of a course; it says so where nobody wrote when it ended."""
    first = event_day(event) or "no date"
    if event.end is None and event.status == "past":
        return f"{first} to a day not recorded"
    last = day_words(event.end) if event.end is not None else "now"
    return first if first == last else f"{first} to {last}"


def _verdict(
    case: Case, judgement: Judgement, event: Event
) -> tuple[str | None, tuple[str, str], tuple[Line, ...]]:
    """The verdict's code, its words with the criteria that decided it, and a line for each criterion."""
    scope = case.world.scope(event)
    found = scope.value(Ref(VERDICT, event=True)) if VERDICT in case.compiled.facts else None
    status = str(found) if found is not None else None
    lines = [_criterion(case, scope, c, event) for c in judgement.criteria]
    deciding = [x for x in lines if x.status == "not met"] or [x for x in lines if x.status != "met"] or lines
    words = case.phrase(case.phrases.statuses, status)
    because = "; ".join(dict.fromkeys(x.clinician.rstrip(".") for x in deciding))
    plainly = ". ".join(dict.fromkeys((x.patient or "").rstrip(".") for x in deciding if x.patient))
    clinician = f"{words[0]} ({because})" if words[0] else because
    patient = f"{words[1] or words[0]}: {plainly}" if words[0] and plainly else plainly
    return status, (clinician, patient), tuple(lines)


def _criterion(case: Case, scope: EventScope, criterion: Criterion, event: Event) -> Line:
    truth = scope.value(Ref(criterion.fact, event=True))
    assert truth is None or isinstance(truth, bool)
    said = {True: criterion.met, False: criterion.failed, None: criterion.unknown}[truth]
    clinician, patient = case.words(said, criterion.numbers)
    return Line(
        f"{criterion.id}-{event.id}", "assessment", "assess", clinician, patient, status=NAMES[truth],
        group="criterion", parameters=case.parameters(said, criterion.numbers), sources=case.cite(criterion.sources),
    )  # fmt: skip
