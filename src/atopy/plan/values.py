"""The values a fact could have that make a difference: found in the predicates of the content, listed nowhere.

Of a number these are the thresholds that predicates compare it with, and a value on either side of each; of a
category its members; of the rest true and false.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

import msgspec

from atopy.criteria import Boolean, Category, Compare, Node, Number, Quantity, Ref, Value, children
from atopy.facts import (
    Cases,
    ChangeSince,
    CompiledFact,
    Demographic,
    Derivation,
    Greatest,
    Observe,
    Rules,
    When,
)


class Point(msgspec.Struct, frozen=True):
    """One value of a number, and where it stands: at a threshold, or below or above the nearest ones."""

    value: Decimal
    at: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None


class Representatives:
    """Which values to try of each fact of a guideline; the same for every patient."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._thresholds: dict[str, set[Decimal]] = {}
        self._fixed: dict[str, bool] = {}
        for node in _every_node(rules.facts.values()):
            if isinstance(node, Compare) and isinstance(node.right, Quantity):
                self._thresholds.setdefault(node.left.name, set()).add(node.right.value)

    def of(self, ref: Ref) -> tuple[Value, ...]:
        """The values to try."""
        kind = self._rules.facts[ref.name].signature.type
        if isinstance(kind, Boolean):
            return True, False
        if isinstance(kind, Category):
            return kind.values
        return tuple(p.value for p in self.points(ref)) if isinstance(kind, Number) else ()

    def points(self, ref: Ref) -> tuple[Point, ...]:
        """The thresholds of a number with a value below the first, between each two and above the last."""
        fact = self._rules.facts[ref.name]
        kind = fact.signature.type
        assert isinstance(kind, Number)
        marks = sorted(self._thresholds.get(ref.name, ()))
        if not marks:
            return ()
        step = Decimal(1)
        found = [Point(_below(marks[0], kind.low), below=marks[0])]
        for low, high in pairwise(marks):
            found.append(Point(low, at=low))
            if high - low > step or not _whole(fact):
                found.append(Point((low + high) / 2, above=low, below=high))
        found += [Point(marks[-1], at=marks[-1]), Point(_above(marks[-1], kind.high), above=marks[-1])]
        return tuple(p for p in found if _within(p.value, kind))

    def fixed(self, ref: Ref) -> bool:
        """Whether nobody can change a fact once it is so: age, sex, history, and what follows from these alone."""
        known = self._fixed.get(ref.key)
        if known is None:
            fact = self._rules.facts[ref.name]
            self._fixed[ref.key] = False  # until it is known, should a term lead back to itself
            known = self._fixed[ref.key] = fact.fixed or self._by_parts(
                self._rules.derivation(fact, ref.args)
            )
        return known

    def _by_parts(self, derivation: Derivation) -> bool:
        if isinstance(derivation, Demographic):
            return True
        terms = list(_terms(derivation))
        return bool(terms) and all(not r.event and self.fixed(r) for r in terms)


def _terms(derivation: Derivation) -> Iterator[Ref]:
    """The terms that a derivation rests on; none where it comes straight from the record."""
    from atopy.criteria import refs

    if isinstance(derivation, When):
        yield from refs(derivation.node)
    elif isinstance(derivation, Cases):
        for row in derivation.rows:
            yield from refs(row.when)
    elif isinstance(derivation, Greatest):
        yield from (Ref(name) for name in derivation.names)


def _below(mark: Decimal, low: Decimal | None) -> Decimal:
    """A value under a threshold, as far as there is room."""
    return mark - 1 if low is None or mark - 1 >= low else (mark + low) / 2 if mark > low else mark - 1


def _above(mark: Decimal, high: Decimal | None) -> Decimal:
    return mark + 1 if high is None or mark + 1 <= high else (mark + high) / 2 if mark < high else mark + 1


def _within(value: Decimal, kind: Number) -> bool:
    return (kind.low is None or value >= kind.low) and (kind.high is None or value <= kind.high)


def _whole(fact: CompiledFact) -> bool:
    """Whether a number counts whole things: years, months, days, events."""
    derivation = fact.derivation
    if isinstance(derivation, Observe):
        return derivation.measure in ("count", "days_since", "duration")
    return isinstance(derivation, Demographic)


def ranges(
    points: Iterable[tuple[Point, object]], shown: Callable[[Decimal], str]
) -> list[tuple[str, list[Point]]]:
    """Neighbouring points of one outcome as one range, in words: ``below 30``, ``30 to below 60``, ``60 or more``."""
    groups: list[tuple[object, list[Point]]] = []
    for point, outcome in points:
        if groups and groups[-1][0] == outcome:
            groups[-1][1].append(point)
        else:
            groups.append((outcome, [point]))
    return [(_range(group, shown), group) for _, group in groups]


def _range(group: list[Point], shown: Callable[[Decimal], str]) -> str:
    first, last = group[0], group[-1]
    low = None if first.at is None and first.above is None else first
    high = None if last.at is None and last.below is None else last
    if low is None and high is None:
        return "any value"
    if low is None:
        assert high is not None
        return (
            f"up to {shown(high.at)}" if high.at is not None else f"below {shown(high.below or high.value)}"
        )
    start = shown(low.at) if low.at is not None else f"above {shown(low.above or low.value)}"
    if high is None:
        return f"{start} or more" if low.at is not None else start
    if high.at is not None:
        return start if high.at == low.at else f"{start} to {shown(high.at)}"
    return f"{start} to below {shown(high.below or high.value)}"


def _every_node(facts: Iterable[CompiledFact]) -> Iterator[Node]:
    """Every part of every predicate of the content."""
    for fact in facts:
        for derivation in (fact.derivation, *fact.variants.values()):
            for node in _predicates(derivation):
                yield from _all(node)


def _predicates(derivation: Derivation) -> Iterator[Node]:
    if isinstance(derivation, When):
        yield derivation.node
    elif isinstance(derivation, Cases):
        yield from (row.when for row in derivation.rows)
    elif isinstance(derivation, Observe | ChangeSince) and derivation.events.where is not None:
        yield derivation.events.where


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _all(child)


__all__ = ["Point", "Representatives", "ranges"]
