"""Why: from a predicate or fact down to the record's events.

``support`` keeps only what decided (the true part of an OR, the unknown part of an undecided AND);
``whole`` keeps everything. Both read the same proof tree that the evaluator makes.
"""

from datetime import date
from decimal import Decimal
from itertools import islice

from atopy.criteria import Boolean, Node, Number, Ref, children, english, prove, refs
from atopy.criteria.evaluate import Proof
from atopy.criteria.nodes import And, AtLeast, Not, Or
from atopy.facts import Cases, Derivation, Found, Greatest, When, World
from atopy.plan.model import EventRef, Trace
from atopy.record import Event
from atopy.truth import NAMES, Truth

_JUNCTIONS = (And, Or)
_COMPOSED = (And, Or, AtLeast, Not)
_MOST = 4  # parts that a pruned trace shows of one junction


class Explainer:
    """Explains terms and predicates of one patient's world. Each term is explained once and shared."""

    def __init__(
        self, world: World, titles: dict[str, str], said: dict[int, str] | None = None, language: str = "en"
    ) -> None:
        self.world = world
        self.titles = titles  # ids of rules, options, factors ... in words
        self.language = language
        self._said = {} if said is None else said  # English of each node, the same for every patient
        self._terms: dict[tuple[Ref, bool], Trace] = {}

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
        """What an id of the guideline or a word of the vocabulary is called."""
        term = self.world.rules.vocabulary.terms.get(id_)
        name = self.titles.get(id_) or (term.name.get(self.language) if term else None)
        return name or id_.replace("_", " ")

    def predicate(self, node: Node, pruned: bool = True) -> Trace:
        """Why *node* has the truth it has."""
        return self._support(node) if pruned else self._whole(prove(node, self.world))

    def term(self, ref: Ref, pruned: bool = True) -> Trace:
        """Why a fact has the value it has, down to events; pruned: only what decided."""
        known = self._terms.get((ref, pruned))
        if known is None:
            known = self._terms[ref, pruned] = self._term(ref, pruned)
        return known

    def _term(self, ref: Ref, pruned: bool) -> Trace:
        found = self.world.find(ref)
        fact = self.world.rules.facts[ref.name]
        name, unit = self.words(ref)
        boolean = isinstance(fact.signature.type, Boolean)
        truth = (
            NAMES[found.value] if boolean and (found.value is None or isinstance(found.value, bool)) else None
        )
        value = None if truth else shown(found.value)
        parts = self._behind(self.world.rules.derivation(fact, ref.args), found, pruned)
        return Trace(
            name, truth, str(ref), value, unit if value else None, _state(found), self.events(found), parts
        )

    def _behind(self, derivation: Derivation, found: Found, pruned: bool) -> tuple[Trace, ...]:
        """What a derived value rests on."""
        if isinstance(derivation, When):
            return self._inner(derivation.node, pruned)
        if isinstance(derivation, Cases):
            return self._rows(derivation, found, pruned)
        if isinstance(derivation, Greatest) and found.detail:
            names = [found.detail] if pruned else list(derivation.names)
            return tuple(self.term(Ref(n), pruned) for n in names)
        return ()

    def events(self, found: Found) -> tuple[EventRef, ...]:
        """The record's events behind a value."""
        return tuple(event_ref(e, self.title(e.code)) for e in found.events)

    def _rows(self, table: Cases, found: Found, pruned: bool) -> tuple[Trace, ...]:
        """The row that won (and, in whole, those before it that did not)."""
        if found.row is None:
            rows = () if pruned else table.rows
        else:
            rows = table.rows[found.row if pruned else 0 : found.row + 1]
        said = [self.predicate(r.when, pruned) for r in rows]
        passed = rows[-1].then_value if rows else None
        if passed is not None:
            said = [*said[:-1], self.term(passed, pruned)]
        return tuple(said)

    def _inner(self, node: Node, pruned: bool) -> tuple[Trace, ...]:
        """The parts of a fact's predicate, without repeating the predicate itself."""
        trace = self.predicate(node, pruned)
        return trace.parts if trace.parts and type(node) in _COMPOSED else (trace,)

    def _whole(self, proof: Proof) -> Trace:
        """Everything behind a predicate, as the reference evaluator found it."""
        node = proof.node
        if isinstance(node, Ref):
            return self.term(node, pruned=False)
        parts = [self._whole(p) for p in proof.parts] or [self.term(r, pruned=False) for r in proof.terms]
        return Trace(self._english(node), NAMES[proof.truth], parts=tuple(parts))

    def _support(self, node: Node) -> Trace:
        """Only what decided: the parts of a junction that have its own truth, the first few of them."""
        if isinstance(node, Ref):
            return self.term(node)
        truth = self.world.decide(node)
        inner = children(node)
        if not inner:
            parts = [self.term(r) for r in refs(node)]
            return Trace(self._english(node), NAMES[truth], parts=tuple(parts))
        if type(node) in _JUNCTIONS:
            inner = tuple(islice((p for p in inner if self.world.decide(p) is truth), _MOST))
            if len(inner) == 1:
                return self._support(inner[0])
        return Trace(self._english(node), NAMES[truth], parts=tuple(self._support(p) for p in inner))

    def _english(self, node: Node) -> str:
        said = self._said.get(id(node))
        if said is None:
            said = self._said[id(node)] = english(node, self.words)
        return said


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


__all__ = ["Explainer", "Truth", "event_date", "event_ref", "event_value", "shown"]
