"""Resolve the dependencies of ``pyproject.toml`` into ``requirements/dev.txt``, every file with its hash.

One lock serves Linux and macOS, x86-64 and ARM, Python 3.11 to 3.13 (markers tell them apart). The resolver
is installed into a temporary environment, so it is no dependency of the project. No address of a package
index is written.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.txt"
HEADER = """\
# Every package of the development environment, each file by its hash. Written by `make lock`; do not edit.
# Installed with --require-hashes, so a file that is not the one resolved here is refused.
"""


def main() -> None:
    """Write the lock; its text depends on the package index of the day and on nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = f"{folder}/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        command = [
            *(f"{folder}/bin/uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--all-extras"),
            *("--universal", "--python-version", "3.11", "--upgrade"),
            *("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
            *("--annotation-style", "line", "--quiet"),
        ]
        text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    if "://" in text or "--index" in text or "--find-links" in text:
        sys.exit("lock: the resolver wrote an address; nothing was changed")
    LOCK.parent.mkdir(exist_ok=True)
    LOCK.write_text(HEADER + text, encoding="utf-8")


if __name__ == "__main__":
    main()
