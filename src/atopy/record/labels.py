"""Names of ingredients as labels write them: one list taken apart, each name reduced to what makes it that name.

Case, punctuation, percentages and translations in brackets do not tell one substance from another.
"""

import re
import unicodedata
from collections.abc import Iterator

# A comma within a chemical name (1,2-hexanediol) has no space after it.
_BETWEEN = re.compile(r"[;\n•|]+|,\s+|,(?=[^\W\d_]{2}|E[ -]?\d{3,4}\b)|(?<=[^\W\d_]{2}),(?=\d+,\d+-)")
_AMOUNT = re.compile(r"\(?\s*\d+(?:[.,]\d+)?\s*(?:%|(?:mg|mcg|micrograms?|g)\b).*$", re.DOTALL)
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_HEADING = re.compile(
    r"^\s*(?:(?:other|inactive|active|also|may|full list of)\s+)*"
    r"(?:ingredients?|inci|contains?|excipients?|inhaltsstoffe|hilfsstoffe|zusammensetzung|composition|ingr[eé]dients)\s*:\s*",
    re.IGNORECASE,
)
# The book that a substance is made by does not tell it from another: Wool Alcohols BP, Propylene Glycol USP.
_BOOK = re.compile(
    r"[\s,]+\(?(?:b\.?p\.?|ph\.?\s?eur\.?|e\.?p\.?|u\.?s\.?p\.?|n\.?f\.?|j\.?p\.?|d\.?a\.?b\.?)\)?$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?<=\w)\s+\d{1,4}(?=\s|$)")  # hydrocortisone 17-butyrate, carbomer 940
_NUMBER = re.compile(r"^e \d{3,4}$")  # of an additive


def listed(text: str) -> tuple[str, ...]:
    """The names in a list of ingredients written as one text."""
    parts = _BETWEEN.split(_HEADING.sub("", text))
    names = (part.strip().strip("*").rstrip(".").strip() for part in parts)
    return tuple(name for name in names if name)


def plain(name: str) -> str:
    """*name* in small letters, everything but letters and digits a single space."""
    kept = "".join(c if c.isalnum() else " " for c in without_accents(name).casefold())
    return " ".join(kept.split())


def without_accents(name: str) -> str:
    """*name* with its letters alone: propylène glycol, Oléth."""
    if name.isascii():
        return name
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def spellings(name: str) -> Iterator[str]:
    """What *name* may be known as, the whole first.

    Then without its amount, its pharmacopoeia, its brackets; one half of a double name; last without a number in it.
    """
    without = _BOOK.sub("", _AMOUNT.sub("", name))
    inside = _BRACKETS.findall(without)
    outside = _BRACKETS.sub(" ", without)
    halves = outside.split("/") if "/" in outside else []
    seen: set[str] = set()
    for one in (name, without, outside, *halves, *inside):
        known = plain(one)
        if known and known not in seen:
            seen.add(known)
            yield known
    for known in tuple(seen):
        shorter = known.replace(" ", "") if _NUMBER.match(known) else _PLACE.sub("", known)
        if shorter not in seen:
            yield shorter
