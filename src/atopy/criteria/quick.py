"""The quick form of a predicate: a Python function, its body written from the tree.

Trees of one *shape* (the same nodes over other terms and literals) share one body, so thousands of predicates
need a few hundred. The text of a body is made of the fixed phrases below and of numbered names, never of
anything that content says: terms and literals are handed to it as values. What a predicate means, ``prove``
says; a test holds the two equal.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from types import FunctionType
from typing import Any, Protocol, cast

from atopy.criteria.evaluate import Scope, Value, compare
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
)
from atopy.truth import Truth, at_least


class Unset:
    """Stands where a term has not been asked for yet; None would say that it is unknown."""


UNSET = Unset()


class Slots(Protocol):
    """A scope that keeps the value of each term in a list, at a place of its own."""

    values: list[Value | Unset]

    def fill(self, slot: int) -> Value:
        """The value of the term with this place, which is not in the list yet; it is from now on."""

    def value(self, ref: Ref) -> Value:
        """The value of *ref*, None when unknown."""


Decider = Callable[[Any], Truth]
"""Takes the scope."""


def decider(node: Node, slot: Callable[[Ref], int] | None = None) -> Decider:
    """*node* as a function of a scope; with *slot*, which gives the place of each term, of a scope with slots."""
    return _Body(slot).function(node)


def decide(node: Node, scope: Scope) -> Truth:
    """The truth of *node*, stopping as soon as it is decided."""
    return decider(node)(scope)


_HOLDS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class _Body:
    """The lines of one function, and the values that they speak of as ``g0``, ``g1`` ..."""

    def __init__(self, slot: Callable[[Ref], int] | None) -> None:
        self.slot = slot
        self.lines: list[str] = ["values = scope.values"] if slot else []
        self.given: list[object] = []

    def function(self, node: Node) -> Decider:
        if isinstance(node, And):
            self.junction(node, start="True", ends="False")
        elif isinstance(node, Or):
            self.junction(node, start="False", ends="True")
        elif isinstance(node, AtLeast):
            self.count(node)
        else:
            self.truth(node)
            self.lines.append("return t")
        made = _body("\n ".join(self.lines), len(self.given))
        return cast(Decider, FunctionType(made.__code__, made.__globals__, "run", tuple(self.given)))

    def junction(self, node: And | Or, start: str, ends: str) -> None:
        """Each part in turn, up to one that settles it."""
        self.lines.append(f"result = {start}")
        for part in node.parts:
            self.truth(part)
            self.lines += [f"if t is {ends}: return {ends}", "if t is None: result = None"]
        self.lines.append("return result")

    def count(self, node: AtLeast) -> None:
        self.lines.append("truths = []")
        for part in node.parts:
            self.truth(part)
            self.lines.append("truths.append(t)")
        self.lines.append(f"return at_least({self.give(node.needed)}, truths)")

    def truth(self, node: Node) -> None:
        """Leaves the truth of *node* in ``t``."""
        if isinstance(node, Ref):
            self.read(node)
        elif isinstance(node, Constant):
            self.lines.append(f"t = {node.truth}")
        elif isinstance(node, Compare):
            self.comparison(node)
        elif isinstance(node, OneOf):
            self.read(node.ref)
            self.unless_unknown(f"t in {self.give(frozenset(node.values))}")
        elif isinstance(node, Missing):
            self.read(node.ref)
            self.lines.append("t = t is None")
        elif isinstance(node, Not):
            self.truth(node.part)
            self.unless_unknown("not t")
        elif isinstance(node, Is):
            self.truth(node.part)
            self.lines.append(f"t = t is {node.truth}")
        else:
            self.lines.append(f"t = {self.give(decider(node, self.slot))}(scope)")

    def comparison(self, node: Compare) -> None:
        """With a literal at once, its place in the order looked up beforehand; between terms, as it is proved."""
        holds, right = _HOLDS[node.op], node.right
        if isinstance(right, Ref):
            self.lines.append(f"t = compare({self.give(node)}, scope)")
            return
        self.read(node.left)
        if isinstance(right, Quantity):
            self.unless_unknown(f"t {holds} {self.give(right.value)}")
        elif node.order:
            rank = {value: place for place, value in enumerate(node.order)}
            self.unless_unknown(f"{self.give(rank)}[t] {holds} {self.give(rank[right.value])}")
        else:
            self.with_label(holds, right)

    def with_label(self, holds: str, right: Label) -> None:
        """A word, or a day where the term is one."""
        day, word = _day(right.value), self.give(right.value)
        other = word if day is None else f"({self.give(day)} if isinstance(t, date) else {word})"
        self.unless_unknown(f"t {holds} {other}")

    def unless_unknown(self, expression: str) -> None:
        self.lines.append(f"if t is not None: t = {expression}")

    def read(self, ref: Ref) -> None:
        """Leaves the value of a term in ``t``."""
        if self.slot is None:
            self.lines.append(f"t = scope.value({self.give(ref)})")
        else:
            place = self.give(self.slot(ref))
            self.lines += [f"t = values[{place}]", f"if t is UNSET: t = scope.fill({place})"]

    def give(self, value: object) -> str:
        self.given.append(value)
        return f"g{len(self.given) - 1}"


def _day(text: str) -> date | None:
    """The day that a label names, if it names one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_NAMES = {"UNSET": UNSET, "at_least": at_least, "compare": compare, "date": date}


@cache
def _body(lines: str, given: int) -> FunctionType:
    """A function with these lines. What they speak of are further arguments; each copy has defaults of its own."""
    names = "".join(f", g{i}" for i in range(given))
    made: dict[str, FunctionType] = {}
    exec(f"def run(scope{names}):\n {lines}", dict(_NAMES), made)
    return made["run"]


__all__ = ["UNSET", "Decider", "Slots", "Unset", "decide", "decider"]
