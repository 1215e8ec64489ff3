"""What runs the examples. A further engine (SQL, CQL ...) is one more class with these two methods.

An engine may decline what it does not hold by leaving an example's ``where`` in ``declines``, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import msgspec

from atopy.criteria import Node, Ref, Signature, Value, bind, decider, parse, prove, walk
from atopy.facts import CompiledFact, Found, Rules, World
from atopy.facts.compile import FactCompiler
from atopy.facts.declare import Fact
from atopy.facts.lexicon import Lexicon, signature_of
from atopy.guideline import load_guideline
from atopy.record import Record, read_data
from atopy.truth import Truth
from atopy.yaml_source import Document, convert

TOY = Path(__file__).parents[1] / "toy" / "hiccups"


class Engine(Protocol):
    """Runs predicates over given values, and facts over records."""

    name: str
    declines: Mapping[str, str]

    def verdict(self, node: Node, values: Mapping[str, Value]) -> Truth:
        """The truth of a predicate where each term has the value given under its text; others are unknown."""

    def fact(self, facts: "Declared", argument: str | None, record: Record, as_of: date) -> Found:
        """What the fact ``example`` is worth for a record as of a day."""


def decide(node: Node, terms: "Terms") -> Truth:
    """The truth of a predicate by its quick form."""
    return decider(node)(terms)


@dataclass(frozen=True)
class Terms:
    """The values of one patient, by the text of the term."""

    values: Mapping[str, Value]

    def value(self, ref: Ref) -> Value:
        return self.values.get(str(ref))


class Reference:
    """The Python evaluator: its proof is the explanation; its quick form must agree."""

    name = "reference"
    declines: Mapping[str, str] = {}

    def verdict(self, node: Node, values: Mapping[str, Value]) -> Truth:
        truth = prove(node, Terms(values)).truth
        assert decide(node, Terms(values)) is truth, "the two forms of the reference differ"
        assert walk(node, Terms(values)) is truth, "the walk differs from the reference"
        return truth

    def fact(self, facts: "Declared", argument: str | None, record: Record, as_of: date) -> Found:
        rules = Rules(facts.facts, facts.toy.vocabulary)
        return World(rules, record, as_of).find(Ref("example", (argument,) if argument else ()))


ENGINES: list[Engine] = [Reference()]


# -- from the text of an example to what an engine takes


def signatures(terms: Mapping[str, Any]) -> dict[str, Signature]:
    """The terms of a chapter, declared as facts are."""
    return {name: signature_of(declaration({**given, "age": "years"})) for name, given in terms.items()}


def tree(expression: str, chapter: Mapping[str, Any], bound: Mapping[str, str] | None = None) -> Node:
    """The predicate of an example; ``bound`` names a parameter and the member put in its place."""
    names = Lexicon(
        signatures(chapter["terms"]), {k: tuple(v) for k, v in chapter.get("domains", {}).items()}
    )
    node = parse(expression, names, {domain: domain for domain in bound or {}})
    return bind(node, dict(bound or {}))


def values(patient: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Value]:
    """The values of a patient: numbers exact, dates as dates, null unknown."""
    result: dict[str, Value] = {}
    for name, given in patient.items():
        kind = terms[name.split("(")[0]]["is"]
        result[name] = (
            Decimal(given) if kind == "number" and given is not None
            else date.fromisoformat(given) if kind == "date" and given is not None
            else given
        )  # fmt: skip
    return result


def declaration(data: Mapping[str, Any]) -> Fact:
    """A fact as content declares it; the label may be left out here."""
    document = Document("example", data)
    fact, problems = convert(document, {"label": {"en": "the example"}, **data}, Fact)
    assert fact is not None, problems
    return fact


class Declared:
    """The toy's facts with those of one example."""

    def __init__(self, example: Mapping[str, Any]) -> None:
        self.toy = load_guideline(TOY)
        declared = {"example": example["fact"], **example.get("with", {})}
        facts = {name: declaration(data) for name, data in declared.items()}
        known = {n: f.signature for n, f in self.toy.facts.items()} | {
            n: signature_of(f) for n, f in facts.items()
        }
        compiler = FactCompiler(known, self.toy.domains, self.toy.vocabulary)
        self.facts: dict[str, CompiledFact] = dict(self.toy.facts)
        for name, fact in facts.items():
            problems: list[str] = []
            made = compiler.compile(name, fact, lambda part, message: problems.append(f"{part}: {message}"))  # noqa: B023
            assert made is not None and not problems, problems
            self.facts[name] = made


def record_of(patient: Mapping[str, Any]) -> Record:
    """The record of a patient, in Atopy's own format."""
    toy = load_guideline(TOY)
    parts = {k: patient[k] for k in ("patient", "attested", "events") if k in patient}
    return read_data(msgspec.to_builtins({"atopy": 1, **parts}, builtin_types=(Decimal,)), toy.vocabulary)
