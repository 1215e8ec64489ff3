"""What decided a term: the recorded facts behind its value, found by functions made once for all patients.

Of a junction only the parts that share its truth decided; of the rest every term. The first few are enough to
name, so the search stops there; and a term that rests on nothing in this record was decided as in an empty one.
"""

from collections.abc import Callable, Iterable

from atopy.criteria import And, AtLeast, Decider, Is, Node, Not, Or, Ref, children, refs
from atopy.facts import Cases, Derivation, Greatest, Product, Rules, When, World
from atopy.truth import NOT, Truth

MOST = 6  # recorded facts that are named, and parts that are followed of one junction

Slots = tuple[int, ...]
Behind = Callable[["Reasons"], Slots]
_Decided = Callable[["Reasons", Truth], Slots]


class Behinds(dict[int, "Behind | None"]):
    """How to find what decided each term of a guideline; made on first use, the same for every patient.

    None for a term that comes straight from the record.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._predicates: dict[int, _Decided] = {}
        self._kept: list[Node] = []  # so that no id is used twice

    def __missing__(self, slot: int) -> "Behind | None":
        made = self[slot] = self._derived(self.rules.derivation_at(slot), slot)
        return made

    def predicate(self, node: Node) -> _Decided:
        """What decided a predicate, given a patient and its truth."""
        known = self._predicates.get(id(node))
        if known is None:
            known = self._predicates[id(node)] = self._node(node)
            self._kept.append(node)
        return known

    def _derived(self, derivation: Derivation, slot: int) -> Behind | None:
        if isinstance(derivation, When):
            decided = self._node(derivation.node)
            return lambda reasons: decided(reasons, reasons.world.truth(slot))
        if isinstance(derivation, Cases):
            return self._table(derivation, slot)
        if isinstance(derivation, Greatest):
            places = {name: self.rules.slot(Ref(name)) for name in derivation.names}
            return lambda reasons: _greatest(reasons, places, slot)
        if isinstance(derivation, Product):
            factors = [self.rules.slot(Ref(name)) for name in (*derivation.names, *derivation.over)]
            return lambda reasons: _first(reasons[place] for place in factors)
        return None

    def _table(self, table: Cases, slot: int) -> Behind:
        """The row that decided, or the fact that it passes on."""
        rows: list[_Decided] = [
            self._node(row.when if row.then_value is None else row.then_value) for row in table.rows
        ]

        def behind(reasons: "Reasons") -> Slots:
            found = reasons.world.found(slot)
            if found.row is None:
                return ()
            return rows[found.row](reasons, None if found.state == "undecided" else True)

        return behind

    def _node(self, node: Node) -> _Decided:
        """What decided a predicate of which the truth is known."""
        if isinstance(node, Ref):
            place = self.rules.slot(node)
            return lambda reasons, truth: reasons[place]
        if isinstance(node, And | Or):
            return self._junction(node)
        if isinstance(node, Not):
            inner = self._node(node.part)
            return lambda reasons, truth: inner(reasons, NOT[truth])
        if isinstance(node, Is | AtLeast):
            return self._each(children(node))
        places = [self.rules.slot(ref) for ref in refs(node)]
        if len(places) == 1:
            only = places[0]
            return lambda reasons, truth: reasons[only]
        return lambda reasons, truth: _first(reasons[place] for place in places)

    def _junction(self, node: And | Or) -> _Decided:
        """The parts that share the junction's truth, up to the most that are followed."""
        parts = [self._part(part) for part in node.parts]

        def decided(reasons: "Reasons", truth: Truth) -> Slots:
            kept: dict[int, None] = {}
            followed, world = 0, reasons.world
            for place, test, behind in parts:
                if (test(world) if place is None else world[place]) is truth:
                    for slot in behind(reasons, truth) if place is None else reasons[place]:
                        kept[slot] = None
                    followed += 1
                    if followed == MOST or len(kept) >= MOST:
                        break
            return tuple(kept)[:MOST]

        return decided

    def _part(self, part: Node) -> tuple[int | None, Decider, _Decided]:
        """A part of a junction: the place of a bare term, which is read at once; what decides any other."""
        place = self.rules.slot(part) if isinstance(part, Ref) else None
        return place, self.rules.decider(part), self._node(part)

    def _each(self, parts: tuple[Node, ...]) -> _Decided:
        made = [(self.rules.decider(part), self._node(part)) for part in parts]
        return lambda reasons, truth: _first(decided(reasons, test(reasons.world)) for test, decided in made)


def _greatest(reasons: "Reasons", places: dict[str, int], slot: int) -> Slots:
    name = reasons.world.found(slot).detail
    return reasons[places[name]] if name else ()


def _first(found: Iterable[Slots]) -> Slots:
    """The first few places, each once."""
    kept: dict[int, None] = {}
    for slots in found:
        for slot in slots:
            kept[slot] = None
        if len(kept) >= MOST:
            break
    return tuple(kept)[:MOST]


class Reasons(dict[int, Slots]):
    """What decided the terms of one patient: by the place of each term, those of the facts straight from the record
    that gave it its value, in order of reading. Each term is followed once.
    """

    __slots__ = ("_ahead", "_blank", "behinds", "world")

    def __init__(
        self,
        world: World,
        behinds: Behinds,
        blank: "Reasons | None" = None,
        ahead: Callable[[int], Slots] | None = None,
    ) -> None:
        self.world = world
        self.behinds = behinds
        self._blank = blank  # the reasons of the empty record
        self._ahead = ahead  # knows what was found for many patients together

    def __missing__(self, slot: int) -> Slots:
        if self._blank is not None and not self.world.touches(slot):
            found = self._blank[slot]
        elif self._ahead is not None:
            found = self._ahead(slot)
        else:
            behind = self.behinds[slot]
            found = (behind(self) if behind is not None else ()) or (slot,)
        self[slot] = found
        return found

    def predicate(self, node: Node) -> Slots:
        """The same for a predicate."""
        return self.behinds.predicate(node)(self, self.world.decide(node))


__all__ = ["MOST", "Behinds", "Reasons"]
