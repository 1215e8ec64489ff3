"""What something is cited for, in Vancouver style; and what rests on a source, by file and line."""

from typing import Any

import msgspec

from atopy.guideline import Citation, Compiled, Grade
from atopy.guideline.bibliography import vancouver
from atopy.guideline.rests import Rest
from atopy.guideline.schema import Licence
from atopy.guideline.walk import parts
from atopy.guideline.works import find, work
from atopy.instruments import Instrument
from atopy.render.content import blank
from atopy.render.index import Entry, UnknownId, index
from atopy.render.sheet import Block, Item, Sheet

Cites = Citation | Grade | Licence


class Reference(msgspec.Struct, frozen=True):
    """One work that something cites, each time that it does."""

    key: str
    text: str  # in Vancouver style
    read: bool  # somebody read the work, or an official summary of it
    csl: dict[str, Any] | None  # None for what is no publication: memory, a convention
    uses: tuple[Cites, ...] = ()


def references(compiled: Compiled, id_: str) -> tuple[str, list[Reference]]:
    """What *id_* is, and its references in order of appearance: of an item or part of one, a fact, an instrument, or a
    source itself. Raises ValueError with what was perhaps meant.
    """
    known = index(compiled)
    entry = known.get(id_) or known.get(f"disagreement-{id_}")
    instrument = next((i for i in compiled.instruments.instruments if i.id == id_), None)
    if instrument is not None:  # before the fact of its score, which has its name
        return f"{instrument.name} (instrument {id_})", _of_instrument(compiled, instrument)
    if id_ in compiled.trials:
        trial = compiled.trial_data()[1][id_]
        named = dict.fromkeys([trial.source, *(trial.source_of(r) for r in trial.results)])
        return f"{trial.name} (trial {id_})", [
            _reference(compiled, work(compiled.sources, k), ()) for k in named
        ]
    if entry is not None:
        return _title(compiled, entry), _of_entry(compiled, entry)
    csl = {key: compiled.csl(key) or {} for key in compiled.references}
    try:
        key = find(compiled.sources, csl, id_)
    except ValueError as error:
        if "fits" in str(error):
            raise
        raise UnknownId(id_, [*known, *compiled.sources], "id or source of this guideline") from None
    return f"source {key}", [_reference(compiled, key, ())]


def _title(compiled: Compiled, entry: Entry) -> str:
    case = blank(compiled)
    of = f" of {case.explainer.title(entry.owner)}" if entry.owner != entry.id else ""
    return f"{entry.kind.capitalize()} {entry.id}{of}"


def _of_entry(compiled: Compiled, entry: Entry) -> list[Reference]:
    if entry.kind == "fact":
        source = getattr(entry.value, "source", None)
        return [_reference(compiled, source, ())] if source else []
    found: dict[str, list[Cites]] = {}
    for _, cited in parts(entry.value, msgspec.Struct):
        if isinstance(cited, Cites):
            found.setdefault(work(compiled.sources, cited.source), []).append(cited)
    return [_reference(compiled, key, tuple(uses)) for key, uses in found.items()]


def _of_instrument(compiled: Compiled, instrument: Instrument) -> list[Reference]:
    named = [
        *instrument.sources,
        *(part.source for _, part in parts(instrument, msgspec.Struct) if _names(part)),
    ]
    return [_reference(compiled, k, ()) for k in dict.fromkeys(work(compiled.sources, n) for n in named)]


def _names(part: Any) -> bool:
    return isinstance(getattr(part, "source", None), str) and bool(part.source)


def _reference(compiled: Compiled, key: str, uses: tuple[Cites, ...]) -> Reference:
    info, entry = compiled.sources.get(key), compiled.csl(key)
    text = vancouver(entry) if entry else (info.note if info and info.note else key)
    return Reference(key, text, bool(info and info.read), entry, uses)


def cited(compiled: Compiled, id_: str) -> Sheet:
    """The references of *id_*, numbered, with what each says of it."""
    title, listed = references(compiled, id_)
    items = tuple(
        Item("", f"{n}. {r.text}", r.key, tuple(Item("", said) for said in dict.fromkeys(map(_use, r.uses))))
        for n, r in enumerate(listed, start=1)
    )
    return Sheet(
        title, (), (Block("References", items, "" if items else "It cites no source."),), _foot(compiled)
    )


def _use(cited: Cites) -> str:
    """How a work is cited in one place: read or not, where, and with which grade."""
    grade = [getattr(cited, field, None) for field in ("direction", "strength", "scale")]
    certainty, place = getattr(cited, "certainty", None), getattr(cited, "place", None)
    read = f"read there{f', {place}' if place else ''}" if cited.verified else "not verified"
    said = (
        read,
        ", ".join(str(g) for g in grade if g and g != "none"),
        f"certainty {certainty}" if certainty else "",
    )
    return " · ".join(x for x in said if x)


def _foot(compiled: Compiled) -> tuple[str, ...]:
    return (
        f"{compiled.meta.id} {compiled.meta.version}. A source that was not read is named, and claims nothing.",
    )


def cited_data(compiled: Compiled, id_: str) -> dict[str, Any]:
    """The same for a machine: each reference as text and as CSL-JSON, each use with its grade."""
    title, listed = references(compiled, id_)
    return {"id": id_, "is": title, "references": [_data(r) for r in listed]}


def _data(reference: Reference) -> dict[str, Any]:
    uses = [msgspec.to_builtins(use) for use in reference.uses]
    kept = ("verified", "place", "direction", "strength", "scale", "certainty")
    return {
        "key": reference.key, "vancouver": reference.text, "read": reference.read, "csl": reference.csl,
        "cited": [{k: use[k] for k in kept if use.get(k) is not None} for use in uses],
    }  # fmt: skip


_WITHOUT = {
    "nothing": "Left without any source",
    "nothing read": "Left with nothing that anybody read",
    "other sources": "Still resting on other sources",
}


def traced(compiled: Compiled, key: str, rests: list[Rest]) -> Sheet:
    """What rests on a source: how much, and what would be left unsupported without it."""
    main = work(compiled.sources, key)
    names = sorted(k for k, info in compiled.sources.items() if info.alias_of == main)
    reference = _reference(compiled, main, ())
    files = len({rest.file for rest in rests})
    lead = [reference.text, _told(rests, files)]
    lead += [f"Also cited as: {', '.join(names)}."] if names else []
    blocks = [
        Block(
            title, tuple(_item(rest, without == "other sources") for rest in rests if rest.without == without)
        )
        for without, title in _WITHOUT.items()
        if any(rest.without == without for rest in rests)
    ]
    return Sheet(f"What rests on {main}", tuple(lead), tuple(blocks), _foot(compiled))


def _told(rests: list[Rest], files: int) -> str:
    if not rests:
        return "Nothing rests on it: no piece of the content cites it."
    lost, unread = (sum(rest.without == w for rest in rests) for w in ("nothing", "nothing read"))
    pieces = "1 piece" if len(rests) == 1 else f"{len(rests)} pieces"
    return (
        f"{pieces} of the content in {files} {'file' if files == 1 else 'files'} cite it. Without it "
        f"{lost} would have no source, and {unread} none that anybody read."
    )


def _item(rest: Rest, others: bool) -> Item:
    where = f"{rest.file}:{rest.line}" if rest.line else rest.file
    read = "" if rest.verified else " (not verified)"
    place = f", {rest.place}" if rest.place else ""
    beside = f"beside {', '.join(rest.others)}" if rest.others else ""
    return Item(where, f"{rest.kind} {rest.id}{place}{read}", beside)


def traced_data(compiled: Compiled, key: str, rests: list[Rest]) -> dict[str, Any]:
    """The same for a machine."""
    main = work(compiled.sources, key)
    return {
        "source": main,
        "vancouver": _reference(compiled, main, ()).text,
        "rests": msgspec.to_builtins(rests),
    }


__all__ = ["Reference", "cited", "cited_data", "references", "traced", "traced_data"]
