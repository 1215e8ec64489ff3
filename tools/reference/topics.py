"""Statements that stand beside the ladder: assessment, care, review. One page for each topic."""

from __future__ import annotations

from collections.abc import Iterator

from atopy.guideline import Topic

from .book import Book
from .markdown import page, plain, table
from .therapies import book_link

UP = "../"


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """The index, then every topic by section and order."""
    order = sorted(book.compiled.topics.values(), key=lambda t: (t.section, t.order, t.id))
    sections = book.compiled.phrases.sections
    rows = [
        (
            f"[{plain(book.title(t.id))}]({t.id}.md)",
            plain(book.text(sections[t.section], {})[0]),
            str(len(t.statements)),
        )
        for t in order
    ]
    lead = "Statements by subject, and the section of the plan in which each is shown when it applies."
    yield "topics/index.md", page("Topics", lead, table(["topic", "shown under", "statements"], rows))
    for topic in order:
        yield f"topics/{topic.id}.md", _topic(book, topic)


def _topic(book: Book, t: Topic) -> str:
    authors = ", ".join(t.authors or book.compiled.meta.authors)
    meta = book.compiled.meta
    lead = (
        f"{book.file(t)}. Authors: {plain(authors)}."
        f" Literature to {t.literature_current_through or meta.literature_current_through};"
        f" updated {t.last_updated or meta.last_updated}."
    )
    links = f"See also: {', '.join(book_link(book, link, UP) for link in t.links)}." if t.links else ""
    return page(plain(book.title(t.id)), lead, book.statements(t.statements, UP), links)
