"""The predicate language: read, type-check, evaluate in three-valued logic, explain, say in English.

A predicate speaks of *named, typed terms*; what gives them their values is not known here.
"""

from atopy.criteria.english import english, plain_words
from atopy.criteria.evaluate import Proof, Scope, Value, prove
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
    bind,
    children,
    clauses,
    conjunction,
    disjunction,
    refs,
)
from atopy.criteria.quick import Chooser, Decider, chooser, decider
from atopy.criteria.types import Boolean, Category, Day, Names, Number, Signature, Type
from atopy.criteria.walk import walk

__all__ = [
    "And",
    "AtLeast",
    "Boolean",
    "Category",
    "Chooser",
    "Compare",
    "Constant",
    "CriteriaError",
    "Day",
    "Decider",
    "Is",
    "Label",
    "Missing",
    "Names",
    "Node",
    "Not",
    "Number",
    "OneOf",
    "Or",
    "Proof",
    "Quantity",
    "Ref",
    "Scope",
    "Signature",
    "Type",
    "Value",
    "bind",
    "children",
    "chooser",
    "clauses",
    "conjunction",
    "decider",
    "disjunction",
    "english",
    "parse",
    "plain_words",
    "prove",
    "refs",
    "walk",
]


def __getattr__(name: str) -> object:
    # The parser (and sqlglot) is needed only when content is compiled.
    if name in ("parse", "CriteriaError"):
        from atopy.criteria import parser as module

        return getattr(module, name)
    raise AttributeError(name)
