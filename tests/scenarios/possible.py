"""Which truths a predicate can have at all, whatever the record: read off its form.

Too many may be allowed (parts are taken as independent), never too few; so what is left out here is proved
impossible, and no record need be looked for.
"""

from itertools import product

from atopy.criteria import Category, Node, Ref, children
from atopy.criteria.nodes import And, AtLeast, Compare, Constant, Is, Missing, Not, OneOf, Or
from atopy.facts import Cases, Demographic, Greatest, Observe, Rules, When, World
from atopy.truth import NOT, Truth, at_least, every, some

ALL: frozenset[Truth] = frozenset((True, False, None))
KNOWN: frozenset[Truth] = frozenset((True, False))


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
            else:
                self._truths[ref.key] = self.truths(derivation.node) if isinstance(derivation, When) else ALL
        return self._truths[ref.key]

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
