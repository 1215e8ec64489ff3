"""A short document in three formats: a title, what is said first, and headings with items below them.

For what is shown beside the plan: what if, what would change it, where sources disagree.
"""

from functools import cache
from typing import Any

import msgspec

from atopy.render.as_markdown import plain
from atopy.render.page import Page


class Item(msgspec.Struct, frozen=True):
    """One point: its name, what is said of it, a small note, and points below it."""

    name: str
    text: str = ""
    note: str = ""
    parts: tuple["Item", ...] = ()
    style: str = ""


class Block(msgspec.Struct, frozen=True):
    """A heading with its items; *text* where there are none, or before them."""

    title: str
    items: tuple[Item, ...] = ()
    text: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """The whole of it."""

    title: str
    lead: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    foot: tuple[str, ...] = ()
    language: str = "en"


FORMATS = ("text", "markdown", "html")


def text(sheet: Sheet, width: int = 100, colour: bool = False) -> str:
    """For a terminal, of at most *width* columns."""
    page = Page(width, colour)
    page.put((sheet.title, "bold"))
    for said in sheet.lead:
        page.put(said)
    for block in sheet.blocks:
        page.heading(block.title)
        page.put(block.text)
        for item in block.items:
            _put(page, item, 1)
    page.gap()
    for said in sheet.foot:
        page.put((said, "dim"))
    return page.text()


def _put(page: Page, item: Item, left: int) -> None:
    said = f": {item.text}" if item.name and item.text else item.text
    note = f"  {item.note}" if item.note else ""
    page.put(
        (item.name, item.style or ("bold" if left == 1 else "")), said, (note, "dim"), left=left, mark="· "
    )
    for part in item.parts:
        _put(page, part, left + 3)


def markdown(sheet: Sheet) -> str:
    """As GitHub-flavoured Markdown."""
    blocks = [f"# {plain(sheet.title)}", *(plain(said) for said in sheet.lead)]
    for block in sheet.blocks:
        blocks.append(f"## {plain(block.title)}")
        blocks += [plain(block.text)] if block.text else []
        rows = [row for item in block.items for row in _rows(item, 0)]
        blocks += ["\n".join(rows)] if rows else []
    foot = ["---", *(plain(said) for said in sheet.foot)] if sheet.foot else []
    return "\n\n".join([*blocks, *foot]) + "\n"


def _rows(item: Item, depth: int) -> list[str]:
    name = f"**{plain(item.name)}**" if item.name and depth == 0 else plain(item.name)
    said = ": ".join(x for x in (name, plain(item.text)) if x)
    note = f" *({plain(item.note)})*" if item.note else ""
    return [f"{'  ' * depth}- {said}{note}", *(row for part in item.parts for row in _rows(part, depth + 1))]


def html(sheet: Sheet) -> str:
    """As one self-contained page."""
    rendered = _template().render(sheet=sheet)
    return "\n".join(line.rstrip() for line in rendered.splitlines() if line.strip()) + "\n"


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("atopy.render", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("sheet.html.j2")


def written(sheet: Sheet, style: str, width: int = 100, colour: bool = False) -> str:
    """In one of the formats."""
    if style == "markdown":
        return markdown(sheet)
    return html(sheet) if style == "html" else text(sheet, width, colour)


__all__ = ["FORMATS", "Block", "Item", "Sheet", "html", "markdown", "text", "written"]
