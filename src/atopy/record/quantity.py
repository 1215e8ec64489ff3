"""Numbers with units, as people write them, and the doses and amounts made of them."""

import re
from decimal import Decimal
from typing import NamedTuple

from atopy.record.model import Amount
from atopy.record.units import comparable, convert, house_spelling, spell

_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?"
_QUANTITY = re.compile(rf"(<=|>=|<|>|≤|≥)?\s*({_NUMBER})(?:\s*([^\d\s,.].*)|\s+(.*))?$")
_PRESSURE = re.compile(rf"({_NUMBER})\s*/\s*({_NUMBER})\s*([^\d\s].*)?$")
# What a dose or an amount is counted in, and the unit it is kept in.
_DOSE_UNITS = ("mg", "mL", "U", "mmol", "J/cm2")
_AMOUNT_UNITS = ("g", "mL")
_PER_BODY = ("kg", "m2", "cm2")
_PERIODS = ("day", "week", "month", "year", "hour")


class Quantity(NamedTuple):
    """A number and its unit as written; ``limit`` is ``<`` or the like where only a bound is known."""

    number: Decimal
    unit: str
    limit: str = ""


def parse_quantity(text: str) -> Quantity | None:
    """``62 kg``, ``71umol/L``, ``7``, ``<5 mg/L``; None for anything else, a decimal comma among them."""
    match = _QUANTITY.match(text.strip())
    if match is None:
        return None
    return Quantity(Decimal(match[2]), (match[3] or match[4] or "").strip(), match[1] or "")


def parse_pressure(text: str) -> tuple[Quantity, Quantity] | None:
    """``172/104 mmHg`` as systolic and diastolic."""
    match = _PRESSURE.match(text.strip())
    if match is None:
        return None
    unit = (match[3] or "").strip()
    return Quantity(Decimal(match[1]), unit), Quantity(Decimal(match[2]), unit)


def dose_of(number: Decimal, unit: str) -> Amount | None:
    """A dose in mg (mL, U, mmol, J/cm2), per kg or m2 of body and per period as written; None for anything else."""
    return _amount(number, unit, _DOSE_UNITS, _PER_BODY)


def amount_of(number: Decimal, unit: str) -> Amount | None:
    """An amount in g or mL, per period as written; None for anything else."""
    return _amount(number, unit, _AMOUNT_UNITS, ())


_DAYS = {"day": 1, "week": 7}


def dose_in(dose: Amount, unit: str, kilograms: Decimal | None) -> Decimal | None:
    """A dose as a number of *unit* (``mg/kg/day``); None where they do not measure the same, or the weight is needed.

    Both are in the house's spelling, and counted in the same (milligrams and milligrams).
    """
    (counted, per_kg, period), (wanted, to_per_kg, to_period) = _parts(dose.unit), _parts(unit)
    if counted != wanted or (period is None) != (to_period is None):
        return None
    value = dose.value
    if period != to_period:
        if period not in _DAYS or to_period not in _DAYS:
            return None
        value = value / _DAYS[period] * _DAYS[to_period]
    if per_kg == to_per_kg:
        return value
    if not kilograms:
        return None
    return value * kilograms if per_kg else value / kilograms


def _parts(unit: str) -> tuple[str, bool, str | None]:
    """What a dose is counted in, whether it is per kilogram, and its period."""
    counted, *rest = unit.split("/")
    periods = [part for part in rest if part != "kg"]
    return counted, "kg" in rest, "/".join(periods) or None


def same_measure(one: Amount, unit: str) -> bool:
    """Whether a dose is counted in what *unit* counts (both masses, say), whatever it is per."""
    return comparable(one.unit.split("/")[0], spell(unit).split("/")[0])


def _amount(number: Decimal, unit: str, units: tuple[str, ...], bodies: tuple[str, ...]) -> Amount | None:
    written = house_spelling(unit)
    if written in units:
        return Amount(number, written)
    first, *rest = written.split("/")
    if first in ("J", "mJ") and rest[:1] == ["cm2"]:
        first, rest = f"{first}/cm2", rest[1:]
    if any(part not in bodies and part not in _PERIODS for part in rest):
        return None
    if first in units:
        return Amount(number, written)
    for kept in units:
        value = convert(number, first, kept)
        if value is not None:
            return Amount(value, "/".join([kept, *rest]))
    return None
