"""One patient as of one day: facts derived on demand from events, each once, each with its reason.

A *found* value says where it came from: the events used, or why there is none (not recorded, stale,
quarantined). Nothing here knows any particular fact.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol, TypeVar

import msgspec

from atopy.criteria import (
    Category,
    Chooser,
    Decider,
    Node,
    Number,
    Ref,
    Value,
    bind,
    chooser,
    decider,
    walk,
)
from atopy.facts.baseline import before_course
from atopy.facts.compiled import (
    Cases,
    ChangeSince,
    CompiledFact,
    CoverOfSites,
    DaysOverdue,
    Demographic,
    Derivation,
    Events,
    Greatest,
    Measure,
    Observe,
    Product,
    TableRow,
    When,
)
from atopy.facts.doses import current_dose
from atopy.facts.fields import FIELDS, At, days_long, is_running
from atopy.facts.found import Found, State
from atopy.facts.needs import ALWAYS, Needs, denies
from atopy.facts.reactions import Reactions
from atopy.facts.sites import cover_of_sites
from atopy.facts.spans import back, completed_months, completed_years
from atopy.facts.supply import grams_a_week, grams_a_week_at_least, grams_a_week_at_most, multiplied
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
        self._event_slots: dict[tuple[bool, str], int] = {}
        self.event_runs: list[EventRun] = []  # by slot of a term of an event
        self._outcomes: dict[int, list[Found]] = {}  # by slot of a table
        self._kept: list[Node | Events] = []  # so that no id is used twice
        self._codes_of: dict[int, tuple[str, ...]] = {}
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
            self.runs[slot] = _walked(self, derivation, slot)
        else:
            self.runs[slot] = _run(self, fact, derivation, slot)
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
            run = self.runs[slot] = _run(self, self.facts[ref.name], self.derivation_at(slot), slot)
            return run(world)

        self.runs[slot] = made

    def derivation_at(self, slot: int) -> Derivation:
        """How the term with this place is derived."""
        ref = self.refs[slot]
        return self.derivation(self.facts[ref.name], ref.args)

    def blank(self, as_of: date) -> "World":
        """The empty record as of a day: what every fact is worth where a record says nothing."""
        if as_of not in self._blank:
            keep_few(self._blank)[as_of] = World(self, EMPTY, as_of)
        return self._blank[as_of]

    def decider(self, node: Node) -> Decider:
        """The function for a predicate over the patient's terms, made on first use."""
        return self._made(self._deciders, node, self.slot)

    def on_event(self, node: Node) -> Decider:
        """The function for a predicate over one event, made on first use."""
        return self._made(self._on_event, node, self.event_slot)

    def event_slot(self, ref: Ref) -> int:
        """The place of a term in what is known of each event: a field, a course fact, or a term of the patient."""
        key = ref.event, ref.key
        known = self._event_slots.get(key)
        if known is None:
            run = self._event_run(ref)
            known = self._event_slots[key] = len(self.event_runs)
            self.event_runs.append(run)
        return known

    def _event_run(self, ref: Ref) -> "EventRun":
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
        choose, outcomes = _chooser(derivation, self.event_slot), _all_outcomes(derivation)
        return lambda scope: outcomes[choose(scope)].value

    def chooser(self, table: Cases) -> Chooser:
        """The function that picks the row of a table over the patient's terms."""
        return _chooser(table, self.slot)

    def outcomes(self, slot: int, table: Cases) -> list[Found]:
        """What each row of a table gives when it is true, and when it is undecided, and what none gives."""
        known = self._outcomes.get(slot)
        if known is None:
            known = self._outcomes[slot] = _all_outcomes(table)
        return known

    def _made(self, made: dict[int, Decider], node: Node, slot: Callable[[Ref], int]) -> Decider:
        known = made.get(id(node))
        if known is None:
            known = made[id(node)] = decider(node, slot)
            self._kept.append(node)
        return known

    def codes(self, code: str) -> tuple[str, ...]:
        """A term with every member of the class it names."""
        known = self._codes.get(code)
        if known is None:
            known = self._codes[code] = (code, *self.vocabulary.members.get(code, ()))
        return known

    def codes_of(self, events: Events) -> tuple[str, ...]:
        """Each code of the events with the members of its class, for the look-up in a record's index."""
        known = self._codes_of.get(id(events))
        if known is None:
            codes = (c for code in events.codes for c in (self.codes(code) if code != "*" else ("*",)))
            known = self._codes_of[id(events)] = tuple(dict.fromkeys(codes))
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


def bind_derivation(derivation: Derivation, parameter: str, value: str) -> Derivation:
    """*derivation* with ``$parameter`` replaced by *value* wherever it stands."""
    to = {parameter: value}
    if isinstance(derivation, When):
        return When(bind(derivation.node, to))
    if isinstance(derivation, Cases):
        rows = tuple(_bind_row(row, to) for row in derivation.rows)
        return Cases(rows, derivation.otherwise)
    if isinstance(derivation, Observe):
        return msgspec.structs.replace(derivation, events=_bind_events(derivation.events, to))
    if isinstance(derivation, ChangeSince):
        course = _bind_codes(derivation.course, to)
        return msgspec.structs.replace(derivation, events=_bind_events(derivation.events, to), course=course)
    return derivation


def _bind_codes(codes: tuple[str, ...], to: dict[str, str]) -> tuple[str, ...]:
    return tuple(to.get(c[1:], c) if c.startswith("$") else c for c in codes)


def _bind_row(row: TableRow, to: dict[str, str]) -> TableRow:
    passed = None if row.then_value is None else bind(row.then_value, to)
    assert passed is None or isinstance(passed, Ref)
    return msgspec.structs.replace(row, when=bind(row.when, to), then_value=passed)


def _bind_events(events: Events, to: dict[str, str]) -> Events:
    codes = _bind_codes(events.codes, to)
    where = bind(events.where, to) if events.where is not None else None
    return msgspec.structs.replace(events, codes=codes, where=where)


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
        self._index = _index(record, as_of, rules.vocabulary.members)
        self._attested = _attestations(record, as_of)
        self._closed: dict[tuple[str, str], Found] = {}
        self.ahead: Ahead | None = None  # knows what was decided for many patients together
        self._scopes: dict[str, EventScope] = {}  # by event
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
        value = self[slot]
        found = self.reasons.get(slot)
        if found is None:
            found = self.reasons[slot] = self._how(slot, value)
        return found

    def _how(self, slot: int, value: Value) -> Found:
        """How a term came by its value that no derivation of this world has made."""
        if not self.rests_on(slot):
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
        return Found(bool(patient.deceased), "found") if patient.deceased is not None else _MISSING

    def _age(self, what: str) -> Found:
        patient = self.record.patient
        if patient.birth_date is not None and patient.birth_date <= self.as_of:
            lived = completed_years if what == "years" else completed_months
            return Found(Decimal(lived(patient.birth_date, self.as_of)), "found")
        base = patient.age_at or self.as_of
        if patient.birth_date is not None or base > self.as_of:
            return _MISSING
        passed = completed_months(base, self.as_of)
        months = patient.age_months if patient.age_months is not None else _twelve(patient.age_years)
        if months is None or (what == "months" and patient.age_months is None):
            return _MISSING
        return Found(Decimal((months + passed) // (12 if what == "years" else 1)), "found")

    # -- events

    def scope(self, event: Event) -> "EventScope":
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
        if not events.future:
            today = self.as_of
            listed = [e for e in listed if e.date is None or e.date <= today]
        limit = events.within or valid_for
        if not limit:
            return listed, _NO_EVENTS
        start = back(self.as_of, limit)
        inside: list[Event] = []
        older: list[Event] = []
        for event in listed:
            last = event.end or event.recorded or event.date  # a condition of long ago may be noted today
            if (last is None or last < start) and not (event.kind == "treatment" and is_running(event)):
                older.append(event)
            else:
                inside.append(event)
        return inside, older

    def _of(self, events: Events) -> list[Event]:
        of_kind = self._index.get(events.kind)
        if of_kind is None:
            return _NO_EVENTS
        lists = [of_kind[code] for code in self.rules.codes_of(events) if code in of_kind]
        if len(lists) <= 1:
            return lists[0] if lists else _NO_EVENTS
        merged = {e.id: e for listed in lists for e in listed}
        return sorted(merged.values(), key=_when)

    def matching(self, events: Events, listed: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        """Of *listed*, those that the where-clause admits, and those for which it cannot be decided."""
        if events.where is None:
            return list(listed), []
        test = self.rules.on_event(events.where)
        yes: list[Event] = []
        unsure: list[Event] = []
        for event in listed:
            truth = test(self.scope(event))
            if truth is True:
                yes.append(event)
            elif truth is None:
                unsure.append(event)
        return yes, unsure

    def absent(self, fact: CompiledFact) -> Found:
        """What no event means for this fact: unknown, unless a dated attestation closes the list."""
        if fact.absent == "unknown":
            return _MISSING
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
        return _MISSING

    def change(self, fact: CompiledFact, change: ChangeSince) -> Found:
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
        base = self._baseline(change, usable)
        if base is None:
            return _MISSING
        now, then = usable[-1].number, base.number
        assert now is not None and then is not None
        if change.percent and not then:
            return Found(None, "undecided", (base, usable[-1]))
        difference = (now - then) * 100 / then if change.percent else now - then
        return Found(difference, "found", (base, usable[-1]))

    def _baseline(self, change: ChangeSince, usable: list[Event]) -> Event | None:
        """The earlier value that the newest is held against; never the newest itself."""
        earlier = usable[:-1]
        if change.against == "before_course":
            start = self._course_start(change.course)
            if start is None or not usable or _when(usable[-1]) <= start:
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
            return _MISSING
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


class EventScope(dict[int, Value]):
    """One event of a patient: its fields, its course facts and the patient's terms by their slots, found when read."""

    __slots__ = ("at", "world")

    def __init__(self, world: World, event: Event) -> None:
        self.world = world
        self.at = At(event, world.as_of, world.rules.vocabulary, world)

    def __missing__(self, slot: int) -> Value:
        value = self[slot] = self.world.rules.event_runs[slot](self)
        return value

    def value(self, ref: Ref) -> Value:
        """The value of a term, None when unknown."""
        return self[self.world.rules.event_slot(ref)]

    def decide(self, node: Node) -> Truth:
        """The bare truth of a predicate for this event."""
        return walk(node, self)


EventRun = Callable[[EventScope], Value]


def decide_table(table: Cases, scope: World | EventScope) -> Found:
    """The outcome of a decision table: the first row that is true, or undecided with an outcome for it."""
    return _all_outcomes(table)[_walk_rows(table, scope)]


def _walk_rows(table: Cases, scope: World | EventScope) -> int:
    """As a chooser of the table."""
    for number, row in enumerate(table.rows):
        truth = walk(row.when, scope)
        if truth is True or (truth is None and row.unknown != "next"):
            return 2 * number + (truth is None)
    return -1


Run = Callable[[World], Value]
Runner = Callable[[World], Found]


def _run(rules: Rules, fact: CompiledFact, derivation: Derivation, slot: int) -> Run:
    """A derivation as a function of a world. Of a predicate the truth alone says how it was come by."""
    if isinstance(derivation, When):
        return rules.decider(derivation.node)
    return _kept(_runner(rules, fact, derivation, slot), slot)


def _walked(rules: Rules, derivation: When | Cases, slot: int) -> Run:
    """A predicate or table for the first patient."""
    if isinstance(derivation, When):
        node = derivation.node
        return lambda world: walk(node, world)
    table = derivation
    return _kept(_table_runner(rules, table, slot, lambda world: _walk_rows(table, world)), slot)


def _kept(runner: Runner, slot: int) -> Run:
    """The value alone; the world keeps how it was come by."""

    def run(world: World) -> Value:
        found = world.reasons[slot] = runner(world)
        return found.value

    return run


def _runner(rules: Rules, fact: CompiledFact, derivation: Derivation, slot: int) -> Runner:
    if isinstance(derivation, Cases):
        return _table_runner(rules, derivation, slot, rules.chooser(derivation))
    if isinstance(derivation, Observe):
        return _observer(rules, fact, derivation)
    if isinstance(derivation, Demographic):
        what = derivation.what
        return lambda world: world.demographic(what)
    if isinstance(derivation, ChangeSince):
        change = derivation
        return lambda world: world.change(fact, change)
    if isinstance(derivation, Product):
        product = derivation
        return lambda world: _multiplied(world, product)
    if isinstance(derivation, DaysOverdue):
        asked = derivation
        return lambda world: world.overdue(asked)
    assert isinstance(derivation, Greatest)
    several = derivation
    return lambda world: world.greatest(fact, several)


def _observer(rules: Rules, fact: CompiledFact, observe: Observe) -> Runner:
    """A measure over events; whether there is any of this kind and code is asked first, for mostly there is none."""
    measure, kind, codes = _MEASURES[observe.measure], observe.events.kind, rules.codes_of(observe.events)
    if observe.measure != "exists":
        return lambda world: measure(world, fact, observe)

    def run(world: World) -> Found:
        if world.listed(kind).keys().isdisjoint(codes):
            return world.absent(fact)
        return measure(world, fact, observe)

    return run


def _table_runner(rules: Rules, table: Cases, slot: int, choose: Chooser) -> Runner:
    """As ``decide_table``, its outcomes made once; a row may give another fact's value."""
    outcomes = rules.outcomes(slot, table)
    passed = [row.then_value for row in table.rows for _ in range(2)]

    def run(world: World) -> Found:
        place = choose(world)
        won = outcomes[place]
        ref = passed[place] if place >= 0 and not place % 2 else None
        return won if ref is None else _passed_on(world, ref, won)

    return run


def _chooser(table: Cases, slot: Callable[[Ref], int]) -> Chooser:
    return chooser([(row.when, row.unknown != "next") for row in table.rows], slot)


def _all_outcomes(table: Cases) -> list[Found]:
    """Of each row, as a chooser numbers them; last, where its -1 points, that of no row."""
    of_rows = [found for number, row in enumerate(table.rows) for found in _outcomes(number, row)]
    return [*of_rows, Found(table.otherwise, "derived")]


def _passed_on(world: World, ref: Ref, won: Found) -> Found:
    """The outcome of a row that gives another fact's value, with that fact's reason unless it has its own."""
    found = world.find(ref)
    return Found(found.value, "derived", row=won.row, detail=won.detail or found.detail)


def _outcomes(number: int, row: TableRow) -> tuple[Found, Found]:
    """What a row gives when it is true, and when it cannot be decided (unless the next row is asked then)."""
    then = row.then if row.number is None else row.number
    won = Found(then, "derived", row=number, detail=row.because)
    return won, Found(row.unknown, "undecided", row=number, detail=row.unknown_because or row.because)


def _multiplied(world: World, product: Product) -> Found:
    """The product of facts; where one is unknown, that one says why."""
    used = [world.find(Ref(name)) for name in (*product.names, *product.over)]
    for found in used:
        if found.value is None:
            return Found(None, found.state, found.events, detail=found.detail)
    numbers = [found.value for found in used if isinstance(found.value, Decimal)]
    value = multiplied(product, numbers)
    events = tuple({e.id: e for found in used for e in found.events}.values())
    return Found(value, "undecided" if value is None else "derived", events)


def _supply(world: World, fact: CompiledFact, observe: Observe) -> Found:
    """Grams a week from dispensings; unknown where a lot has no weight in grams, or the time is too short to tell."""
    inside, older = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    if any(e.quarantined for e in yes):
        return _set_aside([e for e in yes if e.quarantined])
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    if not yes:
        return _too_old_now(older) if older else world.absent(fact)
    lots = [(e.date, e.amount.value) for e in yes if e.date and e.amount and e.amount.unit == "g"]
    if len(lots) < len(yes):
        return Found(None, "undecided", tuple(yes))
    least = observe.measure == "supply_at_least"
    value = grams_a_week_at_least(lots) if least else grams_a_week_at_most(lots, world.as_of)
    return Found(value, "undecided" if value is None else "found", tuple(yes))


# -- measures over events


def _newest(world: World, fact: CompiledFact, observe: Observe) -> Found:
    inside, older = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    end = -1 if observe.measure == "latest" else 0
    if unsure and (not yes or _may_stand_before(unsure[end], yes[end], observe.measure)):
        return Found(None, "undecided", (unsure[end],))
    if not yes:
        return _too_old_now(older) if older and not inside else world.absent(fact)
    pick = yes[end]
    if pick.quarantined:
        return Found(None, "quarantined", (pick,), detail=pick.quarantined)
    return Found(_read(world, fact, observe.field, pick), "found", (pick,))


def _may_stand_before(unsure: Event, sure: Event, measure: Measure) -> bool:
    """Whether an event of which it is not known if it counts would be the one to take."""
    if measure == "latest":
        return _when(unsure) >= _when(sure)
    return _when(unsure) <= _when(sure)


def _extreme(world: World, fact: CompiledFact, observe: Observe) -> Found:
    inside, older = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    numbers = [e for e in yes if e.number is not None and not e.quarantined]
    if not numbers:
        return _too_old_now(older) if older else world.absent(fact)
    pick = (max if observe.measure == "highest" else min)(numbers, key=lambda e: e.number or Decimal(0))
    return Found(pick.number, "found", (pick,))


def _too_old_now(older: list[Event]) -> Found:
    """Unknown, for the newest entry is older than the fact allows; or was set aside, which is said instead."""
    newest = older[-1]
    return Found(None, "quarantined" if newest.quarantined else "stale", (newest,), detail=newest.quarantined)


_STATES = ("finding", "condition", "exposure", "allergy", "life_event")
"""Kinds whose newest entry says how it is now; of the others every entry counts."""


def _exists(world: World, fact: CompiledFact, observe: Observe) -> Found:
    inside, older = world.candidates(observe.events, fact.valid_for)
    if not inside:
        closed = world.absent(fact)
        return _too_old_now(older) if older and closed.value is None else closed
    kind = observe.events.kind
    usable = [e for e in inside if e.quarantined or _answered(e)] if kind in _ASKED else inside
    newest = _newest_of_each(usable) if kind in _STATES and len(usable) > 1 else usable
    deciding = [e for e in newest if not e.quarantined]
    yes, unsure = world.matching(observe.events, [e for e in deciding if e.flag is not False])
    if yes:
        return Found(True, "found", tuple(yes))
    if unsure:
        return Found(None, "undecided", tuple(unsure[-1:]))
    if len(deciding) < len(newest):
        return _set_aside([e for e in newest if e.quarantined])
    closed = world.absent(fact)
    if closed.value is False:
        return closed
    if deciding and _all_answered(world, observe.events, deciding):
        return Found(False, "denied", tuple(deciding[-3:]))
    return closed


_ASKED = ("finding", "exposure")


def _answered(event: Event) -> bool:
    """A finding or exposure that nobody asked about says nothing."""
    return event.flag is not None or event.kind not in _ASKED


def _newest_of_each(events: list[Event]) -> list[Event]:
    newest = {e.code: e for e in sorted(events, key=_said)}  # oldest first, so the last one stays
    return sorted(newest.values(), key=_when)


def _said(event: Event) -> date:
    """The day an entry speaks for: its end, else the day it was written down, which may be long after it began."""
    return event.end or event.recorded or _when(event)


def _all_answered(world: World, events: Events, deciding: list[Event]) -> bool:
    """Whether all that is asked for has an entry, so that none matching means no.

    A class has one when each of its members has, or when it is itself denied or over. A class that is denied
    answers for its members too: who has no cancer has no lymphoma.
    """
    if events.codes == ("*",):
        return False
    said = {e.code for e in deciding}
    said |= {c for e in deciding if denies(e) for c in world.rules.codes(e.code)}
    over = {e.code for e in deciding if denies(e) or e.end is not None or e.status == "resolved"}
    return all(
        code in over or said.issuperset(world.rules.codes(code)[1:] or (code,)) for code in events.codes
    )


def _set_aside(events: list[Event]) -> Found:
    """Unknown, because the newest of *events* holds something that cannot be."""
    return Found(None, "quarantined", tuple(events[-1:]), detail=events[-1].quarantined)


def _count(world: World, fact: CompiledFact, observe: Observe) -> Found:
    inside, _ = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, [e for e in inside if e.flag is not False])
    if any(e.quarantined for e in yes):
        return _set_aside([e for e in yes if e.quarantined])
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    if not yes and world.absent(fact).value is not False:
        return _MISSING
    return Found(Decimal(len(yes)), "found", tuple(yes))


def _sum(world: World, fact: CompiledFact, observe: Observe) -> Found:
    inside, _ = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    values = [_quantity(world, observe, e) for e in yes]
    if unsure or any(v is None for v in values) or any(e.quarantined for e in yes):
        return Found(None, "undecided", tuple(yes))
    if not yes and world.absent(fact).value is not False:
        return _MISSING
    return Found(sum((v for v in values if v is not None), Decimal(0)), "found", tuple(yes))


def _quantity(world: World, observe: Observe, event: Event) -> Decimal | None:
    value: Value = event.number
    if observe.field == "days_long":
        value = days_long(At(event, world.as_of, world.rules.vocabulary))
    elif observe.field == "grams_per_week":
        ran = days_long(At(event, world.as_of, world.rules.vocabulary))
        value = grams_a_week(event, ran if isinstance(ran, Decimal) else None)
    elif event.kind in ("treatment", "dispensing"):
        value = FIELDS["amount_g"][1](At(event, world.as_of, world.rules.vocabulary), ())
    return value if isinstance(value, Decimal) else None


def _days_since(world: World, fact: CompiledFact, observe: Observe) -> Found:
    """Days since the last day of the newest; none have passed while a course is running."""
    inside, _ = world.candidates(observe.events, fact.valid_for)
    usable = [e for e in inside if not e.quarantined and e.flag is not False and e.date is not None]
    yes, unsure = world.matching(observe.events, usable)
    newest = max(yes, key=lambda e: _last_day(e, world.as_of), default=None)
    perhaps = max(unsure, key=lambda e: _last_day(e, world.as_of), default=None)
    last = _last_day(newest, world.as_of) if newest else date.min
    if perhaps and _last_day(perhaps, world.as_of) > last:
        return Found(None, "undecided", (perhaps,))
    return Found(Decimal((world.as_of - last).days), "found", (newest,)) if newest else _MISSING


def _last_day(event: Event, as_of: date) -> date:
    """The last day of an event so far; of a course that is running, today."""
    last = as_of if event.kind == "treatment" and is_running(event) else event.end or _when(event)
    return last if _when(event) > as_of else min(last, as_of)


_BRIDGE_DAYS = 14


def _duration(world: World, fact: CompiledFact, observe: Observe) -> Found:
    """Days without a break up to today; courses that follow within two weeks count as one."""
    inside, _ = world.candidates(observe.events, fact.valid_for)
    dated = [e for e in inside if e.date is not None]
    yes, unsure = world.matching(observe.events, [e for e in dated if not e.quarantined])
    running = [e for e in yes if is_running(e) or (e.end is not None and e.end >= world.as_of)]
    if not running:
        return _nothing_runs(world, fact, unsure, [e for e in dated if e.quarantined])
    start = min(e.date for e in running if e.date)
    used = list(running)
    for event in reversed([e for e in yes if e not in running]):
        if event.end and event.date and (start - event.end).days <= _BRIDGE_DAYS:
            start = min(start, event.date)
            used.insert(0, event)
    return Found(Decimal((world.as_of - start).days), "found", tuple(used))


def _nothing_runs(world: World, fact: CompiledFact, unsure: list[Event], spoiled: list[Event]) -> Found:
    """No course is running for certain: not decided, set aside, or none where the list is closed."""
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    if spoiled:
        return _set_aside(spoiled)
    closed = world.absent(fact)
    if closed.value is None:
        return closed
    return Found(Decimal(0), closed.state, detail=closed.detail)


_Measuring = Callable[[World, CompiledFact, Observe], Found]
_MEASURES: dict[str, _Measuring] = {
    "latest": _newest,
    "earliest": _newest,
    "highest": _extreme,
    "lowest": _extreme,
    "exists": _exists,
    "count": _count,
    "sum": _sum,
    "days_since": _days_since,
    "duration": _duration,
    "supply_at_most": _supply,
    "supply_at_least": _supply,
    "dose": current_dose,
}


def _read(world: World, fact: CompiledFact, field: str | None, event: Event) -> Value:
    """The part of *event* that the fact speaks of, by its type unless the declaration names one."""
    if field == "days_long":
        return days_long(At(event, world.as_of, world.rules.vocabulary))
    kind = fact.signature.type
    chosen = field or (
        "number" if isinstance(kind, Number) else "text" if isinstance(kind, Category) else "flag"
    )
    value: Value = getattr(event, chosen)
    if isinstance(kind, Category) and isinstance(value, str | Decimal):
        text = fact.value_map.get(str(value), str(value))
        return text if text in kind.values else None
    if type(kind).__name__ == "Boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(fact.value_map.get(value, value))
    return value


def _index(
    record: Record, as_of: date, members: dict[str, tuple[str, ...]]
) -> dict[str, dict[str, list[Event]]]:
    """Events by kind and then code (or ``*`` for any), oldest first; ties keep the record's order.

    What was written down after the day was not known on it, however long ago it began. What denies a class
    stands under each of its members.
    """
    index: dict[str, dict[str, list[Event]]] = {}
    for event in sorted(record.events, key=_when):
        if event.recorded is not None and event.recorded > as_of:
            continue
        of_kind = index.setdefault(event.kind, {})
        of_kind.setdefault(event.code, []).append(event)
        of_kind.setdefault("*", []).append(event)
        if denies(event):
            for member in members.get(event.code, ()):
                of_kind.setdefault(member, []).append(event)
    return index


def _attestations(record: Record, as_of: date) -> dict[str, date]:
    newest: dict[str, date] = {}
    for attestation in record.attested:
        if attestation.date <= as_of and attestation.date >= newest.get(attestation.list, date.min):
            newest[attestation.list] = attestation.date
    return newest


def _when(event: Event) -> date:
    return event.date or date.min


def _too_old(event: Event, fact: CompiledFact, as_of: date) -> bool:
    return bool(fact.valid_for and event.date and event.date < back(as_of, fact.valid_for))


def _twelve(years: int | None) -> int | None:
    return None if years is None else years * 12


def _or_missing(value: Value) -> Found:
    return _MISSING if value is None else Found(value, "found")


_NO_EVENTS: list[Event] = []
_NO_KIND: dict[str, list[Event]] = {}
_MISSING = Found(None, "not recorded")
_OF_PREDICATE = {True: Found(True, "derived"), False: Found(False, "derived"), None: Found(None, "undecided")}

__all__ = ["EventScope", "Found", "Rules", "State", "TableRow", "World", "bind_derivation", "decide_table"]
