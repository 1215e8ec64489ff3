"""What differs between two versions of the content: added, changed, withdrawn, piece by piece.

Pieces are compared by id, whatever file they stand in: a statement that moved is the same statement.
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from atopy.guideline.load import Content, Item
from atopy.guideline.walk import KINDS, Piece, pieces
from atopy.record import Term

How = Literal["added", "changed", "withdrawn"]


class Version(msgspec.Struct, frozen=True):
    """One side of a change: the value as it is read, and where it is written."""

    value: Any
    file: str
    line: int | None = None


class Change(msgspec.Struct, frozen=True):
    """One thing that only one version has, or that both have and that is not the same in both."""

    id: str
    kind: str
    owner: str  # the item that it is part of; itself for an item
    before: Version | None
    after: Version | None

    @property
    def how(self) -> How:
        """Added, changed or withdrawn."""
        return "added" if self.before is None else "withdrawn" if self.after is None else "changed"

    @property
    def there(self) -> Version:
        """The newer side that there is."""
        found = self.after or self.before
        assert found is not None
        return found


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """Every difference, in the order of the newer content; what is gone stands after the rest of its kind."""
    old, new = entries(before), entries(after)
    found: list[Change] = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        if was is None or now is None or own_part(was[1].value) != own_part(now[1].value):
            kind, id_ = key
            owner = (now or was or ("", None))[0]
            found.append(Change(id_, kind, owner, was[1] if was else None, now[1] if now else None))
    return tuple(found)


def own_part(value: Any) -> Any:
    """A value without the pieces inside it, which are compared for themselves."""
    if not isinstance(value, msgspec.Struct):
        return value
    said = {name: getattr(value, name) for name in value.__struct_fields__}
    return {"": type(value).__name__} | {
        name: one for name, one in said.items() if one != [] and not holds_pieces(one)
    }


def holds_pieces(value: Any) -> bool:
    """Whether this is a list of pieces with ids of their own."""
    return isinstance(value, list) and bool(value) and all(type(one).__name__ in KINDS for one in value)


Key = tuple[str, str]


def entries(content: Content) -> dict[Key, tuple[str, Version]]:
    """Everything that can be compared, by kind and id, with the item it is part of."""
    found: dict[Key, tuple[str, Version]] = {}
    for piece in pieces(content):
        found[piece.kind, piece.id] = piece.owner, _version(piece)
    for kind, group in _groups(content):
        for id_, item in group.items():
            found[kind, id_] = id_, Version(item.value, item.document.file, item.document.line(item.path))
    for kind, id_, value, file in _rest(content):
        found[kind, id_] = id_, Version(value, file)
    return found


def _version(piece: Piece) -> Version:
    return Version(piece.value, piece.file, piece.line)


def _groups(content: Content) -> Iterator[tuple[str, dict[str, Item]]]:
    yield "fact", content.facts
    yield "word", {id_: item for id_, item in content.terms.items() if isinstance(item.value, Term)}


def _rest(content: Content) -> Iterator[tuple[str, str, Any, str]]:
    """What is kept without its lines: instruments, sources, phrases, and what the guideline says of itself."""
    for name in content.instruments.__struct_fields__:
        for one in getattr(content.instruments, name):
            yield "instrument", f"{one.id}", one, f"instruments/{one.id}.yaml"
    for key, info in content.sources.items():
        yield "source", key, (info, content.references.get(key)), "sources.yaml"
    yield from _questions(content)
    phrases = content.phrases.value
    for table in phrases.__struct_fields__:
        for code, words in getattr(phrases, table).items():
            yield "phrase", f"{table}.{code}", words, "phrases.yaml"
    meta = content.meta.value
    for field in meta.__struct_fields__:
        yield "guideline", field, getattr(meta, field), "guideline.yaml"


def _questions(content: Content) -> Iterator[tuple[str, str, Any, str]]:
    """The words of questions, and the sentences of answers; answers themselves are pieces."""
    for item in content.asking.values():
        file = item.document.file
        for field in item.value.__struct_fields__:
            listed = getattr(item.value, field)
            if field in _NAMED:
                yield from ((_NAMED[field], one.id, one, file) for one in listed)
            elif listed and not holds_pieces(listed):
                yield "question words", f"{item.id}.{field}", listed, file


_NAMED = {"concepts": "question word", "intents": "question word", "verdicts": "sentence of answers"}


def differing(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two plain values differ, as deep as both have the same shape: ``bands[0].high``, was, is."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from differing(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for i, (was, now) in enumerate(zip(before, after, strict=True)):
            yield from differing(was, now, f"{path}[{i}]")
    elif before != after:
        yield path, before, after


__all__ = ["Change", "Version", "changes", "differing", "entries", "holds_pieces", "own_part"]
