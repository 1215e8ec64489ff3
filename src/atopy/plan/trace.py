"""Why: from a predicate or fact down to the record's events.

``support`` keeps only what decided (the true part of an OR, the unknown part of an undecided AND);
``whole`` keeps everything. Both read the same proof tree that the evaluator makes.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from atopy.criteria import Boolean, Node, Number, Ref, english, prove
from atopy.criteria.evaluate import Proof
from atopy.criteria.nodes import And, AtLeast, Is, Missing, Not, Or
from atopy.facts import Cases, Found, When, World
from atopy.plan.model import EventRef, Trace
from atopy.record import Event
from atopy.truth import NAMES, Truth

_DEPTH = 12


class Explainer:
    """Explains terms and predicates of one patient's world."""

    def __init__(self, world: World, titles: dict[str, str], language: str = "en") -> None:
        self.world = world
        self.titles = titles  # ids of rules, options, factors ... in words
        self.language = language

    def words(self, ref: Ref) -> tuple[str, str | None]:
        """A term in words, with its unit."""
        fact = self.world.rules.facts.get(ref.name)
        if ref.name == "rule":
            return self.titles.get(ref.args[0], ref.args[0]), None
        if fact is None:
            return str(ref), None
        label = fact.label.get(self.language) or ref.name.replace("_", " ")
        unit = fact.signature.type.unit if isinstance(fact.signature.type, Number) else None
        return (f"{label}: {', '.join(self.title(a) for a in ref.args)}" if ref.args else label), unit

    def title(self, id_: str) -> str:
        term = self.world.rules.vocabulary.terms.get(id_)
        name = self.titles.get(id_) or (term.name.get(self.language) if term else None)
        return name or id_.replace("_", " ")

    def predicate(self, node: Node, pruned: bool = True) -> Trace:
        """Why *node* has the truth it has."""
        return self._proof(prove(node, self.world), pruned, _DEPTH)

    def term(self, ref: Ref, pruned: bool = True, depth: int = _DEPTH) -> Trace:
        """Why a fact has the value it has, down to events."""
        found = self.world.find(ref)
        fact = self.world.rules.facts[ref.name]
        name, unit = self.words(ref)
        derivation = self.world.rules.derivation(fact, ref.args)
        boolean = isinstance(fact.signature.type, Boolean)
        truth = (
            NAMES[found.value] if boolean and (found.value is None or isinstance(found.value, bool)) else None
        )
        parts: tuple[Trace, ...] = ()
        if depth > 0 and isinstance(derivation, When):
            parts = self._inner(prove(derivation.node, self.world), pruned, depth - 1)
        elif depth > 0 and isinstance(derivation, Cases):
            parts = self._rows(derivation, found, pruned, depth - 1)
        elif depth > 0 and found.detail and Ref(found.detail).name in self.world.rules.facts:
            parts = (self.term(Ref(found.detail), pruned, depth - 1),)
        id_ = str(ref)
        value = None if truth else shown(found.value)
        shown_unit = unit if value else None
        return Trace(name, truth, id_, value, shown_unit, _state(found), self.events(found), parts)

    def events(self, found: Found) -> tuple[EventRef, ...]:
        return tuple(event_ref(e, self.title(e.code)) for e in found.events)

    def _rows(self, table: Cases, found: Found, pruned: bool, depth: int) -> tuple[Trace, ...]:
        """The row that won (and, in whole, those before it that did not)."""
        if found.row is None:
            return (
                ()
                if pruned
                else tuple(self._proof(prove(r.when, self.world), pruned, depth) for r in table.rows)
            )
        rows = table.rows[found.row : found.row + 1] if pruned else table.rows[: found.row + 1]
        return tuple(self._proof(prove(r.when, self.world), pruned, depth) for r in rows)

    def _inner(self, proof: Proof, pruned: bool, depth: int) -> tuple[Trace, ...]:
        """The parts of a fact's predicate, without repeating the predicate itself."""
        trace = self._proof(proof, pruned, depth)
        return trace.parts if trace.parts and isinstance(proof.node, And | Or | AtLeast | Not) else (trace,)

    def _proof(self, proof: Proof, pruned: bool, depth: int) -> Trace:
        node = proof.node
        if isinstance(node, Ref):
            return self.term(node, pruned, depth)
        kept = [p for p in proof.parts if not pruned or decides(proof, p)]
        parts = [self._proof(p, pruned, depth) for p in kept]
        if pruned and isinstance(node, And | Or) and len(parts) == 1:
            return parts[0]
        if not proof.parts:
            parts = [self.term(r, pruned, depth - 1) for r in proof.terms] if depth > 0 else []
        return Trace(english(node, self.words), NAMES[proof.truth], parts=tuple(parts))


def decides(whole: Proof, part: Proof) -> bool:
    """Whether *part* is among what gave *whole* its truth."""
    if isinstance(whole.node, And | Or):
        return part.truth is whole.truth
    return True


def unknowns(node: Node, world: World, depth: int = _DEPTH) -> Iterator[Ref]:
    """The facts whose absence leaves *node* undecided, down to those that come straight from the record."""
    proof = prove(node, world)
    yield from _unknown_terms(proof, world, depth)


def _unknown_terms(proof: Proof, world: World, depth: int) -> Iterator[Ref]:
    if isinstance(proof.node, Is | Missing):
        yield from _known_missing(proof, world, depth)
        return
    if proof.truth is not None:
        return
    for part in proof.parts:
        yield from _unknown_terms(part, world, depth)
    for ref in proof.terms:
        yield from unknown_of(ref, world, depth)


def _known_missing(proof: Proof, world: World, depth: int) -> Iterator[Ref]:
    """``x IS NULL`` that holds rests on x being unknown."""
    if isinstance(proof.node, Missing) and proof.truth:
        yield from unknown_of(proof.node.ref, world, depth)
    for part in proof.parts:
        if part.truth is None:
            yield from _unknown_terms(part, world, depth)


def unknown_of(ref: Ref, world: World, depth: int = _DEPTH) -> Iterator[Ref]:
    """The recorded facts behind an unknown term; the term itself when it comes straight from events."""
    if ref.event or depth == 0 or world.value(ref) is not None:
        return
    derivation = world.rules.derivation(world.rules.facts[ref.name], ref.args)
    if isinstance(derivation, When):
        yield from unknowns(derivation.node, world, depth - 1)
    elif isinstance(derivation, Cases):
        for row in derivation.rows:
            yield from unknowns(row.when, world, depth - 1)
    else:
        yield ref


def event_ref(event: Event, title: str) -> EventRef:
    """An event as the plan cites it."""
    return EventRef(
        event.id, event.label or title, event_date(event), event_value(event),
        event.origin.file, event.origin.line, event.origin.resource,
    )  # fmt: skip


def event_date(event: Event) -> str | None:
    """The day of an event, as exact as the record had it."""
    if event.date is None:
        return None
    text = event.date.isoformat()
    return text[:4] if event.precision == "year" else text[:7] if event.precision == "month" else text


def event_value(event: Event) -> str | None:
    """What an event says: a number with its unit, a text, or presence."""
    if event.number is not None:
        return f"{shown(event.number)} {event.unit}" if event.unit else shown(event.number)
    if event.text is not None:
        return event.text
    return {True: "present", False: "absent", None: None}[event.flag]


def shown(value: bool | Decimal | str | date | None) -> str | None:
    """A value as text: decimals without a trailing zero or exponent."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return text
    return value.isoformat() if isinstance(value, date) else value


def _state(found: Found) -> str | None:
    return None if found.state in ("derived", "undecided") else found.state


__all__ = ["Explainer", "Truth", "event_date", "event_ref", "event_value", "shown", "unknown_of", "unknowns"]
