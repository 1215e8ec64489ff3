"""The truth tables are the definition; both evaluators must give what they say, for every combination."""

from itertools import product

import pytest
from tests.spec.engines import Terms, decide

from atopy.criteria import And, AtLeast, Constant, Is, Node, Not, Or, Ref, prove
from atopy.truth import AND, NAMES, NOT, OR, VALUES, Truth, at_least, every, some

A, B, C = Ref("a"), Ref("b"), Ref("c")


def both(node: Node, *truths: Truth) -> Truth:
    """The truth of a node over a, b, c by the proof and by the quick form, which must agree."""
    terms = Terms(dict(zip("abc", truths, strict=False)))
    proof = prove(node, terms)
    assert decide(node, terms) is proof.truth
    return proof.truth


@pytest.mark.parametrize("a", VALUES)
def test_not(a: Truth) -> None:
    assert both(Not(A), a) is NOT[a]


@pytest.mark.parametrize(("a", "b"), [*product(VALUES, repeat=2)])
def test_and_or(a: Truth, b: Truth) -> None:
    assert both(And((A, B)), a, b) is AND[a, b]
    assert both(Or((A, B)), a, b) is OR[a, b]


@pytest.mark.parametrize(("a", "b", "c"), [*product(VALUES, repeat=3)])
def test_of_three(a: Truth, b: Truth, c: Truth) -> None:
    assert both(And((A, B, C)), a, b, c) is AND[AND[a, b], c] is every([a, b, c])
    assert both(Or((A, B, C)), a, b, c) is OR[OR[a, b], c] is some([a, b, c])
    for needed in (1, 2, 3):
        assert both(AtLeast(needed, (A, B, C)), a, b, c) is at_least(needed, [a, b, c])
    assert at_least(1, [a, b, c]) is some([a, b, c])
    assert at_least(3, [a, b, c]) is every([a, b, c])


@pytest.mark.parametrize(("a", "b", "c"), [*product(VALUES, repeat=3)])
def test_an_unknown_part_stands_for_either_value(a: Truth, b: Truth, c: Truth) -> None:
    """At least two: true (false) exactly when it is so whatever the unknown parts turn out to be."""
    worlds = product(*[(v,) if v is not None else (True, False) for v in (a, b, c)])
    outcomes = {sum(bool(v) for v in world) >= 2 for world in worlds}
    expected = outcomes.pop() if len(outcomes) == 1 else None
    assert both(AtLeast(2, (A, B, C)), a, b, c) is expected


@pytest.mark.parametrize(("a", "asked"), [*product(VALUES, repeat=2)])
def test_is_asks_about_knowledge_and_is_never_unknown(a: Truth, asked: Truth) -> None:
    assert both(Is(A, asked), a) is (a is asked)


def test_of_nothing() -> None:
    assert every([]) is True
    assert some([]) is False
    assert both(Constant(True)) is True
    assert both(Constant(False)) is False


def test_every_truth_has_a_name() -> None:
    assert [NAMES[truth] for truth in VALUES] == ["met", "not met", "cannot be decided"]


def test_a_term_that_is_not_true_or_false_is_no_predicate() -> None:
    with pytest.raises(AssertionError, match="must be a boolean"):
        prove(A, Terms({"a": "severe"}))
