"""How strong each preparation in use is, every scale beside the other with its source (``amounts/*.yaml``)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from atopy.guideline import Quantity
from atopy.guideline.amounts import Potency, Preparation
from atopy.plan.model import Line
from atopy.record import Event

if TYPE_CHECKING:
    from atopy.plan.case import Case


def strengths(case: "Case", option: str, events: Iterable[Event]) -> tuple[Line, ...]:
    """A line for each preparation in use that a table holds."""
    lines: dict[str, Line] = {}
    for event in events:
        table, row = case.guidance.amounts.preparations.get(event.code, (None, None))
        if table is not None and row is not None and option in table.options and row.drug not in lines:
            lines[row.drug] = _line(case, table, row, option)
    return tuple(lines.values())


def _line(case: "Case", table: Potency, row: Preparation, option: str) -> Line:
    name = case.explainer.title(row.drug)
    grade = _grade(case, table, row)
    said = "; ".join(x for x in (classes(case, table, row), grade[0]) if x)
    return Line(
        f"strength-{option}-{row.drug}", "taken_now", "note", f"{name}: {said}.",
        f"{case.plain(row.drug)}: {grade[1]}." if grade[1] else None, group="amount",
        sources=case.cite([*row.us_sources, *row.uk_sources]),
    )  # fmt: skip


def classes(case: "Case", table: Potency, row: Preparation) -> str:
    """``US class 2 of 7, UK potent``: no class without the name of its scale."""
    missing = case.words(table.not_listed)[0]
    first, second = case.words(table.us_scale)[0], case.words(table.uk_scale)[0]
    us = f"{first}: {missing}"
    if row.us is not None:
        figures = table.numbers | {"us": Quantity(Decimal(row.us))}
        us = f"{first} {case.guidance.amounts.say(table.us_class, figures)[0]}"
    uk = f"{second} {case.words(table.uk_names[row.uk])[0]}" if row.uk else f"{second}: {missing}"
    return f"{us}, {uk}"


def _grade(case: "Case", table: Potency, row: Preparation) -> tuple[str, str | None]:
    term = case.compiled.vocabulary.terms.get(row.drug)
    words = table.grades.get(term.potency or "") if term else None
    return case.words(words) if words else ("", None)


__all__ = ["classes", "strengths"]
