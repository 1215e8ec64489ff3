"""Many patients at once: of a term, the patients of each value as the bits of one whole number.

Facts straight from the record are found patient by patient; what predicates and tables make of them is decided for
the whole block together, by the same three-valued logic. A test holds both ways equal.
"""

from collections.abc import Iterator, Sequence

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
        self._truths: dict[int, Truths] = {}
        self._rows: dict[int, list[tuple[Found, Bits]]] = {}  # of tables
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
            for value, bits in self.split(slot).items():
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
        for value, bits in self.split(slot).items():
            if bits >> place & 1:
                return value
        return None

    def found(self, slot: int, place: int) -> Found | None:
        """How a table came by its outcome for one patient; None where the row alone does not say."""
        for found, bits in self._rows.get(slot, ()):
            if bits >> place & 1:
                return found
        return None

    def values(self, slot: int) -> list[Value]:
        """The value of a term for each patient, in order."""
        split = self.split(slot)
        most = next((value for value, bits in split.items() if bits == self.all), None)
        values = [most] * len(self.worlds)
        for value, bits in split.items():
            if value is not most:
                for place in _places(bits):
                    values[place] = value
        return values

    def split(self, slot: int) -> Split:
        """The patients of each value of a term."""
        known = self._splits.get(slot)
        if known is None:
            known = self._splits[slot] = self._found(slot)
        return known

    def truths(self, slot: int) -> Truths:
        """For whom a term is true, and for whom it is false."""
        known = self._truths.get(slot)
        if known is None:
            split = self.split(slot)
            known = self._truths[slot] = split.get(True, 0), split.get(False, 0)
        return known

    def _found(self, slot: int) -> Split:
        alike = self._blank[slot]  # also finds out what the term rests on
        if not self.rules.masks[slot] & self._present:
            return {alike: self.all}
        derivation = self.rules.derivation_at(slot)
        if isinstance(derivation, When):
            true, false = self._truths[slot] = self.decide(derivation.node)
            return {True: true, False: false, None: self.all & ~(true | false)}
        if isinstance(derivation, Cases):
            return self._table(slot, derivation)
        return self._one_by_one(slot, alike, derivation)

    def _one_by_one(self, slot: int, alike: Value, derivation: Derivation) -> Split:
        """A fact straight from the record; *alike*: what it is for everybody whose record says nothing of it."""
        split: Split = {}
        mask, closed = self.rules.masks[slot], 0
        if isinstance(derivation, Observe) and derivation.measure == "exists":
            mask, closed = self.rules.needs.events(derivation.events), self._closed_for(slot)
        found = self._holding(mask)
        for place in _places(found):
            value = self.worlds[place].run(slot)
            split[value] = split.get(value, 0) | 1 << place
        closed &= ~found
        if closed:
            split[False] = split.get(False, 0) | closed
        if found | closed != self.all:
            split[alike] = split.get(alike, 0) | self.all & ~(found | closed)
        return split

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

    def _table(self, slot: int, table: Cases) -> Split:
        """Each patient goes to the first row that is true, or undecided where that has an outcome."""
        split: Split = {}
        rows: list[tuple[Found, Bits]] = []
        outcomes = self.rules.outcomes(slot, table)
        left = self.all

        def goes(bits: Bits, place: int) -> None:
            if bits:
                value = outcomes[place].value
                split[value] = split.get(value, 0) | bits
                rows.append((outcomes[place], bits))

        for number, row in enumerate(table.rows):
            true, false = self.decide(row.when)
            if row.then_value is None:
                goes(left & true, 2 * number)
            elif left & true:
                self._pass_on(row.then_value, left & true, split)
            left &= ~true
            if row.unknown != "next":
                goes(left & ~false, 2 * number + 1)
                left &= false
            if not left:
                break
        goes(left, -1)
        self._rows[slot] = rows
        return split

    def _pass_on(self, ref: Ref, won: Bits, split: Split) -> None:
        """The patients of a row that gives another fact's value."""
        for value, bits in self.split(self.rules.slot(ref)).items():
            if bits & won:
                split[value] = split.get(value, 0) | bits & won

    # -- predicates

    def decide(self, node: Node) -> Truths:
        """For whom a predicate is true, and for whom it is false."""
        if isinstance(node, Ref):
            return self.truths(self.rules.slot(node))
        if isinstance(node, And):
            return self._all_of(node)
        if isinstance(node, Or):
            return self._any_of(node)
        if isinstance(node, Compare | OneOf):
            return self._compared(node)
        if isinstance(node, Not):
            true, false = self.decide(node.part)
            return false, true
        if isinstance(node, Is | Missing):
            return self._known(node)
        if isinstance(node, AtLeast):
            return self._counted(node)
        assert isinstance(node, Constant)
        return (self.all, 0) if node.truth else (0, self.all)

    def _all_of(self, node: And) -> Truths:
        true, false = self.all, 0
        for part in node.parts:
            t, f = self.decide(part)
            true &= t
            false |= f
            if false == self.all:
                break
        return true, false

    def _any_of(self, node: Or) -> Truths:
        true, false = 0, self.all
        for part in node.parts:
            t, f = self.decide(part)
            true |= t
            false &= f
            if true == self.all:
                break
        return true, false

    def _known(self, node: Is | Missing) -> Truths:
        """What is never unknown itself."""
        if isinstance(node, Missing):
            is_so = self.split(self.rules.slot(node.ref)).get(None, 0)
        else:
            true, false = self.decide(node.part)
            is_so = true if node.truth else false if node.truth is False else self.all & ~(true | false)
        return is_so, self.all & ~is_so

    def _compared(self, node: Compare | OneOf) -> Truths:
        """Each value is compared once, however many patients have it."""
        true = false = 0
        for truth, bits in self._each_value(node):
            if truth is True:
                true |= bits
            elif truth is False:
                false |= bits
        return true, false

    def _each_value(self, node: Compare | OneOf) -> Iterator[tuple[Truth, Bits]]:
        place = self.rules.slot(node.left if isinstance(node, Compare) else node.ref)
        if isinstance(node, Compare) and isinstance(node.right, Ref):
            yield from self._each_pair(node, node.right, self.split(place))
            return
        test = self.rules.decider(node)
        for value, bits in self.split(place).items():
            yield test({place: value}), bits

    def _each_pair(self, node: Compare, right: Ref, left: Split) -> Iterator[tuple[Truth, Bits]]:
        for other, bits in self.split(self.rules.slot(right)).items():
            for value, same in left.items():
                if bits & same:
                    yield compare(node, _Terms({node.left.key: value, right.key: other})), bits & same

    def _counted(self, node: AtLeast) -> Truths:
        """``sure[n]``: for whom at least n parts are true; ``perhaps[n]``: are true or undecided."""
        sure = [self.all, *[0] * node.needed]
        perhaps = list(sure)
        for part in node.parts:
            true, false = self.decide(part)
            for n in range(node.needed, 0, -1):
                sure[n] |= sure[n - 1] & true
                perhaps[n] |= perhaps[n - 1] & ~false
        return sure[-1], self.all & ~perhaps[-1]


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
