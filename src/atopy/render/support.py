"""What decided, with the steps between: the proof that ``why`` shows where the whole of it would fill a book."""

from itertools import islice

import msgspec

from atopy.criteria import And, AtLeast, Node, Not, Or, Ref, children, english, refs
from atopy.facts import Cases, Derivation, Found, Greatest, When
from atopy.plan import Case, Trace
from atopy.truth import NAMES

_MOST = 4  # parts that are shown of one junction


class Support:
    """The part of the proof of one case that carries its truth: of an AND or OR only what decided it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.world = case.world
        self._known: dict[Ref, Trace] = {}

    def term(self, ref: Ref) -> Trace:
        """A fact with its value, its events, and what it rests on."""
        known = self._known.get(ref)
        if known is None:
            found = self.world.find(ref)
            fact = self.case.compiled.facts[ref.name]
            parts = self._behind(self.world.rules.derivation(fact, ref.args), found)
            known = self._known[ref] = msgspec.structs.replace(self.case.explainer.term(ref), parts=parts)
        return known

    def predicate(self, node: Node) -> Trace:
        """A predicate with its truth and what decided it."""
        if isinstance(node, Ref):
            return self.term(node)
        truth = self.world.decide(node)
        inner = children(node)
        if isinstance(node, And | Or):
            inner = tuple(islice((p for p in inner if self.world.decide(p) is truth), _MOST))
            if len(inner) == 1:
                return self.predicate(inner[0])
        parts = [self.predicate(p) for p in inner] or [self.term(r) for r in refs(node)]
        return Trace(english(node, self.case.explainer.words), NAMES[truth], parts=tuple(parts))

    def _behind(self, derivation: Derivation, found: Found) -> tuple[Trace, ...]:
        if isinstance(derivation, When):
            trace = self.predicate(derivation.node)
            composed = isinstance(derivation.node, And | Or | AtLeast | Not)
            same = composed and trace.id is None and trace.parts
            return trace.parts if same else (trace,)
        if isinstance(derivation, Cases) and found.row is not None:
            return (self.predicate(derivation.rows[found.row].when),)
        if isinstance(derivation, Greatest) and found.detail:
            return (self.term(Ref(found.detail)),)
        return ()
