"""docs/cpg.md shows pieces of the real export; ``ATOPY_DOCS=write pytest tests/cpg/test_page.py`` puts them in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cpg.conftest import Exported

from atopy.cpg.cql import cql_export
from atopy.cpg.resources import DEFAULT_CANONICAL, LEFT_OUT, Resource, make_resources

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cpg.md"
SHOWN = re.compile(r"<!-- export: (\S+)/(\S+) (\S+) -->\n```json\n(.*?)```", re.DOTALL)
LEDGER = re.compile(r"(?<=<!-- ledger -->\n).*?(?=\nFacts that CQL)", re.DOTALL)


@pytest.fixture(scope="module")
def published(eczema: Exported) -> dict[tuple[str, str], Resource]:
    """The export under the default address, as a reader of the page makes it."""
    made = make_resources(eczema.compiled, cql_export(eczema.compiled, DEFAULT_CANONICAL))
    return {(r["resourceType"], r["id"]): r for r in made}


def steps(path: str) -> Iterator[str]:
    return iter(re.findall(r"[^.\[\]]+|\[[^\]]+\]", path))


def piece(resource: Any, path: str) -> Any:
    """The part of a resource that *path* names: ``action.0.title,description``, ``item[linkId=x]``."""
    for step in steps(path):
        if step.startswith("["):
            name, _, value = step[1:-1].partition("=")
            resource = next(part for part in resource if part[name] == value)
        elif "," in step:
            resource = {name: resource[name] for name in step.split(",")}
        else:
            resource = resource[int(step) if step.isdigit() else step]
    return resource


def ledger() -> str:
    return "\n".join(["", *(f"- **{kind}**: {reason}" for kind, reason in LEFT_OUT.items()), ""])


def written(text: str, published: dict[tuple[str, str], Resource]) -> str:
    """The page with each piece as the export has it."""

    def shown(found: re.Match[str]) -> str:
        part = piece(published[found[1], found[2]], found[3])
        said = json.dumps(part, ensure_ascii=False, indent=1)
        return f"<!-- export: {found[1]}/{found[2]} {found[3]} -->\n```json\n{said}\n```"

    return LEDGER.sub(lambda _: ledger(), SHOWN.sub(shown, text))


def test_the_page_shows_what_is_exported(published: dict[tuple[str, str], Resource]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    wanted = written(text, published)
    if os.environ.get("ATOPY_DOCS") == "write":
        PAGE.write_text(wanted, encoding="utf-8")
    else:
        assert text == wanted


def test_the_page_shows_something_of_each_kind() -> None:
    kinds = {found[1] for found in SHOWN.finditer(PAGE.read_text(encoding="utf-8"))}
    assert {"PlanDefinition", "ActivityDefinition", "Questionnaire"} <= kinds
