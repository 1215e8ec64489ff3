"""The quick form of a predicate: a Python function, its body written from the tree.

Trees of one *shape* (the same nodes over other terms and literals) share one body, so thousands of predicates
need a few hundred. The text of a body is made of the fixed phrases below and of numbered names, never of
anything that content says: terms and literals are handed to it as values. What a predicate means, ``prove``
says; a test holds the two equal.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from types import FunctionType, MethodType
from typing import Any, cast

from atopy.criteria.evaluate import compare
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

Decider = Callable[[Any], Truth]
"""Takes the scope."""


def decider(node: Node, slot: Callable[[Ref], int] | None = None) -> Decider:
    """*node* as a function of a scope; with *slot*, which gives the place of each term, of the values by place."""
    return _Body(slot).function(node)


Chooser = Callable[[Any], int]
"""Takes the scope; gives the number of a row twice over, one more when the row is undecided, -1 for no row."""


def chooser(rows: Sequence[tuple[Node, bool]], slot: Callable[[Ref], int]) -> Chooser:
    """The rows of a table as one function: the first that is true, or undecided where that has an outcome."""
    return _Body(slot).choice(rows)


_HOLDS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class _Body:
    """The lines of one function, and the values that they speak of as ``given[0]``, ``given[1]`` ..."""

    def __init__(self, slot: Callable[[Ref], int] | None) -> None:
        self.slot = slot
        self.lines: list[str] = []
        self.given: list[object] = []

    def function(self, node: Node) -> Decider:
        if isinstance(node, And | Or):
            self.junction(node, "return {}")
        elif isinstance(node, AtLeast):
            self.count(node)
        else:
            self.truth(node)
            self.lines.append("return t")
        return cast(Decider, self.made())

    def choice(self, rows: Sequence[tuple[Node, bool]]) -> Chooser:
        for number, (node, when_undecided) in enumerate(rows):
            if isinstance(node, And | Or):
                self.lines.append("while True:")  # once: what settles it leaves the loop
                self.junction(node, "t = {}; break", " ")
            else:
                self.truth(node)
            self.lines.append(f"if t: return {2 * number}")
            if when_undecided:
                self.lines.append(f"if t is None: return {2 * number + 1}")
        self.lines.append("return -1")
        return cast(Chooser, self.made())

    def made(self) -> MethodType:
        """The function, bound to what it speaks of: kept together, for thousands are called once a patient."""
        return MethodType(_body("\n ".join(self.lines)), tuple(self.given))

    def junction(self, node: And | Or, leave: str, indent: str = "") -> None:
        """Each part in turn, up to one that settles it; *leave* says what is done with the truth."""
        and_ = isinstance(node, And)
        first = len(self.lines)
        self.lines.append(f"result = {and_}")
        for part in node.parts:
            self.truth(part)
            unknown, ends = "if t is None: result = None", leave.format(not and_)
            self.lines += [unknown, f"elif not t: {ends}"] if and_ else [f"if t: {ends}", unknown]
        self.lines.append(leave.format("result"))
        self.lines[first:] = [indent + line for line in self.lines[first:]]

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
            self.lines.append(f"t = scope[{self.give(self.slot(ref))}]")

    def give(self, value: object) -> str:
        self.given.append(value)
        return f"given[{len(self.given) - 1}]"


def _day(text: str) -> date | None:
    """The day that a label names, if it names one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_NAMES = {"at_least": at_least, "compare": compare, "date": date}


@cache
def _body(lines: str) -> FunctionType:
    """A function with these lines, of what they speak of and the scope."""
    made: dict[str, FunctionType] = {}
    exec(f"def run(given, scope):\n {lines}", dict(_NAMES), made)
    return made["run"]


__all__ = ["Chooser", "Decider", "chooser", "decider"]
