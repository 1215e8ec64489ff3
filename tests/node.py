"""Programs of other people that run on Node: packages locked by version and hash, installed once into .cache/node/.

Nothing of a package is kept in the repository. Without Node, npm or a registry these tests are skipped and say why;
with ``ATOPY_NODE=required``, which .ci/run sets, they fail instead.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "node"
REQUIRED = "ATOPY_NODE"
_FILES = ("package.json", "package-lock.json")


def installed(folder: Path) -> Path:
    """Where the packages that *folder* locks are installed; done once per lock, by one worker at a time."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            absent(f"{program} is not installed (Debian: apt-get install nodejs npm)")
    place = CACHE / folder.name
    place.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in _FILES)).hexdigest()
    with _alone(place):
        stamp = place / "installed"
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest:
            _install(folder, place)
            stamp.write_text(digest, encoding="utf-8")
    return place


def _install(folder: Path, place: Path) -> None:
    for name in _FILES:
        shutil.copy(folder / name, place / name)
    try:
        run(place, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        absent(
            f"npm could not install the packages of {folder.name}: {said[-1] if said else 'no reason given'}"
        )


def absent(reason: str) -> None:
    """Skip, or fail where Node is required."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{REQUIRED}=required, but {reason}")
    pytest.skip(reason)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with (place / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(place: Path, *command: str, seconds: int = 300) -> str:
    """What a program prints, run in *place*. Raises CalledProcessError when it fails."""
    done = subprocess.run(command, cwd=place, check=True, capture_output=True, text=True, timeout=seconds)
    return done.stdout
