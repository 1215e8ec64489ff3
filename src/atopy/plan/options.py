"""The ladder: every rung and option with its status, dose, checks and what speaks against it."""

from typing import Literal

from atopy.criteria import Ref
from atopy.guideline import Check, Citation, Contraindication, Grade, Quantity, Therapy
from atopy.plan import interactions
from atopy.plan import words as texts
from atopy.plan.access import access_lines, access_of, access_words
from atopy.plan.amount_lines import amounts_needed
from atopy.plan.case import LANGUAGE, Case
from atopy.plan.missing import question
from atopy.plan.model import Line, SectionId
from atopy.plan.regimens import doses
from atopy.plan.trace import shown

OPEN = (
    "recommended_now",
    "recommended_once_checked",
    "option",
    "in_place",
    "optimise",
    "after_specialist_referral",
)
SILENT = (
    "diagnosis-unknown",
    "indication-unknown",
    "not-indicated",
    "urgent-first",
    "no-eczema",
    "not-marketed",
)
RANK = (
    "optimise", "in_place", "recommended_now", "recommended_once_checked", "option", "after_specialist_referral",
    "needs_information", "not_now", "failed_before", "not_available_here", "contraindicated",
)  # fmt: skip
_ONSET = ("Judge its effect after", "Give it time to work")
_LIMIT = ("Longest course", "The longest you use it without a break")
_PREFERENCES: dict[int, Literal["wished", "unwished"] | None] = {0: "wished", 1: None, 2: "unwished"}
_NEEDLES = ("subcutaneous", "intramuscular", "intravenous")
_WISHED = {
    "oral": ("oral",),
    "injection": _NEEDLES,
    "light_treatment": ("light",),
    "topical_only": ("topical",),
}
_UNWISHED = {
    "no_tablets": ("oral",),
    "no_injections": _NEEDLES,
    "no_light_treatment": ("light",),
    "topical_only": ("oral", "light", "extracorporeal", *_NEEDLES),
}
"""What a stated preference means for routes of treatment."""


_BARS = {"contraindicated": "absolute", "relative-contraindication": "relative"}


def ladder(case: Case) -> tuple[Line, ...]:
    """All options, by rung; within a rung by status, then the patient's preferences, then name."""
    if case.value("disease_state") in ("deceased", "resolved", "absent"):
        return ()
    rungs = [r.id for r in case.compiled.meta.rungs]
    lines = [option_line(case, t) for t in case.compiled.therapies.values()]

    def place(line: Line) -> tuple[int, int, int, int, str]:
        status = RANK.index(line.status) if line.status in RANK else len(RANK)
        order = case.compiled.therapies[line.id].order
        return rungs.index(line.group or rungs[0]), status, preferred(case, line.id), order, line.clinician

    return tuple(sorted(lines, key=place))


def preferred(case: Case, option: str) -> int:
    """0 for what the patient asked for, 2 for what they would rather not have, else 1. Orders ties only."""
    said = case.wishes
    if not said:
        return 1
    terms = case.compiled.vocabulary.terms
    routes = {terms[t].route for t in case.compiled.therapies[option].treats_with if t in terms}
    if any(routes.intersection(_UNWISHED.get(word, ())) for word in said):
        return 2
    return 0 if any(routes.intersection(_WISHED.get(word, ())) for word in said) else 1


def reason_of(case: Case, option: str) -> str | None:
    """The code of the row that decided: of the status table, or of the table of standings behind it."""
    found = case.found("option_status", option)
    return found.detail or case.found("standing", option).detail


def option_line(case: Case, therapy: Therapy) -> Line:
    """One option with everything that this patient's plan says of it."""
    status = str(case.value("option_status", therapy.id))
    reason = reason_of(case, therapy.id)
    clinician, patient = case.words(therapy.name)
    because = case.phrase(case.phrases.reasons, reason)
    specific = specific_reason(case, therapy, reason)
    said = access_words(case, therapy, reason, (specific[0] or because[0], specific[1] or because[1]))
    return Line(
        therapy.id, "ladder", "start" if status.startswith("recommended") else "note", clinician, patient,
        status=status, reason=reason,
        clinician_reason=said[0], patient_reason=said[1], access=access_of(case, therapy, reason),
        group=therapy.rung, sources=case.cite(_grades(case, therapy)), review=case.review(therapy.id),
        trace=case.why("option_status", therapy.id), preference=_PREFERENCES[preferred(case, therapy.id)],
        parts=_parts(case, therapy, status, reason) + access_lines(case, therapy),
    )  # fmt: skip


def _grades(case: Case, therapy: Therapy) -> list[Grade]:
    """Grades that speak of this patient's population (or may, where none is known to), the verified first."""
    listed = case.guidance.grades(therapy)
    met = [g for g in listed if case.rule(g.id) is True]
    return met or [g for g in listed if case.rule(g.id) is not False]


def specific_reason(case: Case, therapy: Therapy, reason: str | None) -> tuple[str | None, str | None]:
    """Names what the reason's code stands for here: which contraindication, limit or factor."""
    if reason in _BARS:
        bars = [c for c in therapy.contraindicated if c.severity == _BARS[reason] and case.rule(c.id) is True]
        met = interactions.barring(case, therapy, _BARS[reason])
        return _joined([*(case.words(c.because, c.numbers) for c in bars), *met])
    if reason in ("limit-passed", "falls-short"):
        passed = [x for x in therapy.limits if case.rule(x.id) is True]
        short = [x for x in passed if (x.action == "optimise") is (reason == "falls-short")]
        met = (
            interactions.asking(case, therapy, ("stop", "hold", "reduce")) if reason == "limit-passed" else []
        )
        return _joined([*(case.words(x.text, x.numbers) for x in short), *met])
    if reason == "safety-unknown":
        undecided = _undecided(case, therapy, "hold")
        return _joined([case.words(c.because, c.numbers) for c in undecided], "not known whether: ")[0], None
    if reason == "correct-first":
        return _what_holds(case)
    if reason == "checks-outstanding":
        return _what_to_check(case)
    return None, None


def _what_to_check(case: Case) -> tuple[str | None, str | None]:
    """Each factor that nobody has assessed, and whether topical treatment was adequate where that is not known."""
    factors = [
        f.name for f in case.compiled.factors.values() if case.value("factor_status", f.id) == "not_assessed"
    ]
    clinician, patient = _joined([case.words(n) for n in factors])
    undecided = "refractory" in case.compiled.facts and case.value("refractory") is None
    shown_before = "second_line_tried" in case.compiled.facts and case.value("second_line_tried") is True
    trial = (
        f"whether {case.explainer.words(Ref('refractory'))[0]}" if undecided and not shown_before else None
    )
    names = "; ".join(x for x in (clinician, trial) if x)
    return (f"first check: {names}" if names else None), (f"first we check: {patient}" if patient else None)


def _what_holds(case: Case) -> tuple[str | None, str | None]:
    held = [f.name for f in case.compiled.factors.values() if case.value("factor_holds", f.id) is True]
    held += [
        m.name
        for m in case.compiled.mimics.values()
        if case.value("mimic_holds", m.id) is True and not m.clinician_first
    ]
    hidden = [
        m.name
        for m in case.compiled.mimics.values()
        if case.value("mimic_holds", m.id) is True and m.clinician_first
    ]
    clinician, patient = _joined([case.words(n) for n in held])
    extra = _joined([case.words(n) for n in hidden])[0]
    names = "; ".join(x for x in (clinician, extra) if x)
    return (f"first settle: {names}" if names else None), (f"first: {patient}" if patient else None)


def _joined(pairs: list[tuple[str, str | None]], lead: str = "") -> tuple[str | None, str | None]:
    clinician = "; ".join(dict.fromkeys(c.rstrip(".") for c, _ in pairs))
    patient = ". ".join(dict.fromkeys(p.rstrip(".") for _, p in pairs if p))
    return (lead + clinician if clinician else None), (patient or None)


def _undecided(case: Case, therapy: Therapy, if_unknown: str) -> list[Contraindication]:
    return [
        c for c in therapy.contraindicated
        if c.if_unknown == if_unknown and c.severity != "caution" and case.rule(c.id) is None
    ]  # fmt: skip


# -- parts of an option


def _parts(case: Case, therapy: Therapy, status: str, reason: str | None) -> tuple[Line, ...]:
    """An open option shows its dose, cautions, work-up and use; a closed one only what bars it."""
    if reason in SILENT:
        return ()
    bars = tuple(_bar(case, c, c.severity) for c in therapy.contraindicated if case.rule(c.id) is True)
    bars += (
        *interactions.lines(case, therapy, "ladder"),
        *_elsewhere(case, therapy, {b.clinician for b in bars}),
    )
    if status in OPEN or reason == "safety-unknown":
        work_up = therapy.monitor if status in ("in_place", "optimise") else therapy.before
        group = "monitor" if work_up is therapy.monitor else "before"
        checks = tuple(_check(case, c, group) for c in work_up if case.rule(c.id) is not False)
        ending = case.value("taken_action", therapy.id) in ("stop", "hold")
        return (
            *(() if ending else doses(case, therapy)),  # nobody must meet the dose of a drug that has to end
            *(() if ending else amounts_needed(case, therapy.id)),
            *_ordered(bars + _open_questions(case, therapy)),
            *checks,
            *_use(case, therapy),
        )
    return _ordered(bars)


def _open_questions(case: Case, therapy: Therapy) -> tuple[Line, ...]:
    """Contraindications that cannot be decided: to know first, or to confirm before giving."""
    said = {"hold": "to know first", "ask": "confirm before giving"}
    undecided = [c for c in therapy.contraindicated if c.severity != "caution" and case.rule(c.id) is None]
    asked = tuple(_bar(case, c, said[c.if_unknown]) for c in undecided)
    if case.value("taking", therapy.id) is True:
        return asked
    met = interactions.undecided(case, therapy)
    return (*asked, *(interactions.to_confirm(case, m, _asked(case, m.id)) for m in met))


def _elsewhere(case: Case, therapy: Therapy, told: set[str]) -> tuple[Line, ...]:
    """What another country's label bars or restricts warns here, unless this country says the same."""
    found: dict[str, Line] = {}
    for c in case.guidance.foreign[therapy.id]:
        if case.rule(f"{c.id}-elsewhere") is True:
            made = _bar(case, c, "caution", f"{c.id}-elsewhere")
            if made.clinician not in told:
                found.setdefault(made.clinician, made)
    return tuple(found.values())


def _ordered(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    order = ("absolute", "relative", "caution", "to know first", "confirm before giving")
    return tuple(sorted(lines, key=lambda x: (order.index(x.status or "caution"), x.id)))


def _bar(case: Case, c: Contraindication, status: str, rule: str | None = None) -> Line:
    """A contraindication as a line; *rule* is another than its own where it is another country's."""
    clinician, patient = case.words(c.because, c.numbers)
    if status in ("to know first", "confirm before giving"):
        patient = _asked(case, c.id)
    abroad = case.phrase(case.phrases.reasons, f"elsewhere-{c.country}") if rule else (None, None)
    return Line(
        rule or c.id, "ladder", "avoid", clinician, patient, status=status, group="safety",
        detail=abroad[0], patient_detail=abroad[1] if patient else None,
        parameters=case.parameters(c.because, c.numbers), sources=case.cite(c.sources),
        trace=case.why("rule", rule or c.id),
    )  # fmt: skip


def _asked(case: Case, rule: str) -> str | None:
    """What a patient meets of a contraindication that nobody knows to be true: the question, not the statement."""
    asked = [question(case, ref)[1] for ref in case.gaps.asked(Ref("rule", (rule,)))]
    return " ".join(dict.fromkeys(q for q in asked if q)) or None


def _check(case: Case, check: Check, group: str) -> Line:
    clinician, patient = case.words(check.test, check.numbers)
    done = case.rule(f"{check.id}-done")
    every = texts.fill(check.every.get(LANGUAGE, ""), check.numbers)
    acts = case.statements(check.act, "ladder", check.id, "act")
    return Line(
        check.id, "ladder", "test" if group == "before" else "monitor", clinician, patient,
        status="done" if done is True else "to do", group=group, detail=every or None, patient_detail=every or None,
        parameters=case.parameters(check.test, check.numbers), sources=case.cite(check.sources), parts=acts,
    )  # fmt: skip


def _use(case: Case, therapy: Therapy) -> tuple[Line, ...]:
    """How it is used, when it is judged, how long it may go on, and what is known of it."""
    lines = list(case.statements(therapy.statements, "ladder", therapy.id, "statement"))
    onset, limit = therapy.onset, therapy.course_limit
    if onset is not None:
        lines.append(_course(case, f"{therapy.id}-onset", _ONSET, onset, therapy.onset_sources))
    if limit is not None:
        cited = therapy.course_limit_sources
        lines.append(_course(case, f"{therapy.id}-course-limit", _LIMIT, limit, cited))
    return tuple(lines)


def _course(case: Case, id_: str, text: tuple[str, str], q: Quantity, cited: list[Citation]) -> Line:
    clinician, patient = (f"{said}: {texts.quantity(q)}" for said in text)
    return Line(id_, "ladder", "monitor", clinician, patient, group="course", sources=case.cite(cited))


def stop_line(case: Case, therapy: Therapy, section: SectionId) -> Line | None:
    """How to stop it, and what stopping risks."""
    if therapy.stop is None:
        return None
    clinician, patient = case.words(therapy.stop.text, therapy.stop.numbers)
    return Line(
        f"{therapy.id}-stop", section, "stop", f"How to stop ({therapy.stop.how}): {clinician}", patient, group="stop",
        parameters=case.parameters(therapy.stop.text, therapy.stop.numbers),
        sources=case.cite(therapy.stop.sources),
    )  # fmt: skip


__all__ = ["Ref", "doses", "ladder", "option_line", "shown", "specific_reason", "stop_line"]
