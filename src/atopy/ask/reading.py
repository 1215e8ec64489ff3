"""What a question says: things of the content, what is wanted, who it is about, numbers, a source that is offered."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from atopy.ask.denied import denied
from atopy.ask.lexicon import Lexicon, Match, Meaning
from atopy.ask.offered import Offered, Shelf
from atopy.ask.quantities import Amount, amounts, in_amounts
from atopy.ask.tokens import Phrase, stem, tokens

Keys = frozenset[str]


class Reading(msgspec.Struct, frozen=True):
    """One question, read."""

    text: str
    words: tuple[str, ...]  # as read: stems, misspelt ones put right
    things: tuple[Meaning, ...]  # options, terms, instruments ..., in order
    concepts: tuple[str, ...]
    intents: tuple[str, ...]  # in the order of the content: the first is what is wanted
    amounts: tuple[Amount, ...]
    measured: tuple[Meaning, ...]  # outcomes and populations of trials, sites of the body
    values: tuple[tuple[str, Decimal], ...]  # of a test or score that is named, the number beside it
    spelling: dict[str, str]
    offered: Offered | None = None
    follows: bool = False  # begins as a follow-up does
    from_before: tuple[str, ...] = ()
    denied: tuple[Meaning, ...] = ()  # things and concepts that the question says are not so

    def ids(self) -> tuple[str, ...]:
        """Everything that was understood, by id."""
        return tuple(dict.fromkeys([*(m.id for m in self.things), *self.concepts]))


class Reader:
    """Reads questions with the words of one guideline."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.shelf = Shelf(lexicon)
        self._order = {intent: n for n, intent in enumerate(lexicon.intents)}

    def read(self, text: str) -> Reading:
        """One question by itself."""
        lexicon, spelling = self.lexicon, dict[str, str]()
        plain = tokens(text)
        words: list[str] = []
        for word in plain:
            read = lexicon.spelt(word)
            if read != stem(word):
                spelling[word] = read
            words.append(read)
        named = [m for m in lexicon.find(words, lexicon.things) if not _is_unit(words, m)]
        everything = lexicon.every(words, lexicon.said)
        wants = [m for m in self._all(words) if not _is_inside(m, [*named, *everything])]
        intents = {m.id for match in wants for m in match.meanings}
        ranked = tuple(sorted(intents, key=self._rank))
        measured = lexicon.find(words, lexicon.measured)
        beside = [
            m for m in measured if self._sets_treatments_out(ranked) and m.meanings[0].kind == "population"
        ]
        said = _not_inside(_people_once(everything, lexicon), beside)
        said = [m for m in said if not self._is_part_of_a_name(m, named)]
        not_so = denied(lexicon, words, [*said, *named], [*said, *named, *wants, *measured])
        said, named = [m for m in said if m not in not_so], [m for m in named if m not in not_so]
        meaning_more = [m for m in said if any(lexicon.concepts[c.id].means for c in m.meanings)]
        things = _not_inside(named, [*meaning_more, *beside])
        meant = [Meaning(*_meaning(lexicon, id_)) for m in said for c in m.meanings for id_ in self._means(c)]
        found = [meaning for match in things for meaning in _narrowed(match.meanings)]
        trialled = tuple(dict.fromkeys(x for m in measured for x in m.meanings))
        return Reading(
            text, tuple(words), tuple(dict.fromkeys([*found, *meant])),
            tuple(dict.fromkeys(m.id for match in said for m in match.meanings)),
            ranked, amounts(words, lexicon.people), trialled, _values(words, things),
            spelling, self.shelf.offered(text), self._follows(words),
            denied=tuple(dict.fromkeys(x for m in not_so for x in _narrowed(m.meanings))),
        )  # fmt: skip

    def _all(self, words: list[str]) -> list[Match]:
        return self.lexicon.find(words, self.lexicon.wants)

    def _sets_treatments_out(self, intents: tuple[str, ...]) -> bool:
        """Whether what trials found is wanted: what everybody got in them is then no treatment that is asked about."""
        return bool(intents) and self.lexicon.intents[intents[0]].wants in ("compare", "works")

    def _is_part_of_a_name(self, said: Match, named: list[Match]) -> bool:
        """Whether what means a thing stands inside the longer name of another: a bleach bath is no bath."""
        means = any(self.lexicon.concepts[c.id].means for c in said.meanings)
        return means and _is_inside(said, named)

    def _rank(self, intent: str) -> tuple[bool, int]:
        return self.lexicon.intents[intent].weak, self._order[intent]

    def _means(self, meaning: Meaning) -> list[str]:
        return self.lexicon.concepts[meaning.id].means

    def _follows(self, words: list[str]) -> bool:
        return any(tuple(words[: len(p)]) == p for p in self.lexicon.follow_up)


def _is_unit(words: list[str], m: Match) -> bool:
    """Whether what could be a name is the unit of a number: mg is no magnesium after ten."""
    first = words[m.start]
    counted = m.start > 0 and words[m.start - 1][:1].isdigit()
    return counted and m.end - m.start == 1 and not first[:1].isdigit() and first in in_amounts([first])


def _is_inside(one: Match, others: Iterable[Match]) -> bool:
    """Whether a phrase stands inside a longer one."""
    length = one.end - one.start
    return any(m.start <= one.start and one.end <= m.end and m.end - m.start > length for m in others)


def _meaning(lexicon: Lexicon, id_: str) -> tuple[str, str]:
    """The kind of a thing that a concept names."""
    entry = lexicon.entries.get(id_)
    if entry is not None:
        return entry.kind, id_
    term = lexicon.compiled.vocabulary.terms.get(id_)
    return (term.kind if term is not None else "drug"), id_


def _values(words: list[str], things: list[Match]) -> tuple[tuple[str, Decimal], ...]:
    """The number that stands right after a test, measure or score, a word or two between them."""
    found: list[tuple[str, Decimal]] = []
    for match in things:
        named = [m.id for m in match.meanings if m.kind in _MEASURED]
        for word in words[match.end : match.end + _NEAR] if named else ():
            if word[:1].isdigit():
                found += [(id_, Decimal(word)) for id_ in named]
                break
    return tuple(found)


def _people_once(said: list[Match], lexicon: Lexicon) -> list[Match]:
    """Without the shorter of two phrases, one inside the other, for people or for things that are meant: who plans a
    pregnancy is not pregnant, and a steroid tablet is no cream.
    """
    people = [m for m in said if any(_says_more(lexicon, c.id) for c in m.meanings)]
    inside = {
        n for n in people for m in people
        if m.start <= n.start and n.end <= m.end and (m.end - m.start) > (n.end - n.start)
    }  # fmt: skip
    return [m for m in said if m not in inside]


def _not_inside(things: list[Match], said: list[Match]) -> list[Match]:
    """Without those whose words a concept gives another meaning: what people call a drug may be one by its route."""
    return [t for t in things if not any(m.start <= t.start and t.end <= m.end for m in said)]


def _says_more(lexicon: Lexicon, concept: str) -> bool:
    found = lexicon.concepts[concept]
    return bool(found.suppose or found.means)


def _narrowed(meanings: tuple[Meaning, ...]) -> list[Meaning]:
    """Where a phrase names an option, it names no other treatment or drug beside it."""
    option = any(m.kind == "option" for m in meanings)
    return [m for m in meanings if not option or m.kind == "option"]


def merged(now: Reading, before: Reading, lexicon: Lexicon) -> Reading:
    """A follow-up with what it leaves unsaid taken from the question before."""
    subjects = [m for m in before.things if m.kind in _SUBJECTS]
    own = [m for m in now.things if m.kind in _SUBJECTS]
    strong = [i for i in now.intents if not lexicon.intents[i].weak]
    taken: list[str] = []
    things = now.things
    if not own and subjects:
        things = (*subjects, *now.things)
        taken += [m.id for m in subjects]
    intents = now.intents
    if not strong and before.intents:
        intents = before.intents
        taken += before.intents[:1]
    return replace(
        now, things=tuple(dict.fromkeys(things)), intents=intents, from_before=tuple(dict.fromkeys(taken)),
        concepts=tuple(dict.fromkeys([*now.concepts, *_kept(now, before, lexicon)])),
        amounts=(*now.amounts, *(a for a in before.amounts if a.what in ("age", "weight") and not _has(now, a))),
    )  # fmt: skip


_SUBJECTS = ("option", "drug", "therapy", "instrument", "factor", "mimic", "red_flag", "topic", "score")


def _kept(now: Reading, before: Reading, lexicon: Lexicon) -> list[str]:
    """Subjects of the question before go on; whom it was about only where the follow-up names nobody else."""
    people = {c for c in now.concepts if lexicon.concepts[c].suppose}
    own = bool(now.concepts) and not people
    return [
        c for c in before.concepts
        if not (lexicon.concepts[c].suppose and people) and not (own and not lexicon.concepts[c].suppose)
    ]  # fmt: skip


def _has(reading: Reading, amount: Amount) -> bool:
    return any(a.what == amount.what for a in reading.amounts)


def is_follow_up(now: Reading, lexicon: Lexicon) -> bool:
    """Whether a question cannot stand alone: it begins as a follow-up, or names nothing to speak of."""
    if now.follows:
        return True
    subject = any(m.kind in _SUBJECTS for m in now.things)
    return not subject and len(now.words) <= _FEW and bool(now.concepts or now.intents or now.amounts)


_FEW = 6
_NEAR = 4  # words after a test within which its number stands
_MEASURED = ("lab", "measure", "score")


__all__ = ["Keys", "Phrase", "Reader", "Reading", "is_follow_up", "merged"]
