"""References in the Vancouver style: CSL-JSON through citeproc-py and the style of the US National Library of Medicine.

A plan shows what was rendered when its content was compiled: nothing here is imported to make a plan.
"""

import re
import warnings
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Name(msgspec.Struct, frozen=True):
    """An author: a person, or a body as ``literal``."""

    family: str | None = None
    given: str | None = None
    literal: str | None = None


class Issued(msgspec.Struct, frozen=True, rename="kebab"):
    """When it was published: year, month, day, as far as known."""

    date_parts: list[list[int]]


class Reference(msgspec.Struct, frozen=True, rename={"container": "container-title"}):
    """What is asked of an item of ``references.json``; CSL-JSON has more, and more is kept."""

    id: str
    type: str
    title: str | None = None
    author: list[Name] = []
    issued: Issued | None = None
    container: str | None = None
    DOI: str | None = None
    PMID: str | None = None
    URL: str | None = None


STYLE = "nlm-citation-sequence"
_ADDRESSES = ("DOI", "PMID", "PMCID", "URL")
_NOT_CSL = ("custom",)
# citeproc-py 0.11 leaves out the space that the style asks for inside a date: 2022Jun.
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_TIGHT = re.compile(rf"\b((?:19|20)\d\d)({_MONTHS})(\d{{1,2}})?\b")
_ASKED = re.compile(r"([?!])\.")  # nor does it drop the stop after a title that ends in a question mark
_NUMBER = re.compile(r"^\d+\.\s*")


def vancouver(entry: dict[str, Any], *, addresses: bool = True) -> str:
    """One reference in Vancouver style.

    *entry* is an item of CSL-JSON; ``custom.et_al`` says that its list of authors is cut short. Without *addresses*
    DOI, PMID and URL are left out: for where they stand beside it.
    """
    return _rendered(msgspec.json.encode(_plain(entry, addresses), order="sorted"))


def rendered(entries: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Each reference by its id, without addresses, as plans show it."""
    return {str(entry["id"]): vancouver(entry, addresses=False) for entry in entries}


def _plain(entry: dict[str, Any], addresses: bool) -> dict[str, Any]:
    """What the processor is given: spelled-out initials, and 'et al' where the list is cut."""
    left = _NOT_CSL if addresses else (*_NOT_CSL, *_ADDRESSES)
    given = {k: v for k, v in entry.items() if k not in left}
    authors = [_author(a) for a in entry.get("author", [])]
    if authors and entry.get("custom", {}).get("et_al"):
        authors.append({"literal": "et al"})
    if authors:
        given["author"] = authors
    given.setdefault("title", str(entry["id"]))
    return given


def _author(author: dict[str, str]) -> dict[str, str]:
    """``LF`` as ``L F``: the processor takes letters in one word for one name."""
    initials = author.get("given", "")
    return {**author, "given": " ".join(initials)} if initials.isalpha() and initials.isupper() else author


@cache
def _style() -> Any:
    from citeproc import CitationStylesStyle

    path = files("atopy.guideline") / "csl" / f"{STYLE}.csl"
    return CitationStylesStyle(str(path), validate=False)


@cache  # the same references are rendered at every compilation, and each takes milliseconds
def _rendered(entry: bytes) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    item = msgspec.json.decode(entry)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of each field that it does not know, and leaves it out
        source = CiteProcJSON([item])
        bibliography = CitationStylesBibliography(_style(), source, formatter.plain)
        bibliography.register(Citation([CitationItem(item["id"])]))
        (text,) = (str(one) for one in bibliography.bibliography())
    return _ASKED.sub(r"\1", _TIGHT.sub(_spaced, _NUMBER.sub("", text))).strip()


def _spaced(date: re.Match[str]) -> str:
    return " ".join(part for part in date.groups() if part)


__all__ = ["STYLE", "Issued", "Name", "Reference", "rendered", "vancouver"]
