"""Every exported resource is FHIR R4: by fhir.resources, and by Medplum's validator, which knows nothing of us.

fhir.resources has models of R4B (4.3.0), no longer of R4 (4.0.1). The kinds that are exported do not differ between the
two; Medplum holds them to 4.0.1.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import pytest
from tests.cpg.conftest import Exported
from tests.node import installed

from atopy.cpg.resources import Resource

MEDPLUM = Path(__file__).resolve().parent / "medplum"


def by_models(resource: Resource) -> None:
    """Raises where fhir.resources refuses *resource*."""
    kind = resource["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    model.model_validate(json.loads(json.dumps(resource)))


def by_medplum(resources: Iterable[Resource]) -> list[str]:
    """What Medplum says of *resources*, a line each; the last says how many it was given."""
    place = installed(MEDPLUM)
    lines = "\n".join(json.dumps(r) for r in resources)
    done = subprocess.run(
        ["node", str(MEDPLUM / "validate.mjs")],
        cwd=place, input=lines, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_the_models_of_fhir_accept_each(exported: Exported) -> None:
    for resource in exported.resources:
        by_models(resource)


def test_medplum_accepts_each(exported: Exported) -> None:
    assert by_medplum(exported.resources) == [f"{len(exported.resources)} resources validated"]


FAULTS = {
    "an unknown element": lambda r: r.update(colour="red"),
    "no status": lambda r: r.pop("status"),
    "a date that is none": lambda r: r.update(date="yesterday"),
    "an action without the kind of its condition": lambda r: r["action"][0]["condition"][0].pop("kind"),
}


def broken(toy: Exported, fault: str) -> Resource:
    """A rule with one thing wrong."""
    made = deepcopy(toy.one("PlanDefinition", "stillin-now"))
    FAULTS[fault](made)
    return made


def test_medplum_refuses_what_is_wrong(toy: Exported) -> None:
    said = by_medplum([broken(toy, fault) for fault in FAULTS])
    assert len(said) == len(FAULTS) + 1
    assert all(line.startswith("PlanDefinition/stillin-now: ") for line in said[:-1])


@pytest.mark.parametrize("fault", list(FAULTS))
def test_the_models_refuse(fault: str, toy: Exported) -> None:
    with pytest.raises(ValueError, match="validation error"):
        by_models(broken(toy, fault))


def empty_parts(value: object, where: str = "") -> Iterable[str]:
    """Nulls, empty strings, lists and objects: FHIR has none, and the validators let some of them pass."""
    if value is None or value == "" or value == [] or value == {}:
        yield where
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from empty_parts(part, f"{where}.{name}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from empty_parts(part, f"{where}[{place}]")


def test_nothing_is_null_or_empty(exported: Exported) -> None:
    assert [p for r in exported.resources for p in empty_parts(r, f"{r['resourceType']}/{r['id']}")] == []


def test_what_empty_is() -> None:
    assert list(empty_parts({"a": [], "b": {"c": None}, "d": [0, False, ""]})) == [".a", ".b.c", ".d[2]"]


def linked(items: list[Resource]) -> Iterable[str]:
    """The link ids of a questionnaire, groups too."""
    for item in items:
        yield item["linkId"]
        yield from linked(item.get("item", []))


def test_the_items_of_a_questionnaire_have_ids_of_their_own(exported: Exported) -> None:
    """Invariant que-2, which neither validator holds."""
    for form in exported.of("Questionnaire"):
        ids = list(linked(form["item"]))
        assert len(ids) == len(set(ids)), form["id"]


NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,254}")
ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def test_each_has_an_id_an_address_and_a_name_of_its_own(exported: Exported) -> None:
    """Invariants pdf-0, lib-0 and their like, which are warnings to the validators."""
    resources = exported.resources
    assert [r["id"] for r in resources if not ID.fullmatch(r["id"]) or not NAME.fullmatch(r["name"])] == []
    assert (
        len({(r["resourceType"], r["id"]) for r in resources})
        == len({r["url"] for r in resources})
        == len(resources)
    )


def test_each_says_that_it_is_a_draft_that_nobody_approved(exported: Exported) -> None:
    for r in exported.resources:
        assert (r["status"], r["experimental"], r["version"]) == (
            "draft",
            True,
            exported.compiled.meta.version,
        )
        assert "approvalDate" not in r and "lastReviewDate" not in r
        assert r["description"] and r["publisher"] and r["date"] == exported.compiled.meta.last_updated
    stated = [
        e["valueCode"]
        for r in exported.resources
        for e in r.get("extension", ())
        if e["url"].endswith("/review-state")
    ]
    plans = [r for r in exported.resources if r["resourceType"] in ("PlanDefinition", "ActivityDefinition")]
    assert stated == ["submitted"] * len(plans)
