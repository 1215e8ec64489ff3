"""The shape of ``amounts/*.yaml``: how much of what is put on the skin, how strong it is, how it is diluted.

Tables of numbers with their sources, and the facts that follow from them. Nothing here knows a drug or a fact by
name: each file names the facts it reads and the facts it makes.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal
from typing import Literal

import msgspec

from atopy.criteria import Category, Node, Number, Signature
from atopy.facts import Cases, CompiledFact, CoverOfSites, PartNeeds, Product, TableRow
from atopy.guideline.schema import Citation, Quantity, Words
from atopy.nearest import did_you_mean

WEEK = Decimal(7)
_EXACT = Context(prec=28)  # the ambient context changes nothing


class BodyPart(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A part of the body that a table has a row for, and the sites of a record that lie in it."""

    part: str  # its name in the table
    name: Words  # what it is called, both sides together
    sides: int = 1  # two arms: a table counts one
    sites: list[str] = []  # the sites of a record that lie in it


class AgeBand(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What covers the skin at one age."""

    id: str
    name: Words  # whom it is for
    when: str
    units: dict[str, Decimal]  # units that cover each part of the body once, counted for one side
    sources: list[Citation]
    palms: bool = (
        False  # the whole is counted in palms, each one per cent of the body; else its parts are added up
    )
    borrowed: Words | None = None  # said where no table speaks of this age and another is used
    numbers: dict[str, Quantity] = {}  # the numbers of its texts


class MakesSupply(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """The names of the facts that a table of fingertip units makes."""

    whole: str  # units for the whole body
    week: str  # grams a week for the skin that is affected, once daily
    enough: str  # grams a day from which the use of the affected skin counts as enough
    enough_on_sites: str  # of one course: the same, were the parts that hold its sites all affected


class Fingertips(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="fingertips"
):
    """``kind: fingertips``. How many fingertip units cover what, by age, and the grams in one."""

    id: str
    title: Words
    area: str  # fact: percent of the body that is affected
    site: str  # fact: which sites are affected
    used: str  # fact: grams used in a week
    at_least: str  # fact: the fewest that can have been used
    verdict: str  # fact: what the use comes to against the need
    grams: Decimal  # in one unit
    palms: Decimal  # that one unit covers
    enough: Decimal  # share of once-daily use from which the use counts as enough
    makes: MakesSupply  # the facts it makes
    applications: dict[str, list[int]]  # option -> applications a day, the fewest first
    parts: list[BodyPart]  # the parts of the body
    bands: list[AgeBand]  # the ages
    sources: list[Citation]
    by_palms: Words  # what the area needs, counted in palms
    by_parts: Words  # what the area needs, as a share of the whole
    a_day: dict[str, Words]  # what that is a day and a week, by applications a day
    once_over: Words  # before the parts of the body, each with its units
    each_part: Words  # the units of one part
    compared: Words  # what is used
    unweighed: Words  # nobody knows what is used
    over_limit: Words  # the area needs more than the option's limit
    ask_area: Words  # the area is missing
    ask_age: Words  # the age is missing
    none: Words  # no band fits the age
    none_when: str  # fact: younger than any band
    only_on: dict[
        str, list[str]
    ] = {}  # option -> the parts of the body it is for, where it is not for all of them
    by_part: Words | None = None  # what all of the parts need that an option is for
    numbers: dict[str, Quantity] = {}  # the numbers of its texts
    verdicts: dict[str, Words] = {}  # what each outcome of the verdict is called
    bases: dict[str, Words] = {}  # what is said of how the use is known
    review_by: str | None = None


class WeekBand(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How much a week, for whom, whatever the area."""

    id: str
    name: Words  # whom it is for
    when: str
    sources: list[Citation]
    low: Decimal  # the fewest grams
    high: Decimal | None = None  # the most; left out: no upper end is given
    borrowed: Words | None = None  # said where no source speaks of this age and another's is used
    numbers: dict[str, Quantity] = {}  # the numbers of its texts


class Weekly(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="weekly"
):
    """``kind: weekly``. Grams a week by age, for the whole body."""

    id: str
    title: Words
    options: list[str]  # the options it speaks of
    used: str  # fact: grams used in a week
    verdict: str  # fact: what the use comes to against the need
    makes: str  # fact: the fewest grams a week
    bands: list[WeekBand]  # the ages
    need: Words  # what is needed
    compared: Words  # what is used
    unweighed: Words  # nobody knows what is used
    ask_age: Words  # the age is missing
    verdicts: dict[str, Words] = {}  # what each outcome of the verdict is called
    bases: dict[str, Words] = {}  # what is said of how the use is known
    review_by: str | None = None


class Preparation(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One preparation with its class in each scale. A class left out: that scale's table, as read, does not hold it."""

    drug: str  # a word of the vocabulary
    us: int | None = None  # United States, one (strongest) to seven
    uk: Literal["very_potent", "potent", "moderate", "mild"] | None = None  # United Kingdom
    us_sources: list[Citation] = []  # where the one comes from
    uk_sources: list[Citation] = []  # where the other comes from
    note: str | None = None  # where lists differ


class Potency(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="potency"
):
    """``kind: potency``. Classes of strength, the scales side by side."""

    id: str
    title: Words
    options: list[str]  # in which a preparation in use is named with its classes
    us_scale: Words  # what the first scale is called
    us_class: Words  # its class
    uk_scale: Words  # what the second scale is called
    uk_names: dict[str, Words]  # what the words of the second scale are called
    not_listed: Words  # where a scale does not hold it
    grades: dict[str, Words]  # what the vocabulary counts it as
    preparations: list[Preparation]  # the rows
    sources: list[Citation]
    numbers: dict[str, Quantity] = {}  # the numbers of its texts
    review_by: str | None = None


class Dilution(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="kind", tag="dilution"
):
    """``kind: dilution``. A bath made from a stock: how much of it for which volume."""

    id: str
    title: Words
    options: list[str]  # the options it speaks of
    stock: str  # fact: strength of the stock in percent
    volume: str  # fact: litres of the bath
    target: Quantity  # strength of the bath in percent
    weakest: Quantity  # a stock below it is diluted already, or none
    strongest: Quantity  # a stock above it is no household product
    smallest: Quantity  # a bath below it holds nobody
    largest: Quantity  # nor is a bath larger than this
    sources: list[Citation]
    recipe: Words  # how much of the stock
    ask_stock: Words  # the strength of the stock is missing
    ask_volume: Words  # the volume is missing
    ask_both: Words  # both are
    wrong_stock: Words  # the strength given cannot be right
    wrong_volume: Words  # the volume given cannot be right
    never: Words  # what must never be done with it
    review_by: str | None = None


Amount = Fingertips | Weekly | Potency | Dilution
KINDS: dict[str, type[Amount]] = {
    "fingertips": Fingertips, "weekly": Weekly, "potency": Potency, "dilution": Dilution,
}  # fmt: skip
COMPUTED: dict[type[msgspec.Struct], tuple[str, ...]] = {
    Fingertips: ("area", "palms", "units", "whole", "day", "week", "used", "limit", "days"),
    Weekly: ("week", "used"),
    Potency: ("us",),
    Dilution: ("volume", "target", "stock", "ml", "weakest", "strongest", "smallest", "largest"),
}
"""The numbers that the texts of a table may use without giving them: they are computed for each patient."""
Parse = Callable[[str, str], Node | None]


def whole_body(table: Fingertips, band: AgeBand) -> Decimal:
    """Units that cover the body once."""
    if band.palms:
        return _EXACT.divide(Decimal(100), table.palms)
    sides = {p.part: Decimal(p.sides) for p in table.parts}
    total = Decimal(0)
    for part, units in band.units.items():
        total = _EXACT.fma(units, sides.get(part, Decimal(1)), total)
    return total


def signatures(amounts: list[Amount]) -> dict[str, Signature]:
    """The facts that the tables make, so that other content may speak of them."""
    made: dict[str, Signature] = {}
    for amount in amounts:
        if isinstance(amount, Fingertips):
            made[amount.makes.whole] = Signature(Number("FTU"))
            made[amount.makes.week] = Signature(Number("g/wk"))
            made[amount.makes.enough] = Signature(Number("g/day"))
            made[amount.makes.enough_on_sites] = Signature(Number("g/day"), event=True)
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
        product = Product(names, (), _EXACT.multiply(amount.grams, WEEK), Decimal(100))
        yield CompiledFact(amount.makes.week, Signature(Number("g/wk")), product, label)
        yield from _enough(amount)
    elif isinstance(amount, Weekly):
        rows = [(band.id, band.when, band.low) for band in amount.bands]
        yield _table(amount.makes, "g/wk", rows, {"en": "grams a week that the whole skin needs"}, parse)


def _enough(table: Fingertips) -> Iterator[CompiledFact]:
    """From how many grams a day the use counts as enough: of the whole rash, and of the sites of one course."""
    share = _EXACT.multiply(table.grams, table.enough)
    label = {"en": "grams a day from which the use counts as enough for the affected skin"}
    product = Product((table.area, table.makes.whole), (), share, Decimal(100))
    yield CompiledFact(table.makes.enough, Signature(Number("g/day")), product, label)
    label = {"en": "grams a day from which the use counts as enough for all of its sites"}
    cover = CoverOfSites(table.makes.whole, {band.id: part_needs(table, band) for band in table.bands}, share)
    yield CompiledFact(table.makes.enough_on_sites, Signature(Number("g/day"), event=True), cover, label)


def part_needs(table: Fingertips, band: AgeBand) -> tuple[PartNeeds, ...]:
    """Each part of the body at one age with its sites, and the units for both its sides."""
    return tuple(
        PartNeeds(tuple(p.sites), _EXACT.multiply(band.units[p.part], Decimal(p.sides)))
        for p in table.parts if p.part in band.units
    )  # fmt: skip


def _table(
    name: str, unit: str, rows: list[tuple[str, str, Decimal]], label: dict[str, str], parse: Parse
) -> CompiledFact:
    made = [
        TableRow(node, str(number), "next", because=id_, number=number)
        for id_, when, number in rows
        if (node := parse(id_, when)) is not None
    ]
    return CompiledFact(name, Signature(Number(unit)), Cases(tuple(made), None), label)


Path = tuple[str | int, ...]
Misfits = Iterator[tuple[Path, str]]


def misfits(
    amount: Amount, facts: Mapping[str, CompiledFact], domains: Mapping[str, tuple[str, ...]]
) -> Misfits:
    """What a table names that is not there: the place, and the message."""
    for field in ("area", "site", "used", "at_least", "verdict", "none_when", "stock", "volume"):
        name = getattr(amount, field, None)
        if isinstance(name, str) and name not in facts:
            yield (field,), f"'{name}' is not a fact.{did_you_mean(name, facts)}"
    options = domains.get("option", ())
    named = getattr(amount, "options", None) or getattr(amount, "applications", {})
    for place, option in enumerate(named):
        if option not in options:
            where: Path = ("options", place) if isinstance(named, list) else ("applications", option)
            yield where, f"'{option}' is not an option.{did_you_mean(option, options)}"
    if isinstance(amount, Potency):
        yield from _misfit_preparations(amount, domains.get("drug", ()))
    if isinstance(amount, Fingertips):
        yield from _misfit_parts(amount, domains.get("site", ()))
    if isinstance(amount, Fingertips | Weekly) and amount.verdict in facts:
        yield from _unsaid(amount, facts[amount.verdict])


def options_told(amount: Amount) -> Iterator[tuple[Path, str]]:
    """The options of which a table says how much is needed; classes of strength say nothing of that."""
    if isinstance(amount, Fingertips):
        yield from ((("applications", option), option) for option in amount.applications)
    elif not isinstance(amount, Potency):
        yield from ((("options", place), option) for place, option in enumerate(amount.options))


def _misfit_parts(table: Fingertips, sites: tuple[str, ...]) -> Misfits:
    known = [p.part for p in table.parts]
    for i, part in enumerate(table.parts):
        for j, site in enumerate(part.sites):
            if site not in sites:
                yield ("parts", i, "sites", j), f"'{site}' is not a site.{did_you_mean(site, sites)}"
    for i, band in enumerate(table.bands):
        for name in band.units:
            if name not in known:
                yield (
                    ("bands", i, "units", name),
                    f"'{name}' is not a part of the body here.{did_you_mean(name, known)}",
                )
    for option, times in table.applications.items():
        for n in times:
            if str(n) not in table.a_day:
                yield ("applications", option), f"'a_day' has no words for {n} a day."
    yield from _misfit_limits(table, known)


def _misfit_limits(table: Fingertips, known: list[str]) -> Misfits:
    """What an option is limited to is known, and there are words for it."""
    for option, parts in table.only_on.items():
        if option not in table.applications or table.by_part is None:
            yield ("only_on", option), f"'{option}' needs its 'applications', and 'by_part' the words."
        for name in parts:
            if name not in known:
                yield (
                    ("only_on", option),
                    f"'{name}' is not a part of the body here.{did_you_mean(name, known)}",
                )


def _misfit_preparations(table: Potency, drugs: tuple[str, ...]) -> Misfits:
    """Each preparation is a word of the vocabulary, once, and a class has a source."""
    seen: set[str] = set()
    for i, row in enumerate(table.preparations):
        if row.drug not in drugs or row.drug in seen:
            twice = (
                "stands here twice." if row.drug in seen else f"is not a drug.{did_you_mean(row.drug, drugs)}"
            )
            yield ("preparations", i, "drug"), f"'{row.drug}' {twice}"
        seen.add(row.drug)
        for scale, value, sources in (("us", row.us, row.us_sources), ("uk", row.uk, row.uk_sources)):
            if (value is None) is bool(sources):
                yield ("preparations", i), f"'{row.drug}' needs a class and its source together ({scale})."


def _unsaid(table: Fingertips | Weekly, verdict: CompiledFact) -> Misfits:
    """Every outcome of the verdict has words, and no other."""
    kind = verdict.signature.type
    outcomes = kind.values if isinstance(kind, Category) else ()
    for outcome in sorted({*outcomes} ^ {*table.verdicts}):
        message = (
            "is not an outcome of" if outcome in table.verdicts else "has no words, but is an outcome of"
        )
        yield ("verdicts",), f"'{outcome}' {message} {table.verdict}."
