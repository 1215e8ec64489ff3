"""Properties of decision tables: none leaves a patient without an outcome, and none has a row that nobody reaches."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from atopy.criteria import Node, Ref
from atopy.facts import Cases, CompiledFact
from atopy.guideline.rule_properties import Complete, Reached
from atopy.proof.grounds import Grounds
from atopy.proof.logic import Formula, conjunction, disjunction, negation
from atopy.proof.query import Query, form
from atopy.proof.worlds import Worlds


class _Table(NamedTuple):
    """One table of the content, for each member that it is asked of."""

    name: str
    fact: CompiledFact
    bound: tuple[Cases, ...]  # one for each member; one alone where it takes none

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All that decides, and what is passed on."""
        rows = [row for cases in self.bound for row in cases.rows]
        return tuple(n for row in rows for n in (row.when, row.then_value) if n is not None)

    @property
    def form(self) -> bytes:
        """What of it is no predicate: what an undecided row does, and what no row gives."""
        cases = self.bound[0]
        return msgspec.msgpack.encode(
            ([r.unknown == "next" for r in cases.rows], cases.otherwise, self.fact.partial)
        )


def _tables(grounds: Grounds, chosen: Sequence[str]) -> Iterator[_Table]:
    """The decision tables of the patient. One of a course is read off its events, and is no formula."""
    for name, fact in grounds.compiled.facts.items():
        if not fact.table or fact.signature.event or (chosen and name not in chosen):
            continue
        terms = [Ref(name)]
        if fact.signature.parameters:
            terms = [Ref(name, (m,)) for m in grounds.compiled.domains[fact.signature.parameters[0]]]
        bound = [grounds.rules.derivation(fact, term.args) for term in terms]
        yield _Table(name, fact, tuple(cases for cases in bound if isinstance(cases, Cases)))


@form(Reached)
def reached(grounds: Grounds, declared: Reached) -> Iterator[Query]:
    """Each row wins for somebody, and so does what it says where it cannot be decided."""
    for table in _tables(grounds, declared.tables):
        nodes, shape = table.nodes, table.form
        for place, row in enumerate(table.bound[0].rows):
            ways = [(f"{table.name}[{place}]", True)]
            if row.unknown != "next":
                ways.append((f"{table.name}[{place}].unknown", False))
            for name, decided in ways:
                wanted = name not in declared.apart_from
                names = {"table": table.name, "row": name, "when": _said(row.because, place)}
                yield _wins(names, table, place, decided, wanted)._replace(
                    nodes=nodes, also=shape + bytes([wanted])
                )


def _said(because: str | None, place: int) -> str:
    return because or f"row {place + 1}"


def _wins(names: dict[str, str], table: _Table, place: int, decided: bool, wanted: bool) -> Query:
    """Whether a row of the table wins for somebody, for any member."""

    def claim(worlds: Worlds) -> Formula:
        return disjunction(_won(worlds, cases, place, decided) for cases in table.bound)

    return Query(names, (), claim, wanted=wanted)


def _won(worlds: Worlds, cases: Cases, place: int, decided: bool) -> Formula:
    """When a row wins: none before it does."""
    row = worlds.now.truth(cases.rows[place].when)
    return conjunction([_left(worlds, cases, place), row.true if decided else row.unknown])


def _left(worlds: Worlds, cases: Cases, place: int) -> Formula:
    """When no row before *place* wins."""
    before = []
    for row in cases.rows[:place]:
        rails = worlds.now.truth(row.when)
        before.append(negation(rails.true) if row.unknown == "next" else rails.false)
    return conjunction(before)


@form(Complete)
def complete(grounds: Grounds, declared: Complete) -> Iterator[Query]:
    """Nobody is left without an outcome, of whom every row is decided; or somebody is, and the table says why."""
    for table in _tables(grounds, declared.tables):
        names = {"table": table.name}
        wanted = table.fact.partial is not None
        yield _falls_through(names, table, wanted)._replace(also=table.form)


def _falls_through(names: dict[str, str], table: _Table, wanted: bool) -> Query:
    def claim(worlds: Worlds) -> Formula:
        if table.bound[0].otherwise is not None:
            return False
        return disjunction(
            conjunction(worlds.now.truth(row.when).false for row in cases.rows) for cases in table.bound
        )

    return Query(names, table.nodes, claim, wanted=wanted)


__all__ = ["complete", "reached"]
