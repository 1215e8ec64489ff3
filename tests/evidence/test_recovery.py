"""Simulated networks with known effects: the estimates find them, and 95 % intervals hold them 95 times of a hundred.

Seeded: the same numbers on every run. The bounds are what chance leaves of so many runs (about three standard errors).
"""

from math import log, sqrt

import numpy as np
import pytest

from atopy.evidence import Arm, Network, Study, network, of_arms, of_counts

TRUTH = {"placebo": 0.0, "a": 0.6, "b": 1.1, "c": 1.6}
DESIGNS = [("placebo", "a")] * 5 + [("placebo", "b")] * 5 + [("placebo", "c")] * 3 + [
    ("a", "b"), ("b", "c"), ("placebo", "a", "b"), ("placebo", "b", "c"),
]  # fmt: skip
RUNS = 400


def effects_of_trial(chance: np.random.Generator, design: tuple[str, ...], tau: float) -> np.ndarray:
    """True effects in one trial: each arm's own deviation with half of tau², so that each pair has tau²."""
    return np.array([TRUTH[t] for t in design]) + chance.normal(0, tau / sqrt(2), len(design))


def means(chance: np.random.Generator, tau: float) -> list[Study]:
    found = []
    for n, design in enumerate(DESIGNS):
        errors = chance.uniform(0.1, 0.3, len(design))
        values = effects_of_trial(chance, design, tau) + chance.normal(0, errors)
        arms = [Arm(t, float(v), float(e) ** 2) for t, v, e in zip(design, values, errors, strict=True)]
        found.append(of_arms(f"t{n}", arms))
    return found


def counts(chance: np.random.Generator, tau: float) -> list[Study]:
    found = []
    for n, design in enumerate(DESIGNS):
        base = log(0.25 / 0.75) + chance.normal(0, 0.3)
        risks = 1 / (1 + np.exp(-(base + effects_of_trial(chance, design, tau))))
        people = chance.integers(80, 300, len(design))
        events = chance.binomial(people, risks)
        arms = [(t, int(e), int(k)) for t, e, k in zip(design, events, people, strict=True)]
        found.append(of_counts(f"t{n}", arms, "or"))
    return [s for s in found if s is not None]


def runs(make: object, model: str, tau: float, seed: int) -> list[Network]:
    chance = np.random.default_rng(seed)
    return [network(make(chance, tau), model) for _ in range(RUNS)]  # type: ignore[operator]


def held(found: list[Network], treatment: str) -> float:
    """How often the interval against placebo holds the true effect."""
    reach = 1.959963984540054
    hits = 0
    for one in found:
        e = one.effect(treatment, "placebo")
        hits += abs(e.additive - TRUTH[treatment]) <= reach * e.se
    return hits / len(found)


def bias(found: list[Network], treatment: str) -> float:
    return float(np.mean([one.effect(treatment, "placebo").additive for one in found])) - TRUTH[treatment]


@pytest.mark.parametrize(
    ("make", "model", "tau", "low"),
    [
        (means, "fixed", 0.0, 0.92),
        (means, "random", 0.0, 0.92),
        (
            means,
            "random",
            0.3,
            0.90,
        ),  # tau² is estimated and taken as known: a little short, as is known of the method
        (counts, "fixed", 0.0, 0.92),
        (counts, "random", 0.3, 0.90),
    ],
)
def test_intervals_hold_the_truth(make: object, model: str, tau: float, low: float) -> None:
    found = runs(make, model, tau, seed=20261121)
    for treatment in ("a", "b", "c"):
        assert low <= held(found, treatment) <= 0.99
        assert abs(bias(found, treatment)) < 0.03


def test_a_common_effect_where_trials_differ_promises_too_much() -> None:
    """Why random effects are the default: with tau = 0.3 the intervals of the common effect hold far too little."""
    found = runs(means, "fixed", 0.3, seed=7)
    assert held(found, "a") < 0.85


def test_the_variance_between_trials_is_found() -> None:
    found = runs(means, "random", 0.3, seed=11)
    assert np.mean([n.heterogeneity.tau2 for n in found]) == pytest.approx(0.09, abs=0.012)
    alike = runs(means, "random", 0.0, seed=11)
    assert np.mean([n.heterogeneity.tau2 for n in alike]) < 0.015, "cut off at 0, so a little above it"


def test_q_follows_its_distribution_where_trials_are_alike() -> None:
    found = runs(means, "fixed", 0.0, seed=5)
    p = np.sort([n.heterogeneity.total.p for n in found])
    assert np.max(np.abs(p - np.arange(1, RUNS + 1) / RUNS)) < 1.63 / sqrt(RUNS), (
        "Kolmogorov and Smirnov, 1 %"
    )
    between = [n.heterogeneity.between.p for n in found]
    assert np.mean(np.array(between) < 0.05) == pytest.approx(0.05, abs=0.035)


def test_ranks_are_found() -> None:
    found = runs(means, "random", 0.1, seed=3)
    right = [sorted(n.pscores, key=lambda t: n.pscores[t]) == ["placebo", "a", "b", "c"] for n in found]
    assert np.mean(right) > 0.95


def inconsistent(chance: np.random.Generator, by: float) -> list[Study]:
    """The trials of a against b are off by *by*: their evidence contradicts the way over placebo."""
    found = means(chance, 0.0)
    return [
        of_arms(s.id, [Arm("a", 0.6, 0.02), Arm("b", 1.1 + by, 0.02)]) if s.design == ("a", "b") else s
        for s in found
    ]


def test_a_contradiction_is_seen_where_it_is() -> None:
    chance = np.random.default_rng(13)
    seen = {0.0: 0, 1.5: 0}
    for by in seen:
        for _ in range(60):
            found = network(inconsistent(chance, by), "fixed")
            split = next(s for s in found.splits if (s.treatment, s.against) == ("a", "b"))
            assert split.separate
            seen[by] += split.p < 0.05
    assert seen[1.5] >= 54
    assert seen[0.0] <= 9
