"""The bibliography: every source numbered, with its kind, whether somebody read it, and whether it is in force."""

from __future__ import annotations

from collections.abc import Iterator

from atopy.guideline import SourceInfo

from .book import Book
from .markdown import code, page, plain


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """One page."""
    infos = book.compiled.sources
    also: dict[str, list[SourceInfo]] = {}
    for info in infos.values():
        if info.alias_of:
            also.setdefault(info.alias_of, []).append(info)
    read = sum(infos[key].read for key in book.numbers)
    lead = (
        f"{len(book.numbers)} sources; {read} were read, in whole, as an abstract or in a summary. A "
        "statement is *read* only if "
        "somebody saw it in that source. Numbers are those of this bibliography; a plan numbers its own "
        "sources in the order in "
        "which it names them."
    )
    rows = [_one(book, key, number, also.get(key, [])) for key, number in book.numbers.items()]
    yield "sources.md", page("Sources", lead, *rows)


def _one(book: Book, key: str, number: int, also: list[SourceInfo]) -> str:
    info = book.compiled.sources[key]
    entry = book.compiled.csl(key)
    text = book.compiled.bibliography.get(key) or info.note or key
    marks = [
        info.kind,
        f"read ({', '.join(info.read_as)})"
        if info.read and info.read_as
        else "read"
        if info.read
        else "**not read**",
        info.status or "",
        plain(info.status_note or ""),
        f"replaced by {', '.join(code(k) for k in info.superseded_by)}" if info.superseded_by else "",
        (info.jurisdiction or "").upper(),
        "**machine-written**" if info.machine_written else "",
        f"reliability {info.reliability}" if info.reliability else "",
        f"founding reference {info.founding_reference}" if info.founding_reference else "",
    ]
    names = "; ".join(f"{code(a.id)}{f' ({plain(a.place)})' if a.place else ''}" for a in also)
    lines = [
        f"**{number}.** {plain(text)} {_address(entry)}",
        f"{code(key)} · {' · '.join(m for m in marks if m)}",
        f"Also cited as {names}." if names else "",
    ]
    return "<br>\n".join(x for x in lines if x) + f"\n{{: #s{number} }}"


def _address(entry: dict[str, object] | None) -> str:
    if entry and entry.get("DOI"):
        return f"<https://doi.org/{entry['DOI']}>"
    return f"<{entry['URL']}>" if entry and entry.get("URL") else ""
