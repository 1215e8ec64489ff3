"""The public functions of ``import atopy`` over the guideline itself: what it cites, what is overdue, what changed."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path

from atopy.guideline import content_folder, load_guideline
from atopy.guideline.changes import changes as differences
from atopy.guideline.versions import opened, side
from atopy.record.days import day_of
from atopy.render.of_changes import Changes, in_words
from atopy.render.of_sources import references


def cite(id_: str, *, content: Path | str | None = None) -> list[str]:
    """The references of a statement, rule, option, fact, instrument, trial or source, in Vancouver style, in order.

    Raises ValueError for an id that there is not, with what was perhaps meant.
    """
    return [one.text for one in references(load_guideline(_folder(content)), id_)[1]]


def overdue(as_of: date | str, *, content: Path | str | None = None) -> dict[str, str]:
    """What should have been read again before *as_of* (a date or ``2026-11-20``): id -> the day by which.

    Raises ValueError for what is no day.
    """
    return load_guideline(_folder(content)).overdue(day_of(as_of).isoformat())


def changes(
    before: Path | str, after: Path | str | None = None, *, content: Path | str | None = None
) -> Changes:
    """What differs between two versions of the content, in words. A version is a folder, or a revision of git.

    Without *after* it is the content as it stands. Raises ValueError for a version that there is not, and SourceError
    for one of which nothing can be read.
    """
    folder = _folder(content) or content_folder()
    with ExitStack() as open_:
        sides = [
            side(open_.enter_context(opened(str(one), folder)) if one is not None else folder)
            for one in (before, after)
        ]
    old, new = sides
    unread = tuple(dict.fromkeys([*old.unread, *new.unread]))
    names = (str(before), str(after) if after is not None else folder.name)
    return in_words(names, differences(old.content, new.content), old.compiled, new.compiled, unread)


def _folder(content: Path | str | None) -> Path | None:
    return Path(content) if content is not None else None


__all__ = ["changes", "cite", "overdue"]
