"""What is not known: from an undecided term down to the facts that somebody could be asked for.

The ways down are the same for every patient and made once; which of them are open, the patient's values say.
"""

from collections.abc import Callable
from datetime import date

from atopy.criteria import Is, Missing, Node, Ref, children, refs
from atopy.facts import Cases, Derivation, Greatest, Product, Rules, When, World
from atopy.facts.rules import keep_few
from atopy.plan.together import Ahead

_Slots = tuple[int, ...]
_Way = Callable[["_Search"], _Slots]


class Ways:
    """The ways down from each term of a guideline, made on first use."""

    def __init__(self, rules: Rules, stop_at_questions: bool) -> None:
        self.rules = rules
        self._stop_at_questions = stop_at_questions
        self._made: dict[int, _Way] = {}
        self._predicates: dict[int, _Way] = {}
        self._kept: list[Node] = []  # so that no id is used twice

    def of(self, slot: int) -> _Way:
        """From the term with this place, which is unknown."""
        made = self._made.get(slot)
        if made is None:
            made = self._made[slot] = self._from_term(slot)
        return made

    def predicate(self, node: Node) -> _Way:
        """From a predicate."""
        made = self._predicates.get(id(node))
        if made is None:
            made = self._predicates[id(node)] = self._node(node)
            self._kept.append(node)
        return made

    def _from_term(self, slot: int) -> _Way:
        here = (slot,)
        asked = self.rules.facts[self.rules.refs[slot].name].question and self._stop_at_questions
        below = () if asked else self._below(self.rules.derivation_at(slot))
        return _all_of(below) if below else lambda _: here

    def _below(self, derivation: Derivation) -> list[_Way]:
        """Each way on; none from a term that comes straight from the record."""
        if isinstance(derivation, When):
            return [self._node(derivation.node)]
        if isinstance(derivation, Cases):
            return [self._node(row.when) for row in derivation.rows]
        if isinstance(derivation, Greatest):
            return [self._term(Ref(name)) for name in derivation.names]
        if isinstance(derivation, Product):
            return [self._term(Ref(name)) for name in (*derivation.names, *derivation.over)]
        return []

    def _term(self, ref: Ref) -> _Way:
        if ref.event:
            return lambda _: ()
        slot = self.rules.slot(ref)
        return lambda search: search[slot]

    def _node(self, node: Node) -> _Way:
        """A predicate that is decided leads nowhere; whether one is known never depends on more."""
        if isinstance(node, Ref):
            return self._term(node)
        if isinstance(node, Missing):
            return self._term(node.ref)
        inner = [self._node(part) for part in children(node)] or [self._term(ref) for ref in refs(node)]
        below = _all_of(inner)
        if isinstance(node, Is):
            return below
        test = self.rules.decider(node)
        return lambda search: below(search) if test(search.world) is None else ()


def _all_of(ways: list[_Way]) -> _Way:
    if len(ways) == 1:
        return ways[0]

    def each_once(search: "_Search") -> _Slots:
        kept: dict[int, None] = {}
        for way in ways:
            for slot in way(search):
                kept[slot] = None
        return tuple(kept)

    return each_once


class _Search(dict[int, _Slots]):
    """By the place of each term of one patient, those of the unknown facts behind it; none when it is known.

    Each is followed once. What rests on nothing here is as in an empty record.
    """

    __slots__ = ("_ahead", "_blank", "ways", "world")

    def __init__(
        self, world: World, ways: Ways, blank: "_Search | None", ahead: Callable[[int], _Slots] | None
    ) -> None:
        self.world = world
        self.ways = ways
        self._blank = blank
        self._ahead = ahead  # knows what was found for many patients together

    def __missing__(self, slot: int) -> _Slots:
        if self.world[slot] is not None:
            found: _Slots = ()
        elif self._ahead is not None:
            found = self._ahead(slot)
        elif self._blank is not None and not self.world.touches(slot):
            found = self._blank[slot]
        else:
            found = self.ways.of(slot)(self)
        self[slot] = found
        return found


class AllWays:
    """The ways down to the facts with a question, and down to the record itself; and what an empty record asks."""

    def __init__(self, rules: Rules) -> None:
        self.to_questions = Ways(rules, stop_at_questions=True)
        self.to_record = Ways(rules, stop_at_questions=False)
        self._blank: dict[date, Gaps] = {}

    def of_blank(self, world: World) -> "Gaps | None":
        """The gaps of the empty record that *world* falls back on; None where it is that record."""
        return None if world.blank is world else self.of_day(world.blank)

    def of_day(self, blank: World) -> "Gaps":
        """The gaps of the empty record as of its day."""
        if blank.as_of not in self._blank:
            keep_few(self._blank)[blank.as_of] = Gaps(blank, self)
        return self._blank[blank.as_of]


class Gaps:
    """The unknown facts of one patient."""

    __slots__ = ("_blank", "_lists", "_rules", "_world", "questions", "record")

    def __init__(self, world: World, ways: AllWays | None = None, ahead: Ahead | None = None) -> None:
        ways = ways or AllWays(world.rules)
        blank: Gaps | None = ways.of_blank(world)
        self._world, self._blank = world, blank
        self._rules = world.rules
        self.questions: _Search = _Search(
            world, ways.to_questions, blank.questions if blank else None, ahead.questions if ahead else None
        )
        self.record: _Search = _Search(
            world, ways.to_record, blank.record if blank else None, ahead.record if ahead else None
        )
        self._lists: dict[int, str | None] = {}

    def asked(self, ref: Ref) -> tuple[Ref, ...]:
        """The facts to ask for behind an unknown term: those with a question, or straight from events."""
        return self._refs(self.asked_at(self._rules.slot(ref)))

    def asked_at(self, slot: int) -> _Slots:
        """The places of the facts to ask for behind the term with this place."""
        return self.questions[slot]

    def undecided(self, node: Node) -> tuple[Ref, ...]:
        """The facts to ask for behind an undecided predicate."""
        return self._refs(self.undecided_at(node))

    def undecided_at(self, node: Node) -> _Slots:
        """Their places."""
        return self.questions.ways.predicate(node)(self.questions)

    def closing_list(self, slot: int) -> str | None:
        """The list of the record that would answer an unknown term if somebody attested it as complete."""
        if slot not in self._lists:
            elsewhere = self._blank is not None and not self._world.touches(slot)
            self._lists[slot] = (
                self._blank.closing_list(slot)
                if elsewhere and self._blank
                else self._closing(self.record[slot])
            )
        return self._lists[slot]

    def _closing(self, leaves: _Slots) -> str | None:
        facts, terms = self._rules.facts, self._rules.refs
        lists: set[str] = set()
        for leaf in leaves:
            lists.add(facts[terms[leaf].name].absent)
            if len(lists) > 1:
                return None
        only = lists.pop() if lists else ""
        return only.removeprefix("attested ") if only.startswith("attested ") else None

    def _refs(self, slots: _Slots) -> tuple[Ref, ...]:
        return tuple(self._rules.refs[slot] for slot in slots)
