"""Columns of patients: the same formulas, held equal to one at a time on generated items."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.instruments.library import LIBRARY, instrument

import atopy.instruments
from atopy.instruments import (
    Instrument,
    Item,
    ItemError,
    band_column,
    band_of,
    response,
    response_column,
    score,
    score_columns,
    value_column,
    weekly_mean,
    weekly_mean_columns,
)


def values_of(item: Item) -> st.SearchStrategy[Decimal]:
    if item.values:
        return st.sampled_from(item.values)
    low, high = item.range
    return st.integers(0, int((high - low) / item.step)).map(lambda n: low + n * item.step)


@st.composite
def cohorts(draw: st.DrawFn) -> tuple[Instrument, list[dict[str, Decimal]], list[Decimal | None]]:
    """Patients of one instrument, with few items missing, some whole regions clear, and other forms."""
    one = draw(st.sampled_from(LIBRARY.instruments))
    paths = one.paths
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        left_out = draw(st.sets(st.sampled_from(one.required), max_size=2))
        extra = draw(st.sets(st.sampled_from(sorted(paths)), max_size=2))
        names = [p for p in paths if (p in one.required and p not in left_out) or p in extra]
        rows.append({name: draw(values_of(paths[name])) for name in names})
    ages = draw(st.lists(st.none() | st.integers(0, 90).map(Decimal), min_size=len(rows), max_size=len(rows)))
    return one, rows, ages


@settings(max_examples=300)
@given(cohorts())
def test_columns_are_as_one_at_a_time(
    cohort: tuple[Instrument, list[dict[str, Decimal]], list[Decimal | None]],
) -> None:
    one, rows, ages = cohort
    names = list(dict.fromkeys(name for row in rows for name in row)) or [one.required[0]]
    columns = {name: [row.get(name) for row in rows] for name in names}
    result = score_columns(one, columns, ages)
    assert not result.invalid.any()
    for n, (row, age) in enumerate(zip(rows, ages, strict=True)):
        try:
            single = score(one, row, age)
        except ItemError as error:  # two forms that disagree: refused for one, absent in a column
            assert "but" in str(error)
            continue
        assert result.values()[n] == single.value
        assert {k: v.values()[n] for k, v in _parts(result).items()} == single.parts
        decided = single.value is not None
        assert decided == (not single.absent_because)
        if decided and one.band_set() is not None:
            assert single.band is not None
            assert (band_column(one, result)[n] or "") == single.band.label


def _parts(result: Any) -> dict[str, Any]:
    return {name: atopy.instruments.ScoreColumn(part, result.invalid) for name, part in result.parts.items()}


@given(st.lists(st.tuples(*[st.none() | st.integers(0, 10)] * 7), min_size=1, max_size=6), st.integers(1, 7))
def test_weekly_means(rows: list[tuple[int | None, ...]], minimum: int) -> None:
    nrs = instrument("pp_nrs")
    result = weekly_mean_columns(nrs, [list(day) for day in zip(*rows, strict=True)], minimum)
    singles = [weekly_mean(nrs, list(row), minimum=minimum) for row in rows]
    assert result.values() == [single.value for single in singles]


@given(st.lists(st.tuples(st.integers(0, 1440), st.integers(0, 1440)), min_size=1, max_size=8))
def test_responses(pairs: list[tuple[int, int]]) -> None:
    easi = instrument("easi")
    first, second = ([Decimal(n) / 20 for n in side] for side in zip(*pairs, strict=True))
    met, unknown = response_column(easi, "easi_75", value_column(easi, first), value_column(easi, second))
    for n, (baseline, now) in enumerate(zip(first, second, strict=True)):
        single = response(easi, baseline, now).met("easi_75")
        assert (None if unknown[n] else bool(met[n])) == single


FLOATS = np.array([1.0, np.nan, 3.0, 9.0, 1.5, np.inf])


def test_floats_nan_and_impossible_values() -> None:
    poem = instrument("poem")
    rest = {name: np.ones(6, dtype=np.int64) for name in poem.required[1:]}
    result = score_columns(poem, {"itch": FLOATS, **rest})
    assert result.values() == [7, 6, 9, 6, 6, 6]
    assert result.invalid.tolist() == [False, False, False, True, True, True]
    assert len(result) == 6 and result.denominator == 1
    assert result.counts.tolist() == [7, 6, 9, 6, 6, 6] and not result.absent.any()


def test_masked_arrays_and_absent_scores() -> None:
    adct = instrument("adct")
    columns: dict[str, Any] = {name: np.array([1, 2]) for name in adct.required}
    columns["sleep"] = np.ma.masked_array([1, 2], mask=[False, True])
    result = score_columns(adct, columns)
    assert result.values() == [6, None]
    assert result.floats()[0] == 6.0 and np.isnan(result.floats()[1])
    assert result.rounded(1).tolist() == [60, 0]
    assert band_column(adct, result) == ["in control", None]


def test_floats_are_read_as_the_decimals_they_stand_for() -> None:
    easi = instrument("easi")
    columns = {f"{region.id}.area": np.array([1, 1]) for region in easi.regions}
    columns |= {f"{region.id}.severity_sum": np.array([1.5, 3.25]) for region in easi.regions}
    result = score_columns(easi, columns, np.array([30.0, 30.0]))
    assert result.values() == [Decimal("1.5"), None]
    assert result.invalid.tolist() == [False, True]
    half = {f"{region.id}.erythema": np.array([0.5, 1.5]) for region in easi.regions}
    assert score_columns(easi, half, [30, 30]).invalid.tolist() == [True, False]


def test_sequences_with_faults() -> None:
    poem = instrument("poem")
    rest = {name: [1, 1, 1, 1] for name in poem.required[1:]}
    result = score_columns(poem, {"itch": ["2", float("nan"), "often", 9], **rest})
    assert result.values() == [8, 6, 6, 6]
    assert result.invalid.tolist() == [False, False, True, True]


def test_the_last_day_before_the_eighth_birthday() -> None:
    easi = instrument("easi")
    columns: dict[str, Any] = {f"{r.id}.area": [1, 1, 1] for r in easi.regions}
    columns |= {f"{r.id}.severity_sum": [1, 1, 1] for r in easi.regions}
    legs = score_columns(easi, columns, [7.9999, 8, None]).parts["lower_limbs"]
    assert (legs.counts * 10 // legs.denominator).tolist() == [3, 4, 0]
    assert legs.absent.tolist() == [False, False, True]


def test_wrong_columns() -> None:
    poem = instrument("poem")
    with pytest.raises(ItemError, match="zzz: is not an item"):
        score_columns(poem, {"itch": [1], "zzz": [1]})
    with pytest.raises(ItemError, match="unequal length"):
        score_columns(poem, {"itch": [1], "sleep": [1, 2]})
    with pytest.raises(ItemError, match="unequal length"):
        score_columns(poem, {})
    with pytest.raises(ItemError, match="unequal length"):
        score_columns(poem, {"itch": [1]}, [1, 2])


def test_bands_and_responses_that_are_not_there() -> None:
    poem, idqol = instrument("poem"), instrument("idqol")
    with pytest.raises(KeyError, match="a default study"):
        band_column(idqol, value_column(idqol, [3]))
    with pytest.raises(KeyError, match="nobody1999"):
        band_column(poem, value_column(poem, [3]), "nobody1999")
    with pytest.raises(KeyError, match="easi_75"):
        response_column(poem, "easi_75", value_column(poem, [3]), value_column(poem, [3]))


def test_totals_that_cannot_be() -> None:
    easi = instrument("easi")
    column = value_column(easi, [90, "28.4", None, 7.03])
    assert column.values() == [None, Decimal("28.4"), None, None]
    assert column.invalid.tolist() == [True, False, False, True]
    assert value_column(instrument("scorad"), np.array([33.3])).values() == [Decimal("33.3")]
    band = band_of(easi, Decimal("28.4"))
    assert band is not None and band_column(easi, column)[1] == band.label


def test_numpy_is_not_imported_before_it_is_needed() -> None:
    import subprocess
    import sys

    seen = "print('numpy' in sys.modules)"
    code = f"import sys, atopy.instruments; {seen}; atopy.instruments.score_columns; {seen}"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "True"]
    with pytest.raises(AttributeError, match="nothing"):
        atopy.instruments.nothing  # noqa: B018
