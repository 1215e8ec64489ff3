"""The reference evaluator: slow and obvious by choice; its result *is* the explanation.

``decide`` gives the bare truth; ``prove`` the same truth with the tree of how it came about. Both ask a
*scope* for the value of each term. A test holds the two equal.
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
    """*node* as a function of a scope: the same meaning as ``prove``, without the tree, and much faster."""
    return _MAKERS[type(node)](node)


def _ref(node: Ref) -> Decider:
    return lambda scope: scope.value(node)  # type: ignore[return-value]


def _constant(node: Constant) -> Decider:
    truth = node.truth
    return lambda scope: truth


def _one_of(node: OneOf) -> Decider:
    ref, values = node.ref, frozenset(node.values)

    def run(scope: Scope) -> Truth:
        value = scope.value(ref)
        return None if value is None else value in values

    return run


def _missing(node: Missing) -> Decider:
    ref = node.ref
    return lambda scope: scope.value(ref) is None


def _compared(node: Compare) -> Decider:
    """A number or category against a literal, its place in the order looked up once; anything else as proved."""
    ref, holds, right = node.left, _ORDER[node.op], node.right
    if node.order and isinstance(right, Label):
        rank = {value: place for place, value in enumerate(node.order)}
        limit = rank[right.value]

        def by_rank(scope: Scope) -> Truth:
            value = scope.value(ref)
            return None if value is None else holds(rank[value], limit)  # type: ignore[index]

        return by_rank
    if isinstance(right, Label):
        word, day = right.value, _day(right.value)

        def by_word_or_day(scope: Scope) -> Truth:
            value = scope.value(ref)
            return None if value is None else holds(value, day if isinstance(value, date) else word)

        return by_word_or_day
    if isinstance(right, Quantity):
        number = right.value

        def by_number(scope: Scope) -> Truth:
            value = scope.value(ref)
            return None if value is None else holds(value, number)

        return by_number
    return lambda scope: _compare(node, scope)


def _day(text: str) -> date | None:
    """The day that a label names, if it names one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _negated(node: Not) -> Decider:
    part = decider(node.part)

    def run(scope: Scope) -> Truth:
        truth = part(scope)
        return None if truth is None else not truth

    return run


def _is(node: Is) -> Decider:
    part, truth = decider(node.part), node.truth
    return lambda scope: part(scope) is truth


def _at_least(node: AtLeast) -> Decider:
    parts, needed = [decider(p) for p in node.parts], node.needed
    return lambda scope: at_least(needed, [p(scope) for p in parts])


def _all(node: And) -> Decider:
    parts = [decider(p) for p in node.parts]

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


def _any(node: Or) -> Decider:
    parts = [decider(p) for p in node.parts]

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


_MAKERS: dict[type, Callable[..., Decider]] = {
    Ref: _ref,
    Constant: _constant,
    Compare: _compared,
    OneOf: _one_of,
    Missing: _missing,
    Not: _negated,
    Is: _is,
    AtLeast: _at_least,
    And: _all,
    Or: _any,
}


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
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

__all__ = ["Decider", "Label", "Proof", "Quantity", "Scope", "Value", "decide", "decider", "prove"]
