"""What the pages tell a reader to type is typed here."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.documents import ROOT, Block, blocks, commands
from tools.reference import blocks as pieces

COMMANDS = [c for c in commands() if not c.note.startswith("not run: ")]
# What a reader puts in the place of a word in capitals.
HERE = {"RECORD": "examples/adult-severe.yaml", "FILE": "examples/adult-severe.yaml"}
PYTHON = [b for b in blocks() if b.language == "python" and not b.note.startswith("not run: ")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a reader has: the examples, and the worked guideline with its record."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "examples", folder / "examples")
    pieces.worked_folder(folder)
    for path in pieces.WORKED.glob("*.yaml"):
        shutil.copy(path, folder)
    return folder


def run(arguments: list[str], desk: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COVERAGE_PROCESS_START": "", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("command", sorted({c.text for c in COMMANDS}))
def test_every_command_runs(command: str, desk: Path) -> None:
    program, *arguments = [HERE.get(a, a) for a in shlex.split(command, comments=True)]
    assert program == "atopy"
    done = run(["-m", "atopy.cli", *arguments], desk)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() or "--out" in arguments, "it prints nothing"
    assert "Traceback" not in done.stderr


def test_there_are_commands() -> None:
    pages = {c.page for c in COMMANDS}
    assert {
        "docs/index.md",
        "docs/add-a-therapy.md",
        "docs/content-format.md",
        "docs/plan-format.md",
        "docs/record-format.md",
    } <= pages


@pytest.mark.parametrize("block", PYTHON, ids=[f"{b.page}:{b.line}" for b in PYTHON])
def test_every_python_example_runs(block: Block, desk: Path) -> None:
    done = run(["-c", block.text], desk)
    assert done.returncode == 0, done.stderr
