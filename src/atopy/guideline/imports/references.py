"""References of a RIS or BibTeX file: what is new among them, under which id, and the files that would hold them."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from atopy.guideline.bibliography import vancouver
from atopy.guideline.imports.csl import Fields, entry_of, mistakes
from atopy.guideline.imports.found import Import
from atopy.guideline.imports.same import known_as, year
from atopy.guideline.load import Content
from atopy.yaml_source import Problem, SourceError

_KINDS = {
    "article-journal": "article", "chapter": "textbook", "book": "textbook", "report": "report", "webpage": "web-page",
    "post-weblog": "web-page", "dataset": "dataset", "entry-encyclopedia": "encyclopaedia", "patent": "patent",
}  # fmt: skip
_SMALL = {"a", "an", "the", "of", "on", "in", "for", "and", "to", "with", "is", "are", "from", "by", "at"}
_KEY = re.compile(r"^([A-Za-z0-9_][\w.\-]*):", re.MULTILINE)


def import_references(
    listed: Iterable[Fields],
    problems: list[Problem],
    content: Content,
    file: str,
    sources: str,
    bibliography: str,
) -> Import:
    """What of *listed* is new. Raises SourceError with every entry that is wrong.

    *sources* and *bibliography* are the texts of sources.yaml and references.json.
    """
    listed = list(listed)
    wrong = [*problems, *(p for fields in listed for p in _wrong(fields, file))]
    if wrong:
        raise SourceError(sorted(wrong, key=lambda p: p.line or 0))
    entries = list(content.references.values())
    taken = {*content.sources, *content.references}
    new: list[dict[str, Any]] = []
    added: list[str] = []
    known: list[str] = []
    for fields in listed:
        entry = entry_of(fields)
        found = known_as(entry, [*entries, *new])
        if found is not None:
            other, by = found
            known.append(f"{file}:{fields.line} is {other['id']}, by {by}{_more(entry, other)}.")
            continue
        entry = {"id": _id(entry, taken), **entry}
        taken.add(entry["id"])
        new.append(entry)
        added.append(f"{file}:{fields.line} as {entry['id']}: {vancouver(entry)}")
    if not new:
        return Import((), tuple(known), {})
    files = {"references.json": with_entries(entries, new), "sources.yaml": with_sources(sources, new, file)}
    return Import(tuple(added), tuple(known), files)


def _wrong(fields: Fields, file: str) -> Iterable[Problem]:
    return (Problem(file, fields.line, field, message, mend) for field, message, mend in mistakes(fields))


def _more(entry: dict[str, Any], other: Any) -> str:
    """What the file knows and the bibliography does not: for an editor to look at, never written over."""
    more = [
        f"{field} {entry[field]}"
        for field in ("DOI", "PMID", "PMCID")
        if field in entry and field not in other
    ]
    return f" (the file also gives {', '.join(more)})" if more else ""


def _id(entry: dict[str, Any], taken: Collection[str]) -> str:
    """First author, year, first word of weight in the title: ``toy-2025-hiccups``; numbered where it is taken."""
    first = (entry.get("author") or [{}])[0]
    who = str(first.get("family") or first.get("literal", "")).split(",")[0]
    words = [w for w in _plain(entry["title"]).split("-") if w and w not in _SMALL]
    parts = [_plain(who)[:24].strip("-"), str(year(entry) or ""), *(words[:1] if who else words[:3])]
    base = "-".join(p for p in parts if p) or "imported"
    return next(n for n in (base, *(f"{base}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)


def _plain(text: str) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")


def with_entries(entries: Iterable[dict[str, Any]], new: Iterable[dict[str, Any]]) -> str:
    """``references.json`` with more entries, in its one way to be written: by id."""
    listed = sorted([*entries, *new], key=lambda entry: str(entry["id"]))
    return json.dumps(listed, ensure_ascii=False, indent=1) + "\n"


def with_sources(text: str, new: Iterable[dict[str, Any]], file: str) -> str:
    """``sources.yaml`` with more sources, each before the first key that follows it; what was there stays as it is."""
    for entry in sorted(new, key=lambda one: str(one["id"])):
        keys = [(found.start(), found[1]) for found in _KEY.finditer(text)]
        block = _source(entry, file)
        at = next((start for start, key in keys if key > entry["id"]), None)
        if at is None:
            text = text.rstrip("\n") + ("\n\n" if text.strip() else "") + block
        else:
            text = text[:at] + block + "\n" + text[at:]
    return text


def _source(entry: dict[str, Any], file: str) -> str:
    """A source that nobody has read yet."""
    said = {
        "kind": _KINDS[entry["type"]], "jurisdiction": None, "year": year(entry), "status": None,
        "strength_scale": None, "seen": None, "read": False,
        "note": f"Imported from {file}; nobody has read it yet.", "kept_for": "to be read",
    }  # fmt: skip
    rows = [f"  {name}: {_scalar(value)}\n" for name, value in said.items()]
    return f"{entry['id']}:\n{''.join(rows)}"


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    text = str(value)
    return text if re.fullmatch(r"[a-z][a-z \-]*", text) else json.dumps(text, ensure_ascii=False)


__all__ = ["import_references", "with_entries", "with_sources"]
