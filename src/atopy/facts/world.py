"""One patient as of one day: facts derived on demand from events, each once, each with its reason.

A *found* value says where it came from: the events used, or why there is none (not recorded, stale,
quarantined). Nothing here knows any particular fact.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol, TypeVar

from atopy.criteria import (
    Category,
    Chooser,
    Decider,
    Node,
    Ref,
    Value,
    decider,
    walk,
)
from atopy.facts.baseline import before_course
from atopy.facts.binding import bind_derivation
from atopy.facts.compiled import (
    Cases,
    ChangeSince,
    CompiledFact,
    CoverOfSites,
    DaysOverdue,
    Derivation,
    Events,
    Greatest,
    When,
)
from atopy.facts.event_scope import EventRun, EventScope
from atopy.facts.exists import Asked, answered
from atopy.facts.fields import FIELDS, is_running
from atopy.facts.found import MISSING, Found
from atopy.facts.index import attestations, day_of, index_events, last_day
from atopy.facts.needs import ALWAYS, Needs
from atopy.facts.reactions import Reactions
from atopy.facts.runners import Run, run_of, walked
from atopy.facts.sites import cover_of_sites
from atopy.facts.spans import back, completed_months, completed_years
from atopy.facts.tables import all_outcomes, table_chooser
from atopy.facts.timing import Course, Cover, course_of, here, last_done, strictest
from atopy.record import Event, Patient, Record, Vocabulary
from atopy.truth import Truth

EMPTY = Record(Patient())
Made = TypeVar("Made")
_DAYS_KEPT = 8
_FIRST = 2  # worlds: one patient and the empty record


class Rules:
    """The facts of a guideline, ready to run over any number of patients.

    Each term has a *slot*, its place in the lists that every world keeps. Functions made from predicates are
    kept here, so they are built once per process. For a single patient it is not worth while to make them, nor to
    find out what each term rests on: until a second patient comes, predicates are walked.
    """

    def __init__(self, facts: dict[str, CompiledFact], vocabulary: Vocabulary) -> None:
        self.facts = facts
        self.vocabulary = vocabulary
        self.needs = Needs(facts, self.derivation, self.codes)
        self.refs: list[Ref] = []  # by slot
        self.runs: list[Run] = []  # by slot: finds the value, and keeps in the world how it was come by
        self.masks: list[int] = []  # by slot: what it rests on
        self.asked: list[int] = []  # slots of the terms that somebody has asked for
        self.predicates: set[int] = set()  # slots of terms of which the truth alone says how it was come by
        self._worlds = 0
        self._same: dict[int, int] = {}  # equal masks as one: they are read all the time
        self._slots: dict[str, int] = {}
        self._deciders: dict[int, Decider] = {}
        self._on_event: dict[int, Decider] = {}
        self._alike: dict[Node, Decider] = {}
        self._alike_on_event: dict[Node, Decider] = {}
        self._predicate_slots: dict[int, int] = {}  # of predicates over one event
        self._test_slots: dict[Decider, int] = {}
        self._event_slots: dict[tuple[bool, str], int] = {}
        self.event_runs: list[EventRun] = []  # by slot of a term of an event
        self.event_terms: list[Node] = []  # by the same slot: what is found there
        self._outcomes: dict[int, list[Found]] = {}  # of tables
        self._kept: list[Node | Events | Cases] = []  # so that no id is used twice
        self._answered: dict[int, Callable[[list[Event]], bool]] = {}
        self._codes_of: dict[int, dict[str, int]] = {}
        self._same_codes: dict[tuple[str, ...], dict[str, int]] = {}
        self._derivations: dict[int, Derivation] = {}  # by slot
        self._bound: dict[tuple[str, str], Derivation] = {}
        self._codes: dict[str, tuple[str, ...]] = {}
        self._blank: dict[date, World] = {}

    def slot(self, ref: Ref) -> int:
        """The place of a term, given on first use; how it is derived is looked up when it is first asked for."""
        known = self._slots.get(ref.key)
        if known is None:
            known = self._slots[ref.key] = len(self.refs)
            self.refs.append(ref)
            self.runs.append(lambda world: self._first(ref, known, world))
            self.masks.append(ALWAYS)
        return known

    def _first(self, ref: Ref, slot: int, world: "World") -> Value:
        fact = self.facts[ref.name]
        derivation = self.derivation(fact, ref.args)
        self.asked.append(slot)
        if isinstance(derivation, When):
            self.predicates.add(slot)
        if self._worlds > _FIRST:
            self._settle(slot)
        elif isinstance(derivation, When | Cases):
            self.runs[slot] = walked(self, derivation, slot)
        else:
            self.runs[slot] = run_of(self, fact, derivation, slot)
        return world[slot]

    def enter(self) -> None:
        """One more patient."""
        self._worlds += 1
        if self._worlds == _FIRST + 1:
            for slot in self.asked:
                self._settle(slot)

    def _settle(self, slot: int) -> None:
        """From now on the term is found by a function of its own, made when it is next needed."""
        ref = self.refs[slot]
        mask = self.needs.of(ref)
        self.masks[slot] = self._same.setdefault(mask, mask)

        def made(world: World) -> Value:
            run = self.runs[slot] = run_of(self, self.facts[ref.name], self.derivation_at(slot), slot)
            return run(world)

        self.runs[slot] = made

    def derivation_at(self, slot: int) -> Derivation:
        """How the term with this place is derived."""
        known = self._derivations.get(slot)
        if known is None:
            ref = self.refs[slot]
            known = self._derivations[slot] = self.derivation(self.facts[ref.name], ref.args)
        return known

    def blank(self, as_of: date) -> "World":
        """The empty record as of a day: what every fact is worth where a record says nothing."""
        if as_of not in self._blank:
            keep_few(self._blank)[as_of] = World(self, EMPTY, as_of)
        return self._blank[as_of]

    def decider(self, node: Node) -> Decider:
        """The function for a predicate over the patient's terms, made on first use."""
        return self._made(self._deciders, self._alike, node, self.slot)

    def on_event(self, node: Node) -> Decider:
        """The function for a predicate over one event, made on first use."""
        return self._made(self._on_event, self._alike_on_event, node, self.event_slot)

    def place_on_event(self, node: Node) -> int:
        """The place of a predicate among what is known of each event: several facts ask the same of one event."""
        known = self._predicate_slots.get(id(node))
        if known is None:
            test = self.on_event(node)
            known = self._test_slots.get(test)
            if known is None:
                known = self._test_slots[test] = self._on_events(node, test)
            self._predicate_slots[id(node)] = known
        return known

    def event_slot(self, ref: Ref) -> int:
        """The place of a term in what is known of each event: a field, a course fact, or a term of the patient."""
        key = ref.event, ref.key
        known = self._event_slots.get(key)
        if known is None:
            known = self._event_slots[key] = self._on_events(ref, self._event_run(ref))
        return known

    def _on_events(self, term: Node, run: EventRun) -> int:
        """A place among what is known of each event."""
        self.event_terms.append(term)
        self.event_runs.append(run)
        return len(self.event_runs) - 1

    def _event_run(self, ref: Ref) -> EventRun:
        if not ref.event:
            slot = self.slot(ref)
            return lambda scope: scope.world[slot]
        field = FIELDS.get(ref.name)
        if field is not None:
            get, args = field[1], ref.args
            return lambda scope: get(scope.at, args)
        derivation = self.facts[ref.name].derivation
        if isinstance(derivation, When):
            return self.on_event(derivation.node)
        if isinstance(derivation, CoverOfSites):
            cover, whole = derivation, Ref(derivation.whole)
            return lambda scope: cover_of_sites(cover, scope.at.event, scope.world.find(whole))
        assert isinstance(derivation, Cases), "a course fact is a predicate or a table"
        choose, outcomes = table_chooser(derivation, self.event_slot), self.outcomes(derivation)
        return lambda scope: outcomes[choose(scope)].value

    def chooser(self, table: Cases) -> Chooser:
        """The function that picks the row of a table over the patient's terms."""
        return table_chooser(table, self.slot)

    def outcomes(self, table: Cases) -> list[Found]:
        """What each row of a table gives when it is true, and when it is undecided, and what none gives."""
        known = self._outcomes.get(id(table))
        if known is None:
            known = self._outcomes[id(table)] = all_outcomes(table)
            self._kept.append(table)
        return known

    def _made(
        self,
        made: dict[int, Decider],
        alike: dict[Node, Decider],
        node: Node,
        slot: Callable[[Ref], int],
    ) -> Decider:
        known = made.get(id(node))
        if known is None:
            known = alike.get(node)
            if known is None:
                known = alike[node] = decider(node, slot)
            made[id(node)] = known
            self._kept.append(node)
        return known

    def codes(self, code: str) -> tuple[str, ...]:
        """A term with every member of the class it names."""
        known = self._codes.get(code)
        if known is None:
            known = self._codes[code] = (code, *self.vocabulary.members.get(code, ()))
        return known

    def codes_of(self, events: Events) -> dict[str, int]:
        """Each code of the events with the members of its class, numbered, for the look-up in a record's index."""
        known = self._codes_of.get(id(events))
        if known is None:
            codes = (c for code in events.codes for c in (self.codes(code) if code != "*" else ("*",)))
            listed = tuple(dict.fromkeys(codes))
            known = self._same_codes.setdefault(listed, {code: n for n, code in enumerate(listed)})
            self._codes_of[id(events)] = known
            self._kept.append(events)
        return known

    def answered(self, events: Events) -> Callable[[list[Event]], bool]:
        """Whether events that decide answer for all that is asked for."""
        known = self._answered.get(id(events))
        if known is None:
            known = self._answered[id(events)] = answered(self, events)
            self._kept.append(events)
        return known

    def derivation(self, fact: CompiledFact, args: tuple[str, ...]) -> Derivation:
        """How *fact* is derived for these arguments, its parameter filled in."""
        if not args:
            return fact.derivation
        variant = fact.variants.get(args[0])
        if variant is not None:
            return variant
        key = (fact.name, args[0])
        bound = self._bound.get(key)
        if bound is None:
            bound = self._bound[key] = bind_derivation(fact.derivation, fact.signature.parameters[0], args[0])
        return bound


def keep_few(by_day: dict[date, Made]) -> dict[date, Made]:
    """Room for one more of what is made for each day: plans are asked for on few days at a time, or on very many."""
    if len(by_day) >= _DAYS_KEPT:
        by_day.clear()
    return by_day


class World(dict[int, Value]):
    """The facts of one record as of one day: the value of each term by its slot, found when it is first read.

    When the record holds nothing that a term rests on, it is what it is for an empty record.
    """

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
        self.record = record
        self.as_of = as_of
        self.country = country or record.patient.country
        self.blank = rules.blank(as_of) if record is not EMPTY else self
        self.present = rules.needs.present(record, self.country, blank=self.blank is self)
        self._index = index_events(record, as_of, rules.vocabulary.members)
        self._to_come = any(e.date is not None and e.date > as_of for e in record.events)
        self._attested = attestations(record, as_of)
        self._closed: dict[tuple[str, str], Found] = {}
        self.ahead: Ahead | None = None  # knows what was decided for many patients together
        self._scopes: dict[str, EventScope] = {}  # by event
        self._listed: dict[tuple[str, int], list[Event]] = {}  # by kind and codes
        self.asked: dict[object, Asked] = {}  # what facts over the same events share
        self.reasons: dict[int, Found] = {}  # by slot, as far as somebody asked or a derivation made one
        for ref, value in (given or {}).items():
            self._suppose(ref, value)

    def __missing__(self, slot: int) -> Value:
        if not self.rules.masks[slot] & self.present:
            value = self.blank[slot]
        elif self.ahead is not None:
            value = self.ahead.value(slot)
        else:
            value = self.rules.runs[slot](self)
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
        if not self.rules.masks[slot] & self.present:
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

    def rests_on(self, slot: int) -> bool:
        """Whether this record holds anything that a term rests on; else all is as for an empty record.

        Known once the term has been asked for.
        """
        return bool(self.rules.masks[slot] & self.present)

    def decide(self, node: Node) -> Truth:
        """The bare truth of a predicate for this patient."""
        return walk(node, self)

    @cached_property
    def reactions(self) -> Reactions:
        """What this patient is known to react to."""
        return Reactions(self.record, self.as_of, self.rules.vocabulary)

    # -- derivations

    def greatest(self, fact: CompiledFact, derivation: Greatest) -> Found:
        assert isinstance(fact.signature.type, Category)
        order = fact.signature.type.values
        known = [(n, self.value(Ref(n))) for n in derivation.names]
        ranked = [(order.index(str(v)), -i, n) for i, (n, v) in enumerate(known) if v is not None]
        if not ranked:
            return Found(None, "not recorded")
        rank, _, name = max(ranked)
        return Found(order[rank], "derived", self.find(Ref(name)).events, detail=name)

    def demographic(self, what: str) -> Found:
        patient = self.record.patient
        if what == "as_of":
            return Found(self.as_of, "found")
        if what == "country":
            return _or_missing(self.country)
        if what == "sex":
            return _or_missing(patient.sex)
        if what == "birth_date":
            return _or_missing(patient.birth_date)
        if what == "deceased":
            return self._deceased()
        return self._age(what)

    def _deceased(self) -> Found:
        patient = self.record.patient
        if patient.deceased_on is not None:
            return Found(patient.deceased_on <= self.as_of, "found")
        return Found(bool(patient.deceased), "found") if patient.deceased is not None else MISSING

    def _age(self, what: str) -> Found:
        patient = self.record.patient
        if patient.birth_date is not None and patient.birth_date <= self.as_of:
            lived = completed_years if what == "years" else completed_months
            return Found(Decimal(lived(patient.birth_date, self.as_of)), "found")
        base = patient.age_at or self.as_of
        if patient.birth_date is not None or base > self.as_of:
            return MISSING
        passed = completed_months(base, self.as_of)
        months = patient.age_months if patient.age_months is not None else _twelve(patient.age_years)
        if months is None or (what == "months" and patient.age_months is None):
            return MISSING
        return Found(Decimal((months + passed) // (12 if what == "years" else 1)), "found")

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
        listed = self._of(events)
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

    def _of(self, events: Events) -> list[Event]:
        of_kind = self._index.get(events.kind)
        if of_kind is None:
            return _NO_EVENTS
        codes = self.rules.codes_of(events)
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
        if fact.absent == "unknown":
            return MISSING
        key = fact.absent, fact.attested_for
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

    def change(self, fact: CompiledFact, change: ChangeSince) -> Found:
        start = self._course_start(change.course) if change.against == "before_course" else None
        if start is None and change.against == "before_course":
            return MISSING
        inside, _ = self.candidates(change.events)
        listed, unsure = self.matching(change.events, inside)
        usable = [e for e in listed if e.number is not None and not e.quarantined]
        newest = listed[-1:]
        if newest and newest[0].quarantined:
            return Found(None, "quarantined", tuple(newest), detail=newest[0].quarantined)
        if unsure:
            return Found(None, "undecided", tuple(unsure[-1:]))
        if usable and _too_old(usable[-1], fact, self.as_of):
            return Found(None, "stale", tuple(usable[-1:]))
        base = self._baseline(change, usable, start)
        if base is None:
            return MISSING
        now, then = usable[-1].number, base.number
        assert now is not None and then is not None
        if change.percent and not then:
            return Found(None, "undecided", (base, usable[-1]))
        difference = (now - then) * 100 / then if change.percent else now - then
        return Found(difference, "found", (base, usable[-1]))

    def _baseline(self, change: ChangeSince, usable: list[Event], start: date | None) -> Event | None:
        """The earlier value that the newest is held against; never the newest itself. *start*: of the course."""
        earlier = usable[:-1]
        if start is not None:
            if not usable or day_of(usable[-1]) <= start:
                return None
            return before_course(change, earlier, usable[-1], start)
        if not earlier:
            return None
        if change.against in ("earliest", "previous"):
            return earlier[0] if change.against == "earliest" else earlier[-1]
        pick = max if change.against == "highest" else min
        return pick(earlier, key=lambda e: e.number or Decimal(0))

    # -- what comes back

    def course(self, taken: Iterable[Ref], codes: tuple[str, ...]) -> Course | None:
        """The course of these drugs that is running, with its first day; None when none is or nobody wrote it down."""
        running = {e.id: e for ref in taken if self.value(ref) is True for e in self.find(ref).events}
        if not running:
            return None
        others = [e for e in self._of(Events("treatment", codes)) if e.id not in running]
        return course_of(running.values(), others)

    def done(self, covers: tuple[Cover, ...], since: date) -> tuple[date | None, tuple[Event, ...]]:
        """The day from which everything of *covers* was done, since a day; with the events that say so."""
        groups = [
            [e for kind, code in cover for e in self._index.get(kind, _NO_KIND).get(code, _NO_EVENTS)]
            for cover in covers
        ]
        return last_done(groups, since, self.as_of)

    def overdue(self, asked: DaysOverdue) -> Found:
        """How many days past its last day a repeated test is."""
        course = self.course(asked.taken, asked.courses)
        if course is None:
            return MISSING
        last, events = self.done(asked.covers, course.start)
        due = strictest(here(asked.timetables, self.country), course.start, course.increases, last)
        if due is None:
            return Found(None, "not recorded", course.events)
        return Found(Decimal((self.as_of - due[1].latest).days), "found", (*course.events, *events))

    def _course_start(self, codes: tuple[str, ...]) -> date | None:
        running = [e for e in self._of(Events("treatment", codes)) if is_running(e) and e.date]
        return running[-1].date if running else None


class Ahead(Protocol):
    """What was decided for many patients together, of one of them."""

    def value(self, slot: int) -> Value: ...

    def found(self, slot: int) -> Found | None:
        """How a term came by its value, where that is known too."""


def _too_old(event: Event, fact: CompiledFact, as_of: date) -> bool:
    return bool(fact.valid_for and event.date and event.date < back(as_of, fact.valid_for))


def _twelve(years: int | None) -> int | None:
    return None if years is None else years * 12


def _or_missing(value: Value) -> Found:
    return MISSING if value is None else Found(value, "found")


_NO_EVENTS: list[Event] = []
_NO_KIND: dict[str, list[Event]] = {}
_OF_PREDICATE = {True: Found(True, "derived"), False: Found(False, "derived"), None: Found(None, "undecided")}

__all__ = ["Rules", "World", "keep_few"]
