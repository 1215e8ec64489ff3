"""The patients that a claim speaks of: any patient now, and the same one with something added or learned."""

from collections.abc import Collection, Mapping, Sequence

import z3

from atopy.criteria import Node, Ref
from atopy.facts import Rules
from atopy.proof.cone import Cones
from atopy.proof.laws import Laws
from atopy.proof.logic import Formula, Rails, conjunction, disjunction, negation
from atopy.proof.space import Amount, Choice, Space, Supposed, Term


class Worlds:
    """Every possible patient of one guideline, and the laws that they obey."""

    def __init__(self, rules: Rules, cones: Cones) -> None:
        self.cones = cones
        self.now = Space(rules)
        self.later = Space(rules, "later ")  # the same patient with more known of him, or another one
        self._supposed: dict[str, Supposed] = {}
        self._laws = [Laws(self.now), Laws(self.later)]

    def supposing(self, given: Mapping[Ref, Term]) -> Space:
        """The same patients, with these terms worth something else."""
        said = ", ".join(f"{ref} := {term}" for ref, term in given.items())
        known = self._supposed.get(said)
        if known is None:
            bits = 0
            for ref in given:
                bits |= self.cones.bit(ref)
            mark = f"supposing {len(self._supposed)}: "
            known = Supposed(self.now, mark, given, lambda ref: bool(self.cones.of(ref) & bits))
            self._supposed[said] = known
        return known

    def learning(self, nodes: Sequence[Node], never_learned: Collection[str] = ()) -> Formula:
        """``later`` is the same patient as ``now`` with more known of what the predicates rest on.

        *never_learned*: names of facts, or keys of terms, that stay as they are.
        """
        parts: list[Formula] = []
        for ref in self.cones.free(self.cones.of_nodes(nodes)):
            same = ref.key in never_learned or ref.name in never_learned
            parts.append(_learned(self.now.term(ref), self.later.term(ref), same))
        return conjunction(parts)

    def fresh(self) -> list[z3.BoolRef]:
        """The laws of all free terms, and the definitions of derived ones, that came up since this was last asked."""
        found = [law for laws in self._laws for law in laws.fresh()]
        for space in (self.now, self.later):
            found += space.definitions
            space.definitions.clear()
        return found


def _learned(now: Term, later: Term, same: bool) -> Formula:
    """What was known stays so; what was not may be known later, unless it is the *same*."""
    if isinstance(now, Amount):
        assert isinstance(later, Amount)
        (before, x), (after, y) = now.pieces[0], later.pieces[0]
        kept = disjunction([negation(before), conjunction([after, x == y])])
        return conjunction([kept, disjunction([before, negation(after)])]) if same else kept
    assert not isinstance(later, Amount)
    pairs = list(zip(_states(now), _states(later), strict=True))
    if same:
        return conjunction(before == after for before, after in pairs)
    return conjunction(disjunction([negation(before), after]) for before, after in pairs)


def _states(term: Rails | Choice) -> list[Formula]:
    return list(term) if isinstance(term, Rails) else list(term.of.values())
