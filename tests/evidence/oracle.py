"""A second way to the same numbers: generalised least squares over contrasts with the covariance of several arms.

Written from the definitions, without Laplacians, weights or hat matrices: what the engine is held against.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from atopy.evidence import Arm


class Pooled(NamedTuple):
    """Effects against the first treatment, their covariance, and what is left."""

    treatments: list[str]
    effects: np.ndarray
    covariance: np.ndarray
    q: float
    df: int


def pooled(trials: Sequence[Sequence[Arm]], tau2: float = 0.0) -> Pooled:
    """Each trial as contrasts against its first arm; what shares that arm has its variance and tau²/2 in common."""
    treatments = sorted({a.treatment for t in trials for a in t})
    place = {t: i - 1 for i, t in enumerate(treatments)}
    size = len(treatments) - 1
    information, scores, squares, rows = np.zeros((size, size)), np.zeros(size), 0.0, 0
    for arms in trials:
        first, rest = arms[0], arms[1:]
        y = np.array([a.value - first.value for a in rest])
        shared = np.ones((len(rest), len(rest)))
        s = np.diag([a.variance for a in rest]) + first.variance * shared
        s = s + tau2 * (np.eye(len(rest)) + shared) / 2
        x = np.zeros((len(rest), size))
        for row, arm in enumerate(rest):
            if place[arm.treatment] >= 0:
                x[row, place[arm.treatment]] += 1
            if place[first.treatment] >= 0:
                x[row, place[first.treatment]] -= 1
        weight = np.linalg.inv(s)
        information += x.T @ weight @ x
        scores += x.T @ weight @ y
        squares += float(y @ weight @ y)
        rows += len(rest)
    covariance = np.linalg.inv(information)
    effects = covariance @ scores
    return Pooled(treatments, effects, covariance, squares - float(effects @ scores), rows - size)


def expected_q_slope(trials: Sequence[Sequence[Arm]]) -> float:
    """How fast E(Q) grows with tau², by definition: tr(P D), with D the covariance that one unit of tau² adds."""
    treatments = sorted({a.treatment for t in trials for a in t})
    place = {t: i - 1 for i, t in enumerate(treatments)}
    xs, ss, ds = [], [], []
    for arms in trials:
        k = len(arms) - 1
        x = np.zeros((k, len(treatments) - 1))
        for row, arm in enumerate(arms[1:]):
            for treatment, sign in ((arm.treatment, 1), (arms[0].treatment, -1)):
                if place[treatment] >= 0:
                    x[row, place[treatment]] += sign
        xs.append(x)
        ss.append(np.diag([a.variance for a in arms[1:]]) + arms[0].variance * np.ones((k, k)))
        ds.append((np.eye(k) + np.ones((k, k))) / 2)
    x, s, d = np.vstack(xs), _block(ss), _block(ds)
    w = np.linalg.inv(s)
    p = w - w @ x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w
    return float(np.trace(p @ d))


def _block(parts: Sequence[np.ndarray]) -> np.ndarray:
    size = sum(len(p) for p in parts)
    whole, at = np.zeros((size, size)), 0
    for part in parts:
        whole[at : at + len(part), at : at + len(part)] = part
        at += len(part)
    return whole
