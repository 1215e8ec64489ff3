"""``atopy guideline diff`` and ``whats-new``: what changed between two versions, and what the change does."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atopy.cli import terminal
from atopy.yaml_source import InputError

if TYPE_CHECKING:
    from atopy.guideline import Compiled
    from atopy.guideline.changes import Change
    from atopy.guideline.versions import Side

format_option = terminal.format_option("text", "json", "markdown", "html")


@click.command("diff")
@click.argument(
    "before", metavar="V1", help="A content folder, or a revision of git: v1.0, HEAD~3, REVISION:PATH."
)
@click.argument(
    "after", required=False, metavar="[V2]", help="The same; the content as it stands if not given."
)
@click.option("--about", metavar="ID", help="Only what belongs to this option, factor, topic ...")
@click.option(
    "--records",
    type=terminal.PATH,
    metavar="PATH",
    help="A folder of records, or NDJSON with one a line: which of their plans change, and how.",
)
@click.option("--as-of", metavar="DATE", help="The day of those plans; today if not given.")
@click.option("--country", metavar="us|eu|uk", help="Whose licences and guidance in those plans.")
@format_option
@terminal.content_option
def diff(
    before: str,
    after: str | None,
    about: str | None,
    records: Path | None,
    as_of: str | None,
    country: str | None,
    style: str,
    content: Path | None,
) -> None:
    """What was added, changed and withdrawn between two versions, in words; what that does to estimates and plans."""
    from msgspec.structs import replace

    from atopy.guideline import content_folder
    from atopy.render import of_changes, of_effects, sheet

    day = terminal.day(as_of, "--as-of")
    place = None if country is None else terminal.choice(country, ("us", "eu", "uk"), "--country")
    folder = content or content_folder()
    names = (before, after or folder.name)
    with ExitStack() as open_:
        sides = _sides(open_, before, after, folder)
        found = _changes(sides, about)
        moved = _pooled(sides, found)
        effects = _effects(sides, records, day, place) if records is not None else None
    told = of_changes.in_words(names, found, *_compiled(sides), unread=_unread(sides))
    if style == "json":
        terminal.write_json(of_changes.data(told) | of_effects.data(effects, moved))
        return
    shown = of_changes.sheet(told)
    more = (*of_effects.pools(moved), *(of_effects.cohort(effects) if effects is not None else ()))
    shown = replace(shown, blocks=(*shown.blocks, *more))
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))


@click.command("whats-new")
@click.option(
    "--since",
    metavar="DATE|V1",
    help="A day, as 2026-11-20; or a version, as for diff. The version number before this one if not given.",
)
@format_option
@terminal.content_option
def whats_new(since: str | None, style: str, content: Path | None) -> None:
    """For readers: what is newly said, said otherwise or no longer said since a day or version."""
    from atopy.guideline import content_folder, load_guideline
    from atopy.render import of_changes, sheet

    folder = content or content_folder()
    first = _first(since, folder)
    if first is None:
        compiled = load_guideline(content)
        if style == "json":
            terminal.write_json(of_changes.first_data(compiled))
            return
        terminal.write(sheet.written(of_changes.first(compiled), style, terminal.width(), terminal.colour()))
        return
    since = since or first[:7]
    with ExitStack() as open_:
        sides = _sides(open_, first, None, folder)
        found = _changes(sides, None)
        told = of_changes.in_words((since, folder.name), found, *_compiled(sides), unread=_unread(sides))
    if style == "json":
        terminal.write_json(of_changes.data(told))
        return
    meta = sides[1].compiled.meta
    shown = of_changes.news(told, f"What is new in {meta.id} {meta.version} since {since}")
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))


def _first(since: str | None, folder: Path) -> str | None:
    """The older version: of a day, as it was named, or with the number before; None where there is none before."""
    from atopy.guideline.versions import previous
    from atopy.guideline.versions import since as revision

    if since is None:
        return previous(folder)
    return revision(since, folder) if _is_day(since) else since


def _is_day(word: str) -> bool:
    try:
        return bool(date.fromisoformat(word))
    except ValueError:
        return False


def _sides(open_: ExitStack, before: str, after: str | None, folder: Path) -> "tuple[Side, Side]":
    """Both versions read and compiled; they can be used after their folders are gone."""
    from atopy.guideline.versions import opened, side

    first = open_.enter_context(opened(before, folder))
    second = open_.enter_context(opened(after, folder)) if after is not None else folder
    terminal.progress("Reading the first version")
    old = side(first)
    terminal.progress("Reading the second version")
    new = side(second)
    terminal.progress("")
    return old, new


def _compiled(sides: "tuple[Side, Side]") -> "tuple[Compiled, Compiled]":
    return sides[0].compiled, sides[1].compiled


def _unread(sides: "tuple[Side, Side]") -> tuple[str, ...]:
    return tuple(dict.fromkeys(file for one in sides for file in one.unread))


def _changes(sides: "tuple[Side, Side]", about: str | None) -> "tuple[Change, ...]":
    from atopy.guideline.changes import changes, entries

    found = changes(sides[0].content, sides[1].content)
    if about is None:
        return found
    owners = {
        owner for side in sides for (_, id_), (owner, _) in entries(side.content).items() if id_ == about
    }
    if not owners:
        raise InputError(f"--about '{about}' is no id of either version.")
    return tuple(c for c in found if c.id == about or c.owner == about)


def _pooled(sides: "tuple[Side, Side]", found: "tuple[Change, ...]") -> Any:
    trials = [c.id for c in found if c.kind == "trial"]
    if not trials:
        return ()
    from atopy.evidence.change import pooled

    return pooled(*_compiled(sides), trials)


def _effects(sides: "tuple[Side, Side]", records: Path, day: date, country: str | None) -> Any:
    from atopy.plan.effects import cohort, effects

    patients, unread = cohort(records, *_compiled(sides))
    return effects(*_compiled(sides), patients, day, country, unread, _progress(len(patients)))


def _progress(total: int) -> Callable[[int], None]:
    """Counts plans on a terminal's standard error."""
    return lambda done: terminal.progress(f"{done} of {total} plans" if done < total else "")
