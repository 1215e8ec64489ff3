"""What words mean: names, brands and synonyms of the content as phrases, and what is read for a misspelt one.

Made once from a guideline. A phrase is looked up by its stems; the longest that fits is taken.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import OSA

from atopy.ask.entries import GROUPS, Entry, entries
from atopy.ask.tokens import Phrase, phrase, stem, tokens
from atopy.guideline import Compiled, Words
from atopy.guideline.asking import Asking, Intent

LANGUAGE = "en"
_LONGEST = 8  # words in a phrase
_SHORT = 5  # letters below which nothing is read for a word
_ROOM = ((5, 1), (8, 2), (12, 3))  # from so many letters on, so many may be wrong


class Meaning(NamedTuple):
    """What a phrase stands for: its kind, and its id in the content."""

    kind: str
    id: str


class Match(NamedTuple):
    """A phrase found in a question, from word *start* up to *end*."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


Book = dict[Phrase, dict[Meaning, None]]


class Lexicon:
    """The words of one guideline."""

    def __init__(self, compiled: Compiled, asking: Asking) -> None:
        self.compiled = compiled
        self.asking = asking
        self.entries = entries(compiled)
        self.concepts = {c.id: c for c in asking.concepts}
        self.intents = {i.id: i for i in asking.intents}
        self.denies = {phrase(w): None for w in asking.negation.says}
        self.asks = {t for w in asking.negation.unless for t in phrase(w)}
        self.through = {t for w in asking.negation.through for t in phrase(w)}
        self.grave = {
            entry for f in asking.answers if f.behaviour == "refuse_and_redirect" and len(f.all_of) == 1
            for entry in f.all_of[0].split(" or ")
        }  # fmt: skip
        self.follow_up = [phrase(w) for w in asking.follow_up]
        self.passes = {t for w in asking.passes for t in phrase(w)}
        self.things: Book = {}
        self.wants: Book = {}
        self.said: Book = {}
        self.measured: Book = {}
        for text, meaning in self._names():
            if not set(phrase(text.replace("_", " "))) <= self.passes - self._own(meaning):
                _put(self.things, text, meaning)
        for concept in asking.concepts:
            for text in concept.says:
                _put(self.said, text, Meaning("concept", concept.id))
        for intent in asking.intents:
            for text in intent.says:
                _put(self.wants, text, Meaning("intent", intent.id))
        measured = {
            "outcome": asking.trials.outcomes,
            "population": asking.trials.populations,
            "site": asking.sites,
        }
        for kind, named in measured.items():
            for id_, says in named.items():
                for text in says:
                    _put(self.measured, text, Meaning(kind, id_))

    # -- names

    def _own(self, meaning: Meaning) -> set[str]:
        """The words of the guideline's own disease, which say little and mean something all the same."""
        return self.passes if meaning.id in self.asking.disease else set()

    def _names(self) -> Iterator[tuple[str, Meaning]]:
        """Every name of a thing with what it means; options first, for a drug may be called as its treatment is."""
        for group, kind in GROUPS.items():
            if kind in ("disagreement", "amount"):
                continue
            for id_, item in getattr(self.compiled, group).items():
                words = getattr(item, "name", None) or item.title
                yield from ((text, Meaning(kind, id_)) for text in _called(id_, words))
        for instrument in self.compiled.instruments.instruments:
            for text in (instrument.id, instrument.name):
                yield text, Meaning("instrument", instrument.id)
        for term in self.compiled.vocabulary.terms.values():
            names = (term.id, *term.name.values(), *term.patient_name.values(), *term.synonyms)
            for name in names:
                yield from ((text, Meaning(term.kind, term.id)) for text in _variants(name))

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that is spelt as it should be: those of phrases, and those of the content's texts."""
        books = (self.things, self.wants, self.said, self.measured)
        words = {w for book in books for p in book for w in p} | self.passes | self.through
        words |= {w for p in self.denies for w in p}
        words |= {w for p in self.follow_up for w in p}
        for entry in self.entries.values():
            words.update(stem(t) for text in texts_of(entry) for t in tokens(text))
        return frozenset(words)

    @cached_property
    def people(self) -> frozenset[str]:
        """Words for somebody who has an age by them: the last of each phrase of a concept that supposes one."""
        ages = set(self.asking.measures.values())
        named = (c for c in self.asking.concepts if ages & {*c.suppose})
        return frozenset(phrase(text)[-1] for c in named for text in c.says)

    @cached_property
    def _candidates(self) -> dict[str, list[str]]:
        """The words that a misspelt one may be, by first letter; of phrases only, for others mean nothing."""
        found: dict[str, set[str]] = {}
        for book in (self.said, self.things, self.wants):
            for p in book:
                for word in p:
                    if len(word) >= _SHORT - 1 and word.isalpha():
                        found.setdefault(word[0], set()).add(word)
        return {letter: sorted(words) for letter, words in found.items()}

    def spelt(self, word: str) -> str:
        """The word that is meant by one that nobody knows; itself where none is near enough, or two are."""
        stemmed = stem(word)
        if len(stemmed) < _SHORT or not stemmed.isalpha() or stemmed in self.known:
            return stemmed
        room = max(most for letters, most in _ROOM if len(stemmed) >= letters)
        near: list[tuple[int, str]] = []
        for candidate in self._candidates.get(stemmed[0], ()):
            if abs(len(candidate) - len(stemmed)) <= room:
                distance = OSA.distance(stemmed, candidate, score_cutoff=room)
                if distance <= room:
                    near.append((distance, candidate))
        near.sort()
        if not near or (len(near) > 1 and near[0][0] == near[1][0] and not _same(near)):
            return stemmed
        return near[0][1]

    # -- looking up

    def find(self, words: list[str], book: Book) -> list[Match]:
        """The phrases of *book* in *words*, the longest first at each place, none inside another."""
        found: list[Match] = []
        at = 0
        while at < len(words):
            for length in range(min(_LONGEST, len(words) - at), 0, -1):
                meanings = book.get(tuple(words[at : at + length]))
                if meanings:
                    found.append(Match(at, at + length, tuple(meanings)))
                    at += length
                    break
            else:
                at += 1
        return found

    def every(self, words: list[str], book: Book) -> list[Match]:
        """All phrases of *book* in *words*, those inside others too."""
        return [
            Match(at, at + length, tuple(book[key]))
            for at in range(len(words))
            for length in range(min(_LONGEST, len(words) - at), 0, -1)
            if (key := tuple(words[at : at + length])) in book
        ]

    def intent(self, id_: str) -> Intent:
        return self.intents[id_]


def _same(near: list[tuple[int, str]]) -> bool:
    """Whether what is equally near is one word with and without an ending."""
    first, second = near[0][1], near[1][1]
    return first.startswith(second[:-1]) or second.startswith(first[:-1])


def _put(book: Book, text: str, meaning: Meaning) -> None:
    key = phrase(text.replace("_", " "))
    if key:
        book.setdefault(key, {})[meaning] = None


def _called(id_: str, words: Words) -> Iterator[str]:
    yield id_
    for said in (words.clinician, words.patient or {}):
        for text in said.values():
            yield from _variants(text)


def _variants(name: str) -> Iterator[str]:
    """A name, and the same without what stands in brackets."""
    yield name
    bare = name.partition("(")[0].strip()
    if bare and bare != name:
        yield bare


def texts_of(entry: Entry) -> Iterable[str]:
    """The words of an entry for each reader, as written."""
    value = entry.value
    for field in ("name", "title", "text", "because", "test", "rule", "question", "says", "why"):
        said = getattr(value, field, None)
        if isinstance(said, Words):
            yield from said.clinician.values()
            yield from (said.patient or {}).values()
        elif isinstance(said, dict):
            yield from (s for s in said.values() if isinstance(s, str))
        elif isinstance(said, str):
            yield said
    for side in ("side_a", "side_b"):
        if hasattr(value, side):
            yield from getattr(value, side).position.values()


__all__ = ["LANGUAGE", "Lexicon", "Match", "Meaning", "texts_of"]
