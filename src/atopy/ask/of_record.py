"""About the patient of a record: the plan's own lines and its trace answer; a follow-up that supposes something is
answered by the plan of that supposition.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from atopy.ask.entries import Entry
from atopy.ask.model import Asked, Line, Role, Said
from atopy.ask.wanted import Made, Wanted, listed, plainly
from atopy.plan import Case, EventRef, Guidance, Plan, Trace, make_plan
from atopy.plan import Line as Planned
from atopy.plan.public import Setting
from atopy.plan.suppose import supposed, with_classes
from atopy.record import day_words

_MOST = 10
_HELD = ("present", "suspected")
_CHANGES = ("stop", "hold", "reduce", "continue_with_cover")
_DUE = ("recommended_now", "recommended_once_checked", "optimise")
_GIVEN = ("in_place", "optimise", "recommended_now", "recommended_once_checked", "option")
_PARTS = {
    "dose": ("dose", "amount"), "limit": ("course", "amount", "safety"), "how_long": ("course",), "may": ("safety",),
    "why_not": ("safety", "access"), "before": ("before",), "monitor": ("monitoring", "before"),
}  # fmt: skip
_FIRST = ("safety", "interaction", "access")


class OfRecord:
    """One question about one patient."""

    def __init__(self, guidance: Guidance, setting: Setting, w: Wanted) -> None:
        self.guidance = guidance
        self.setting = setting
        self.w = w
        self.plan = self._plan()
        self.entries: dict[str, Entry] = w.lexicon.entries

    def _plan(self) -> Plan:
        """The plan of the record; with what the question supposes beside, where it supposes something."""
        s, w = self.setting, self.w
        if not w.suppose:
            return s.plan()
        case = Case(self.guidance, s.record, s.as_of, s.country, traced=False)
        given = supposed(self.guidance.compiled, w.suppose)
        return make_plan(
            self.guidance, s.record, s.as_of, s.country, s.overlay, with_classes(case.world, given)
        )

    def made(self) -> Made | None:
        """The answer, or None where the question is not about the patient."""
        wants = self.w.intent.wants if self.w.intent is not None else None
        if self.w.options:
            line = next((x for x in self.plan.section("ladder").lines if x.id == self.w.option.id), None)
            return self._option(line, wants or "may") if line is not None else None
        if wants == "next" or (wants == "how" and not self.w.reading.things):
            return self._next()
        if wants == "dose":
            return self._doses()
        if wants in ("why", "why_not") and not self.w.reading.things:
            return self._next()
        return None

    # -- several options

    def states(self) -> tuple[list[Said], tuple[Said, ...]]:
        """How each option that is named stands in the plan, and what of the record decided."""
        named = {t.id for t in self.w.options}
        found = [x for x in self.plan.section("ladder").lines if x.id in named]
        said = [
            self.w.verdict(
                "of-record", option=self.w.lines.name(x.id), state=self._status(x),
                reason=Said(x.clinician_reason or "", x.patient_reason),
            )
            for x in found
        ]  # fmt: skip
        return said, tuple(dict.fromkeys(n for x in found for n in self._because(x.trace)))

    # -- an option

    def _option(self, line: Planned, wants: str) -> Made:
        """Its status in the plan, why, and the lines that the question wants."""
        name = self.w.lines.name(line.id)
        taken = next(
            (x for x in self.plan.section("taken_now").lines if x.id in (f"taken-{line.id}", line.id)), None
        )
        deciding = taken or line  # of a drug in use, what to do with it comes before how it stands
        status = self._status(deciding)
        reason = Said(deciding.clinician_reason or "", deciding.patient_reason)
        groups = _PARTS.get(wants, ())
        first = [p for p in line.parts if p.status in ("absolute", "relative", "caution", "to know first")]
        chosen = [p for p in line.parts if p.group in groups]
        rest = [p for p in line.parts if p not in first and p not in chosen]
        parts = (
            [*chosen, *first, *rest]
            if line.status in _GIVEN and wants == "dose"
            else [*first, *chosen, *rest]
        )
        told = {x.clinician for x in taken.parts} if taken else ()  # once is enough
        parts = [*([taken] if taken else []), *(p for p in parts if p.clinician not in told)]
        lines = [self._line(p, line.id) for p in parts][:_MOST]
        dose = next((p for p in chosen if p.group == "dose"), None)
        given = dose if wants == "dose" and line.status in _GIVEN else None
        code = "of-record-dose" if given is not None else "of-record"
        said = Said("", "")
        if given is not None:
            said = Said(given.detail or given.clinician, given.patient_detail or given.patient)
        verdict = self.w.verdict(code, option=name, state=status, reason=reason, dose=said)
        because = self._because(line.trace)
        asked = tuple(
            Asked(p.id, Said(p.detail or p.clinician, p.patient))
            for p in line.parts
            if p.status == "to know first"
        )
        return Made(code, verdict, lines, asked, notes=because)

    def _status(self, line: Planned) -> Said:
        legend, code = self.plan.legend, line.status or ""
        pair = legend.actions.get(code) if line.section == "taken_now" else legend.statuses.get(code)
        word = (line.status or "").replace("_", " ")
        return Said(pair.clinician, pair.patient) if pair else Said(word, word)

    def _because(self, trace: Trace | None) -> tuple[Said, ...]:
        """The lines of the record that decided."""
        events = list(dict.fromkeys(_told(e) for e in _events(trace)))[:4]
        if not events:
            return ()
        said = listed(events, 4)
        return (self.w.verdict("because-record", reason=Said(said, said)),)

    def _line(self, p: Planned, owner: str) -> Line:
        """A line of the plan as a line of an answer."""
        clinician = ": ".join(x for x in (p.clinician, p.detail) if x)
        patient = ". ".join(x.rstrip(".") for x in (p.patient, p.patient_detail) if x) if p.patient else None
        role: Role = "dose" if p.group == "dose" else "finding"
        parts = tuple(self._line(x, owner) for x in p.parts)
        name = self.w.lines.name(owner)
        return Line(
            p.id, role, Said(clinician, patient), owner, name, self._note(p), p.sources, p.review, parts
        )

    def _note(self, p: Planned) -> str | None:
        """A code of the plan in words."""
        return self._status(p).clinician if p.status else None

    # -- no option

    def _next(self) -> Made:
        """The headline, and what it rests on: urgent, other diagnoses, what to correct, what to change, what is due."""
        head, plan = self.plan.headline, self.plan
        chosen: list[Planned] = list(plan.section("urgent").lines)
        chosen += [
            x for s in ("is_it_eczema", "correct_first") for x in plan.section(s).lines if x.status in _HELD
        ]
        chosen += [x for x in plan.section("taken_now").lines if x.status in _CHANGES]
        chosen += [x for x in plan.section("ladder").lines if x.status in _DUE]
        lines = [self._named(x) for x in chosen][:_MOST]
        asked = tuple(
            Asked(x.id.removeprefix("missing-"), Said(x.clinician, x.patient))
            for x in plan.section("missing").lines[:4]
        )
        return Made(
            f"headline-{head.code}",
            Said(head.clinician, head.patient),
            lines,
            asked,
            notes=self._because(head.trace),
        )

    def _named(self, line: Planned) -> Line:
        """A line with its status, and its first two parts."""
        status = self._status(line) if line.status else Said("")
        made = self._line(replace(line, parts=line.parts[:2], detail=None, patient_detail=None), line.id)
        clinician = f"{line.clinician}: {status.clinician}" if line.status else line.clinician
        patient = f"{line.patient}: {status.patient}" if line.patient and status.patient else line.patient
        return replace(made, text=Said(clinician, patient))

    def _doses(self) -> Made:
        """The doses of what is recommended or taken."""
        ladder = [x for x in self.plan.section("ladder").lines if x.status in _GIVEN and x.status != "option"]
        found = [(x, p) for x in ladder for p in x.parts if p.group in ("dose", "amount")]
        lines = [self._dosed(x, p) for x, p in found][:_MOST]
        reason = Said(
            listed((x.text.clinician for x in lines), 2),
            plainly((x.text.patient for x in lines if x.text.patient), 2),
        )
        code = "of-record-doses" if lines else "of-record-no-dose"
        return Made(
            code, self.w.verdict(code, reason=reason), lines, notes=self._because(self.plan.headline.trace)
        )

    def _dosed(self, option: Planned, part: Planned) -> Line:
        made = self._line(part, option.id)
        patient = f"{option.patient}: {made.text.patient}" if option.patient and made.text.patient else None
        return replace(made, text=Said(f"{option.clinician}: {made.text.clinician}", patient))


def _events(trace: Trace | None) -> Iterator[EventRef]:
    if trace is not None:
        yield from trace.events
        for part in trace.parts:
            yield from _events(part)


def _told(event: EventRef) -> str:
    said: Iterable[str | None] = (event.what, event.value, event.date and day_words(event.date))
    return ", ".join(x for x in said if x)


__all__ = ["OfRecord"]
