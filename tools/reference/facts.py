"""The vocabulary: every fact, and every word that a record may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from atopy.facts.declare import Fact, Product, Select
from atopy.guideline.load import Item
from atopy.record import Term

from .book import GENERATED, Book
from .markdown import code, page, plain, section, spaced, table

UP = "../"
_MEASURES = {
    "latest": "the newest",
    "earliest": "the oldest",
    "highest": "the highest",
    "lowest": "the lowest",
    "exists": "any",
    "count": "how many",
    "sum": "the sum of",
    "days_since": "days since the last",
    "duration": "days without a break of",
    "supply_at_most": "grams a week at most, of",
    "supply_at_least": "grams a week at least, of",
    "dose": "the dose of",
}
_MOST_CODES = 12


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """Facts by file, generated facts, then the words of a record by kind."""
    files: dict[str, list[Item]] = {}
    for item in book.content.facts.values():
        files.setdefault(item.document.file, []).append(item)
    mine = {f: items for f, items in files.items() if f.startswith("facts/")}
    yield "facts/index.md", _index(book, mine)
    for file, items in mine.items():
        name = PurePosixPath(file).stem
        rows = [_fact(book, item) for item in items]
        heads = ["fact", "says", "type", "from", "counts for", "nothing recorded", "question"]
        yield (
            f"facts/{name}.md",
            page(spaced(name).capitalize(), f"{code(file)}, {len(items)} facts.", table(heads, rows)),
        )
    yield "facts/generated.md", _generated(book)
    yield from _vocabulary(book)


def _index(book: Book, files: dict[str, list[Item]]) -> str:
    rows = [
        (f"[{spaced(PurePosixPath(file).stem).capitalize()}]({PurePosixPath(file).stem}.md)", str(len(items)))
        for file, items in files.items()
    ]
    rows.append(("[Made from the content's own files](generated.md)", str(len(book.made))))
    return page(
        "Facts",
        "What predicates may speak of. A fact has a type; says where in the record its value comes from; "
        "how long that value "
        "counts (an older one is *stale*: unknown, and said to be stale); and what it means that nothing "
        "is recorded: *unknown*, "
        "or *no* under a dated [attestation](../../record-format.md#attested-lists). How each kind of "
        "derivation works, on "
        "small tables of patients: [the manual](../../manual/facts.md).",
        table(["facts", ""], rows),
    )


def _fact(book: Book, item: Item) -> tuple[str, ...]:
    fact: Fact = item.value
    name = f"{item.id}({fact.of})" if fact.of else item.id
    course = "<br>of one course" if fact.per == "course" else ""
    notes = [plain(fact.note)] if fact.note else []
    if fact.source:
        number = book.number(fact.source)
        notes.append(f"[\\[{number}\\]]({UP}sources.md#s{number}){'' if fact.verified else ' (not read)'}")
    label = plain(fact.label["en"]) + (f"<br>*{' '.join(notes)}*" if notes else "")
    absent = {"unknown": "unknown", "false": "no"}.get(
        fact.absent
    ) or f"no, if {fact.absent} within {fact.attested_for}"
    return (
        f'<a id="{item.id}"></a>{code(name)}',
        label,
        book.kind_of(item.id) + course,
        _from(book, item, fact),
        plain(fact.valid_for or ""),
        ""
        if fact.when or fact.cases or fact.greatest or fact.product or fact.age or fact.demographic
        else absent,
        plain(fact.question.get("en", "")),
    )


def _product(product: Product) -> str:
    """``a x b x 0.5 / c``."""
    times = [str(product.times)] if product.times != 1 else []
    per = [str(product.per)] if product.per != 1 else []
    over = [*map(code, product.over), *per]
    said = " x ".join([*map(code, product.of), *times])
    return " / ".join([said, *over])


def _from(book: Book, item: Item, fact: Fact) -> str:
    if fact.when is not None:
        return book.when(fact.when, event=fact.per == "course", of=fact.of)
    if fact.cases is not None:
        return f"[a table]({UP}decisions.md#fact-{item.id})"
    if fact.greatest is not None:
        return "the greatest of " + ", ".join(code(n) for n in fact.greatest)
    if fact.product is not None:
        return _product(fact.product)
    if fact.age or fact.demographic:
        return "the patient: " + spaced(fact.demographic or f"age in completed {fact.age}")
    if fact.change is not None:
        unit = "percent of it" if fact.change.measured == "percent" else "points"
        value = "the one before the newest" if fact.change.before_newest else "newest"
        since = spaced(fact.change.against) + (
            f" of {plain(book.title(fact.change.course))}" if fact.change.course else ""
        )
        return f"change in {unit}, {value} against {since}: {_events(book, fact.change.of, fact)}"
    source = next(name for name in _MEASURES if getattr(fact, name) is not None)
    read = f" ({spaced(fact.field)})" if fact.field else ""
    return f"{_MEASURES[source]}{read} {_events(book, getattr(fact, source), fact)}"


def _events(book: Book, select: Select, fact: Fact) -> str:
    codes = [select.code] if isinstance(select.code, str) else list(select.code)
    named = ", ".join(code(c) for c in codes[:_MOST_CODES]) + (
        f" and {len(codes) - _MOST_CODES} more" if len(codes) > _MOST_CODES else ""
    )
    said = f"{spaced(select.kind)}" + ("" if codes == ["*"] else f" {named}")
    if select.where:
        said += f" where {book.when(select.where, event=True, of=fact.of)}"
    if select.within:
        said += f" within {plain(select.within)}"
    return said + (", planned ones too" if select.future else "")


def _generated(book: Book) -> str:
    rows = []
    for name in sorted(book.made):
        signature = book.compiled.facts[name].signature
        rows.append(
            (
                code(f"{name}({', '.join(signature.parameters)})"),
                plain(GENERATED.get(name) or spaced(name)),
                book.kind_of(name),
            )
        )
    return page(
        "Made from the content's own files",
        "Each predicate of a therapy, factor, diagnosis or statement becomes a rule of its own, and each "
        "file's rules are combined "
        "into the facts below. [Decision tables](../decisions.md) speak of these.",
        table(["fact", "says", "type"], rows),
    )


# -- words of a record


def _vocabulary(book: Book) -> Iterator[tuple[str, str]]:
    kinds: dict[str, list[Term]] = {}
    for term in book.compiled.vocabulary.terms.values():
        kinds.setdefault(term.kind, []).append(term)
    order = sorted(kinds)
    rows = [(f"[{spaced(kind).capitalize()}]({kind}.md)", str(len(kinds[kind]))) for kind in order]
    yield (
        "vocabulary/index.md",
        page(
            "Words of a record",
            "The words that a record in [Atopy's own format](../../record-format.md) may use, by id, "
            "name or synonym, and the codes by "
            "which FHIR data mean them. A number is kept in the unit given here; one outside the "
            "plausible range is set aside.",
            table(["kind", "words"], rows),
        ),
    )
    for kind in order:
        heads = ["id", "name", "also", "unit", "plausible", "values", "belongs to", "codes"]
        yield (
            f"vocabulary/{kind}.md",
            page(
                spaced(kind).capitalize(),
                table(heads, [_term(book, t) for t in sorted(kinds[kind], key=lambda t: t.id)]),
            ),
        )


def _term(book: Book, t: Term) -> tuple[str, ...]:
    limits = f"{book.value(t.plausible[0])} to {book.value(t.plausible[1])}" if t.plausible else ""
    codes = ", ".join(f"{c.system} {plain(c.code)}{'' if c.verified else ' (not read)'}" for c in t.codes)
    belongs = [
        *t.classes,
        *(f"potency: {p}" for p in (t.potency,) if p),
        *(f"route: {r}" for r in (t.route,) if r),
    ]
    return (
        code(t.id),
        plain(t.name.get("en", "")),
        plain(", ".join(t.synonyms)),
        plain(t.unit or ""),
        limits,
        plain(", ".join(t.values)),
        plain(", ".join(belongs)),
        codes,
    )


__all__ = ["pages", "section"]
