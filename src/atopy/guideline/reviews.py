"""Sign-offs: each is bound to the hash of what was read. Edit the text, and it is only submitted again."""

import hashlib
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from atopy.guideline.load import Content
from atopy.guideline.walk import Piece, pieces
from atopy.yaml_source import Problem, SourceError, convert, load_yaml_file

Word = Literal["under review", "approved", "rejected"]
State = Literal["submitted", "under review", "approved", "rejected", "disputed"]
STATES: tuple[State, ...] = ("submitted", "under review", "approved", "rejected", "disputed")


class SignOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reviewer's word on one item, or on one part of it (``reviews/*.yaml``)."""

    id: str
    state: Word
    name: str
    role: str
    date: str
    hash: str
    comment: str = ""


class Reviewed(msgspec.Struct, frozen=True):
    """What reviewers have said of one piece: of its text as it stands, and of what it was before."""

    piece: Piece
    hash: str
    state: State
    current: tuple[SignOff, ...]  # on the text as it is, on it alone or on the whole item
    dropped: tuple[SignOff, ...]  # on an older text of it: they no longer count


def item_hash(value: object) -> str:
    """The hash that a sign-off is bound to: of everything written, and not of what is left to a default."""
    return hashlib.sha256(msgspec.json.encode(_written(value), order="sorted")).hexdigest()


def _written(value: Any) -> Any:
    """*value* without what has its default, so that a new field of the schema is no edit of the text."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        said = {
            f.encode_name: getattr(value, f.name) for f in fields if getattr(value, f.name) != _default(f)
        }
        return {"": type(value).__name__} | {name: _written(one) for name, one in said.items()}
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    return value


def _default(field: msgspec.structs.FieldInfo) -> object:
    return field.default_factory() if callable(field.default_factory) else field.default


def reviewed(content: Content) -> tuple[dict[str, Reviewed], list[Problem]]:
    """What is said of every piece of the content, by id; and what is wrong in the files of sign-offs."""
    listed = list(pieces(content))
    hashes = {piece.id: item_hash(piece.value) for piece in listed}
    signed, problems = sign_offs(Path(content.folder), hashes)
    by_id: dict[str, list[SignOff]] = {}
    for one in signed:
        by_id.setdefault(one.id, []).append(one)
    found: dict[str, Reviewed] = {}
    for piece in listed:
        own = by_id.get(piece.id, [])
        of_whole = by_id.get(piece.owner, []) if piece.owner != piece.id else []
        current = [s for s in own if s.hash == hashes[piece.id]]
        current += [s for s in of_whole if s.hash == hashes[piece.owner]]
        dropped = tuple(s for s in own if s.hash != hashes[piece.id])
        found[piece.id] = Reviewed(piece, hashes[piece.id], state_of(current), tuple(current), dropped)
    return found, problems


def state_of(current: Iterable[SignOff]) -> State:
    """What sign-offs of one text come to. Of each reviewer the last word counts; two who disagree settle nothing."""
    last = {sign_off.name: sign_off.state for sign_off in current}
    said = set(last.values())
    if {"approved", "rejected"} <= said:
        return "disputed"
    word: State
    for word in ("approved", "rejected", "under review"):
        if word in said:
            return word
    return "submitted"


def review_states(found: dict[str, Reviewed]) -> dict[str, str]:
    """The state of every piece that is more than submitted."""
    return {id_: one.state for id_, one in found.items() if one.state != "submitted"}


def sign_offs(folder: Path, known: Container[str]) -> tuple[list[SignOff], list[Problem]]:
    """Every sign-off in the order of files and lines, and every problem in them."""
    read = [
        _of_file(path, f"reviews/{path.name}", known) for path in sorted((folder / "reviews").glob("*.yaml"))
    ]
    return [s for signed, _ in read for s in signed], [p for _, problems in read for p in problems]


def _of_file(path: Path, name: str, known: Container[str]) -> tuple[list[SignOff], list[Problem]]:
    try:
        document = load_yaml_file(path, name)
    except SourceError as error:
        return [], error.problems
    signed, problems = convert(document, document.data or [], list[SignOff])
    for i, sign_off in enumerate(signed or []):
        if sign_off.id not in known:
            problems.append(
                document.problem((i, "id"), f"'{sign_off.id}' is nothing that can be signed off.")
            )
    return signed or [], problems


def approvals(one: Reviewed) -> Iterator[str]:
    """The days on which the text as it stands was approved; none where its state is another."""
    if one.state == "approved":
        yield from (s.date for s in one.current if s.state == "approved")
