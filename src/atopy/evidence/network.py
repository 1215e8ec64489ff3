"""One network fitted with both models: effects of all pairs, ranks, direct and indirect evidence."""

from collections.abc import Sequence
from math import exp, sqrt
from typing import Literal

import msgspec
import numpy as np
from msgspec.structs import replace
from scipy.special import ndtr, ndtri

from atopy.evidence.fit import Fit, components, fit, tau2_dl
from atopy.evidence.heterogeneity import Heterogeneity, heterogeneity
from atopy.evidence.study import Study
from atopy.yaml_source import InputError

Model = Literal["fixed", "random"]
_ALMOST = 0.0005  # a share of direct evidence this near to 1 leaves nothing indirect (as netsplit has it)


class Effect(msgspec.Struct, frozen=True):
    """*treatment* against *against* with a 95 % interval; *se* and *log* speak of the additive scale.

    Estimate, low and high are ratios where *ratio* is true, differences else.
    """

    treatment: str
    against: str
    estimate: float
    low: float
    high: float
    additive: float
    se: float
    ratio: bool
    direct: int  # trials that compare the two

    @property
    def p(self) -> float:
        """Two-sided, against no difference."""
        return float(2 * ndtr(-abs(self.additive) / self.se)) if self.se else 1.0


class Split(msgspec.Struct, frozen=True):
    """Direct and indirect evidence on two treatments, additive scale; None where one of the two is missing.

    *share* is the proportion of the network estimate that rests on direct evidence. *separate*: without the trials
    that compare the two, others still connect them; else what is called indirect comes from the third arms of the
    same trials, and says nothing of consistency (van Valkenhoef et al., Res Synth Methods 2016;7:80).
    """

    treatment: str
    against: str
    trials: int
    share: float
    network: float
    direct: float
    indirect: float | None
    difference: float | None
    z: float | None
    p: float | None
    separate: bool


class Network(msgspec.Struct, frozen=True):
    """A fitted network. *pscores* lie between 0 and 1, the best near 1."""

    model: Model
    treatments: tuple[str, ...]
    effects: tuple[Effect, ...]
    pscores: dict[str, float]
    heterogeneity: Heterogeneity
    splits: tuple[Split, ...]
    studies: tuple[Study, ...]
    apart: tuple[tuple[Study, ...], ...]  # trials that nothing connects to these

    def effect(self, treatment: str, against: str) -> Effect:
        """One of the pairs. Raises KeyError."""
        for e in self.effects:
            if (e.treatment, e.against) == (treatment, against):
                return e
        raise KeyError((treatment, against))


def network(
    studies: Sequence[Study],
    model: Model = "random",
    *,
    ratio: bool = False,
    better: Literal["higher", "lower"] = "higher",
    reference: str | None = None,
) -> Network:
    """Network meta-analysis of *studies*, frequentist and graph-theoretical (Rücker 2012), as R's netmeta.

    Effects must be on the scale on which they add up; with *ratio* they are logarithms and are shown as ratios.
    Of a network in several parts, that with *reference* is analysed (the largest, if none is given); the others are
    returned as ``apart``: no number compares them. Raises ValueError for no trial.
    """
    parts = components(studies)
    if not parts:
        raise InputError("There is no trial to compare.")
    with_it = [p for p in parts if reference is not None and any(reference in s.treatments for s in p)]
    chosen = (with_it or parts)[0]
    common = fit(chosen)
    tau2 = tau2_dl(common)
    final = fit(chosen, tau2) if model == "random" else common
    direct = _direct(chosen)
    return Network(
        model, final.treatments, _effects(final, direct, ratio), pscores(final, better),
        heterogeneity(chosen, common), _splits(chosen, final, tau2 if model == "random" else 0.0),
        tuple(chosen), tuple(p for p in parts if p is not chosen),
    )  # fmt: skip


def _direct(studies: Sequence[Study]) -> dict[frozenset[str], int]:
    counted: dict[frozenset[str], int] = {}
    for study in studies:
        for pair in study.pairs:
            two = frozenset((pair.first, pair.second))
            counted[two] = counted.get(two, 0) + 1
    return counted


def _effects(f: Fit, direct: dict[frozenset[str], int], ratio: bool) -> tuple[Effect, ...]:
    z = float(ndtri(0.975))
    shown = exp if ratio else float
    found = []
    for i, a in enumerate(f.treatments):
        for j, b in enumerate(f.treatments):
            if i != j:
                effect, se = float(f.effects[i, j]), sqrt(float(f.variances[i, j]))
                low, high = effect - z * se, effect + z * se
                count = direct.get(frozenset((a, b)), 0)
                found.append(Effect(a, b, shown(effect), shown(low), shown(high), effect, se, ratio, count))
    return tuple(found)


def pscores(f: Fit, better: Literal["higher", "lower"]) -> dict[str, float]:
    """The mean certainty of being better than another treatment (Rücker and Schwarzer, BMC Med Res Methodol
    2015;15:58): 1 for one that is surely best, 0 for one that is surely worst.
    """
    n = len(f.treatments)
    sign = 1.0 if better == "higher" else -1.0
    errors = np.sqrt(f.variances) + np.eye(n)
    certain = np.asarray(ndtr(sign * f.effects / errors))
    np.fill_diagonal(certain, 0.0)
    return {t: float(p) for t, p in zip(f.treatments, certain.sum(1) / (n - 1), strict=True)}


def _splits(studies: Sequence[Study], f: Fit, tau2: float) -> tuple[Split, ...]:
    """Each compared pair split into direct and indirect evidence (back-calculation: König, Krahn and Binder, Stat Med
    2013;32:5414; Dias et al., Stat Med 2010;29:932, as in netmeta's netsplit).
    """
    place = {t: i for i, t in enumerate(f.treatments)}
    pooled: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for study in studies:
        for p in study.pairs:
            two = (p.first, p.second) if p.first < p.second else (p.second, p.first)
            effect = p.effect if two[0] == p.first else -p.effect
            pooled.setdefault(two, []).append((effect, 1 / (p.variance + tau2)))
    found = []
    for (a, b), seen in sorted(pooled.items()):
        weight = sum(w for _, w in seen)
        direct = sum(e * w for e, w in seen) / weight
        whole, variance = float(f.effects[place[a], place[b]]), float(f.variances[place[a], place[b]])
        split = _split(a, b, len(seen), direct, 1 / weight, whole, variance)
        found.append(replace(split, separate=_connected_without(studies, a, b)))
    return tuple(found)


def _connected_without(studies: Sequence[Study], a: str, b: str) -> bool:
    """Whether trials that do not compare the two still lead from one to the other."""
    rest = [s for s in studies if not {a, b} <= set(s.treatments)]
    return any({a, b} <= {t for study in part for t in study.treatments} for part in components(rest))


def _split(
    a: str, b: str, trials: int, direct: float, of_direct: float, whole: float, of_whole: float
) -> Split:
    share = min(of_whole / of_direct, 1.0)
    if share > 1 - _ALMOST:
        return Split(a, b, trials, 1.0, whole, direct, None, None, None, None, False)
    indirect = (whole - share * direct) / (1 - share)
    difference = direct - indirect
    z = difference / sqrt(of_direct + of_whole / (1 - share))
    return Split(a, b, trials, share, whole, direct, indirect, difference, z, float(2 * ndtr(-abs(z))), True)


__all__ = ["Effect", "Model", "Network", "Split", "network", "pscores"]
