"""What is not known: from an undecided term down to the facts that somebody could be asked for."""

from atopy.criteria import Is, Missing, Node, Ref, children, refs
from atopy.facts import Cases, Greatest, When, World


class Gaps:
    """The unknown facts of one patient. Each term is followed once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._asked: dict[str, tuple[Ref, ...]] = {}
        self._leaves: dict[str, tuple[Ref, ...]] = {}

    def asked(self, ref: Ref) -> tuple[Ref, ...]:
        """The facts to ask for behind an unknown term: those with a question, or straight from events."""
        return self._follow(ref, self._asked, stop_at_questions=True)

    def closing_list(self, ref: Ref) -> str | None:
        """The list of the record that would answer an unknown term if somebody attested it as complete."""
        facts = self.world.rules.facts
        lists = {facts[leaf.name].absent for leaf in self._follow(ref, self._leaves, stop_at_questions=False)}
        only = lists.pop() if len(lists) == 1 else ""
        return only.removeprefix("attested ") if only.startswith("attested ") else None

    def undecided(self, node: Node) -> tuple[Ref, ...]:
        """The facts to ask for behind an undecided predicate."""
        return self._predicate(node, self._asked, stop_at_questions=True)

    def _follow(
        self, ref: Ref, known: dict[str, tuple[Ref, ...]], stop_at_questions: bool
    ) -> tuple[Ref, ...]:
        if ref.event or self.world.value(ref) is not None:
            return ()
        if ref.key not in known:
            known[ref.key] = self._behind(ref, known, stop_at_questions)
        return known[ref.key]

    def _behind(
        self, ref: Ref, known: dict[str, tuple[Ref, ...]], stop_at_questions: bool
    ) -> tuple[Ref, ...]:
        fact = self.world.rules.facts[ref.name]
        if fact.question and stop_at_questions:
            return (ref,)
        derivation = self.world.rules.derivation(fact, ref.args)
        if isinstance(derivation, When):
            return self._predicate(derivation.node, known, stop_at_questions)
        if isinstance(derivation, Cases):
            rows = (self._predicate(row.when, known, stop_at_questions) for row in derivation.rows)
            return tuple(dict.fromkeys(r for found in rows for r in found))
        if isinstance(derivation, Greatest):
            found = (self._follow(Ref(name), known, stop_at_questions) for name in derivation.names)
            return tuple(dict.fromkeys(r for one in found for r in one))
        return (ref,)

    def _predicate(
        self, node: Node, known: dict[str, tuple[Ref, ...]], stop_at_questions: bool
    ) -> tuple[Ref, ...]:
        if isinstance(node, Missing):
            return self._follow(node.ref, known, stop_at_questions)
        if not isinstance(node, Is) and self.world.decide(node) is not None:
            return ()
        inner = [self._predicate(part, known, stop_at_questions) for part in children(node)]
        if not inner:
            inner = [self._follow(ref, known, stop_at_questions) for ref in refs(node)]
        return tuple(dict.fromkeys(r for found in inner for r in found))
