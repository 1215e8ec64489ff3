"""Which source is meant: by key, DOI, PubMed number, or author and year; and what is one work under several names."""

from collections.abc import Iterable, Mapping
from typing import Any

from atopy.guideline.compiled import SourceInfo
from atopy.nearest import did_you_mean
from atopy.yaml_source import InputError


class UnknownSource(InputError):
    """A source that the bibliography does not hold, or words that fit several; says which was perhaps meant."""


def work(sources: Mapping[str, SourceInfo], key: str) -> str:
    """The work that a key stands for: its own, or the one it is another name of."""
    info = sources.get(key)
    return info.alias_of if info is not None and info.alias_of else key


def find(sources: Mapping[str, SourceInfo], references: Mapping[str, dict[str, Any]], asked: str) -> str:
    """The key of the one source that is *asked* for. Raises UnknownSource for none, and for several, naming them."""
    if asked in sources:
        return asked
    wanted = (
        asked.strip()
        .lower()
        .removeprefix("https://doi.org/")
        .removeprefix("doi:")
        .removeprefix("pmid:")
        .strip()
    )
    found = [k for k, entry in references.items() if wanted in _numbers(entry)] or [
        k for k, entry in references.items() if all(word in _label(entry) for word in wanted.split())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownSource(f"'{asked}' fits {len(found)} sources: {_listed(found)}. Write the key of one.")
    hint = did_you_mean(asked, sources, " atopy guideline sources lists them.", like=0.5)
    raise UnknownSource(f"'{asked}' is no source of this guideline.{hint}")


def _numbers(entry: Mapping[str, Any]) -> set[str]:
    return {str(entry[field]).lower() for field in ("DOI", "PMID", "PMCID") if field in entry}


def _label(entry: Mapping[str, Any]) -> str:
    """First author and year, as people call a paper."""
    first = (entry.get("author") or [{}])[0]
    dated = entry.get("issued", {}).get("date-parts", [[""]])
    return f"{first.get('family') or first.get('literal', '')} {dated[0][0]}".lower()


def _listed(keys: Iterable[str], most: int = 6) -> str:
    listed = sorted(keys)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
