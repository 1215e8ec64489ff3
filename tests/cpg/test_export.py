"""The files of an export: the same content and address give the same bytes; the address is the user's."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.cpg.conftest import BASE, TOY, Exported

from atopy.cpg.public import export_cpg
from atopy.cpg.resources import DEFAULT_CANONICAL, make_resources
from atopy.cpg.resources.canonical import fhir_id, fhir_name
from atopy.cpg.resources.export import as_json
from atopy.yaml_source import SourceError


def test_there_is_a_file_for_each_and_a_readme(toy: Exported, tmp_path: Path) -> None:
    written = export_cpg(tmp_path, canonical=BASE, content=TOY)
    found = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    wanted = {f"{r['resourceType']}/{r['id']}.json" for r in toy.resources}
    logic = {f"cql/{x.name}.cql" for x in toy.logic.libraries} | {"cql/HiccupsRecommendations.cql"}
    assert found == wanted | logic | {"README.md", "LEDGER.md"}
    assert {str(p.relative_to(tmp_path)) for p in written} == found
    for resource in toy.resources:
        text = (tmp_path / resource["resourceType"] / f"{resource['id']}.json").read_text(encoding="utf-8")
        assert json.loads(text) == resource


def test_the_readme_says_that_no_clinician_has_reviewed_it(tmp_path: Path) -> None:
    export_cpg(tmp_path, canonical=BASE, content=TOY)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "**No clinician has reviewed this content.**" in text
    assert "CC BY 4.0" in text and "SNOMED CT" in text and BASE in text and "$" not in text
    assert "belongs to nobody" not in text


def test_the_default_address_is_told_to_be_nobodys(tmp_path: Path) -> None:
    export_cpg(tmp_path, content=TOY)
    assert "belongs to nobody" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_the_ledger_lists_what_is_left_out_and_the_parameters(toy: Exported, tmp_path: Path) -> None:
    export_cpg(tmp_path, canonical=BASE, content=TOY)
    text = (tmp_path / "LEDGER.md").read_text(encoding="utf-8")
    assert "| contraindication | 6 | 6 |" in text and "- **licence** (6): " in text
    assert all(f"`{p.name}`" in text for p in toy.logic.parameters.values())


SCRIPT = f"""
import hashlib
from pathlib import Path
from atopy.cpg.cql import cql_export
from atopy.cpg.resources import make_resources
from atopy.cpg.resources.export import as_json
from atopy.guideline import load_guideline
compiled = load_guideline(Path({str(TOY)!r}))
made = make_resources(compiled, cql_export(compiled, {BASE!r}), {BASE!r})
print(hashlib.sha256(b"".join(map(as_json, made))).hexdigest())
"""


def test_another_process_with_another_order_of_sets_writes_the_same_bytes() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, timeout=120,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


def test_every_address_begins_with_the_one_that_was_given(toy: Exported) -> None:
    other = make_resources(toy.compiled, toy.logic, "https://hospital.test/cds/")
    for resource in other:
        assert resource["url"].startswith(("https://hospital.test/cds/", "urn:"))
    assert b"https://atopy.example" not in b"".join(map(as_json, other))


@pytest.mark.parametrize(
    "base",
    ["atopy", "ftp://a.test", "https://a.test/x?y=1", "https://a test", "https://", "https://a.test|2"],
)
def test_an_address_that_cannot_be_a_base_is_refused(base: str, toy: Exported) -> None:
    with pytest.raises(ValueError, match=f"cannot be a canonical base.*{DEFAULT_CANONICAL}"):
        make_resources(toy.compiled, toy.logic, base)


def test_an_earlier_export_is_replaced_whole(tmp_path: Path) -> None:
    export_cpg(tmp_path, canonical=BASE, content=TOY)
    stale, note = tmp_path / "PlanDefinition" / "gone.json", tmp_path / "mine.txt"
    stale.write_text("{}")
    note.write_text("kept")
    export_cpg(tmp_path, canonical=BASE, content=TOY, elm={"HiccupsRules": b"{}"})
    assert not stale.exists() and note.read_text() == "kept"
    assert (tmp_path / "elm" / "HiccupsRules.json").read_bytes() == b"{}"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(SourceError, match="not empty, and holds no earlier export"):
        export_cpg(tmp_path, content=TOY)
    assert [p.name for p in tmp_path.iterdir()] == ["README.md"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError, match="cannot be written"):
        export_cpg(tmp_path / "file" / "inside", content=TOY)


def test_a_translation_is_attached_beside_the_text(toy: Exported) -> None:
    made = make_resources(toy.compiled, toy.logic, BASE, {"HiccupsRules": b'{"library": {}}'})
    library = next(r for r in made if r["id"] == "HiccupsRules")
    assert [c["contentType"] for c in library["content"]] == ["text/cql", "application/elm+json"]


def test_a_translation_too_large_for_a_value_of_fhir_is_named_with_its_hash(toy: Exported) -> None:
    made = make_resources(toy.compiled, toy.logic, BASE, {"HiccupsRules": b"x" * 2_000_000})
    elm = next(r for r in made if r["id"] == "HiccupsRules")["content"][1]
    assert elm["url"] == f"{BASE}/elm/HiccupsRules.json" and elm["size"] == 2_000_000 and "data" not in elm
    assert elm["hash"] == base64.b64encode(hashlib.sha1(b"x" * 2_000_000).digest()).decode()


def test_a_library_too_large_for_a_value_of_fhir_stands_in_its_file_and_claims_less(toy: Exported) -> None:
    *rest, last = toy.logic.libraries
    large = replace(last, text=f"{last.text}// {'x' * 800_000}\n")
    made = make_resources(toy.compiled, replace(toy.logic, libraries=(*rest, large)), BASE)
    library = next(r for r in made if r["id"] == last.name)
    assert library["meta"]["profile"] == [
        "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-shareablelibrary"
    ]
    assert library["content"][0]["url"] == f"{BASE}/cql/{last.name}.cql"


def test_what_a_clinician_signed_says_so_and_nothing_else_does(toy: Exported) -> None:
    signed = replace(toy.compiled, reviews={"stillin": "under review"})
    states = {
        r["id"]: e["valueCode"]
        for r in make_resources(signed, toy.logic, BASE)
        if r["resourceType"] == "PlanDefinition"
        for e in r["extension"]
        if e["url"].endswith("/review-state")
    }
    read = {id_ for id_, state in states.items() if state == "under-review"}
    assert {
        "therapy-stillin",
        "stillin-start",
        "stillin-pregnancy",
        "stillin-monitor",
        "stillin-stop",
    } <= read
    assert all(id_.removeprefix("therapy-").startswith(("stillin", "drops-teeth")) for id_ in read), read


def test_an_id_is_short_enough_and_tells_long_ones_apart() -> None:
    long = "a-very-long-id-" * 8
    assert fhir_id("hydrocolloid_occlusion") == "hydrocolloid-occlusion"
    assert len(fhir_id(f"{long}1")) == 64 and fhir_id(f"{long}1") != fhir_id(f"{long}2")


def test_a_name_is_one_that_a_machine_may_use() -> None:
    assert fhir_name("dupilumab-us-6-17") == "DupilumabUs617" and fhir_name("1-a") == "N1A"
