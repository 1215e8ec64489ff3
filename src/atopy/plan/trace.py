"""Why: from a predicate or fact down to the record's events.

A *pruned* trace names the recorded facts that decided (of the true part of an OR, of the unknown part of an
undecided AND); every line of a plan carries one. A *whole* trace keeps every step, as the evaluator proved it.
"""

from datetime import date
from typing import NamedTuple

from atopy.criteria import Boolean, Node, Number, Ref, english, prove
from atopy.criteria.evaluate import Proof
from atopy.criteria.nodes import And, AtLeast, Not, Or
from atopy.facts import Cases, Found, Greatest, Product, Rules, When, World
from atopy.facts.fields import FIELDS, LABELS
from atopy.facts.rules import keep_few
from atopy.plan.entries import event_ref, shown
from atopy.plan.model import EventRef, Trace
from atopy.plan.reasons import Behinds, Reasons
from atopy.plan.together import Ahead
from atopy.record import Event, unit_words
from atopy.truth import NAMES, Truth

_COMPOSED = (And, Or, AtLeast, Not)


class _Name(NamedTuple):
    """What is said of a term whatever its value."""

    words: str
    unit: str | None
    boolean: bool
    predicate: bool


class Wording:
    """What is said the same to every patient: names, predicates in English, and where reasons are to be found."""

    def __init__(self, rules: Rules, titles: dict[str, str], language: str = "en") -> None:
        self.rules = rules
        self.titles = titles  # ids of rules, options, factors ... in words
        self.language = language
        self.behinds = Behinds(rules)
        self._words: dict[str, tuple[str, str | None]] = {}
        self.names = _Names(self)
        self._said: dict[int, str] = {}  # English of each predicate; its nodes live as long as the rules
        self._blank: dict[date, Explainer] = {}

    def words(self, ref: Ref) -> tuple[str, str | None]:
        """A term in words, with its unit."""
        known = self._words.get(ref.key)
        if known is None:
            known = self._words[ref.key] = self._in_words(ref)
        return known

    def _in_words(self, ref: Ref) -> tuple[str, str | None]:
        fact = self.rules.facts.get(ref.name)
        if ref.name == "rule":
            return self.titles.get(ref.args[0], ref.args[0]), None
        if fact is None:
            return self._of_field(ref) if ref.name in FIELDS else (str(ref), None)
        label = fact.label.get(self.language) or ref.name.replace("_", " ")
        unit = fact.signature.type.unit if isinstance(fact.signature.type, Number) else None
        unit = unit_words(unit or "") or None
        return (f"{label}: {', '.join(self.title(a) for a in ref.args)}" if ref.args else label), unit

    def _of_field(self, ref: Ref) -> tuple[str, str | None]:
        """A field of one event, with its unit."""
        kind = FIELDS[ref.name][0].type
        unit = kind.unit if isinstance(kind, Number) and kind.unit not in ("1", "a") else None
        label = LABELS.get(ref.name) or ref.name.replace("_", " ")
        return f"{label} {', '.join(self.title(a) for a in ref.args)}".strip(), unit and unit_words(unit)

    def title(self, id_: str) -> str:
        """What an id of the guideline or a word of the vocabulary is called."""
        term = self.rules.vocabulary.terms.get(id_)
        name = self.titles.get(id_) or (term.name.get(self.language) if term else None)
        return name or id_.replace("_", " ")

    def english(self, node: Node) -> str:
        """A predicate in English."""
        said = self._said.get(id(node))
        if said is None:
            said = self._said[id(node)] = english(node, self.words)
        return said

    def blank(self, world: World) -> "Explainer | None":
        """The explainer of the empty record that *world* falls back on; None where it is that record."""
        return None if world.blank is world else self.of_blank(world.blank)

    def of_blank(self, blank: World) -> "Explainer":
        """The explainer of the empty record as of its day."""
        if blank.as_of not in self._blank:
            keep_few(self._blank)[blank.as_of] = Explainer(blank, self)
        return self._blank[blank.as_of]


class _Names(dict[int, _Name]):
    """What is said of the term with each place."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def __missing__(self, slot: int) -> _Name:
        rules = self._wording.rules
        ref = rules.refs[slot]
        boolean = isinstance(rules.facts[ref.name].signature.type, Boolean)
        predicate = isinstance(rules.derivation_at(slot), When)
        made = self[slot] = _Name(*self._wording.words(ref), boolean, predicate)
        return made


class _Leaves(dict[int, Trace]):
    """By the place of each term of one patient: its value, where that came from, and nothing behind it."""

    __slots__ = ("_blank", "_events", "_keys", "_wording", "_world")

    def __init__(self, world: World, wording: Wording, blank: "_Leaves | None") -> None:
        self._world, self._wording, self._blank = world, wording, blank
        self._keys = world.rules.refs
        self._events: dict[int, EventRef] = {}

    def __missing__(self, slot: int) -> Trace:
        if self._blank is not None and not self._world.touches(slot):
            made = self._blank[slot]
        else:
            made = self._made(slot)
        self[slot] = made
        return made

    def _made(self, slot: int) -> Trace:
        name, key = self._wording.names[slot], self._keys[slot].key
        if name.predicate:
            return Trace(name.words, NAMES[self._world.truth(slot)], key)
        found = self._world.found(slot)
        events = self._refs(found.events) if found.events else ()
        if name.boolean and (found.value is None or isinstance(found.value, bool)):
            return Trace(name.words, NAMES[found.value], key, None, None, _state(found), events)
        value = shown(found.value)
        unit = name.unit if value else None
        return Trace(name.words, None, key, value, unit, _state(found), events)

    def _refs(self, events: tuple[Event, ...]) -> tuple[EventRef, ...]:
        """The record's events behind a value, each cited once."""
        known = self._events
        for event in events:
            if id(event) not in known:  # the record keeps its events for as long as this lives
                known[id(event)] = event_ref(event, self._wording.title(event.code))
        return tuple([known[id(event)] for event in events])


class Explainer:
    """Explains terms and predicates of one patient's world. Each term is explained once and shared."""

    __slots__ = (
        "_behind", "_blank", "_keys", "_leaves", "_terms", "_together", "reasons", "title",
        "wording", "words", "world",
    )  # fmt: skip

    def __init__(self, world: World, wording: Wording, ahead: Ahead | None = None) -> None:
        self.world = world
        self.wording = wording
        self.words = wording.words
        self.title = wording.title
        self._blank = wording.blank(world)
        self.reasons: Reasons = Reasons(
            world, wording.behinds,
            self._blank.reasons if self._blank else None, ahead.reasons if ahead else None,
        )  # fmt: skip
        self._behind = ahead.reasons if ahead else self.reasons.__getitem__
        self._keys = world.rules.refs
        self._terms: dict[int, Trace] = {}
        self._together: dict[tuple[int, ...], tuple[Trace, ...]] = {}  # leaves: much is decided by the same
        self._leaves: _Leaves = _Leaves(world, wording, self._blank._leaves if self._blank else None)

    def predicate(self, node: Node, pruned: bool = True) -> Trace:
        """Why *node* has the truth it has."""
        if not pruned:
            return self._whole(prove(node, self.world))
        leaves = tuple(self._leaves[slot] for slot in self.reasons.predicate(node))
        return Trace(self.wording.english(node), NAMES[self.world.decide(node)], parts=leaves)

    def term(self, ref: Ref, pruned: bool = True) -> Trace:
        """Why a fact has the value it has: pruned, the recorded facts that decided; whole, every step between."""
        slot = self.world.rules.slot(ref)
        if pruned:
            return self.decided(slot)
        return _with(self._leaves[slot], self._steps(slot))

    def decided(self, slot: int) -> Trace:
        """Why the term with this place has its value: the recorded facts that decided."""
        known = self._terms.get(slot)
        if known is None:
            if self._blank is not None and not self.world.touches(slot):
                known = self._blank.decided(slot)
            else:
                known = self._decided(slot)
            self._terms[slot] = known
        return known

    def _decided(self, slot: int) -> Trace:
        behind, leaves = self._behind(slot), self._leaves
        if slot in behind:  # it comes straight from the record
            return leaves[slot]
        parts = self._together.get(behind)
        if parts is None:
            parts = self._together[behind] = tuple([leaves[other] for other in behind])
        name = self.wording.names[slot]
        if name.predicate:
            truth = NAMES[self.world[slot]]  # type: ignore[index]
            return Trace(name.words, truth, self._keys[slot].key, parts=parts)
        return _with(leaves[slot], parts)

    def _steps(self, slot: int) -> tuple[Trace, ...]:
        """Everything one step behind a term, each with everything behind it."""
        derivation, found = self.world.rules.derivation_at(slot), self.world.found(slot)
        if isinstance(derivation, When):
            trace = self.predicate(derivation.node, pruned=False)
            return trace.parts if trace.parts and type(derivation.node) in _COMPOSED else (trace,)
        if isinstance(derivation, Cases):
            return self._rows(derivation, found)
        if isinstance(derivation, Greatest):
            return tuple(self.term(Ref(n), pruned=False) for n in derivation.names)
        if isinstance(derivation, Product):
            return tuple(self.term(Ref(n), pruned=False) for n in (*derivation.names, *derivation.over))
        return ()

    def _rows(self, table: Cases, found: Found) -> tuple[Trace, ...]:
        """The row that won after those before it that did not; all of them where none did."""
        rows = table.rows if found.row is None else table.rows[: found.row + 1]
        said = [self.predicate(r.when, pruned=False) for r in rows]
        passed = rows[-1].then_value if rows and found.row is not None else None
        return (*said, self.term(passed, pruned=False)) if passed is not None else tuple(said)

    def _whole(self, proof: Proof) -> Trace:
        """Everything behind a predicate, as the reference evaluator found it."""
        node = proof.node
        if isinstance(node, Ref):
            return self.term(node, pruned=False)
        parts = [self._whole(p) for p in proof.parts] or [self.term(r, pruned=False) for r in proof.terms]
        return Trace(self.wording.english(node), NAMES[proof.truth], parts=tuple(parts))


def _with(leaf: Trace, parts: tuple[Trace, ...]) -> Trace:
    """A term with what is behind it."""
    if not parts:
        return leaf
    return Trace(leaf.what, leaf.truth, leaf.id, leaf.value, leaf.unit, leaf.state, leaf.events, parts)


def _state(found: Found) -> str | None:
    return None if found.state in ("derived", "undecided") else found.state


__all__ = ["Explainer", "Truth", "Wording"]
