"""Scores of many patients at once: the same formulas over numpy columns.

Imported only when columns are scored: one patient's plan does not wait for numpy.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from atopy.instruments.bands import band_index
from atopy.instruments.change import meets
from atopy.instruments.exact import Number, One, Whole
from atopy.instruments.formulas import FORMULAS, Inputs, mean_of
from atopy.instruments.model import Instrument, Item
from atopy.instruments.reading import ItemError, ItemProblem, fault, number

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Column = Sequence[Any] | npt.NDArray[Any]

_AGE_DECIMALS = 3
_TOLERANCE = 1e-6  # of a step: what binary floats lose, and far below what any item records


class Many(Number):
    """A column of exact numbers: counts over one denominator, and where they are missing."""

    __slots__ = ("absent", "counts", "denominator")

    def __init__(self, counts: Counts, absent: Mask, denominator: int = 1) -> None:
        self.counts = counts
        self.absent = absent
        self.denominator = denominator

    def constant(self, value: Whole | None) -> "Many":
        one = One.of(value)
        count = 0 if one.count is None else one.count
        return Many(np.array(count, dtype=np.int64), np.array(one.count is None), one.denominator)

    def _over(self, denominator: int) -> "Many":
        return Many(self.counts * (denominator // self.denominator), self.absent, denominator)

    def _plus(self, other: "Many") -> "Many":
        return Many(self.counts + other.counts, self.absent | other.absent, self.denominator)

    def _by(self, other: "Many") -> "Many":
        absent = self.absent | other.absent
        return Many(self.counts * other.counts, absent, self.denominator * other.denominator)

    def _per(self, divisor: int) -> "Many":
        return Many(self.counts, self.absent, self.denominator * divisor)

    def _reaches(self, other: "Many") -> "Many":
        return Many((self.counts >= other.counts).astype(np.int64), self.absent | other.absent)

    def _select(self, yes: "Many", no: "Many") -> "Many":
        holds = self.counts > 0
        absent = self.absent | np.where(holds, yes.absent, no.absent)
        return Many(np.where(holds, yes.counts, no.counts), absent, yes.denominator)

    def _known_or(self, other: "Many") -> "Many":
        counts = np.where(self.absent, other.counts, self.counts)
        return Many(counts, self.absent & other.absent, self.denominator)

    def rounded(self, decimals: int) -> "Many":
        scale = 10**decimals
        counts = (2 * self.counts * scale + self.denominator) // (2 * self.denominator)
        return Many(counts, self.absent, scale)

    def spread(self, length: int) -> "Many":
        """With one count for each of *length* patients, and 0 where missing."""
        absent = np.broadcast_to(self.absent, (length,))
        counts = np.where(absent, 0, np.broadcast_to(self.counts, (length,)))
        return Many(counts.astype(np.int64), np.array(absent, dtype=np.bool_), self.denominator)


class ScoreColumn:
    """Scores of many patients, exact: ``counts / denominator``, absent where ``absent``.

    ``invalid`` marks the patients of whom some value could not be (out of range, no grade, no number);
    such a value counts as missing.
    """

    def __init__(self, numbers: Many, invalid: Mask, parts: Mapping[str, Many] | None = None) -> None:
        self.numbers = numbers
        self.invalid = invalid
        self.parts = dict(parts or {})

    def __len__(self) -> int:
        return len(self.numbers.counts)

    @property
    def counts(self) -> Counts:
        return self.numbers.counts

    @property
    def absent(self) -> Mask:
        return self.numbers.absent

    @property
    def denominator(self) -> int:
        return self.numbers.denominator

    def values(self) -> list[Decimal | None]:
        """One exact decimal, or None, for each patient."""
        pairs = zip(self.counts.tolist(), self.absent.tolist(), strict=True)
        return [None if absent else One(count, self.denominator).value for count, absent in pairs]

    def floats(self) -> npt.NDArray[np.float64]:
        """For plots and statistics: nan where absent. Never band or compare these."""
        return np.where(self.absent, np.nan, self.counts / self.denominator)

    def rounded(self, decimals: int) -> Counts:
        """Whole counts of that precision, rounded half-up (tenths for 1); 0 where absent."""
        return self.numbers.rounded(decimals).spread(len(self)).counts


def score_columns(
    instrument: Instrument, columns: Mapping[str, Column], age_years: Column | None = None
) -> ScoreColumn:
    """Score many patients: *columns* by full item name (``itch``, ``head_neck.erythema``), equally long.

    A column is a numpy array (nan, or the mask of a masked array, is missing) or a sequence of numbers
    and None. Raises ItemError for a name that is no item, and for columns of unequal length.
    """
    paths = instrument.paths
    lengths = {name: len(column) for name, column in columns.items()}
    if age_years is not None:
        lengths["age_years"] = len(age_years)
    problems = [
        ItemProblem(name, "", "is not an item of this instrument.", ", ".join(paths))
        for name in columns
        if name not in paths
    ]
    if len(set(lengths.values())) != 1:
        problems.append(ItemProblem("", "", f"Columns are of unequal length or none is given: {lengths}."))
    if problems:
        raise ItemError(instrument, problems)
    length = next(iter(lengths.values()))
    given: dict[str, Many] = {}
    invalid = np.zeros(length, dtype=np.bool_)
    for name, column in columns.items():
        given[name], wrong = _item_column(paths[name], column)
        invalid |= wrong
    nothing = Many(np.zeros(length, dtype=np.int64), np.ones(length, dtype=np.bool_))
    age = nothing if age_years is None else _age_column(age_years)
    scored = FORMULAS[instrument.formula](Inputs(instrument, given, age, nothing))
    parts = {name: part.spread(length) for name, part in scored.parts.items()}
    return ScoreColumn(scored.total.spread(length), invalid, parts)


def value_column(instrument: Instrument, values: Column) -> ScoreColumn:
    """Totals already computed, checked against range and steps like single ones."""
    low, high = instrument.range
    step = instrument.resolution or Decimal("0.0001")
    item = Item(id=instrument.id, topic="total", range=(low, high), step=step)
    numbers, wrong = _item_column(item, values)
    return ScoreColumn(numbers, wrong)


def weekly_mean_columns(instrument: Instrument, days: Sequence[Column], minimum: int) -> ScoreColumn:
    """The mean of the daily columns of one week; absent for those with fewer than *minimum* days."""
    read = [_item_column(instrument.items[0], day) for day in days]
    length = len(days[0])
    invalid = np.zeros(length, dtype=np.bool_)
    for _, wrong in read:
        invalid |= wrong
    return ScoreColumn(mean_of([numbers for numbers, _ in read], minimum).spread(length), invalid)


def band_column(instrument: Instrument, scores: ScoreColumn, source: str | None = None) -> list[str | None]:
    """The band label of each patient by that study, or by the default one. Raises KeyError if none."""
    band_set = instrument.band_set(source)
    if band_set is None:
        raise KeyError(f"{instrument.id} has no bands of {source or 'a default study'}")
    index = band_index(instrument, band_set, scores.numbers).spread(len(scores))
    labels = [band.label for band in band_set.bands]
    pairs = zip(index.counts.tolist(), index.absent.tolist(), strict=True)
    return [None if absent else labels[number] for number, absent in pairs]


def response_column(
    instrument: Instrument, definition: str, baseline: ScoreColumn, now: ScoreColumn
) -> tuple[Mask, Mask]:
    """Who met a response definition (``easi_75``), and of whom that cannot be decided."""
    criterion = next((c for c in instrument.responses if c.id == definition), None)
    if criterion is None:
        raise KeyError(f"{instrument.id} has no response definition {definition}")
    met = meets(criterion, baseline.numbers, now.numbers, instrument.higher_is_worse).spread(len(now))
    return met.counts > 0, met.absent


def _item_column(item: Item, column: Column) -> tuple[Many, Mask]:
    """Exact counts of an item, and where its values cannot be."""
    scale = item.step.as_integer_ratio()[1]
    for value in item.values:
        scale = max(scale, value.as_integer_ratio()[1])
    if not isinstance(column, np.ndarray) or column.dtype == object:
        return _slow_column(item, column, scale)
    absent = np.array(np.ma.getmaskarray(column), dtype=np.bool_)
    raw = np.ma.getdata(column)
    if np.issubdtype(raw.dtype, np.floating):
        absent |= np.isnan(raw)
    scaled = np.where(absent, 0.0, raw.astype(np.float64) * scale)
    with np.errstate(invalid="ignore"):
        counts = np.where(np.isfinite(scaled), np.rint(scaled), -1.0)
        wrong = ~np.isfinite(scaled) | (np.abs(scaled - counts) > _TOLERANCE)
    low, high = (int(limit * scale) for limit in item.range)
    wrong |= (counts < low) | (counts > high)
    whole = np.where(wrong, 0, counts).astype(np.int64)
    if item.values:
        wrong |= ~np.isin(whole, [int(value * scale) for value in item.values])
    else:
        wrong |= whole % int(item.step * scale) != 0
    wrong &= ~absent
    return Many(np.where(wrong, 0, whole), absent | wrong, scale), wrong


def _slow_column(item: Item, column: Column, scale: int) -> tuple[Many, Mask]:
    """The same for a sequence of decimals, texts, numbers and None."""
    counts, absent, wrong = [], [], []
    for value in column:
        exact = None if value is None or value != value else number(value)  # nan is the one unequal to itself
        bad = value is not None and value == value and (exact is None or bool(fault(item, exact)))
        counts.append(0 if bad or exact is None else int(exact * scale))
        absent.append(bad or exact is None)
        wrong.append(bad)
    return (
        Many(np.array(counts, dtype=np.int64), np.array(absent, dtype=np.bool_), scale),
        np.array(wrong, dtype=np.bool_),
    )


def _age_column(column: Column) -> Many:
    """Ages in thousandths of a year, cut and not rounded: 7.9999 is still under 8."""
    scale = 10**_AGE_DECIMALS
    years = np.array([np.nan if age is None else float(age) for age in column], dtype=np.float64)
    absent = np.isnan(years)
    counts = np.floor(np.where(absent, 0.0, years) * scale + _TOLERANCE)
    return Many(counts.astype(np.int64), absent, scale)
