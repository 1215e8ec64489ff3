"""What would open a closed option: the smallest sets of facts, found in the proof of its status.

From the table that closed it the search goes down to facts that somebody could be asked for, and gathers what each
way would need: any part of an OR, all parts of an AND. Each set is then tried: the option is decided again with it,
and with every part of it, so what is told really opens the option and nothing in it is idle.
"""

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Literal

import msgspec

from atopy.criteria import (
    And,
    AtLeast,
    Boolean,
    Compare,
    Constant,
    Is,
    Missing,
    Node,
    Not,
    Number,
    OneOf,
    Or,
    Ref,
    Value,
    refs,
)
from atopy.criteria.evaluate import compare
from atopy.facts import Cases, CompiledFact, Demographic, Derivation, Observe, TableRow, When, World
from atopy.plan.suppose import may_be_supposed, with_classes
from atopy.plan.values import Representatives
from atopy.truth import Truth

STARTABLE = ("recommended_now", "recommended_once_checked", "option", "after_specialist_referral")
CLOSED = ("contraindicated", "not_now", "failed_before", "not_available_here", "needs_information")
MOST = 3  # facts of one set
_KEPT = 24  # sets kept at each step of the search, the smallest first
_TRIED = 36  # sets that are decided for one option
_TOLD = 3  # sets told of one option
_TABLES = ("option_status", "standing")  # the second decides unless it leaves the option open
_BARS = ("contraindicated_relative",)
_REFERRED = "after_specialist_referral"
_NOT_OF_THE_PATIENT = (
    "override",
    "preference",
    "note",
)  # acts and wishes, not facts: they are never proposed

Kind = Literal["learn", "change", "fixed"]
"""Not known yet; known and could change; known and nobody can change it."""


class Part(msgspec.Struct, frozen=True):
    """One fact with the value that it would need; ``clause`` says it where others would do as well."""

    ref: Ref
    value: Value
    clause: Node | None = None
    holds: bool = True  # whether the clause must hold, or must not
    also: tuple[Value, ...] = ()  # other values that were tried and do as well


Set = tuple[Part, ...]
Sets = tuple[Set, ...]
_Key = frozenset[tuple[str, Value]]
_NOTHING: Sets = ((),)  # one way, which needs nothing
_NO_WAY: Sets = ()


class Opening(msgspec.Struct, frozen=True):
    """A set that opens an option, or lifts what closes it now; and how the option would then stand."""

    parts: Set
    status: str
    reason: str | None = None
    opens: bool = True


class Unbar:
    """The search over the options of one patient. Worlds and ways are shared between them."""

    def __init__(self, world: World, values: Representatives) -> None:
        self._world = world
        self._values = values
        self._worlds: dict[_Key, World] = {frozenset(): world}

    def sets(self, option: str) -> tuple[Opening, ...]:
        """The smallest sets of at most three facts that open the option; where there is none, those that lift what
        closes it now, with what would close it then. None where more is needed.
        """
        barring = {Ref(name, (option,)) for name in _BARS}
        opening = self._found(self._candidates(option), lambda parts: self._opens(option, parts), barring)
        if opening:
            return tuple(self._told(option, parts, True) for parts in opening)
        lifting = self._found(self._lifting(option), lambda parts: self._lifts(option, parts))
        return tuple(self._told(option, parts, False) for parts in lifting)

    def kind(self, part: Part) -> Kind:
        """Whether a fact is to be learnt, could change, or cannot."""
        if self._world.value(part.ref) is None:
            return "learn"
        return "fixed" if self._values.fixed(part.ref) else "change"

    def status(self, option: str, parts: Iterable[Part]) -> str:
        """The status of the option, decided again with these facts."""
        return str(self._with(parts).value(Ref("option_status", (option,))))

    # -- what is tried

    def _candidates(self, option: str) -> list[Set]:
        """What the tables would need; where something else then closes the option, with that too."""
        first = _Ways(self._world, self._values).opened(option)
        further: list[Set] = []
        for candidate in [c for c in first if len(c) < MOST][:6]:
            if not self._opens(option, candidate):
                beyond = _Ways(self._with(candidate), self._values).opened(option)
                further += [u for more in beyond for u in [_union(candidate, more)] if u is not None]
        return self._ordered([*first, *further])

    def _lifting(self, option: str) -> list[Set]:
        """What would keep the row that closes the option now from deciding."""
        for table in _TABLES:
            ref = Ref(table, (option,))
            row = self._world.find(ref).row
            cases = self._world.rules.derivation(self._world.rules.facts[table], ref.args)
            if row is not None and isinstance(cases, Cases) and cases.rows[row].then_value is None:
                return self._ordered(
                    _Ways(self._world, self._values).node(cases.rows[row].when, False, strict=False)
                )
        return []

    def _found(
        self, candidates: list[Set], works: Callable[[Set], bool], barring: Iterable[Ref] = ()
    ) -> list[Set]:
        """Those that work and of which no part does, the smallest first.

        That an option opens because it gets another bar (a test that turns out ill) helps nobody: such a set is told
        only where the test may turn out either way.
        """
        found: dict[_Key, Set] = {}
        for candidate in candidates[:_TRIED]:
            if any(key <= _key(candidate) for key in found) or not works(candidate):
                continue
            parts = self._least(candidate, works)
            found[_key(parts)] = parts
        told = [s for s in _either_way(list(found.values())) if self._no_worse(s, barring)]
        return sorted(told, key=self._place)[:_TOLD]

    def _no_worse(self, parts: Set, barring: Iterable[Ref]) -> bool:
        """Whether no bar comes with it, or what it asks for may turn out either way."""
        if any(p.also for p in parts):
            return True
        world = self._with(parts)
        return not any(world.value(bar) is True and self._world.value(bar) is not True for bar in barring)

    @staticmethod
    def _least(candidate: Set, works: Callable[[Set], bool]) -> Set:
        """The smallest part of a set that works as well, or the whole of it."""
        for size in range(1, len(candidate)):
            for fewer in combinations(candidate, size):
                if works(fewer):
                    return fewer
        return candidate

    def _ordered(self, sets: Iterable[Set]) -> list[Set]:
        return sorted({_key(s): s for s in sets}.values(), key=self._place)

    def _place(self, parts: Set) -> tuple[int, int, tuple[str, ...]]:
        """Small sets first, of these what is only to be learnt, then what could change."""
        rank = {"learn": 0, "change": 1, "fixed": 4}
        return len(parts), sum(rank[self.kind(p)] for p in parts), tuple(p.ref.key for p in parts)

    # -- how it then stands

    def _with(self, parts: Iterable[Part]) -> World:
        """The world in which these facts are so."""
        given = {p.ref: p.value for p in parts}
        key = frozenset((ref.key, value) for ref, value in given.items())
        world = self._worlds.get(key)
        if world is None:
            world = self._worlds[key] = self._world.supposing(with_classes(self._world, given))
        return world

    def _opens(self, option: str, parts: Set) -> bool:
        return self.status(option, parts) in STARTABLE

    def _lifts(self, option: str, parts: Set) -> bool:
        """Whether the tables get further than now before something closes the option."""
        return self._reached(option, self._with(parts)) > self._reached(option, self._world)

    @staticmethod
    def _reached(option: str, world: World) -> tuple[int, ...]:
        rows = (world.find(Ref(table, (option,))).row for table in reversed(_TABLES))
        return tuple(10_000 if row is None else row for row in rows)

    def _told(self, option: str, parts: Set, opens: bool) -> Opening:
        world = self._with(parts)
        found = [world.find(Ref(table, (option,))) for table in _TABLES]
        return Opening(parts, str(found[0].value), found[0].detail or found[1].detail, opens)


class _Ways:
    """What a predicate or table of one world would need in order to come out otherwise."""

    def __init__(self, world: World, values: Representatives) -> None:
        self.world = world
        self.values = values
        self._terms: dict[tuple[str, bool, bool], Sets] = {}
        standing = world.rules.facts["standing"].derivation
        rows = standing.rows if isinstance(standing, Cases) else ()
        # Where the patient is treated opens nothing: an option is not nearer for being begun elsewhere.
        self._settings = {
            r.key for row in rows if row.then == _REFERRED for r in refs(row.when) if not r.args
        }

    def opened(self, option: str) -> Sets:
        """The status of an option: one in which it can be started."""
        return self.valued(Ref("option_status", (option,)), lambda value: value in STARTABLE)

    # -- predicates; *strict*: it must be known to come out so, else it may be undecided too

    def node(self, node: Node, want: bool, strict: bool = True) -> Sets:
        """What would make a predicate true, or false."""
        truth = self.world.decide(node)
        if truth is want or (truth is None and not strict):
            return _NOTHING
        if isinstance(node, Ref):
            return self.term(node, want, strict)
        if isinstance(node, And | Or):
            every = isinstance(node, And) is want
            ways = (self.node(part, want, strict) for part in node.parts)
            return _together(ways) if every else _either(ways)
        if isinstance(node, Not):
            return self.node(node.part, not want, strict)
        if isinstance(node, AtLeast):
            return self._count(node, want, strict)
        if isinstance(node, Is):
            return self._known(node, want)
        if isinstance(node, Missing):
            return _NO_WAY if want else self.valued(node.ref, lambda value: value is not None)
        return self._compared(node, want)

    def _count(self, node: AtLeast, want: bool, strict: bool) -> Sets:
        """As many parts as are wanting."""
        ways = [self.node(part, want, strict) for part in node.parts]
        needed = node.needed if want else len(node.parts) - node.needed + 1
        wanting = needed - sum(way is _NOTHING for way in ways)
        if wanting > MOST:
            return _NO_WAY
        return _either(
            _together(chosen) for chosen in combinations([w for w in ways if w is not _NOTHING], wanting)
        )

    def _known(self, node: Is, want: bool) -> Sets:
        """A part that must have one truth, or must not have it; nobody can make a known thing unknown."""
        if want:
            return _NO_WAY if node.truth is None else self.node(node.part, node.truth)
        if node.truth is None:
            return _either((self.node(node.part, False), self.node(node.part, True)))
        return self.node(node.part, not node.truth, strict=False)

    def _compared(self, node: Node, want: bool) -> Sets:
        """A comparison with what a term is worth."""
        if isinstance(node, OneOf):
            values = node.values
            return self.valued(
                node.ref, lambda value: value is not None and (value in values) is want, node, want
            )
        if isinstance(node, Compare):
            at = node
            return self.valued(node.left, lambda value: _holds(at, value, self.world) is want, node, want)
        assert isinstance(node, Constant)
        return _NO_WAY

    # -- terms

    def term(self, ref: Ref, want: bool, strict: bool = True) -> Sets:
        """What would make a fact that is true or false the other."""
        key = (ref.key, want, strict)
        known = self._terms.get(key)
        if known is None:
            self._terms[key] = _NO_WAY  # a term that leads back to itself opens nothing
            known = self._terms[key] = self._term(ref, want, strict)
        return known

    def _term(self, ref: Ref, want: bool, strict: bool) -> Sets:
        if ref.event:
            return _NO_WAY
        fact = self.world.rules.facts[ref.name]
        derivation = self.world.rules.derivation(fact, ref.args)
        if isinstance(derivation, When) and not fact.question:
            return self.node(derivation.node, want, strict)
        return (((Part(ref, want),),)) if _may_be_proposed(fact, derivation) else _NO_WAY

    def valued(
        self, ref: Ref, fits: Callable[[Value], bool], clause: Node | None = None, holds: bool = True
    ) -> Sets:
        """What would give a term a value that fits."""
        if ref.event or ref.key in self._settings:
            return _NO_WAY
        fact = self.world.rules.facts[ref.name]
        derivation = self.world.rules.derivation(fact, ref.args)
        if isinstance(derivation, Cases) and not fact.question:
            return self._table(derivation, fits)
        if isinstance(derivation, When) and not fact.question:
            return _either(self.term(ref, value) for value in (True, False) if fits(value))
        if not _may_be_proposed(fact, derivation):
            return _NO_WAY
        return tuple((Part(ref, v, clause, holds),) for v in self._nearest(fact, ref, fits))

    def _nearest(self, fact: CompiledFact, ref: Ref, fits: Callable[[Value], bool]) -> list[Value]:
        """Of the values that fit those to try: of what has an order only the nearest to what is known."""
        kind = fact.signature.type
        values = [v for v in self.values.of(ref) if fits(v)]
        now = self.world.value(ref)
        ordered = isinstance(kind, Number) or getattr(kind, "ordered", False)
        if isinstance(kind, Boolean) or not ordered or not values:
            return values
        every = list(self.values.of(ref))
        if now is None:
            return values[:1] if every.index(values[0]) > 0 else values[-1:]
        if isinstance(kind, Number):
            return sorted(values, key=lambda v: abs(v - now))[:1]  # type: ignore[operator]
        return sorted(values, key=lambda v: abs(every.index(v) - every.index(now)))[:1]

    def _table(self, table: Cases, fits: Callable[[Value], bool]) -> Sets:
        """Each row whose outcome fits, made to decide: it holds, and none before it does."""
        before: Sets = _NOTHING
        found: list[Sets] = []
        for row in table.rows:
            found.append(_together((before, self._decides(row, fits))))
            before = _together((before, self._passes(row)))
            if not before:
                return _either(found)
        if fits(table.otherwise):
            found.append(before)
        return _either(found)

    def _decides(self, row: TableRow, fits: Callable[[Value], bool]) -> Sets:
        """What would make a row give an outcome that fits."""
        if row.then_value is not None:
            return _together((self.node(row.when, True), self.valued(row.then_value, fits)))
        holding = self.node(row.when, True) if fits(row.then) else _NO_WAY
        if row.unknown != "next" and fits(row.unknown) and self.world.decide(row.when) is None:
            return _either((_NOTHING, holding))
        return holding

    def _passes(self, row: TableRow) -> Sets:
        """What would make a row leave it to the next."""
        return self.node(row.when, False, strict=row.unknown != "next")


def _may_be_proposed(fact: CompiledFact, derivation: Derivation) -> bool:
    """Whether a fact speaks of the patient: not of the day of the plan, nor of an act or a wish."""
    if not may_be_supposed(fact):
        return False
    if isinstance(derivation, Observe):
        return derivation.events.kind not in _NOT_OF_THE_PATIENT
    return not (isinstance(derivation, Demographic) and derivation.what == "deceased")


class _Supposing:
    """A scope in which one term has another value."""

    def __init__(self, ref: Ref, value: Value, world: World) -> None:
        self._ref = ref
        self._value = value
        self._world = world

    def value(self, ref: Ref) -> Value:
        return self._value if ref == self._ref else self._world.value(ref)


def _holds(node: Compare, value: Value, world: World) -> Truth:
    """Whether a comparison holds when its left side has this value."""
    return None if value is None else compare(node, _Supposing(node.left, value, world))


# -- sets of sets


def _either(ways: Iterable[Sets]) -> Sets:
    """Any of the ways."""
    return _smallest(one for sets in ways for one in sets)


def _together(ways: Iterable[Sets]) -> Sets:
    """All of the ways at once; none where one is closed, or where they need more than may be proposed."""
    found: Sets = _NOTHING
    for sets in ways:
        if sets is _NOTHING:
            continue
        joined = (_union(a, b) for a in found for b in sets)
        found = _smallest(j for j in joined if j is not None)
        if not found:
            return _NO_WAY
    return found


def _union(first: Set, second: Set) -> Set | None:
    """Both sets as one; None where they contradict each other, or come to too many."""
    values = {p.ref.key: p for p in first}
    for part in second:
        other = values.setdefault(part.ref.key, part)
        if other.value != part.value:
            return None
    return tuple(values.values()) if len(values) <= MOST else None


def _smallest(sets: Iterable[Set]) -> Sets:
    """Each set once, the smallest first, as many as are kept; none that holds another whole."""
    unique = {_key(s): s for s in sets}
    kept: list[tuple[_Key, Set]] = []
    for key, one in sorted(unique.items(), key=lambda item: len(item[0])):
        if not any(smaller <= key for smaller, _ in kept):
            kept.append((key, one))
            if len(kept) == _KEPT:
                break
    return tuple(one for _, one in kept)


def _key(parts: Set) -> _Key:
    return frozenset((p.ref.key, p.value) for p in parts)


def _either_way(sets: list[Set]) -> list[Set]:
    """Sets that differ in the value of one fact only, told as one: any of these values does."""
    told: dict[tuple[_Key, str], list[tuple[Set, Part]]] = {}
    for one in sets:
        for part in one:
            told.setdefault((_key(one) - {(part.ref.key, part.value)}, part.ref.key), []).append((one, part))
    gone: set[_Key] = set()
    kept: list[Set] = []
    for alike in sorted(told.values(), key=len, reverse=True):
        if len(alike) > 1 and not any(_key(one) in gone for one, _ in alike):
            gone |= {_key(one) for one, _ in alike}
            (first, part), others = alike[0], tuple(p.value for _, p in alike[1:])
            kept.append(tuple(msgspec.structs.replace(p, also=others) if p is part else p for p in first))
    return [*(one for one in sets if _key(one) not in gone), *kept]


__all__ = ["CLOSED", "MOST", "STARTABLE", "Kind", "Opening", "Part", "Set", "Unbar"]
