"""Amounts that may be compared and rounded: a span of a mass per period, exact, in one unit."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from atopy.guideline import Band, Dose, Strengths
from atopy.plan.entries import shown

_MILLIGRAMS = {"microgram": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}
_DAYS = {"day": Decimal(1), "week": Decimal(7)}
_BODIES = ("kg", "m2")


class Unit(NamedTuple):
    """``mg/kg/day`` taken apart: what is counted, per what of the body, per which period."""

    counted: str
    body: str | None
    period: str | None

    def total(self) -> str:
        """The unit once the body is multiplied out: ``mg/day``."""
        return f"{self.counted}/{self.period}" if self.period else self.counted


def unit_of(text: str) -> Unit:
    """A unit as a dose writes it."""
    if text == "J/cm2":
        return Unit(text, None, None)
    counted, *rest = text.split("/")
    body = next((part for part in rest if part in _BODIES), None)
    return Unit(counted, body, next((part for part in rest if part not in _BODIES), None))


class Span(NamedTuple):
    """From low to high; one number where they are the same; open where one is None."""

    low: Decimal | None
    high: Decimal | None

    def by(self, factor: Decimal) -> "Span":
        """Multiplied."""
        return Span(*(None if n is None else n * factor for n in self))

    def words(self) -> str:
        """``155 to 310``."""
        if self.low is not None and self.high is not None:
            return exact(self.low) if self.low == self.high else f"{exact(self.low)} to {exact(self.high)}"
        return f"from {exact(self.low)}" if self.low is not None else f"up to {exact(self.high)}"


def exact(number: Decimal | None) -> str:
    """A number with every digit it has; a quotient that never ends to a hundredth, downward."""
    if number is None:
        return ""
    if len(number.as_tuple().digits) > 12:
        number = number.quantize(Decimal("0.01"), ROUND_FLOOR)
    return shown(number) or ""


def span_of(dose: Dose) -> Span:
    """What a dose states."""
    return Span(dose.value, dose.value) if dose.value is not None else Span(dose.low, dose.high)


def band_words(name: str, band: Band) -> str:
    """``body weight from 30 to under 60``."""
    parts = [f"from {exact(band.low)}" if band.low is not None else ""]
    parts.append(
        f"{'to ' if band.low is not None else ''}under {exact(band.high)}" if band.high is not None else ""
    )
    return " ".join([name, *(p for p in parts if p)])


def most(dose: Dose, weight: Decimal | None) -> tuple[Decimal, Unit] | None:
    """The largest amount a dose allows, the body multiplied out; None where that cannot be known."""
    unit, top = unit_of(dose.unit), span_of(dose).high
    if top is None or unit.body == "m2" or (unit.body == "kg" and weight is None):
        return None
    return (top * weight if unit.body == "kg" and weight is not None else top), unit


def in_unit(amount: Decimal, unit: Unit, wanted: Unit) -> Decimal | None:
    """An amount per period in another unit; None where they do not measure the same.

    What is given once at a time is held to what is allowed in a period: a single dose above a day's is above it.
    """
    if unit.counted not in _MILLIGRAMS or wanted.counted not in _MILLIGRAMS:
        return amount if unit == wanted else None
    amount = amount * _MILLIGRAMS[unit.counted] / _MILLIGRAMS[wanted.counted]
    if unit.period == wanted.period or wanted.period is None:
        return amount
    if unit.period not in _DAYS or wanted.period not in _DAYS:
        return None
    return amount / _DAYS[unit.period] * _DAYS[wanted.period]


class Rounded(NamedTuple):
    """What a dose becomes with the strengths that exist.

    ``doses`` are those it is split into, the largest first: alike, or as little apart as the strengths allow;
    ``below`` when nothing made fits inside the range.
    """

    total: Span
    doses: tuple[Span, ...]
    below: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the smallest strength is already more than one of the doses."""
        return not self.doses[-1].high

    @property
    def uneven(self) -> bool:
        """Whether the doses of a day differ."""
        return self.doses[0] != self.doses[-1]


def to_strengths(
    total: Span, parts: int, counted: str, made: Strengths, down: bool = False
) -> Rounded | None:
    """A dose in *parts*, its upper end rounded down and its lower end up (or down too); None where they count apart.

    Counted in the smallest strength. The parts are alike where that reaches the range; where it does not, they may
    differ by one such step if that comes nearer. Of nought where even one step for each part is too much.
    """
    if total.high is None or counted not in _MILLIGRAMS or made.unit not in _MILLIGRAMS:
        return None
    step = min(made.strengths) * _MILLIGRAMS[made.unit] / _MILLIGRAMS[counted]
    alike = step * parts
    high = _whole(total.high, alike, ROUND_FLOOR)
    low = high if total.low is None else _whole(total.low, alike, ROUND_FLOOR if down else ROUND_CEILING)
    if total.low != total.high and low <= high:
        return Rounded(Span(low, high), (Span(low / parts, high / parts),) * parts)
    nearest = _whole(total.high, step, ROUND_FLOOR)
    given = _shared_out(nearest if high else high, parts, step)
    whole = sum(given, Decimal(0))
    below = total.low is not None and total.low != total.high and whole < total.low
    return Rounded(Span(whole, whole), tuple(Span(n, n) for n in given), below)


def _shared_out(total: Decimal, parts: int, step: Decimal) -> list[Decimal]:
    """So many whole steps among the parts, as evenly as can be, the larger first."""
    each, over = divmod(total / step, parts)
    return [(each + 1) * step] * int(over) + [each * step] * (parts - int(over))


def _whole(number: Decimal, step: Decimal, mode: str) -> Decimal:
    return (number / step).to_integral_value(mode) * step
