"""How much trials differ: Q, I², and what of Q lies within designs and what between them."""

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import cast

import msgspec
from scipy.special import ndtri
from scipy.stats import chi2

from atopy.evidence.fit import Fit, components, fit, tau2_dl
from atopy.evidence.study import Study


class Test(msgspec.Struct, frozen=True):
    """A chi-squared statistic; *p* is None where it has no degree of freedom."""

    q: float
    df: int
    p: float | None


class Design(msgspec.Struct, frozen=True):
    """The heterogeneity among the trials that compare the same treatments."""

    treatments: tuple[str, ...]
    trials: int
    within: Test


class Heterogeneity(msgspec.Struct, frozen=True):
    """*i2* in percent with its 95 % interval (Higgins and Thompson 2002); None where it cannot be told."""

    tau2: float
    total: Test
    within: Test
    between: Test
    designs: tuple[Design, ...]
    i2: float | None
    i2_low: float | None
    i2_high: float | None
    between_random: Test  # inconsistency with the heterogeneity within designs allowed for
    tau2_within: float


def test(q: float, df: int) -> Test:
    """*q* against the chi-squared distribution with *df* degrees of freedom."""
    return Test(q, df, float(chi2.sf(q, df)) if df > 0 else None)


def heterogeneity(studies: Sequence[Study], common: Fit) -> Heterogeneity:
    """Cochran's Q of a network, decomposed (Krahn, Binder and König, BMC Med Res Methodol 2013;13:35): within the
    designs trials differ though they compare the same treatments; between them designs disagree.

    *between_random* is the same with the variance between trials within designs (the full design-by-treatment
    interaction model; Higgins et al., Res Synth Methods 2012;3:98).
    """
    groups = _by_design(studies)
    fits = {design: fit(group) for design, group in groups.items()}
    designs = tuple(Design(d, len(groups[d]), test(f.q, f.df)) for d, f in fits.items())
    within = test(sum(f.q for f in fits.values()), sum(f.df for f in fits.values()))
    df = common.df - within.df
    between = test(max(common.q - within.q, 0.0) if df else 0.0, df)
    scale = sum(f.trace for f in fits.values())
    tau2_within = max(0.0, (within.q - within.df) / scale) if within.df > 0 and scale > 0 else 0.0
    apart = sum(fit(g, tau2_within).q for g in groups.values())
    together = fit(studies, tau2_within).q
    random = test(max(together - apart, 0.0) if df else 0.0, df)
    i2, low, high = i_squared(common.q, common.df)
    return Heterogeneity(
        tau2_dl(common), test(common.q, common.df), within, between, designs, i2, low, high, random, tau2_within
    )  # fmt: skip


def _by_design(studies: Sequence[Study]) -> dict[tuple[str, ...], list[Study]]:
    groups: dict[tuple[str, ...], list[Study]] = {}
    for study in studies:
        groups.setdefault(study.design, []).append(study)
    return dict(sorted(groups.items()))


def i_squared(q: float, df: int) -> tuple[float | None, float | None, float | None]:
    """I² in percent and its 95 % interval by way of H (Higgins and Thompson, Stat Med 2002;21:1539)."""
    if df < 1:
        return None, None, None
    i2 = max(0.0, (q - df) / q) * 100 if q > 0 else 0.0
    if df < 2:
        return i2, None, None
    spread = (
        0.5 * (log(q) - log(df)) / (sqrt(2 * q) - sqrt(2 * df - 1))
        if q > df + 1
        else sqrt(1 / (2 * (df - 1)) * (1 - 1 / (3 * (df - 1) ** 2)))
    )
    middle, reach = log(max(sqrt(q / df), 1.0)), cast(float, ndtri(0.975)) * spread
    low, high = (max(1.0, exp(middle + sign * reach)) for sign in (-1, 1))
    return i2, _of_h(low), _of_h(high)


def _of_h(h: float) -> float:
    return (h**2 - 1) / h**2 * 100


__all__ = ["Design", "Heterogeneity", "Test", "components", "heterogeneity", "i_squared", "test"]
