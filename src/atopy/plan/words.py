"""Texts with their numbers filled in: both readers get the same figures from the same parameters."""

import re
from collections.abc import Mapping
from decimal import Decimal

from atopy.guideline import Quantity, Words
from atopy.plan.entries import shown
from atopy.plan.model import Value

_PLACE = re.compile(r"\{([a-z0-9_]+)\}")
_SINGULAR = {
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
    "doses": "dose",
    "hours": "hour",
    "times": "time",
}


# A question about the patient as a question to the patient; where this will not do, the fact has its own words.
_TO_YOU = (
    ("Does the patient", "Do you"), ("Is the patient", "Are you"), ("Has the patient", "Have you"),
    ("Was the patient", "Were you"), ("Did the patient", "Did you"), ("Can the patient", "Can you"),
    ("would the patient", "would you"), ("does the patient", "do you"), ("has the patient", "have you"),
    ("did the patient", "did you"), ("is the patient", "are you"), ("the patient is", "you are"),
    ("the patient has", "you have"), ("the patient's", "your"), ("the patient", "you"), ("The patient", "You"),
)  # fmt: skip


def to_you(question: str) -> str:
    """``Does the patient have a cough?`` as ``Do you have a cough?``."""
    for said, plain in _TO_YOU:
        question = question.replace(said, plain)
    return question


def quantity(q: Quantity | Value) -> str:
    """``2 to 4 weeks``, ``58 %``, ``1 week``."""
    number = shown(q.value) if q.value is not None else _span(q.low, q.high)
    if q.unit is None:
        return number or ""
    unit = _SINGULAR.get(q.unit, q.unit) if q.value == 1 else q.unit
    return f"{number} {unit}"


def _span(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return f"up to {shown(high)}"
    return f"at least {shown(low)}" if high is None else f"{shown(low)} to {shown(high)}"


def fill(text: str, numbers: Mapping[str, Quantity]) -> str:
    """*text* with each {name} replaced by its number."""
    if "{" not in text:
        return text
    return _PLACE.sub(lambda m: quantity(numbers[m[1]]) if m[1] in numbers else m[0], text)


def clinician(words: Words, numbers: Mapping[str, Quantity], language: str) -> str:
    """The clinician's text with its numbers."""
    return fill(_in(words.clinician, language), numbers)


def patient(words: Words, numbers: Mapping[str, Quantity], language: str) -> str | None:
    """The patient's text with the same numbers, if there is one."""
    return fill(_in(words.patient, language), numbers) if words.patient else None


def _in(text: dict[str, str], language: str) -> str:
    return text.get(language) or next(iter(text.values()))


def parameters(words: Words | None, numbers: Mapping[str, Quantity], language: str) -> dict[str, Value]:
    """The numbers that a text uses."""
    if not numbers or words is None:
        return {}
    used = _PLACE.findall(_in(words.clinician, language))
    return {n: Value(q.value, q.low, q.high, q.unit) for n, q in numbers.items() if n in used}
