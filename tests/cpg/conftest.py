"""The exports that the tests look at: the shipped guideline and the toy, each made once by every worker."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from atopy.cpg.cql import CqlExport, cql_export
from atopy.cpg.resources import Resource, make_resources
from atopy.guideline import Compiled, load_guideline

BASE = "https://guidelines.test/fhir"
TOY = Path(__file__).resolve().parent.parent / "toy" / "hiccups"


class Exported(NamedTuple):
    """A guideline and what was made of it."""

    compiled: Compiled
    logic: CqlExport
    resources: tuple[Resource, ...]

    def one(self, kind: str, id_: str) -> Resource:
        """The resource of that kind and id."""
        return next(r for r in self.resources if r["resourceType"] == kind and r["id"] == id_)

    def of(self, kind: str) -> list[Resource]:
        """All resources of a kind."""
        return [r for r in self.resources if r["resourceType"] == kind]


@cache
def exported_from(folder: Path | None) -> Exported:
    """The export of the guideline in *folder*."""
    compiled = load_guideline(folder)
    logic = cql_export(compiled, BASE)
    return Exported(compiled, logic, make_resources(compiled, logic, BASE))


@pytest.fixture(scope="session")
def eczema() -> Exported:
    """The shipped guideline."""
    return exported_from(None)


@pytest.fixture(scope="session")
def toy() -> Exported:
    """The invented disease."""
    return exported_from(TOY)


@pytest.fixture(params=["eczema", "toy"])
def exported(request: pytest.FixtureRequest) -> Exported:
    """Each of the two."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]
