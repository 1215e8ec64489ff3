"""The worked therapy of docs/add-a-therapy.md: its files compile, and its scenarios hold."""

from pathlib import Path
from typing import Any

import pytest
from tools.reference import blocks as pieces

import atopy
from atopy.guideline import Compiled
from atopy.plan import Plan
from atopy.yaml_source import load_yaml_file

SCENARIOS = load_yaml_file(pieces.WORKED / "scenarios.yaml").data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pieces.worked_folder(tmp_path_factory.mktemp("worked"))


def plan_of(scenario: dict[str, Any], folder: Path) -> Plan:
    data = load_yaml_file(pieces.WORKED / "record.yaml").data
    attested = {k: v for k, v in data["attested"].items() if k != scenario.get("without")}
    record = {**data, "attested": attested, "events": [*data["events"], *scenario.get("add", [])]}
    return atopy.plan(record, as_of="2026-11-20", content=folder)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s["name"] for s in SCENARIOS])
def test_scenario(scenario: dict[str, Any], folder: Path) -> None:
    plan, expected = plan_of(scenario, folder), scenario["expect"]
    line = plan.line("quietol")
    assert (line.status, line.reason) == (expected["status"], expected["reason"])
    assert expected.get("names", "") in (line.clinician_reason or "")
    assert expected.get("headline", plan.headline.code) == plan.headline.code


def test_the_page_shows_the_dose_worked_out() -> None:
    assert "x 60 kg = 60 to 120 mg/day" in pieces.worked_line("quietol")


def test_only_two_files_were_added(folder: Path) -> None:
    added = {p.relative_to(folder) for p in folder.rglob("*.yaml")} - {
        p.relative_to(pieces.TOY) for p in pieces.TOY.rglob("*.yaml")
    }
    assert added == {Path("ladder/quietol.yaml"), Path("vocabulary/quietol.yaml")}


def test_the_guideline_holds_it() -> None:
    compiled: Compiled = pieces.worked()
    assert "quietol" in compiled.therapies
    assert "quietol" in compiled.vocabulary.members["calmer"]
