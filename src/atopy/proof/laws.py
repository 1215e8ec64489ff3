"""What every record obeys, so that no impossible patient is a counterexample.

Some of it follows from how facts are read (an age in months and in years; a class and its members); the rest is
declared beside the facts in the content (``always``), and tests hold it true of records.
"""

from collections import defaultdict
from collections.abc import Iterator

import msgspec
import z3

from atopy.criteria import Node, Ref, bind
from atopy.facts import Demographic, Observe
from atopy.proof.logic import Formula, Rails
from atopy.proof.space import Amount, Space

_MONTHS = 12


class Laws:
    """The laws of one space, handed out once each as its free terms come up."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._seen: set[str] = set()
        self._ages: dict[str, Amount] = {}
        self._alike: dict[bytes, list[tuple[frozenset[str], Rails]]] = defaultdict(list)

    def fresh(self) -> list[z3.BoolRef]:
        """The laws of the free terms that came up since this was last asked."""
        made: list[z3.BoolRef] = []
        while len(self._seen) < len(self.space.free):
            for key, ref in list(self.space.free.items()):
                if key not in self._seen:
                    self._seen.add(key)
                    made += [law for law in self._of(ref) if not isinstance(law, bool)]
        return made

    def _of(self, ref: Ref) -> Iterator[Formula]:
        space = self.space
        yield from space.bounds[ref.key]
        for law in declared(space, ref):
            yield space.truth(law).true
        derivation = space.derivation(ref)
        if isinstance(derivation, Demographic) and derivation.what in ("years", "months"):
            yield from self._age(derivation.what, space.amount(ref))
        if isinstance(derivation, Observe) and derivation.measure == "exists":
            yield from self._members(ref, derivation)

    def _age(self, what: str, age: Amount) -> Iterator[Formula]:
        """Completed years are completed months by twelve; who knows the months knows the years."""
        self._ages[what] = age
        if len(self._ages) < 2:
            return
        (in_months, months), (in_years, years) = self._ages["months"].pieces[0], self._ages["years"].pieces[0]
        yield z3.Implies(in_months, in_years)
        yield z3.Implies(in_months, z3.And(months >= _MONTHS * years, months < _MONTHS * years + _MONTHS))

    def _members(self, ref: Ref, observe: Observe) -> Iterator[Formula]:
        """What is found of some of the codes is found of more of them, where all else that is asked is the same."""
        events = observe.events
        fact = self.space.rules.facts[ref.name]
        asked = msgspec.msgpack.encode(
            (events.kind, events.where, events.within, events.future, fact.valid_for)
        )
        codes = frozenset(c for code in events.codes for c in self.space.rules.codes(code))
        here = self.space.rails(ref)
        for others, there in self._alike[asked]:
            if codes <= others or "*" in others:
                yield z3.Implies(here.true, there.true)
            elif others <= codes or "*" in codes:
                yield z3.Implies(there.true, here.true)
        self._alike[asked].append((codes, here))


def declared(space: Space, ref: Ref) -> list[Node]:
    """The laws that the content declares beside the fact of a term, for its argument."""
    fact = space.rules.facts[ref.name]
    to = dict(zip(fact.signature.parameters, ref.args, strict=True))
    return [bind(node, to) for node in fact.always]
