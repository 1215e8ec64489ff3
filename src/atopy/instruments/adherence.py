"""Adherence from prescriptions filled: proportion of days covered, and medication possession ratio.

Made for tablets and injections. Days' supply is ill defined for creams: compare the grams dispensed
with the grams needed instead.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from atopy.instruments.exact import DIGITS, half_up


class Fill(msgspec.Struct, frozen=True):
    """One prescription filled: which drug, on which day, for how many days."""

    drug: str
    day: date
    days_supply: int


class Adherence(msgspec.Struct, frozen=True, kw_only=True):
    """A ratio, the days it is made of, and the window: the same fills give another value in another."""

    measure: Literal["pdc", "mpr"]
    days_covered: int
    days: int
    start: date
    end: date
    ratio: Decimal

    @property
    def percent(self) -> Decimal:
        """The ratio as a percentage with one decimal."""
        return half_up(self.ratio * 100, 1)


def proportion_of_days_covered(
    fills: Iterable[Fill], start: date, end: date, *, from_first_fill: bool = False
) -> Adherence:
    """PDC: days of the window (both ends included) with a drug on hand, each counted once.

    An early refill of the same drug is carried forward; the surplus of one drug never covers another.
    *from_first_fill* starts the window at the first fill inside it. Raises ValueError.
    """
    ordered = _ordered(fills)
    if from_first_fill:
        start = next((fill.day for fill in ordered if start <= fill.day <= end), start)
    days = _days(start, end)
    covered: set[int] = set()
    free_from: dict[str, date] = {}
    for fill in ordered:
        if fill.day > end:
            continue
        begins = max(fill.day, free_from.get(fill.drug, fill.day))
        free_from[fill.drug] = begins + timedelta(days=fill.days_supply)
        first = max(0, (begins - start).days)
        covered.update(range(first, min(days, (free_from[fill.drug] - start).days)))
    return _adherence("pdc", len(covered), days, start, end)


def medication_possession_ratio(
    fills: Iterable[Fill],
    start: date,
    end: date,
    *,
    until: Literal["window_end", "last_fill"] = "window_end",
    capped: bool = False,
) -> Adherence:
    """MPR: days supplied by fills of the window over its days; above 1 with early refills unless *capped*.

    *until* "last_fill" ends the window the day before the last fill and leaves that supply out.
    Raises ValueError.
    """
    _days(start, end)
    inside = [fill for fill in _ordered(fills) if start <= fill.day <= end]
    if until == "last_fill":
        if len({fill.day for fill in inside}) < 2:
            raise ValueError("The ratio to the last fill needs fills on at least two days of the window.")
        start, last = inside[0].day, inside[-1].day
        end = last - timedelta(days=1)
        inside = [fill for fill in inside if fill.day < last]
    supplied = sum(fill.days_supply for fill in inside)
    days = _days(start, end)
    return _adherence("mpr", min(supplied, days) if capped else supplied, days, start, end)


def _ordered(fills: Iterable[Fill]) -> Sequence[Fill]:
    ordered = sorted(fills, key=lambda fill: (fill.day, fill.drug))
    for fill in ordered:
        if fill.days_supply <= 0:
            raise ValueError(f"{fill.drug} on {fill.day}: a supply of {fill.days_supply} days cannot be.")
    return ordered


def _days(start: date, end: date) -> int:
    if end < start:
        raise ValueError(f"The window ends ({end}) before it starts ({start}).")
    return (end - start).days + 1


def _adherence(measure: Literal["pdc", "mpr"], covered: int, days: int, start: date, end: date) -> Adherence:
    ratio = half_up(DIGITS.divide(Decimal(covered), Decimal(days)), 6)
    return Adherence(measure=measure, days_covered=covered, days=days, start=start, end=end, ratio=ratio)
