"""Each way to derive a fact, on every engine: the tables of ``facts/*.yaml``."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.spec.engines import ENGINES, Declared, Engine, record_of
from tests.spec.examples import Example, chapters, examples

from atopy.criteria import Value

CASES = [
    pytest.param(engine, example, patient, id=f"{engine.name}-{example.where}-{patient['who']}")
    for engine in ENGINES
    for example in examples("facts")
    if example.where not in engine.declines
    for patient in example.patients
]


@cache
def declared(where: str) -> Declared:
    """The facts of an example, compiled once for all of its patients."""
    return Declared(next(e.data for e in examples("facts") if e.where == where))


def expected(example: Example, patient: dict[str, Any]) -> Value:
    kind, value = example.data["fact"]["is"], patient["value"]
    if value is None:
        return None
    return date.fromisoformat(value) if kind == "date" else Decimal(value) if kind == "number" else value


@pytest.mark.parametrize(("engine", "example", "patient"), CASES)
def test_fact(engine: Engine, example: Example, patient: dict[str, Any]) -> None:
    as_of = date.fromisoformat(example.chapter["as_of"])
    facts = declared(example.where)
    found = engine.fact(facts, example.data.get("argument"), record_of(patient), as_of)
    assert (found.value, found.state) == (expected(example, patient), patient["state"]), example.says


def test_every_derivation_is_specified() -> None:
    from atopy.facts.compile import SOURCES

    used = {key for chapter in chapters("facts") for e in chapter.examples for key in e.data["fact"]}
    assert set(SOURCES) <= used


def test_every_field_of_an_event_is_specified() -> None:
    from atopy.facts.fields import FIELDS

    text = " ".join(str(e.data) for e in examples("facts"))
    unused = [name for name in FIELDS if name not in text]
    assert unused == ["amount_g"]  # the unit of `sum`; the rate is what predicates ask for
