"""What decided the terms of many patients. The same as ``Reasons`` finds of one; a test holds both ways equal."""

from atopy.criteria import And, AtLeast, Is, Node, Not, Or, Ref, children, refs
from atopy.facts import Cases, Greatest, Product, When
from atopy.facts.columns import Bits, places
from atopy.plan.reasons import MOST
from atopy.plan.together import Answers, Together, add, add_all, gathered
from atopy.truth import NOT, Truth


class ReasonsTogether(Together):
    """The reasons of the patients of a block."""

    def behind(self, slot: int, who: Bits) -> Answers:
        found = self._derived(slot, who)
        if () in found:
            add(found, (slot,), found.pop(()))
        return found

    def _derived(self, slot: int, who: Bits) -> Answers:
        derivation = self.rules.derivation_at(slot)
        if isinstance(derivation, When):
            return self._whatever(derivation.node, who)
        if isinstance(derivation, Cases):
            return self._table(slot, derivation, who)
        if isinstance(derivation, Greatest):
            return self._greatest(slot, who)
        if isinstance(derivation, Product):
            return self._first(tuple(Ref(name) for name in (*derivation.names, *derivation.over)), who)
        return {(): who}

    def _table(self, slot: int, table: Cases, who: Bits) -> Answers:
        """The row that decided, or the fact that it passes on."""
        answers: Answers = {}
        for found, bits in self.block.rows(slot):
            if not bits & who:
                continue
            if found.row is None:
                add(answers, (), bits & who)
                continue
            row = table.rows[found.row]
            truth = None if found.state == "undecided" else True
            node = row.when if row.then_value is None else row.then_value
            add_all(answers, self._decided(node, truth, bits & who))
        return answers

    def _greatest(self, slot: int, who: Bits) -> Answers:
        by_name: dict[str | None, Bits] = {}
        for place in places(who):
            name = self.block.worlds[place].found(slot).detail
            by_name[name] = by_name.get(name, 0) | 1 << place
        answers: Answers = {}
        for name, bits in by_name.items():
            add_all(answers, self.term(Ref(name), bits) if name else {(): bits})
        return answers

    def _whatever(self, node: Node, who: Bits) -> Answers:
        """What decided a predicate, whatever its truth."""
        true, false = self.block.decide(node, who)
        answers: Answers = {}
        for truth, bits in ((True, true & who), (False, false & who), (None, who & ~(true | false))):
            if bits:
                add_all(answers, self._decided(node, truth, bits))
        return answers

    def _decided(self, node: Node, truth: Truth, who: Bits) -> Answers:
        """What decided a predicate that has this truth for all of *who*."""
        if isinstance(node, Ref):
            return self.term(node, who)
        if isinstance(node, And | Or):
            return self._junction(node, truth, who)
        if isinstance(node, Not):
            return self._decided(node.part, NOT[truth], who)
        if isinstance(node, Is | AtLeast):
            return gathered(children(node), self._whatever, who, MOST)
        return self._first(tuple(refs(node)), who)

    def _first(self, listed: tuple[Ref, ...], who: Bits) -> Answers:
        return self.term(listed[0], who) if len(listed) == 1 else gathered(listed, self.term, who, MOST)

    def _junction(self, node: And | Or, truth: Truth, who: Bits) -> Answers:
        """The parts that share the junction's truth, up to the most that are followed."""

        def sharing(part: Node, left: Bits) -> Answers:
            true, false = self.block.decide(part, left)
            same = {True: true & left, False: false & left, None: left & ~(true | false)}[truth]
            return self._decided(part, truth, same) if same else {}

        return gathered(node.parts, sharing, who, MOST, followed=MOST)
