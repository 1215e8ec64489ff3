"""Puts the generated pages and pieces into the documentation (``hooks`` in mkdocs.yml); ``docs/`` stays as it is.

In mkdocs.yml a navigation entry that ends in a slash stands for all pages of that folder, generated ones
included: a new therapy or decision needs no edit there. One that ends in ``?`` is listed once its page is there.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).resolve().parent))
from reference import blocks, nav, pages

made = cache(pages)


def on_config(config: Any) -> Any:
    """Spell out the folders of the navigation."""
    config.nav = _listed(config, config.nav)
    return config


def _listed(config: Any, entries: list[Any]) -> list[Any]:
    placed = ((title, _place(config, place)) for one in entries for title, place in one.items())
    return [{title: place} for title, place in placed if place]


def _place(config: Any, place: Any) -> Any:
    if isinstance(place, list):
        return _listed(config, place)
    if place.endswith("?"):
        page = place.removesuffix("?")
        return page if (Path(config.docs_dir) / page).is_file() else None
    if place == "reference/":
        return nav(made())
    if not place.endswith("/"):
        return place
    docs = Path(config.docs_dir)
    found = sorted(p.relative_to(docs).as_posix() for p in (docs / place).glob("*.md"))
    return sorted(found, key=lambda p: not p.endswith("index.md"))


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages."""
    for path, text in made().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Fill what a hand-written page asks for."""
    return blocks.filled(markdown, page.file.src_uri)
