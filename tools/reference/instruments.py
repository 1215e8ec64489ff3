"""One page for each instrument: items, formula, bands by study, important change, missing items, licence, pitfalls."""

from __future__ import annotations

from collections.abc import Iterator

from atopy.instruments import Band, Criterion, ImportantChange, Instrument

from .book import Book
from .markdown import code, listed, page, plain, section, spaced, table

UP = "../"


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """The index, every instrument, and what stands beside them."""
    library = book.compiled.instruments
    rows = [
        (
            f"[{plain(i.short)}]({i.id}.md)",
            code(i.id),
            plain(i.name),
            spaced(i.domain),
            f"{book.value(i.range[0])} to {book.value(i.range[1])}",
            plain(i.completed_by),
        )
        for i in library.instruments
    ]
    yield (
        "instruments/index.md",
        page(
            "Instruments",
            "Scores with their arithmetic and bands. Items are topics in our own words; a "
            "questionnaire's own wording is its owner's and "
            "is not shipped. Besides: [targets, conversions, core sets, flares and adherence](others.md).",
            table(["", "id", "name", "measures", "range", "by"], rows),
        ),
    )
    for instrument in library.instruments:
        yield f"instruments/{instrument.id}.md", _instrument(book, instrument)
    yield "instruments/others.md", _others(book)


def _instrument(book: Book, i: Instrument) -> str:
    facts = [
        ("Id", code(i.id) + (f", also {', '.join(code(a) for a in i.aliases)}" if i.aliases else "")),
        ("Measures", f"{spaced(i.domain)}: {plain(i.construct)}"),
        ("By", plain(i.completed_by)),
        ("For", plain(i.ages.text)),
        ("Speaks of", plain(i.recall)),
        (
            "Range",
            _range(book, i),
        ),
        ("Formula", plain(i.formula_text)),
        (
            "A missing item",
            plain(i.missing.text)
            + ("" if i.missing.published else " *No rule was published; this is the safe behaviour.*"),
        ),
        ("LOINC", ", ".join(f"{spaced(k)} {plain(v)}" for k, v in i.loinc.items())),
        ("Sources", _sources(book, i.sources)),
    ]
    items = table(
        ["item", "topic", "range", "of each region"],
        [
            (
                code(x.id),
                plain(x.topic),
                ", ".join(book.value(v) for v in x.values)
                if x.values
                else f"{book.value(x.range[0])} to {book.value(x.range[1])}{f' {plain(x.unit)}' if x.unit else ''}",
                "yes" if x.per_region else "",
            )
            for x in i.items
        ],
    )
    weights = table(
        ["weights", *(plain(r.topic) for r in i.regions)],
        [(plain(spaced(w.id)), *(book.value(w.weights.get(r.id)) for r in i.regions)) for w in i.weights],
    )
    return page(
        plain(i.name),
        table(["", ""], [f for f in facts if f[1]]),
        plain(i.note),
        section("Items", items, weights),
        section("Bands", *(_bands(book, i))),
        section("Important change", _changes(book, i.important_changes)),
        section("Response", _criteria(book, i.responses)),
        section(
            "Licence",
            f"{plain(i.licence.status)}. "
            f"{plain(i.licence.detail)}{'' if i.licence.verified else ' *Not read.*'}",
        ),
        section(
            "What is known",
            listed(
                f"{plain(f.text)} "
                f"{_sources(book, (f.source,)) if f.source else ''}{'' if f.verified else ' *Not read.*'}"
                for f in i.facts
            ),
        ),
        section("Pitfalls", listed(f"{plain(p.text)} {code(p.id)}" for p in i.pitfalls)),
    )


def _range(book: Book, i: Instrument) -> str:
    ends = f"{book.value(i.range[0])} to {book.value(i.range[1])} {plain(i.unit)}"
    places = f"rounded to {i.decimals or 'no'} decimal{'' if i.decimals == 1 else 's'}"
    return f"{ends}, {places}; higher is {'worse' if i.higher_is_worse else 'better'}"


def _bands(book: Book, i: Instrument) -> list[str]:
    lead = "Each set belongs to one study and is never mixed with another's or shown without it."
    if not i.bands:
        return [f"No study set bands. {plain(i.no_default_because)}"]
    parts = [lead, plain(i.no_default_because)]
    for s in i.bands:
        marks = [
            "the default" if s.default else "",
            plain(s.population),
            f"answered by: {s.respondent}" if s.respondent else "",
            f"anchor: {plain(s.anchor)}" if s.anchor else "",
            plain(s.use),
            plain(s.partial),
            "" if s.verified else "*not read*",
        ]
        head = f"{_sources(book, (s.source,))}: {'; '.join(m for m in marks if m) or 'no more is known'}."
        parts += [
            head,
            table([plain(b.label) for b in s.bands], [[plain(b.limits) for b in s.bands]]),
            plain(s.note),
        ]
    return parts


def _size(book: Book, c: ImportantChange) -> str:
    if c.value is not None:
        return f"{book.value(c.value)} {c.unit}"
    if c.scale:
        return ", ".join(f"{plain(b.label)} {_limits(b)}" for b in c.scale)
    return f"{book.value(c.low)} to {book.value(c.high)} {c.unit}" if c.low is not None else "no figure"


def _limits(band: Band) -> str:
    return plain(band.limits)


def _changes(book: Book, given: tuple[ImportantChange, ...]) -> str:
    rows = [
        (
            _size(book, c),
            plain(c.population),
            plain(c.anchor),
            f"{book.value(c.detectable)}" if c.detectable is not None else "",
            _sources(book, (c.source,)),
            "yes" if c.verified else "**not read**",
            plain(c.note),
        )
        for c in given
    ]
    return table(["change", "in whom", "against", "smallest detectable", "source", "read", "note"], rows)


def _criteria(book: Book, given: tuple[Criterion, ...]) -> str:
    rows = [
        (
            plain(c.name),
            f"{'not ' if c.negated else ''}{spaced(c.kind)} {book.value(c.value)}",
            _sources(book, (c.source,)) if c.source else "",
            "yes" if c.verified else "**not read**",
        )
        for c in given
    ]
    return table(["response", "is", "source", "read"], rows)


def _sources(book: Book, keys: tuple[str, ...]) -> str:
    return ", ".join(
        f"{plain(key)} [\\[{book.number(key)}\\]]({UP}sources.md#s{book.number(key)})"
        if key in book.compiled.sources
        else plain(key)
        for key in keys
    )


def _others(book: Book) -> str:
    library = book.compiled.instruments
    targets = []
    for t in library.targets:
        rows = [
            (
                plain(x.name),
                plain(x.by),
                " and ".join(plain(c.name) for c in x.all_of)
                + (" and " if x.all_of and x.any_of else "")
                + " or ".join(plain(c.name) for c in x.any_of)
                + (
                    f" of those chosen: {'; '.join(plain(c.name) for c in x.chosen_of)}"
                    if x.chosen_of
                    else ""
                ),
                "yes" if x.verified else "**not read**",
            )
            for x in t.targets
        ]
        targets.append(
            section(
                plain(t.name),
                f"{_sources(book, (t.source,))}. {plain(t.structure)} {plain(t.action)}",
                table(["target", "judged", "reached when", "read"], rows),
                level=3,
            )
        )
    conversions = [
        section(
            plain(c.name), f"{_sources(book, (c.source,))}. {plain(c.method)} {plain(c.caution)}", level=3
        )
        for c in library.conversions
    ]
    cores = [
        section(
            plain(c.name),
            f"{_sources(book, (c.source,))}. {plain(c.scope)}",
            table(
                ["domain", "measured by"],
                [
                    (
                        plain(d.name),
                        f" {'and' if d.needs == 'all' else 'or'} ".join(
                            code(m.instrument) for m in d.measures
                        ),
                    )
                    for d in c.domains
                ],
            ),
            level=3,
        )
        for c in library.core_sets
    ]
    flares = listed(
        f"**{plain(f.name)}.** {plain(f.text)} "
        f"{_sources(book, (f.source,))}{'' if f.verified else ' *Not read.*'}"
        for f in library.flares
    )
    adherence = listed(
        f"**{plain(a.name)}.** {plain(a.formula or a.text)} "
        f"{_sources(book, (a.source,)) if a.source else ''}{'' if a.verified else ' *Not read.*'}"
        for a in library.adherence
    )
    return page(
        "Targets, conversions, core sets, flares, adherence",
        section("Treatment targets", *targets),
        section("Conversions", *conversions),
        section("Core outcome sets", *cores),
        section("Flares", flares),
        section("Adherence", adherence),
    )
