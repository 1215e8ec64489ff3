"""What an editor can get wrong in a rule of access: one that nobody it speaks of can ever meet.

Whether a predicate can hold at all is read off its form: it is written out as alternatives, and each is searched for
two parts that exclude each other. What is not understood counts as possible, so nothing right is refused.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from atopy.criteria import (
    And,
    Category,
    Compare,
    Constant,
    Is,
    Node,
    Not,
    OneOf,
    Or,
    Quantity,
    Ref,
    conjunction,
)
from atopy.criteria.nodes import Label
from atopy.facts import When
from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content
from atopy.guideline.schema import AccessRule
from atopy.yaml_source import Problem

_Leaf = tuple[Node, bool]  # a part, and whether it holds
_MOST = 5_000  # alternatives that are written out; beyond that a predicate counts as possible
_CONTRARY = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def access_rules_can_be_met(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Somebody whom a rule of access speaks of can meet it."""
    for item in content.therapies.values():
        for number, rule in enumerate(item.value.access):
            message = _wrong(compiled, item.id, rule)
            if message:
                yield item.problem_in(("access", number, message[0]), message[1])


def access_asks_for_options(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """What a rule of access asks for first is another option of the guideline."""
    for item in content.therapies.values():
        for number, rule in enumerate(item.value.access):
            for option in rule.asks_for:
                path = ("access", number, "asks_for")
                if option == item.id:
                    yield item.problem_in(path, f"'{rule.id}' asks for the option that it holds.")
                elif option not in compiled.therapies:
                    yield item.problem_in(path, f"'{option}' is not an option: see 'atopy guideline list'.")


LINTS = (access_rules_can_be_met, access_asks_for_options)


def _wrong(compiled: Compiled, option: str, rule: AccessRule) -> tuple[str, str] | None:
    """The field that is wrong, and why."""
    made = compiled.facts["rule"].variants.get(rule.id)
    if not isinstance(made, When) or not isinstance(made.node, And):
        return None  # it did not read, and that is told elsewhere
    *about, unmet = made.node.parts
    suits = compiled.facts["suits"].variants.get(option)
    spoken_of = [*about, *([suits.node] if isinstance(suits, When) else [])]
    if not can_hold(compiled, conjunction(spoken_of)):
        return (
            "when",
            f"'{rule.id}' speaks of nobody: its 'when' and whom the option suits exclude each other.",
        )
    if not can_hold(compiled, conjunction([*spoken_of, Not(unmet)])):
        return "requires", f"'{rule.id}' can never be met by those whom it speaks of."
    return None


def can_hold(compiled: Compiled, node: Node) -> bool:
    """Whether some patient could make a predicate true, as far as its form tells."""
    try:
        return any(_agree(compiled, leaves) for leaves in _Alternatives(compiled).of(node, True))
    except _TooManyError:
        return True


class _TooManyError(Exception):
    """A predicate has more alternatives than are written out."""


class _Alternatives:
    """A predicate as alternatives of leaves that hold, or do not."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled

    def of(self, node: Node, holds: bool) -> list[tuple[_Leaf, ...]]:
        """Each way in which *node* comes out so."""
        if isinstance(node, Constant):
            return [()] if node.truth is holds else []
        if isinstance(node, Not):
            return self.of(node.part, not holds)
        if isinstance(node, And | Or):
            every = isinstance(node, And) is holds
            ways = [self.of(part, holds) for part in node.parts]
            return self._all(ways) if every else [one for way in ways for one in way]
        if isinstance(node, Is):
            return self.of(node.part, node.truth) if holds and node.truth is not None else [()]
        inner = self._behind(node)
        return self.of(inner, holds) if inner is not None else [((node, holds),)]

    @staticmethod
    def _all(ways: list[list[tuple[_Leaf, ...]]]) -> list[tuple[_Leaf, ...]]:
        size = 1
        for way in ways:
            size *= len(way)
            if size > _MOST:
                raise _TooManyError
        return [tuple(leaf for part in chosen for leaf in part) for chosen in product(*ways)]

    def _behind(self, node: Node) -> Node | None:
        """The predicate that a fact of the patient stands for."""
        if not isinstance(node, Ref) or node.args or node.event:
            return None
        derivation = self._compiled.facts[node.name].derivation
        return derivation.node if isinstance(derivation, When) else None


def _agree(compiled: Compiled, leaves: tuple[_Leaf, ...]) -> bool:
    """Whether all of them can be so at once."""
    truths: dict[str, bool] = {}
    limits: dict[str, _Range] = {}
    for node, holds in leaves:
        if isinstance(node, Ref) and truths.setdefault(node.key, holds) is not holds:
            return False
        ref = node.left if isinstance(node, Compare) else node.ref if isinstance(node, OneOf) else None
        if ref is not None:
            limits.setdefault(ref.key, _Range(compiled, ref)).narrow(node, holds)
    return all(found.left() for found in limits.values())


class _Range:
    """What a number, or a category, can still be."""

    def __init__(self, compiled: Compiled, ref: Ref) -> None:
        kind = compiled.facts[ref.name].signature.type
        self._members = set(kind.values) if isinstance(kind, Category) else None
        self._order = kind.values if isinstance(kind, Category) else ()
        self._low: tuple[Decimal, bool] | None = None  # the limit, and whether it is allowed itself
        self._high: tuple[Decimal, bool] | None = None

    def narrow(self, node: Node, holds: bool) -> None:
        """Take away what a part excludes."""
        if isinstance(node, OneOf) and self._members is not None:
            wanted = set(node.values)
            self._members &= wanted if holds else self._members - wanted
        elif isinstance(node, Compare):
            op = node.op if holds else _CONTRARY[node.op]
            if isinstance(node.right, Quantity):
                self._number(op, node.right.value)
            elif isinstance(node.right, Label) and self._members is not None:
                self._members &= {m for m in self._order if self._fits(m, op, node.right.value)}

    def _fits(self, member: str, op: str, other: str) -> bool:
        if op in ("=", "<>"):
            return (member == other) is (op == "=")
        difference = self._order.index(member) - self._order.index(other)
        return difference > 0 if op == ">" else difference < 0 if op == "<" else (
            difference >= 0 if op == ">=" else difference <= 0
        )  # fmt: skip

    def _number(self, op: str, value: Decimal) -> None:
        if op in (">", ">=", "="):
            new = (value, op != ">")
            if self._low is None or value > self._low[0] or (value == self._low[0] and op == ">"):
                self._low = new
        if op in ("<", "<=", "="):
            new = (value, op != "<")
            if self._high is None or value < self._high[0] or (value == self._high[0] and op == "<"):
                self._high = new

    def left(self) -> bool:
        """Whether anything is left."""
        if self._members is not None:
            return bool(self._members)
        if self._low is None or self._high is None:
            return True
        (low, low_in), (high, high_in) = self._low, self._high
        return low < high or (low == high and low_in and high_in)


__all__ = ["LINTS", "can_hold"]
