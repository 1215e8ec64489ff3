"""What a table of amounts holds, for its editors and reviewers: its numbers, the facts it reads, the facts it makes."""

from collections.abc import Iterator
from decimal import Decimal

from atopy.guideline.amounts import AgeBand, Amount, Dilution, Fingertips, Potency, Weekly, whole_body
from atopy.plan import Case
from atopy.plan.potency_lines import classes
from atopy.plan.words import quantity

Said = tuple[str, str]
"""A label, and what is said under it."""


def amount(case: Case, table: Amount) -> Iterator[Said]:
    """One table, row by row."""
    if isinstance(table, Fingertips):
        yield from _fingertips(case, table)
    elif isinstance(table, Weekly):
        yield from _weekly(case, table)
    elif isinstance(table, Potency):
        yield from _potency(case, table)
    else:
        yield from _dilution(case, table)


def _fingertips(case: Case, table: Fingertips) -> Iterator[Said]:
    yield "Grams in one unit", f"{_number(table.grams)}; one unit covers {_number(table.palms)} palms"
    yield "Enough", f"from {_number(table.enough * 100)} % of once-daily use"
    for option, times in table.applications.items():
        yield "Times a day", f"{case.explainer.title(option)}: {' or '.join(map(str, times))}"
    names = {p.part: case.words(p.name)[0] for p in table.parts}
    for band in table.bands:
        sides = {p.part: p.sides for p in table.parts}
        units = ", ".join(f"{names[part]} {_number(n * sides[part])}" for part, n in band.units.items())
        whole = f"whole body {_number(whole_body(table, band))}"
        yield _named(case, band), f"{whole}; {units}{_borrowed(case, band)}{_keys(band)}"
    reads = (table.area, table.site, table.used, table.at_least, table.verdict, table.none_when)
    yield "Reads the facts", ", ".join(reads)
    made = table.makes
    yield "Makes the facts", ", ".join((made.whole, made.week, made.enough, made.enough_on_sites))


def _weekly(case: Case, table: Weekly) -> Iterator[Said]:
    for band in table.bands:
        high = f" to {_number(band.high)}" if band.high is not None else ""
        start = "" if high else "at least "
        note = f"; {case.words(band.borrowed, band.numbers)[0]}" if band.borrowed else ""
        keys = "; ".join(c.source + ("" if c.verified else ", not verified") for c in band.sources)
        said = f"{start}{_number(band.low)}{high} g a week{note} ({keys})"
        yield case.words(band.name, band.numbers)[0].capitalize(), said
    yield "Reads the facts", ", ".join((table.used, table.verdict))
    yield "Makes the fact", table.makes


def _potency(case: Case, table: Potency) -> Iterator[Said]:
    for row in table.preparations:
        cited = [*row.us_sources, *row.uk_sources]
        keys = "; ".join(dict.fromkeys(c.source + ("" if c.verified else ", not verified") for c in cited))
        note = f" {row.note}" if row.note else ""
        yield case.explainer.title(row.drug), f"{classes(case, table, row)} ({keys}){note}"


def _dilution(case: Case, table: Dilution) -> Iterator[Said]:
    yield "Strength of the bath", quantity(table.target)
    yield "A stock is believed", f"from {quantity(table.weakest)} to {quantity(table.strongest)}"
    yield "A bath is believed", f"from {quantity(table.smallest)} to {quantity(table.largest)}"
    yield "Recipe", table.recipe.clinician["en"]
    yield "Never", case.words(table.never)[0]
    yield "For the patient", case.words(table.never)[1] or ""
    yield "Reads the facts", ", ".join((table.stock, table.volume))


def _named(case: Case, band: AgeBand) -> str:
    return case.words(band.name, band.numbers)[0].capitalize()


def _borrowed(case: Case, band: AgeBand) -> str:
    return f"; {case.words(band.borrowed, band.numbers)[0]}" if band.borrowed else ""


def _keys(band: AgeBand) -> str:
    return f" ({'; '.join(c.source + ('' if c.verified else ', not verified') for c in band.sources)})"


def _number(number: Decimal) -> str:
    return format(number.normalize(), "f")


__all__ = ["amount"]
