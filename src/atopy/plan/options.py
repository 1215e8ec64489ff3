"""The ladder: every rung and option with its status, dose, checks and what speaks against it."""

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from atopy.criteria import Ref
from atopy.guideline import Contraindication, Therapy
from atopy.plan import interactions
from atopy.plan.access import access_lines, access_of, access_words
from atopy.plan.alike import once
from atopy.plan.case import Case
from atopy.plan.missing import asked_of
from atopy.plan.model import Cited, Line, SectionId
from atopy.plan.regimens import doses, undosed
from atopy.plan.sheets import Bar, Examination, Sheet, sheet
from atopy.plan.topical_quantity_lines import amounts_needed

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
_IN_ORDER = (
    "optimise", "in_place", "recommended_now", "recommended_once_checked", "option", "after_specialist_referral",
    "needs_information", "not_now", "failed_before", "not_available_here", "contraindicated",
)  # fmt: skip
RANK = {status: place for place, status in enumerate(_IN_ORDER)}
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
_UNDECIDED = {"hold": "to know first", "ask": "confirm before giving"}
_QUESTIONS_KEPT = 64  # of one contraindication, by what is asked for
_STRENGTH = {"strong": 0, "conditional": 1, "none": 2, "against": 3}
_OF_BARS = {s: n for n, s in enumerate(("absolute", "relative", "caution", *_UNDECIDED.values()))}


def ladder(case: Case) -> tuple[Line, ...]:
    """All options, by rung; within one by status, the patient's preferences, strength, licence here, then name."""
    placed: list[tuple[int, int, int, int, int, bool, str, Line]] = []
    for of in standing(case):
        therapy = of.therapy
        line = option_line(case, of)
        status = RANK.get(line.status or "", len(RANK))
        strength = _STRENGTH.get(str(case.world[of.grade]), 2)
        # what is no product needs no licence
        unlicensed = bool(therapy.licence) and case.world[of.licensed] is not True
        preferred = _preferred(case, of)
        placed.append((of.rung, status, preferred, therapy.order, strength, unlicensed, line.clinician, line))
    return tuple(place[-1] for place in sorted(placed, key=lambda place: place[:-1]))


def standing(case: Case) -> Iterator[Sheet]:
    """Every option; without the disease only those that suit the patient for something else, such as the hands."""
    gone = case.value("disease_state") in ("deceased", "resolved", "absent")
    for therapy in case.compiled.therapies.values():
        if not gone or case.value("suits", therapy.id) is True:
            yield sheet(case, therapy)


def _preferred(case: Case, of: Sheet) -> int:
    """0 for what the patient asked for, 2 for what they would rather not have, else 1. Orders ties only."""
    said = case.wishes
    if not said:
        return 1
    if any(of.routes.intersection(_UNWISHED.get(word, ())) for word in said):
        return 2
    return 0 if any(of.routes.intersection(_WISHED.get(word, ())) for word in said) else 1


def reason_of(case: Case, option: str) -> str | None:
    """The code of the row that decided: of the status table, or of the table of standings behind it."""
    return _reason(case, sheet(case, case.compiled.therapies[option]))


def _reason(case: Case, of: Sheet) -> str | None:
    return case.world.found(of.status).detail or case.world.found(of.standing).detail


def option_line(case: Case, of: Sheet) -> Line:
    """One option with everything that this patient's plan says of it."""
    therapy, status = of.therapy, str(case.world[of.status])
    reason = _reason(case, of)
    because = case.phrase(case.phrases.reasons, reason)
    specific = specific_reason(case, therapy, reason)
    access = access_of(case, of, reason)
    said = access_words(case, therapy, reason, access, (specific[0] or because[0], specific[1] or because[1]))
    return Line(
        therapy.id, "ladder", "start" if status.startswith("recommended") else "note", *of.name,
        status=status, reason=reason,
        clinician_reason=said[0], patient_reason=said[1], access=access,
        group=therapy.rung, sources=_grades(case, of), review=case.review(therapy.id),
        trace=case.explainer.decided(of.status) if case.traced else None,
        preference=_PREFERENCES[_preferred(case, of)],
        parts=_parts(case, of, status, reason) + access_lines(case, therapy),
    )  # fmt: skip


def _grades(case: Case, of: Sheet) -> tuple[Cited, ...]:
    """Grades that speak of this patient's population (or may, where none is known to)."""
    world = case.world
    met = [g.cited for g in of.grades if world[g.slot] is True]
    return tuple(met or [g.cited for g in of.grades if world[g.slot] is not False])


def specific_reason(case: Case, therapy: Therapy, reason: str | None) -> tuple[str | None, str | None]:
    """Names what the reason's code stands for here: which contraindication, limit or factor."""
    if reason in _BARS:
        bars = [c for c in therapy.contraindicated if c.severity == _BARS[reason] and case.rule(c.id) is True]
        met = interactions.barring(case, therapy, _BARS[reason])
        return _joined([*(case.words(c.because, c.numbers) for c in bars), *met])
    if reason == "part-contraindicated":
        of_parts = [
            specific_reason(case, case.compiled.therapies[p], "contraindicated") for p in therapy.parts
        ]
        return _joined([(clinician, patient) for clinician, patient in of_parts if clinician is not None])
    if reason in ("limit-passed", "falls-short"):
        passed = [x for x in therapy.limits if case.rule(x.id) is True]
        short = [x for x in passed if (x.action == "optimise") is (reason == "falls-short")]
        met = (
            interactions.asking(case, therapy, ("stop", "hold", "reduce")) if reason == "limit-passed" else []
        )
        return _joined([*(case.words(x.text, x.numbers) for x in short), *met])
    if reason == "no-dose":
        lead = case.phrase(case.phrases.reasons, reason)[0]
        return _joined([(said, None) for said in undosed(case, therapy)], f"{lead}: ")[0], None
    if reason == "safety-unknown":
        undecided = _undecided(case, therapy, "hold")
        return _joined([case.words(c.because, c.numbers) for c in undecided], "not known whether: ")[0], None
    if reason == "correct-first":
        return case.once("what holds", _what_holds)
    if reason == "checks-outstanding":
        return case.once("what to check", _what_to_check)
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


def _parts(case: Case, of: Sheet, status: str, reason: str | None) -> tuple[Line, ...]:
    """An open option shows its dose, cautions, work-up and use; a closed one only what bars it."""
    if reason in SILENT:
        return ()
    therapy = of.therapy
    if status not in OPEN and reason != "safety-unknown":
        return _in_order([*_met(case, of)])
    work_up = of.monitor if status in ("in_place", "optimise") else of.before
    ending = case.world[of.action] in ("stop", "hold")
    return (
        *(() if ending else doses(case, therapy)),  # nobody must meet the dose of a drug that has to end
        *(() if ending else amounts_needed(case, therapy.id)),
        *interactions.instead(case, therapy),
        *_in_order([*_met(case, of), *_open_questions(case, of)]),
        *_checks(case, work_up),
        *case.statements(therapy.statements, "ladder", therapy.id, "statement"),
        *of.course,
    )


def _met(case: Case, of: Sheet) -> Iterator[Line]:
    """What speaks against it: here, with what else is taken, and what another country's label says."""
    world = case.world
    here = [bar for bar in of.bars if world[bar.slot] is True]
    told = {bar.line.clinician for bar in here}
    yield from once([(case.explained(bar.met, bar.slot), bar.item.country) for bar in here])
    yield from interactions.lines(case, of.therapy, "ladder")
    for bar in of.elsewhere:
        # Another country's label warns here, unless this country says the same.
        if world[bar.slot] is True and bar.line.clinician not in told:
            told.add(bar.line.clinician)
            yield case.explained(bar.met, bar.slot)


def _open_questions(case: Case, of: Sheet) -> Iterator[Line]:
    """Contraindications that cannot be decided: to know first, or to confirm before giving."""
    world = case.world
    open_ = [bar for bar in of.open if world[bar.slot] is None]
    yield from once([(case.explained(_question(case, bar), bar.slot), bar.item.country) for bar in open_])
    if world[of.taking] is not True:
        for meeting in interactions.undecided(case, of.therapy):
            asked = asked_of(case, case.guidance.slot("rule", meeting.id))
            yield interactions.to_confirm(case, meeting, asked)


def _question(case: Case, bar: Bar) -> Line:
    """The patient meets the question, not the statement that nobody knows to be true."""
    asked = asked_of(case, bar.slot)
    known = bar.questions.get(asked)
    if known is None:
        status = _UNDECIDED[bar.item.if_unknown]
        known = replace(bar.line, status=status, patient=asked[1], detail=asked[0], patient_detail=None)
        if len(bar.questions) >= _QUESTIONS_KEPT:
            bar.questions.clear()
        bar.questions[asked] = known
    return known


def _in_order(lines: list[Line]) -> tuple[Line, ...]:
    lines.sort(key=lambda line: (_OF_BARS[line.status or "caution"], line.id))
    return tuple(lines)


def _checks(case: Case, listed: list[Examination]) -> list[Line]:
    """Each test or look that is for this patient, done or to do."""
    world = case.world
    lines: list[Line] = []
    for of in listed:
        if world[of.slot] is False:
            continue
        line = of.done if world[of.done_slot] is True else of.to_do
        acts = case.statements(of.item.act, "ladder", of.item.id, "act")
        lines.append(replace(line, parts=acts) if acts else line)
    return lines


def stop_line(case: Case, therapy: Therapy, section: SectionId, ends: bool) -> Line | None:
    """How to stop it, and what stopping risks; of what is only held or reduced (not *ends*), for later."""
    if therapy.stop is None:
        return None
    clinician, patient = case.words(therapy.stop.text, therapy.stop.numbers)
    heading = "How to stop" if ends else "Should it have to end, how to stop"
    if patient is not None and not ends:
        patient = f"Should you have to end it: {patient}"
    return Line(
        f"{therapy.id}-stop", section, "stop", f"{heading} ({therapy.stop.how}): {clinician}",
        patient, group="stop",
        parameters=case.parameters(therapy.stop.text, therapy.stop.numbers),
        sources=case.cite(therapy.stop.sources),
    )  # fmt: skip


__all__ = ["ladder", "option_line", "specific_reason", "standing", "stop_line"]
