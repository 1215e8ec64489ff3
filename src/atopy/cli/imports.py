"""``atopy guideline import``: new evidence from a file, shown first and written only when asked."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atopy.cli import terminal

if TYPE_CHECKING:
    from atopy.evidence.change import Pooled
    from atopy.guideline import Compiled
    from atopy.guideline.imports import Import


@click.command("import")
@click.argument(
    "file", type=terminal.PATH, metavar="FILE", help="References as .ris or .bib; arms of trials as .csv."
)
@click.option("--write", is_flag=True, help="Write it into the content; without it only shown.")
@terminal.format_option("text", "json", help_="How it is told.")
@terminal.content_option
def import_(file: Path, write: bool, style: str, content: Path | None) -> None:
    """Import references or trial arms. What is there already is left alone, and nothing imported counts as read."""
    from atopy.guideline import content_folder
    from atopy.guideline.imports import check, import_file
    from atopy.guideline.imports import write as written
    from atopy.guideline.load import load
    from atopy.render import of_imports

    logging.getLogger(
        "bibtexparser"
    ).propagate = False  # it tells of each mistake, and so do we, with its line
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    folder = content or content_folder()
    found: Import = import_file(file, load(folder))
    moved = _moved(found, check(found, folder), folder) if not found.nothing else ()
    if write:
        written(found, folder)
    if style == "json":
        terminal.write_json(of_imports.data(found, moved, write))
        return
    held = {name: folder / name for name in found.files}
    before = {
        name: p.read_text(encoding="utf-8") if p.is_file() and not write else "" for name, p in held.items()
    }
    place = of_imports.Place(file.name, folder.name, write)
    terminal.write(of_imports.text(found, before, place, moved, terminal.width(), terminal.colour()))


def _moved(found: "Import", after: "Compiled", folder: Path) -> "tuple[Pooled, ...]":
    """The pooled estimates that its trials move; taken before anything is written."""
    trials = [Path(name).stem for name in found.files if name.startswith("trials/")]
    if not trials:
        return ()
    from atopy.evidence.change import pooled
    from atopy.guideline import load_guideline

    return pooled(load_guideline(folder), after, trials)
