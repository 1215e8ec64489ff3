"""Units: one spelling for each, and exact conversion between them.

UCUM is the standard; records also write ``umol/l``, ``mg/day`` or ``mm Hg``. ``spell`` settles the
spelling without loading anything. The size and dimension of a unit come from a library (ucumvert over
pint). It takes most of a second to load, so what it says of the common units is kept in ``units.json``
(made anew by ``write_table``; a test holds the file equal to the library) and the library is
asked only about units met for the first time.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

_TABLE = Path(__file__).with_name("units.json")
_EXACT = Context(prec=28, rounding=ROUND_HALF_EVEN)
_WIDE = Context(prec=200)
_ASIDE = re.compile(r"\{([^}]*)\}")

# Other spellings of one unit atom. Only the spelling changes here, never the size.
_ATOMS: dict[str, str] = {
    "day": "d", "days": "d", "week": "wk", "weeks": "wk", "month": "mo", "months": "mo",
    "year": "a", "years": "a", "yr": "a", "hour": "h", "hours": "h", "hr": "h", "minute": "min", "minutes": "min",
    "mcg": "ug", "gm": "g", "gram": "g", "grams": "g", "kilogram": "kg", "kilograms": "kg", "kgs": "kg",
    "milligram": "mg", "milligrams": "mg", "microgram": "ug", "micrograms": "ug",
    "l": "L", "dl": "dL", "ml": "mL", "ul": "uL", "fl": "fL", "cc": "mL", "litre": "L", "liter": "L",
    "milliliter": "mL", "millilitre": "mL",
    "mmhg": "mm[Hg]", "mmHg": "mm[Hg]", "mm hg": "mm[Hg]", "mm Hg": "mm[Hg]",
    "IU": "[iU]", "iU": "[iU]", "[IU]": "[iU]", "kIU": "k[iU]", "mIU": "m[iU]", "MIU": "M[iU]", "uIU": "u[iU]",
    "u": "U", "ku": "kU", "unit": "U", "units": "U",
    "C": "Cel", "°C": "Cel", "℃": "Cel", "celsius": "Cel", "Celsius": "Cel", "degC": "Cel",
    "F": "[degF]", "°F": "[degF]", "℉": "[degF]", "fahrenheit": "[degF]", "Fahrenheit": "[degF]", "degF": "[degF]",
    "lb": "[lb_av]", "lbs": "[lb_av]", "pound": "[lb_av]", "pounds": "[lb_av]", "oz": "[oz_av]", "st": "[stone_av]",
    "in": "[in_i]", "inch": "[in_i]", "inches": "[in_i]", "ft": "[ft_i]", "feet": "[ft_i]",
    "percent": "%", "m²": "m2", "cm²": "cm2", "m^2": "m2", "cm^2": "cm2", "1.73m2": "1", "1.73m²": "1", "1.73 m2": "1",
    "1.73_m2": "1", "x10^9": "10*9", "10^9": "10*9", "10⁹": "10*9", "x10*9": "10*9", "x10^3": "10*3", "10^3": "10*3",
    "10³": "10*3", "x10*3": "10*3", "10^6": "10*6", "10⁶": "10*6", "x10^6": "10*6", "10^12": "10*12",
    "x10^12": "10*12", "10¹²": "10*12", "cells": "1", "point": "1", "points": "1", "score": "1", "": "1",
    "mEq": "meq", "mEQ": "meq",
}  # fmt: skip
# Shorthand of laboratories that means something else, or nothing, to UCUM.
_WHOLES = {"K/uL": "10*3/uL", "K/mm3": "10*3/mm3", "M/uL": "10*6/uL", "G/L": "10*9/L", "T/L": "10*12/L"}
# How Atopy itself writes the periods that UCUM abbreviates (``mg/day``).
PERIODS = {"d": "day", "wk": "week", "mo": "month", "a": "year", "h": "hour"}
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour", "yearly": "year"}
_ANNOTATION = re.compile(r"\{[^}]*\}")


class Size(NamedTuple):
    """What a unit measures and how large it is: base value = ``scale`` x value + ``offset``."""

    dimension: Mapping[str, int]
    scale: Fraction
    offset: Fraction


@lru_cache(maxsize=4096)
def spell(text: str) -> str:
    """*text* as UCUM writes it, as far as spelling alone goes; annotations in braces mean nothing.

    >>> spell("umol / l"), spell("mg per day"), spell("mm Hg"), spell("g weekly"), spell("{score}")
    ('umol/L', 'mg/d', 'mm[Hg]', 'g/wk', '1')
    """
    plain = _ANNOTATION.sub("", text.strip()).replace("μ", "u").replace("µ", "u")
    if plain.startswith("(") and plain.endswith(")"):
        plain = ""  # "(score)": an annotation in the wrong brackets
    words = plain.split()
    if len(words) > 1 and words[-1] in _ADVERBS:
        plain = " ".join(words[:-1]) + "/" + _ADVERBS[words[-1]]
    parts = [part.strip() for part in re.sub(r"\s+(?:per|a)\s+", "/", plain).split("/")]
    spelt = [_ATOMS.get(part, part) for part in parts]
    whole = "/".join([spelt[0], *(part for part in spelt[1:] if part != "1")])
    return _WHOLES.get(whole, whole)


def house_spelling(unit: str) -> str:
    """A unit as Atopy shows it: periods in full (``mg/day``, ``g/month``)."""
    first, *rest = spell(unit).split("/")
    return "/".join([first, *(PERIODS.get(part, part) for part in rest)])


def convert(value: Decimal, unit: str, to: str, per: str | None = None) -> Decimal | None:
    """*value* in *unit* as a number of *to*; None when the two do not measure the same thing.

    *per* (``113.12 g/mol``) bridges mass and amount of substance. Exact where decimals can be, else the
    nearest of 28 digits.
    """
    if unit == to:
        return value
    found = line(unit, to, per)
    if found is None:
        return None
    return decimal_of(Fraction(value) * found[0] + found[1])


def comparable(unit: str, to: str) -> bool:
    """Whether the two units measure the same thing."""
    return line(unit, to, None) is not None


@lru_cache(maxsize=4096)
def line(unit: str, to: str, per: str | None) -> tuple[Fraction, Fraction] | None:
    """Slope and intercept from one unit to another.

    Laboratories write IU and U for one thing (of an enzyme, of IgE), so they count as one here.
    """
    here, there = spell(unit).replace("[iU]", "U"), spell(to).replace("[iU]", "U")
    if here == there:
        return Fraction(1), Fraction(0)
    source, target = size(here), size(there)
    if source is None or target is None:
        return None
    slope = source.scale / target.scale
    if source.dimension == target.dimension:
        return slope, (source.offset - target.offset) / target.scale
    return _bridge(source, target, slope, per) if per else None


def _bridge(source: Size, target: Size, slope: Fraction, per: str) -> tuple[Fraction, Fraction] | None:
    """Through a ratio such as a molar mass: divide or multiply, whichever gives the right dimension."""
    number, _, unit = per.strip().partition(" ")
    ratio = size(spell(unit))
    if ratio is None:
        return None
    factor = Fraction(number) * ratio.scale
    if _product(target.dimension, ratio.dimension) == source.dimension:
        return slope / factor, Fraction(0)
    if _product(source.dimension, ratio.dimension) == target.dimension:
        return slope * factor, Fraction(0)
    return None


def _product(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    powers = {base: a.get(base, 0) + b.get(base, 0) for base in (*a, *b)}
    return {base: power for base, power in powers.items() if power}


def decimal_of(exact: Fraction) -> Decimal:
    """A fraction as a decimal of at most 28 digits, without an exponent or idle zeros."""
    quotient = _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return Decimal(format(quotient.normalize(_WIDE), "f"))


@lru_cache(maxsize=4096)
def size(unit: str) -> Size | None:
    """What the UCUM *unit* measures, from the table or else from the library; None for no unit at all."""
    kept = _table().get(unit)
    if kept is not None:
        return kept
    return _ask_library(unit)


@cache
def _table() -> dict[str, Size]:
    rows: dict[str, tuple[dict[str, int], str, str]] = msgspec.json.decode(_TABLE.read_bytes())
    return {unit: Size(row[0], Fraction(row[1]), Fraction(row[2])) for unit, row in rows.items()}


@cache
def _library() -> tuple[Any, Any, Any]:
    """A registry over exact fractions, UCUM's parser, and the walk from its tree to the registry's units."""
    from ucumvert import PintUcumRegistry, UcumToPintTransformer, get_ucum_parser

    registry = PintUcumRegistry(non_int_type=Fraction, cache_folder=None)
    return registry, get_ucum_parser(), UcumToPintTransformer(ureg=registry)


def _ask_library(unit: str) -> Size | None:
    registry, parser, walk = _library()
    try:
        quantity = walk.transform(parser.parse(unit))
        base = registry.get_base_units(quantity.units)[1]
        zero = Fraction(registry.Quantity(Fraction(0), quantity.units).to(base).magnitude)
        one = Fraction(registry.Quantity(Fraction(1), quantity.units).to(base).magnitude)
    except Exception:  # what is no unit fails in a dozen ways there, all of which mean the same here
        return None
    powers = {name: int(power) for name, power in sorted(quantity.dimensionality.items())}
    return Size(powers, (one - zero) * Fraction(quantity.magnitude), zero)


_OF_LITRES = {"L": ("l",), "mm[Hg]": ("mmHg", "mm Hg", "mmhg"), "U": ("[IU]", "[iU]", "IU")}


def spellings() -> list[str]:
    """The units that an engine without a parser of units has to know, each in the spellings that records use."""
    known = [*_table(), *_ATOMS, *_WHOLES]
    for unit in _table():
        for part, others in _OF_LITRES.items():
            if part in unit:
                known += [unit.replace(part, other) for other in others]
    return [each for each in dict.fromkeys(known) if size(spell(each)) is not None]


def make_table() -> str:
    """The text of ``units.json`` anew: what the library says of each unit that is a key there."""
    rows = []
    for unit in msgspec.json.decode(_TABLE.read_bytes()):
        found = _ask_library(unit)
        assert found is not None, f"the library does not know {unit}"
        row = [dict(found.dimension), str(found.scale), str(found.offset)]
        rows.append(f"{msgspec.json.encode(unit).decode()}: {msgspec.json.encode(row).decode()}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def write_table() -> None:
    """Make ``units.json`` anew; add a unit by adding its key first."""
    _TABLE.write_text(make_table(), encoding="utf-8")


def unit_words(unit: str) -> str:
    """A unit as it is read: ``mL/min/1.73 m2``, without the braces of a UCUM remark; a pure number has none."""
    if unit == "1":
        return ""
    return _ASIDE.sub(lambda found: found[1].replace("_", " "), unit) if "{" in unit else unit
