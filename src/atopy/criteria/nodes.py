"""The predicate tree: frozen, typed, serialisable nodes. Only this tree has meaning.

Every engine (the Python evaluator here; SQL, CQL and Z3 elsewhere) is a visitor over these nodes.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec


class Ref(msgspec.Struct, frozen=True, gc=False, tag="ref"):
    """A named term: a fact of the patient, or of the event at hand; ``$x`` in args is a parameter."""

    name: str
    args: tuple[str, ...] = ()
    event: bool = False
    key: str = ""  # how it is written; filled in when made

    def __post_init__(self) -> None:
        if not self.key:
            written = f"{self.name}({', '.join(self.args)})" if self.args else self.name
            msgspec.structs.force_setattr(self, "key", written)

    def __str__(self) -> str:
        return self.key


class Quantity(msgspec.Struct, frozen=True, gc=False, tag="quantity"):
    """A literal number, in the unit of the term it is compared with."""

    value: Decimal


class Label(msgspec.Struct, frozen=True, gc=False, tag="label"):
    """A literal member of a category, or an ISO date."""

    value: str


class Constant(msgspec.Struct, frozen=True, gc=False, tag="constant"):
    """True or false, whatever the patient."""

    truth: bool


Operator = Literal["=", "<>", "<", "<=", ">", ">="]


class Compare(msgspec.Struct, frozen=True, gc=False, tag="compare"):
    """One term against a literal or another term; unknown when either is unknown.

    ``order`` lists the members of an ordered category from least to most.
    """

    op: Operator
    left: Ref
    right: Ref | Quantity | Label
    order: tuple[str, ...] = ()


class OneOf(msgspec.Struct, frozen=True, gc=False, tag="one_of"):
    """Whether a category is one of several members."""

    ref: Ref
    values: tuple[str, ...]


class Not(msgspec.Struct, frozen=True, gc=False, tag="not"):
    """The opposite of a predicate."""

    part: "Node"


class And(msgspec.Struct, frozen=True, gc=False, tag="and"):
    """All of the parts."""

    parts: tuple["Node", ...]


class Or(msgspec.Struct, frozen=True, gc=False, tag="or"):
    """Any of the parts."""

    parts: tuple["Node", ...]


class AtLeast(msgspec.Struct, frozen=True, gc=False, tag="at_least"):
    """At least *needed* of the parts."""

    needed: int
    parts: tuple["Node", ...]


class Is(msgspec.Struct, frozen=True, gc=False, tag="is"):
    """Whether *part* has exactly this truth (``None``: is unknown). Never unknown itself."""

    part: "Node"
    truth: bool | None


class Missing(msgspec.Struct, frozen=True, gc=False, tag="missing"):
    """Whether a term that is not a boolean has no value. Never unknown itself."""

    ref: Ref


Node = Ref | Constant | Compare | OneOf | Not | And | Or | AtLeast | Is | Missing


_MANY = (And, Or, AtLeast)
_ONE = (Not, Is)


def children(node: Node) -> tuple[Node, ...]:
    """The predicates directly inside *node*."""
    kind = type(node)
    if kind in _MANY:
        return node.parts  # type: ignore[union-attr]
    return (node.part,) if kind in _ONE else ()  # type: ignore[union-attr]


def refs(node: Node) -> Iterator[Ref]:
    """Every term that *node* speaks of, in reading order."""
    if isinstance(node, Ref):
        yield node
    elif isinstance(node, Compare):
        yield node.left
        if isinstance(node.right, Ref):
            yield node.right
    elif isinstance(node, OneOf | Missing):
        yield node.ref
    for child in children(node):
        yield from refs(child)


def clauses(node: Node) -> Iterator[Node]:
    """The leaves of *node*: the smallest parts that are true, false or unknown."""
    inner = children(node)
    if not inner:
        yield node
    for child in inner:
        yield from clauses(child)


def bind(node: Node, parameters: dict[str, str]) -> Node:
    """*node* with each ``$parameter`` in its terms replaced by a member of its domain."""
    if isinstance(node, Ref):
        return _bind_ref(node, parameters)
    if isinstance(node, Compare):
        right = _bind_ref(node.right, parameters) if isinstance(node.right, Ref) else node.right
        return msgspec.structs.replace(node, left=_bind_ref(node.left, parameters), right=right)
    if isinstance(node, OneOf | Missing):
        return msgspec.structs.replace(node, ref=_bind_ref(node.ref, parameters))
    if isinstance(node, And | Or | AtLeast):
        return msgspec.structs.replace(node, parts=tuple(bind(p, parameters) for p in node.parts))
    if isinstance(node, Not | Is):
        return msgspec.structs.replace(node, part=bind(node.part, parameters))
    return node


def _bind_ref(ref: Ref, parameters: dict[str, str]) -> Ref:
    if not any(a.startswith("$") for a in ref.args):
        return ref
    return Ref(
        ref.name, tuple(parameters.get(a[1:], a) if a.startswith("$") else a for a in ref.args), ref.event
    )


def conjunction(parts: list[Node]) -> Node:
    """All of *parts*; one stands for itself, none is true."""
    if not parts:
        return Constant(True)
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def disjunction(parts: list[Node]) -> Node:
    """Any of *parts*; one stands for itself, none is false."""
    if not parts:
        return Constant(False)
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
