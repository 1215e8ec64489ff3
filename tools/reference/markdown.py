"""Small pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def plain(text: object) -> str:
    """Any text as Markdown that shows just that text, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split())).replace("\\<", "&lt;").replace("\\>", "&gt;")


def code(text: object) -> str:
    """Text as code, on one line, safe in a table."""
    said = " ".join(str(text).split()).replace("|", "&#124;")
    return f"`{said}`" if "`" not in said and "&#124;" not in said else f"<code>{said}</code>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose columns that are empty in every row are left out; nothing when there are no rows."""
    listed = [list(row) for row in rows]
    if not listed:
        return ""
    kept = [i for i, _ in enumerate(heads) if i == 0 or any(row[i] for row in listed)]
    lines = ["| " + " | ".join(heads[i] for i in kept) + " |", "|" + "---|" * len(kept)]
    lines += ["| " + " | ".join(row[i] for i in kept) + " |" for row in listed]
    return "\n".join(lines) + "\n"


def page(title: str, *parts: str) -> str:
    """A page of its non-empty parts."""
    return "\n\n".join([f"# {title}", *(p.strip("\n") for p in parts if p and p.strip())]) + "\n"


def section(title: str, *parts: str, level: int = 2, anchor: str = "") -> str:
    """A heading over its parts; nothing when all of them are empty."""
    kept = [p.strip("\n") for p in parts if p and p.strip()]
    mark = f" {{: #{anchor} }}" if anchor else ""
    return "\n\n".join([f"{'#' * level} {title}{mark}", *kept]) if kept else ""


def spaced(word: object) -> str:
    """A code as words."""
    return str(word).replace("_", " ")


def listed(items: Iterable[str]) -> str:
    """A bullet list."""
    return "\n".join(f"- {item}" for item in items)
