"""Missing facts, ranked by how much of the plan they could change."""

from collections.abc import Iterable

from atopy.criteria import Ref
from atopy.plan.case import LANGUAGE, Case
from atopy.plan.model import Line
from atopy.plan.trace import event_date, unknown_of, unknowns

# What an undecided part weighs: the headline most, an option that is not on the table least.
_WEIGHTS = {
    "headline": 12,
    "disease_state": 12,
    "severity": 8,
    "uncontrolled": 8,
    "refractory": 6,
    "red_flag": 3,
    "factor": 3,
    "mimic": 1,
}
_OPTION_WEIGHTS = {
    "needs_information": 3,
    "recommended_once_checked": 2,
    "recommended_now": 1,
    "option": 1,
    "after_specialist_referral": 1,
}
SHOWN = 25


def missing(case: Case) -> tuple[Line, ...]:
    """The facts that nobody recorded (or whose record is stale or set aside), the weightiest first."""
    weights: dict[Ref, int] = {}
    reasons: dict[Ref, list[str]] = {}
    for what, weight, refs in _undecided(case):
        for ref in dict.fromkeys(refs):
            weights[ref] = weights.get(ref, 0) + weight
            reasons.setdefault(ref, []).append(what)
    ranked = sorted(weights, key=lambda r: (-weights[r], str(r)))
    return tuple(_line(case, ref, weights[ref], list(dict.fromkeys(reasons[ref]))) for ref in ranked[:SHOWN])


def _undecided(case: Case) -> Iterable[tuple[str, int, list[Ref]]]:
    """Each undecided part of the plan, its weight, and the recorded facts that it waits for."""
    for fact in ("disease_state", "severity", "uncontrolled", "refractory"):
        if fact in case.compiled.facts:
            yield fact, _WEIGHTS[fact], _behind(case, Ref(fact))
    for flag in case.compiled.red_flags:
        yield flag, _WEIGHTS["red_flag"], list(unknown_of(Ref("red_flag", (flag,)), case.world))
    for factor in case.compiled.factors:
        if case.value("factor_status", factor) == "not_assessed":
            yield factor, _WEIGHTS["factor"], _behind_states(case, "factor", factor)
    if case.value("disease_state") == "unknown":
        return
    for option, therapy in case.compiled.therapies.items():
        weight = _OPTION_WEIGHTS.get(str(case.value("option_status", option)), 0)
        if weight:
            refs = list(unknown_of(Ref("suits", (option,)), case.world))
            for c in therapy.contraindicated:
                if c.severity != "caution" and case.rule(c.id) is None:
                    refs += unknown_of(Ref("rule", (c.id,)), case.world)
            yield option, weight, refs


def _behind(case: Case, ref: Ref) -> list[Ref]:
    """The recorded facts behind a fact that is unknown, or a table's outcome that is."""
    value = case.world.value(ref)
    if value is not None and value != "unknown":
        return []
    derivation = case.world.rules.derivation(case.world.rules.facts[ref.name], ref.args)
    rows = getattr(derivation, "rows", ())
    names = getattr(derivation, "names", ())
    found = [r for row in rows for r in unknowns(row.when, case.world)]
    found += [r for name in names for r in unknown_of(Ref(name), case.world)]
    return found or list(unknown_of(ref, case.world))


def _behind_states(case: Case, kind: str, id_: str) -> list[Ref]:
    return [r for s in ("present", "excluded") for r in unknown_of(Ref(f"{kind}_{s}", (id_,)), case.world)]


def _line(case: Case, ref: Ref, weight: int, touches: list[str]) -> Line:
    fact = case.compiled.facts[ref.name]
    label = case.explainer.words(ref)[0]
    question = fact.question.get(LANGUAGE) or f"{label[:1].upper()}{label[1:]}?"
    if ref.args and case.explainer.title(ref.args[0]) not in question:
        question = f"{question.rstrip('?')}: {case.explainer.title(ref.args[0])}?"
    found = case.world.find(ref)
    state = {"stale": "out of date", "quarantined": "set aside"}.get(found.state, "not recorded")
    last = f" (last {event_date(found.events[-1])})" if found.state == "stale" and found.events else ""
    names = [
        case.guidance.titles.get(t) or case.explainer.words(Ref(t))[0]
        if t in case.compiled.facts
        else case.guidance.titles.get(t, t)
        for t in touches
    ]
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return Line(
        f"missing-{ref}", "missing", "assess", question, question, status=found.state,
        clinician_reason=f"{state}{last}; could change: {shown}", group=str(weight),
    )  # fmt: skip
