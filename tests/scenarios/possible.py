"""Which truths a predicate can have at all, whatever the record: read off its form.

Too many may be allowed (parts are taken as independent), never too few; so what is left out here is proved
impossible, and no record need be looked for.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from tests.scenarios.generate import AS_OF

from atopy.criteria import Category, Node, Ref, Value, children, refs, walk
from atopy.criteria.nodes import And, AtLeast, Compare, Constant, Is, Label, Missing, Not, OneOf, Or
from atopy.facts import Cases, Demographic, Greatest, Observe, Rules, When, World
from atopy.truth import NOT, Truth, at_least, every, some

ALL: frozenset[Truth] = frozenset((True, False, None))
KNOWN: frozenset[Truth] = frozenset((True, False))
MAYBE: frozenset[Truth] = frozenset((True, None))
TODAY = Ref("as_of")


class _Supposed(NamedTuple):
    """The empty record, but for some terms."""

    blank: World
    given: dict[Ref, Value]

    def value(self, ref: Ref) -> Value:
        return self.given[ref] if ref in self.given else self.blank.value(ref)


def _days(node: Node) -> Iterator[date]:
    """Each day that the day of the plan is compared with, and the one before."""
    if isinstance(node, Compare) and node.left == TODAY and isinstance(node.right, Label):
        day = date.fromisoformat(node.right.value)
        yield from (day, day - timedelta(days=1))
    for part in children(node):
        yield from _days(part)


class Possible:
    """The truths and values that terms can have under one set of rules."""

    def __init__(self, rules: Rules, blank: World) -> None:
        self.rules = rules
        self.blank = blank
        self._truths: dict[str, frozenset[Truth]] = {}
        self._values: dict[str, frozenset[str | None]] = {}

    def truths(self, node: Node) -> frozenset[Truth]:
        """The truths that *node* can have."""
        if isinstance(node, Constant):
            return frozenset((node.truth,))
        if isinstance(node, Ref):
            return self._of_fact(node)
        if isinstance(node, Not):
            return frozenset(NOT[t] for t in self.truths(node.part))
        if isinstance(node, Is):
            return frozenset(t is node.truth for t in self.truths(node.part))
        if isinstance(node, And | Or | AtLeast):
            return self._junction(node)
        return self._leaf(node)

    def _junction(self, node: And | Or | AtLeast) -> frozenset[Truth]:
        sets = dict.fromkeys(self.truths(p) for p in children(node))
        if isinstance(node, AtLeast):
            return frozenset(at_least(node.needed, c) for c in product(*(self.truths(p) for p in node.parts)))
        combine = every if isinstance(node, And) else some
        return frozenset(combine(c) for c in product(*sets)) if sets else frozenset((combine(()),))

    def _of_fact(self, ref: Ref) -> frozenset[Truth]:
        if ref.key not in self._truths:
            derivation = self.rules.derivation(self.rules.facts[ref.name], ref.args)
            fixed = not self.rules.needs.of(ref)
            if fixed:
                value = self.blank.value(ref)
                assert value is None or isinstance(value, bool)
                self._truths[ref.key] = frozenset((value,))
            elif isinstance(derivation, When):
                self._truths[ref.key] = self._of_one_category(derivation.node) or self.truths(derivation.node)
            else:
                self._truths[ref.key] = MAYBE if self._never_denied(ref, derivation) else ALL
        return self._truths[ref.key]

    def _of_one_category(self, node: Node) -> frozenset[Truth] | None:
        """Exactly, of a predicate that rests on one category and the day: each value, on each side of each day."""
        open_ = list(dict.fromkeys(r for r in refs(node) if self.rules.needs.of(r) and r != TODAY))
        if len(open_) != 1 or not isinstance(self.rules.facts[open_[0].name].signature.type, Category):
            return None
        supposed = (
            _Supposed(self.blank, {open_[0]: value, TODAY: day})
            for value in self.values(open_[0])
            for day in (AS_OF, *_days(node))
        )
        return frozenset(walk(node, one) for one in supposed)

    def _never_denied(self, ref: Ref, derivation: object) -> bool:
        """Whether it asks for an entry on anything at all, and no list can be closed: nobody can say no to that."""
        anything = isinstance(derivation, Observe) and derivation.events.codes == ("*",)
        exists = isinstance(derivation, Observe) and derivation.measure == "exists"
        return anything and exists and self.rules.facts[ref.name].absent == "unknown"

    def _leaf(self, node: Node) -> frozenset[Truth]:
        if isinstance(node, Missing):
            fixed = not self.rules.needs.of(node.ref)
            return frozenset((self.blank.value(node.ref) is None,)) if fixed else KNOWN
        assert isinstance(node, Compare | OneOf)
        ref = node.ref if isinstance(node, OneOf) else node.left
        if isinstance(node, Compare) and isinstance(node.right, Ref):
            return ALL
        if not self.rules.needs.of(ref):
            return frozenset((self.blank.decide(node),))
        if not isinstance(self.rules.facts[ref.name].signature.type, Category):
            return ALL
        return frozenset(self._holds(node, value) for value in self.values(ref))

    @staticmethod
    def _holds(node: Compare | OneOf, value: str | None) -> Truth:
        if value is None:
            return None
        if isinstance(node, OneOf):
            return value in node.values
        limit = str(getattr(node.right, "value", ""))
        if node.op in ("=", "<>"):
            return (value == limit) is (node.op == "=")
        rank, other = node.order.index(value), node.order.index(limit)
        return {"<": rank < other, "<=": rank <= other, ">": rank > other, ">=": rank >= other}[node.op]

    def values(self, ref: Ref) -> frozenset[str | None]:
        """The members that a category can be, None for unknown."""
        if ref.key not in self._values:
            self._values[ref.key] = self._of_category(ref)
        return self._values[ref.key]

    def _of_category(self, ref: Ref) -> frozenset[str | None]:
        fact = self.rules.facts[ref.name]
        derivation = self.rules.derivation(fact, ref.args)
        if isinstance(derivation, Cases):
            return self._outcomes(derivation)
        if isinstance(derivation, Greatest):
            return frozenset((None,)).union(*(self.values(Ref(n)) for n in derivation.names))
        assert isinstance(derivation, Observe | Demographic)
        assert isinstance(fact.signature.type, Category)
        return frozenset((None, *fact.signature.type.values))

    def _outcomes(self, table: Cases) -> frozenset[str | None]:
        found: set[str | None] = set()
        for row in table.rows:
            truths = self.truths(row.when)
            found |= {row.then} if True in truths else set()
            found |= {row.unknown} if None in truths and row.unknown != "next" else set()
            if False not in truths and not (None in truths and row.unknown == "next"):
                return frozenset(found)
        return frozenset((*found, table.otherwise))
