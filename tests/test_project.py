"""The promises of the repository itself: a lock that needs no trust, and a start that stays quick."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import atopy

# Slow to import: each is loaded where it is used, so that a plan appears in less than half a second.
HEAVY = ("numpy", "pint", "ucumvert", "sqlglot", "jinja2", "rich", "pydantic", "click")
# Making a plan from compiled content and showing it as JSON needs none of these, not even on first use.
NOT_FOR_A_PLAN = (
    *("numpy", "pint", "ucumvert", "sqlglot", "jinja2", "rich", "pydantic", "difflib"),
    *("citeproc", "lxml", "rispy", "bibtexparser"),
    *("atopy.guideline.compile", "atopy.guideline.load", "atopy.record.fhir", "atopy.plan.prospects"),
)


@pytest.fixture(scope="module")
def lock(repository: Path) -> str:
    """The text of the lock."""
    return (repository / "requirements" / "dev.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(repository: Path) -> dict:
    """``pyproject.toml`` as data."""
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(requirement: str) -> str:
    """The normalised name in a requirement such as ``PyYAML>=6``."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def test_every_locked_package_has_a_hash(lock: str) -> None:
    pins = re.split(r"\n(?=\S)", lock)
    without = [pin.splitlines()[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin]
    assert without == []


def test_the_lock_names_no_address(lock: str) -> None:
    assert "://" not in lock
    assert not re.search(r"^--", lock, flags=re.MULTILINE)


def test_every_dependency_is_locked(lock: str, project: dict) -> None:
    locked = {name_of(line) for line in re.findall(r"^[\w.-]+(?===)", lock, flags=re.MULTILINE)}
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    assert [each for each in wanted if name_of(each) not in locked] == []


def test_the_engine_and_the_package_have_one_version(project: dict) -> None:
    assert atopy.__version__ == project["project"]["version"]


def loaded_after(code: str, names: tuple[str, ...], cwd: Path) -> list[str]:
    """Which of ``names`` a fresh interpreter has imported after ``code``."""
    script = (
        f"{code}\nimport sys\nprint([name for name in {names!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=True, timeout=60
    )
    return re.findall(r"\w+", done.stderr.strip().splitlines()[-1])


@pytest.mark.parametrize("module", ["atopy", "atopy.cli", "atopy.plan", "atopy.record", "atopy.instruments"])
def test_importing_is_light(module: str, repository: Path) -> None:
    assert loaded_after(f"import {module}", HEAVY, repository) == []


def test_a_plan_loads_nothing_heavy(repository: Path) -> None:
    plan = ["atopy", "plan", "examples/adult-severe.yaml", "--as-of", "2026-11-20", "--format", "json"]
    code = f"""
import sys
from atopy.cli import main
sys.argv = {plan!r}
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
    loaded_after(code, NOT_FOR_A_PLAN, repository)  # a checkout compiles changed content once, and keeps it
    assert loaded_after(code, NOT_FOR_A_PLAN, repository) == []
