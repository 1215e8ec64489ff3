"""A decision aid for one patient: the options that the plan leaves open, side by side, in what matters to who chooses.

Decides nothing: which options there are, and how they stand, is the plan's. What is not known stays unknown.
"""

from collections.abc import Iterable, Sequence

import msgspec

from atopy.evidence.chances import Chance, chances
from atopy.evidence.wishes import Wish, ordered
from atopy.guideline import Check, Quantity, Statement, Therapy
from atopy.plan import Case, Cited, Line, Pair, Plan, Summary
from atopy.plan import words as texts
from atopy.plan.regimens import doses

OPEN = (  # in this order where no preference says otherwise
    "recommended_now", "in_place", "optimise", "recommended_once_checked", "option", "after_specialist_referral",
    "needs_information",
)  # fmt: skip
WAITING = ("not_now",)
_ROUTES = {
    "oral": Pair("by mouth", "tablets or capsules"),
    "subcutaneous": Pair("under the skin", "an injection under the skin"),
    "intramuscular": Pair("into muscle", "an injection into a muscle"),
    "intravenous": Pair("into a vein", "a drip into a vein"),
    "topical": Pair("on the skin", "put on the skin"),
    "light": Pair("light", "light treatment"),
    "extracorporeal": Pair("outside the body", "blood treated outside the body"),
}
_BARS = {
    "absolute": Pair("contraindicated", "It must not be used in pregnancy."),
    "relative": Pair("by exception only", "It is mostly not used in pregnancy. Ask first."),
    "caution": Pair("with caution", "It needs care in pregnancy. Ask first."),
}  # fmt: skip
_RANK = {"absolute": 0, "relative": 1, "caution": 2}


class Said(msgspec.Struct, frozen=True):
    """Something said to each reader (patient: None where it is not for them), with its sources."""

    clinician: str
    patient: str | None
    sources: tuple[Cited, ...] = ()

    @property
    def read(self) -> bool:
        """Whether somebody read it in one of its sources."""
        return any(s.verified for s in self.sources)


class Price(msgspec.Struct, frozen=True):
    """The cost as a source gives it."""

    tier: str
    price: str | None
    country: str | None
    year: int | None
    sources: tuple[Cited, ...]


class Choice(msgspec.Struct, frozen=True):
    """One option. An empty tuple or None means: not known here."""

    id: str
    name: Pair
    status: str
    state: Pair
    waits: bool  # something is settled first
    reason: Pair | None
    line: str
    preference: str | None  # wished, unwished
    chances: tuple[Chance, ...]
    onset: Said | None
    routes: tuple[Pair, ...]
    doses: tuple[Said, ...]
    before: tuple[Said, ...]
    monitoring: tuple[Said, ...]
    harms: tuple[Said, ...]
    pregnancy: tuple[Said, ...]
    cost: Price | None
    onset_weeks: float | None = None  # for those to whom speed matters


class DecisionAid(msgspec.Struct, frozen=True):
    """The options of one patient, in the order of what the patient said to prefer; and what the order rests on."""

    as_of: str
    patient: Summary
    headline: Pair
    disclaimer: Pair
    content: str  # version and hash of the guideline that it was made from
    urgent: bool  # something is to be done today: no choice is offered before
    choices: tuple[Choice, ...]
    wishes: tuple[Wish, ...]
    populations: tuple[Pair, ...]  # trials of which people these are
    cautions: tuple[Pair, ...]


def decision_aid(case: Case, plan: Plan, line: str | None = None) -> DecisionAid:
    """The aid for the patient of *case*, whose *plan* says what is open; *line*: first, second or last, else those of
    the highest line that holds something open, and whatever waits in it.
    """
    urgent = plan.headline.code == "emergency"
    offered = () if urgent else _offered(case, plan, line)
    found = chances(case, [case.compiled.therapies[o.id] for o in offered]) if offered else None
    offered = sorted(offered, key=lambda o: (*OPEN, *WAITING).index(o.status or ""))
    choices = [_choice(case, plan, o, found.of[o.id] if found else ()) for o in offered]
    arranged, wishes = ordered(case, choices)
    return DecisionAid(
        plan.as_of, plan.patient, Pair(plan.headline.clinician, plan.headline.patient),
        Pair(plan.disclaimer, plan.patient_disclaimer),
        f"{plan.provenance.content_version} {plan.provenance.content_hash}", urgent, tuple(arranged), wishes,
        found.populations if found else (), found.cautions if found else (),
    )  # fmt: skip


def _offered(case: Case, plan: Plan, line: str | None) -> list[Line]:
    """The options of the plan that are open, or wait for something else first."""
    lines = {r.id: r.line for r in case.compiled.meta.rungs}
    shown = [x for x in plan.section("ladder").lines if x.status in (*OPEN, *WAITING)]
    if line is None:
        there = {lines[x.group or ""] for x in shown}
        line = next((n for n in ("second", "first", "last") if n in there), None)
    return [x for x in shown if lines[x.group or ""] == line and not case.compiled.therapies[x.id].unproven]


def _choice(case: Case, plan: Plan, option: Line, found: Sequence[Chance]) -> Choice:
    therapy = case.compiled.therapies[option.id]
    lines = {r.id: r.line for r in case.compiled.meta.rungs}
    status = option.status or ""
    reason = Pair(option.clinician_reason, option.patient_reason or "") if option.clinician_reason else None
    return Choice(
        option.id, Pair(option.clinician, option.patient or option.clinician), status,
        plan.legend.statuses.get(status, Pair(status, status)), status in WAITING, reason, lines[therapy.rung],
        option.preference, tuple(found), _onset(case, therapy), _routes(case, therapy),
        tuple(_said(x) for x in doses(case, therapy) if x.group == "dose"),
        _tests(case, therapy.before), _tests(case, therapy.monitor), _statements(case, therapy, therapy.aid.harms),
        _pregnancy(case, therapy), _cost(case, therapy), _weeks(therapy.onset),
    )  # fmt: skip


def _said(line: Line) -> Said:
    detail = f" {line.detail}" if line.detail else ""
    plain = f" {line.patient_detail}" if line.patient_detail else ""
    patient = f"{line.patient}{plain}" if line.patient else None
    return Said(f"{line.clinician}{detail}", patient, line.sources)


def _onset(case: Case, therapy: Therapy) -> Said | None:
    if therapy.onset is None:
        return None
    said = texts.quantity(therapy.onset)
    return Said(said, said, case.cite(therapy.onset_sources))


_WEEKS = {"day": 1 / 7, "days": 1 / 7, "week": 1.0, "weeks": 1.0, "month": 4.35, "months": 4.35}


def _weeks(q: Quantity | None) -> float | None:
    """The earlier end of an onset, in weeks."""
    number = None if q is None else q.value if q.value is not None else q.low
    factor = _WEEKS.get(q.unit or "") if q else None
    return float(number) * factor if number is not None and factor is not None else None


def _routes(case: Case, therapy: Therapy) -> tuple[Pair, ...]:
    terms = case.compiled.vocabulary.terms
    found = dict.fromkeys(terms[t].route for t in therapy.treats_with if t in terms)
    return tuple(_ROUTES.get(r, Pair(r, r)) for r in found if r is not None)


def _tests(case: Case, checks: Iterable[Check]) -> tuple[Said, ...]:
    """The checks that may be for this patient; those for others only are left out."""
    country = case.world.country
    found = []
    for check in checks:
        if case.rule(check.id) is not False and check.country in (None, country):
            clinician, patient = case.words(check.test, check.numbers)
            found.append(Said(clinician, patient, case.cite(check.sources)))
    return tuple(found)


def _statements(case: Case, therapy: Therapy, ids: Sequence[str]) -> tuple[Said, ...]:
    by_id = {s.id: s for s in therapy.statements}
    return tuple(_statement(case, by_id[i]) for i in ids if i in by_id and _concerns(case, by_id[i]))


def _concerns(case: Case, s: Statement) -> bool:
    """In force for this country, and not for others only."""
    return case.rule(s.id) is not False and s.country in (None, case.world.country)


def _statement(case: Case, s: Statement) -> Said:
    clinician, patient = case.words(s.text, s.numbers)
    return Said(clinician, None if s.clinician_first else patient, case.cite(s.sources))


def _pregnancy(case: Case, therapy: Therapy) -> tuple[Said, ...]:
    """What is known of pregnancy: the bars in words of their own (this patient may not be pregnant), then advice."""
    bars = [c for c in therapy.contraindicated if c.id in therapy.aid.pregnancy]
    found = [c for c in bars if c.country in (None, case.world.country)]
    said = []
    for bar in sorted(found, key=lambda c: (_RANK[c.severity], c.id))[:1]:
        words = _BARS[bar.severity]
        because = case.words(bar.because, bar.numbers)[0]
        said.append(Said(f"{words.clinician}. {because}", words.patient, case.cite(bar.sources)))
    by_id = {s.id: s for s in therapy.statements}
    advice = [by_id[i] for i in therapy.aid.pregnancy if i in by_id]
    country = case.world.country
    return (*said, *(_statement(case, s) for s in advice if s.country in (None, country)))


def _cost(case: Case, therapy: Therapy) -> Price | None:
    cost = therapy.aid.cost
    if cost is None:
        return None
    price = texts.quantity(cost.price) if cost.price else None
    return Price(cost.tier, price, cost.country, cost.year, case.cite(cost.sources))


__all__ = ["Choice", "DecisionAid", "Price", "Said", "decision_aid"]
