"""The ledger of disagreements: each question, both sides with who says it, where and when, the rule, and why."""

import msgspec

from atopy.criteria import Constant, english
from atopy.facts import When
from atopy.guideline import Citation, Compiled, Disagreement
from atopy.guideline.schema import Side
from atopy.plan import Case
from atopy.plan.references import label
from atopy.render.content import blank
from atopy.render.index import UnknownId
from atopy.render.sheet import Block, Item, Sheet


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """One source of a side: who, when, for which country, and what it grades."""

    key: str
    label: str
    verified: bool
    year: int | None = None
    countries: tuple[str, ...] = ()
    place: str | None = None
    direction: str | None = None
    scale: str | None = None
    certainty: str | None = None


class Position(msgspec.Struct, frozen=True):
    """One side."""

    says: str
    sources: tuple[Source, ...]


class Dispute(msgspec.Struct, frozen=True, omit_defaults=True):
    """One disagreement in words."""

    id: str
    kind: str
    question: str
    side_a: Position
    side_b: Position
    rule: str
    why: str
    about: tuple[str, ...]
    touches: str  # when it matters to a patient, in English
    patient_rule: str | None = None  # None: not for a patient


def chosen(compiled: Compiled, about: str | None = None) -> tuple[Dispute, ...]:
    """All of them, or those about a word: an id, what they are about, or a word of theirs. Raises UnknownId."""
    case = blank(compiled)
    listed = sorted(compiled.disagreements.values(), key=lambda d: (d.order, d.id))
    every = tuple(_dispute(case, d) for d in listed)
    if about is None:
        return every
    found = tuple(d for d in every if _is_about(d, about)) or tuple(d for d in every if _mentions(d, about))
    if not found:
        known = {*compiled.disagreements, *(word for d in every for word in d.about)}
        raise UnknownId(about, known, "subject of a disagreement")
    return found


def _is_about(d: Dispute, word: str) -> bool:
    plain = _plain(word)
    return plain in (_plain(d.id), *(_plain(a) for a in d.about))


def _mentions(d: Dispute, word: str) -> bool:
    said = (d.id, d.question, d.side_a.says, d.side_b.says, d.rule, *d.about)
    names = (s.label for side in (d.side_a, d.side_b) for s in side.sources)
    return any(_plain(word) in _plain(text) for text in (*said, *names))


def _plain(word: str) -> str:
    return word.strip().lower().replace("_", " ").replace("-", " ")


def _dispute(case: Case, d: Disagreement) -> Dispute:
    rule, patient = case.words(d.rule, d.numbers)
    derivation = case.compiled.facts["rule"].variants.get(f"disagreement-{d.id}")
    node = derivation.node if isinstance(derivation, When) else Constant(False)
    return Dispute(
        d.id, d.kind, case.words_of(d.question, d.numbers), _position(case, d, d.side_a), _position(case, d, d.side_b),
        rule, case.words_of(d.why, d.numbers), tuple(d.about), english(node, case.explainer.words),
        None if d.clinician_only else patient,
    )  # fmt: skip


def _position(case: Case, d: Disagreement, side: Side) -> Position:
    says = case.words_of(side.position, side.numbers | d.numbers)
    return Position(says, tuple(_source(case.compiled, c) for c in side.sources))


def _source(compiled: Compiled, c: Citation) -> Source:
    info = compiled.sources.get(c.source)
    places = (info.jurisdiction, *info.also_jurisdictions) if info else ()
    dated = (compiled.csl(c.source) or {}).get("issued", {}).get("date-parts", [[None]])[0][0]
    return Source(
        c.source, label(compiled, c.source), c.verified, (info.year if info else None) or dated,
        tuple(p for p in places if p), c.place, c.direction, c.scale, c.certainty,
    )  # fmt: skip


def as_json(found: tuple[Dispute, ...]) -> str:
    """All of it as data."""
    return msgspec.json.format(msgspec.json.encode(found, order="sorted"), indent=2).decode() + "\n"


def sheet(found: tuple[Dispute, ...], clinical: bool = True) -> Sheet:
    """As a page. A patient meets the question and the rule, of those that are for patients."""
    shown = [d for d in found if clinical or d.patient_rule]
    if not clinical:
        items = tuple(Item("", d.patient_rule or "") for d in shown)
        return Sheet(
            "Where experts disagree", (), (Block("What your doctors follow", items),) if items else ()
        )
    count = f"{len(shown)} question{'s' if len(shown) != 1 else ''} on which sources differ"
    return Sheet("Where sources disagree", (count,), tuple(_block(d) for d in shown))


def _block(d: Dispute) -> Block:
    sides = (("One side", d.side_a), ("The other", d.side_b))
    positions = tuple(
        Item(name, side.says, parts=tuple(Item("", said) for said in dict.fromkeys(map(_said, side.sources))))
        for name, side in sides
    )
    about = f"about {', '.join(d.about)}" if d.about else ""
    rest = (Item("Followed here", d.rule), Item("Why", d.why), Item("Matters when", d.touches))
    return Block(d.question, (*positions, *rest), " · ".join(x for x in (d.id, d.kind, about) if x))


def _said(s: Source) -> str:
    """A source with where it holds, what it grades, and whether anybody read it there."""
    grade = s.scale or s.direction or ""
    parts = (
        ", ".join(p.upper() for p in s.countries), s.place or "", grade,
        f"{s.certainty} certainty" if s.certainty else "", "" if s.verified else "not verified",
    )  # fmt: skip
    said = "; ".join(p for p in parts if p)
    return f"{s.label} [{s.key}]" + (f": {said}" if said else "")


__all__ = ["Dispute", "Position", "Source", "as_json", "chosen", "sheet"]
