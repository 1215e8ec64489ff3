"""What trials of people like this patient say of each option, in people of a hundred with it and without."""

from collections.abc import Sequence

import msgspec

from atopy.evidence.comparison import Asked, Comparison, Ranked, comparison
from atopy.evidence.names import said
from atopy.guideline import Therapy
from atopy.guideline.trials import Outcome, Population
from atopy.plan import Case, Pair


class Chance(msgspec.Struct, frozen=True):
    """One outcome of one option in one population: people of a hundred, 95 % intervals of the network estimate.

    *without* is the pooled risk of the reference arms in these trials, not this patient's own.
    """

    outcome: str
    name: Pair  # of the outcome
    event: Pair
    population: Pair
    treatment: str  # with its dose
    better: str  # higher or lower
    risk: float
    low: float
    high: float
    without: float
    trials: int  # with an arm of it
    people: int  # in these arms
    head_to_head: bool  # some trial compares it with another active treatment
    sizes_verified: bool
    sources: tuple[str, ...]

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out no difference."""
        return not self.low <= self.without <= self.high


class Chances(msgspec.Struct, frozen=True):
    """By option; and the populations and cautions behind it."""

    of: dict[str, tuple[Chance, ...]]
    populations: tuple[Pair, ...]
    cautions: tuple[Pair, ...]


def chances(case: Case, therapies: Sequence[Therapy]) -> Chances:
    """For each option each outcome that a patient chooses by, from every population that this patient is of.

    Figures that nobody read do not enter.
    """
    try:
        evidence, _ = case.compiled.trial_data()
    except ValueError:
        return Chances({t.id: () for t in therapies}, (), ())
    fitting = [p for p in sorted(evidence.populations, key=lambda p: p.order) if _fits(case, p)]
    outcomes = [o for o in sorted(evidence.outcomes, key=lambda o: o.order) if o.in_aid]
    made = [comparison(case.compiled, Asked(o.id, p.id)) for p in fitting for o in outcomes]
    links = {r.id: frozenset(r.regimens) for r in evidence.regimens}
    of = {t.id: tuple(c for m in made for c in _of(case, t, m, links)) for t in therapies}
    used = [
        m.population.id
        for m in made
        if any(c.population == _name(m.population) for cs in of.values() for c in cs)
    ]
    kept = [p for p in fitting if p.id in used]
    cautions = {
        c.clinician: Pair(c.clinician, c.patient or "")
        for m in made if m.population.id in used for c in m.cautions
        if c.code in ("transitivity", "population", "sponsor", "grade")
    }  # fmt: skip
    return Chances(of, tuple(_name(p) for p in kept), _once(cautions))


def _once(cautions: dict[str, Pair]) -> tuple[Pair, ...]:
    """Each caution once; of those that differ only in their counts the first."""
    kept: dict[str, Pair] = {}
    for pair in cautions.values():
        kept.setdefault(pair.patient or pair.clinician, pair)
    return tuple(kept.values())


def _fits(case: Case, population: Population) -> bool:
    return population.compared and case.rule(f"population-{population.id}") is True


def _name(population: Population) -> Pair:
    return Pair(said(population.name, population), said(population.name, population, patient=True))


def _called(outcome: Outcome) -> Pair:
    return Pair(said(outcome.name, outcome), said(outcome.name, outcome, patient=True))


def _event(outcome: Outcome) -> Pair:
    words = outcome.event or outcome.name
    return Pair(said(words, outcome), said(words, outcome, patient=True))


def _of(case: Case, therapy: Therapy, found: Comparison, links: dict[str, frozenset[str]]) -> list[Chance]:
    """The doses of the option that this patient may get; where none of those was tried, every dose of a label."""
    nodes = [r for r in found.ranked if r.therapy == therapy.id and r.absolute is not None and r.labelled]
    mine = {r.id for r in therapy.regimens if case.rule(r.id) is True}
    fitting = [r for r in nodes if links[r.id] & mine]
    return [_chance(found, r) for r in sorted(fitting or nodes, key=lambda r: r.id)]


def _chance(found: Comparison, r: Ranked) -> Chance:
    a, base, network = r.absolute, found.baseline, found.network
    assert a is not None and base is not None and network is not None
    beside = any(e.direct and e.treatment == r.id and e.against != found.reference
                 and found.of(e.against).therapy != r.therapy for e in network.effects)  # fmt: skip
    sources = dict.fromkeys(e.source for e in found.entered if any(u.regimen == r.id for u in e.arms))
    called, event, population = _called(found.outcome), _event(found.outcome), _name(found.population)
    return Chance(
        found.outcome.id, called, event, population, r.name, found.outcome.better, a.risk, a.low, a.high,
        base.risk * 100, r.trials, r.people, beside, r.sizes_verified, tuple(sources),
    )  # fmt: skip


__all__ = ["Chance", "Chances", "chances"]
