"""A comparison: one outcome in one population, everything that is known of it and how far it can be trusted."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from atopy.evidence.absolute import Absolute, Baseline, absolute
from atopy.evidence.caution import Caution, cautions
from atopy.evidence.known import Beside, beside
from atopy.evidence.names import Names
from atopy.evidence.network import Effect, Model, Network, network
from atopy.evidence.select import Entered, LeftOut, Measure, Rules, select
from atopy.guideline import Compiled
from atopy.guideline import trials as content
from atopy.yaml_source import InputError

Named = TypeVar("Named", content.Outcome, content.Population)
RATIOS = ("or", "rr")
MEASURES: dict[str, tuple[Measure, ...]] = {"binary": ("or", "rr", "rd"), "continuous": ("md",)}


class Ranked(msgspec.Struct, frozen=True):
    """One treatment of the network: against the reference, in people of a hundred, its rank, what it rests on."""

    id: str
    name: str
    patient_name: str
    therapy: str | None
    pscore: float
    trials: int
    people: int
    effect: Effect | None  # None of the reference itself
    absolute: Absolute | None
    verified: bool  # every figure of it was read
    sizes_verified: bool
    labelled: bool  # the ladder holds this dose


class Comparison(msgspec.Struct, frozen=True):
    """What ``compare`` finds. ``network`` is None where there is nothing to pool; then ``beside`` says what is known.

    ``ranked``: the best first, by P-score. ``entered`` and ``left_out``: the trials, whole or in part.
    """

    outcome: content.Outcome
    population: content.Population
    measure: Measure
    model: Model
    rules: Rules
    reference: str
    ranked: tuple[Ranked, ...]
    network: Network | None
    baseline: Baseline | None
    entered: tuple[Entered, ...]
    left_out: tuple[LeftOut, ...]
    beside: tuple[Beside, ...]
    cautions: tuple[Caution, ...]
    names: dict[str, str]
    trials: int
    people: int

    def of(self, id_: str) -> Ranked:
        """One treatment of the network. Raises KeyError."""
        for one in self.ranked:
            if one.id == id_:
                return one
        raise KeyError(id_)


class Asked(msgspec.Struct, frozen=True):
    """What is asked of the trials of a guideline."""

    outcome: str
    population: str
    model: Model = "random"
    measure: Measure | None = None
    baseline: float | None = None
    rules: Rules = Rules()


def comparison(compiled: Compiled, asked: Asked) -> Comparison:
    """Compute what is asked. Raises ValueError in words for an outcome, population or measure that is not."""
    evidence, trials = compiled.trial_data()
    outcome = _named(evidence.outcomes, asked.outcome, "outcome")
    population = _named(evidence.populations, asked.population, "population")
    measure = _measure(outcome, asked.measure)
    if asked.model not in ("fixed", "random"):
        raise InputError(f"'{asked.model}' is no model. Write fixed or random.")
    names = Names(compiled, evidence)
    own = [t for t in trials.values() if t.population == population.id]
    entered, left = select(own if population.compared else (), outcome, measure, asked.rules)
    fitted = _fitted(entered, asked.model, measure, outcome, population)
    inside = _inside(entered, fitted)
    baseline = _baseline(inside, population.reference, outcome, asked.baseline)
    around = beside(trials.values(), evidence, population, outcome, entered, fitted, left, names)
    return Comparison(
        outcome, population, measure, asked.model, asked.rules, population.reference,
        _ranked(fitted, inside, names, baseline, measure, population.reference), fitted, baseline, entered, left,
        around, cautions(population, inside, fitted, names), names.all(),
        len(inside), sum(u.people or 0 for e in inside for u in e.arms),
    )  # fmt: skip


def _named(listed: Sequence[Named], id_: str, what: str) -> Named:
    for one in listed:
        if one.id == id_:
            return one
    raise InputError(f"'{id_}' is no {what} of this guideline. Known are: {', '.join(o.id for o in listed)}.")


def _measure(outcome: content.Outcome, asked: Measure | None) -> Measure:
    known = MEASURES[outcome.kind]
    if asked is None or asked in known:
        return asked or known[0]
    raise InputError(
        f"'{asked}' does not fit {outcome.id}, which is {outcome.kind}. Write one of: {', '.join(known)}."
    )


def _fitted(
    entered: Sequence[Entered],
    model: Model,
    measure: Measure,
    outcome: content.Outcome,
    population: content.Population,
) -> Network | None:
    if not entered:
        return None
    return network(
        [e.study for e in entered], model, ratio=measure in RATIOS, better=outcome.better,
        reference=population.reference,
    )  # fmt: skip


def _inside(entered: Iterable[Entered], fitted: Network | None) -> tuple[Entered, ...]:
    """The trials of the connected network that was fitted."""
    ids = {s.id for s in fitted.studies} if fitted else set()
    return tuple(e for e in entered if e.trial.id in ids)


def _baseline(
    inside: Sequence[Entered], reference: str, outcome: content.Outcome, stated: float | None
) -> Baseline | None:
    if outcome.kind != "binary":
        if stated is not None:
            raise InputError(f"A baseline risk has no meaning for {outcome.id}, which is a mean.")
        return None
    arms = [(u.events, u.people) for e in inside for u in e.arms if u.regimen == reference]
    counted = [(a, n) for a, n in arms if a is not None and n]
    events, people = sum(a for a, _ in counted), sum(n for _, n in counted)
    shares = [a / n for a, n in counted]
    lowest, highest = min(shares, default=None), max(shares, default=None)
    if stated is not None:
        if not 0 < stated < 1:
            raise InputError(
                f"A baseline risk of {stated:g} cannot be. Write one between 0 and 1, or a percentage."
            )
        return Baseline(stated, True, events, people, len(counted), lowest, highest)
    if not 0 < events < people:
        return None
    return Baseline(events / people, False, events, people, len(counted), lowest, highest)


def _ranked(
    fitted: Network | None, inside: Sequence[Entered], names: Names, baseline: Baseline | None, measure: Measure,
    reference: str,
) -> tuple[Ranked, ...]:  # fmt: skip
    if fitted is None:
        return ()
    found = []
    for id_ in fitted.treatments:
        arms = [u for e in inside for u in e.arms if u.regimen == id_]
        effect = (
            fitted.effect(id_, reference) if id_ != reference and reference in fitted.treatments else None
        )
        risk = absolute(effect, baseline.risk, measure) if effect and baseline else None
        people = sum(u.people or 0 for u in arms)
        read, sized = all(u.verified for u in arms), all(u.size_verified for u in arms)
        named = id_, names.clinician(id_), names.patient(id_), names.therapy(id_)
        score = fitted.pscores[id_]
        found.append(Ranked(*named, score, len(arms), people, effect, risk, read, sized, names.labelled(id_)))
    return tuple(sorted(found, key=lambda r: (-r.pscore, r.id)))


__all__ = ["MEASURES", "RATIOS", "Asked", "Comparison", "Ranked", "comparison"]
