"""The facts of a guideline, ready to run over any number of patients."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from atopy.criteria import (
    Chooser,
    Decider,
    Node,
    Ref,
    Value,
    decider,
)
from atopy.facts.binding import bind_derivation
from atopy.facts.compiled import Cases, CompiledFact, CoverOfSites, Derivation, Events, When
from atopy.facts.event_scope import EventRun
from atopy.facts.exists import answered
from atopy.facts.fields import FIELDS
from atopy.facts.found import Found
from atopy.facts.needs import ALWAYS, Needs
from atopy.facts.runners import Run, run_of, walked
from atopy.facts.sites import cover_of_sites
from atopy.facts.tables import all_outcomes, table_chooser
from atopy.facts.touched import Touched
from atopy.record import Event, Vocabulary

if TYPE_CHECKING:
    from atopy.facts.world import World

Made = TypeVar("Made")
_DAYS_KEPT = 8
_SIDE_BY_SIDE = 2048  # places made at once, near to each other in memory: each world touches thousands
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
        self.touched = Touched()
        self.asked: list[int] = []  # slots of the terms that somebody has asked for
        self.read: dict[int, None] = {}  # likewise of those that were asked of a patient of a block
        self.predicates: set[int] = set()  # slots of terms of which the truth alone says how it was come by
        self._worlds = 0
        self._same: dict[int, int] = {}  # equal masks as one: they are read all the time
        self._slots: dict[str, int] = {}
        self._places: list[int] = []
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
        self._codes_of: dict[tuple[str, ...], dict[str, int]] = {}
        self._same_codes: dict[tuple[str, ...], dict[str, int]] = {}
        self._derivations: dict[int, Derivation] = {}  # by slot
        self._bound: dict[tuple[str, str], Derivation] = {}
        self._codes: dict[str, tuple[str, ...]] = {}
        self.blank: dict[date, World] = {}  # the empty record as of a day: see ``blank_of``

    def slot(self, ref: Ref) -> int:
        """The place of a term, given on first use; how it is derived is looked up when it is first asked for."""
        known = self._slots.get(ref.key)
        if known is None:
            if len(self.refs) == len(self._places):
                self._places += range(len(self.refs), len(self.refs) + _SIDE_BY_SIDE)
            known = self._slots[ref.key] = self._places[len(self.refs)]
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
        self.touched.settle(slot, mask)

        def made(world: "World") -> Value:
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

    def codes_of(self, codes: tuple[str, ...]) -> dict[str, int]:
        """Each of these codes with the members of its class, numbered, for the look-up in a record's index."""
        known = self._codes_of.get(codes)
        if known is None:
            every = (c for code in codes for c in (self.codes(code) if code != "*" else ("*",)))
            listed = tuple(dict.fromkeys(every))
            known = self._same_codes.setdefault(listed, {code: n for n, code in enumerate(listed)})
            self._codes_of[codes] = known
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
