"""Where sources disagree: both sides, the rule that is followed, and why."""

from __future__ import annotations

from collections.abc import Iterator

from atopy.guideline import Disagreement

from .book import Book
from .markdown import page, section
from .therapies import book_link


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """One page."""
    listed = sorted(book.compiled.disagreements.values(), key=lambda d: (d.order, d.id))
    lead = (
        f"{len(listed)} questions on which sources differ. Both sides are shown, with the rule that "
        "Atopy follows and why. "
        "Choices that no source speaks of are in the [ledger of judgement calls](../judgement-calls.md)."
    )
    yield "disagreements.md", page("Where sources disagree", lead, *(_one(book, d) for d in listed))


def _one(book: Book, d: Disagreement) -> str:
    sides = [
        f"- {book.of(side.position, side.numbers | d.numbers)} {book.cite(side.sources)}"
        for side in (d.side_a, d.side_b)
    ]
    clinician, patient = book.text(d.rule, d.numbers)
    lines = [
        f"**What Atopy follows.** {clinician}",
        f"*Patient:* {patient}" if patient else "",
        f"**Why.** {book.of(d.why, d.numbers)}",
        f"*Shown when:* {book.when(d.touches)}" if book.when(d.touches) else "",
        f"About: {', '.join(book_link(book, a, '') for a in d.about)}." if d.about else "",
    ]
    return section(
        book.of(d.question, d.numbers),
        f"Kind: {d.kind}.",
        "\n".join(sides),
        "<br>\n".join(x for x in lines if x),
        anchor=d.id,
    )
