"""What a changed, new or withdrawn trial does to the pooled estimates: each before and after."""

from collections.abc import Iterable, Iterator

import msgspec

from atopy.evidence.comparison import Asked, Comparison, comparison
from atopy.evidence.select import Rules
from atopy.guideline import Compiled


class Estimate(msgspec.Struct, frozen=True):
    """One treatment against the reference, its 95 % interval, and people of a hundred where that can be said."""

    estimate: float
    low: float
    high: float
    hundred: float | None  # people of a hundred with the event
    trials: int
    people: int


class Shift(msgspec.Struct, frozen=True):
    """One estimate before and after; one side is missing where a treatment enters a network or leaves it."""

    treatment: str
    name: str
    before: Estimate | None
    after: Estimate | None


class Pooled(msgspec.Struct, frozen=True):
    """One network that the trials change: what is compared, among whom, and every estimate that moves."""

    outcome: str
    population: str
    measure: str
    unverified: (
        bool  # true: only with figures that nobody read yet; by default these stay out, and nothing moves
    )
    trials: tuple[int, int]
    people: tuple[int, int]
    shifts: tuple[Shift, ...]


def pooled(before: Compiled, after: Compiled, trials: Iterable[str]) -> tuple[Pooled, ...]:
    """Every network that any of these trials belongs to, before or after, and that comes out otherwise.

    First by the figures that somebody read; where these come out alike, with those that nobody read yet.
    """
    wanted = set(trials)
    found: list[Pooled] = []
    for outcome, population in sorted({*_asked(before, wanted), *_asked(after, wanted)}):
        for unverified in (False, True):
            moved = _moved(before, after, Asked(outcome, population, rules=Rules(unverified)))
            if moved is not None:
                found.append(moved)
                break
    return tuple(found)


def _asked(side: Compiled, wanted: set[str]) -> Iterator[tuple[str, str]]:
    if not side.trials:
        return
    evidence, trials = side.trial_data()
    known = {o.id for o in evidence.outcomes}
    for trial in (trials[id_] for id_ in wanted & set(trials)):
        yield from ((r.outcome, trial.population) for r in trial.results if r.outcome in known)


def _moved(before: Compiled, after: Compiled, asked: Asked) -> Pooled | None:
    sides = [_compared(side, asked) for side in (before, after)]
    there = next((side for side in reversed(sides) if side is not None), None)
    if there is None:
        return None
    was, now = (_estimates(side) for side in sides)
    names = {r.id: r.name for side in sides if side for r in side.ranked}
    shifts = tuple(
        Shift(id_, names[id_], was.get(id_), now.get(id_))
        for id_ in dict.fromkeys([*now, *was])
        if was.get(id_) != now.get(id_)
    )
    if not shifts:
        return None
    counts = [(side.trials, side.people) if side else (0, 0) for side in sides]
    return Pooled(
        there.outcome.id, there.population.id, there.measure, asked.rules.unverified,
        (counts[0][0], counts[1][0]), (counts[0][1], counts[1][1]), shifts,
    )  # fmt: skip


def _compared(side: Compiled, asked: Asked) -> Comparison | None:
    """The comparison; None where this version does not know the outcome or the population."""
    try:
        return comparison(side, asked)
    except ValueError:
        return None


def _estimates(side: Comparison | None) -> dict[str, Estimate]:
    if side is None:
        return {}
    return {
        r.id: Estimate(
            r.effect.estimate, r.effect.low, r.effect.high, r.absolute.risk if r.absolute else None, r.trials, r.people
        )
        for r in side.ranked
        if r.effect is not None
    }  # fmt: skip


__all__ = ["Estimate", "Pooled", "Shift", "pooled"]
