"""The decision tables row by row, with what an undecided row does; and the gates that they speak of."""

from __future__ import annotations

from collections.abc import Iterator

from atopy.facts.declare import Fact, Row
from atopy.guideline.load import Item

from .book import Book
from .markdown import code, page, plain, section, spaced, table

_OWN = "decisions/"


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """One page: tables and gates of ``decisions/``, then the tables among the facts."""
    items = list(book.content.facts.values())
    own = [i for i in items if i.document.file.startswith(_OWN)]
    tables = [i for i in own if i.value.cases is not None]
    gates = [i for i in own if i.value.when is not None]
    others = [i for i in items if i not in own and i.value.cases is not None]
    yield (
        "decisions.md",
        page(
            "Decision tables",
            "Every status, gate and headline is decided here, in content; no branch of the program does "
            "it. Rows are asked from the "
            "top, and the first that is true wins. A row that cannot be decided does what its last "
            "column says: *go on* asks the next "
            "row, any other word is the outcome.",
            section("Tables", *(_table(book, i) for i in tables)),
            section(
                "Gates",
                "What holds a new second-line treatment, and what lets it pass.",
                *(_gate(book, i) for i in gates),
            ),
            section("Tables among the facts", *(_table(book, i) for i in others)),
        ),
    )


def _name(item: Item) -> str:
    fact: Fact = item.value
    return f"{item.id}({fact.of})" if fact.of else item.id


def _head(item: Item) -> str:
    return plain(item.value.label["en"][:1].upper() + item.value.label["en"][1:])


def _table(book: Book, item: Item) -> str:
    fact: Fact = item.value
    rows = [_row(book, fact, i, row) for i, row in enumerate(fact.cases or (), start=1)]
    rows.append(("", "otherwise", f"**{_outcome(fact.otherwise)}**", "", ""))
    body = table(["", "when", "then", "because", "if it cannot be decided"], rows)
    course = " It speaks of one treatment course." if fact.per == "course" else ""
    lead = f"{code(_name(item))} in {code(item.document.file)}: {book.kind_of(item.id)}.{course}"
    return section(_head(item), lead, body, plain(fact.note or ""), level=3, anchor=f"fact-{item.id}")


def _row(book: Book, fact: Fact, number: int, row: Row) -> tuple[str, str, str, str, str]:
    when = book.when(row.when, event=fact.per == "course", of=fact.of) or "always"
    unknown = "go on" if row.unknown == "next" else f"**{_outcome(row.unknown)}**"
    other = f" ({code(row.unknown_because)})" if row.unknown_because else ""
    note = f"<br>*{plain(row.note)}*" if row.note else ""
    return (
        str(number),
        when + note,
        f"**{_outcome(row.then)}**",
        code(row.because) if row.because else "",
        unknown + other,
    )


def _outcome(word: str | None) -> str:
    if word is None:
        return "unknown"
    return f"whatever {code(word[1:].strip())} is" if word.startswith("=") else plain(spaced(word))


def _gate(book: Book, item: Item) -> str:
    fact: Fact = item.value
    said = book.when(fact.when or "TRUE", of=fact.of)
    return section(
        _head(item),
        f"{code(_name(item))} in {code(item.document.file)}.",
        said,
        plain(fact.note or ""),
        level=3,
        anchor=f"fact-{item.id}",
    )
