"""Many patients at once: of a term, the patients of each value as the bits of one whole number.

What is measured over events is found patient by patient; whether there is an event, and what predicates and tables
make of it, is decided for the whole block together, by the same three-valued logic. A test holds both ways equal.
"""

from collections.abc import Sequence

from atopy.criteria import Compare, Decider, OneOf, Ref, Value
from atopy.facts.columns import Bits, Columns, Split, add, places
from atopy.facts.compiled import Cases, Closing, Observe, When, closing
from atopy.facts.crowd import Crowd
from atopy.facts.found import Found
from atopy.facts.rules import Rules
from atopy.facts.runners import passed_on
from atopy.facts.world import World

_MANY = 16  # patients for whom it pays to decide at once all that others were asked for


class Block(Columns):
    """The worlds of some patients, all as of one day, decided together."""

    def __init__(self, rules: Rules, worlds: Sequence[World]) -> None:
        super().__init__(rules, len(worlds))
        self.worlds = worlds
        self.as_of = worlds[0].as_of
        self.blank = worlds[0].blank
        self._present = 0
        self._holders: dict[int, Bits] = {}  # by what a record can hold: whose record holds it
        for place, world in enumerate(worlds):
            self._present |= world.present
            for held in places(world.present):
                self._holders[held] = self._holders.get(held, 0) | 1 << place
        self._crowds: dict[str, Crowd] = {}  # by kind of event
        self._by_place: dict[int, list[Found | None]] = {}  # of tables decided for all, by patient
        self._alike: dict[int, Value] = {}  # of what was laid out
        self._differing: list[int] = []
        self._laid_out: list[tuple[Value, ...]] = []  # by patient: of the terms that differ
        self._closed: dict[Closing | None, Bits] = {}  # by list: for whom what it does not name is not there

    def enter(self) -> None:
        """From now on each patient's world takes from here what is asked of it, decided for all together."""
        for place, world in enumerate(self.worlds):
            world.ahead = _Place(self, place)

    def lay_out(self) -> None:
        """From now on each world is given what was asked of any before, where it pays."""
        if len(self.worlds) >= _MANY:
            self._lay_out(list(self.rules.read))

    def give(self, place: int) -> None:
        """One patient's world what was laid out: in turn, for the worlds of all at once would fill the caches."""
        world = self.worlds[place]
        world.update(self._alike)
        if self._laid_out:
            world.update(zip(self._differing, self._laid_out[place], strict=True))

    def take(self, place: int) -> None:
        """One patient's world is not asked any more."""
        world = self.worlds[place]
        world.forget()
        world.clear()
        world.reasons.clear()

    def forget(self) -> None:
        """Let go of what refers back to this block and its worlds, so that they end with their last use."""
        self._crowds.clear()
        for world in self.worlds:
            world.forget()

    def _lay_out(self, slots: Sequence[int]) -> None:
        """The values of these terms: those that are alike for all, and for each patient those of the others."""
        differing: list[int] = []
        for slot in slots:
            for value, bits in self.split(slot, self.all).items():
                if bits == self.all:
                    self._alike[slot] = value
                    break
            else:
                differing.append(slot)
        self._differing = differing
        self._laid_out = list(zip(*map(self.values, differing), strict=True))

    def value(self, slot: int, place: int) -> Value:
        """The value of a term for one patient."""
        self.rules.read[slot] = None
        for value, bits in self.split(slot, self.all).items():
            if bits >> place & 1:
                return value
        return None

    def found(self, slot: int, place: int) -> Found | None:
        """How a table came by its outcome for one patient; None of what is no table."""
        known = self._by_place.get(slot)
        if known is None:
            self.split(slot, self.all)
            known = self._by_place[slot] = [None] * len(self.worlds)
            for found, bits in self._rows.get(slot, ()):
                for won in places(bits):
                    known[won] = found
        return known[place] or self._passed_on(slot, place)

    def _passed_on(self, slot: int, place: int) -> Found | None:
        """The same where the row gives another fact's value."""
        table = self.rules.derivation_at(slot)
        for won, bits in self._passed.get(slot, ()):
            if bits >> place & 1:
                assert isinstance(table, Cases) and won.row is not None
                ref = table.rows[won.row].then_value
                assert ref is not None, "only such rows pass on"
                return passed_on(won, self.worlds[place].find(ref))
        return None

    def alike(self, slot: int, place: int) -> Bits:
        """The patients for whom a term is what it is for this one."""
        return next(bits for bits in self.split(slot, self.all).values() if bits >> place & 1)

    def rows(self, slot: int) -> list[tuple[Found, Bits]]:
        """The rows of a table that were met, as far as it was decided, each with the patients it was met for."""
        return self._rows.get(slot, []) + self._passed.get(slot, [])

    def holders(self, slot: int) -> Bits:
        """The patients whose record holds anything that a term rests on; for the others all is as in an empty one."""
        return self._holding(self.rules.masks[slot])

    def values(self, slot: int) -> list[Value]:
        """The value of a term for each patient, in order."""
        split = self.split(slot, self.all)
        most = max(split, key=lambda value: split[value].bit_count())
        values = [most] * len(self.worlds)
        for value, bits in split.items():
            if value is not most:
                for place in places(bits):
                    values[place] = value
        return values

    # -- terms of a patient

    def place(self, ref: Ref) -> int:
        return self.rules.slot(ref)

    def test(self, node: Compare | OneOf) -> Decider:
        return self.rules.decider(node)

    def find(self, place: int, who: Bits, known: Split) -> None:
        alike = self.blank[place]  # also finds out what the term rests on
        if not self.rules.masks[place] & self._present:
            self._done[place] = known[alike] = self.all
            return
        derivation = self.rules.derivation_at(place)
        if isinstance(derivation, When):
            self.predicate(derivation.node, who, known)
        elif isinstance(derivation, Cases):
            self.table(place, derivation, who, known)
        elif isinstance(derivation, Observe) and derivation.measure == "exists":
            self._exists(place, derivation, who, known)
        else:
            self._one_by_one(place, who, known)

    def _exists(self, slot: int, observe: Observe, who: Bits, known: Split) -> None:
        """As ``exists`` finds it of one patient: yes; undecided; set aside; no, for the list is closed or all that is
        asked for was answered; else unknown.
        """
        fact, events = self.rules.facts[self.rules.refs[slot].name], observe.events
        crowd, closed = self._crowd(events.kind), self._closed_for(slot)
        counting = crowd.counting(events, fact.valid_for)
        left = who & counting.who
        need = counting.positive if left == counting.who else counting.positive & crowd.spread(left)
        yes, no = crowd.where(events.where, need)
        true = left & crowd.owners(yes & need)
        open_ = crowd.owners(need & ~(yes | no)) | counting.aside
        rest = left & ~(true | open_)
        false = closed & (rest | who & ~left)
        answered = self.rules.answered(events)
        for place in places(rest & ~closed & counting.deciders):
            if answered([crowd.events[n] for n in places(counting.deciding & crowd.of[place])]):
                false |= 1 << place
        add(known, True, true)
        add(known, False, false)
        add(known, None, who & ~(true | false))

    def _crowd(self, kind: str) -> Crowd:
        known = self._crowds.get(kind)
        if known is None:
            known = self._crowds[kind] = Crowd(self, kind)
        return known

    def _one_by_one(self, slot: int, who: Bits, known: Split) -> None:
        """A fact straight from the record; where that says nothing of it, it is as for the empty record."""
        found = who & self._holding(self.rules.masks[slot])
        for place in places(found):
            value = self.worlds[place].run(slot)
            known[value] = known.get(value, 0) | 1 << place
        add(known, self.blank[slot], who & ~found)

    def _holding(self, mask: int) -> Bits:
        """The patients whose record holds any of this."""
        found: Bits = 0
        for held in places(mask & self._present):
            found |= self._holders[held]
        return found

    def _closed_for(self, slot: int) -> Bits:
        """For whom a fact is false where their record names nothing of it."""
        key = closing(self.rules.facts[self.rules.refs[slot].name])
        known = self._closed.get(key)
        if known is None:
            known = sum(1 << place for place, w in enumerate(self.worlds) if w.closed(key).value is False)
            self._closed[key] = known
        return known


class _Place:
    """What a block knows of one of its patients."""

    __slots__ = ("block", "place")

    def __init__(self, block: Block, place: int) -> None:
        self.block, self.place = block, place

    def value(self, slot: int) -> Value:
        return self.block.value(slot, self.place)

    def found(self, slot: int) -> Found | None:
        return self.block.found(slot, self.place)
