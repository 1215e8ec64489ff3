"""The model whose results are published for the second data set: exact likelihood, random effects, vague priors.

Only to compare with: a Metropolis sampler over many chains at once, seeded. The engine approximates counts by normal
log odds ratios instead; how far the two lie apart is part of what the tests say.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Posterior(NamedTuple):
    """Mean and standard deviation of each effect against the first treatment, and of tau."""

    mean: dict[str, float]
    sd: dict[str, float]
    tau: float


def posterior(
    trials: Sequence[Sequence[tuple[str, int, int]]],
    seed: int,
    chains: int = 120,
    burn: int = 1500,
    kept: int = 2500,
) -> Posterior:
    """Binomial counts, logit scale; a free level for each trial; arms of a trial share tau²/2 (consistency model).

    Priors: effects and levels N(0, 15²) as good as flat, tau uniform on (0, 3).
    """
    chance = np.random.default_rng(seed)
    names = sorted({t for trial in trials for t, _, _ in trial})
    treatment = np.array([names.index(t) for trial in trials for t, _, _ in trial])
    trial_of = np.array([n for n, trial in enumerate(trials) for _ in trial])
    events = np.array([e for trial in trials for _, e, _ in trial], dtype=float)
    people = np.array([k for trial in trials for _, _, k in trial], dtype=float)
    arms, size = len(treatment), len(names) - 1
    within = np.zeros((len(trials), arms))
    within[trial_of, np.arange(arms)] = 1
    d = np.zeros((chains, size + 1))
    theta = np.tile(np.log((events + 0.5) / (people - events + 0.5)), (chains, 1))
    tau = np.full(chains, 0.8)
    sums, squares, taus = np.zeros(size + 1), np.zeros(size + 1), 0.0
    design = np.zeros((arms, size + 1))
    design[np.arange(arms), treatment] = 1
    step = 1.1 / np.sqrt(events + 1) + 0.15
    counts = within.sum(1)
    centre = np.eye(arms) - within.T @ (within / counts[:, None])  # takes a trial's own level out
    x = (centre @ design)[:, 1:]
    gram = np.linalg.inv(x.T @ x)
    root = np.linalg.cholesky(gram)
    free = arms - len(trials)
    for turn in range(burn + kept):
        # each arm's own log odds, given effects and tau, with the trial's level integrated out (flat)
        for parity in range(4):
            chosen = np.array(
                [np.flatnonzero(trial_of == n)[parity % int(counts[n])] for n in range(len(trials))]
            )
            new = theta.copy()
            new[:, chosen] += chance.normal(0, 1, (chains, len(chosen))) * step[chosen]
            change = events * (new - theta) - people * (np.logaddexp(0, new) - np.logaddexp(0, theta))
            before, after = (t - d[:, treatment] for t in (theta, new))
            spread = [((r @ centre) ** 2) @ within.T for r in (before, after)]
            ratio = change @ within.T - (spread[1] - spread[0]) / (tau[:, None] ** 2)
            accept = np.log(chance.uniform(size=ratio.shape)) < ratio
            theta = np.where(
                accept[:, trial_of] & (np.arange(arms)[None, :] == chosen[trial_of][None, :]), new, theta
            )
        # effects, exactly
        mean = (theta @ centre) @ x @ gram
        d[:, 1:] = mean + (chance.normal(size=(chains, size)) @ root.T) * (tau[:, None] / np.sqrt(2))
        # tau
        left = (((theta - d[:, treatment]) @ centre) ** 2).sum(1)
        proposal = tau * np.exp(chance.normal(0, 0.35, chains))
        ratio = (
            -free * np.log(proposal / tau) - left * (1 / proposal**2 - 1 / tau**2) + np.log(proposal / tau)
        )
        tau = np.where((np.log(chance.uniform(size=chains)) < ratio) & (proposal < 3), proposal, tau)
        if turn >= burn:
            sums += d.mean(0)
            squares += (d**2).mean(0)
            taus += float(tau.mean())
    mean_, sd = sums / kept, np.sqrt(squares / kept - (sums / kept) ** 2)
    return Posterior(dict(zip(names, mean_, strict=True)), dict(zip(names, sd, strict=True)), taus / kept)
