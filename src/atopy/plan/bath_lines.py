"""A bath made from a stock, in words and figures: the recipe, or what is missing or cannot be right.

No recipe is given for an assumed stock. The table, its words and the facts it reads are content (``amounts/*.yaml``).
"""

from decimal import Decimal
from typing import NamedTuple

from atopy.guideline import Quantity, Words
from atopy.guideline.amounts import Dilution
from atopy.plan import topical_quantity as reckon
from atopy.plan import words as texts
from atopy.plan.plain import sentences

_LITRES, _ML, _PERCENT = "L", "mL", "%"


class Bath(NamedTuple):
    """What is said of a bath, for each reader."""

    clinician: str
    patient: str
    status: str | None  # missing, wrong; None: the recipe stands
    figures: dict[str, Quantity]


def bath(table: Dilution, stock: Decimal | None, litres: Decimal | None, language: str) -> Bath:
    """The recipe for this stock and this volume, or why there is none; always with what must never be done."""
    figures = _figures(table, stock, litres)
    words, status = _which(table, stock, litres)
    if status is None and stock is not None and litres is not None:
        ml = reckon.stock_ml(table.target.value or Decimal(0), stock, litres)
        figures["ml"] = Quantity(reckon.rounded(ml), unit=_ML)
    said = [_say(words, figures, language), _say(table.never, figures, language)]
    clinician, patient = "; ".join(c for c, _ in said), sentences(p for _, p in said)
    used = {name: q for name, q in figures.items() if f"{{{name}}}" in words.clinician.get(language, "")}
    return Bath(_sentence(clinician), _sentence(patient), status, used)


def _which(table: Dilution, stock: Decimal | None, litres: Decimal | None) -> tuple[Words, str | None]:
    """What cannot be right comes before what is missing."""
    wrong = reckon.wrong(table, stock, litres)
    if wrong.stock or wrong.volume:
        return (table.wrong_stock if wrong.stock else table.wrong_volume), "wrong"
    if stock is None or litres is None:
        both = stock is None and litres is None
        return (table.ask_both if both else table.ask_stock if stock is None else table.ask_volume), "missing"
    return table.recipe, None


def _figures(table: Dilution, stock: Decimal | None, litres: Decimal | None) -> dict[str, Quantity]:
    given = {
        "stock": Quantity(stock, unit=_PERCENT) if stock is not None else None,
        "volume": Quantity(litres, unit=_LITRES) if litres is not None else None,
    }
    fixed = {"target": table.target, "weakest": table.weakest, "strongest": table.strongest}
    fixed |= {"smallest": table.smallest, "largest": table.largest}
    return fixed | {name: q for name, q in given.items() if q is not None}


def _say(words: Words, figures: dict[str, Quantity], language: str) -> tuple[str, str]:
    plain = texts.patient(words, figures, language)
    return texts.clinician(words, figures, language), plain or ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


__all__ = ["Bath", "bath"]
