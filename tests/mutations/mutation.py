"""A mutation: one stated edit that makes the content wrong, and the content that comes of it.

The edit goes to one file of a temporary copy of the content folder. ``at`` leads to the part: names joined by points,
an entry of a list by its ``id``, its ``because``, its ``when`` or its number in brackets:
``contraindicated[ciclosporin-renal].if_unknown``, ``standing.cases[contraindicated]``.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from atopy.guideline import content_folder
from atopy.guideline.files import content_files
from atopy.guideline.load import Content, Item, load
from atopy.yaml_source import SourceError, convert, load_yaml_file

HERE = Path(__file__).resolve().parent
KINDS = (
    "dropped", "edge shifted", "AND and OR", "comparison flipped", "maximum raised", "unknown let pass",
    "rows reordered", "wrong outcome", "gate opened", "licence widened", "limit widened", "source removed",
    "dose changed", "country changed", "fact changed", "band changed", "severity lowered", "words changed",
)  # fmt: skip


class Mutation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way of breaking the content; exactly one of the edits is given."""

    id: str
    kind: str  # one of KINDS
    says: str  # what is now wrong, in a sentence
    file: str  # within the content folder
    at: str = ""  # which part; the whole file where nothing is said
    delete: bool = False
    set: Any = msgspec.UNSET
    replace: dict[str, str] = {}  # words of the part -> other words; each must be there
    breaks: list[str] = []  # properties that no longer hold then, and are proved again
    swap_with: str | None = None  # the entry of the same list that it changes places with


@cache
def mutations() -> tuple[Mutation, ...]:
    """Every mutation, as stated in ``mutations.yaml``. Raises SourceError when it cannot be read."""
    document = load_yaml_file(HERE / "mutations.yaml", "mutations.yaml")
    value, problems = convert(document, document.data, list[Mutation])
    if value is None or problems:
        raise SourceError(problems)
    return tuple(value)


class StaleMutationError(ValueError):
    """A mutation whose place the content no longer has: state it anew."""


# -- the edit


def edited(data: Any, mutation: Mutation) -> Any:
    """*data* of the file with the edit made; None when the file goes."""
    if not mutation.at:
        return None
    whole = deepcopy(data)
    *way, last = _steps(mutation)
    holder = whole
    for step in way:
        holder = holder[_found(holder, step, mutation)]
    place = _found(holder, last, mutation, new=mutation.set is not msgspec.UNSET)
    if mutation.delete:
        del holder[place]
    elif mutation.swap_with is not None:
        other = _found(holder, mutation.swap_with, mutation)
        holder[place], holder[other] = holder[other], holder[place]
    elif mutation.replace:
        holder[place] = _replaced(holder[place], mutation)
    else:
        holder[place] = mutation.set
    if whole == data:
        raise StaleMutationError(f"{mutation.id}: changes nothing.")
    return whole


def _steps(mutation: Mutation) -> list[str]:
    return [name or entry for name, entry in re.findall(r"([^.\[\]]+)|\[([^\]]*)\]", mutation.at)]


def _found(holder: Any, step: str, mutation: Mutation, new: bool = False) -> Any:
    """The key or number under which *step* stands."""
    if isinstance(holder, dict):
        if step in holder or new:
            return step
        raise StaleMutationError(f"{mutation.id}: {mutation.file} has no '{step}' at {mutation.at}.")
    if step.isdigit():
        return int(step)
    for name in ("id", "because", "when", "label", "source", "country"):
        places = [i for i, one in enumerate(holder) if isinstance(one, dict) and one.get(name) == step]
        if places:
            if len(places) > 1:
                raise StaleMutationError(f"{mutation.id}: '{step}' stands {len(places)} times.")
            return places[0]
    raise StaleMutationError(f"{mutation.id}: {mutation.file} has no '{step}' at {mutation.at}.")


def _replaced(text: Any, mutation: Mutation) -> str:
    for old, new in mutation.replace.items():
        if not isinstance(text, str) or old not in text:
            raise StaleMutationError(f"{mutation.id}: {text!r} does not hold '{old}'.")
        text = text.replace(old, new, 1)
    return str(text)


def as_yaml(value: Any) -> str:
    """Plain data as YAML (in the form of JSON), every number as it was written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {as_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_yaml(v) for v in value) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


# -- the content that comes of it


@cache
def original() -> Content:
    """The shipped content, as written."""
    return load(content_folder())


def mutated(mutation: Mutation) -> Content:
    """The content with the edit made. Of a file that stands for itself only that file is read again."""
    path = content_folder() / mutation.file
    if not path.is_file():
        raise StaleMutationError(f"{mutation.id}: there is no {mutation.file}.")
    new = edited(load_yaml_file(path, mutation.file).data, mutation)
    alone = not mutation.file.startswith(
        ("vocabulary/", "instruments/", "sources", "references", "guideline")
    )
    needed = [content_folder() / name for name in ("guideline.yaml", "phrases.yaml")]
    with _copy(needed if alone else content_files(content_folder()), mutation.file, new) as folder:
        read = load(folder)
    return _merged(original(), read, mutation.file) if alone else msgspec.structs.replace(
        read, folder=original().folder
    )  # fmt: skip


@contextmanager
def _copy(files: list[Path], changed: str, data: Any) -> Iterator[Path]:
    """A temporary folder with these files of the content, one of them changed or gone."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path in files:
            link = folder / path.relative_to(content_folder())
            link.parent.mkdir(parents=True, exist_ok=True)
            if str(path.relative_to(content_folder())) != changed:
                link.symlink_to(path)
        if data is not None:
            (folder / changed).parent.mkdir(parents=True, exist_ok=True)
            (folder / changed).write_text(as_yaml(data), encoding="utf-8")
        yield folder


def _merged(base: Content, read: Content, file: str) -> Content:
    """*base* with what was read anew of one file in the place of what stood there."""
    changes: dict[str, Any] = {"problems": [*base.problems, *read.problems]}
    for field in base.__struct_fields__:
        old = getattr(base, field)
        if isinstance(old, dict) and all(isinstance(item, Item) for item in old.values()):
            changes[field] = _in_place(old, getattr(read, field), file)
        elif isinstance(old, Item) and old.document.file == file:
            changes[field] = getattr(read, field)
    return msgspec.structs.replace(base, **changes)


def _in_place(old: dict[str, Item], read: dict[str, Item], file: str) -> dict[str, Item]:
    """The items of a group in their order, those of one file as read anew."""
    anew = {id_: item for id_, item in read.items() if item.document.file == file}
    found: dict[str, Item] = {}
    for id_, item in old.items():
        if item.document.file != file:
            found[id_] = item
        else:
            found |= anew
    return found
