"""``atopy guideline export``: what it writes, what it says, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOY = Path(__file__).resolve().parent.parent / "toy" / "hiccups"


def test_it_writes_the_guideline_and_says_where(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "cpg"
    typed = command("guideline", "export", "--format", "cpg", "--out", str(out), "--content", str(TOY))
    assert typed.code == 0 and typed.err == ""
    assert "PlanDefinition" in typed.out and "https://atopy.example/fhir" in typed.out
    assert max(map(len, typed.out.replace(str(tmp_path), "").splitlines())) <= 100
    assert (out / "cql" / "HiccupsRules.cql").is_file() and (out / "README.md").is_file()


def test_the_address_is_the_users(command: Callable[..., Any], tmp_path: Path) -> None:
    base = "https://hospital.test/fhir"
    command("guideline", "export", "--out", str(tmp_path), "--content", str(TOY), "--canonical", base)
    made = json.loads((tmp_path / "PlanDefinition" / "pathway.json").read_text(encoding="utf-8"))
    assert made["url"] == f"{base}/PlanDefinition/pathway"


def test_an_address_that_cannot_be_one_is_refused_before_anything_is_written(
    command: Callable[..., Any], tmp_path: Path
) -> None:
    out = tmp_path / "cpg"
    typed = command("guideline", "export", "--out", str(out), "--canonical", "hospital")
    assert typed.code == 2 and "must be an absolute URL" in typed.err and not out.exists()


def test_an_unknown_format_names_those_there_are(command: Callable[..., Any], tmp_path: Path) -> None:
    typed = command("guideline", "export", "--out", str(tmp_path), "--format", "pdf")
    assert typed.code == 2 and "cpg" in typed.err


def test_a_folder_of_something_else_is_refused(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    typed = command("guideline", "export", "--out", str(tmp_path), "--content", str(TOY))
    assert typed.code == 2 and "Name a new or empty folder." in typed.err
