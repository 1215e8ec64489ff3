"""Each operation of the predicate language, on every engine: the tables of ``criteria/*.yaml``."""

from typing import Any

import pytest
from tests.spec.engines import ENGINES, Engine, tree, values
from tests.spec.examples import Example, chapters, examples

from atopy.criteria import CriteriaError, english

CASES = [
    pytest.param(engine, example, patient, id=f"{engine.name}-{example.where}-{i}")
    for engine in ENGINES
    for example in examples("criteria")
    if example.where not in engine.declines
    for i, patient in enumerate(example.patients)
]


@pytest.mark.parametrize(("engine", "example", "patient"), CASES)
def test_verdict(engine: Engine, example: Example, patient: dict[str, Any]) -> None:
    terms = {k: v for k, v in patient.items() if k != "verdict"}
    node = tree(example.data["expression"], example.chapter, example.data.get("bound"))
    assert engine.verdict(node, values(terms, example.chapter["terms"])) is patient["verdict"], example.says


REFUSED = [
    pytest.param(one, chapter.data, id=one["expression"] or "nothing")
    for chapter in chapters("criteria")
    for one in chapter.data.get("refused", ())
]


@pytest.mark.parametrize(("wrong", "chapter"), REFUSED)
def test_refused_with_the_reason(wrong: dict[str, Any], chapter: dict[str, Any]) -> None:
    with pytest.raises(CriteriaError) as raised:
        tree(wrong["expression"], chapter, wrong.get("bound"))
    assert str(raised.value).startswith(wrong["message"])


def test_every_expression_reads_as_english() -> None:
    for example in examples("criteria"):
        said = english(tree(example.data["expression"], example.chapter, example.data.get("bound")))
        assert said and "_" not in said.replace("any_of", ""), said
