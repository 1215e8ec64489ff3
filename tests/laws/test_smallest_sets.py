"""What would open a closed option, held against brute force: the sets that are told open it, and no smaller one does.

Brute force knows nothing of the search: it takes every fact that the option's status could rest on, by the mere
spelling of the rules, gives each every value that the content tells apart, and decides the option anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.scenarios.generate import Generator
from tests.scenarios.scenario import base, guidance, read_record

from atopy.criteria import Ref, Value, refs
from atopy.facts import Cases, Greatest, Observe, Product, Rules, When, World
from atopy.plan import Case
from atopy.plan.prospects import representatives
from atopy.plan.suppose import may_be_supposed, with_classes
from atopy.plan.unbar import CLOSED, STARTABLE, Opening, Unbar
from atopy.yaml_source import SourceError

TODAY = date(2026, 11, 20)
BASES = (
    "adult_worked_up",
    "woman_worked_up",
    "adolescent_severe",
    "child_moderate",
    "adult_severe",
    "hand_eczema",
)
NEVER = ("override", "preference", "note")  # acts and wishes are no facts of the patient
OPTIONS = 3  # closed options that are looked at in one record
PAIRS = 150  # pairs that are tried where three facts are said to be needed

Given = dict[Ref, Value]
Random = Any  # as drawn by Hypothesis, so that a failure can be had again


@cache
def generator() -> Generator:
    return Generator(guidance().compiled)


def made(name: str, chance: Random) -> Case:
    """A base with some events gone and what two bars rest on added."""
    start = base(name)
    events = [e for e in start.events if chance.random() > 0.1]
    bars = [c.id for t in guidance().compiled.therapies.values() for c in t.contraindicated]
    for rule in chance.sample(bars, 2):
        drafts = list(generator().drafts(Ref("rule", (rule,)), True, most=1))
        events += [e for d in drafts for e in d.events]
    data = {"atopy": 1, "patient": dict(start.patient), "attested": dict(start.attested), "events": events}
    country = chance.choice(["us", "eu", "uk"])
    return Case(guidance(), read_record(data), TODAY, country, traced=False)


# -- brute force


def facts_behind(rules: Rules, option: str) -> Iterator[Ref]:
    """Every fact of the patient that the rules of an option's status speak of, in the end."""
    todo, seen = [Ref("option_status", (option,))], set()
    while todo:
        ref = todo.pop()
        if ref.key in seen or ref.event:
            continue
        seen.add(ref.key)
        fact = rules.facts[ref.name]
        derivation = rules.derivation(fact, ref.args)
        if isinstance(derivation, When):
            todo += refs(derivation.node)
        elif isinstance(derivation, Cases):
            for row in derivation.rows:
                todo += [*refs(row.when), *([row.then_value] if row.then_value else [])]
        elif isinstance(derivation, Greatest | Product):
            todo += [Ref(n) for n in derivation.names]
        decided = isinstance(derivation, When | Cases) and not fact.question
        wished = isinstance(derivation, Observe) and derivation.events.kind in NEVER
        if may_be_supposed(fact) and not decided and not wished:
            yield ref


def of_setting(rules: Rules) -> set[str]:
    """The kind of practice, and what it rests on: an option is no nearer for being begun elsewhere."""
    node = rules.derivation(rules.facts["care_setting"], ())
    rows = node.rows if isinstance(node, Cases) else ()
    return {"care_setting", "deceased", *(r.key for row in rows for r in refs(row.when))}


@cache
def universe(option: str) -> tuple[tuple[Ref, Value], ...]:
    rules, values = guidance().rules, representatives(guidance())
    never = of_setting(rules)
    return tuple((r, v) for r in facts_behind(rules, option) if r.key not in never for v in values.of(r))


def opened(case: Case, option: str, facts: Given) -> bool:
    """Whether an option can be started in a world of its own, with no bar that was not there before."""
    bar = Ref("contraindicated_relative", (option,))
    world = World(
        case.guidance.rules, case.record, case.as_of, case.world.country, with_classes(case.world, facts)
    )
    if world.value(Ref("option_status", (option,))) not in STARTABLE:
        return False
    return world.value(bar) is not True or case.world.value(bar) is True


def singles(case: Case, option: str) -> list[tuple[Ref, Value]]:
    """Every single fact that opens the option. Worlds are derived here, for there are hundreds."""
    bar, status = Ref("contraindicated_relative", (option,)), Ref("option_status", (option,))
    found = []
    for ref, value in universe(option):
        if case.world.value(ref) == value:
            continue
        world = case.world.supposing(with_classes(case.world, {ref: value}))
        no_worse = world.value(bar) is not True or case.world.value(bar) is True
        if world.value(status) in STARTABLE and no_worse:
            found.append((ref, value))
    return found


def pairs(case: Case, option: str, told: tuple[Opening, ...], chance: Random) -> Iterator[Given]:
    """Pairs of facts: all of those that are told, with every value, and others by chance."""
    every = universe(option)
    named = {p.ref for o in told for p in o.parts}
    close = [(r, v) for r, v in every if r in named]
    yield from (dict(pair) for pair in combinations(close, 2) if pair[0][0] != pair[1][0])
    for _ in range(PAIRS):
        pair = chance.sample(every, 2)
        if pair[0][0] != pair[1][0]:
            yield dict(pair)


# -- the law


@given(st.sampled_from(BASES), st.randoms(use_true_random=True))
@settings(max_examples=3, deadline=None, phases=(Phase.generate,))
def test_the_sets_told_are_the_smallest(name: str, chance: Random) -> None:
    try:
        case = made(name, chance)
    except SourceError:
        return  # the pieces do not go together as a record; the next may
    closed = [o for o in case.compiled.therapies if case.value("option_status", o) in CLOSED]
    search = Unbar(case.world, representatives(case.guidance))
    for option in chance.sample(closed, min(OPTIONS, len(closed))):
        told = tuple(o for o in search.sets(option) if o.opens)
        for opening in told:
            claim(case, option, opening)
        least = min((len(o.parts) for o in told), default=None)
        if least != 1:
            assert not singles(case, option), f"{option}: one fact does, {least} were told"
        if least == 3:
            for two in pairs(case, option, told, chance):
                assert not opened(case, option, two), f"{option}: {two} does, three were told"


def claim(case: Case, option: str, opening: Opening) -> None:
    """A set opens the option with each of the values told, and no part of it does."""
    facts = {p.ref: p.value for p in opening.parts}
    either_way = any(p.also for p in opening.parts)
    for part in opening.parts:
        for value in (part.value, *part.also):
            status = opened(case, option, facts | {part.ref: value})
            assert status or either_way, f"{option}: {facts} with {part.ref}={value} does not open it"
    for size in range(len(facts)):
        for fewer in combinations(facts.items(), size):
            assert not opened(case, option, dict(fewer)), f"{option}: {dict(fewer)} is enough"
