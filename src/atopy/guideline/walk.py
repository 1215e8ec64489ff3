"""Everything that a guideline says, piece by piece: what each is, to what it belongs, and where it is written."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from atopy.guideline.load import Content, Item
from atopy.guideline.schema import own_id

Path = tuple[str | int, ...]


def items(content: Content) -> Iterator[Item]:
    """Every item that speaks to a reader."""
    groups = (
        content.therapies, content.factors, content.allergens, content.mimics, content.red_flags, content.topics,
        content.disagreements, content.amounts, content.judgements, content.asking,
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


KINDS = {
    "Therapy": "option", "Factor": "factor", "Allergen": "allergen", "Mimic": "other diagnosis", "RedFlag": "red flag",
    "Topic": "topic", "Disagreement": "disagreement", "Judgement": "judgement of courses", "Statement": "statement",
    "Grade": "recommendation", "Contraindication": "contraindication", "Interaction": "interaction",
    "Regimen": "regimen", "Check": "check", "Limit": "limit", "AccessRule": "access rule",
    "Criterion": "criterion of a course", "Fingertips": "table of amounts", "Weekly": "table of amounts",
    "Potency": "table of amounts", "Dilution": "table of amounts", "Trial": "trial", "Form": "answer",
}  # fmt: skip
"""What each kind of piece is called: those that have an id."""


def kind_of(value: Any) -> str:
    """What a piece of content is called."""
    return KINDS.get(type(value).__name__, "item")


class Piece(msgspec.Struct, frozen=True):
    """An item, or a part of one that has an id: what can be dated, signed off, cited and compared."""

    id: str
    kind: str
    owner: str
    value: Any
    item: Item
    path: Path

    @property
    def file(self) -> str:
        """The file it is written in, from the content folder on."""
        return self.item.document.file

    @property
    def line(self) -> int | None:
        """The line on which it begins."""
        return self.item.document.line((*self.item.path, *self.path))


def owner_of(item: Item) -> str:
    """What an item is called among all of them; a file of ``ask/`` has no id of its own, and goes by its name."""
    return own_id(item.value) if hasattr(item.value, "id") else f"ask-{item.id}"


def pieces(content: Content) -> Iterator[Piece]:
    """Everything in the content that has an id and says something, items before their parts."""
    for item in (*items(content), *content.trials.values()):
        owner = (
            own_id(item.value) if hasattr(item.value, "id") else None
        )  # a file of several stands for nothing
        for path, one in parts(item.value, msgspec.Struct):
            if hasattr(one, "id") and type(one).__name__ in KINDS:
                yield Piece(own_id(one), kind_of(one), owner or own_id(one), one, item, path)
