"""A question as words: lower case, without accents and marks, numbers apart from their units, plurals as singulars."""

import re
from functools import lru_cache
from unicodedata import combining, normalize

Phrase = tuple[str, ...]

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]+)?(?:\d+(?![a-z0-9]))?|%")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_DOING = 7  # letters; shorter words in -ing are other words
_NO_PLURAL = ("ss", "us", "is", "as", "os")


def tokens(text: str) -> list[str]:
    """The words and numbers of a text, in order: ``90mg`` is two, ``UVA1`` is one."""
    lower = "".join(c for c in normalize("NFKD", text.lower().replace("’", "'")) if not combining(c))
    return [t.removesuffix("'s").replace(",", ".") for t in _TOKEN.findall(_THOUSANDS.sub("", lower))]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without the ending of its plural, or of what is being done: ``tests`` and ``testing`` are ``test``."""
    if word.endswith("ing") and len(word) >= _DOING:
        return word[:-3]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURAL):
        return word[:-1]
    return word


def phrase(text: str) -> Phrase:
    """A text as the key under which it is looked up."""
    return tuple(stem(t) for t in tokens(text))
