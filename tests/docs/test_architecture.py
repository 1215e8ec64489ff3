"""Invariants of docs/architecture.md that no other test holds."""

import ast
import shutil
import tomllib
from pathlib import Path

import pytest
from tools.reference import blocks as pieces

import atopy
from atopy.guideline import load_guideline

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "atopy"
RECORD = pieces.WORKED / "record.yaml"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """The toy guideline, free to be changed."""
    return Path(shutil.copytree(pieces.TOY, tmp_path / "hiccups"))


def test_every_package_has_its_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["id"] == "layers")
    assert layers["exhaustive"] and not layers["exhaustive_ignores"]
    placed = {name.strip() for row in layers["layers"] for name in row.split("|")}
    there = {p.stem for p in SRC.iterdir() if p.name != "__init__.py" and (p.is_dir() or p.suffix == ".py")}
    assert placed == there - {"__pycache__", "_content"}


def test_a_table_changed_in_content_changes_the_plan(toy: Path) -> None:
    table = toy / "decisions" / "options.yaml"
    text = table.read_text(encoding="utf-8")
    row = "  otherwise: open\n"
    assert text.count(row) == 1
    whim = "    - {when: rung(option) = 'home', then: last_resort, unknown: next, because: a-whim}\n"
    table.write_text(text.replace(row, whim + row), encoding="utf-8")

    before = atopy.plan(RECORD, as_of="2026-11-20", content=pieces.TOY).line("breath_holding")
    after = atopy.plan(RECORD, as_of="2026-11-20", content=toy).line("breath_holding")
    assert (before.status, before.reason) == ("recommended_now", None)
    assert (after.status, after.reason) == ("not_now", "a-whim")


def test_the_engine_names_no_drug() -> None:
    """Content has the words of the disease; of its own the code has only the country and the day."""
    vocabulary = load_guideline().vocabulary
    drugs = {
        t.id for t in vocabulary.terms.values() if t.kind in ("drug", "therapy", "allergen") and len(t.id) > 5
    }
    for package in ("criteria", "facts", "guideline", "plan", "evidence", "ask"):
        for path in sorted((SRC / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            named = [d for d in drugs if f'"{d}"' in text or f"'{d}'" in text]
            assert named == [], path


def test_the_library_neither_prints_nor_logs() -> None:
    """A record's values reach no log: there is none."""
    for path in sorted(SRC.rglob("*.py")):
        if path.relative_to(SRC).parts[0] == "cli":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        called = {
            n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert "logging" not in imported and "print" not in called, path
