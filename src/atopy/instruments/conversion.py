"""From one instrument to another by a published table, with what the table does not know.

A converted value is a population's, not a patient's. It is never used to judge response: the two
directions of the table are not inverses of each other.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import msgspec

from atopy.instruments.exact import DIGITS, half_up, plain
from atopy.instruments.model import Conversion
from atopy.instruments.reading import Raw, number


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """A converted value and how far to trust it.

    ``low`` and ``high`` enclose what the two directions of the table say of this value. They show where
    the table disagrees with itself and are no confidence interval; the table gives none.
    """

    conversion: str
    source: str
    start: str
    given: Decimal
    target: str
    value: Decimal
    low: Decimal
    high: Decimal
    there_and_back: Decimal
    expected_grade: Decimal
    grade: str
    caution: str
    verified: bool


def convert_easi_oscorad(conversion: Conversion, value: Raw, start: str = "easi") -> Converted:
    """Convert between the two instruments of the table; *start* names the one that *value* is of.

    Linear between rows, then rounded to the step of the table with ties to even, as its authors did.
    Raises ValueError for a value or an instrument that the table does not have.
    """
    first, second = conversion.between
    if start not in conversion.between:
        raise ValueError(f"{conversion.id} converts {first} and {second}, not {start}.")
    exact = number(value)
    tables = {first: _forward(conversion), second: _backward(conversion)}
    rows = tables[start]
    if exact is None or not rows[0][0] <= exact <= rows[-1][0]:
        limits = f"{plain(rows[0][0])} to {plain(rows[-1][0])}"
        raise ValueError(f"{value!r} cannot be converted from {start}: the table runs from {limits}.")
    target = second if start == first else first
    converted = _look_up(rows, exact, conversion.round_to)
    others = _mapped_to(tables[target], exact, conversion.round_to)
    grade = _grade(conversion, exact if start == first else converted)
    return Converted(
        conversion=conversion.id,
        source=conversion.source,
        start=start,
        given=plain(exact),
        target=target,
        value=converted,
        low=min([converted, *others]),
        high=max([converted, *others]),
        there_and_back=_look_up(tables[target], converted, conversion.round_to),
        expected_grade=grade,
        grade=conversion.grades[sum(grade >= limit for limit in conversion.grade_limits)],
        caution=conversion.caution,
        verified=conversion.verified,
    )


Rows = list[tuple[Decimal, Decimal]]


def _forward(conversion: Conversion) -> Rows:
    return [(row[0], row[1]) for row in conversion.forward]


def _backward(conversion: Conversion) -> Rows:
    return [(Decimal(count), value) for count, value in enumerate(conversion.backward)]


def _between(rows: Rows, value: Decimal) -> Fraction:
    """Linear between the two rows around a value of the table, exactly."""
    (low, at_low), (high, at_high) = next(pair for pair in pairwise(rows) if value <= pair[1][0])
    share = Fraction(value - low) / Fraction(high - low)
    return Fraction(at_low) + share * Fraction(at_high - at_low)


def _look_up(rows: Rows, value: Decimal, step: Decimal) -> Decimal:
    """Interpolated and rounded to the step, ties to even (Python's ``round`` of a fraction)."""
    return plain(round(_between(rows, value) / Fraction(step)) * step)


def _mapped_to(rows: Rows, value: Decimal, step: Decimal) -> list[Decimal]:
    """The values on the step's grid that the other direction turns into this one, rounded."""
    wanted = round(Fraction(value) / Fraction(step)) * step
    count = int(rows[-1][0] / step)
    return [plain(n * step) for n in range(count + 1) if _look_up(rows, n * step, step) == wanted]


def _grade(conversion: Conversion, first: Decimal) -> Decimal:
    """The expected grade at a value of the first instrument, to two decimals as printed."""
    grade = _between([(row[0], row[2]) for row in conversion.forward], first)
    return half_up(DIGITS.divide(Decimal(grade.numerator), Decimal(grade.denominator)), 2)
