"""The shape of ``amounts/*.yaml``: how much of what is put on the skin, how strong it is, how it is diluted.

Tables of numbers with their sources, and the facts that follow from them. Nothing here knows a drug or a fact by
name: each file names the facts it reads and the facts it makes.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from atopy.criteria import Node, Number, Signature
from atopy.facts import Cases, CompiledFact, Product, TableRow
from atopy.guideline.schema import Citation, Country, Quantity, Words

WEEK = Decimal(7)


class BodyPart(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A part of the body that a table has a row for, and the sites of a record that lie in it."""

    part: str
    name: Words
    sides: int = 1  # two arms: a table counts one
    sites: list[str] = []


class AgeBand(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What covers the skin at one age: units for each part of the body, counted for one side."""

    id: str
    name: Words  # "a child of 3 to 5 years"
    when: str
    units: dict[str, Decimal]
    sources: list[Citation]
    palms: bool = False  # the whole is counted in palms, each one per cent of the body; else its parts are added up
    borrowed: Words | None = None  # said where no table speaks of this age
    numbers: dict[str, Quantity] = {}


class MakesSupply(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """The names of the facts made: units for the whole body, and grams a week for the skin that is affected."""

    whole: str
    week: str


class Fingertips(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="fingertips"
):
    """Fingertip units: grams in one, and how many cover what, by age."""

    id: str
    title: Words
    area: str  # fact: percent of the body that is affected
    site: str  # fact: which sites are affected
    used: str  # fact: grams used in a week
    verdict: str  # fact: what the one comes to against the other
    grams: Decimal  # in one unit
    palms: Decimal  # that one unit covers
    makes: MakesSupply
    applications: dict[str, list[int]]  # option -> applications a day, the fewest first
    parts: list[BodyPart]
    bands: list[AgeBand]
    sources: list[Citation]
    none: Words  # said where no band fits the age
    numbers: dict[str, Quantity] = {}
    verdicts: dict[str, Words] = {}  # what each outcome of the verdict is called


class WeekBand(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How much a week, for whom, whatever the area."""

    id: str
    name: Words
    when: str
    sources: list[Citation]
    low: Decimal
    high: Decimal | None = None
    borrowed: Words | None = None
    numbers: dict[str, Quantity] = {}


class Weekly(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="weekly"
):
    """Grams a week by age, for the whole body."""

    id: str
    title: Words
    options: list[str]
    used: str
    verdict: str
    makes: str  # fact: the fewest grams a week
    bands: list[WeekBand]
    verdicts: dict[str, Words] = {}


class Preparation(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One product with its class in each scale. ``None``: that scale's table, as read, does not hold it."""

    drug: str  # a word of the vocabulary
    strength: Decimal | None = None
    vehicle: str | None = None
    us: int | None = None
    uk: Literal["very_potent", "potent", "moderate", "mild"] | None = None
    us_sources: list[Citation] = []
    uk_sources: list[Citation] = []
    note: str | None = None


class Potency(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="potency"
):
    """Classes of strength, the scales side by side."""

    id: str
    title: Words
    options: list[str]  # in which a product in use is named with its classes
    note: Words
    products: list[Preparation]
    sources: list[Citation]


class Dilution(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="dilution"
):
    """A bath made from a stock: how much stock for which volume."""

    id: str
    title: Words
    options: list[str]
    stock: str  # fact: strength of the stock in percent
    volume: str  # fact: litres of the bath
    target: Quantity
    weakest: Quantity  # a stock below it is too weak to be one, or already diluted
    strongest: Quantity  # a stock above it is no household product
    smallest: Quantity  # a bath below it holds nobody
    largest: Quantity
    sources: list[Citation]
    limits_sources: list[Citation]
    ask_stock: Words
    ask_volume: Words
    warn_stock: Words
    warn_volume: Words
    never: Words
    country: Country | None = None


Amount = Fingertips | Weekly | Potency | Dilution
KINDS: dict[str, type[Amount]] = {
    "fingertips": Fingertips, "weekly": Weekly, "potency": Potency, "dilution": Dilution,
}  # fmt: skip
Parse = Callable[[str, str], Node | None]


def whole_body(table: Fingertips, band: AgeBand) -> Decimal:
    """Units that cover the body once."""
    if band.palms:
        return Decimal(100) / table.palms
    sides = {p.part: p.sides for p in table.parts}
    return sum((units * sides.get(part, 1) for part, units in band.units.items()), Decimal(0))


def signatures(amounts: list[Amount]) -> dict[str, Signature]:
    """The facts that the tables make, so that other content may speak of them."""
    made: dict[str, Signature] = {}
    for amount in amounts:
        if isinstance(amount, Fingertips):
            made[amount.makes.whole] = Signature(Number("FTU"))
            made[amount.makes.week] = Signature(Number("g/wk"))
        elif isinstance(amount, Weekly):
            made[amount.makes] = Signature(Number("g/wk"))
    return made


def facts(amount: Amount, parse: Parse) -> Iterator[CompiledFact]:
    """The facts of one table, ready to run. An age for which no table speaks leaves them unknown."""
    if isinstance(amount, Fingertips):
        rows = [(band.id, band.when, whole_body(amount, band)) for band in amount.bands]
        label = {"en": "fingertip units that cover the whole body once"}
        yield _table(amount.makes.whole, "FTU", rows, label, parse)
        label = {"en": "grams a week that the affected skin needs, once daily"}
        names = (amount.area, amount.makes.whole)
        product = Product(names, (), amount.grams * WEEK, Decimal(100))
        yield CompiledFact(amount.makes.week, Signature(Number("g/wk")), product, label)
    elif isinstance(amount, Weekly):
        rows = [(band.id, band.when, band.low) for band in amount.bands]
        yield _table(amount.makes, "g/wk", rows, {"en": "grams a week that the whole skin needs"}, parse)


def _table(
    name: str, unit: str, rows: list[tuple[str, str, Decimal]], label: dict[str, str], parse: Parse
) -> CompiledFact:
    made = [
        TableRow(node, str(number), "next", because=id_, number=number)
        for id_, when, number in rows
        if (node := parse(id_, when)) is not None
    ]
    return CompiledFact(name, Signature(Number(unit)), Cases(tuple(made), None), label, table=True)
