"""Everything that a guideline says, piece by piece: what each is, to what it belongs, and where it is written."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from atopy.guideline.load import Content, Item

Path = tuple[str | int, ...]


def items(content: Content) -> Iterator[Item]:
    """Every item that speaks to a reader."""
    groups = (
        content.therapies, content.factors, content.allergens, content.mimics, content.red_flags, content.topics,
        content.disagreements, content.amounts, content.judgements,
    )  # fmt: skip
    for group in groups:
        yield from group.values()


def parts(value: Any, kind: type[Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every *kind* inside a Struct, itself included, with the path to it."""
    if isinstance(value, kind):
        yield path, value
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, msgspec.Struct):
        pairs = [(name, getattr(value, name)) for name in value.__struct_fields__]
    elif isinstance(value, list | tuple):
        pairs = enumerate(value)
    elif isinstance(value, dict):
        pairs = value.items()
    for step, one in pairs:
        yield from parts(one, kind, (*path, step))
