"""One question to the solver, and how each general form of a property becomes questions."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from atopy.criteria import And, Node, bind
from atopy.guideline.properties import Declared, Never
from atopy.proof.grounds import Grounds
from atopy.proof.logic import Formula
from atopy.proof.worlds import Worlds

Claim = Callable[[Worlds], Formula]


class Query(NamedTuple):
    """Whether any patient meets a claim. Proved when none does; of one that is ``wanted``, when one does."""

    names: dict[str, str]  # what it is about: {"option": ..., "contraindication": ...}
    nodes: tuple[Node, ...]  # the predicates that it rests on
    claim: Claim
    given: Claim | None = None  # the claim's own condition: met by nobody, the query says nothing
    wanted: bool = False


Form = Callable[[Grounds, Any], Iterator[Query]]

FORMS: dict[type[Declared], Form] = {}
"""How a declared property of each form becomes queries. A new form registers itself here."""


def form(of: type[Declared]) -> Callable[[Form], Form]:
    """Register how properties of this form become queries."""

    def register(made: Form) -> Form:
        FORMS[of] = made
        return made

    return register


@form(Never)
def never(grounds: Grounds, declared: Never) -> Iterator[Query]:
    """No patient for whom ``when`` is true meets ``never``."""
    when, what = (grounds.predicate(text, declared.each) for text in (declared.when, declared.never))
    for member in grounds.members(declared.each, declared.among):
        yield meets(member.names, when, what)


def meets(names: dict[str, str], when: Node, what: Node) -> Query:
    """Whether a patient for whom *when* is true meets *what*."""
    given, claim = bind(when, names), bind(what, names)
    both = And((given, claim))
    return Query(names, (both,), lambda w: w.now.truth(both).true, lambda w: w.now.truth(given).true)
