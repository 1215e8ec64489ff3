"""Fills docs/ask.md with what the commands on it print: each block of text after a block of shell is its output."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "ask.md"
SHOWN = re.compile(r"(```sh\natopy (?P<command>[^\n]+)\n```\n\n```text\n)(?P<text>.*?)(```\n)", re.DOTALL)


def printed(command: str) -> str:
    """What ``atopy`` prints for the words of a command."""
    arguments = [sys.executable, "-m", "atopy.cli", *shlex.split(command)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def filled(page: str) -> str:
    """The page with each output anew."""
    return SHOWN.sub(lambda m: f"{m[1]}{printed(m['command'])}{m[4]}", page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
