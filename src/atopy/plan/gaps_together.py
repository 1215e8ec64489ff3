"""What is not known of many patients. The same as the gaps of one; a test holds both ways equal."""

from collections.abc import Iterable, Mapping

from atopy.criteria import Is, Missing, Node, Ref, children, refs
from atopy.facts import Block, Cases, Greatest, Product, When
from atopy.facts.columns import Bits
from atopy.plan.together import Answers, Slots, Together, add, gathered


class GapsTogether(Together):
    """The unknown facts behind each term, of those patients of a block for whom it is unknown."""

    def __init__(self, block: Block, blank: Mapping[int, Slots], stop_at_questions: bool) -> None:
        super().__init__(block, blank)
        self._stop_at_questions = stop_at_questions

    def behind(self, slot: int, who: Bits) -> Answers:
        unknown = self.block.split(slot, who).get(None, 0) & who
        found = self._below(slot, unknown) if unknown else {}
        add(found, (), who & ~unknown)
        return found

    def _below(self, slot: int, who: Bits) -> Answers:
        if self._stop_at_questions and self.rules.facts[self.rules.refs[slot].name].question:
            return {(slot,): who}
        derivation = self.rules.derivation_at(slot)
        if isinstance(derivation, When):
            return self._node(derivation.node, who)
        if isinstance(derivation, Cases):
            return gathered([row.when for row in derivation.rows], self._node, who)
        if isinstance(derivation, Greatest):
            return self._refs([Ref(name) for name in derivation.names], who)
        if isinstance(derivation, Product):
            return self._refs([Ref(name) for name in (*derivation.names, *derivation.over)], who)
        return {(slot,): who}

    def _node(self, node: Node, who: Bits) -> Answers:
        """A predicate that is decided leads nowhere; whether one is known never depends on more."""
        if isinstance(node, Ref):
            return {(): who} if node.event else self.term(node, who)
        if isinstance(node, Missing):
            return self._node(node.ref, who)
        if not isinstance(node, Is):
            true, false = self.block.decide(node, who)
            undecided = who & ~(true | false)
            found = self._parts(node, undecided) if undecided else {}
            add(found, (), who & ~undecided)
            return found
        return self._parts(node, who)

    def _parts(self, node: Node, who: Bits) -> Answers:
        inner = children(node)
        return gathered(inner, self._node, who) if inner else self._refs(refs(node), who)

    def _refs(self, listed: Iterable[Ref], who: Bits) -> Answers:
        return gathered(listed, self._node, who)
