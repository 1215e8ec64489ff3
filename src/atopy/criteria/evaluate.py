"""The reference evaluator: slow and obvious by choice; its result *is* the explanation.

``prove`` asks a *scope* for the value of each term. ``atopy.criteria.quick`` gives the same truth without the
tree of how it came about; a test holds the two equal.
"""

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Protocol

import msgspec

from atopy.criteria.nodes import (
    And,
    AtLeast,
    Compare,
    Constant,
    Is,
    Missing,
    Node,
    Not,
    OneOf,
    Or,
    Ref,
    children,
)
from atopy.truth import NOT, Truth, at_least, every, some

Value = bool | Decimal | str | date | None


class Scope(Protocol):
    """Where terms get their values: a patient as of a date, or one event of theirs."""

    def value(self, ref: Ref) -> Value:
        """The value of *ref*, None when unknown."""


class Proof(msgspec.Struct, frozen=True, gc=False):
    """How a predicate came to its truth: each part, and the value of each term used."""

    node: Node
    truth: Truth
    parts: tuple["Proof", ...] = ()
    terms: tuple[Ref, ...] = ()


def prove(node: Node, scope: Scope) -> Proof:
    """The truth of *node* with the whole tree behind it; every part is evaluated."""
    parts = tuple(prove(child, scope) for child in children(node))
    truths = [p.truth for p in parts]
    if isinstance(node, And):
        return Proof(node, every(truths), parts)
    if isinstance(node, Or):
        return Proof(node, some(truths), parts)
    if isinstance(node, AtLeast):
        return Proof(node, at_least(node.needed, truths), parts)
    if isinstance(node, Not):
        return Proof(node, NOT[truths[0]], parts)
    if isinstance(node, Is):
        return Proof(node, truths[0] is node.truth, parts)
    return _prove_leaf(node, scope)


def _prove_leaf(node: Node, scope: Scope) -> Proof:
    if isinstance(node, Ref):
        return Proof(node, _truth(scope.value(node)), (), (node,))
    if isinstance(node, Compare):
        terms = (node.left, node.right) if isinstance(node.right, Ref) else (node.left,)
        return Proof(node, compare(node, scope), (), terms)
    if isinstance(node, OneOf):
        value = scope.value(node.ref)
        return Proof(node, None if value is None else value in node.values, (), (node.ref,))
    if isinstance(node, Missing):
        return Proof(node, scope.value(node.ref) is None, (), (node.ref,))
    assert isinstance(node, Constant)
    return Proof(node, node.truth)


def _truth(value: Value) -> Truth:
    assert value is None or isinstance(value, bool), "a predicate's term must be a boolean"
    return value


def compare(node: Compare, scope: Scope) -> Truth:
    """A comparison of two terms, or of a term and a literal."""
    left = scope.value(node.left)
    if left is None:
        return None
    if isinstance(node.right, Ref):
        right = scope.value(node.right)
    else:
        right = node.right.value
    if right is None:
        return None
    if isinstance(left, date):
        left = left.isoformat()
        right = right.isoformat() if isinstance(right, date) else right
    if node.order:
        return _ORDER[node.op](node.order.index(str(left)), node.order.index(str(right)))
    return _ORDER[node.op](left, right)


_ORDER: dict[str, Callable[..., bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

__all__ = ["Proof", "Scope", "Value", "compare", "prove"]
