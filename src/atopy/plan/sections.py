"""The sections around the ladder: urgent, diagnosis, factors, drugs taken, advice, referral, disagreements."""

from collections.abc import Sequence

from msgspec.structs import replace

from atopy.criteria import Ref
from atopy.guideline import Disagreement, Factor, Mimic, Statement, Therapy, Topic
from atopy.plan import interactions, taken_doses
from atopy.plan.case import Case
from atopy.plan.entries import shown
from atopy.plan.model import Line, SectionId
from atopy.plan.notes import SET_ASIDE, set_aside
from atopy.plan.options import specific_reason, stop_line
from atopy.plan.potency_lines import strengths
from atopy.plan.products import products
from atopy.plan.sheets import Bar, ends_at_once, sheet
from atopy.plan.topical_quantity_lines import amounts_used
from atopy.record import Event, event_day

_LESS_OF_IT = ("stop", "hold", "reduce")
_GOES_ON_CHANGED = ("reduce", "optimise")
_BY_LIMIT = ("limit-passed", "falls-short", "needs-cover")
_SHOWN_STATES = ("present", "suspected")


def urgent(case: Case) -> tuple[Line, ...]:
    """Every red flag of the record, with what to do today."""
    lines: list[Line] = []
    for flag in sorted(case.compiled.red_flags.values(), key=lambda f: (f.order, f.id)):
        if case.value("red_flag", flag.id) is not True:
            continue
        clinician, patient = case.words(flag.name)
        lines.append(Line(
            flag.id, "urgent", "refer", clinician, None if flag.clinician_first else patient, status="present",
            clinician_first=flag.clinician_first, review=case.review(flag.id), trace=case.why("red_flag", flag.id),
            parts=case.statements(flag.act, "urgent", flag.id, "act"),
        ))  # fmt: skip
    return tuple(lines)


def mimics(case: Case) -> tuple[Line, ...]:
    """Other diagnoses that this record raises, with the cheap test and what must wait."""
    rank = ("present", "suspected")
    raised = [m for m in case.compiled.mimics.values() if case.value("mimic_status", m.id) in rank]
    raised.sort(key=lambda m: (rank.index(str(case.value("mimic_status", m.id))), m.order, m.id))
    return tuple(_mimic(case, m) for m in raised)


def _mimic(case: Case, mimic: Mimic) -> Line:
    clinician, patient = case.words(mimic.name)
    parts = (
        *case.statements(mimic.test, "is_it_eczema", mimic.id, "test"),
        *case.statements(mimic.meanwhile, "is_it_eczema", mimic.id, "meanwhile"),
        *case.statements(mimic.background, "is_it_eczema", mimic.id, "background"),
    )
    aside = set_aside(case, mimic.id)
    return Line(
        mimic.id, "is_it_eczema", "test", clinician, None if mimic.clinician_first else patient,
        status=str(case.value("mimic_status", mimic.id)), clinician_first=mimic.clinician_first,
        reason=SET_ASIDE if aside[0] else None, clinician_reason=aside[0], patient_reason=aside[1],
        review=case.review(mimic.id), trace=case.why("mimic_status", mimic.id), parts=parts, told_in=mimic.told_in,
    )  # fmt: skip


def factors(case: Case) -> tuple[Line, ...]:
    """The exacerbating factors, each with its state; the present and suspected first."""
    rank = ("present", "suspected", "not_assessed", "excluded")
    listed = sorted(
        case.compiled.factors.values(),
        key=lambda f: (rank.index(str(case.value("factor_status", f.id))), f.order, f.id),
    )
    return tuple(_factor(case, f) for f in listed)


def _factor(case: Case, factor: Factor) -> Line:
    status = str(case.value("factor_status", factor.id))
    clinician, patient = case.words(factor.name)
    groups: list[tuple[list[Statement], str]] = []
    if status in _SHOWN_STATES:
        groups.append((factor.correct, "correct"))
    if status != "excluded":
        groups.append((factor.assess, "assess"))
        groups.append((factor.background, "background"))
    parts = [
        line
        for listed, group in groups
        for line in case.statements(listed, "correct_first", factor.id, group)
    ]
    if factor.products:
        found = products(case)
        parts = (
            [x for x in found if x.group == "product"] + parts + [x for x in found if x.group != "product"]
        )
    aside = set_aside(case, factor.id) if status in _SHOWN_STATES else (None, None)
    return Line(
        factor.id, "correct_first", "optimise" if status in _SHOWN_STATES else "assess", clinician, patient,
        reason=SET_ASIDE if aside[0] else None, clinician_reason=aside[0], patient_reason=aside[1],
        status=status, review=case.review(factor.id), trace=case.why("factor_status", factor.id), parts=tuple(parts),
    )  # fmt: skip


def taken_now(case: Case) -> tuple[Line, ...]:
    """What becomes of each treatment the record shows running, known to this guideline or not."""
    order = ("stop", "hold", "reduce", "optimise", "continue_with_cover", "continue")
    world = case.world
    taken = [t for t in case.compiled.therapies.values() if world[sheet(case, t).action] in order]
    taken.sort(key=lambda t: (order.index(str(case.value("taken_action", t.id))), t.id))
    lines: list[Line] = []
    judged: set[str] = set()
    for therapy in taken:
        running = {e.id for e in _running(case, therapy)}
        # One course may be two options (a superpotent steroid is a steroid): the stricter word is said, once.
        if not running or not running <= judged:
            lines.append(_taken(case, therapy))
        judged |= running
    rest = [e for e in _all_running(case) if e.id not in judged]
    return (*lines, *(_unjudged(case, e, taken) for e in rest))


def _taken(case: Case, therapy: Therapy) -> Line:
    action = str(case.value("taken_action", therapy.id))
    clinician, patient = case.words(therapy.name)
    because = case.found("taken_action", therapy.id).detail
    reason = case.phrase(case.phrases.reasons, because)
    specific = _asked_by(case, therapy, action, because)
    named = (specific[0] or reason[0], specific[1] or reason[1])
    if action in _GOES_ON_CHANGED:
        named = _with_what_speaks_against(case, therapy, named)
    ends = ends_at_once(case, therapy)  # what covers a drug that goes on is not asked of one that ends today
    parts: list[Line] = [
        _limit(case, therapy, i)
        for i, x in enumerate(therapy.limits)
        if case.rule(x.id) is True and not (ends and x.action not in _LESS_OF_IT)
    ]
    parts += [] if ends else _bars_met(case, therapy)
    parts += interactions.lines(case, therapy, "taken_now")
    parts += taken_doses.above(case, therapy)
    stop = stop_line(case, therapy, "taken_now", action == "stop") if action in _LESS_OF_IT else None
    running = _running(case, therapy)
    events = ", ".join(_course(case, e)[0] for e in running)
    return Line(
        f"taken-{therapy.id}", "taken_now", action, clinician, patient, status=action, reason=because,
        clinician_reason=named[0] if because else None, patient_reason=named[1] if because else None,
        detail=events or None, review=case.review(therapy.id), trace=case.why("taken_action", therapy.id),
        parts=(
            *([stop] if stop else []), *parts, *amounts_used(case, therapy.id), *strengths(case, therapy.id, running),
        ),
    )  # fmt: skip


def _asked_by(
    case: Case, therapy: Therapy, action: str, because: str | None
) -> tuple[str | None, str | None]:
    """What the reason's code stands for here: which limit, contraindication or second drug of the group."""
    if because == "duplicated":
        return interactions.duplicates(case, therapy)
    if because in _BY_LIMIT:
        return _limits_named(case, therapy, action)
    return specific_reason(case, therapy, because)


def _with_what_speaks_against(
    case: Case, therapy: Therapy, named: tuple[str | None, str | None]
) -> tuple[str | None, str | None]:
    """The reason, and the relative contraindications and interactions met beside it: of a drug that goes on."""
    said = [case.words(b.item.because, b.item.numbers) for b in _relative_bars(case, therapy)]
    said += interactions.barring(case, therapy, "relative")
    clinician, patient = ([x.rstrip(".") for x in side if x] for side in zip(named, *said, strict=True))
    return "; ".join(_each_once(clinician)) or None, ". ".join(_each_once(patient)) or None


def _each_once(said: list[str]) -> list[str]:
    """What the first of them, the reason, does not say already."""
    return [*said[:1], *(x for x in dict.fromkeys(said[1:]) if x not in said[0])]


def _limits_named(case: Case, therapy: Therapy, action: str) -> tuple[str | None, str | None]:
    """The limits that ask for this, or for less of it too; what is only asked beside is told below."""
    alike = _LESS_OF_IT if action in _LESS_OF_IT else (action,)
    said = [
        case.words(x.text, x.numbers) for x in therapy.limits if x.action in alike and case.rule(x.id) is True
    ]
    said += interactions.asking(case, therapy, alike)
    clinician = "; ".join(dict.fromkeys(c.rstrip(".") for c, _ in said))
    patient = ". ".join(dict.fromkeys(p.rstrip(".") for _, p in said if p))
    return clinician or None, patient or None


def _limit(case: Case, therapy: Therapy, index: int) -> Line:
    limit = therapy.limits[index]
    clinician, patient = case.words(limit.text, limit.numbers)
    return Line(
        f"taken-{limit.id}", "taken_now", limit.action, clinician, patient, group="limit",
        sources=case.cite(limit.sources), trace=case.why("rule", limit.id),
    )  # fmt: skip


def _bars_met(case: Case, therapy: Therapy) -> list[Line]:
    """The relative contraindications that are met: whoever goes on with it must know them."""
    return [
        replace(b.met, id=f"taken-{b.item.id}", section="taken_now", trace=case.why("rule", b.item.id))
        for b in _relative_bars(case, therapy)
    ]


def _relative_bars(case: Case, therapy: Therapy) -> list[Bar]:
    bars = sheet(case, therapy).bars
    return [b for b in bars if b.item.severity == "relative" and case.world[b.slot] is True]


def _running(case: Case, therapy: Therapy) -> list[Event]:
    found = [case.world.find(Ref("takes", (d,))) for d in therapy.treats_with]
    unique = {e.id: e for f in found if f.value is True for e in f.events}
    return sorted(unique.values(), key=lambda e: (e.date is None, e.date, e.id))


def _all_running(case: Case) -> list[Event]:
    current = [
        e
        for e in case.record.events
        if e.kind == "treatment" and e.status in ("current", None) and e.end is None
    ]
    return [e for e in current if not e.quarantined and case.known(e)]


def _course(case: Case, event: Event) -> tuple[str, str]:
    name = event.label or case.explainer.title(event.code)
    since = f" since {event_day(event)}" if event.date else ""
    dose = f", {shown(event.dose.value)} {event.dose.unit}" if event.dose else ""
    amount = f", {shown(event.amount.value)} {event.amount.unit}" if event.amount else ""
    given = f"{dose}{amount}"
    return f"{name}{given}{since}", f"{case.guidance.plain.get(event.code, name)}{given}{since}"


def _unjudged(case: Case, event: Event, taken: Sequence[Therapy]) -> Line:
    phrase = case.phrase(case.phrases.actions, "not_judged")
    phrase = interactions.judged_beside(case, event, taken) or phrase
    return Line(
        f"taken-event-{event.id}", "taken_now", "note", *_course(case, event), status="not_judged",
        clinician_reason=phrase[0], patient_reason=phrase[1],
    )  # fmt: skip


def advice(case: Case, section: SectionId) -> tuple[Line, ...]:
    """The statements of every topic of a section that apply to this patient."""
    topics = case.guidance.fixed(case.compiled.topics, section, lambda: _topics(case, section))
    return tuple(
        line for topic in topics for line in case.statements(topic.statements, section, topic.id, topic.id)
    )


def _topics(case: Case, section: SectionId) -> list[Topic]:
    listed = [t for t in case.compiled.topics.values() if t.section == section]
    return sorted(listed, key=lambda t: (t.order, t.id))


def disagreements(case: Case) -> tuple[Line, ...]:
    """Where sources differ and it matters to this patient: both sides, and the rule that is followed."""
    listed = case.guidance.fixed(case.compiled.disagreements, "lines", lambda: _disagreements(case))
    return tuple([case.explained(line, slot) for slot, line in listed if case.world.truth(slot) is True])


def _disagreements(case: Case) -> list[tuple[int, Line]]:
    """All of them in order, each with the place of when it matters."""
    ordered = sorted(case.compiled.disagreements.values(), key=lambda d: (d.order, d.id))
    return [(case.guidance.slot("rule", f"disagreement-{d.id}"), _disagreement(case, d)) for d in ordered]


def _disagreement(case: Case, d: Disagreement) -> Line:
    rule, patient = case.words(d.rule, d.numbers)
    question = case.words_of(d.question, d.numbers)
    sides = tuple(
        Line(
            f"disagreement-{d.id}-{name}", "disagreements", "note",
            case.words_of(side.position, side.numbers | d.numbers), group="side", sources=case.cite(side.sources),
        )
        for name, side in (("a", d.side_a), ("b", d.side_b))
    )  # fmt: skip
    return Line(
        f"disagreement-{d.id}", "disagreements", "note", f"{question} {rule}",
        None if d.clinician_only else patient, status=d.kind, clinician_reason=case.words_of(d.why, d.numbers),
        parts=sides,
    )  # fmt: skip
