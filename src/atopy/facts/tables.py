"""A decision table: the first row that is true, or undecided with an outcome for that."""

from collections.abc import Callable

from atopy.criteria import Chooser, Ref, Scope, chooser, walk
from atopy.facts.compiled import Cases, TableRow
from atopy.facts.found import Found


def decide_table(table: Cases, scope: Scope) -> Found:
    """The outcome of a decision table: the first row that is true, or undecided with an outcome for it."""
    return all_outcomes(table)[walk_rows(table, scope)]


def walk_rows(table: Cases, scope: Scope) -> int:
    """As a chooser of the table."""
    for number, row in enumerate(table.rows):
        truth = walk(row.when, scope)
        if truth is True or (truth is None and row.unknown != "next"):
            return 2 * number + (truth is None)
    return -1


def table_chooser(table: Cases, slot: Callable[[Ref], int]) -> Chooser:
    """A function that gives the place of the outcome among ``all_outcomes``."""
    return chooser([(row.when, row.unknown != "next") for row in table.rows], slot)


def all_outcomes(table: Cases) -> list[Found]:
    """Of each row, as a chooser numbers them; last, where its -1 points, that of no row."""
    of_rows = [found for number, row in enumerate(table.rows) for found in _outcomes(number, row)]
    return [*of_rows, Found(table.otherwise, "derived")]


def _outcomes(number: int, row: TableRow) -> tuple[Found, Found]:
    """What a row gives when it is true, and when it cannot be decided (unless the next row is asked then)."""
    then = row.then if row.number is None else row.number
    won = Found(then, "derived", row=number, detail=row.because)
    return won, Found(row.unknown, "undecided", row=number, detail=row.unknown_because or row.because)
