"""A predicate as a CQL expression. CQL's logic is Kleene's too, so each node has its counterpart."""

from collections.abc import Callable, Sequence

from atopy.cpg.cql_text import decimal, string
from atopy.criteria import (
    And,
    AtLeast,
    Compare,
    Constant,
    Day,
    Is,
    Label,
    Missing,
    Node,
    Not,
    OneOf,
    Or,
    Quantity,
    Ref,
    Type,
)

Write = Callable[[Ref], str]
"""How a term is written where the predicate stands."""
TypeOf = Callable[[Ref], Type]

_SIGNS = {"=": "=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_HOLDS: dict[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_TRUTHS = {True: "is true", False: "is false", None: "is null"}
AT_LEAST = """// At least so many of the parts, as far as the unknown ones leave it decided.
define function "AtLeast"(needed Integer, parts List<Tuple{met Boolean}>):
  if Count(parts P where P.met return all 1) >= needed then true
  else if Count(parts P where P.met is null or P.met return all 1) >= needed then null else false"""


class Writer:
    """Writes predicates over the terms that *write* knows how to name."""

    def __init__(self, write: Write, type_of: TypeOf) -> None:
        self.write = write
        self.type_of = type_of
        self.counts_parts = False  # whether AT_LEAST is needed

    def __call__(self, node: Node) -> str:
        """The expression, in parentheses where it needs them."""
        if isinstance(node, Ref):
            return self.write(node)
        if isinstance(node, Constant):
            return "true" if node.truth else "false"
        if isinstance(node, And | Or):
            return _joined([self(part) for part in node.parts], "and" if isinstance(node, And) else "or")
        if isinstance(node, Not):
            return f"not {self._whole(node.part)}"
        if isinstance(node, Is):
            return f"{self._whole(node.part)} {_TRUTHS[node.truth]}"
        if isinstance(node, AtLeast):
            return self._at_least(node)
        return self._leaf(node)

    def _whole(self, node: Node) -> str:
        """The expression so that a word before or after it takes all of it."""
        written = self(node)
        return (
            written if isinstance(node, Ref | Constant | AtLeast) or _is_enclosed(written) else f"({written})"
        )

    def _at_least(self, node: AtLeast) -> str:
        self.counts_parts = True
        parts = ", ".join(f"Tuple {{ met: {self(part)} }}" for part in node.parts)
        return f'"AtLeast"({node.needed}, {{ {parts} }})'

    def _leaf(self, node: Node) -> str:
        if isinstance(node, Missing):
            return f"{self.write(node.ref)} is null"
        if isinstance(node, OneOf):
            return self._one_of(self.write(node.ref), node.values)
        assert isinstance(node, Compare)
        if node.order:
            return self._ordered(node)
        return f"{self.write(node.left)} {_SIGNS[node.op]} {self._right(node)}"

    def _right(self, node: Compare) -> str:
        if isinstance(node.right, Ref):
            return self.write(node.right)
        if isinstance(node.right, Quantity):
            return decimal(node.right.value)
        assert isinstance(node.right, Label)
        return (
            f"@{node.right.value}" if isinstance(self.type_of(node.left), Day) else string(node.right.value)
        )

    def _ordered(self, node: Compare) -> str:
        """Places in the order are compared; against a literal, the members that it admits are listed."""
        left = self.write(node.left)
        if isinstance(node.right, Ref):
            ranks = (_rank(self.write(ref), node.order) for ref in (node.left, node.right))
            return f"{next(ranks)} {_SIGNS[node.op]} {next(ranks)}"
        assert isinstance(node.right, Label)
        place = node.order.index(node.right.value)
        return self._one_of(left, [m for i, m in enumerate(node.order) if _HOLDS[node.op](i, place)])

    @staticmethod
    def _one_of(left: str, members: Sequence[str]) -> str:
        """Unknown while the term is: ``in`` would say false of null."""
        if not members:
            return f"(if {left} is null then null else false)"
        return _joined([f"{left} = {string(m)}" for m in members], "or")


def _rank(term: str, order: Sequence[str]) -> str:
    arms = " ".join(f"when {string(m)} then {i}" for i, m in enumerate(order))
    return f"(case {term} {arms} else null end)"


def _is_enclosed(written: str) -> bool:
    """Whether it begins with the parenthesis that it ends with."""
    depth = 0
    for place, sign in enumerate(written):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return place == len(written) - 1
    return False


def _joined(parts: list[str], word: str) -> str:
    """Halved again and again, so that a long list is no deep tree."""
    if not parts:
        return "true" if word == "and" else "false"
    if len(parts) == 1:
        return parts[0]
    if len(parts) <= 4:
        return "(" + f" {word} ".join(parts) + ")"
    middle = len(parts) // 2
    return f"({_joined(parts[:middle], word)} {word} {_joined(parts[middle:], word)})"
