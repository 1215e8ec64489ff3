"""The truth of a predicate by walking its tree: for one that is decided once, quicker than making a function of it.

What a predicate means, ``prove`` says; a test holds all ways equal.
"""

from collections.abc import Callable
from typing import Any

from atopy.criteria.evaluate import Scope, compare
from atopy.criteria.nodes import And, AtLeast, Compare, Constant, Is, Missing, Node, Not, OneOf, Or, Ref
from atopy.truth import NOT, Truth, at_least


def walk(node: Node, scope: Scope) -> Truth:
    """The truth of *node*, stopping as soon as it is decided."""
    return _WALKS[type(node)](node, scope)  # type: ignore[no-any-return]


def _junction(node: And | Or, scope: Scope) -> Truth:
    """One part that is false settles an AND, one that is true an OR."""
    settles = isinstance(node, Or)
    result: Truth = not settles
    for part in node.parts:
        truth = walk(part, scope)
        if truth is settles:
            return settles
        if truth is None:
            result = None
    return result


def _one_of(node: OneOf, scope: Scope) -> Truth:
    value = scope.value(node.ref)
    return None if value is None else value in node.values


_WALKS: dict[type, Callable[[Any, Scope], Any]] = {
    Ref: lambda node, scope: scope.value(node),
    And: _junction,
    Or: _junction,
    Not: lambda node, scope: NOT[walk(node.part, scope)],
    Is: lambda node, scope: walk(node.part, scope) is node.truth,
    AtLeast: lambda node, scope: at_least(node.needed, [walk(part, scope) for part in node.parts]),
    Compare: compare,
    OneOf: _one_of,
    Missing: lambda node, scope: scope.value(node.ref) is None,
    Constant: lambda node, scope: node.truth,
}

__all__ = ["walk"]
