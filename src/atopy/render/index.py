"""Everything in a guideline by its id: what kind of thing it is, and to whom it belongs."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from atopy.guideline import Compiled
from atopy.nearest import did_you_mean
from atopy.yaml_source import InputError

_PARTS = {
    "recommended": "recommendation", "contraindicated": "contraindication", "regimens": "regimen",
    "access": "access rule",
    "statements": "statement", "limits": "limit", "interactions": "interaction", "before": "check", "monitor": "check",
    "assess": "statement", "correct": "statement", "background": "statement", "test": "statement",
    "meanwhile": "statement", "act": "statement", "advice": "statement",
}  # fmt: skip
_GROUPS = {
    "therapies": "option", "factors": "factor", "allergens": "allergen", "mimics": "other diagnosis",
    "red_flags": "red flag", "topics": "topic", "disagreements": "disagreement", "amounts": "table of amounts",
}  # fmt: skip


class Entry(msgspec.Struct, frozen=True):
    """One thing of the guideline: its kind in words, its value, and the id of what it is part of."""

    id: str
    kind: str
    value: Any
    owner: str


class UnknownId(InputError):
    """An id that the guideline does not have; says what was perhaps meant."""

    def __init__(
        self,
        id_: str,
        known: Iterable[str],
        what: str = "id of this guideline",
        listed: str = " atopy guideline list shows the ids.",
    ) -> None:
        super().__init__(f"'{id_}' is no {what}.{did_you_mean(id_, known, listed, like=0.5)}")


def index(compiled: Compiled) -> dict[str, Entry]:
    """Every option, factor, diagnosis, red flag, topic and disagreement, with all their parts, and every fact."""
    found: dict[str, Entry] = {}
    for group, kind in _GROUPS.items():
        for id_, value in getattr(compiled, group).items():
            name = f"disagreement-{id_}" if kind == "disagreement" else id_
            found[name] = Entry(name, kind, value, name)
            found |= {e.id: e for e in _parts(id_, value)}
    for name, fact in compiled.facts.items():
        found.setdefault(name, Entry(name, "fact", fact, name))
    return found


def _parts(owner: str, value: Any) -> Iterator[Entry]:
    for field, kind in _PARTS.items():
        parts = getattr(value, field, None)
        for part in parts if isinstance(parts, list) else ():
            yield Entry(part.id, kind, part, owner)
            yield from _parts(owner, part)
