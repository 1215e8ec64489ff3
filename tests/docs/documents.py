"""The hand-written pages: their text, fenced blocks, commands."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# Pages whose blocks are fragments of tests, not commands and files of their own.
MADE = ("manual",)
_FENCE = re.compile(
    r"(?:^<!-- (?P<note>[^\n]+?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A fenced block, with the comment on the line above it."""

    page: str
    line: int
    language: str
    text: str
    note: str


@cache
def pages() -> dict[str, str]:
    """Every committed page that somebody wrote by hand, by its path; README and CONTRIBUTING too."""
    written = [p for p in sorted(DOCS.rglob("*.md")) if p.relative_to(DOCS).parts[0] not in MADE]
    written += [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    return {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in written if p.is_file()}


@cache
def blocks() -> tuple[Block, ...]:
    """Every fenced block."""
    return tuple(
        Block(page, text[: m.start()].count("\n") + 1, m["language"], m["text"], m["note"] or "")
        for page, text in pages().items()
        for m in _FENCE.finditer(text)
    )


@dataclass(frozen=True)
class Command:
    """One ``atopy`` command of a page."""

    page: str
    text: str
    note: str


def commands() -> list[Command]:
    """Every ``atopy`` command in a block of shell. ``<!-- not run: why -->`` above a block excuses it."""
    found = []
    for block in blocks():
        if block.language in ("sh", "bash", "console", "shell"):
            for line in block.text.splitlines():
                bare = line.removeprefix("$ ").strip()
                if bare.startswith("atopy "):
                    found.append(Command(block.page, bare, block.note))
    return found
