"""What is found down from each term, for a whole block of patients: the patients of each answer as bits.

Whoever asks for one patient has it found for all for whom the term is the same; they will be asked for it too.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from atopy.criteria import Node, Ref
from atopy.facts import Block
from atopy.facts.columns import Bits, places

Slots = tuple[int, ...]
Answers = dict[Slots, Bits]
"""The patients of each answer; no patient has two."""
_Part = TypeVar("_Part", Node, Ref)


class Together(ABC):
    """Answers by the place of a term; of those whose record says nothing of it, the answer of the empty record."""

    def __init__(self, block: Block, blank: Mapping[int, Slots]) -> None:
        self.block, self.rules = block, block.rules
        self._blank = blank
        self._known: dict[int, Answers] = {}
        self._done: dict[int, Bits] = {}
        self._by_place: dict[int, list[Slots | None]] = {}

    @abstractmethod
    def behind(self, slot: int, who: Bits) -> Answers:
        """The answers of some who hold what the term rests on; none where it is itself the answer."""

    def at(self, place: int, slot: int) -> Slots:
        """The answer of one patient."""
        listed = self._by_place.get(slot)
        if listed is None:
            listed = self._by_place[slot] = [None] * len(self.block.worlds)
        found = listed[place]
        if found is None:
            for slots, bits in self._of(slot, self.block.alike(slot, place)).items():
                for other in places(bits):
                    listed[other] = slots
            found = listed[place]
            assert found is not None, "a patient is among those for whom the term is the same"
        return found

    def term(self, ref: Ref, who: Bits) -> Answers:
        """The answers of these for a term."""
        slot = self.rules.slot(ref)
        self.block.split(slot, who)  # also finds out what the term rests on
        return {slots: bits & who for slots, bits in self._of(slot, who).items() if bits & who}

    def _of(self, slot: int, who: Bits) -> Answers:
        """The answers of all of *who*; others may be among them."""
        missing = who & ~self._done.get(slot, 0)
        known = self._known.setdefault(slot, {})
        if missing:
            self._done[slot] = self._done.get(slot, 0) | missing
            holders = missing & self.block.holders(slot)
            add(known, self._blank[slot], missing & ~holders)
            if holders:
                add_all(known, self.behind(slot, holders))
        return known


class Ahead(NamedTuple):
    """What is found for many patients together, as one of them asks for it: by the place of a term."""

    reasons: Callable[[int], Slots]
    questions: Callable[[int], Slots]
    record: Callable[[int], Slots]


def add(answers: Answers, slots: Slots, bits: Bits) -> None:
    """These have this answer."""
    if bits:
        answers[slots] = answers.get(slots, 0) | bits


def add_all(answers: Answers, more: Answers) -> None:
    """The same of several answers."""
    for slots, bits in more.items():
        add(answers, slots, bits)


def gathered(
    parts: Iterable[_Part],
    answers_of: Callable[[_Part, Bits], Answers],
    who: Bits,
    most: int | None = None,
    followed: int | None = None,
) -> Answers:
    """The places of all parts, each once: of each patient the first *most*, of *followed* parts that have an answer."""
    done: Answers = {}
    left: dict[tuple[Slots, int], Bits] = {((), 0): who}
    for part in parts:
        answers = answers_of(part, sum(left.values()))
        covered, before, left = sum(answers.values()), left, {}
        for key, bits in before.items():
            if bits & ~covered:
                left[key] = left.get(key, 0) | bits & ~covered
            for slots, theirs in answers.items():
                if not bits & theirs:
                    continue
                more, number = _joined(key[0], slots), key[1] + (followed is not None)
                if (most is not None and len(more) >= most) or number == followed:
                    add(done, more[:most], bits & theirs)
                else:
                    left[more, number] = left.get((more, number), 0) | bits & theirs
        if not left:
            break
    for (kept, _), bits in left.items():
        add(done, kept, bits)
    return done


def _joined(kept: Slots, more: Slots) -> Slots:
    return tuple(dict.fromkeys(kept + more)) if kept and more else kept or more
