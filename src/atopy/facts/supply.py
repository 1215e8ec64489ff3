"""Arithmetic on amounts: facts multiplied, and how much a week what was dispensed comes to. Exact decimals.

A tube that was fetched is not yet used, so what was dispensed gives no rate but two bounds of it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from atopy.facts.compiled import Product
from atopy.record import Event

Lot = tuple[date, Decimal]

_EXACT = Context(prec=28, rounding=ROUND_HALF_EVEN)  # the ambient context changes nothing
_WEEK = Decimal(7)
_MONTH = Decimal(30)
JUDGED_AFTER = 28
"""Days of supply below which nobody can say that it is little: a tube fetched yesterday is full."""
REPEATED_WITHIN = 14
"""Days between the first lot and the last below which nobody can say that it is much: two may be for two places."""


def multiplied(product: Product, numbers: Sequence[Decimal]) -> Decimal | None:
    """The factors multiplied, then divided; None where something would be divided by nought.

    *numbers* are the values of ``names`` and then of ``over``.
    """
    value, under = product.times, product.per
    for number in numbers[: len(product.names)]:
        value = _EXACT.multiply(value, number)
    for number in numbers[len(product.names) :]:
        under = _EXACT.multiply(under, number)
    return _EXACT.divide(value, under) if under else None


def grams_a_week(event: Event, days: Decimal | None) -> Decimal | None:
    """What a course uses: as stated a day, a week or a month, or all of it over the days it ran."""
    if event.amount is None:
        return None
    spans = {"g/day": Decimal(1), "g/week": _WEEK, "g/month": _MONTH, "g": days or Decimal(0)}
    span = spans.get(event.amount.unit)
    return _EXACT.divide(_EXACT.multiply(event.amount.value, _WEEK), span) if span else None


def grams_a_week_at_most(lots: Sequence[Lot], as_of: date) -> Decimal | None:
    """No more can have been used than was fetched, since the first lot; None while that is too short to tell."""
    days = (as_of - min(day for day, _ in lots)).days
    return _a_week([grams for _, grams in lots], days) if days >= JUDGED_AFTER else None


def grams_a_week_at_least(lots: Sequence[Lot]) -> Decimal | None:
    """All but the last lot is taken to be used when the last is fetched; None where the lots stand too close."""
    first, last = min(day for day, _ in lots), max(day for day, _ in lots)
    days = (last - first).days
    earlier = [grams for day, grams in lots if day < last]
    return _a_week(earlier, days) if days >= REPEATED_WITHIN else None


def _a_week(lots: list[Decimal], days: int) -> Decimal:
    grams = Decimal(0)
    for lot in lots:
        grams = _EXACT.add(grams, lot)
    return _EXACT.divide(_EXACT.multiply(grams, _WEEK), Decimal(days))
