"""One connected network, fitted as an electrical network is (Rücker, Res Synth Methods 2012;3:312).

Treatments are nodes, comparisons are edges with a conductance of 1/variance; a trial with several arms is given
reduced weights that act as its comparisons together do. The pseudo-inverse of the Laplacian then holds everything.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from atopy.evidence.study import Study
from atopy.yaml_source import InputError

Floats = npt.NDArray[np.float64]


class Fit(NamedTuple):
    """A network fitted with one variance between trials.

    *effects[i, j]*: treatment i against j on the additive scale; *variances[i, j]*: its variance.
    """

    treatments: tuple[str, ...]
    effects: Floats
    variances: Floats
    tau2: float
    q: float  # the weighted sum of squares left: Cochran's Q where tau2 is 0
    df: int
    trace: float  # tr((I - H) U W), the scale of tau2 in the expectation of Q
    leverage: Floats  # H: how each comparison of a trial enters each fitted one


class Edges(NamedTuple):
    """The comparisons of all trials, in the order of *studies*, and which trial each belongs to."""

    incidence: Floats  # +1 for the first, -1 for the second treatment
    effects: Floats
    variances: Floats
    study: npt.NDArray[np.intp]


def edges(studies: Sequence[Study], treatments: Sequence[str]) -> Edges:
    """Every pair of every trial as a row."""
    place = {t: i for i, t in enumerate(treatments)}
    rows = [(n, p) for n, s in enumerate(studies) for p in s.pairs]
    incidence = np.zeros((len(rows), len(treatments)))
    for row, (_, pair) in enumerate(rows):
        incidence[row, place[pair.first]] = 1
        incidence[row, place[pair.second]] = -1
    effects = np.array([p.effect for _, p in rows], dtype=float)
    variances = np.array([p.variance for _, p in rows], dtype=float)
    return Edges(incidence, effects, variances, np.array([n for n, _ in rows], dtype=np.intp))


def weights(study: Study, tau2: float) -> Floats:
    """The weight of each pair of a trial. Of two arms 1/variance; of more, the weights of the electrical network
    whose resistances between arms are those variances. Raises ValueError where no such network is.
    """
    variances = np.array([p.variance + tau2 for p in study.pairs])
    if len(variances) == 1:
        return np.asarray(1 / variances)
    place = {t: i for i, t in enumerate(study.treatments)}
    size = len(place)
    at = [(place[p.first], place[p.second]) for p in study.pairs]
    resistances = np.zeros((size, size))
    for (i, j), variance in zip(at, variances, strict=True):
        resistances[i, j] = resistances[j, i] = variance
    centred = resistances - resistances.mean(0) - resistances.mean(1)[:, None] + resistances.mean()
    laplacian = _pseudo_inverse(-centred / 2)
    found = np.array([-laplacian[i, j] for i, j in at])
    if (found <= 0).any():
        raise InputError(f"{study.id}: the variances of its comparisons contradict each other.")
    return found


def fit(studies: Sequence[Study], tau2: float = 0.0) -> Fit:
    """Fit a connected network with *tau2* between trials (0: the common-effect model)."""
    treatments = tuple(sorted({t for s in studies for t in s.treatments}))
    e = edges(studies, treatments)
    weight = np.concatenate([weights(s, tau2) for s in studies])
    carried = e.incidence.T * weight
    inverse = _pseudo_inverse(carried @ e.incidence)
    level = inverse @ carried @ e.effects
    hat = e.incidence @ inverse @ carried
    left = e.effects - e.incidence @ level
    diagonal = np.diag(inverse)
    same = (e.study[:, None] == e.study[None, :]) * (e.incidence @ e.incidence.T) / 2
    trace = float(np.trace((np.eye(len(weight)) - hat) @ same * weight[None, :]))
    df = sum(len(s.treatments) - 1 for s in studies) - (len(treatments) - 1)
    variances = diagonal[:, None] + diagonal[None, :] - 2 * inverse
    np.fill_diagonal(variances, 0.0)
    return Fit(
        treatments, level[:, None] - level[None, :], np.maximum(variances, 0.0), tau2,
        float(weight @ left**2), df, trace, hat,
    )  # fmt: skip


def _pseudo_inverse(laplacian: Floats) -> Floats:
    """Of a symmetric matrix whose only null vector is the constant one, as of a connected network: adding that vector
    makes it regular. No threshold decides what is zero; one did, and took rounding for resistance.
    """
    size = len(laplacian)
    scale = float(np.trace(laplacian)) / size
    ones = np.full((size, size), 1 / size)
    return np.asarray(np.linalg.inv(laplacian + scale * ones) - ones / scale)


def tau2_dl(common: Fit) -> float:
    """The variance between trials, by the method of moments for networks (DerSimonian and Laird generalised:
    Jackson, White and Riley, Stat Med 2012;31:3805; as in netmeta). 0 where nothing is left to estimate it from.
    """
    if common.df <= 0 or common.trace <= 0:
        return 0.0
    return max(0.0, (common.q - common.df) / common.trace)


def components(studies: Sequence[Study]) -> list[tuple[Study, ...]]:
    """The connected parts of the network, the largest (by treatments, trials, name) first."""
    parts: list[set[str]] = []
    for study in studies:
        joined = set(study.treatments)
        apart = [p for p in parts if not p & joined]
        for part in parts:
            joined |= part if part & joined else set()
        parts = [*apart, joined]
    found = [tuple(s for s in studies if s.treatments[0] in part) for part in parts]
    return sorted(found, key=lambda f: (-len({t for s in f for t in s.treatments}), -len(f), f[0].id))


__all__ = ["Edges", "Fit", "components", "edges", "fit", "tau2_dl", "weights"]
