"""The reference pages of the documentation, made from the content: nothing is written twice, so nothing can drift.

``pages`` gives every page by its path under ``docs/``; ``blocks`` gives the pieces that hand-written pages
ask for with ``<!-- made: name argument -->``. ``tools/mkdocs_hook.py`` puts both into the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from atopy.guideline import load_guideline

from . import blocks, decisions, diagnosis, disagreements, facts, instruments, sources, therapies, topics
from .book import Book

MAKERS: tuple[Callable[[Book], Iterator[tuple[str, str]]], ...] = (
    therapies.pages,
    diagnosis.pages,
    topics.pages,
    decisions.pages,
    facts.pages,
    instruments.pages,
    disagreements.pages,
    sources.pages,
)
SECTIONS = (
    ("Therapies", "therapies"),
    ("Exacerbating factors", "factors.md"),
    ("Allergens of products", "allergens.md"),
    ("Other diagnoses", "mimics.md"),
    ("Red flags", "red-flags.md"),
    ("Topics", "topics"),
    ("Decision tables", "decisions.md"),
    ("Facts", "facts"),
    ("Words of a record", "vocabulary"),
    ("Instruments", "instruments"),
    ("Disagreements", "disagreements.md"),
    ("Sources", "sources.md"),
)


def pages() -> dict[str, str]:
    """Every reference page by its path under ``docs/``, in order."""
    book = Book(load_guideline())
    made = {f"reference/{name}": text for maker in MAKERS for name, text in maker(book)}
    return {"reference/index.md": index(book, made), **made}


def index(book: Book, made: dict[str, str]) -> str:
    """What the reference holds, counted."""
    meta = book.compiled.meta
    counts = {
        name: sum(page.startswith(f"reference/{place}/") and not page.endswith("index.md") for page in made)
        for name, place in SECTIONS
    }
    rows = [
        f"- [{name}]({place if place.endswith('.md') else f'{place}/index.md'})"
        + (f" ({counts[name]} pages)" if counts[name] else "")
        for name, place in SECTIONS
    ]
    return f"""# Reference

{meta.title["en"]}, version {meta.version}, made from the content itself. Literature current through
{meta.literature_current_through}; last updated {meta.last_updated}; review status **{meta.review_status}**.

{chr(10).join(rows)}

!!! warning "{meta.review_status.capitalize()}"
    {meta.disclaimer.clinician["en"]}

Each predicate is shown twice: in plain English, made from the tree that the engines run, and as it is written in the
content. A source's number leads to [the bibliography](sources.md). *Not read* marks what nobody has read at its source:
such a grade decides nothing, such a contraindication still warns, such a dose is shown as "check the label".
"""


def nav(made: dict[str, str]) -> list[dict[str, object] | str]:
    """The pages as a navigation for mkdocs, in the order in which they were made."""
    listed: list[dict[str, object] | str] = ["reference/index.md"]
    for name, place in SECTIONS:
        if place.endswith(".md"):
            listed.append({name: f"reference/{place}"})
        else:
            listed.append({name: [page for page in made if page.startswith(f"reference/{place}/")]})
    return listed


__all__ = ["Book", "blocks", "nav", "pages"]
