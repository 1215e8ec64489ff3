"""A value as written, checked against its term: converted, or quarantined with the reason.

Both readers use these rules, so the same value meets the same judgement in YAML and in FHIR.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from atopy.nearest import nearest
from atopy.record.model import Amount
from atopy.record.quantity import Quantity, parse_quantity, same_measure
from atopy.record.scorer import Scorer
from atopy.record.units import convert, spell
from atopy.record.vocabulary import Term, Vocabulary

_LARGEST_POWER = 15  # of ten: no number in a record is larger or finer
_HEAVIEST_DOSE = 1_000_000  # milligrams: a kilogram, kg written for mg
_TELLING = 4  # letters: a shorter beginning fits too many words
# Laboratories' other words for the two answers.
_SAME_ANSWER = {
    "pos": "positive",
    "detected": "positive",
    "reactive": "positive",
    "neg": "negative",
    "not detected": "negative",
    "undetected": "negative",
    "non-reactive": "negative",
    "nonreactive": "negative",
    "not reactive": "negative",
    "equivocal": "indeterminate",
    "borderline": "indeterminate",
}


class Reading(NamedTuple):
    """A usable number or answer; or neither, and what is ``wrong``. ``said`` is the source's own form."""

    number: Decimal | None = None
    text: str | None = None
    said: str | None = None
    wrong: str | None = None


def dose_for(term: Term, dose: Amount | None, said: str) -> tuple[Amount | None, str | None]:
    """A dose in what its drug is dosed in; or none, and why: millilitres of a drug known in milligrams say nothing."""
    if dose is not None and dose.unit.startswith("mg") and dose.value > _HEAVIEST_DOSE:
        return None, f"the dose '{said}' cannot be: nothing is given by the kilogram"
    if dose is not None and (term.unit is None or same_measure(dose, term.unit)):
        return dose, None
    unit = f"; {name_of(term)} is dosed in {term.unit}" if term.unit else ""
    return None, f"the dose '{said}' is in the wrong unit{unit}"


def read_number(term: Term, quantity: Quantity, scorer: Scorer | None) -> Reading:
    """A number in the term's unit and within what can be, or why it is neither."""
    number, unit, limit = quantity
    if term.unit is not None and not needs_unit(term) and spell(unit) == "1":
        unit = term.unit  # a score's bare number, or "points"
    if unit == term.unit and not limit:
        wrong = implausible(term, number, scorer)
        return Reading(number) if wrong is None else Reading(said=_said(quantity), wrong=wrong)
    said = _said(quantity)
    if limit:
        return Reading(said=said, wrong=f"only a limit is known ({said})")
    if not sane(number):
        return Reading(said=said[:40], wrong="is not a number that can be meant")
    converted = None if not unit and needs_unit(term) else convert(number, unit, term.unit or "1", term.per)
    if converted is None:
        return Reading(said=said, wrong=_unit_wrong(term, unit))
    wrong = implausible(term, converted, scorer)
    if wrong is not None:
        return Reading(said=said, wrong=wrong)
    return Reading(converted, said=said if converted != number else None)


def read_answer(term: Term, text: str, scorer: Scorer | None) -> Reading:
    """One of the term's answers, or a number written as text; else why it is neither."""
    given = text.strip()
    answer = answer_of(term, given)
    if answer is not None:
        return Reading(text=answer, said=given if given != answer else None)
    quantity = parse_quantity(given)
    if quantity is not None and (term.unit is not None or not term.values):
        if quantity.unit or not needs_unit(term):
            return read_number(term, quantity, scorer)
        return Reading(said=given, wrong=f"has no unit; {name_of(term)} is kept in {term.unit}")
    if term.values:
        return Reading(said=given, wrong=f"'{given}' is none of its answers ({', '.join(term.values)})")
    if term.unit is None and term.kind in ("lab", "procedure"):
        return Reading(text=given)
    return Reading(said=given, wrong=f"'{given}' is not a number")


def answer_of(term: Term, text: str) -> str | None:
    """*text* as the term spells that answer; None when it is none of its answers."""
    if text in term.values:
        return text
    plain = text.strip().lower().replace("_", " ")
    plain = _SAME_ANSWER.get(plain, plain)
    for value in term.values:
        if value.lower().replace("_", " ") == plain:
            return value
    return None


def as_listed(vocabulary: Vocabulary, list_name: str, words: str) -> str | None:
    """*words* as the vocabulary's list of that name spells them; None when they are not on it."""
    term = vocabulary.terms.get(list_name)
    plain = words.strip().lower().replace(" ", "_")
    if term is None:
        return None
    return next((value for value in term.values if value.lower().replace(" ", "_") == plain), None)


def implausible(term: Term, number: Decimal, scorer: Scorer | None) -> str | None:
    """Why *number* cannot be a value of *term*; None when it can."""
    if term.kind == "score" and scorer is not None:
        wrong = scorer.validate(term.id, number)
        if wrong:
            return wrong
    if term.plausible is not None:
        low, high = term.plausible
        if not low <= number <= high:
            unit = f" {term.unit}" if term.unit else ""
            return f"{format(number, 'f')}{unit} cannot be: {name_of(term)} is between {low} and {high}{unit}"
    return None


def sane(number: Decimal) -> bool:
    """Whether the number is finite and of a size that anything in a record can have."""
    return number.is_finite() and (not number or abs(number.adjusted()) <= _LARGEST_POWER)


def needs_unit(term: Term) -> bool:
    """Whether a bare number would leave the unit to guess."""
    return term.unit is not None and spell(term.unit) != "1" and term.kind != "score"


def name_of(term: Term) -> str:
    """What messages call the term."""
    return term.id.replace("_", " ")


def unknown_word(vocabulary: Vocabulary, text: str, kinds: Iterable[str]) -> str:
    """That *text* is not in the vocabulary, with the nearest words that would fit."""
    near = perhaps_meant(text, _words(vocabulary, tuple(kinds)))
    return f"'{text}' is not in the vocabulary." + (f" Did you mean {near}?" if near else "")


def perhaps_meant(text: str, words: Iterable[str]) -> str:
    """Up to two of *words* that look like *text* or begin with it, quoted; empty when none does."""
    plain = text.strip().lower().replace(" ", "_")
    listed = sorted(set(words))
    found = nearest(plain, listed, most=2, like=0.72)
    if not found and len(plain) >= _TELLING:
        found = [word for word in listed if word.startswith(plain)][:2]
    return " or ".join(f"'{word}'" for word in found)


def _words(vocabulary: Vocabulary, kinds: tuple[str, ...]) -> list[str]:
    return [term.id for term in vocabulary.terms.values() if not kinds or term.kind in kinds]


def _unit_wrong(term: Term, unit: str) -> str:
    if not unit:
        return f"has no unit; {name_of(term)} is kept in {term.unit}"
    if term.unit is None:
        return f"'{unit}': {name_of(term)} has no unit"
    return f"'{unit}' does not convert to {term.unit}, the unit of {name_of(term)}"


def _said(quantity: Quantity) -> str:
    number = str(quantity.number) if abs(quantity.number.adjusted()) > 40 else format(quantity.number, "f")
    return f"{quantity.limit}{number} {quantity.unit}".strip()
