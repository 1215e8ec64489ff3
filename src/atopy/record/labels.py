"""Names of ingredients as labels write them: one list taken apart, each name reduced to what makes it that name.

Case, punctuation, percentages and translations in brackets do not tell one substance from another.
"""

import re
from collections.abc import Iterator

# A comma within a chemical name (1,2-hexanediol) has no space after it.
_BETWEEN = re.compile(r"[;\n•|]+|,\s+")
_AMOUNT = re.compile(r"\(?\s*\d+(?:[.,]\d+)?\s*(?:%|(?:mg|mcg|micrograms?|g)\b).*$", re.DOTALL)
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_HEADING = re.compile(r"^\s*(?:ingredients?|inci|contains|inhaltsstoffe)\s*:\s*", re.IGNORECASE)


def listed(text: str) -> tuple[str, ...]:
    """The names in a list of ingredients written as one text."""
    parts = _BETWEEN.split(_HEADING.sub("", text))
    names = (part.strip().strip("*").rstrip(".").strip() for part in parts)
    return tuple(name for name in names if name)


def plain(name: str) -> str:
    """*name* in small letters, everything but letters and digits a single space."""
    kept = "".join(c if c.isalnum() else " " for c in name.casefold())
    return " ".join(kept.split())


def spellings(name: str) -> Iterator[str]:
    """What *name* may be known as, the whole first: without its amount, its brackets, one half of a double name."""
    without = _AMOUNT.sub("", name)
    inside = _BRACKETS.findall(without)
    outside = _BRACKETS.sub(" ", without)
    halves = outside.split("/") if "/" in outside else []
    seen: set[str] = set()
    for one in (name, without, outside, *halves, *inside):
        known = plain(one)
        if known and known not in seen:
            seen.add(known)
            yield known
