"""From the fields of a RIS or BibTeX entry to an item of CSL-JSON, or to what is wrong with it."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DATE = re.compile(r"(\d{4})(?:[/.-](\d{1,2}))?(?:[/.-](\d{1,2}))?")
_BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


class Fields(msgspec.Struct, frozen=True):
    """What an entry says, before anything of it is believed."""

    line: int  # on which it begins
    type: str | None  # of CSL; None for a kind that is not known here
    kind: str  # as the file calls it
    title: str = ""
    authors: tuple[dict[str, str], ...] = ()
    container: str = ""
    date: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    number: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""


def doi_of(text: str) -> str:
    """A DOI without the address of a resolver before it."""
    return _BEFORE_DOI.sub("", text.strip())


def mistakes(fields: Fields) -> Iterator[tuple[str, str, str]]:
    """Everything that is wrong with an entry: the field, what is wrong, and how to mend it."""
    if fields.type is None:
        yield (
            "type",
            f"'{fields.kind}' is no kind of source that can be read here.",
            "Write article, report, book ...",
        )
    if not fields.title:
        yield "title", "has no title.", "Add it as the work prints it."
    if fields.date and (not _DATE.match(fields.date) or not 1800 < int(fields.date[:4]) < 2100):
        yield "year", f"'{fields.date}' is no year.", "Write for example 2024."
    if fields.doi and not _DOI.fullmatch(doi_of(fields.doi)):
        yield "doi", f"'{fields.doi}' is no DOI.", "A DOI begins with 10. and has a slash."
    if fields.pmid and not re.fullmatch(r"[1-9]\d{0,7}", fields.pmid):
        yield "pmid", f"'{fields.pmid}' is no PubMed number.", "It is a number of at most eight digits."
    if not (fields.date or fields.doi or fields.pmid):
        yield (
            "year",
            "has neither year, DOI nor PubMed number: nobody could tell it from another.",
            "Add one of them.",
        )


def entry_of(fields: Fields) -> dict[str, Any]:
    """A sound entry as CSL-JSON, still without an id."""
    found: dict[str, Any] = {"type": fields.type, "author": list(fields.authors)}
    dated = _DATE.match(fields.date)
    if dated:
        found["issued"] = {"date-parts": [[int(part) for part in dated.groups() if part]]}
    doi = doi_of(fields.doi)
    pmcid = f"PMC{fields.pmcid.upper().removeprefix('PMC')}" if fields.pmcid else ""
    rest = {
        "title": fields.title.rstrip("."), "container-title": fields.container, "volume": fields.volume,
        "issue": fields.issue, "page": fields.pages, "publisher": fields.publisher, "number": fields.number,
        "DOI": doi, "PMID": fields.pmid, "PMCID": pmcid,
        "URL": f"https://doi.org/{doi}" if doi else fields.url,
    }  # fmt: skip
    found |= {name: text for name, text in rest.items() if text}
    return {name: value for name, value in found.items() if value}


def person(family: str, given: str) -> dict[str, str]:
    """A person by family name and initials, as the bibliography keeps them."""
    words = re.split(r"[\s.]+", given.replace("-", " "))
    initials = "".join(w if w.isupper() and len(w) < 4 else w[:1].upper() for w in words if w)
    return {"family": family, "given": initials} if initials else {"literal": family}


__all__ = ["Fields", "doi_of", "entry_of", "mistakes", "person"]
