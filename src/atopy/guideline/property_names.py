"""What the predicates of properties may name: the facts of a guideline, and the members of its sets."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from atopy.criteria import Node, Ref, Signature
from atopy.facts.lexicon import Lexicon
from atopy.guideline.compiled import Compiled
from atopy.guideline.properties import Member, Named, sets


class PropertyNames:
    """The names of one guideline, for its properties."""

    def __init__(self, compiled: Compiled) -> None:
        self.sets: dict[str, Named] = sets(compiled.therapies, compiled.meta.rungs, compiled.domains)
        signatures = {name: fact.signature for name, fact in compiled.facts.items()}
        own = {
            name: tuple(m.names[name] for m in of.members)
            for of in self.sets.values() for name in of.domains if name not in compiled.domains
        }  # fmt: skip
        self._names = Lexicon(signatures, {**compiled.domains, **own})

    def members(self, each: Sequence[str], among: Mapping[str, Sequence[str]] = {}) -> Iterator[Member]:
        """Every combination of members of these sets that has one of the values asked for of each attribute.

        ``differs`` is an attribute of every combination: whether its names are all different.
        """
        for chosen in product(*(self.sets[name].members for name in each)):
            names = {k: v for m in chosen for k, v in m.names.items()}
            attributes = {k: v for m in chosen for k, v in m.attributes.items()}
            attributes["differs"] = "yes" if len(set(names.values())) == len(names) else "no"
            if all(attributes.get(k) in wanted for k, wanted in among.items()):
                yield Member(names, attributes)

    def predicate(self, text: str, each: Sequence[str] = ()) -> Node:
        """The tree of *text*, which may use the names of the sets of *each*. Raises CriteriaError."""
        from atopy.criteria.parser import parse

        return parse(text, self._names, self._parameters(each))

    def term(self, text: str, each: Sequence[str] = ()) -> tuple[Ref, Signature]:
        """A single fact, which may be asked of a name of the sets of *each*. Raises CriteriaError."""
        from atopy.criteria.parser import parse_term

        return parse_term(text, self._names, self._parameters(each))

    def _parameters(self, each: Sequence[str]) -> dict[str, str]:
        return {name: name for of in each for name in self.sets[of].domains}
