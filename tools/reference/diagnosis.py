"""Exacerbating factors, allergens, other diagnoses and red flags: what raises each, what settles it, what to do."""

from __future__ import annotations

from collections.abc import Iterator

from atopy.guideline import Allergen, Factor, Mimic, RedFlag

from .book import Book
from .markdown import page, plain, section, table
from .therapies import book_link


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """Four pages."""
    c = book.compiled
    yield (
        "factors.md",
        page(
            "Exacerbating factors",
            "What to look for before any second-line treatment. *Present* and *suspected* hold a new "
            "second-line drug; *not "
            "assessed* does not, but is named as a check. [The tables that decide](decisions.md).",
            *(_factor(book, f) for f in sorted(c.factors.values(), key=lambda f: (f.order, f.id))),
        ),
    )
    yield (
        "allergens.md",
        page(
            "Allergens of products",
            "What labels call each allergen, how far a reaction to it reaches, and what is free of it. Each "
            "product in use is held against what the patient reacts to; a label that is not recorded is "
            "said to be so, never taken as free.",
            *(_allergen(book, a) for a in sorted(c.allergens.values(), key=lambda a: (a.order, a.id))),
        ),
    )
    yield (
        "mimics.md",
        page(
            "Other diagnoses",
            "What a record may raise instead of eczema, or beside it, with the test that settles it. One "
            "marked *clinician first* "
            "is left out of the patient's plan until a doctor has spoken.",
            *(_mimic(book, m) for m in sorted(c.mimics.values(), key=lambda m: (m.order, m.id))),
        ),
    )
    yield (
        "red-flags.md",
        page(
            "Red flags",
            "What needs action today. Each says how recent its signs must be, holds the whole ladder and "
            "owns the headline.",
            *(_flag(book, f) for f in sorted(c.red_flags.values(), key=lambda f: (f.order, f.id))),
        ),
    )


def _states(book: Book, item: Factor | Mimic) -> str:
    rows = [
        (state, book.when(getattr(item, state)) or "always") for state in ("present", "suspected", "excluded")
    ]
    return table(["it is", "when"], [r for r in rows if r[1] != "never"])


def _factor(book: Book, f: Factor) -> str:
    return section(
        plain(book.title(f.id)),
        _for_patient(book, f),
        _states(book, f),
        section("How to check it", book.statements(f.assess), level=3),
        section("How to correct it", book.statements(f.correct), level=3),
        section("Background", book.statements(f.background), level=3),
        _see(book, f.links),
        anchor=f.id,
    )


def _allergen(book: Book, a: Allergen) -> str:
    names = [(plain(book.title(s)), plain(", ".join(listed))) for s, listed in a.on_labels.items()]
    reaches = [
        (
            plain(", ".join(book.title(x) for x in r.positive)),
            plain(", ".join(book.title(x) for x in r.meets)),
            r.how.replace("_", " "),
            book.cite(r.sources),
        )
        for r in a.reaches
    ]
    return section(
        plain(book.title(a.id)),
        f"For a patient: {book.text(a.name, {})[1] or 'no text'}. {book.file(a)}.",
        f"Substances: {plain(', '.join(book.title(s) for s in a.substances))}. {book.cite(a.sources)}",
        table(["substance", "on labels also"], names) if names else "",
        table(["who reacts to", "reacts to", "how", "sources"], reaches) if reaches else "",
        f"Free of it: {plain(', '.join(book.title(f) for f in a.free))}. {book.cite(a.free_sources)}"
        if a.free
        else "",
        book.statements(a.advice) if a.advice else "",
        _see(book, a.links),
        anchor=a.id,
    )


def _mimic(book: Book, m: Mimic) -> str:
    return section(
        plain(book.title(m.id)),
        _for_patient(book, m),
        _states(book, m),
        section("The test that settles it", book.statements(m.test), level=3),
        section("Meanwhile", book.statements(m.meanwhile), level=3),
        section("Background", book.statements(m.background), level=3),
        _see(book, m.links),
        anchor=m.id,
    )


def _flag(book: Book, f: RedFlag) -> str:
    return section(
        plain(book.title(f.id)),
        _for_patient(book, f),
        f"*When:* {book.when(f.when)}",
        section("What to do today", book.statements(f.act), level=3),
        _see(book, f.links),
        anchor=f.id,
    )


def _for_patient(book: Book, item: Factor | Mimic | RedFlag) -> str:
    patient = book.text(item.name, {})[1]
    first = "; *clinician first*" if getattr(item, "clinician_first", False) else ""
    return f"For a patient: {patient or 'no text'}{first}. {book.file(item)}."


def _see(book: Book, links: list[str]) -> str:
    return f"See also: {', '.join(book_link(book, link, '') for link in links)}." if links else ""
