"""Many patients at once: of a term, the patients of each value as the bits of one whole number.

Facts straight from the record are found patient by patient; what predicates and tables make of them is decided for
the whole block together, by the same three-valued logic. A test holds both ways equal.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from atopy.criteria import (
    And,
    AtLeast,
    Compare,
    Constant,
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
from atopy.facts.compiled import Cases, Derivation, Observe, When
from atopy.facts.found import Found
from atopy.facts.world import Rules, World
from atopy.truth import Truth

Bits = int
Split = dict[Value, Bits]
"""The patients of each value; those of None are the ones for whom it is unknown. Together they are all."""

Truths = tuple[Bits, Bits]
"""For whom a predicate is true, and for whom it is false; for the others it cannot be decided."""


_MANY = 16  # patients for whom it pays to decide at once all that others were asked for


class Block:
    """The worlds of some patients, all as of one day, decided together."""

    def __init__(self, rules: Rules, worlds: Sequence[World]) -> None:
        self.rules = rules
        self.worlds = worlds
        self.all: Bits = (1 << len(worlds)) - 1
        self._blank = worlds[0].blank
        self._present = 0
        self._holders: dict[int, Bits] = {}  # by what a record can hold: whose record holds it
        for place, world in enumerate(worlds):
            self._present |= world.present
            for held in _places(world.present):
                self._holders[held] = self._holders.get(held, 0) | 1 << place
        self._splits: dict[int, Split] = {}
        self._done: dict[int, Bits] = {}  # for whom a term was found so far
        self._rows: dict[int, list[tuple[Found, Bits]]] = {}  # of tables
        self._by_place: dict[int, list[Found | None]] = {}  # of tables decided for all, by patient
        self._closed: dict[tuple[str, str], Bits] = {}  # by list: for whom what it does not name is not there

    def enter(self) -> None:
        """From now on each patient's world takes from here what the block has decided: all that earlier patients were
        asked for at once, the rest when it is asked for.
        """
        for place, world in enumerate(self.worlds):
            world.ahead = _Place(self, place)
        if len(self.worlds) >= _MANY:
            self._lay_out(self.rules.asked)

    def _lay_out(self, slots: Sequence[int]) -> None:
        """Give each world the values of these terms: one copy of what is alike for all, and the columns that differ."""
        alike: dict[int, Value] = {}
        differing: list[int] = []
        for slot in slots:
            for value, bits in self.split(slot, self.all).items():
                if bits == self.all:
                    alike[slot] = value
                    break
            else:
                differing.append(slot)
        columns = [self.values(slot) for slot in differing]
        for place, world in enumerate(self.worlds):
            world.update(alike)
            world.update({slot: column[place] for slot, column in zip(differing, columns, strict=True)})

    def value(self, slot: int, place: int) -> Value:
        """The value of a term for one patient."""
        for value, bits in self.split(slot, self.all).items():
            if bits >> place & 1:
                return value
        return None

    def found(self, slot: int, place: int) -> Found | None:
        """How a table came by its outcome for one patient; None where the row alone does not say."""
        known = self._by_place.get(slot)
        if known is None:
            self.split(slot, self.all)
            known = self._by_place[slot] = [None] * len(self.worlds)
            for found, bits in self._rows.get(slot, ()):
                for won in _places(bits):
                    known[won] = found
        return known[place]

    def values(self, slot: int) -> list[Value]:
        """The value of a term for each patient, in order."""
        split = self.split(slot, self.all)
        most = next((value for value, bits in split.items() if bits == self.all), None)
        values = [most] * len(self.worlds)
        for value, bits in split.items():
            if value is not most:
                for place in _places(bits):
                    values[place] = value
        return values

    def split(self, slot: int, need: Bits) -> Split:
        """The patients of each value of a term, for those of *need*; others may be left out."""
        missing = need & ~self._done.get(slot, 0)
        if missing:
            self._find(slot, missing)
        return self._splits[slot]

    def truths(self, slot: int, need: Bits) -> Truths:
        """For whom of *need* a term is true, and for whom it is false."""
        split = self.split(slot, need)
        return split.get(True, 0), split.get(False, 0)

    def _find(self, slot: int, who: Bits) -> None:
        """Find a term for some patients more."""
        known = self._splits.setdefault(slot, {})
        self._done[slot] = self._done.get(slot, 0) | who
        alike = self._blank[slot]  # also finds out what the term rests on
        if not self.rules.masks[slot] & self._present:
            self._done[slot] = known[alike] = self.all
            return
        derivation = self.rules.derivation_at(slot)
        if isinstance(derivation, When):
            true, false = self.decide(derivation.node, who)
            _add(known, True, true & who)
            _add(known, False, false & who)
            _add(known, None, who & ~(true | false))
        elif isinstance(derivation, Cases):
            self._table(slot, derivation, who, known)
        else:
            self._one_by_one(slot, derivation, who, known)

    def _one_by_one(self, slot: int, derivation: Derivation, who: Bits, known: Split) -> None:
        """A fact straight from the record; where that says nothing of it, it is as for the empty record."""
        mask, closed = self.rules.masks[slot], 0
        if isinstance(derivation, Observe) and derivation.measure == "exists":
            mask, closed = self.rules.needs.events(derivation.events), self._closed_for(slot)
        found = who & self._holding(mask)
        for place in _places(found):
            value = self.worlds[place].run(slot)
            known[value] = known.get(value, 0) | 1 << place
        _add(known, False, closed & who & ~found)
        _add(known, self._blank[slot], who & ~(found | closed))

    def _holding(self, mask: int) -> Bits:
        """The patients whose record holds any of this."""
        found: Bits = 0
        for held in _places(mask & self._present):
            found |= self._holders[held]
        return found

    def _closed_for(self, slot: int) -> Bits:
        """For whom a fact is false where their record names nothing of it."""
        fact = self.rules.facts[self.rules.refs[slot].name]
        key = fact.absent, fact.attested_for
        known = self._closed.get(key)
        if known is None:
            known = sum(1 << place for place, w in enumerate(self.worlds) if w.absent(fact).value is False)
            self._closed[key] = known
        return known

    def _table(self, slot: int, table: Cases, who: Bits, known: Split) -> None:
        """Each patient goes to the first row that is true, or undecided where that has an outcome."""
        rows = self._rows.setdefault(slot, [])
        outcomes = self.rules.outcomes(slot, table)
        left = who

        def goes(bits: Bits, place: int) -> None:
            if bits:
                _add(known, outcomes[place].value, bits)
                rows.append((outcomes[place], bits))

        for number, row in enumerate(table.rows):
            true, false = self.decide(row.when, left)
            if row.then_value is None:
                goes(left & true, 2 * number)
            elif left & true:
                self._pass_on(row.then_value, left & true, known)
            left &= ~true
            if row.unknown != "next":
                goes(left & ~false, 2 * number + 1)
                left &= false
            if not left:
                return
        goes(left, -1)

    def _pass_on(self, ref: Ref, won: Bits, known: Split) -> None:
        """The patients of a row that gives another fact's value."""
        for value, bits in self.split(self.rules.slot(ref), won).items():
            _add(known, value, bits & won)

    # -- predicates

    def decide(self, node: Node, need: Bits) -> Truths:
        """For whom of *need* a predicate is true, and for whom it is false; of others it says nothing."""
        return _DECIDE[type(node)](self, node, need)

    def _term(self, node: Ref, need: Bits) -> Truths:
        return self.truths(self.rules.slot(node), need)

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
            is_so = self.split(self.rules.slot(node.ref), need).get(None, 0)
        else:
            true, false = self.decide(node.part, need)
            is_so = true if node.truth else false if node.truth is False else need & ~(true | false)
        return is_so, need & ~is_so

    def _compared(self, node: Compare | OneOf, need: Bits) -> Truths:
        """Each value is compared once, however many patients have it."""
        true = false = 0
        for truth, bits in self._each_value(node, need):
            if truth is True:
                true |= bits
            elif truth is False:
                false |= bits
        return true, false

    def _each_value(self, node: Compare | OneOf, need: Bits) -> Iterator[tuple[Truth, Bits]]:
        place = self.rules.slot(node.left if isinstance(node, Compare) else node.ref)
        if isinstance(node, Compare) and isinstance(node.right, Ref):
            yield from self._each_pair(node, node.right, self.split(place, need), need)
            return
        test = self.rules.decider(node)
        for value, bits in self.split(place, need).items():
            if bits & need:
                yield test({place: value}), bits

    def _each_pair(self, node: Compare, right: Ref, left: Split, need: Bits) -> Iterator[tuple[Truth, Bits]]:
        for other, bits in self.split(self.rules.slot(right), need).items():
            for value, same in left.items():
                if bits & same & need:
                    yield compare(node, _Terms({node.left.key: value, right.key: other})), bits & same

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


_DECIDE: dict[type, Callable[[Block, Any, Bits], Truths]] = {
    Ref: Block._term,
    And: Block._all_of,
    Or: Block._any_of,
    Compare: Block._compared,
    OneOf: Block._compared,
    Not: Block._not,
    Is: Block._known,
    Missing: Block._known,
    AtLeast: Block._counted,
    Constant: Block._constant,
}


def _add(split: Split, value: Value, bits: Bits) -> None:
    """These patients have this value."""
    if bits:
        split[value] = split.get(value, 0) | bits


class _Place:
    """What a block knows of one of its patients."""

    __slots__ = ("block", "place")

    def __init__(self, block: Block, place: int) -> None:
        self.block, self.place = block, place

    def value(self, slot: int) -> Value:
        return self.block.value(slot, self.place)

    def found(self, slot: int) -> Found | None:
        return self.block.found(slot, self.place)


class _Terms:
    """A scope of a few terms."""

    def __init__(self, values: dict[str, Value]) -> None:
        self._values = values

    def value(self, ref: Ref) -> Value:
        return self._values[ref.key]


def _places(bits: Bits) -> Iterator[int]:
    """The places of the bits that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
