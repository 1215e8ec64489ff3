"""A plan as one reader meets it: the lines meant for that reader, in that reader's words.

A line with no text for the patient, or marked *clinician first*, is not in the patient's view, nor is
anything inside it; so what the patient meets is always part of what the clinician meets.
"""

from collections.abc import Iterator
from typing import Literal, get_args

import msgspec

from atopy.plan import Cited, EventRef, Line, Pair, Plan, Section, Trace
from atopy.record import day_words
from atopy.yaml_source import InputError

Audience = Literal["clinician", "patient"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

OPEN = (
    "recommended_now",
    "recommended_once_checked",
    "after_specialist_referral",
    "needs_information",
    "option",
)
RUNNING = ("in_place", "optimise")
CLOSED = ("not_now", "failed_before", "not_available_here", "contraindicated")
CHANGES = ("stop", "hold", "reduce", "optimise", "continue_with_cover")
IN_AN_EMERGENCY = ("stop", "hold")  # of what is taken now: the rest can wait
_IN_USE = "taken-now"  # the status says so
_COUNTRIES = {"us": "US", "eu": "EU", "uk": "UK"}
_SEXES = {"female": ("Woman", "Girl"), "male": ("Man", "Boy")}


class Numbered(msgspec.Struct, frozen=True):
    """A citation with the number that its source has in this plan."""

    number: int
    of: Cited


class Seen(msgspec.Struct, frozen=True):
    """One line in one reader's words. ``state`` is the word for ``status``."""

    id: str
    text: str
    action: str
    status: str | None = None
    state: str | None = None
    reason: str | None = None
    code: str | None = None  # of the reason
    detail: str | None = None
    group: str | None = None
    sources: tuple["Numbered", ...] = ()
    review: str = ""  # where anything of the plan is signed off
    trace: Trace | None = None
    preference: str | None = None
    parts: tuple["Seen", ...] = ()
    due: str | None = None  # a dated item: the day, and those between which it counts
    earliest: str | None = None
    latest: str | None = None
    uid: str | None = None
    told_in: str | None = None  # a line on the same thing

    @property
    def why(self) -> str:
        """The reason, where it says more than the word for the status beside it."""
        said, state = self.reason or "", self.state or ""
        repeated = self.code == _IN_USE or said.lower().removeprefix("it ") == state.lower()
        return "" if repeated else said.removeprefix(f"{state}; ") if state else said

    @property
    def more(self) -> str:
        """The detail, where the text does not hold it already."""
        return self.detail if self.detail and self.detail.lower() not in self.text.lower() else ""

    def of(self, *groups: str) -> tuple["Seen", ...]:
        """The parts of these groups."""
        return tuple(p for p in self.parts if p.group in groups)

    def access(self) -> tuple["Seen", ...]:
        """The rules of access that the reason does not tell already."""
        return tuple(p for p in self.of("access") if p.text.rstrip(".") not in (self.reason or ""))

    def access_sources(self) -> tuple[Numbered, ...]:
        """Where the rules of access stand that the reason tells."""
        told = (p for p in self.of("access") if p.text.rstrip(".") in (self.reason or ""))
        return tuple({c.number: c for p in told for c in p.sources}.values())


def is_open(option: Seen) -> bool:
    """Open to this patient, with something to say of it: not merely waiting for the diagnosis."""
    waits = option.status == "needs_information" and not option.of("dose", "safety", "interaction", "before")
    return option.status in OPEN and not waits


STANDING = ("score", "course", "core_set")  # what is said of these is a sentence of its own, not an aside
REVIEWED = ("approved", "rejected", "disputed", "under review")


class View:
    """One plan for one reader."""

    def __init__(self, plan: Plan, audience: Audience) -> None:
        if audience not in AUDIENCES:
            raise InputError(f"'{audience}' is no reader of a plan. Write clinician or patient.")
        self.plan = plan
        self.audience = audience
        self.clinical = audience == "clinician"
        self.headline = plan.headline.clinician if self.clinical else plan.headline.patient
        self.disclaimer = plan.disclaimer if self.clinical else plan.patient_disclaimer
        self.intended_use = plan.intended_use if self.clinical else plan.patient_intended_use
        self._numbers = {s.key: s.number for s in plan.sources}
        self._seen: dict[str, tuple[Seen, ...]] = {s.id: tuple(self._lines(s.lines)) for s in plan.sections}

    def lines(self, section: str) -> tuple[Seen, ...]:
        """What this reader meets of a section."""
        return self._seen.get(section, ())

    def title(self, section: str) -> str:
        """What a section is called for this reader."""
        found = self.plan.section(section)
        return found.clinician if self.clinical else found.patient

    def title_of_sources(self) -> str:
        """What the list of sources is called."""
        return "Sources" if self.clinical else "Where this comes from"

    def sections(self) -> Iterator[tuple[Section, tuple[Seen, ...]]]:
        """The sections that hold something for this reader, in order. In an emergency a patient meets it alone."""
        alone = self.plan.headline.code == "emergency" and not self.clinical
        for section in self.plan.sections:
            lines = self.lines(section.id)
            if alone:
                lines = tuple(x for x in lines if section.id == "urgent" or x.status in IN_AN_EMERGENCY)
            if lines and (not alone or section.id in ("urgent", "taken_now")):
                yield section, lines

    def status(self, code: str | None) -> str | None:
        """The word for a status or an action."""
        legend = self.plan.legend
        named = self._word(legend.statuses, code) or self._word(legend.actions, code)
        return named or (_spaced(code) if self.clinical else None)  # a patient meets no code

    def action(self, code: str) -> str:
        """The word for what becomes of a drug that is being taken."""
        return self._word(self.plan.legend.actions, code) or _spaced(code) or code

    def rungs(self) -> list[tuple[str, str, tuple[Seen, ...]]]:
        """The ladder by rung: its name, whether it is first, second or last line, and its options."""
        by_rung: dict[str | None, list[Seen]] = {}
        for option in self.lines("ladder"):
            by_rung.setdefault(option.group, []).append(option)
        named = [(r.id, r.line, r.clinician if self.clinical else r.patient) for r in self.plan.legend.rungs]
        return [(name, line, tuple(by_rung[id_])) for id_, line, name in named if id_ in by_rung]

    def line_of(self, rung: str | None) -> str:
        """Whether a rung is first, second or last line."""
        return next((r.line for r in self.plan.legend.rungs if r.id == rung), "first")

    def who(self) -> str:
        """``Woman, 35 y, 62 kg``: as far as the record says."""
        patient = self.plan.patient
        grown = not (patient.age or "").endswith("months") and _years(patient.age) >= 18
        sex = (
            _SEXES.get(patient.sex or "", ("Person", "Child"))[0 if grown else 1]
            if patient.age
            else patient.sex
        )
        parts = [sex, patient.age, patient.weight]
        return ", ".join(p for p in parts if p) or "Patient of unknown age and sex"

    def where(self) -> str:
        """The country whose rules apply."""
        country = self.plan.patient.country
        return _COUNTRIES.get(country, country) if country else "no country given: the strictest rules apply"

    def review(self) -> str:
        """The review state, in words that cannot be read as an approval."""
        made = self.plan.provenance
        state, signed = made.review_status, {k: n for k, n in made.reviewed.items() if k != "submitted"}
        if not signed:
            return "submitted: no clinician has reviewed it" if state == "submitted" else state
        total = sum(made.reviewed.values())
        told = ", ".join(f"{signed[k]} {k}" for k in REVIEWED if k in signed)
        rest = made.reviewed.get("submitted", 0)
        return f"of {total} statements {told}" + (f"; {rest} reviewed by no clinician" if rest else "")

    def overdue(self) -> str:
        """How many of the statements are past the day by which they should have been read again."""
        late = self.plan.provenance.overdue
        if late is None:
            return ""
        if late == 0:
            return "none of its statements is past its review date"
        one = late == 1
        return f"{late} of its statements {'is past its' if one else 'are past their'} review date"

    def currency(self) -> str:
        """How far the literature goes that the content rests on, and when the content was last changed."""
        made = self.plan.provenance
        return f"literature to {day_words(made.literature_current_through)}, updated {day_words(made.last_updated)}"

    def _word(self, table: dict[str, Pair], code: str | None) -> str | None:
        pair = table.get(code) if code else None
        return None if pair is None else pair.clinician if self.clinical else pair.patient

    def _lines(self, lines: tuple[Line, ...]) -> Iterator[Seen]:
        for line in lines:
            text = line.clinician if self.clinical else line.patient
            if text is None or (line.clinician_first and not self.clinical):
                continue
            yield Seen(
                line.id, text, line.action, line.status, self.status(line.status),
                line.clinician_reason if self.clinical else line.patient_reason, line.reason,
                line.detail if self.clinical else line.patient_detail, line.group,
                self._cited(line.sources) if self.clinical else (), self._review(line),
                line.trace if self.clinical else None,
                line.preference, tuple(self._lines(line.parts)), line.due, line.earliest, line.latest, line.uid,
                line.told_in,
            )  # fmt: skip

    def _review(self, line: Line) -> str:
        """The state of a line beside it, once anything is signed off; before that the heading says it of all."""
        return line.review if self.clinical and line.sources and self.plan.provenance.reviewed else ""

    def _cited(self, sources: tuple[Cited, ...]) -> tuple[Numbered, ...]:
        return tuple(Numbered(self._numbers[c.source], c) for c in sources)


def cited(sources: tuple[Numbered, ...]) -> str:
    """``[3, 12]``: the numbers of the sources of a line, each once."""
    numbers = dict.fromkeys(c.number for c in sources)
    return f"[{', '.join(str(n) for n in numbers)}]" if numbers else ""


def graded(sources: tuple[Numbered, ...]) -> str:
    """The same with what each source grades it: ``[3 strong, high certainty; 12 against; 15]``."""
    grades: dict[int, str] = {}
    for c in sources:
        grade = _grade(c.of)
        if not grades.get(c.number):
            grades[c.number] = grade
    if not any(grades.values()):
        return cited(sources)
    return f"[{'; '.join(f'{n} {grade}'.strip() for n, grade in grades.items())}]"


def _grade(c: Cited) -> str:
    known = c.strength if c.strength not in (None, "none") else ""
    words = [known, "against" if c.direction == "against" else ""]
    said = " ".join(w for w in words if w)
    notes = [said, f"{c.certainty} certainty" if c.certainty else "", "" if c.verified else "not verified"]
    return ", ".join(n for n in notes if n) if said else ""


def unverified(sources: tuple[Numbered, ...]) -> bool:
    """Whether nobody read this statement in any of its sources."""
    return bool(sources) and not any(c.of.verified for c in sources)


def evidence(trace: Trace | None, limit: int = 2) -> tuple[EventRef, ...]:
    """The record's events that made something true, nearest first."""
    found: dict[str, EventRef] = {}
    for part in _walk(trace):
        if part.truth != "not met":
            found |= {e.id: e for e in part.events if e.id not in found}
    return tuple(found.values())[:limit]


def event_words(event: EventRef) -> str:
    """``Creatinine 71 umol/L, 2 Nov 2026``."""
    value = f" {event.value}" if event.value and event.value not in ("present", "absent") else ""
    denied = " denied" if event.value == "absent" else ""
    return f"{event.what}{value}{denied}" + (f", {day_words(event.date)}" if event.date else "")


def event_place(event: EventRef) -> str:
    """Where the record says so: a line of a file, or a FHIR resource."""
    if event.resource:
        return event.resource
    return f"{event.file}:{event.line}" if event.file and event.line else event.file or ""


def _walk(trace: Trace | None) -> Iterator[Trace]:
    if trace is not None:
        yield trace
        for part in trace.parts:
            yield from _walk(part)


def _years(age: str | None) -> int:
    number = (age or "").split(" ")[0]
    return int(number) if number.isdigit() else 18


def _spaced(code: str | None) -> str | None:
    return code.replace("_", " ") if code else None


__all__ = [
    "AUDIENCES",
    "CHANGES",
    "CLOSED",
    "OPEN",
    "RUNNING",
    "STANDING",
    "Audience",
    "Seen",
    "View",
    "cited",
    "day_words",
    "event_place",
    "event_words",
    "evidence",
    "graded",
    "is_open",
    "unverified",
]
