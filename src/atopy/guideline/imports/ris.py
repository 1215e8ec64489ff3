"""RIS, read by rispy: each reference from its TY line to its ER line."""

import re
from collections.abc import Iterator
from typing import Any

from atopy.guideline.imports.csl import Fields, person
from atopy.yaml_source import Problem

_TYPES = {
    "JOUR": "article-journal", "JFULL": "article-journal", "EJOUR": "article-journal", "INPR": "article-journal",
    "ABST": "article-journal", "MGZN": "article-journal", "CHAP": "chapter", "ECHAP": "chapter", "BOOK": "book",
    "EBOOK": "book", "EDBOOK": "book", "RPRT": "report", "GOVDOC": "report", "STAND": "report", "ELEC": "webpage",
    "WEB": "webpage", "ICOMM": "webpage", "BLOG": "post-weblog", "DATA": "dataset", "DBASE": "dataset",
    "ENCYC": "entry-encyclopedia", "PAT": "patent",
}  # fmt: skip
_TAG = re.compile(r"^([A-Z][A-Z0-9])  -(?: |$)")


def read_ris(text: str, file: str) -> tuple[list[Fields], list[Problem]]:
    """Every reference of a RIS file, and what of the file is none."""
    found: list[Fields] = []
    problems: list[Problem] = []
    for line, lines in _blocks(text):
        entry = _parsed(lines)
        if entry is None:
            mend = "A reference begins with 'TY  - JOUR' and ends with 'ER  - '."
            problems.append(Problem(file, line, "", "is no reference in RIS.", mend))
        else:
            found.append(_fields(entry, line))
    return found, problems


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of each reference, with the number of its first; ended by ER, or by the next TY."""
    block: list[str] = []
    first = 1
    for number, line in enumerate(text.splitlines(), start=1):
        begins = line.startswith("TY  -")
        if begins and block:
            yield first, block
            block = []
        if not block and not line.strip():
            continue
        first = number if not block else first
        block.append(line)
        if line.startswith("ER  -"):
            yield first, block
            block = []
    if block:
        yield first, block


def _parsed(lines: list[str]) -> dict[str, Any] | None:
    """One reference by rispy; None for what is no whole reference."""
    import rispy

    tags = [match[1] for line in lines if (match := _TAG.match(line))]
    if not tags or tags[0] != "TY" or tags[-1] != "ER":
        return None
    try:
        entries = rispy.loads("\n".join(lines) + "\n")
    except (rispy.ParseError, ValueError, KeyError, IndexError):
        return None
    return entries[0] if len(entries) == 1 else None


def _fields(entry: dict[str, Any], line: int) -> Fields:
    kind = str(entry.get("type_of_reference", ""))
    first, last = str(entry.get("start_page", "")), str(entry.get("end_page", ""))
    custom = [str(entry.get(f"custom{n}", "")) for n in range(1, 9)]
    pmcid = next((c for c in custom if re.fullmatch(r"PMC\d+", c)), "")
    from_pubmed = (
        "pubmed" in f"{entry.get('name_of_database', '')} {entry.get('database_provider', '')}".lower()
    )
    number = str(entry.get("accession_number", "")) if from_pubmed else ""
    return Fields(
        line, _TYPES.get(kind), kind, _one(entry, "title", "primary_title"), tuple(_people(entry)),
        _one(entry, "alternate_title1", "alternate_title2", "journal_name", "secondary_title", "alternate_title3"),
        _one(entry, "year", "publication_year", "date").rstrip("/"), _one(entry, "volume"), _one(entry, "number"),
        f"{first}-{last}" if first and last and last != first else first, _one(entry, "publisher"), "",
        _one(entry, "doi"), number, pmcid, next(iter(entry.get("urls", [])), ""),
    )  # fmt: skip


def _one(entry: dict[str, Any], *names: str) -> str:
    return next((str(entry[name]).strip() for name in names if entry.get(name)), "")


def _people(entry: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Family, Given; a name without a comma is a body."""
    for name in entry.get("authors") or entry.get("first_authors") or []:
        family, comma, given = str(name).partition(",")
        yield person(family.strip(), given.strip()) if comma else {"literal": family.strip()}


__all__ = ["read_ris"]
