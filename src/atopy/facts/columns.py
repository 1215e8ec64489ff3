"""Predicates and tables over many at once: of a term, those of each value as the bits of one whole number.

What is decided together are patients, or the events of one kind of many patients; the three-valued logic is the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from itertools import compress, count
from typing import TYPE_CHECKING, Any

from atopy.criteria import (
    And,
    AtLeast,
    Compare,
    Constant,
    Decider,
    Is,
    Missing,
    Node,
    Not,
    OneOf,
    Or,
    Ref,
    Value,
)
from atopy.criteria.evaluate import compare
from atopy.facts.compiled import Cases
from atopy.facts.found import Found

if TYPE_CHECKING:
    from atopy.facts.rules import Rules

Bits = int
Split = dict[Value, Bits]
"""Those of each value; those of None are the ones for whom it is unknown."""

Truths = tuple[Bits, Bits]
"""For whom a predicate is true, and for whom it is false; for the others it cannot be decided."""


_OF_NOBODY: Split = {}


class Columns(ABC):
    """Terms of many at once, each found for those who are asked for, when somebody asks."""

    def __init__(self, rules: "Rules", count: int) -> None:
        self.rules = rules
        self.all: Bits = (1 << count) - 1
        self._splits: dict[int, Split] = {}
        self._done: dict[int, Bits] = {}  # for whom a term was found so far
        self._places: dict[str, int] = {}  # by the key of a term
        self._tests: dict[int, tuple[int, Decider]] = {}  # by comparison, which the content keeps
        self._compared_so_far: dict[Decider, tuple[Bits, Bits, Bits]] = {}  # for whom, true and false
        self._rows: dict[int, list[tuple[Found, Bits]]] = {}  # of tables
        self._passed: dict[
            int, list[tuple[Found, Bits]]
        ] = {}  # likewise the rows that give another fact's value

    @abstractmethod
    def place(self, ref: Ref) -> int:
        """The place of a term."""

    @abstractmethod
    def test(self, node: Compare | OneOf) -> Decider:
        """A comparison as a function of values by place."""

    @abstractmethod
    def find(self, place: int, who: Bits, known: Split) -> None:
        """Find a term for some more, and put them to its values."""

    def split(self, place: int, need: Bits) -> Split:
        """Those of each value of a term, for all of *need*; others may be left out."""
        missing = need & ~self._done.get(place, 0)
        if missing:
            known = self._splits.setdefault(place, {})
            self._done[place] = self._done.get(place, 0) | missing
            self.find(place, missing, known)
        return self._splits.get(place, _OF_NOBODY)

    def values_of(self, ref: Ref, need: Bits) -> Split:
        """The same of a term by its name."""
        place = self._places.get(ref.key)
        if place is None:
            place = self._places[ref.key] = self.place(ref)
        done = self._done.get(place)
        return self.split(place, need) if done is None or need & ~done else self._splits[place]

    def predicate(self, node: Node, who: Bits, known: Split) -> None:
        """Put each to what a predicate says of them."""
        true, false = self.decide(node, who)
        add(known, True, true & who)
        add(known, False, false & who)
        add(known, None, who & ~(true | false))

    def table(self, place: int, table: Cases, who: Bits, known: Split) -> None:
        """Each goes to the first row that is true, or undecided where that has an outcome."""
        rows = self._rows.setdefault(place, [])
        outcomes = self.rules.outcomes(table)
        left = who

        def goes(bits: Bits, number: int) -> None:
            if bits:
                add(known, outcomes[number].value, bits)
                rows.append((outcomes[number], bits))

        for number, row in enumerate(table.rows):
            true, false = self.decide(row.when, left)
            if row.then_value is None:
                goes(left & true, 2 * number)
            elif left & true:
                self._pass_on(row.then_value, left & true, known)
                self._passed.setdefault(place, []).append((outcomes[2 * number], left & true))
            left &= ~true
            if row.unknown != "next":
                goes(left & ~false, 2 * number + 1)
                left &= false
            if not left:
                return
        goes(left, -1)

    def _pass_on(self, ref: Ref, won: Bits, known: Split) -> None:
        """Those of a row that gives another fact's value."""
        for value, bits in self.values_of(ref, won).items():
            add(known, value, bits & won)

    # -- predicates

    def decide(self, node: Node, need: Bits) -> Truths:
        """For whom of *need* a predicate is true, and for whom it is false; of others it says nothing."""
        return _DECIDE[type(node)](self, node, need)

    def _term(self, node: Ref, need: Bits) -> Truths:
        split = self.values_of(node, need)
        return split.get(True, 0), split.get(False, 0)

    def _not(self, node: Not, need: Bits) -> Truths:
        true, false = self.decide(node.part, need)
        return false, true

    def _constant(self, node: Constant, need: Bits) -> Truths:
        return (need, 0) if node.truth else (0, need)

    def _all_of(self, node: And, need: Bits) -> Truths:
        """Who fails one part is asked for no further one."""
        true, false = need, 0
        for part in node.parts:
            t, f = self.decide(part, need)
            true &= t
            false |= f & need
            need &= ~f
            if not need:
                break
        return true, false

    def _any_of(self, node: Or, need: Bits) -> Truths:
        """Whom one part admits is asked for no further one."""
        true, false = 0, need
        for part in node.parts:
            t, f = self.decide(part, need)
            false &= f
            true |= t & need
            need &= ~t
            if not need:
                break
        return true, false

    def _known(self, node: Is | Missing, need: Bits) -> Truths:
        """What is never unknown itself."""
        if isinstance(node, Missing):
            is_so = self.values_of(node.ref, need).get(None, 0)
        else:
            true, false = self.decide(node.part, need)
            is_so = true if node.truth else false if node.truth is False else need & ~(true | false)
        return is_so, need & ~is_so

    def _compared(self, node: Compare | OneOf, need: Bits) -> Truths:
        """Each value is compared once, however many have it."""
        if isinstance(node, OneOf):
            left = node.ref
        elif isinstance(node.right, Ref):
            return self._two_terms(node, node.right, need)
        else:
            left = node.left
        place, test = self._compare(node, left)
        done, true, false = self._compared_so_far.get(test, (0, 0, 0))
        if need & ~done:
            done |= need
            for value, bits in self.values_of(left, need).items():
                if bits & done:
                    truth = test({place: value})
                    if truth is True:
                        true |= bits
                    elif truth is False:
                        false |= bits
            self._compared_so_far[test] = done, true, false
        return true, false

    def _compare(self, node: Compare | OneOf, left: Ref) -> tuple[int, Decider]:
        known = self._tests.get(id(node))
        if known is None:
            known = self._tests[id(node)] = self.place(left), self.test(node)
        return known

    def _two_terms(self, node: Compare, right: Ref, need: Bits) -> Truths:
        """Each pair of values is compared once."""
        true = false = 0
        left = self.values_of(node.left, need)
        for other, bits in self.values_of(right, need).items():
            for value, same in left.items():
                if bits & same & need:
                    truth = compare(node, _Terms({node.left.key: value, right.key: other}))
                    true |= bits & same if truth is True else 0
                    false |= bits & same if truth is False else 0
        return true, false

    def _counted(self, node: AtLeast, need: Bits) -> Truths:
        """``sure[n]``: for whom at least n parts are true; ``perhaps[n]``: are true or undecided."""
        sure = [need, *[0] * node.needed]
        perhaps = list(sure)
        for part in node.parts:
            true, false = self.decide(part, need)
            for n in range(node.needed, 0, -1):
                sure[n] |= sure[n - 1] & true
                perhaps[n] |= perhaps[n - 1] & ~false
        return sure[-1], need & ~perhaps[-1]


_DECIDE: dict[type, Callable[[Columns, Any, Bits], Truths]] = {
    Ref: Columns._term,
    And: Columns._all_of,
    Or: Columns._any_of,
    Compare: Columns._compared,
    OneOf: Columns._compared,
    Not: Columns._not,
    Is: Columns._known,
    Missing: Columns._known,
    AtLeast: Columns._counted,
    Constant: Columns._constant,
}


def add(split: Split, value: Value, bits: Bits) -> None:
    """These have this value."""
    if bits:
        split[value] = split.get(value, 0) | bits


_DENSE = 16  # one set bit in so many: from there on it is quicker to go through all


def places(bits: Bits) -> Iterator[int]:
    """The places of the bits that are set."""
    digits = f"{bits:b}"[::-1]
    if bits.bit_count() * _DENSE > len(digits):
        return compress(count(), digits.encode().translate(_AS_NUMBERS))
    return _found(digits)


_AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")


def _found(digits: str) -> Iterator[int]:
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


class _Terms:
    """A scope of a few terms."""

    def __init__(self, values: dict[str, Value]) -> None:
        self._values = values

    def value(self, ref: Ref) -> Value:
        return self._values[ref.key]
