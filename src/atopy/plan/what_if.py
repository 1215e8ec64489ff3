"""What if: the difference between the plan of a record and its plan with some facts supposed otherwise.

Both plans are made whole, so everything that a plan says can differ; nothing is guessed from the facts themselves.
"""

from datetime import date

import msgspec

from atopy.criteria import Number, Ref, Value
from atopy.plan.at_odds import check_together
from atopy.plan.case import Case, Guidance
from atopy.plan.make import make_plan
from atopy.plan.missing import question
from atopy.plan.model import Line, Pair, Plan, SectionId
from atopy.plan.outcomes import RECOMMENDED
from atopy.plan.prospects import Said, in_print, in_words
from atopy.plan.suppose import ATTESTED, Given, attested, with_classes
from atopy.record import Record

SCHEMA_VERSION = "1.0"
SECTIONS: tuple[SectionId, ...] = (
    "urgent", "ladder", "taken_now", "correct_first", "is_it_eczema", "assessment", "calendar", "referral", "tell",
)  # fmt: skip
"""What is compared, what matters most first."""


class Supposed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact, what it is worth by the record, and what it is supposed to be."""

    fact: str
    words: Said
    before: str
    after: str


class Side(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line in one of the plans: its status, why, its details (a dose among them)."""

    status: str | None = None
    reason: Said | None = None
    detail: Said | None = None


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that stands otherwise; one that only one plan has lacks the other side."""

    id: str
    section: SectionId
    words: Said
    before: Side | None = None
    after: Side | None = None


class HeadlineChange(msgspec.Struct, frozen=True):
    """The headlines of both plans; the same where nothing about it changes."""

    before: str
    after: str
    before_words: Said
    after_words: Said


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that differs between two plans."""

    schema: str
    as_of: str
    supposed: tuple[Supposed, ...]
    headline: HeadlineChange
    changes: tuple[Change, ...]
    sections: dict[str, Said]
    statuses: dict[str, Said]
    disclaimer: Said

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.headline.before_words == self.headline.after_words and not self.changes


def what_if(
    guidance: Guidance,
    record: Record,
    as_of: date,
    given: Given,
    country: str | None = None,
    overlay: tuple[str, str] | None = None,
) -> Difference:
    """The difference that the supposed facts make. Raises ValueError where they cannot all be so."""
    check_together(guidance.rules, as_of, given)
    case = Case(guidance, record, as_of, country, traced=False)
    supposed = tuple(_supposed(case, ref, value) for ref, value in given.items())
    before = make_plan(guidance, record, as_of, country, overlay)
    known = attested(record, given, as_of)
    after = make_plan(guidance, known, as_of, country, overlay, with_classes(case.world, given))
    return difference(before, after, supposed)


def difference(before: Plan, after: Plan, supposed: tuple[Supposed, ...] = ()) -> Difference:
    """What differs between two plans."""
    changes = [c for id_ in SECTIONS for c in _section(before, after, id_)]
    headline = HeadlineChange(
        before.headline.code, after.headline.code, Said(before.headline.clinician, before.headline.patient),
        Said(after.headline.clinician, after.headline.patient),
    )  # fmt: skip
    return Difference(
        SCHEMA_VERSION, before.as_of, supposed, headline, tuple(changes),
        {s.id: Said(s.clinician, s.patient) for s in before.sections if s.id in SECTIONS},
        _said(before.legend.actions) | _said(before.legend.statuses),
        Said(before.disclaimer, before.patient_disclaimer),
    )  # fmt: skip


def _said(table: dict[str, Pair]) -> dict[str, Said]:
    return {code: Said(pair.clinician, pair.patient) for code, pair in table.items()}


def _supposed(case: Case, ref: Ref, value: Value) -> Supposed:
    if ref.name == ATTESTED:
        now: Value = any(a.list == ref.args[0] for a in case.record.attested)
    else:
        now = case.world.value(ref)
    return Supposed(ref.key, Said(*question(case, ref)), _in_unit(case, ref, now), _in_unit(case, ref, value))


def _in_unit(case: Case, ref: Ref, value: Value) -> str:
    kind = None if ref.name == ATTESTED else case.compiled.facts[ref.name].signature.type
    unit = f" {in_print(kind.unit)}" if isinstance(kind, Number) and kind.unit and value is not None else ""
    return in_words(value).clinician + unit


# -- lines


def _section(before: Plan, after: Plan, id_: SectionId) -> list[Change]:
    """The lines of one section that differ: those of the new plan in its order, then what is gone."""
    old = {line.id: line for line in before.section(id_).lines}
    new = {line.id: line for line in after.section(id_).lines}
    found = []
    for key, line in (*new.items(), *((k, v) for k, v in old.items() if k not in new)):
        was, now = old.get(key), new.get(key)
        sides = _side(was), _side(now)
        told = was is None or now is None or was.clinician != now.clinician
        if sides[0] != sides[1] or (told and id_ != "ladder"):
            found.append(Change(key, id_, _words(line), *sides))
    return sorted(found, key=_weight) if id_ == "ladder" else found


def _weight(change: Change) -> int:
    """What is newly recommended, or no longer, before other statuses; then what keeps its status."""
    statuses = [side.status for side in (change.before, change.after) if side]
    if len(set(statuses)) == 1:
        return 2
    return 0 if any(s in RECOMMENDED for s in statuses) else 1


def _words(line: Line) -> Said:
    return Said(line.clinician, None if line.clinician_first else line.patient)


def _side(line: Line | None) -> Side | None:
    if line is None:
        return None
    reason = Said(line.clinician_reason, line.patient_reason) if line.clinician_reason else None
    clinician = [line.detail, *(p.detail or p.clinician for p in line.parts if p.group in _COMPARED)]
    patient = [
        line.patient_detail,
        *(p.patient_detail or p.patient for p in line.parts if p.group in _COMPARED),
    ]
    said = "; ".join(x for x in clinician if x)
    detail = Said(said, "; ".join(x for x in patient if x) or None) if said else None
    return Side(line.status, reason, detail)


_COMPARED = ("dose", "act", "limit")
"""Parts that are compared: what to give, what to do today, which limit is passed."""

__all__ = ["SECTIONS", "Change", "Difference", "HeadlineChange", "Side", "Supposed", "difference", "what_if"]
