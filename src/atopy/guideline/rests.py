"""What rests on a source: every piece of the content that cites it, by file and line, and what it has besides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from atopy.guideline.load import Content, Item
from atopy.guideline.schema import Citation, Grade, Licence, own_id
from atopy.guideline.trials import Result
from atopy.guideline.walk import items, kind_of, owner_of, parts
from atopy.guideline.works import work
from atopy.yaml_source import Document, load_yaml_file

Without = Literal["nothing", "nothing read", "other sources"]
"""What a piece would rest on without the source: on nothing, on nothing that anybody read, or on others still."""


class Rest(msgspec.Struct, frozen=True):
    """One piece of the content that cites a source."""

    file: str
    line: int | None
    id: str  # of the piece, or of what it is part of
    kind: str  # what it is: statement, recommendation, contraindication ...
    owner: str  # the item whose file it stands in
    verified: bool  # somebody read it there
    key: str  # the name by which the source is cited
    place: str | None
    others: tuple[str, ...]  # the other works that the piece cites
    without: Without


def rests_on(content: Content, key: str) -> list[Rest]:
    """Everything that cites the work *key*, by whichever of its names, in the order of files and lines."""
    wanted = work(content.sources, key)
    found = [*_items(content, wanted), *_facts(content, wanted), *_trials(content, wanted)]
    found += _instruments(content, wanted)
    return sorted(found, key=lambda rest: (rest.file, rest.line or 0, rest.id))


def _items(content: Content, wanted: str) -> Iterator[Rest]:
    for item in items(content):
        for path, cited in parts(item.value, msgspec.Struct):
            if (
                isinstance(cited, Citation | Grade | Licence)
                and work(content.sources, cited.source) == wanted
            ):
                yield _rest(content, item, path, cited)


def _rest(
    content: Content, item: Item, path: tuple[str | int, ...], cited: Citation | Grade | Licence
) -> Rest:
    named, kind = holder(item, path)
    beside: list[Citation] = []
    if isinstance(cited, Citation):
        listed = _at(item.value, path[:-1])
        wanted = work(content.sources, cited.source)
        beside = [c for c in listed if work(content.sources, c.source) != wanted]
    others = tuple(dict.fromkeys(c.source for c in beside))
    without: Without = (
        "other sources" if any(c.verified for c in beside) else "nothing read" if beside else "nothing"
    )
    return Rest(
        item.document.file, item.document.line((*item.path, *path)), named, kind, owner_of(item), cited.verified,
        cited.source, cited.place if isinstance(cited, Citation | Grade) else None, others, without,
    )  # fmt: skip


def holder(item: Item, path: tuple[str | int, ...]) -> tuple[str, str]:
    """The id of what the path leads into, and its kind; with what of it, where that has no id of its own."""
    value = item.value
    deepest, rest = value, path
    for length in range(len(path), 0, -1):
        one = _at(value, path[:length])
        if isinstance(one, msgspec.Struct) and hasattr(one, "id"):
            deepest, rest = one, path[length:]
            break
    part = next((str(step) for step in rest if isinstance(step, str) and step != "sources"), "")
    kind = kind_of(deepest)
    return own_id(deepest) if deepest is not value else owner_of(item), _PARTS.get(
        part, part.removesuffix("_sources").replace("_", " ")
    ) or kind


_PARTS = {
    "stop": "how to stop", "made_as": "strengths", "side_a": "one side", "side_b": "the other side",
    "timing": "timetable", "reaches": "reach of a reaction",
    "onset_sources": "onset", "free_sources": "what is free of it",
}  # fmt: skip


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        inside: Any = value
        value = inside[step] if isinstance(value, list | tuple | dict) else getattr(value, str(step))
    return value


def _facts(content: Content, wanted: str) -> Iterator[Rest]:
    for name, item in content.facts.items():
        key = item.value.source
        if key is not None and work(content.sources, key) == wanted:
            line = item.document.line((*item.path, "source"))
            read = bool(item.value.verified)
            yield Rest(item.document.file, line, name, "fact", name, read, key, None, (), "nothing")


def _trials(content: Content, wanted: str) -> Iterator[Rest]:
    """Trials, and results of them that come from another report."""
    for name, item in content.trials.items():
        for path, one in parts(item.value, msgspec.Struct):
            key = getattr(one, "source", None)
            if isinstance(key, str) and work(content.sources, key) == wanted:
                kind = f"result {one.outcome} of trial" if isinstance(one, Result) else "trial"
                line = item.document.line((*item.path, *path, "source"))
                read = content.sources[key].read
                yield Rest(item.document.file, line, name, kind, name, read, key, None, (), "nothing")


def _instruments(content: Content, wanted: str) -> Iterator[Rest]:
    """Bands, important changes and the like. They are kept without their lines, so their files are read again."""
    folder = Path(content.folder)
    for path in sorted((folder / "instruments").rglob("*.yaml")):
        document = load_yaml_file(path, path.relative_to(folder).as_posix())
        for at, key, beside in _named(document.data, ()):
            if work(content.sources, key) == wanted:
                others = tuple(o for o in beside if work(content.sources, o) != wanted)
                yield _of_instrument(content, document, at, key, others)


def _of_instrument(
    content: Content, document: Document, at: tuple[str | int, ...], key: str, others: tuple[str, ...]
) -> Rest:
    where = str(at[0]).replace("_", " ") if at[0] not in ("source", "sources") else ""
    read = any(content.sources[o].read for o in others if o in content.sources)
    without: Without = "other sources" if read else "nothing read" if others else "nothing"
    name = Path(document.file).stem
    verified = key in content.sources and content.sources[key].read
    kind = f"instrument, {where}" if where else "instrument"
    return Rest(document.file, document.line(at), name, kind, name, verified, key, None, others, without)


def _named(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, list[str]]]:
    """Every source that plain data name, with where, and those named beside it."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "source" and isinstance(value, str):
                yield (*path, key), value, []
            elif key == "sources" and isinstance(value, list):
                yield from (
                    ((*path, key, i), one, value) for i, one in enumerate(value) if isinstance(one, str)
                )
            else:
                yield from _named(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _named(value, (*path, i))
