"""Each derivation as a function of a patient's world: made once for all patients, or walked for the first."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from atopy.criteria import Category, Chooser, Ref, Value, walk
from atopy.facts.change import change_since
from atopy.facts.compiled import (
    Cases,
    ChangeSince,
    CompiledFact,
    DaysOverdue,
    Demographic,
    Derivation,
    Greatest,
    Observe,
    Product,
    When,
)  # fmt: skip
from atopy.facts.demographics import demographic
from atopy.facts.exists import Exists
from atopy.facts.found import MISSING, Found
from atopy.facts.measures import MEASURES
from atopy.facts.supply import multiplied
from atopy.facts.tables import walk_rows
from atopy.facts.timing import here, strictest

if TYPE_CHECKING:
    from atopy.facts.rules import Rules
    from atopy.facts.world import World

Run = Callable[["World"], Value]
Runner = Callable[["World"], Found]


def run_of(rules: "Rules", fact: CompiledFact, derivation: Derivation, slot: int) -> Run:
    """A derivation as a function of a world. Of a predicate the truth alone says how it was come by."""
    if isinstance(derivation, When):
        return rules.decider(derivation.node)
    if isinstance(derivation, Cases):
        return _Table(rules, derivation, slot, rules.chooser(derivation)).value
    if isinstance(derivation, Observe) and derivation.measure == "exists":
        return Exists(rules, fact, derivation, slot).value
    return _kept(_runner(rules, fact, derivation), slot)


def walked(rules: "Rules", derivation: When | Cases, slot: int) -> Run:
    """A predicate or table for the first patient."""
    if isinstance(derivation, When):
        node = derivation.node
        return lambda world: walk(node, world)
    table = derivation
    return _Table(rules, table, slot, lambda world: walk_rows(table, world)).value


def _kept(runner: Runner, slot: int) -> Run:
    """The value alone; the world keeps how it was come by."""

    def run(world: "World") -> Value:
        found = world.reasons[slot] = runner(world)
        return found.value

    return run


def _runner(rules: "Rules", fact: CompiledFact, derivation: Derivation) -> Runner:
    if isinstance(derivation, Observe):
        observe, measure = derivation, MEASURES[derivation.measure]
        return lambda world: measure(world, fact, observe)
    if isinstance(derivation, Demographic):
        what = derivation.what
        return lambda world: demographic(world.record.patient, world.country, world.as_of, what)
    if isinstance(derivation, ChangeSince):
        change = derivation
        return lambda world: change_since(world, fact, change)
    if isinstance(derivation, Product):
        product = derivation
        return lambda world: _multiplied(world, product)
    if isinstance(derivation, DaysOverdue):
        asked = derivation
        return lambda world: _overdue(world, asked)
    assert isinstance(derivation, Greatest)
    several = derivation
    return lambda world: _greatest(world, fact, several)


class _Table:
    """As ``decide_table``, its outcomes made once; a row may give another fact's value."""

    __slots__ = ("_choose", "_outcomes", "_passed", "_slot")

    def __init__(self, rules: "Rules", table: Cases, slot: int, choose: Chooser) -> None:
        self._slot = slot
        self._choose = choose
        self._outcomes = rules.outcomes(table)
        refs = (row.then_value for row in table.rows for _ in range(2))
        self._passed = {place: ref for place, ref in enumerate(refs) if ref is not None and not place % 2}

    def value(self, world: "World") -> Value:
        """The value; the world keeps how it was come by."""
        place = self._choose(world)
        found = self._outcomes[place]
        if self._passed and place in self._passed:
            found = passed_on(found, world.find(self._passed[place]))
        world.reasons[self._slot] = found
        return found.value


def passed_on(won: Found, found: Found) -> Found:
    """The outcome of a row that gives another fact's value, with that fact's reason unless it has its own."""
    return Found(found.value, "derived", row=won.row, detail=won.detail or found.detail)


def _greatest(world: "World", fact: CompiledFact, derivation: Greatest) -> Found:
    """The gravest of several ordered facts; the first named of those that are equally grave."""
    assert isinstance(fact.signature.type, Category)
    order = fact.signature.type.values
    known = [(n, world.value(Ref(n))) for n in derivation.names]
    ranked = [(order.index(str(v)), -i, n) for i, (n, v) in enumerate(known) if v is not None]
    if not ranked:
        return MISSING
    rank, _, name = max(ranked)
    return Found(order[rank], "derived", world.find(Ref(name)).events, detail=name)


def _overdue(world: "World", asked: DaysOverdue) -> Found:
    """How many days past its last day a repeated test is."""
    course = world.course(asked.taken, asked.courses)
    if course is None:
        return MISSING
    last, events = world.done(asked.covers, course.start)
    due = strictest(here(asked.timetables, world.country), course.start, course.increases, last)
    if due is None:
        return Found(None, "not recorded", course.events)
    return Found(Decimal((world.as_of - due[1].latest).days), "found", (*course.events, *events))


def _multiplied(world: "World", product: Product) -> Found:
    """The product of facts; where one is unknown, that one says why."""
    used = [world.find(Ref(name)) for name in (*product.names, *product.over)]
    for found in used:
        if found.value is None:
            return Found(None, found.state, found.events, detail=found.detail)
    numbers = [found.value for found in used if isinstance(found.value, Decimal)]
    value = multiplied(product, numbers)
    events = tuple({e.id: e for found in used for e in found.events}.values())
    return Found(value, "undecided" if value is None else "derived", events)
