"""What changed between two versions of the content, in words: per option, topic or table, with before and after."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from atopy.guideline import Compiled
from atopy.guideline.bibliography import vancouver
from atopy.guideline.changes import Change, Version, differing, own_part
from atopy.guideline.walk import KINDS
from atopy.render.content import holds
from atopy.render.sheet import Block, Item, Sheet
from atopy.render.told import Teller, Told

STYLES = {"added": "green", "changed": "yellow", "withdrawn": "red"}
NOTHING = "Nothing differs."
_SHORT = 60
_FOLDERS = (
    ("ladder/", "Options"), ("factors/", "Exacerbating factors"), ("allergens/", "Allergens"),
    ("assessment/mimics/", "Other diagnoses"), ("assessment/red_flags/", "Red flags"), ("assessment/", "Assessment"),
    ("care/", "Care"), ("review/", "Review"), ("courses/", "Adequate trials"), ("amounts/", "Amounts"),
    ("disagreements/", "Disagreements"), ("trials/", "Trials"), ("decisions/", "Decision tables"), ("facts/", "Facts"),
    ("vocabulary/", "Words of a record"), ("instruments/", "Instruments"), ("sources.yaml", "Sources"),
    ("ask/", "Questions and answers"), ("phrases.yaml", "Phrases"), ("guideline.yaml", "The guideline itself"),
)  # fmt: skip
_SINGLE = (
    "fact",
    "word",
    "phrase",
    "guideline",
    "source",
    "instrument",
    "question word",
    "question words",
    "sentence of answers",
)
_OF_READERS = {*KINDS.values(), "source", "sentence of answers"}


_OF_EDITORS = ("order", "review by", "links", "asks", "effective", "group")


class Field(msgspec.Struct, frozen=True):
    """One thing that a piece says otherwise; one side is missing where it is said in one version only."""

    label: str
    before: str | None
    after: str | None


class Telling(msgspec.Struct, frozen=True):
    """One change in words."""

    change: Change
    fields: tuple[Field, ...]


class Changes(msgspec.Struct, frozen=True):
    """Everything that differs, and what could not be read and may be missing from it."""

    before: str
    after: str
    changes: tuple[Telling, ...]
    titles: dict[str, str]
    unread: tuple[str, ...] = ()


def in_words(
    names: tuple[str, str],
    found: Iterable[Change],
    before: Compiled,
    after: Compiled,
    unread: tuple[str, ...] = (),
) -> Changes:
    """The changes between two versions, each side told with its own facts and words."""
    old, new = Teller(before), Teller(after)
    told = tuple(Telling(change, tuple(_fields(change, old, new))) for change in found)
    owners = dict.fromkeys(change.change.owner for change in told)
    titles = {o: _title(o, new, old) for o in owners}
    return Changes(names[0], names[1], told, titles, unread)


def _title(owner: str, new: Teller, old: Teller) -> str:
    """What an item is called, in the version that has it."""
    plain = owner.replace("_", " ")
    return next((t for t in (side.case.explainer.title(owner) for side in (new, old)) if t != plain), owner)


def _fields(change: Change, old: Teller, new: Teller) -> Iterator[Field]:
    was = _told(change.before, old) if change.before else {}
    now = _told(change.after, new) if change.after else {}
    labels = [label for label in dict.fromkeys([*now, *was]) if was.get(label) != now.get(label)]
    yield from (Field(label, was.get(label), now.get(label)) for label in labels)
    if change.before and change.after and not labels:
        yield from _written(change.before.value, change.after.value)


def _told(version: Version, teller: Teller) -> Told:
    if isinstance(version.value, tuple):  # a source: what is known of it, and its reference
        info, entry = version.value
        said = teller.told(info)
        return ({"reference": vancouver(entry)} if entry else {}) | said
    return teller.told(version.value)


def _written(before: Any, after: Any) -> Iterator[Field]:
    """What differs and is in no text: as it is written."""
    for path, was, now in differing(*(msgspec.to_builtins(own_part(side)) for side in (before, after))):
        yield Field(
            path.replace("_", " "), None if was is None else str(was), None if now is None else str(now)
        )


# -- as a page


def sheet(found: Changes) -> Sheet:
    """For editors: every difference, with file and line."""
    lead = (_counted(found.changes), *_unread(found))
    blocks = tuple(_blocks(found, found.changes, places=True))
    return Sheet(f"What changed from {found.before} to {found.after}", lead, blocks)


def news(found: Changes, title: str) -> Sheet:
    """For readers: what is said, no longer said or said otherwise; without facts, words and phrases of the engine,
    and without what orders and dates a piece.
    """
    listed = tuple(shorter for told in found.changes if (shorter := _for_readers(told)) is not None)
    return Sheet(title, (_counted(listed), *_unread(found)), tuple(_blocks(found, listed, places=False)))


def first(compiled: Compiled) -> Sheet:
    """News of a version that nothing came before: what it holds."""
    meta = compiled.meta
    lead = "The first version of this content: nothing came before it, so all of it is new."
    items = tuple(Item("", held) for held in _held(compiled))
    return Sheet(f"What is new in {meta.id} {meta.version}", (lead,), (Block("What it holds", items),))


def first_data(compiled: Compiled) -> dict[str, Any]:
    """The same for a machine."""
    return {"before": None, "after": compiled.meta.version, "changes": [], "holds": list(_held(compiled))}


def _held(compiled: Compiled) -> Iterator[str]:
    """How many there are of each kind of thing."""
    yield from (f"{number} {name}" for number, name in holds(compiled) if number)


def _for_readers(told: Telling) -> Telling | None:
    """One change without what only editors need; None where nothing is left of it."""
    fields = tuple(field for field in told.fields if field.label not in _OF_EDITORS)
    nothing = told.change.how == "changed" and not fields
    return None if nothing or told.change.kind not in _OF_READERS else Telling(told.change, fields)


def _unread(found: Changes) -> list[str]:
    if not found.unread:
        return []
    return [
        f"Not compared, because it cannot be read as content is written today: {', '.join(found.unread)}."
    ]


def _counted(listed: Iterable[Telling]) -> str:
    counts: Counter[str] = Counter(told.change.how for told in listed)
    said = ", ".join(f"{counts[how]} {how}" for how in STYLES if counts[how])
    return f"{said}." if said else NOTHING


def _blocks(found: Changes, listed: Iterable[Telling], places: bool) -> Iterator[Block]:
    """A heading for each item that changed, in the order of the content; one for each kind of single thing."""
    groups: dict[tuple[int, str], list[Telling]] = {}
    for told in listed:
        rank, folder = _folder(told.change.there.file)
        single = told.change.kind in _SINGLE
        head = folder if single else f"{folder}: {found.titles[told.change.owner]}"
        groups.setdefault((rank, head), []).append(told)
    for (_, head), ones in sorted(groups.items(), key=lambda group: group[0]):
        yield Block(head, tuple(_item(told, places) for told in ones))


def _folder(file: str) -> tuple[int, str]:
    for rank, (start, title) in enumerate(_FOLDERS):
        if file.startswith(start):
            return rank, title
    return len(_FOLDERS), "Other"


def _item(told: Telling, places: bool) -> Item:
    change, there = told.change, told.change.there
    where = f"{there.file}:{there.line}" if there.line else there.file
    moved = change.before and change.after and change.before.file != change.after.file
    note = f"{where}{f' (was in {change.before.file})' if moved and change.before else ''}" if places else ""
    kind = "" if change.kind in ("guideline", "phrase") else f"{change.kind} "
    return Item(
        f"{change.how} {kind}{change.id}", "", note, tuple(map(_part, told.fields)), STYLES[change.how]
    )


def _part(field: Field) -> Item:
    before, after = field.before, field.after
    if before is None or after is None:
        gone = " (no longer)" if after is None else ""
        return Item(f"{field.label}{gone}" if field.label else gone.strip(), after or before or "")
    if len(before) <= _SHORT and len(after) <= _SHORT:
        return Item(field.label, f"{before} → {after}")
    return Item(field.label, "", "", (Item("was", before), Item("is", after)))


def data(found: Changes) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "before": found.before, "after": found.after, "not_compared": list(found.unread),
        "changes": [
            {
                "how": t.change.how, "kind": t.change.kind, "id": t.change.id, "owner": t.change.owner,
                "file": t.change.there.file, "line": t.change.there.line, "fields": msgspec.to_builtins(t.fields),
            }
            for t in found.changes
        ],
    }  # fmt: skip


__all__ = ["Changes", "Field", "data", "first", "first_data", "in_words", "news", "sheet"]
