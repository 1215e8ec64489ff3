"""What a guideline gives a proof to stand on: its terms, its sets, and its declared properties."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from atopy.criteria import Node
from atopy.criteria.parser import parse
from atopy.facts import Rules
from atopy.facts.lexicon import Lexicon
from atopy.guideline import Compiled
from atopy.guideline.properties import Declared, Member, Named, decoded, sets


class Grounds:
    """One guideline, ready to be proved."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.rules = Rules(compiled.facts, compiled.vocabulary)
        self.sets: dict[str, Named] = sets(compiled.therapies, compiled.domains)
        self.properties: dict[str, Declared] = {
            id_: decoded(form, raw) for id_, (form, raw) in compiled.properties.items()
        }
        signatures = {name: fact.signature for name, fact in compiled.facts.items()}
        own = {
            name: tuple(m.names[name] for m in of.members)
            for of in self.sets.values() for name in of.domains if name not in compiled.domains
        }  # fmt: skip
        self._names = Lexicon(signatures, {**compiled.domains, **own})

    def members(self, each: Sequence[str], among: Mapping[str, Sequence[str]] = {}) -> Iterator[Member]:
        """Every combination of members of these sets that has one of the values asked for of each attribute."""
        for chosen in product(*(self.sets[name].members for name in each)):
            names = {k: v for m in chosen for k, v in m.names.items()}
            attributes = {k: v for m in chosen for k, v in m.attributes.items()}
            if all(attributes.get(k) in wanted for k, wanted in among.items()):
                yield Member(names, attributes)

    def predicate(self, text: str, each: Sequence[str] = ()) -> Node:
        """The tree of *text*, which may use the names of the sets of *each*. Raises CriteriaError."""
        return parse(text, self._names, {n: n for name in each for n in self.sets[name].domains})
