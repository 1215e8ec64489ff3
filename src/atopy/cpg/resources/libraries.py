"""The CQL as Library resources: the text, what it includes, which value sets, what it reads and must be given."""

import base64
import hashlib
import re
from collections.abc import Mapping

from atopy.cpg.resources import codes
from atopy.cpg.resources.book import Book
from atopy.cpg.resources.canonical import Resource, kept, url_of

_COMPUTABLE = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-computablelibrary"
_SHAREABLE = (
    "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-shareablelibrary"  # a text too large to be held
)
HELPERS = "http://fhir.org/guides/cqf/common/Library/FHIRHelpers"

_INCLUDE = re.compile(r"^include (?:[\w.]+\.)?(\w+)(?: version '([^']*)')?", re.MULTILINE)
_VALUE_SET = re.compile(r"^valueset \"((?:[^\"\\]|\\.)*)\": '([^']*)'", re.MULTILINE)
_CODE_SYSTEM = re.compile(r"^codesystem \"((?:[^\"\\]|\\.)*)\": '([^']*)'", re.MULTILINE)
_PARAMETER = re.compile(r"^parameter \"([^\"]+)\" (\w+)[ \t]*(?://[ \t]*(.*))?$", re.MULTILINE)
_RETRIEVE = re.compile(r"(?<![\w'])\[\"?([A-Z][A-Za-z]+)\"?[\]:]")
_LARGEST = 1024 * 1024  # what FHIR allows for one value
_TYPES = {
    "Boolean": "boolean",
    "Decimal": "decimal",
    "String": "string",
    "Date": "date",
    "Integer": "integer",
}


def libraries(book: Book, recommendations: str, elm: Mapping[str, bytes]) -> list[Resource]:
    """Each library of the export; *recommendations* is the text of the one that holds the conditions of rules.

    *elm* holds the libraries that somebody translated, as JSON by name. The last library also says what the whole
    chain must be given and reads, for it is the one that an engine is asked for.
    """
    made = [
        _library(
            book,
            library.name,
            library.text,
            "Logic: facts, predicates and decision tables of the guideline.",
            elm,
        )
        for library in book.logic.libraries
    ]
    said = "Logic: when each rule of the guideline applies, one boolean for each action."
    last = _library(book, book.recommendations, recommendations, said, elm)
    given = {p["name"]: p for one in made for p in one.get("parameter", []) if p["use"] == "in"}
    reads = {r["type"]: r for one in made for r in one.get("dataRequirement", [])}
    content = last.pop("content")
    last |= kept(parameter=list(given.values()), dataRequirement=[reads[kind] for kind in sorted(reads)])
    return [*made, last | {"content": content}]


def _library(book: Book, name: str, text: str, said: str, elm: Mapping[str, bytes]) -> Resource:
    ours = {library.name for library in book.logic.libraries}
    needs = [_needed(book, name_, version, ours) for name_, version in _INCLUDE.findall(text)]
    needs += [_depends(f"Code system {title}", url) for title, url in _CODE_SYSTEM.findall(text)]
    needs += [
        _depends(f"Value set {title}", f"{url}|{book.version}") for title, url in _VALUE_SET.findall(text)
    ]
    content = [_attached(book, "text/cql", f"cql/{name}.cql", text.encode())]
    if name in elm:
        content.append(_attached(book, "application/elm+json", f"elm/{name}.json", elm[name]))
    head = book.head("Library", name, name, said, _COMPUTABLE if "data" in content[0] else _SHAREABLE)
    head["name"] = name  # CQL and FHIR must agree on it
    return head | kept(
        type=codes.library_type("logic-library", "Logic Library"),
        topic=[codes.topic(book.said(book.compiled.meta.condition))],
        relatedArtifact=needs,
        parameter=_given(book, name, text) + _answered(book, name),
        dataRequirement=[{"type": kind} for kind in sorted(set(_RETRIEVE.findall(text)))],
        content=content,
    )


def _attached(book: Book, kind: str, path: str, text: bytes) -> Resource:
    """The text itself; one that is too large for a value of FHIR stands in its file alone, and its hash here."""
    data = base64.b64encode(text).decode()
    digest = base64.b64encode(
        hashlib.sha1(text, usedforsecurity=False).digest()
    ).decode()  # FHIR asks for SHA-1
    body = (
        {"data": data}
        if len(data) < _LARGEST
        else {"url": f"{book.base}/{path}", "size": len(text), "hash": digest}
    )
    return {"contentType": kind, **body, "title": path}


def _needed(book: Book, name: str, version: str, ours: set[str]) -> Resource:
    """An included library: of this export, or the helpers that every engine brings."""
    url = url_of(book.base, "Library", name) if name in ours else f"{HELPERS.rsplit('/', 1)[0]}/{name}"
    return _depends(f"Library {name}", f"{url}|{version}" if version else url)


def _depends(display: str, resource: str) -> Resource:
    return {"type": "depends-on", "display": display, "resource": resource}


def _given(book: Book, library: str, text: str) -> list[Resource]:
    """What the library must be given, with the reason why it is not derived."""
    reasons = {p.name: p.reason for p in book.logic.parameters.values() if p.library == library}
    return [
        kept(
            name=name, use="in", min=0, max="1", documentation=reasons.get(name) or comment,
            type=_TYPES.get(kind, "string"),
        )
        for name, kind, comment in _PARAMETER.findall(text)
    ]  # fmt: skip


def _answered(book: Book, library: str) -> list[Resource]:
    """What the library answers."""
    return [
        {"name": d.name, "use": "out", "min": 0, "max": "1", "type": _TYPES.get(d.type, "string")}
        for d in book.logic.definitions.values()
        if d.library == library
    ]


__all__ = ["HELPERS", "libraries"]
