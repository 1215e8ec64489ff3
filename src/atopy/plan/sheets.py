"""What every plan says alike of one option, made once; a plan adds the patient's own truths, doses and reasons."""

from typing import NamedTuple

from msgspec.structs import replace

from atopy.guideline import Check, Citation, Contraindication, Quantity, Therapy
from atopy.guideline.interactions import Meeting
from atopy.plan import words as texts
from atopy.plan.case import LANGUAGE, Case
from atopy.plan.model import Cited, Line

_ONSET = ("Judge its effect after", "Give it time to work")
_LIMIT = ("Longest course", "The longest you use it without a break")


class Graded(NamedTuple):
    """One source's recommendation, with the place of its population's predicate."""

    slot: int
    cited: Cited


class Bar(NamedTuple):
    """What may speak against an option, with the place of its predicate; without what decided it."""

    slot: int
    item: Contraindication
    line: Line
    met: Line  # with its status where it is known to apply
    questions: dict[
        tuple[str | None, str | None], Line
    ]  # where it is not known, by what is asked of each reader


class Met(NamedTuple):
    """An interaction, with the places of whether the other drug is taken, and of whether it is planned."""

    slot: int
    planned: int
    item: Meeting


class Examination(NamedTuple):
    """A check, with the places of whom it is for and of whether it was done."""

    slot: int
    done_slot: int
    item: Check
    to_do: Line
    done: Line


class Sheet:
    """One option as the content has it. Holds nothing of the case that it was first made for."""

    def __init__(self, case: Case, therapy: Therapy) -> None:
        slot, id_ = case.guidance.slot, therapy.id
        self.therapy = therapy
        self.status = slot("option_status", id_)
        self.standing = slot("standing", id_)
        self.grade = slot("grade", id_)
        self.licensed = slot("licensed", id_)
        self.action = slot("taken_action", id_)
        self.rung = [r.id for r in case.compiled.meta.rungs].index(therapy.rung)
        self.name = case.words(therapy.name)
        terms = case.compiled.vocabulary.terms
        self.routes = {terms[t].route for t in therapy.treats_with if t in terms}
        # The verified first, and those for it.
        grades = sorted(therapy.recommended, key=lambda g: (not g.verified, g.direction != "for", g.id))
        self.grades = [Graded(slot("rule", g.id), case.guidance.cited(g)) for g in grades]
        self.bars = [_bar(case, c) for c in therapy.contraindicated]
        self.open = [b for b in self.bars if b.item.severity != "caution"]
        self.hold = [b.slot for b in self.open if b.item.if_unknown == "hold"]
        self.ask = [b.slot for b in self.open if b.item.if_unknown == "ask"]
        self.taking = slot("taking", id_)
        self.first = slot("first_by_access", id_) if "first_by_access" in case.compiled.facts else None
        self.regimens = [(slot("rule", r.id), r) for r in therapy.regimens]
        self.meetings = [
            Met(slot("rule", m.id), slot("rule", f"{m.id}-planned"), m) for m in case.guidance.meetings[id_]
        ]
        self.elsewhere = [_bar(case, c, f"{c.id}-elsewhere") for c in case.guidance.foreign[id_]]
        self.before = [_examination(case, c, "before") for c in therapy.before]
        self.monitor = [_examination(case, c, "monitor") for c in therapy.monitor]
        self.course = _course_lines(case, therapy)


def sheet(case: Case, therapy: Therapy) -> Sheet:
    """The sheet of an option."""
    known = case.guidance.sheets.get(therapy.id)
    if known is None:
        known = case.guidance.sheets[therapy.id] = Sheet(case, therapy)
    return known


def ends_at_once(case: Case, therapy: Therapy) -> bool:
    """Whether it is taken and has to stop, in one day: nothing of it is planned or checked any more."""
    stops = case.value("taken_action", therapy.id) == "stop"
    return stops and therapy.stop is not None and therapy.stop.how == "at once"


def _bar(case: Case, c: Contraindication, rule: str | None = None) -> Bar:
    """*rule* is another than its own where it is another country's: then it only warns."""
    clinician, patient = case.words(c.because, c.numbers)
    abroad = case.phrase(case.phrases.reasons, f"elsewhere-{c.country}") if rule else (None, None)
    line = Line(
        rule or c.id, "ladder", "avoid", clinician, patient, group="safety",
        detail=abroad[0], patient_detail=abroad[1] if patient else None,
        parameters=case.parameters(c.because, c.numbers), sources=case.cite(c.sources),
    )  # fmt: skip
    met = replace(line, status="caution" if rule else c.severity)
    return Bar(case.guidance.slot("rule", rule or c.id), c, line, met, {})


def _examination(case: Case, check: Check, group: str) -> Examination:
    clinician, patient = case.words(check.test, check.numbers)
    every = texts.fill(check.every.get(LANGUAGE, ""), check.numbers)
    line = Line(
        check.id, "ladder", "test" if group == "before" else "monitor", clinician, patient,
        status="to do", group=group, detail=every or None, patient_detail=every or None,
        parameters=case.parameters(check.test, check.numbers), sources=case.cite(check.sources),
    )  # fmt: skip
    places = case.guidance.slot("rule", check.id), case.guidance.slot("rule", f"{check.id}-done")
    return Examination(*places, check, line, replace(line, status="done"))


def _course_lines(case: Case, therapy: Therapy) -> tuple[Line, ...]:
    """When its effect is judged, and how long it may go on."""
    lines: list[Line] = []
    if therapy.onset is not None:
        lines.append(_course(case, f"{therapy.id}-onset", _ONSET, therapy.onset, therapy.onset_sources))
    if therapy.course_limit is not None:
        cited = therapy.course_limit_sources
        lines.append(_course(case, f"{therapy.id}-course-limit", _LIMIT, therapy.course_limit, cited))
    return tuple(lines)


def _course(case: Case, id_: str, text: tuple[str, str], q: Quantity, cited: list[Citation]) -> Line:
    clinician, patient = (f"{said}: {texts.quantity(q)}" for said in text)
    return Line(id_, "ladder", "monitor", clinician, patient, group="course", sources=case.cite(cited))
