"""One trial as the network sees it: for every two of its arms an effect and its variance."""

from collections.abc import Sequence
from itertools import combinations
from math import isfinite, log

import msgspec

from atopy.yaml_source import InputError


class Pair(msgspec.Struct, frozen=True):
    """The effect of *first* against *second*, on the scale on which effects add up (log odds ratio, difference ...)."""

    first: str
    second: str
    effect: float
    variance: float


class Study(msgspec.Struct, frozen=True):
    """A trial with k arms: all k(k-1)/2 pairs of them."""

    id: str
    treatments: tuple[str, ...]
    pairs: tuple[Pair, ...]
    corrected: bool = False  # something was added to its cells, one of which was empty

    @property
    def design(self) -> tuple[str, ...]:
        """Which treatments it compares."""
        return tuple(sorted(self.treatments))


class Arm(msgspec.Struct, frozen=True):
    """One arm: its value on the additive scale and the variance of that value."""

    treatment: str
    value: float
    variance: float


ADDED = 0.5
"""What is added to every cell of a trial in which one cell is empty (Gart and Zweifel 1967)."""


def of_counts(id_: str, arms: Sequence[tuple[str, float, float]], measure: str) -> Study | None:
    """A trial from events and people of each arm, *measure* being or, rr or rd.

    Where a cell of the trial is empty, 0.5 is added to all its cells: for OR and RR in the effect and its variance,
    for RD in the variance only. None where OR or RR cannot be: nobody, or everybody, had the event in every arm.
    Variances: 1/a + 1/b (log odds), 1/a - 1/n (log risk), ab/n³ (risk); a events, b others, n people.
    """
    for treatment, events, people in arms:
        if not (0 <= events <= people and people > 0):
            raise InputError(f"{id_}: {events} of {people} with {treatment} cannot be.")
    silent = all(e == 0 for _, e, _ in arms) or all(e == n for _, e, n in arms)
    if silent and measure in ("or", "rr"):
        return None
    empty = any(e in (0, n) for _, e, n in arms)
    added = ADDED if empty else 0.0
    found = [Arm(t, *_on_scale(e, n, added, measure)) for t, e, n in arms]
    return of_arms(id_, found, corrected=empty)


def _on_scale(events: float, people: float, added: float, measure: str) -> tuple[float, float]:
    a, b = events + added, people - events + added
    n = a + b
    if measure == "or":
        return log(a / b), 1 / a + 1 / b
    if measure == "rr":
        return log(a / n), 1 / a - 1 / n
    if measure == "rd":
        return events / people, a * b / n**3
    raise InputError(f"'{measure}' is no measure of counts. Write or, rr or rd.")


def of_means(id_: str, arms: Sequence[tuple[str, float, float]]) -> Study:
    """A trial from the mean and standard error of each arm: mean differences."""
    return of_arms(id_, [Arm(t, mean, error**2) for t, mean, error in arms])


def of_arms(id_: str, arms: Sequence[Arm], corrected: bool = False) -> Study:
    """A trial from independent arms: effects are differences, variances sums."""
    for arm in arms:
        if not (isfinite(arm.value) and isfinite(arm.variance) and arm.variance > 0):
            raise InputError(f"{id_}: the value or spread of {arm.treatment} cannot be.")
    pairs = [
        Pair(a.treatment, b.treatment, a.value - b.value, a.variance + b.variance)
        for a, b in combinations(arms, 2)
    ]
    return of_pairs(id_, pairs, corrected)


def of_pairs(id_: str, pairs: Sequence[Pair], corrected: bool = False) -> Study:
    """A trial from its comparisons: all of them, each once."""
    names = dict.fromkeys(t for p in pairs for t in (p.first, p.second))
    wanted = {frozenset(two) for two in combinations(names, 2)}
    given = [frozenset((p.first, p.second)) for p in pairs]
    if len(names) < 2 or set(given) != wanted or len(given) != len(wanted):
        raise InputError(f"{id_}: each two of its arms must be compared once.")
    return Study(id_, tuple(names), tuple(pairs), corrected)


__all__ = ["ADDED", "Arm", "Pair", "Study", "of_arms", "of_counts", "of_means", "of_pairs"]
