"""What a question says is not so: *not pregnant*, *takes no methotrexate*, *without steroid*.

A word that denies reaches the next thing named, over a few words that say nothing (``negation`` in ``ask/``). One that
is part of a phrase of its own (*why not*, *not responding*) denies nothing, nor does one after *should* or *can*: that
asks. What alone calls for help is never denied.
"""

from collections.abc import Iterable, Sequence

from atopy.ask.lexicon import Lexicon, Match
from atopy.ask.tokens import Phrase

_REACH = 4  # words between
_ASKING = 4  # words before, among which one turns a denial into a question


def denied(
    lexicon: Lexicon, words: Sequence[str], named: Iterable[Match], phrases: Iterable[Match]
) -> list[Match]:
    """Those of *named* that the question denies; *phrases*: everything understood in it."""
    own = {at for m in phrases if m.end - m.start > 1 for at in range(m.start, m.end)}
    ends = [
        at + len(p) for at in range(len(words)) for p in lexicon.denies if _denies(lexicon, words, at, p, own)
    ]
    return [
        m for m in named
        if not _calls(lexicon, m) and any(_reaches(lexicon, words[end : m.start], end, m) for end in ends)
    ]  # fmt: skip


def _denies(lexicon: Lexicon, words: Sequence[str], at: int, p: Phrase, own: set[int]) -> bool:
    """Whether a word that denies stands here, and neither inside a phrase nor in a question whether not to."""
    here = tuple(words[at : at + len(p)]) == p and not own.intersection(range(at, at + len(p)))
    asked = (
        words[max(0, at - _ASKING) : at] or words[:1]
    )  # one that opens a question may itself ask: isn't it
    return here and not lexicon.asks.intersection(asked)


def _reaches(lexicon: Lexicon, between: Sequence[str], end: int, m: Match) -> bool:
    return end <= m.start and len(between) <= _REACH and all(w in lexicon.through for w in between)


def _calls(lexicon: Lexicon, m: Match) -> bool:
    """Whether it alone calls for help: that is answered however it is said."""
    return any(x.id in lexicon.grave for x in m.meanings)


__all__ = ["denied"]
