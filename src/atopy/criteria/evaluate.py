"""The reference evaluator: slow and obvious by choice; its result *is* the explanation.

``decide`` gives the bare truth; ``prove`` the same truth with the tree of how it came about. Both ask a
*scope* for the value of each term. A test holds the two equal.
"""

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
    Label,
    Missing,
    Node,
    Not,
    OneOf,
    Or,
    Quantity,
    Ref,
    children,
)
from atopy.truth import NOT, Truth, at_least, every, some

Value = bool | Decimal | str | date | None


class Scope(Protocol):
    """Where terms get their values: a patient as of a date, or one event of theirs."""

    def value(self, ref: Ref) -> Value:
        """The value of *ref*, None when unknown."""


class Proof(msgspec.Struct, frozen=True):
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
        return Proof(node, _compare(node, scope), (), terms)
    if isinstance(node, OneOf):
        value = scope.value(node.ref)
        return Proof(node, None if value is None else value in node.values, (), (node.ref,))
    if isinstance(node, Missing):
        return Proof(node, scope.value(node.ref) is None, (), (node.ref,))
    assert isinstance(node, Constant)
    return Proof(node, node.truth)


def decide(node: Node, scope: Scope) -> Truth:
    """The truth of *node*, stopping as soon as it is decided."""
    return decider(node)(scope)


Decider = Callable[[Scope], Truth]


def decider(node: Node) -> Decider:
    """*node* as a function of a scope: the same meaning as ``prove``, without the tree."""
    if isinstance(node, Ref):
        return lambda scope: _truth(scope.value(node))
    if isinstance(node, And):
        return _all([decider(p) for p in node.parts])
    if isinstance(node, Or):
        return _any([decider(p) for p in node.parts])
    if isinstance(node, Not):
        inner = decider(node.part)
        return lambda scope: NOT[inner(scope)]
    if isinstance(node, Is):
        part, truth = decider(node.part), node.truth
        return lambda scope: part(scope) is truth
    if isinstance(node, AtLeast):
        parts, needed = [decider(p) for p in node.parts], node.needed
        return lambda scope: at_least(needed, [p(scope) for p in parts])
    return lambda scope: _prove_leaf(node, scope).truth


def _all(parts: list[Decider]) -> Decider:
    def run(scope: Scope) -> Truth:
        result: Truth = True
        for part in parts:
            truth = part(scope)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    return run


def _any(parts: list[Decider]) -> Decider:
    def run(scope: Scope) -> Truth:
        result: Truth = False
        for part in parts:
            truth = part(scope)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result

    return run


def _truth(value: Value) -> Truth:
    assert value is None or isinstance(value, bool), "a predicate's term must be a boolean"
    return value


def _compare(node: Compare, scope: Scope) -> Truth:
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
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}

__all__ = ["Decider", "Label", "Proof", "Quantity", "Scope", "Value", "decide", "decider", "prove"]
