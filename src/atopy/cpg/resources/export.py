"""All resources of an export in a fixed order, and their files: the same content and base give the same bytes."""

import base64
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from atopy.cpg.cql import CqlExport
from atopy.cpg.resources import extensions
from atopy.cpg.resources.book import Book
from atopy.cpg.resources.canonical import DEFAULT_CANONICAL, Resource, checked_base
from atopy.cpg.resources.libraries import libraries
from atopy.cpg.resources.manifest import manifest
from atopy.cpg.resources.pathway import write_rules
from atopy.cpg.resources.questionnaires import questionnaires
from atopy.cpg.resources.readme import ledger_page, readme
from atopy.cpg.resources.terminology import code_system, groups, value_set, word_systems
from atopy.cpg.resources.writer import Writer
from atopy.guideline import Compiled

NO_ELM: Mapping[str, bytes] = {}


def make_resources(
    compiled: Compiled,
    logic: CqlExport,
    canonical: str = DEFAULT_CANONICAL,
    elm: Mapping[str, bytes] = NO_ELM,
) -> tuple[Resource, ...]:
    """Every resource of the export, each with an address and a version, sorted by kind and id.

    *logic* is the guideline's CQL, *elm* its translations (JSON by the library's name) where there are any, *canonical*
    the base of every address. Raises ValueError for a base that is no absolute URL.
    """
    book = Book(compiled, checked_base(canonical), logic)
    writer = Writer(book)
    write_rules(writer)
    asked = questionnaires(book)
    writer.ask()
    made: list[Resource] = [
        *writer.rules.made.values(),
        *writer.strategies.made.values(),
        *writer.activities.made.values(),
        *libraries(book, writer.conditions.text(), elm),
        code_system(book),
        *word_systems(book),
        *(value_set(book, one) for one in logic.value_sets.values()),
        *groups(book),
        *asked,
        *(extensions.definition(book.base, own, book.plain(own.description)) for own in extensions.ALL),
    ]
    made.append(manifest(book, sorted(made, key=_place)))
    _each_once(made)
    return tuple(_told(one) for one in sorted(made, key=_place))


def _place(resource: Resource) -> tuple[str, str]:
    return resource["resourceType"], resource["id"]


def _each_once(made: Iterable[Resource]) -> None:
    seen: set[tuple[str, str]] = set()
    for place in map(_place, made):
        if place in seen:
            raise ValueError(f"two resources are called {place[0]}/{place[1]}")
        seen.add(place)


def _told(resource: Resource) -> Resource:
    """With a narrative: title and description, for whoever reads without an engine."""
    paragraphs = [resource["title"], resource["description"]]
    body = "".join(f"<p>{html.escape(p, quote=False)}</p>" for p in dict.fromkeys(paragraphs))
    text = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}
    first = {name: resource[name] for name in ("resourceType", "id", "meta") if name in resource}
    return first | {"text": text} | resource


def as_json(resource: Resource) -> bytes:
    """One resource as its file holds it."""
    return (json.dumps(resource, ensure_ascii=False, indent=1) + "\n").encode()


def recommendations_cql(made: Iterable[Resource]) -> tuple[str, bytes]:
    """The name and text of the library that holds the conditions, which only the resources know."""
    library = next(
        one for one in made if one["id"].endswith("Recommendations") and one["resourceType"] == "Library"
    )
    return library["id"], base64.b64decode(library["content"][0]["data"])


def files_of(
    compiled: Compiled, logic: CqlExport, made: Sequence[Resource], canonical: str = DEFAULT_CANONICAL
) -> dict[Path, bytes]:
    """Each resource as ``{kind}/{id}.json``, a README and the ledger, by path.

    Beside them the library of conditions in ``cql/``; the others, and translations, are written by who made them.
    """
    files = {Path(one["resourceType"], f"{one['id']}.json"): as_json(one) for one in made}
    name, text = recommendations_cql(made)
    files[Path("cql", f"{name}.cql")] = text
    files[Path("README.md")] = readme(compiled, made, logic, canonical).encode()
    files[Path("LEDGER.md")] = ledger_page(compiled, logic, made).encode()
    return files


__all__ = ["NO_ELM", "as_json", "files_of", "make_resources", "recommendations_cql"]
