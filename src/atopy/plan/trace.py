"""Why: from a predicate or fact down to the record's events.

A *pruned* trace names the recorded facts that decided (of the true part of an OR, of the unknown part of an
undecided AND); every line of a plan carries one. A *whole* trace keeps every step, as the evaluator proved it.
"""

from datetime import date
from decimal import Decimal
from itertools import islice

import msgspec

from atopy.criteria import Boolean, Node, Number, Ref, children, english, prove, refs
from atopy.criteria.evaluate import Proof
from atopy.criteria.nodes import And, AtLeast, Not, Or
from atopy.facts import Cases, Derivation, Found, Greatest, When, World
from atopy.plan.model import EventRef, Trace
from atopy.record import Event
from atopy.truth import NAMES, Truth

_JUNCTIONS = (And, Or)
_COMPOSED = (And, Or, AtLeast, Not)
_MOST = 6  # recorded facts that a pruned trace names


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
        self._leaves: dict[str, Trace] = {}
        self._decided_by: dict[str, tuple[Ref, ...]] = {}

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
        if not pruned:
            return self._whole(prove(node, self.world))
        leaves = tuple(self._leaf(r) for r in self._decisive(node)[:_MOST])
        return Trace(self._english(node), NAMES[self.world.decide(node)], parts=leaves)

    def term(self, ref: Ref, pruned: bool = True) -> Trace:
        """Why a fact has the value it has: pruned, the recorded facts that decided; whole, every step between."""
        known = self._terms.get((ref, pruned))
        if known is None:
            leaves = [r for r in self.decisive(ref)[:_MOST] if r != ref] if pruned else []
            parts = tuple(self._leaf(r) for r in leaves) if pruned else self._steps(ref)
            known = self._terms[ref, pruned] = msgspec.structs.replace(self._leaf(ref), parts=parts)
        return known

    def decisive(self, ref: Ref) -> tuple[Ref, ...]:
        """The facts straight from the record that gave a term its value, in order of reading."""
        known = self._decided_by.get(ref.key)
        if known is None:
            known = self._decided_by[ref.key] = self._behind(ref) or (ref,)
        return known

    def _behind(self, ref: Ref) -> tuple[Ref, ...]:
        """What decided a derived term; nothing for one that comes from events."""
        derivation = self._derivation(ref)
        if isinstance(derivation, When):
            return self._decisive(derivation.node)
        found = self.world.find(ref)
        if isinstance(derivation, Greatest) and found.detail:
            return self.decisive(Ref(found.detail))
        if isinstance(derivation, Cases) and found.row is not None:
            row = derivation.rows[found.row]
            passed = row.then_value
            return self._decisive(row.when) if passed is None else self.decisive(passed)
        return ()

    def _decisive(self, node: Node) -> tuple[Ref, ...]:
        """Of a junction only the parts that share its truth decided; of the rest every term."""
        if isinstance(node, Ref):
            return self.decisive(node)
        inner = children(node)
        if type(node) in _JUNCTIONS:
            truth = self.world.decide(node)
            inner = tuple(islice((p for p in inner if self.world.decide(p) is truth), _MOST))
        found = [self._decisive(p) for p in inner] if inner else [self.decisive(r) for r in refs(node)]
        return tuple(dict.fromkeys(r for one in found for r in one))

    def _leaf(self, ref: Ref) -> Trace:
        """A term with its value, where it came from, and nothing behind it."""
        known = self._leaves.get(ref.key)
        if known is None:
            known = self._leaves[ref.key] = self._made_leaf(ref)
        return known

    def _made_leaf(self, ref: Ref) -> Trace:
        found = self.world.find(ref)
        name, unit = self.words(ref)
        boolean = isinstance(self.world.rules.facts[ref.name].signature.type, Boolean)
        truth = (
            NAMES[found.value] if boolean and (found.value is None or isinstance(found.value, bool)) else None
        )
        value = None if truth else shown(found.value)
        return Trace(name, truth, ref.key, value, unit if value else None, _state(found), self.events(found))

    def _steps(self, ref: Ref) -> tuple[Trace, ...]:
        """Everything one step behind a term, each with everything behind it."""
        derivation, found = self._derivation(ref), self.world.find(ref)
        if isinstance(derivation, When):
            trace = self.predicate(derivation.node, pruned=False)
            return trace.parts if trace.parts and type(derivation.node) in _COMPOSED else (trace,)
        if isinstance(derivation, Cases):
            return self._rows(derivation, found)
        if isinstance(derivation, Greatest):
            return tuple(self.term(Ref(n), pruned=False) for n in derivation.names)
        return ()

    def _rows(self, table: Cases, found: Found) -> tuple[Trace, ...]:
        """The row that won after those before it that did not; all of them where none did."""
        rows = table.rows if found.row is None else table.rows[: found.row + 1]
        said = [self.predicate(r.when, pruned=False) for r in rows]
        passed = rows[-1].then_value if rows and found.row is not None else None
        return (*said, self.term(passed, pruned=False)) if passed is not None else tuple(said)

    def _derivation(self, ref: Ref) -> Derivation:
        return self.world.rules.derivation(self.world.rules.facts[ref.name], ref.args)

    def events(self, found: Found) -> tuple[EventRef, ...]:
        """The record's events behind a value."""
        return tuple(event_ref(e, self.title(e.code)) for e in found.events)

    def _whole(self, proof: Proof) -> Trace:
        """Everything behind a predicate, as the reference evaluator found it."""
        node = proof.node
        if isinstance(node, Ref):
            return self.term(node, pruned=False)
        parts = [self._whole(p) for p in proof.parts] or [self.term(r, pruned=False) for r in proof.terms]
        return Trace(self._english(node), NAMES[proof.truth], parts=tuple(parts))

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
