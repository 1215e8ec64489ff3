"""Exact numbers: the laws, and that the engine of one and the engine of columns agree on each operation."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atopy.instruments import half_up
from atopy.instruments.columns import Many
from atopy.instruments.exact import Number, One, plain, total

DECIMALS = st.decimals(-500, 500, places=2)
MAYBE = st.none() | DECIMALS
CONDITIONS = st.sampled_from([None, Decimal(0), Decimal(1)])

OPERATIONS: dict[str, Callable[[Any, Any, Any], Number]] = {
    "sum": lambda a, b, c: a + b,
    "difference": lambda a, b, c: a - b,
    "product": lambda a, b, c: a * b,
    "share": lambda a, b, c: a / 7,
    "decimal": lambda a, b, c: a * Decimal("0.3") + 2,
    "at least": lambda a, b, c: a.at_least(b),
    "at most": lambda a, b, c: a.at_most(b),
    "more than": lambda a, b, c: a.more_than(b),
    "less than": lambda a, b, c: a.less_than(Decimal("1.5")),
    "choose": lambda a, b, c: c.choose(a, b),
    "choose or nothing": lambda a, b, c: c.choose(a, None),
    "only if": lambda a, b, c: a.only_if(c),
    "otherwise": lambda a, b, c: a.otherwise(b),
    "or zero": lambda a, b, c: a.or_zero(),
    "missing": lambda a, b, c: a.missing(),
    "times": lambda a, b, c: a.times(b),
    "larger": lambda a, b, c: a.larger(b),
    "agreed": lambda a, b, c: a.agreed(b),
    "negated": lambda a, b, c: c.negated(),
    "rounded": lambda a, b, c: (a * b).rounded(1),
    "total": lambda a, b, c: total([a, b, c]),
}


def column(values: list[Decimal | None]) -> Many:
    counts = [0 if v is None else int(v * 100) for v in values]
    return Many(np.array(counts, dtype=np.int64), np.array([v is None for v in values]), 100)


@pytest.mark.parametrize("name", OPERATIONS)
@given(rows=st.lists(st.tuples(MAYBE, MAYBE, CONDITIONS), min_size=1, max_size=8))
def test_both_engines_agree(name: str, rows: list[tuple[Any, Any, Any]]) -> None:
    operation = OPERATIONS[name]
    one_by_one = [operation(*map(One.of, row)) for row in rows]
    at_once = operation(*(column(list(values)) for values in zip(*rows, strict=True)))
    assert isinstance(at_once, Many)
    spread = at_once.spread(len(rows))
    pairs = zip(spread.counts.tolist(), spread.absent.tolist(), strict=True)
    columns = [None if absent else One(count, spread.denominator).value for count, absent in pairs]
    assert [one.value for one in one_by_one] == columns  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "one", "two", "expected"),
    [
        ("times", 0, None, 0),
        ("times", None, 0, 0),
        ("times", None, 2, None),
        ("times", 3, 2, 6),
        ("agreed", 3, None, 3),
        ("agreed", None, 4, 4),
        ("agreed", 3, 3, 3),
        ("agreed", 3, 4, None),
        ("larger", 3, None, 3),
        ("larger", 3, 4, 4),
        ("otherwise", None, 4, 4),
        ("otherwise", 3, 4, 3),
        ("missing", None, 1, 1),
        ("missing", 0, 1, 0),
    ],
)
def test_what_missing_does(name: str, one: int | None, two: int | None, expected: int | None) -> None:
    assert OPERATIONS[name](One(one), One(two), One(1)).value == expected  # type: ignore[attr-defined]


@given(st.decimals(0, 1000, places=4), st.integers(0, 3))
def test_half_up_is_the_schoolbook_rule(value: Decimal, decimals: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    assert half_up(value, decimals) == value.quantize(step, rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [("7.05", 1, "7.1"), ("7.04", 1, "7.0"), ("2.5", 0, "3"), ("72", 1, "72.0")],
)
def test_half_up_shows_its_decimals(value: str, decimals: int, shown: str) -> None:
    assert str(half_up(Decimal(value), decimals)) == shown


def test_the_ambient_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 2
        assert half_up(Decimal("123.45"), 1) == Decimal("123.5")
        assert (One.of(Decimal("58.5")) / 3).value == Decimal("19.5")
        assert str(plain(Decimal("120.0"))) == "120"


@pytest.mark.parametrize(
    ("value", "shown"), [("18.60", "18.6"), ("1E+1", "10"), ("0.0", "0"), ("-2.50", "-2.5")]
)
def test_plain(value: str, shown: str) -> None:
    assert str(plain(Decimal(value))) == shown


def test_a_mean_without_end_has_28_digits() -> None:
    assert (One(10) / 7).value == Decimal("1.428571428571428571428571429")


def test_truth_of_a_condition() -> None:
    assert [One(count).truth for count in (1, 0, None)] == [True, False, None]
    assert One(None).rounded(1).value is None
