"""Whether two references are one work: by DOI, by PubMed number, or by title and year."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

Entry = Mapping[str, Any]


def plain_title(title: str) -> str:
    """A title by its letters and digits alone: case, accents, dashes and stops tell no works apart."""
    apart = unicodedata.normalize("NFKD", title)
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in apart if not unicodedata.combining(c)).lower())


def year(entry: Entry) -> int | None:
    """The year in which it appeared."""
    parts = entry.get("issued", {}).get("date-parts") or [[None]]
    found: int | None = parts[0][0] if parts[0] else None
    return found


def same_by(one: Entry, other: Entry) -> str | None:
    """By what two references are one work, in words; None for two works.

    Two DOIs, or two PubMed numbers, that differ are two works, whatever their titles.
    """
    for field, said in (("DOI", "DOI"), ("PMID", "PubMed number")):
        a, b = (str(e.get(field, "")).lower() for e in (one, other))
        if a and a == b:
            return f"the same {said}"
        if a and b:
            return None
    titles = {plain_title(str(e.get("title", ""))) for e in (one, other)}
    years = {y for e in (one, other) if (y := year(e)) is not None}
    return "the same title and year" if len(titles) == 1 and "" not in titles and len(years) == 1 else None


def known_as(entry: Entry, others: Iterable[Entry]) -> tuple[Entry, str] | None:
    """The first of *others* that is the same work, and by what."""
    return next(((other, by) for other in others if (by := same_by(entry, other)) is not None), None)


__all__ = ["known_as", "plain_title", "same_by", "year"]
