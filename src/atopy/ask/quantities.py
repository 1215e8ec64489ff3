"""Numbers in a question: an age, a weight, a dose, a time, each told apart by the words around it."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

_TIMES = {
    "day": "days", "week": "weeks", "wk": "weeks", "month": "months", "mo": "months", "year": "years", "yr": "years",
    "y": "years", "hour": "hours",
}  # fmt: skip
_MASSES = ("mg", "g", "mcg", "ml")
_SURFACE = ("of", "body", "skin", "bsa", "surface")
_LITRES = ("l", "litre", "liter", "ltr")
_PERCENT = ("%", "percent")
_GRAMS = ("gram", "gm")
_OLD = ("old", "yo")
_AGED = ("age", "aged")
_AGE_OF = ("of", "is", "was", "turned", "just")
_DAYS = {"days": Decimal(1), "weeks": Decimal(7), "months": Decimal("30.4375"), "years": Decimal("365.25")}
_PER = {"day": "day", "daily": "day", "week": "week", "weekly": "week", "month": "month", "monthly": "month"}


class Amount(NamedTuple):
    """One number with what it is."""

    what: Literal["age", "weight", "dose", "time", "share", "strength", "volume", "count"]
    number: Decimal
    unit: str
    per: str | None = None  # of a dose: day, week, month; kg

    def days(self) -> Decimal | None:
        """Of a time, how many days; None where it is none."""
        each = _DAYS.get(self.unit)
        return None if each is None else self.number * each


_ONE_TO_TWELVE = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_WORDS = {word: Decimal(n) for n, word in enumerate(_ONE_TO_TWELVE, 1)}
PIECES = ("tablet", "pill", "capsule", "injection", "shot", "tube")  # of which a question names a number
_UNITS = (*_TIMES, *_MASSES, *_GRAMS, *_PERCENT, *_LITRES, "kg")
_BELOW = ("under", "below", "than")


def in_amounts(words: Iterable[str]) -> set[str]:
    """The words that numbers and their units are made of."""
    units = {*_UNITS, *_OLD, *_AGED, *_PER, *PIECES}
    return {w for w in words if w[:1].isdigit() or w in units}


def amounts(words: list[str], people: frozenset[str] = frozenset()) -> tuple[Amount, ...]:
    """Every number of a question, in order. *people*: words for somebody who may be of so many years."""
    found = (_amount(words, at, word, people) for at, word in enumerate(words))
    return tuple(a for a in found if a is not None)


def _amount(words: list[str], at: int, word: str, people: frozenset[str]) -> Amount | None:
    before, rest = words[max(0, at - 1) : at], words[at + 1 : at + 6]
    first = rest[0] if rest else ""
    unit = _TIMES.get(first)
    number = _number(word, unit is not None)
    if number is None:
        return None
    if unit in ("years", "months") and before and before[0] in _BELOW and number > 1:
        return Amount("age", number - 1, unit)
    if _is_of_somebody(words, at, people) and (unit in ("years", "months") or first not in _UNITS):
        return Amount("age", number, unit or "years")
    if first in _OLD or (before and before[0] in _AGED and unit is None):
        return Amount("age", number, "years")
    if unit is not None:
        aged = (
            any(w in _OLD for w in rest[1:2]) or (bool(before) and before[0] in _AGED) or first in ("y", "yr")
        )
        return Amount("age" if aged else "time", number, unit)
    if first in _PERCENT:  # of the body; else the strength of a product
        return Amount("share" if any(w in _SURFACE for w in rest[1:4]) else "strength", number, "%")
    if first in _LITRES:
        return Amount("volume", number, "L")
    if first == "kg":
        return Amount("weight", number, "kg")
    if first in (*_MASSES, *_GRAMS):
        return Amount("dose", number, "g" if first in _GRAMS else first, _per(rest[1:]))
    return Amount("count", number, next((w for w in rest[:3] if w in PIECES), first))


def _is_of_somebody(words: list[str], at: int, people: frozenset[str]) -> bool:
    """``a baby of 8 months``, ``my daughter is 3``: the number says how old somebody is."""
    before = [w for w in words[max(0, at - 4) : at] if w != "who"]
    return len(before) > 1 and before[-1] in _AGE_OF and before[-2] in people


def _number(word: str, timed: bool) -> Decimal | None:
    """A number in figures; in words only before a unit of time."""
    if timed and word in _WORDS:
        return _WORDS[word]
    try:
        return Decimal(word)
    except InvalidOperation:
        return None


def _per(rest: list[str]) -> str | None:
    """What a dose is per, by the next few words: ``every 2 weeks`` is per two of them."""
    if rest[:1] == ["kg"]:
        return "kg"
    if rest[:1] == ["every"] and len(rest) > 2 and rest[1].isdigit() and rest[2] in _TIMES:
        return f"{rest[1]} {_TIMES[rest[2]]}"
    return next((_PER[w] for w in rest[:4] if w in _PER), None)


__all__ = ["PIECES", "Amount", "amounts", "in_amounts"]
