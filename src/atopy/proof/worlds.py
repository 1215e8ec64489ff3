"""The patients that a claim speaks of: any patient now, and the same one with something added or learned."""

from collections.abc import Mapping

import z3

from atopy.criteria import Ref
from atopy.facts import Rules
from atopy.proof.cone import Cones
from atopy.proof.laws import Laws
from atopy.proof.space import Space, Supposed, Term


class Worlds:
    """Every possible patient of one guideline, and the laws that they obey."""

    def __init__(self, rules: Rules, cones: Cones) -> None:
        self.cones = cones
        self.now = Space(rules)
        self._laws = [Laws(self.now)]

    def supposing(self, given: Mapping[Ref, Term]) -> Space:
        """The same patients, with these terms worth something else."""
        bits = 0
        for ref in given:
            bits |= self.cones.bit(ref)
        return Supposed(self.now, given, lambda ref: bool(self.cones.of(ref) & bits))

    def fresh_laws(self) -> list[z3.BoolRef]:
        """The laws of all free terms that came up since this was last asked."""
        return [law for laws in self._laws for law in laws.fresh()]
