"""Whether a dose that a plan works out can be above a maximum, for any weight of a range: exactly, not by samples.

A dose is worked out by multiplying the weight, taking the least of that and the maxima, and rounding to whole
strengths. So over the weight it is a line, or constant, between the weights at which a maximum begins to bind or one
strength more fits in. Between two such weights a line that is nowhere above another at both ends is nowhere above it.
The plan's own arithmetic is asked at both ends and inside; nothing of it is written a second time.
"""

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import NamedTuple

from atopy.guideline import Dose, Regimen
from atopy.plan.dose import Setting, amounts
from atopy.plan.dose_amount import in_unit, most, span_of, unit_of

_MILLIGRAMS = {"microgram": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}
_HAIR = Decimal("1e-9")  # kilograms: no weight is written finer


class Above(NamedTuple):
    """A weight at which a dose is above a maximum."""

    weight: Decimal
    dose: Decimal
    maximum: Decimal


def above_a_maximum(regimen: Regimen, setting: Setting, weights: tuple[Decimal, Decimal]) -> Above | None:
    """The first weight (kg) of the range at which some dose is above a maximum; None where there is none."""
    limits = [d for d in (regimen.maximum, *setting.ceilings) if d is not None]
    if not limits:
        return None
    for weight in _weights(regimen, setting, limits, weights):
        for span, unit in amounts(regimen, setting._replace(weight=weight)):
            top = span.high if span.high is not None else span.low
            for limit in limits:
                allowed = most(limit, weight)
                bound = in_unit(allowed[0], allowed[1]._replace(body=None), unit) if allowed else None
                if top is not None and bound is not None and top > bound:
                    return Above(weight, top, bound)
    return None


def _weights(
    regimen: Regimen, setting: Setting, limits: list[Dose], weights: tuple[Decimal, Decimal]
) -> Iterator[Decimal]:
    """Both ends of the range, the weights beside each at which the dose changes its course, and one between two."""
    low, high = weights
    given = [d for d in (regimen.loading, regimen.dose, *regimen.then) if d is not None]
    turns = {t.quantize(_HAIR, ROUND_FLOOR) for dose in given for t in _turns(dose, setting, limits, high)}
    near = {t + n * _HAIR for t in turns for n in (-1, 0, 1, 2)}
    ordered = sorted({low, high, *(t for t in near if low < t < high)})
    for one, after in pairwise(ordered):
        yield from (one, ((one + after) / 2).quantize(_HAIR, ROUND_FLOOR))
    yield high


def _turns(dose: Dose, setting: Setting, limits: list[Dose], high: Decimal) -> Iterator[Decimal]:
    """The weights at which a maximum begins to bind, or one strength more fits in."""
    unit = unit_of(dose.unit)
    if unit.body != "kg":
        return
    for end in {n for n in span_of(dose) if n}:
        per_kg = [end * share for share in _shares(setting)]
        for limit in limits:
            top, of = span_of(limit).high, unit_of(limit.unit)
            bound = (
                in_unit(top, of._replace(body=None), unit._replace(body=None)) if top is not None else None
            )
            if bound is not None and of.body is None:
                yield from (bound / n for n in per_kg)
        per_kg += [b for limit in limits if (b := _per_kg(limit, dose)) is not None]
        step = _step(dose, setting)
        for n in per_kg if step is not None else []:
            assert step is not None
            yield from (step * k / n for k in range(1, int(high * n / step) + 1))


def _per_kg(limit: Dose, dose: Dose) -> Decimal | None:
    """What a maximum by weight allows for each kilogram, in the unit of the dose."""
    of, unit = unit_of(limit.unit), unit_of(dose.unit)
    top = span_of(limit).high
    if of.body != "kg" or top is None:
        return None
    return in_unit(top, of._replace(body=None), unit._replace(body=None))


def _shares(setting: Setting) -> list[Decimal]:
    """By what the dose is multiplied beside the weight."""
    parts = [n for s in setting.shares for n in (s.value, s.low, s.high) if n is not None]
    return [n / 100 for n in parts] or [Decimal(1)]


def _step(dose: Dose, setting: Setting) -> Decimal | None:
    """The smallest step by which the whole of a dose can change, in its own unit."""
    if setting.made is None:
        return None
    counted = unit_of(dose.unit).counted
    if counted not in _MILLIGRAMS or setting.made.unit not in _MILLIGRAMS:
        return None
    return min(setting.made.strengths) * _MILLIGRAMS[setting.made.unit] / _MILLIGRAMS[counted]


__all__ = ["Above", "above_a_maximum"]
