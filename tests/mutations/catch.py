"""What catches a mutation: the reading of the content, its lints, its proofs, or a scenario that the change touches."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from tests.mutations.mutation import Mutation, mutated, original
from tests.mutations.touched import Touched, touched
from tests.scenarios.grammar import failures
from tests.scenarios.scenario import (
    Scenario,
    Using,
    carry_out,
    case_of,
    data_of,
    expected,
    read_record,
    scenarios,
    shipped,
    using,
)

from atopy.facts import World
from atopy.guideline import Compiled
from atopy.guideline.compile import compile_content_of
from atopy.guideline.lint import LINTS
from atopy.proof import Asked, Prover, asked_of
from atopy.record import Record


class Catch(NamedTuple):
    """By what a mutation was caught: each means, and the first that it says."""

    reading: str | None = None
    lints: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    scenario: str | None = None

    @property
    def caught(self) -> bool:
        return bool(self.reading or self.lints or self.proofs or self.scenario)


def catch(mutation: Mutation) -> Catch:
    """Make the edit, then read, lint, prove and carry out what it touches; the cheaper means before the dearer."""
    content = mutated(mutation)
    compiled, problems = compile_content_of(content, mutation.id)
    found = [*content.problems, *problems]
    if compiled is None or found:
        return Catch(reading=found[0].message if found else "cannot be read")
    lints = tuple(check.__name__ for check in LINTS if any(True for _ in check(content, compiled)))
    change = touched(original(), content, before(), compiled)
    there = using(compiled)
    scenario = first_failure(naming(change), there, change)
    proofs = refuted(compiled, mutation.breaks)
    if not lints and not scenario and not proofs:
        scenario = first_failure(concerned(there, change), there, change)
    return Catch(None, lints, proofs, scenario)


@cache
def before() -> Compiled:
    """The shipped content, compiled from what was read as every mutation is."""
    compiled, problems = compile_content_of(original(), "original")
    assert compiled is not None and not problems
    return compiled


@cache
def prover() -> Prover:
    """The shipped content, ready to be proved."""
    return Prover(before())


@cache
def asked(property_: str) -> Asked:
    """What the queries of a property rest on in the shipped content, where tests/proof proves it."""
    return asked_of(prover(), property_)


def refuted(compiled: Compiled, properties: Iterable[str]) -> tuple[str, ...]:
    """Those of the properties that do not hold any more; only what rests on the change is proved again."""
    changed = Prover(compiled)
    return tuple(p for p in properties if changed.refuted(p, prover(), asked(p)))


# -- scenarios


@cache
def record_of(key: str) -> Record:
    """The record of a scenario, read once."""
    return read_record(data_of(scenarios()[key].record), key)


@cache
def world_of(key: str) -> World:
    """The facts of a scenario with the shipped content."""
    return case_of(scenarios()[key], shipped(), record_of(key)).world


def first_failure(asked: Iterable[tuple[str, Scenario]], content: Using, change: Touched) -> str | None:
    """The first of these scenarios that the changed content fails."""
    return next((key for key, scenario in asked if fails(key, scenario, content, change)), None)


def fails(key: str, scenario: Scenario, content: Using, change: Touched) -> bool:
    """Whether the plan of a scenario no longer holds one of its lines, or there is no plan."""
    record = None if change.words else record_of(key)
    try:
        return bool(failures(carry_out(scenario, content, record), expected(scenario)))
    except (KeyError, ValueError, AssertionError):
        return True  # what a scenario names is no longer there


def naming(change: Touched) -> Iterator[tuple[str, Scenario]]:
    """The scenarios that name what was changed."""
    return ((key, s) for key, s in scenarios().items() if _names(s, change.ids))


def concerned(content: Using, change: Touched) -> Iterator[tuple[str, Scenario]]:
    """The others that a change touches: those in whose record a changed term is worth something else, then those that
    name what it stands in."""
    named = {key for key, _ in naming(change)}
    left = {key: s for key, s in scenarios().items() if key not in named}
    for key, scenario in list(left.items()):
        if change.words or differs(key, scenario, content, change):
            del left[key]
            yield key, scenario
    for key, scenario in left.items():
        if _names(scenario, change.owners):
            yield key, scenario


def _names(scenario: Scenario, ids: frozenset[str]) -> bool:
    said = " ".join(expected(scenario)).replace(",", " ").replace(":", " ").split()
    return not ids.isdisjoint(said) or any(word.startswith(f"{id_}-") for word in said for id_ in ids)


def differs(key: str, scenario: Scenario, content: Using, change: Touched) -> bool:
    """Whether a changed term is worth something else to this record; no other term can be then."""
    if not change.terms:
        return False
    old, new = world_of(key), case_of(scenario, content, record_of(key)).world
    try:
        return any(old.value(ref) != new.value(ref) for ref in change.terms)
    except KeyError:
        return True  # a term that only one of them has
