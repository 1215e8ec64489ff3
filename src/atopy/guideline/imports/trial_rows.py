"""The rows of a CSV of trial arms: read, and each that is wrong named with its line and column.

Columns: ``trial``, ``source`` (key, DOI or PubMed number), ``population``, ``arm``, ``regimen``, ``outcome``, ``week``;
then ``events`` and ``of`` with or without ``percent``, or ``mean`` with ``sd`` or ``se`` and ``of``. What else there
may be is in ``COLUMNS``. There is no column to say that a figure was read: somebody reads it first.
"""

import csv
import io
from collections.abc import Iterator

import msgspec

from atopy.guideline.trials import Figure
from atopy.nearest import did_you_mean
from atopy.yaml_source import Problem

NEEDED = ("trial", "source", "population", "arm", "regimen", "outcome", "week")
NUMBERS = ("week", "randomised", "events", "of", "percent", "mean", "sd", "se", "year")
WHOLE = ("randomised", "events", "of", "year")
COLUMNS = (
    *NEEDED, "name", "registration", "year", "age_group", "severity", "background", "dose", "randomised", "events",
    "of", "percent", "mean", "sd", "se", "seen", "note",
)  # fmt: skip
_ROUNDING = 1.0  # percent: what rounding of a printed percentage may come to


class Row(msgspec.Struct, frozen=True):
    """One row that reads: its line, its words, and its numbers."""

    line: int
    said: dict[str, str]
    numbers: dict[str, float]

    def figure(self) -> Figure:
        """What the arm showed. A count that only a percentage gives says so."""
        n = self.numbers
        events, of, percent = n.get("events"), n.get("of"), n.get("percent")
        counted = None
        if events is not None:
            counted = "reported"
        elif percent is not None and of is not None:
            events, counted = round(percent * of / 100), "from percent"
        return Figure(
            self.said["arm"], False, None if events is None else int(events), None if of is None else int(of), percent,
            counted, n.get("mean"), n.get("sd"), n.get("se"), False, n.get("mean") is None,  # type: ignore[arg-type]
            self.said.get("seen") or None, self.said.get("note") or None,
        )  # fmt: skip


def rows_of(text: str, file: str) -> tuple[list[Row], list[Problem]]:
    """Every row that reads, and every problem."""
    table = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    names = [name.strip() for name in table.fieldnames or []]
    table.fieldnames = names
    problems = list(_wrong_columns(names, file))
    if problems:
        return [], problems
    rows: list[Row] = []
    for said in table:
        line = table.line_num
        row, wrong = _row({k: (v or "").strip() for k, v in said.items() if k is not None}, line, file)
        if None in said:
            wrong.append(
                Problem(file, line, "", "has more cells than there are columns.", "Quote what has a comma.")
            )
        problems += wrong
        rows += [row] if not wrong and any(row.said.values()) else []
    if not rows and not problems:
        problems.append(
            Problem(file, 1, "", "holds no row.", "Write one row for each arm, outcome and week.")
        )
    return rows, problems


def _wrong_columns(names: list[str], file: str) -> Iterator[Problem]:
    for name in NEEDED:
        if name not in names:
            yield Problem(file, 1, name, "is missing among the columns.", f"Needed are: {', '.join(NEEDED)}.")
    for name in names:
        if name == "verified":
            yield Problem(
                file, 1, name, "cannot be imported: what comes in by a file has not been read by anybody.",
                "Leave it out; set it in trials/ once somebody has read the figure.",
            )  # fmt: skip
        elif name not in COLUMNS:
            yield Problem(
                file,
                1,
                name,
                f"is no column that is known.{did_you_mean(name, COLUMNS)}",
                "Leave it out.",
            )


def _row(said: dict[str, str], line: int, file: str) -> tuple[Row, list[Problem]]:
    wrong: list[Problem] = []
    numbers: dict[str, float] = {}
    if not any(said.values()):
        return Row(line, said, numbers), wrong
    mend = "Every row says which trial, arm, outcome and week."
    wrong += [Problem(file, line, name, "is empty.", mend) for name in NEEDED if not said.get(name)]
    for name in NUMBERS:
        if said.get(name):
            try:
                numbers[name] = _number(said[name], name in WHOLE)
            except ValueError:
                kind = "whole number" if name in WHOLE else "number"
                wrong.append(
                    Problem(file, line, name, f"'{said[name]}' is no {kind}.", "Write digits and a point.")
                )
    row = Row(line, said, numbers)
    return row, wrong or [Problem(file, line, *fault) for fault in _impossible(row)]


def _number(text: str, whole: bool) -> float:
    if whole and not text.isascii():
        raise ValueError(text)
    value = float(int(text)) if whole else float(text)
    if value != value or abs(value) == float("inf"):
        raise ValueError(text)
    return value


def _impossible(row: Row) -> Iterator[tuple[str, str, str]]:
    """Figures that cannot be: the column, what is wrong, and how to mend it."""
    n = row.numbers
    counts, means = {"events", "percent"} & set(n), {"mean", "sd", "se"} & set(n)
    if not counts and not means:
        yield (
            "events",
            "neither events nor a mean: the row shows nothing.",
            "Fill events and of, or mean and sd.",
        )
    if counts and means:
        yield "mean", "both events and a mean: an outcome is one or the other.", "Write two rows."
    if means and "mean" not in n:
        yield "mean", "a spread without its mean.", "Add the mean."
    for name in ("events", "of", "randomised", "sd", "se", "week"):
        if n.get(name, 0) < 0:
            yield name, f"{n[name]:g} is below 0.", "Count again."
    events, of, percent = n.get("events"), n.get("of"), n.get("percent")
    if events is not None and of is None:
        yield "of", "events of how many people is not said.", "Add the number analysed."
    if events is not None and of is not None and events > of:
        yield "events", f"{events:g} events of {of:g} people.", "Check both against the paper."
    if percent is not None and not 0 <= percent <= 100:
        yield "percent", f"{percent:g} % cannot be.", "Write a percentage from 0 to 100."
    elif events is not None and of and percent is not None and abs(events / of * 100 - percent) > _ROUNDING:
        said = f"{events:g} of {of:g} are {events / of * 100:.1f} %, not {percent:g} %."
        yield "percent", said, "Check all three against the paper."


__all__ = ["COLUMNS", "NEEDED", "Row", "rows_of"]
