"""What is handed to the solver means what the reference evaluator says: generated predicates, tables and records."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.plans import compiled
from tests.laws.generated import (
    BOOLEANS,
    DAYS,
    LEXICON,
    NUMBERS,
    ORDERED,
    PLAIN,
    TODAY,
    predicates,
    records,
    worlds,
)
from tests.proof.evaluated import Evaluated
from tests.scenarios.scenario import FOLDER, Given, data_of, read_record
from tests.scenarios.scenario import guidance as clinical
from tests.spec.engines import Terms

from atopy.criteria import Node, Ref, Value, prove
from atopy.facts import Cases, CompiledFact, Events, Observe, Rules, TableRow, World, decide_table
from atopy.proof.laws import Laws
from atopy.proof.logic import FALSE, TRUE, UNKNOWN, Rails, at_least, every, some
from atopy.proof.space import Space
from atopy.record import Record
from atopy.truth import AND, NOT, OR, VALUES, Truth
from atopy.truth import at_least as counted

OF: dict[Truth, Rails] = {True: TRUE, False: FALSE, None: UNKNOWN}


def free(signature, name: str = "x") -> CompiledFact:
    """A fact straight from a record."""
    return CompiledFact(name, signature, Observe("latest", Events("measure", ("*",))), {"en": name})


NAMED = {
    ref.name: free(LEXICON.signature(ref.name), ref.name)
    for ref in (*BOOLEANS, *NUMBERS, *ORDERED, *PLAIN, *DAYS)
}


def space(**more: CompiledFact) -> Space:
    return Space(Rules(NAMED | more, compiled().vocabulary))


@pytest.mark.parametrize("one", VALUES)
def test_the_rails_are_the_truth_tables(one: Truth) -> None:
    assert ~OF[one] == OF[NOT[one]]
    for other in VALUES:
        assert every([OF[one], OF[other]]) == OF[AND[one, other]]
        assert some([OF[one], OF[other]]) == OF[OR[one, other]]
        for third in VALUES:
            for needed in (1, 2, 3):
                three = [one, other, third]
                assert at_least(needed, [OF[t] for t in three]) == OF[counted(needed, three)]


@given(predicates, worlds)
@settings(max_examples=300)
def test_a_predicate_means_what_the_reference_says(node: Node, values: dict[str, Value]) -> None:
    made = space()
    rails = made.truth(node)
    one = Evaluated(made, values)
    one.settle()
    assert one.truth(rails) is prove(node, Terms(values)).truth


outcomes = st.sampled_from(("a", "b", "c"))
rows = st.builds(
    TableRow, predicates, outcomes, st.one_of(outcomes, st.just("next")), then_value=st.none()
)  # fmt: skip
tables = st.builds(Cases, st.lists(rows, max_size=4).map(tuple), st.one_of(st.none(), outcomes))


@given(tables, worlds)
@settings(max_examples=200)
def test_a_table_means_what_the_reference_says(table: Cases, values: dict[str, Value]) -> None:
    from atopy.criteria import Category, Signature

    fact = CompiledFact("table", Signature(Category(("a", "b", "c"))), table, {"en": "table"})
    assert (
        Evaluated(space(table=fact), values).value(Ref("table")) == decide_table(table, Terms(values)).value
    )


def agree(
    rules: Rules, made: Space, record: Record, terms: list[Ref], as_of: date, country: str | None = None
) -> None:
    """Each term has in the space the value that it has in the world, once the free ones have it."""
    world = World(rules, record, as_of, country)
    for ref in terms:
        made.term(ref)
    one = Evaluated(made, {key: world.value(ref) for key, ref in made.free.items()})
    one.settle()
    wrong = {
        ref.key: (found, world.value(ref))
        for ref in terms
        if _rounded(found := one.value(ref)) != _rounded(world.value(ref))
    }
    assert wrong == {}


def _rounded(value: Value) -> Value:
    return round(value, 20) if isinstance(value, Decimal) else value


def terms_of(rules: Rules, domains: Mapping[str, tuple[str, ...]]) -> list[Ref]:
    found: list[Ref] = []
    for name, fact in rules.facts.items():
        if not fact.signature.event:
            of = fact.signature.parameters
            found += [Ref(name, (m,)) for m in domains[of[0]]] if of else [Ref(name)]
    return found


TOY = Rules(compiled().facts, compiled().vocabulary)
TOY_SPACE = Space(TOY)
TOY_TERMS = terms_of(TOY, compiled().domains)
for (
    _term
) in TOY_TERMS:  # all of them at once, for what a space takes for granted grows with what it was asked
    TOY_SPACE.term(_term)


@given(records)
@settings(max_examples=60)
def test_the_toy_means_what_its_world_says(record: Record) -> None:
    agree(TOY, TOY_SPACE, record, TOY_TERMS, TODAY)


BASES = [p.stem for p in sorted((FOLDER / "bases").glob("*.yaml"))]


@pytest.mark.parametrize("base", BASES)
def test_the_guideline_means_what_its_world_says(base: str) -> None:
    """Every term that anything decided rests on, for the made-up patients that the scenarios start from."""
    guideline = clinical().compiled
    rules = Rules(guideline.facts, guideline.vocabulary)
    decided = [
        Ref("headline"),
        *(Ref(n, (o,)) for o in guideline.domains["option"] for n in ("option_status", "taken_action")),
    ]
    made = Space(rules)
    for ref in decided:
        made.term(ref)
    under = [ref for ref in map(_ref, made.terms) if ref.name in rules.facts]
    agree(rules, made, read_record(data_of(Given(base))), under, TODAY)


def _ref(key: str) -> Ref:
    name, _, args = key.partition("(")
    return Ref(name, (args[:-1],) if args else ())


@given(records)
@settings(max_examples=40)
def test_the_laws_hold_of_every_record(record: Record) -> None:
    """What a proof takes for granted of every patient is so."""
    keep_the_laws(TOY, TOY_SPACE, record, TODAY)


def keep_the_laws(rules: Rules, made: Space, record: Record, as_of: date, country: str | None = None) -> None:
    world = World(rules, record, as_of, country)
    laws = Laws(made).fresh()
    one = Evaluated(made, {key: world.value(ref) for key, ref in made.free.items()})
    one.settle()
    assert [law for law in laws if not one.holds(law)] == []
