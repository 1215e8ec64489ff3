"""One question to the solver."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from atopy.criteria import Node
from atopy.guideline.properties import Declared
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
    shown: Node | None = None  # what is true of a record that shows the claim; none where no one record can
    learns: bool = False  # it speaks of what is known later, too
    also: bytes = b""  # whatever else it rests on, beside predicates: a dose, the form of a table


Form = Callable[[Grounds, Any], Iterator[Query]]

FORMS: dict[type[Declared], Form] = {}
"""How a declared property of each form becomes queries. A new form registers itself here."""


def form(of: type[Declared]) -> Callable[[Form], Form]:
    """Register how properties of this form become queries."""

    def register(made: Form) -> Form:
        FORMS[of] = made
        return made

    return register
