"""One patient as of one day: facts derived on demand from events, each once, each with its reason.

A *found* value says where it came from: the events used, or why there is none (not recorded, stale,
quarantined). Nothing here knows any particular fact.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from atopy.criteria import Node, Ref, Value, walk
from atopy.facts.compiled import Closing, CompiledFact, Events, closing
from atopy.facts.event_scope import EventScope
from atopy.facts.exists import Asked
from atopy.facts.fields import is_running
from atopy.facts.found import MISSING, Found
from atopy.facts.index import attestations, day_of, index_events, last_day
from atopy.facts.reactions import Reactions
from atopy.facts.rules import Rules, keep_few
from atopy.facts.spans import back
from atopy.facts.timing import Course, Cover, course_of, last_done
from atopy.record import Event, Patient, Record
from atopy.truth import Truth

EMPTY = Record(Patient())


class World(dict[int, Value]):
    """The facts of one record as of one day: the value of each term by its slot, found when it is first read.

    When the record holds nothing that a term rests on, it is what it is for an empty record.
    """

    __slots__ = (  # read for every term: in a subclass of dict these are quicker than a dictionary of attributes
        "_attested", "_closed", "_index", "_listed", "_reactions", "_runs", "_scopes", "_to_come", "_touched", "ahead",
         "as_of", "asked", "blank", "country", "present", "reasons", "record", "rules",
    )  # fmt: skip

    def __init__(
        self,
        rules: Rules,
        record: Record,
        as_of: date,
        country: str | None = None,
        given: Mapping[Ref, Value] | None = None,
    ) -> None:
        rules.enter()
        self.rules = rules
        self._runs = rules.runs
        self.record = record
        self.as_of = as_of
        self.country = country or record.patient.country
        self.blank = blank_of(rules, as_of) if record is not EMPTY else self
        self.present = rules.needs.present(record, self.country, blank=self.blank is self)
        self._index = index_events(record, as_of, rules.vocabulary.members)
        self._to_come = any(e.date is not None and e.date > as_of for e in record.events)
        self._attested = attestations(record, as_of)
        self._closed: dict[Closing, Found] = {}
        self.ahead: Ahead | None = None  # knows what was decided for many patients together
        self._reactions: Reactions | None = None
        self._scopes: dict[str, EventScope] = {}  # by event
        self._listed: dict[tuple[str, int], list[Event]] = {}  # by kind and codes
        self.asked: dict[object, Asked] = {}  # what facts over the same events share
        self.reasons: dict[int, Found] = {}  # by slot, as far as somebody asked or a derivation made one
        for ref, value in (given or {}).items():
            self._suppose(ref, value)
        self._touched = b""  # by slot; made when it is first asked for

    def __missing__(self, slot: int) -> Value:
        if self.ahead is not None:
            value = self.ahead.value(slot)
        else:
            try:
                touched = self._touched[slot]
            except IndexError:
                touched = self._look(slot)
            value = self._runs[slot](self) if touched else self.blank[slot]
        self[slot] = value
        return value

    def run(self, slot: int) -> Value:
        """The value of a term found from this record alone."""
        value = self[slot] = self.rules.runs[slot](self)
        return value

    def _suppose(self, ref: Ref, value: Value) -> None:
        """What a term is worth, whatever the record says; all that rests on it is derived from that.

        What rests on it rests on all that it rests on, so this record is taken to hold that.
        """
        slot = self.rules.slot(ref)
        self[slot], self.reasons[slot] = value, Found(value, "supposed")
        self.present |= self.rules.needs.apart(ref)

    def supposing(self, given: Mapping[Ref, Value]) -> "World":
        """This world with some terms worth something else; what does not rest on them is not derived again."""
        other = World(self.rules, self.record, self.as_of, self.country, given)
        touched, masks = 0, self.rules.masks
        for ref in given:
            touched |= self.rules.needs.apart(ref)
        for slot, value in self.items():
            if not masks[slot] & touched:
                other.setdefault(slot, value)
        for slot, found in self.reasons.items():
            if not masks[slot] & touched:
                other.reasons.setdefault(slot, found)
        return other

    # -- answers

    def value(self, ref: Ref) -> Value:
        """The value of a term, None when unknown."""
        return self[self.rules.slot(ref)]

    def find(self, ref: Ref) -> Found:
        """The value of a term with where it came from."""
        return self.found(self.rules.slot(ref))

    def found(self, slot: int) -> Found:
        """How a term came by its value."""
        found = self.reasons.get(slot)
        if found is None:
            value = self[slot]  # may find the reason too
            found = self.reasons.get(slot) or self._how(slot, value)
            self.reasons[slot] = found
        return found

    def _how(self, slot: int, value: Value) -> Found:
        """How a term came by its value that no derivation of this world has made."""
        if not self.touches(slot):
            return self.blank.found(slot)
        if slot in self.rules.predicates:
            return _OF_PREDICATE[value]  # type: ignore[index]
        found = self.ahead.found(slot) if self.ahead is not None else None
        if found is None:
            self.rules.runs[slot](self)
            found = self.reasons[slot]
        return found

    def truth(self, slot: int) -> Truth:
        """The value of a term that is true or false."""
        return self[slot]  # type: ignore[return-value]

    def touches(self, slot: int) -> bool:
        """Whether this record holds anything that a term rests on, or that is not known yet; else all is as for an
        empty record.
        """
        try:
            return self._touched[slot] == 1
        except IndexError:
            return self._look(slot) == 1

    def _look(self, slot: int) -> int:
        """The same when it is first asked for, or of a place given since."""
        if not self._touched:
            self._touched = self.rules.touched.by(self.present)
        return self._touched[slot] if slot < len(self._touched) else 1

    def decide(self, node: Node) -> Truth:
        """The bare truth of a predicate for this patient."""
        return walk(node, self)

    @property
    def reactions(self) -> Reactions:
        """What this patient is known to react to."""
        if self._reactions is None:
            self._reactions = Reactions(self.record, self.as_of, self.rules.vocabulary)
        return self._reactions

    def forget(self) -> None:
        """Let go of what refers back to this world, so that it ends with its last use and waits for no search."""
        self._scopes.clear()
        self.ahead = None

    # -- events

    def scope(self, event: Event) -> EventScope:
        """What can be said of one event of this patient."""
        known = self._scopes.get(event.id)
        if known is None:
            known = self._scopes[event.id] = EventScope(self, event)
        return known

    def listed(self, kind: str) -> Mapping[str, list[Event]]:
        """The record's events of a kind by code (``*`` for every code), oldest first."""
        return self._index.get(kind, _NO_KIND)

    def candidates(self, events: Events, valid_for: str | None = None) -> tuple[list[Event], list[Event]]:
        """Events of the kind and codes, oldest first: those in the window, and those too old for it."""
        listed = self.of(events)
        if not listed:
            return _NO_EVENTS, _NO_EVENTS
        if not events.future and self._to_come:
            today = self.as_of
            listed = [e for e in listed if e.date is None or e.date <= today]
        limit = events.within or valid_for
        if not limit:
            return listed, _NO_EVENTS
        start = back(self.as_of, limit)
        inside: list[Event] = []
        older: list[Event] = []
        for event in listed:
            last = last_day(event)
            if (last is None or last < start) and not (event.kind == "treatment" and is_running(event)):
                older.append(event)
            else:
                inside.append(event)
        return inside, older

    def of(self, events: Events) -> list[Event]:
        """The record's events of the kind and codes, oldest first."""
        of_kind = self._index.get(events.kind)
        if of_kind is None:
            return _NO_EVENTS
        codes = self.rules.codes_of(events.codes)
        key = events.kind, id(codes)
        known = self._listed.get(key)
        if known is None:
            known = self._listed[key] = self._merged(of_kind, codes)
        return known

    def _merged(self, of_kind: dict[str, list[Event]], codes: dict[str, int]) -> list[Event]:
        """The events of these codes, oldest first; one that stands under several of them once."""
        held = of_kind.keys() & codes.keys()
        if len(held) <= 1:
            return of_kind[held.pop()] if held else _NO_EVENTS
        merged = {e.id: e for code in sorted(held, key=codes.__getitem__) for e in of_kind[code]}
        return sorted(merged.values(), key=day_of)

    def matching(self, events: Events, listed: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        """Of *listed*, those that the where-clause admits, and those for which it cannot be decided."""
        if events.where is None:
            return list(listed), []
        place, scopes = self.rules.place_on_event(events.where), self._scopes
        yes: list[Event] = []
        unsure: list[Event] = []
        for event in listed:
            scope = scopes.get(event.id)
            truth = (self.scope(event) if scope is None else scope)[place]
            if truth is True:
                yes.append(event)
            elif truth is None:
                unsure.append(event)
        return yes, unsure

    def absent(self, fact: CompiledFact) -> Found:
        """What no event means for this fact: unknown, unless a dated attestation closes the list."""
        return self.closed(closing(fact))

    def closed(self, key: Closing | None) -> Found:
        """The same, by what closes the list."""
        if key is None:
            return MISSING
        known = self._closed.get(key)
        if known is None:
            known = self._closed[key] = self._absence(*key)
        return known

    def _absence(self, absent: str, attested_for: str) -> Found:
        if absent == "false":
            return Found(False, "denied")
        attested = self._attested.get(absent.removeprefix("attested "))
        if attested is not None and attested >= back(self.as_of, attested_for):
            return Found(False, "attested absent", detail=attested.isoformat())
        return MISSING

    # -- what comes back

    def course(self, taken: Iterable[Ref], codes: tuple[str, ...]) -> Course | None:
        """The course of these drugs that is running, with its first day; None when none is or nobody wrote it down."""
        running = {e.id: e for ref in taken if self.value(ref) is True for e in self.find(ref).events}
        if not running:
            return None
        others = [e for e in self.of(Events("treatment", codes)) if e.id not in running]
        return course_of(running.values(), others)

    def done(self, covers: tuple[Cover, ...], since: date) -> tuple[date | None, tuple[Event, ...]]:
        """The day from which everything of *covers* was done, since a day; with the events that say so."""
        groups = [
            [e for kind, code in cover for e in self._index.get(kind, _NO_KIND).get(code, _NO_EVENTS)]
            for cover in covers
        ]
        return last_done(groups, since, self.as_of)


class Ahead(Protocol):
    """What was decided for many patients together, of one of them."""

    def value(self, slot: int) -> Value: ...

    def found(self, slot: int) -> Found | None:
        """How a term came by its value, where that is known too."""


_NO_EVENTS: list[Event] = []
_NO_KIND: dict[str, list[Event]] = {}
_OF_PREDICATE = {True: Found(True, "derived"), False: Found(False, "derived"), None: Found(None, "undecided")}


def blank_of(rules: Rules, as_of: date) -> World:
    """The empty record as of a day: what every fact is worth where a record says nothing."""
    if as_of not in rules.blank:
        keep_few(rules.blank)[as_of] = World(rules, EMPTY, as_of)
    return rules.blank[as_of]
