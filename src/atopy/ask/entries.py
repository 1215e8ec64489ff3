"""Everything that an answer may show, by its id: what kind of thing it is, its value, and what it belongs to."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from atopy.guideline import Compiled

_PARTS = {
    "recommended": "recommendation", "contraindicated": "contraindication", "regimens": "dose", "access": "access",
    "statements": "statement", "limits": "limit", "interactions": "interaction", "before": "check", "monitor": "check",
    "assess": "statement", "correct": "statement", "background": "statement", "test": "statement",
    "meanwhile": "statement", "act": "statement", "advice": "statement",
}  # fmt: skip
GROUPS = {
    "therapies": "option", "factors": "factor", "allergens": "allergen", "mimics": "mimic", "red_flags": "red_flag",
    "topics": "topic", "disagreements": "disagreement", "amounts": "amount",
}  # fmt: skip


class Entry(NamedTuple):
    """One thing of the content."""

    id: str
    kind: str
    value: Any
    owner: str
    field: str = ""


def entries(compiled: Compiled) -> dict[str, Entry]:
    """Every item with all its parts, in the content's order."""
    found: dict[str, Entry] = {}
    for group, kind in GROUPS.items():
        for id_, value in getattr(compiled, group).items():
            name = f"disagreement-{id_}" if kind == "disagreement" else id_
            found[name] = Entry(name, kind, value, name)
            found |= {e.id: e for e in _parts(name, value)}
    for instrument in compiled.instruments.instruments:
        found.setdefault(instrument.id, Entry(instrument.id, "instrument", instrument, instrument.id))
    return found


def _parts(owner: str, value: Any) -> Iterator[Entry]:
    for field, kind in _PARTS.items():
        parts = getattr(value, field, None)
        for part in parts if isinstance(parts, list) else ():
            yield Entry(part.id, kind, part, owner, field)
            yield from _parts(owner, part)
