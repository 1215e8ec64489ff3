"""Exact numbers that may be missing, one at a time or a column of them.

A formula is written once, over ``Number``. Python's ``int`` carries it for one patient (``One``) and
numpy's ``int64`` for many (``atopy.instruments.columns.Many``). A number is a whole count over a
denominator that all patients of a column share, so nothing is ever rounded on the way: 7/2 of a sum of
signs stays 7/2 of it. What is missing stays missing, unless a method says otherwise.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from decimal import Context, Decimal
from functools import lru_cache
from math import lcm
from typing import Self, TypeVar

DIGITS = Context(prec=28)  # never the ambient context: somebody may have changed that
Whole = int | Decimal
_KEPT = 1024  # numbers: the same few are limits, weights and grades


class Number(ABC):
    """An exact number, or nothing. Conditions are numbers too: 1, 0, or missing when undecided."""

    denominator: int

    # What an engine supplies.

    @abstractmethod
    def _over(self, denominator: int) -> Self:
        """The same number over a multiple of its denominator."""

    @abstractmethod
    def _plus(self, other: Self) -> Self:
        """Sum of two numbers over the same denominator."""

    @abstractmethod
    def _by(self, other: Self) -> Self:
        """Product: counts and denominators each multiplied."""

    @abstractmethod
    def _per(self, divisor: int) -> Self:
        """A number *divisor* times smaller, by a larger denominator."""

    @abstractmethod
    def constant(self, value: Whole | None) -> Self:
        """That value, in this engine; None is missing."""

    @abstractmethod
    def _reaches(self, other: Self) -> Self:
        """1 when at least *other*, 0 when below, missing when either is; same denominators."""

    @abstractmethod
    def _select(self, yes: Self, no: Self) -> Self:
        """*yes* where this is 1, *no* where 0, missing where missing; same denominators."""

    @abstractmethod
    def _known_or(self, other: Self) -> Self:
        """This where known, *other* elsewhere; same denominators."""

    @abstractmethod
    def rounded(self, decimals: int) -> Self:
        """Rounded half-up to that many decimals. Exact ties go up: 7.05 is 7.1, never 7.0."""

    # What follows from it.

    def _of(self, value: "Self | Whole") -> Self:
        return self.constant(value) if isinstance(value, (int, Decimal)) else value

    def _common(self, other: Self) -> tuple[Self, Self]:
        if self.denominator == other.denominator:
            return self, other
        denominator = lcm(self.denominator, other.denominator)
        return self._over(denominator), other._over(denominator)

    def __add__(self, other: "Self | Whole") -> Self:
        one, two = self._common(self._of(other))
        return one._plus(two)

    def __mul__(self, other: "Self | Whole") -> Self:
        return self._by(self._of(other))

    def __sub__(self, other: "Self | Whole") -> Self:
        return self + self._of(other) * -1

    def __truediv__(self, divisor: int) -> Self:
        return self._per(divisor)

    def at_least(self, limit: "Self | Whole") -> Self:
        """1 when at least *limit*, else 0; missing when either is."""
        one, two = self._common(self._of(limit))
        return one._reaches(two)

    def at_most(self, limit: "Self | Whole") -> Self:
        """1 when at most *limit*, else 0; missing when either is."""
        one, two = self._common(self._of(limit))
        return two._reaches(one)

    def more_than(self, limit: "Self | Whole") -> Self:
        """1 when more than *limit*, else 0; missing when either is."""
        return self.at_most(limit).negated()

    def less_than(self, limit: "Self | Whole") -> Self:
        """1 when less than *limit*, else 0; missing when either is."""
        return self.at_least(limit).negated()

    def negated(self) -> Self:
        """Of a condition: 1 for 0 and 0 for 1."""
        return self.constant(1) - self

    def choose(self, yes: "Self | Whole", no: "Self | Whole | None") -> Self:
        """Of a condition: *yes* where it holds, *no* where not, missing where undecided."""
        there = self.constant(no) if no is None else self._of(no)
        one, two = self._of(yes)._common(there)
        return self._select(one, two)

    def only_if(self, condition: Self) -> Self:
        """This where the condition holds, else missing."""
        return condition.choose(self, None)

    def otherwise(self, other: Self) -> Self:
        """This where known, else *other*."""
        one, two = self._common(other)
        return one._known_or(two)

    def or_zero(self) -> Self:
        """This where known, else 0."""
        return self.otherwise(self.constant(0))

    def missing(self) -> Self:
        """1 where missing, else 0."""
        return (self * 0 + 1).or_zero().negated()

    def times(self, other: Self) -> Self:
        """Product in which a known zero decides: zero times missing is zero."""
        zero_here = self.at_most(0).or_zero() + other.at_most(0).or_zero()
        return zero_here.at_least(1).choose(0, self * other)

    def larger(self, other: Self) -> Self:
        """The larger of two where both are known, else the known one."""
        one, two = self.otherwise(other), other.otherwise(self)
        return one.at_least(two).choose(one, two)

    def agreed(self, other: Self) -> Self:
        """The one of two forms that is known; missing where both are known and differ."""
        differ = (self.at_least(other) + self.at_most(other)).at_most(1).or_zero()
        return self.otherwise(other).only_if(differ.negated())


N = TypeVar("N", bound=Number)


def total(numbers: Iterable[N]) -> N:
    """Sum of at least one number; missing when one is."""
    first, *rest = numbers
    for number in rest:
        first = first + number
    return first


class One(Number):
    """One exact number, or nothing."""

    __slots__ = ("count", "denominator")

    def __init__(self, count: int | None, denominator: int = 1) -> None:
        self.count = count
        self.denominator = denominator

    @staticmethod
    @lru_cache(_KEPT)
    def of(value: Whole | None) -> "One":
        """A finite decimal, exactly."""
        if value is None or isinstance(value, int):
            return One(value)
        return One(*value.as_integer_ratio())

    @property
    def value(self) -> Decimal | None:
        """As a decimal: exact, or to 28 digits where it has no end (a mean over seven days)."""
        if self.count is None:
            return None
        return plain(DIGITS.divide(Decimal(self.count), Decimal(self.denominator)))

    @property
    def truth(self) -> bool | None:
        """Of a condition: True, False or None."""
        return None if self.count is None else self.count > 0

    def constant(self, value: Whole | None) -> "One":
        return One.of(value)

    def _over(self, denominator: int) -> "One":
        factor = denominator // self.denominator
        return One(None if self.count is None else self.count * factor, denominator)

    def _plus(self, other: "One") -> "One":
        if self.count is None or other.count is None:
            return One(None)
        return One(self.count + other.count, self.denominator)

    def _by(self, other: "One") -> "One":
        if self.count is None or other.count is None:
            return One(None)
        return One(self.count * other.count, self.denominator * other.denominator)

    def _per(self, divisor: int) -> "One":
        return One(self.count, self.denominator * divisor)

    def _reaches(self, other: "One") -> "One":
        if self.count is None or other.count is None:
            return One(None)
        return One(int(self.count >= other.count))

    def _select(self, yes: "One", no: "One") -> "One":
        return One(None) if self.count is None else yes if self.count else no

    def _known_or(self, other: "One") -> "One":
        return other if self.count is None else self

    def rounded(self, decimals: int) -> "One":
        if self.count is None:
            return self
        scale = 10**decimals
        return One((2 * self.count * scale + self.denominator) // (2 * self.denominator), scale)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros or an exponent: 18.60 is 18.6, and 1E+1 is 10."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1), context=DIGITS) if value == whole else value.normalize(DIGITS)


def half_up(value: Decimal, decimals: int) -> Decimal:
    """Rounded half-up, with exactly that many decimals shown: 7.05 is 7.1 and 7 is 7.0."""
    count = One.of(value).rounded(decimals).count
    return Decimal(count or 0).scaleb(-decimals, context=DIGITS)
