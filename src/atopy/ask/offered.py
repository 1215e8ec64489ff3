"""A source that a question offers: whether this guideline holds it. What it holds not, nothing rests on.

A source is offered by a word for one (a guideline, a trial ...) with a year, a name or a DOI beside it. Nothing is
looked up outside the content.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from atopy.ask.lexicon import Lexicon
from atopy.ask.tokens import phrase, stem, tokens
from atopy.plan.references import label

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"\b[A-Z][A-Za-z]+\b")
_NAMED_AND_DATED = re.compile(r"\b([A-Z][A-Za-z]+)(?: et al\.?)?,? \(?(?:19|20)\d\d\b")
_SENTENCE = re.compile(r"(?:^|[.!?:]\s+)([A-Z][a-z]*)\b")


class Offered(NamedTuple):
    """What a question says of a source, and the keys of those of the content that fit."""

    named: str
    keys: tuple[str, ...]


class Shelf:
    """The sources of a guideline by the words that name them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        compiled = lexicon.compiled
        self.words: dict[str, frozenset[str]] = {}
        self.dois: dict[str, str] = {}
        for key, info in compiled.sources.items():
            csl = compiled.csl(key) or {}
            names = " ".join(str(a.get("family") or a.get("literal") or "") for a in csl.get("author", []))
            dated = csl.get("issued", {}).get("date-parts", [[""]])[0][0]
            year = "" if info.year is None else str(info.year)
            said = (
                key.replace("_", " "), label(compiled, key), str(csl.get("title", "")), names, str(dated), year,
                str(csl.get("container-title", "")), info.code or "", info.note or "",
            )  # fmt: skip
            self.words[key] = frozenset(stem(t) for s in said for t in tokens(s))
            if csl.get("DOI"):
                self.dois[str(csl["DOI"]).lower()] = key
        self.cites = [phrase(w) for w in lexicon.asking.cites]

    def offered(self, question: str) -> Offered | None:
        """The source that a question offers; None where it offers none that could be looked for."""
        doi = _DOI.search(question)
        if doi:
            given = doi[0].rstrip(".,;)?")
            key = self.dois.get(given.lower())
            return Offered(given, (key,) if key else ())
        words = [stem(t) for t in tokens(question)]
        dated = [n for n in _NAMED_AND_DATED.findall(question) if not self._is_plain(n)]
        if not dated and not any(_within(c, words) for c in self.cites):
            return None
        years, names = _YEAR.findall(question), list(dict.fromkeys([*dated, *self._names(question)]))
        if not years and not names:
            return None
        return Offered(" ".join([*names, *years]), tuple(self._holding([*names, *years])))

    def _names(self, question: str) -> list[str]:
        """Names in a question that are no things of the content: who is said to have written it."""
        first = set(_SENTENCE.findall(question))
        named = (n for n in _NAME.findall(question) if len(n) > 1 and (n not in first or n.isupper()))
        return list(dict.fromkeys(n for n in named if not self._is_plain(n)))

    def _is_plain(self, name: str) -> bool:
        """Whether a word with a capital is no name: a thing of the content, or a word that says nothing."""
        word = stem(name.lower())
        return word in self._plain or word in self.lexicon.passes

    @cached_property
    def _plain(self) -> frozenset[str]:
        books = (self.lexicon.things, self.lexicon.said, self.lexicon.wants)
        return frozenset({w for book in books for p in book for w in p} | {w for c in self.cites for w in c})

    def _holding(self, named: Iterable[str]) -> list[str]:
        wanted = {stem(t) for n in named for t in tokens(n)}
        return [key for key, words in self.words.items() if wanted <= words]


def _within(part: tuple[str, ...], words: list[str]) -> bool:
    """Whether a phrase stands in the words."""
    size = len(part)
    return any(tuple(words[i : i + size]) == part for i in range(len(words) - size + 1))


__all__ = ["Offered", "Shelf"]
