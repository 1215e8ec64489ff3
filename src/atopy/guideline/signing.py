"""The work of a reviewer: begin to read, then approve or reject exactly what was read.

Nothing here reads a clock or knows who is typing: name, role and day are given.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec
import yaml

from atopy.guideline.load import Content, load
from atopy.guideline.reviews import Reviewed, SignOff, Word, reviewed
from atopy.nearest import did_you_mean
from atopy.record import day_words
from atopy.yaml_source import InputError, Problem, SourceError


class Reviewer(msgspec.Struct, frozen=True):
    """Who signs. Raises ValueError without a name or a role."""

    name: str
    role: str

    def __post_init__(self) -> None:
        for word, what in ((self.name, "a name"), (self.role, "a role, as dermatologist")):
            if not word.strip():
                raise InputError(f"A sign-off needs {what}.")


class Signed(msgspec.Struct, frozen=True):
    """What was written, where, and what the piece's state is now."""

    sign_off: SignOff
    file: Path
    now: Reviewed


def read(folder: Path) -> tuple[Content, dict[str, Reviewed]]:
    """The content and what is said of each piece. Raises SourceError for content or sign-offs that cannot be read."""
    content = load(folder)
    found, problems = reviewed(content)
    if content.problems or problems:
        raise SourceError([*content.problems, *problems])
    return content, found


def begin(folder: Path, id_: str, who: Reviewer, day: date) -> Signed:
    """*who* begins to read *id_*: the text that stands there on that day is what can be approved later."""
    one = piece(read(folder)[1], id_)
    last = _last(one.current, id_, who.name)
    if last is not None and last.state == "under review":
        raise InputError(
            f"{who.name} is reading '{id_}' since {day_words(last.date)}, and it has not changed since. "
            "Write: atopy review approve, or reject."
        )
    return _write(folder, one, "under review", who, day, "")


def decide(folder: Path, id_: str, word: Word, who: Reviewer, day: date, comment: str = "") -> Signed:
    """*who* approves or rejects *id_*, which must be what they began to read. A rejection says why."""
    one = piece(read(folder)[1], id_)
    if word == "rejected" and not comment.strip():
        raise InputError("A rejection says why: add --comment.")
    begun = _last(one.current, id_, who.name)
    if begun is None or begun.state != "under review":
        raise InputError(_not_begun(one, id_, who.name, begun))
    if day.isoformat() < begun.date:
        raise InputError(
            f"{who.name} began to read '{id_}' on {day_words(begun.date)}: "
            f"it cannot be {word} on {day_words(day)} already."
        )
    return _write(folder, one, word, who, day, comment)


def _not_begun(one: Reviewed, id_: str, name: str, last: SignOff | None) -> str:
    """Why nothing can be decided: nothing was begun, it was decided already, or it has changed since."""
    mend = f"Read it, then: atopy review start {id_}"
    if last is not None:
        on = day_words(last.date)
        return f"{name} has {last.state} '{id_}' on {on} already. To say otherwise: atopy review start {id_}"
    old = _last(one.dropped, id_, name)
    if old is None:
        return f"{name} has not begun to read '{id_}', so nobody could tell what was read. {mend}"
    return (
        f"'{id_}' has changed since {name} began to read it on {day_words(old.date)}: what was read is no longer what "
        f"is written in {one.piece.file}. {mend}"
        if old.state == "under review"
        else f"'{id_}' has changed since {name} {old.state} it on {day_words(old.date)}. {mend}"
    )


def piece(found: Mapping[str, Reviewed], id_: str) -> Reviewed:
    """The piece of that id. Raises ValueError with what was perhaps meant."""
    one = found.get(id_) or found.get(f"disagreement-{id_}")
    if one is None:
        raise InputError(
            f"'{id_}' is nothing that can be signed off.{did_you_mean(id_, found)} atopy guideline list shows the ids."
        )
    return one


def _last(signed: tuple[SignOff, ...], id_: str, name: str) -> SignOff | None:
    """The last word of a reviewer on this very piece, not on the whole that it belongs to."""
    own = [s for s in signed if s.name == name and s.id in (id_, f"disagreement-{id_}")]
    return own[-1] if own else None


def _write(folder: Path, one: Reviewed, word: Word, who: Reviewer, day: date, comment: str) -> Signed:
    """Add a sign-off to the file of the item, after what is there."""
    sign_off = SignOff(one.piece.id, word, who.name, who.role, day.isoformat(), one.hash, comment.strip())
    path = folder / "reviews" / f"{one.piece.owner}.yaml"
    try:
        path.parent.mkdir(exist_ok=True)
        known = path.read_text(encoding="utf-8") if path.is_file() else ""
        break_ = "" if not known or known.endswith("\n") else "\n"
        path.write_text(f"{known}{break_}{as_yaml(sign_off)}", encoding="utf-8", newline="\n")
    except OSError as error:
        where = f"reviews/{path.name}"
        mend = "Sign off in a folder of your own: --content DIR."
        raise SourceError([Problem(where, None, "", f"cannot be written: {error.strerror}.", mend)]) from None
    return Signed(sign_off, path, read(folder)[1][one.piece.id])


def as_yaml(sign_off: SignOff) -> str:
    """A sign-off as one entry of a file."""
    said = {k: v for k, v in msgspec.to_builtins(sign_off).items() if v != ""}
    text: str = yaml.safe_dump([said], sort_keys=False, allow_unicode=True, width=110)
    return text


__all__ = ["Reviewer", "Signed", "as_yaml", "begin", "decide", "piece", "read"]
