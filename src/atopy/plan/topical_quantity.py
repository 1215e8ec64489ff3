"""Arithmetic of what is put on the skin: units and grams for an area, and how much stock makes a bath.

Exact decimals, rounded half-up once, where they are shown. Nothing here knows a drug, a fact or a patient: the tables
are content, and the plan and the command line both ask here.
"""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from atopy.guideline.amounts import AgeBand, BodyPart, Dilution, Fingertips, whole_body
from atopy.yaml_source import InputError

_EXACT = Context(prec=28, rounding=ROUND_HALF_EVEN)  # the ambient context changes nothing
_HUNDRED = Decimal(100)
_ML_IN_LITRE = Decimal(1000)
_WEEK = Decimal(7)


class Need(NamedTuple):
    """What an area needs: units each time, and grams by applications a day."""

    area: Decimal
    whole: Decimal
    units: Decimal
    grams: Decimal  # each time

    def a_day(self, times: int) -> Decimal:
        """Grams a day."""
        return _EXACT.multiply(self.grams, Decimal(times))

    def a_week(self, times: int) -> Decimal:
        """Grams a week."""
        return _EXACT.multiply(self.a_day(times), _WEEK)


def need(table: Fingertips, band: AgeBand, area: Decimal) -> Need:
    """Units and grams that cover *area* per cent of the body once."""
    whole = whole_body(table, band)
    units = _EXACT.divide(_EXACT.multiply(area, whole), _HUNDRED)
    return Need(area, whole, units, _EXACT.multiply(units, table.grams))


def need_of_parts(table: Fingertips, band: AgeBand, names: list[str]) -> Need | None:
    """Units and grams that cover these parts of the body once; None where the table merges them with others."""
    if not set(names) <= set(band.units):
        return None
    whole = whole_body(table, band)
    units = Decimal(0)
    for part in table.parts:
        if part.part in names:
            units = _EXACT.fma(band.units[part.part], Decimal(part.sides), units)
    share = _EXACT.multiply(_EXACT.divide(units, whole), _HUNDRED)
    return Need(share, whole, units, _EXACT.multiply(units, table.grams))


def palms(area: Decimal) -> Decimal:
    """One palm with its fingers is one per cent."""
    return area


def parts(table: Fingertips, band: AgeBand, sites: frozenset[str]) -> list[tuple[BodyPart, Decimal]]:
    """The parts of the body that hold a site, each with the units for both sides; all of them where none is named."""
    chosen = [p for p in table.parts if p.part in band.units and (not sites or sites.intersection(p.sites))]
    return [(p, _EXACT.multiply(band.units[p.part], Decimal(p.sides))) for p in chosen]


class Wrong(NamedTuple):
    """Why a bath cannot be computed: a stock or a volume out of its bounds."""

    stock: bool
    volume: bool


def wrong(table: Dilution, stock: Decimal | None, litres: Decimal | None) -> Wrong:
    """Whether what was given cannot be right; what is not given is not wrong."""
    low, high = table.weakest.value or Decimal(0), table.strongest.value or _HUNDRED
    least, most = table.smallest.value or Decimal(0), table.largest.value or _ML_IN_LITRE
    return Wrong(
        stock is not None and not low <= stock <= high, litres is not None and not least <= litres <= most
    )


def stock_ml(target: Decimal, stock: Decimal, litres: Decimal) -> Decimal:
    """Millilitres of a stock that make a bath of the target strength. Raises ValueError where there is no such bath."""
    if not 0 < target < stock or litres <= 0:
        raise InputError("The stock must be stronger than the bath, and the bath hold something.")
    return _EXACT.divide(_EXACT.multiply(_EXACT.multiply(litres, _ML_IN_LITRE), target), stock)


def bath_percent(ml: Decimal, stock: Decimal, litres: Decimal) -> Decimal:
    """The strength of a bath: the inverse of ``stock_ml``."""
    return _EXACT.divide(_EXACT.multiply(ml, stock), _EXACT.multiply(litres, _ML_IN_LITRE))


def rounded(value: Decimal) -> Decimal:
    """Half-up: to a whole number from 10 on, to a tenth below."""
    return value.quantize(Decimal(1) if value >= 10 else Decimal("0.1"), ROUND_HALF_UP)


def hundredths(value: Decimal) -> Decimal:
    """Half-up to two places."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


__all__ = [
    "Need", "Wrong", "bath_percent", "hundredths", "need", "need_of_parts", "palms", "parts", "rounded", "stock_ml",
    "wrong",
]  # fmt: skip
