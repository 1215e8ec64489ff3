"""Free retrieval: what of the content holds the words of a question, by BM25 (SQLite FTS5), for what nobody wrote an
answer to. The index is built in memory from the compiled content when something is first looked for.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

from atopy.ask.lexicon import Lexicon, texts_of
from atopy.ask.tokens import phrase, stem, tokens
from atopy.plan.words import fill

_WEIGHTS = "0.0, 0.0, 3.0, 1.0"  # id, owner, title, text
_LETTERS = ("b", "c", "d", "e")  # of vitamins and of kinds of hepatitis
_SHOWN = ("statement", "limit", "contraindication", "interaction", "check", "dose", "disagreement", "access")


class Hit(NamedTuple):
    """One thing found: its id, and the share of the question's words that it holds."""

    id: str
    covered: float


class Index:
    """Everything that can be shown, by its words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.db = sqlite3.connect(":memory:", check_same_thread=False)
        self.db.execute("CREATE VIRTUAL TABLE said USING fts5(id UNINDEXED, owner UNINDEXED, title, text)")
        names = {id_: _stems([*texts_of(e), id_]) for id_, e in lexicon.entries.items() if e.id == e.owner}
        rows = [
            (e.id, e.owner, names.get(e.owner, ""), _stems([*self._filled(e), e.id]))
            for e in lexicon.entries.values() if e.kind in _SHOWN
        ]  # fmt: skip
        self.words = {row[0]: frozenset(f"{row[2]} {row[3]}".split()) for row in rows}
        self.held = Counter(w for words in self.words.values() for w in words)
        self.db.executemany("INSERT INTO said VALUES (?, ?, ?, ?)", rows)

    def _filled(self, entry: object) -> Iterable[str]:
        numbers = getattr(entry.value, "numbers", None) or {}  # type: ignore[attr-defined]
        return (fill(text, numbers) for text in texts_of(entry))  # type: ignore[arg-type]

    def content_words(self, words: Iterable[str]) -> list[str]:
        """The words that say what is asked, each once."""
        return [
            w
            for w in dict.fromkeys(words)
            if w not in self.lexicon.passes and (len(w) > 1 or w.isdigit() or w in _LETTERS)
        ]

    def search(
        self, words: Sequence[str], owners: Iterable[str] = (), extra: Iterable[str] = (), most: int = 8
    ) -> list[Hit]:
        """The best of everything, or of what belongs to some items; *extra* words help, but are not asked for."""
        wanted = self.content_words(words)
        looked_for = list(dict.fromkeys([*wanted, *(stem(t) for x in extra for t in tokens(x))]))
        if not looked_for:
            return []
        query = " OR ".join(f'"{w}"' for w in looked_for)
        within = list(dict.fromkeys(owners))
        where = f" AND owner IN ({', '.join('?' * len(within))})" if within else ""
        found = self.db.execute(
            f"SELECT id FROM said WHERE said MATCH ?{where} ORDER BY bm25(said, {_WEIGHTS}), rowid LIMIT ?",
            (query, *within, most),
        )
        return [Hit(id_, self._covered(id_, wanted)) for (id_,) in found]

    def _covered(self, id_: str, wanted: list[str]) -> float:
        """The share of a question's words that a thing holds; a rare word weighs more, one that nothing holds most."""
        total = sum(self._weight(w) for w in wanted)
        return sum(self._weight(w) for w in wanted if w in self.words[id_]) / total if total else 1.0

    def _weight(self, word: str) -> float:
        return log((len(self.words) + 1) / (self.held[word] + 1)) + 1

    def nearest(self, ids: Sequence[str], words: Iterable[str]) -> list[str]:
        """*ids* in order of how many of a question's words each holds; those alike keep their order."""
        wanted = set(self.content_words(words))
        return sorted(ids, key=lambda i: -len(wanted & self.words.get(i, frozenset())))

    def holding(self, ids: Iterable[str], words: Iterable[str]) -> list[str]:
        """Those of *ids* that hold one of some words."""
        wanted = [phrase(w) for w in words]
        return [i for i in ids if any(p and set(p) <= self.words.get(i, frozenset()) for p in wanted)]


def _stems(texts: Iterable[str]) -> str:
    """Texts as the stems that are looked for: the index and the question are cut alike."""
    return " ".join(stem(t) for text in texts for t in tokens(text.replace("_", " ").replace("-", " ")))


__all__ = ["Hit", "Index"]
