"""The wheel stands alone: it plans from its own compiled content, and as the checkout does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PLAN = """
import json, sys
import atopy
plan = atopy.plan("adult-severe.yaml", as_of="2026-11-20")
heavy = [name for name in ("sqlglot", "numpy", "pint", "jinja2", "rich", "pydantic", "click") if name in sys.modules]
print(json.dumps({"home": atopy.__file__, "hash": plan.provenance.plan_hash, "heavy": heavy}))
"""


@pytest.fixture(scope="module")
def unpacked(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel would put into ``site-packages``."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(repository)],
        check=True,
        timeout=300,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


def plan_of(package: Path, examples: Path, home: Path) -> dict:
    """The hash of the example's plan as made by the ``atopy`` in the folder ``package``, and what it imported."""
    environment = {**os.environ, "PYTHONPATH": str(package), "HOME": str(home), "XDG_CACHE_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", PLAN],
        cwd=examples,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_wheel_ships_the_content_compiled_and_readable(unpacked: Path, repository: Path) -> None:
    shipped = unpacked / "atopy" / "_content"
    sources = {
        path.relative_to(repository / "content")
        for path in (repository / "content").rglob("*")
        if path.is_file() and path.name != "compiled.msgpack"
    }
    found = {path.relative_to(shipped) for path in shipped.rglob("*") if path.is_file()}
    assert found == sources | {Path("atopic-dermatitis/compiled.msgpack")}


def test_the_wheel_holds_code_and_content_only(unpacked: Path) -> None:
    assert sorted(path.name for path in unpacked.iterdir()) == ["atopy", "atopy-0.1.0.dist-info"]
    assert (unpacked / "atopy" / "py.typed").is_file()


def test_the_wheel_plans_as_the_checkout_does(unpacked: Path, repository: Path, tmp_path: Path) -> None:
    wheel = plan_of(unpacked, repository / "examples", tmp_path)
    assert Path(wheel["home"]).is_relative_to(unpacked)
    assert wheel["heavy"] == []
    assert list(tmp_path.iterdir()) == [], "a plan from the wheel needs no cache"
    assert wheel["hash"] == plan_of(repository / "src", repository / "examples", tmp_path)["hash"]
