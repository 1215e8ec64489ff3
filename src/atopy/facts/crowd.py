"""All events of one kind of many patients: which can count, which a where-clause admits, and whose they are.

What ``exists`` finds of one patient, found for all of them together.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from atopy.criteria import Compare, Decider, Node, OneOf, Ref
from atopy.facts.columns import Bits, Columns, Split, Truths, add, places
from atopy.facts.compiled import Cases, CoverOfSites, Derivation, Events, When
from atopy.facts.exists import ASKED, STATES, said
from atopy.facts.fields import FIELDS, is_running
from atopy.facts.index import last_day
from atopy.facts.sites import cover_of_sites
from atopy.facts.spans import back
from atopy.record import Event

if TYPE_CHECKING:
    from atopy.facts.block import Block
    from atopy.facts.world import World


class Counting(NamedTuple):
    """Of the events that a fact asks for, as bits: those that decide, and those of them that do not say no; and as
    bits of patients: who has any that counts, one set aside, one that decides.
    """

    deciding: Bits
    positive: Bits
    who: Bits
    aside: Bits
    deciders: Bits


class Crowd(Columns):
    """The events of one kind in all records of a block, patient by patient, oldest first."""

    def __init__(self, block: "Block", kind: str) -> None:
        self._block, self._kind = block, kind
        self.events: list[Event] = []
        self.of: list[Bits] = []  # by patient: the events
        self._owner: list[int] = []
        self._codes: dict[str, Bits] = {}  # by each code that an event stands under
        for place, world in enumerate(block.worlds):
            self._take(place, world.listed(kind))
        super().__init__(block.rules, len(self.events))
        self._spread: dict[Bits, Bits] = {block.all: self.all}
        self._counting: dict[object, Counting] = {}
        self._aside = self._those(lambda e: e.quarantined is not None)
        self._denied = self._those(lambda e: e.flag is False)
        self._past = self._those(lambda e: e.date is None or e.date <= block.as_of)
        silent = self._those(lambda e: e.flag is None) if kind in ASKED else 0
        self._usable = self.all & ~silent | self._aside
        self._running = self._those(is_running) if kind == "treatment" else 0
        self._lasts = sorted(
            (last, n) for n, e in enumerate(self.events) if (last := last_day(e)) is not None
        )
        self._inside: dict[str, Bits] = {}

    def _take(self, place: int, listed: Mapping[str, list[Event]]) -> None:
        """The events of one patient more."""
        mine = listed.get("*", [])
        bits = {id(event): 1 << n for n, event in enumerate(mine, len(self.events))}
        for code, events in listed.items():
            for event in events:
                self._codes[code] = self._codes.get(code, 0) | bits[id(event)]
        self.events += mine
        self._owner += [place] * len(mine)
        self.of.append(sum(bits.values()))

    def _those(self, test: Callable[[Event], bool]) -> Bits:
        return sum(1 << n for n, event in enumerate(self.events) if test(event))

    # -- which events count

    def counting(self, events: Events, valid_for: str | None) -> Counting:
        """What is the same for all facts over the same events."""
        codes, limit = self.rules.codes_of(events.codes), events.within or valid_for
        key = id(codes), limit, events.future
        known = self._counting.get(key)
        if known is None:
            bits = 0
            for code in self._codes.keys() & codes.keys():
                bits |= self._codes[code]
            bits &= self._usable & (self.all if events.future else self._past)
            known = self._counting[key] = self._counted_of(bits & self._within(limit) if limit else bits)
        return known

    def _counted_of(self, usable: Bits) -> Counting:
        newest = self._newest(usable) if self._kind in STATES else usable
        deciding = newest & ~self._aside
        return Counting(
            deciding,
            deciding & ~self._denied,
            self.owners(newest),
            self.owners(newest & self._aside),
            self.owners(deciding),
        )

    def _within(self, limit: str) -> Bits:
        """The events whose last day is no longer ago; a treatment that is running has none yet."""
        known = self._inside.get(limit)
        if known is None:
            first = bisect_left(self._lasts, (back(self._block.as_of, limit), -1))
            known = self._inside[limit] = self._running | sum(1 << n for _, n in self._lasts[first:])
        return known

    def _newest(self, usable: Bits) -> Bits:
        """Of each patient and code the entry that says how it is now."""
        newest: dict[tuple[int, str], tuple[date, int]] = {}
        for n in places(usable):
            event = self.events[n]
            key, day = (self._owner[n], event.code), said(event)
            before = newest.get(key)
            if before is None or before[0] <= day:
                newest[key] = day, n
        return sum(1 << n for _, n in newest.values())

    def where(self, node: Node | None, need: Bits) -> Truths:
        """For which events of *need* a where-clause holds, and for which it does not."""
        if node is None:
            return need, 0
        split = self.split(self.rules.place_on_event(node), need)
        return split.get(True, 0), split.get(False, 0)

    # -- between events and patients

    def owners(self, bits: Bits) -> Bits:
        """The patients who have any of these events."""
        found = 0
        while bits:
            place = self._owner[(bits & -bits).bit_length() - 1]
            found |= 1 << place
            bits &= ~self.of[place]
        return found

    def spread(self, patients: Bits) -> Bits:
        """All events of these patients."""
        known = self._spread.get(patients)
        if known is None:
            known = self._spread[patients] = sum(self.of[place] for place in places(patients))
        return known

    # -- terms of an event

    def place(self, ref: Ref) -> int:
        return self.rules.event_slot(ref)

    def test(self, node: Compare | OneOf) -> Decider:
        return self.rules.on_event(node)

    def find(self, place: int, who: Bits, known: Split) -> None:
        term = self.rules.event_terms[place]
        if not isinstance(term, Ref):
            self.predicate(term, who, known)
        elif not term.event:
            for value, patients in self._block.values_of(term, self.owners(who)).items():
                add(known, value, self.spread(patients) & who)
        elif term.name in FIELDS:
            self._field(term, who, known)
        else:
            self._derived(place, self.rules.facts[term.name].derivation, who, known)

    def _field(self, term: Ref, who: Bits, known: Split) -> None:
        get, args = FIELDS[term.name][1], term.args
        for n in places(who):
            value = get(self._world(n).scope(self.events[n]).at, args)
            known[value] = known.get(value, 0) | 1 << n

    def _world(self, n: int) -> "World":
        """The world of the patient whose event this is."""
        return self._block.worlds[self._owner[n]]

    def _derived(self, place: int, derivation: Derivation, who: Bits, known: Split) -> None:
        """A fact about one course."""
        if isinstance(derivation, When):
            self.predicate(derivation.node, who, known)
        elif isinstance(derivation, Cases):
            self.table(place, derivation, who, known)
        else:
            assert isinstance(derivation, CoverOfSites), "a course fact is a predicate, a table or a cover"
            whole = Ref(derivation.whole)
            for n in places(who):
                add(known, cover_of_sites(derivation, self.events[n], self._world(n).find(whole)), 1 << n)
