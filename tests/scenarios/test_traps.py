"""Every trap of the researched facts is walked into by a scenario; the ledger says by which."""

import json
from pathlib import Path

import pytest
from tests.scenarios.scenario import FOLDER, scenarios

from atopy.plan.public import read_record
from atopy.yaml_source import load_yaml, load_yaml_file

LEDGER: dict[str, list[str]] = load_yaml_file(FOLDER / "trap_ledger.yaml", "trap_ledger.yaml").data

# A drug keeps its name when its ATC code moves: what older systems send is read too.
MOVED = [
    ("L04AA13", "leflunomide"), ("L04AK01", "leflunomide"), ("L04AA37", "baricitinib"), ("L04AF02", "baricitinib"),
    ("L04AA44", "upadacitinib"), ("L04AF03", "upadacitinib"), ("L01XC02", "rituximab"), ("L01FA01", "rituximab"),
]  # fmt: skip


def test_each_scenario_of_the_ledger_exists() -> None:
    known = scenarios()
    assert [name for listed in LEDGER.values() for name in listed if name not in known] == []


def test_only_codes_have_no_scenario() -> None:
    assert [trap for trap, listed in LEDGER.items() if not listed] == ["atc_moves"]


@pytest.mark.parametrize(("code", "drug"), MOVED)
def test_old_and_new_atc_codes_mean_the_same_drug(code: str, drug: str) -> None:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-01"}
    statement = {
        "resourceType": "MedicationStatement", "id": "m", "status": "active", "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": code}]},
        "effectivePeriod": {"start": "2026-10-01"},
    }  # fmt: skip
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": patient}, {"resource": statement}],
    }
    record = read_record(json.dumps(bundle).encode())
    assert [e.code for e in record.events if e.kind == "treatment"] == [drug]


def test_the_pack_beside_us_has_no_trap_that_the_ledger_lacks(shared: Path) -> None:
    text = (shared / "clinical" / "therapies.yaml").read_text(encoding="utf-8")
    assert {t["id"] for t in load_yaml(text, "therapies").data["traps"]} == set(LEDGER)
