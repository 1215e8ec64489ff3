"""From a relative effect to people of a hundred, for a stated risk without the treatment."""

from math import exp, log

import msgspec

from atopy.evidence.network import Effect
from atopy.evidence.select import Measure
from atopy.yaml_source import InputError


class Baseline(msgspec.Struct, frozen=True):
    """The risk with the reference: stated by the user, or pooled over the reference arms of the network."""

    risk: float
    stated: bool
    events: int = 0
    people: int = 0
    trials: int = 0
    lowest: float | None = None  # of the single trials
    highest: float | None = None


class Absolute(msgspec.Struct, frozen=True):
    """People of a hundred with the event, and how many more (or, below 0, fewer) than with the reference.

    The intervals are those of the relative effect; the baseline is taken as given.
    """

    risk: float
    low: float
    high: float
    more: float
    more_low: float
    more_high: float


def absolute(effect: Effect, baseline: float, measure: Measure) -> Absolute:
    """What *effect* (against the reference) means at *baseline*, a risk above 0 and below 1."""
    ends = [at_baseline(e, baseline, measure) * 100 for e in (effect.estimate, effect.low, effect.high)]
    base = baseline * 100
    return Absolute(ends[0], ends[1], ends[2], *(e - base for e in ends))


def at_baseline(effect: float, baseline: float, measure: Measure) -> float:
    """The risk that an odds ratio, risk ratio or risk difference makes of *baseline*; never below 0 or above 1."""
    if not 0 < baseline < 1:
        raise InputError(
            f"A baseline risk of {baseline:g} cannot be. Write one between 0 and 1, or a percentage."
        )
    if measure == "or":
        return 1 / (1 + exp(-(log(baseline / (1 - baseline)) + log(effect))))
    return min(max(baseline * effect if measure == "rr" else baseline + effect, 0.0), 1.0)


__all__ = ["Absolute", "Baseline", "absolute", "at_baseline"]
