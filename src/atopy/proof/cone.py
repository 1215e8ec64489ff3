"""What each term rests on, as bits; and which terms mean something else in a changed guideline."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from atopy.criteria import Node, Ref, refs
from atopy.facts import Cases, CompiledFact, Derivation, Greatest, Observe, Product, Rules, When
from atopy.facts.compile import speaks_of

DERIVED = (When, Cases, Greatest, Product)
"""What follows from other facts; the rest comes straight from a record."""


class Cones:
    """Of each term of one guideline: itself and all that it rests on, down to what is straight from a record."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._places: dict[str, int] = {}
        self._refs: list[Ref] = []
        self._masks: dict[str, int] = {}

    def of(self, ref: Ref) -> int:
        """The bits of a term and of everything under it."""
        mask = self._masks.get(ref.key)
        if mask is None:
            mask = 1 << self._place(ref)
            for under in under_it(self.derivation(ref)):
                mask |= self.of(under)
            self._masks[ref.key] = mask
        return mask

    def of_nodes(self, nodes: Iterable[Node]) -> int:
        """The bits of everything that the predicates rest on."""
        mask = 0
        for node in nodes:
            for ref in refs(node):
                mask |= self.of(ref)
        return mask

    def derivation(self, ref: Ref) -> Derivation:
        """How a term is derived."""
        return self.rules.derivation(self.rules.facts[ref.name], ref.args)

    def bit(self, ref: Ref) -> int:
        """The bit of a term alone."""
        return 1 << self._place(ref)

    def reaches(self, cause: Ref, effect: Ref, through: Collection[str]) -> bool:
        """Whether *effect* rests on *cause* in a way that does not lead through these terms."""
        if effect.key == cause.key:
            return True
        seen = {effect.key}
        todo = [effect]
        while todo:
            for ref in under_it(self.derivation(todo.pop())):
                if ref.key == cause.key:
                    return True
                if ref.key not in seen and ref.key not in through:
                    seen.add(ref.key)
                    todo.append(ref)
        return False

    def terms(self, mask: int) -> Iterator[Ref]:
        """The terms of the bits, in the order they were first met."""
        while mask:
            lowest = mask & -mask
            yield self._refs[lowest.bit_length() - 1]
            mask ^= lowest

    def free(self, mask: int) -> list[Ref]:
        """Those of the bits that come straight from a record."""
        return [ref for ref in self.terms(mask) if not isinstance(self.derivation(ref), DERIVED)]

    def _place(self, ref: Ref) -> int:
        place = self._places.get(ref.key)
        if place is None:
            place = self._places[ref.key] = len(self._refs)
            self._refs.append(ref)
        return place


def under_it(derivation: Derivation) -> list[Ref]:
    """The terms that a derived term is a formula over; none for one straight from a record."""
    return speaks_of(derivation) if isinstance(derivation, DERIVED) else []


def definition(rules: Rules, ref: Ref) -> bytes:
    """All of a term's meaning that a proof uses: two of the same bytes are the same formula over what is under them."""
    fact: CompiledFact | None = rules.facts.get(ref.name)
    if fact is None:
        return b""
    derivation = rules.derivation(fact, ref.args)
    said: object = derivation
    if isinstance(derivation, Cases):
        said = (
            [(r.when, r.then, r.unknown, r.then_value, r.number) for r in derivation.rows],
            derivation.otherwise,
        )
    elif isinstance(derivation, Observe):
        codes = [rules.codes(code) for code in derivation.events.codes]
        said = derivation.measure, derivation.events, codes, fact.valid_for
    return msgspec.msgpack.encode((type(derivation).__name__, said, fact.signature.type, fact.always))
