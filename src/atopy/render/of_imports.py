"""What an import found and would write, in words and as the lines that change."""

from collections.abc import Mapping
from difflib import unified_diff
from typing import Any

import msgspec

from atopy.evidence.change import Pooled
from atopy.guideline.imports import Import
from atopy.render import of_effects
from atopy.render.page import Page

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


class Place(msgspec.Struct, frozen=True):
    """What came from where, and whether it is written."""

    file: str
    folder: str
    written: bool


def text(
    found: Import,
    before: Mapping[str, str],
    place: Place,
    moved: tuple[Pooled, ...],
    width: int,
    colour: bool,
) -> str:
    """What is new, what is there already, which estimates it moves, and the lines that change of each file.

    *before*: the files as they were.
    """
    page = Page(width, colour)
    page.put((f"Import of {place.file} into {place.folder}", "bold"))
    page.put(f"{len(found.added)} new, {len(found.known)} there already.")
    for title, listed in (("New", found.added), ("There already", found.known)):
        if listed:
            page.heading(title)
            for said in listed:
                page.put(said, left=1, mark="· ")
    for block in of_effects.pools(moved):
        page.heading(block.title)
        page.put(block.text)
        for item in block.items:
            page.put((item.name, "bold"), f": {item.text}", (f"  {item.note}", "dim"), left=1, mark="· ")
    page.gap()
    if found.nothing:
        page.put("There is nothing to write.")
        return page.text()
    names = ", ".join(found.files)
    if place.written:
        page.put(f"Written: {names}. Nobody has read it yet: read it, then say so where it stands.")
        return page.text()
    page.put((f"Would write: {names}. Nothing is written without --write.", "yellow"))
    return page.text() + "".join(
        f"{line}\n" for name in found.files for line in _lines(found, before, name, colour)
    )


def _lines(found: Import, before: Mapping[str, str], name: str, colour: bool) -> list[str]:
    old, new = before.get(name, "").splitlines(), found.files[name].splitlines()
    there = f"a/{name}" if old else "/dev/null"
    return [_painted(line, colour) for line in unified_diff(old, new, there, f"b/{name}", n=2, lineterm="")]


def _painted(line: str, colour: bool) -> str:
    code = {"green": "32", "red": "31", "cyan": "36"}.get(_COLOURS.get(line[:1], ""), "")
    return f"\033[{code}m{line}\033[0m" if colour and code else line


def data(found: Import, moved: tuple[Pooled, ...], written: bool) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "added": list(found.added), "known": list(found.known), "written": written and not found.nothing,
        "files": dict(found.files), "pooled": msgspec.to_builtins(moved),
    }  # fmt: skip


__all__ = ["Place", "data", "text"]
