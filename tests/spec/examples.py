"""The specification as data: small tables of patients, one expression or fact each, and what it is worth for each.

The same examples run on every engine (``engines.py``) and are the manual (``tools/manual.py``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atopy.yaml_source import load_yaml_file

HERE = Path(__file__).parent
ENUMERATED = ("criteria", "facts")


@dataclass(frozen=True)
class Example:
    """One expression or fact over a few patients. ``where`` names it in a failing test."""

    where: str
    says: str
    data: dict[str, Any]
    chapter: dict[str, Any]

    @property
    def patients(self) -> list[dict[str, Any]]:
        return self.data["patients"]


@dataclass(frozen=True)
class Chapter:
    """One file: a title, a paragraph, its examples in order."""

    title: str
    about: str
    data: dict[str, Any]
    examples: tuple[Example, ...]


def chapters(part: str) -> list[Chapter]:
    """The chapters of one part of the manual, in the order of their files."""
    return [_chapter(path) for path in sorted((HERE / part).glob("*.yaml"))]


def examples(part: str) -> Iterator[Example]:
    """Every example of one part."""
    for chapter in chapters(part):
        yield from chapter.examples


def _chapter(path: Path) -> Chapter:
    data = load_yaml_file(path).data
    listed = tuple(
        Example(f"{path.stem}-{number}", one["says"], one, data)
        for number, one in enumerate(data["examples"], start=1)
    )
    return Chapter(data["title"], data["about"], data, listed)
