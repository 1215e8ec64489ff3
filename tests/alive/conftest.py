"""A guideline that may be changed, and commands typed over it."""

import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import command as command  # the one fixture that types commands
from tests.spec.engines import TOY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The toy guideline, free to be changed."""
    return Path(shutil.copytree(TOY, tmp_path / "hiccups"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Change one place of one file."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{file} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
