"""From the text of a predicate (a subset of SQL) to typed nodes, through sqlglot; never ``eval``.

Allowed: ``AND OR NOT ( )``, comparisons of a term with a literal or another term, ``IN``, ``BETWEEN``
(inclusive), ``IS [NOT] TRUE|FALSE|NULL``, terms with arguments (``takes(methotrexate)``), and three
quantifiers that expand over the domain of a term's argument: ``any_of(fact, 'a', 'b')``,
``all_of(fact, 'a')``, ``at_least(2, p, q, r)``.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

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
    Operator,
    Or,
    Quantity,
    Ref,
    conjunction,
    disjunction,
)
from atopy.criteria.types import Boolean, Category, Day, Names, Number, Signature, Type
from atopy.nearest import did_you_mean


class CriteriaError(ValueError):
    """A predicate that cannot be read or does not fit the vocabulary: what, and how to mend it."""


def parse(text: str, names: Names, parameters: dict[str, str] | None = None) -> Node:
    """The tree of *text*. *parameters* maps a parameter's name to its domain.

    Raises CriteriaError for anything outside the subset, an unknown name, a wrong type or literal.
    """
    return _Parser(names, parameters or {}).predicate(_syntax(text))


def parse_term(text: str, names: Names, parameters: dict[str, str] | None = None) -> tuple[Ref, Signature]:
    """A single term with its arguments, and its signature. Raises CriteriaError as ``parse`` does."""
    return _Parser(names, parameters or {}).term(_syntax(text))


@cache
def _syntax(text: str) -> Any:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except SqlglotError as error:
        reason = str(error).splitlines()[0]
        raise CriteriaError(f"'{text}' is not a predicate ({reason}).") from None
    if len(trees) != 1 or trees[0] is None:
        raise CriteriaError(f"'{text}' is not one predicate: write one, joined with AND or OR.")
    return trees[0]


_OPERATORS: dict[str, Operator] = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_MIRROR: dict[Operator, Operator] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class _Parser:
    def __init__(self, names: Names, parameters: dict[str, str]) -> None:
        self.names = names
        self.parameters = parameters

    def predicate(self, tree: Any) -> Node:
        """Any expression that is true, false or unknown."""
        kind = type(tree).__name__
        if kind == "Paren":
            return self.predicate(tree.this)
        if kind in ("And", "Or"):
            return self.junction(tree, kind)
        if kind == "Not":
            return self.negation(tree)
        if kind == "Boolean":
            return Constant(bool(tree.this))
        if kind in _OPERATORS:
            return self.comparison(tree, _OPERATORS[kind])
        if kind == "In":
            return self.membership(tree)
        if kind == "Between":
            low = self.typed_compare(">=", tree.this, tree.args["low"])
            return And((low, self.typed_compare("<=", tree.this, tree.args["high"])))
        if kind == "Is":
            return self.state(tree)
        if kind == "Anonymous" and tree.name.lower() in ("any_of", "all_of", "at_least"):
            return self.quantifier(tree)
        return self.boolean(tree)

    def junction(self, tree: Any, kind: str) -> Node:
        parts: list[Node] = []
        for side in (tree.left, tree.right):
            node = self.predicate(side)
            same = isinstance(node, And if kind == "And" else Or) and type(side).__name__ != "Paren"
            parts += node.parts if same and isinstance(node, And | Or) else [node]
        return And(tuple(parts)) if kind == "And" else Or(tuple(parts))

    def negation(self, tree: Any) -> Node:
        return Not(self.predicate(tree.this))

    def boolean(self, tree: Any) -> Node:
        ref, signature = self.term(tree)
        if not isinstance(signature.type, Boolean):
            raise CriteriaError(f"'{ref}' is not true or false: compare it with something.")
        return ref

    def comparison(self, tree: Any, op: Operator) -> Node:
        left, right = tree.left, tree.right
        if self.is_literal(left) and not self.is_literal(right):
            left, right, op = right, left, _MIRROR[op]
        return self.typed_compare(op, left, right)

    def typed_compare(self, op: Operator, left: Any, right: Any) -> Node:
        ref, signature = self.term(left)
        kind = signature.type
        if isinstance(kind, Boolean):
            return self.boolean_equality(op, ref, right)
        order = kind.values if isinstance(kind, Category) and kind.ordered else ()
        if op not in ("=", "<>") and isinstance(kind, Category) and not kind.ordered:
            raise CriteriaError(f"'{ref}' has no order: use = or IN.")
        if self.is_literal(right):
            return Compare(op, ref, self.literal(right, ref, kind), order)
        other, other_signature = self.term(right)
        if _comparable(other_signature.type) != _comparable(kind):
            raise CriteriaError(f"'{ref}' and '{other}' cannot be compared: their types or units differ.")
        return Compare(op, ref, other, order)

    def boolean_equality(self, op: Operator, ref: Ref, right: Any) -> Node:
        if type(right).__name__ != "Boolean" or op not in ("=", "<>"):
            raise CriteriaError(f"'{ref}' is true or false: write it bare, or with NOT.")
        positive = bool(right.this) == (op == "=")
        return ref if positive else Not(ref)

    def membership(self, tree: Any) -> Node:
        ref, signature = self.term(tree.this)
        values = tuple(self.literal(v, ref, signature.type) for v in tree.expressions)
        if not isinstance(signature.type, Category) or not values:
            raise CriteriaError(f"'{ref}' IN (...) needs a category and at least one member.")
        return OneOf(ref, tuple(v.value for v in values if isinstance(v, Label)))

    def state(self, tree: Any) -> Node:
        what = type(tree.expression).__name__
        truth = None if what == "Null" else bool(tree.expression.this) if what == "Boolean" else "?"
        if truth == "?":
            raise CriteriaError("IS takes TRUE, FALSE or NULL.")
        if truth is None and type(tree.this).__name__ in ("Column", "Anonymous"):
            ref, signature = self.term(tree.this)
            return Is(ref, None) if isinstance(signature.type, Boolean) else Missing(ref)
        return Is(self.predicate(tree.this), truth if isinstance(truth, bool) else None)

    def quantifier(self, tree: Any) -> Node:
        name, inner = tree.name.lower(), tree.expressions
        if name == "at_least":
            return self.at_least(inner)
        fact = inner[0].name if inner and type(inner[0]).__name__ == "Column" else ""
        if not fact:
            raise CriteriaError(f"{name}(...) takes a fact, then members of its category: {name}(fact, 'a').")
        signature = self.signature(fact)
        if len(signature.parameters) != 1:
            raise CriteriaError(f"{name}({fact}, ...) needs a fact with exactly one argument.")
        members = self.names.domain(signature.parameters[0])
        parts = [self.member(Ref(fact, (m,), signature.event), signature, inner[1:]) for m in members]
        return disjunction(parts) if name == "any_of" else conjunction(parts)

    def at_least(self, inner: list[Any]) -> Node:
        number = inner[0].name if inner and type(inner[0]).__name__ == "Literal" else ""
        if not number.isdigit() or not 1 <= int(number) <= len(inner) - 1:
            raise CriteriaError(
                "at_least(n, p, q, ...) takes a whole number from 1 to the number of predicates."
            )
        return AtLeast(int(number), tuple(self.predicate(p) for p in inner[1:]))

    def member(self, ref: Ref, signature: Signature, values: list[Any]) -> Node:
        """One member's part of a quantifier: a boolean bare, a category with the members asked for."""
        if isinstance(signature.type, Boolean) and not values:
            return ref
        labels = [self.literal(v, ref, signature.type) for v in values]
        if not isinstance(signature.type, Category) or not labels:
            raise CriteriaError(
                f"'{ref.name}': name the members of a category, or give a fact that is true or false."
            )
        return OneOf(ref, tuple(v.value for v in labels if isinstance(v, Label)))

    def term(self, tree: Any) -> tuple[Ref, Signature]:
        """A named term, checked against the vocabulary."""
        kind = type(tree).__name__
        if kind not in ("Column", "Anonymous") or tree.args.get("table"):
            mend = "a fact's name is expected (a name that SQL reserves must change)."
            raise CriteriaError(f"'{tree.sql()}' cannot stand here: {mend}")
        name = tree.name
        args = tuple(self.argument(a) for a in tree.expressions) if kind == "Anonymous" else ()
        signature = self.signature(name)
        self.check_arguments(name, args, signature)
        return Ref(name, args, signature.event), signature

    def argument(self, tree: Any) -> str:
        name = str(tree.name)
        return f"${name}" if name in self.parameters else name

    def check_arguments(self, name: str, args: tuple[str, ...], signature: Signature) -> None:
        if len(args) != len(signature.parameters):
            wanted = ", ".join(signature.parameters) or "nothing"
            raise CriteriaError(f"'{name}' takes {wanted} in brackets.")
        for arg, domain in zip(args, signature.parameters, strict=True):
            members = self.names.domain(domain)
            if arg.startswith("$"):
                self.check_parameter(name, arg[1:], domain, members)
            elif arg not in members:
                raise CriteriaError(f"'{arg}' is not a known {domain}.{did_you_mean(arg, members)}")

    def check_parameter(self, name: str, parameter: str, domain: str, members: tuple[str, ...]) -> None:
        own = self.parameters[parameter]
        if not set(self.names.domain(own)) <= set(members):
            raise CriteriaError(f"'{name}' takes a {domain}, and not every {own} is one.")

    def signature(self, name: str) -> Signature:
        signature = self.names.signature(name)
        if signature is None:
            raise CriteriaError(f"'{name}' is not a known fact.{did_you_mean(name, self.names.known())}")
        return signature

    @staticmethod
    def is_literal(tree: Any) -> bool:
        return type(tree).__name__ in ("Literal", "Neg", "Boolean", "Null")

    @staticmethod
    def literal(tree: Any, ref: Ref, kind: Type) -> Quantity | Label:
        number, text = _number(tree), _text(tree)
        if isinstance(kind, Number) and number is not None:
            return _quantity(number, ref, kind)
        if isinstance(kind, Category) and text is not None:
            if kind.values and text not in kind.values:
                raise CriteriaError(f"'{text}' is not a value of '{ref}'.{did_you_mean(text, kind.values)}")
            return Label(text)
        if isinstance(kind, Day) and text is not None:
            return _day(text, ref)
        raise CriteriaError(f"'{tree.sql()}' cannot be compared with '{ref}' ({kind.__struct_config__.tag}).")


def _number(tree: Any) -> Decimal | None:
    """The number that a literal states, with its sign."""
    if type(tree).__name__ == "Neg":
        inner = _number(tree.this)
        return None if inner is None else -inner
    return Decimal(tree.name) if type(tree).__name__ == "Literal" and not tree.is_string else None


def _text(tree: Any) -> str | None:
    """The words of a literal in single quotes."""
    return str(tree.name) if type(tree).__name__ == "Literal" and tree.is_string else None


def _day(text: str, ref: Ref) -> Label:
    try:
        return Label(date.fromisoformat(text).isoformat())
    except ValueError:
        raise CriteriaError(f"'{text}' is not a date for '{ref}'; write for example '2026-11-20'.") from None


def _quantity(value: Decimal, ref: Ref, kind: Number) -> Quantity:
    if (kind.low is not None and value < kind.low) or (kind.high is not None and value > kind.high):
        raise CriteriaError(f"{value} is outside what '{ref}' can be ({kind.low} to {kind.high}).")
    return Quantity(value)


def _comparable(kind: Type) -> tuple[object, ...]:
    """What two terms must share to be compared: numbers their unit, ordered categories their members."""
    if isinstance(kind, Number):
        return Number, kind.unit
    return (Category, kind.values) if isinstance(kind, Category) and kind.ordered else (type(kind),)
