"""How properties of each general form become queries. A form of its own file registers itself likewise."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from atopy.criteria import And, Is, Missing, Node, Not, Ref, bind
from atopy.criteria import disjunction as any_of
from atopy.guideline.properties import Added, Follows, Learned, Never, OnlyThrough, Speaks
from atopy.proof.grounds import Grounds
from atopy.proof.logic import TRUE, Formula, conjunction, disjunction, negation
from atopy.proof.query import Query, form
from atopy.proof.worlds import Worlds


@form(Never)
def never(grounds: Grounds, declared: Never) -> Iterator[Query]:
    """No patient for whom ``when`` is true meets ``never``."""
    when, what = (grounds.predicate(text, declared.each) for text in (declared.when, declared.never))
    for member in grounds.members(declared.each, declared.among):
        yield meets(member.names, bind(when, member.names), bind(what, member.names))


def meets(names: dict[str, str], when: Node, what: Node) -> Query:
    """Whether a patient for whom *when* is true meets *what*."""
    both = And((when, what))
    return Query(
        names, (both,), lambda w: w.now.truth(both).true, lambda w: w.now.truth(when).true, shown=both
    )


@form(Added)
def added(grounds: Grounds, declared: Added) -> Iterator[Query]:
    """Nobody gains one of ``gains`` when ``add`` becomes true and nothing else changes."""
    when, add = (grounds.predicate(text, declared.each) for text in (declared.when, declared.add))
    gains = [grounds.predicate(text, declared.each) for text in declared.gains]
    assert isinstance(add, Ref), "what is added is a fact"
    for member in grounds.members(declared.each, declared.among):
        to = bind(add, member.names)
        assert isinstance(to, Ref)
        before = And((bind(when, member.names), Not(Is(to, True))))
        for place, gain in enumerate(gains):
            names = member.names | ({"gain": str(place + 1)} if len(gains) > 1 else {})
            yield _gained(names, before, to, bind(gain, member.names))


def _gained(names: dict[str, str], before: Node, add: Ref, gain: Node) -> Query:
    def claim(worlds: Worlds) -> Formula:
        after = worlds.supposing({add: TRUE})
        now = worlds.now.truth(before).true
        return conjunction([now, negation(worlds.now.truth(gain).true), after.truth(gain).true])

    return Query(names, (before, gain), claim, lambda w: w.now.truth(before).true, shown=before)


@form(Learned)
def learned(grounds: Grounds, declared: Learned) -> Iterator[Query]:
    """Nobody for whom ``when`` is true comes to meet ``never``; and each fact that is said to bring it about does."""
    when, never = (grounds.predicate(text, declared.each) for text in (declared.when, declared.never))
    asked_by = _fact(grounds, declared.asked_by, declared.each) if declared.asked_by else None
    apart = frozenset(declared.apart_from)
    found: list[_Learning] = []
    for member in grounds.members(declared.each, declared.among):
        asks = _bound(asked_by, member.names) if asked_by is not None else None
        found.append(_Learning(bind(when, member.names), bind(never, member.names), asks))
        yield _brought_about(member.names, found[-1], apart)
    for name in declared.apart_from:
        yield _exception(name, found, apart - {name})


class _Learning(NamedTuple):
    """Whether somebody meets one thing, and with more known of him another."""

    before: Node
    after: Node
    asks: Ref | None  # what this rests on is not learned

    def claim(self, worlds: Worlds, same: frozenset[str]) -> Formula:
        """When somebody does, of whom the facts *same* (names, or keys of terms) stay as they are."""
        own = worlds.cones.free(worlds.cones.of(self.asks)) if self.asks is not None else []
        learned = worlds.learning([self.before], same | {ref.key for ref in own})
        return conjunction([worlds.now.truth(self.before).true, worlds.later.truth(self.after).true, learned])


def _brought_about(names: dict[str, str], one: _Learning, same: frozenset[str]) -> Query:
    return Query(
        names, (one.before, one.after), lambda w: one.claim(w, same), lambda w: w.now.truth(one.before).true,
        shown=one.before, learns=True, also="\0".join([str(one.asks), *sorted(same)]).encode(),
    )  # fmt: skip


def _exception(name: str, found: Sequence[_Learning], same: frozenset[str]) -> Query:
    """Whether learning this fact, and none of the other exceptions, does bring it about for some member."""

    def claim(worlds: Worlds) -> Formula:
        asked = [one for one in found if any(r.name == name for r in _resting(worlds, one.before))]
        return disjunction(one.claim(worlds, same) for one in asked)

    nodes = tuple(node for one in found for node in (one.before, one.after))
    return Query({"apart_from": name}, nodes, claim, wanted=True, also="\0".join(sorted(same)).encode())


def _resting(worlds: Worlds, node: Node) -> list[Ref]:
    return worlds.cones.free(worlds.cones.of_nodes([node]))


@form(OnlyThrough)
def only_through(grounds: Grounds, declared: OnlyThrough) -> Iterator[Query]:
    """No way leads from the cause to the effect but through the facts named. Found by following what rests on what."""
    cause, effect = (_fact(grounds, text, declared.each) for text in (declared.cause, declared.effect))
    through = [_fact(grounds, text, declared.each) for text in declared.through]
    for member in grounds.members(declared.each, declared.among):
        yield _cut(member.names, *(_bound(ref, member.names) for ref in (cause, effect, *through)))


def _cut(names: dict[str, str], cause: Ref, effect: Ref, *through: Ref) -> Query:
    def claim(worlds: Worlds) -> Formula:
        return worlds.cones.reaches(cause, effect, {ref.key for ref in through})

    return Query(names, (Missing(effect),), claim)


def _fact(grounds: Grounds, text: str, each: Sequence[str]) -> Ref:
    ref, _ = grounds.term(text, each)
    return ref


def _bound(ref: Ref, names: dict[str, str]) -> Ref:
    made = bind(ref, names)
    assert isinstance(made, Ref)
    return made


@form(Speaks)
def speaks(grounds: Grounds, declared: Speaks) -> Iterator[Query]:
    """An item that holds for a patient tells him something."""
    when = grounds.predicate(declared.when, [declared.item])
    for member in grounds.members([declared.item]):
        item = grounds.items[declared.item][member.names[declared.item]]
        told: list[Node] = [Ref("rule", (s.id,)) for part in declared.parts for s in getattr(item, part, [])]
        yield meets(member.names, bind(when, member.names), Not(Is(any_of(told), True)))


@form(Follows)
def follows(grounds: Grounds, declared: Follows) -> Iterator[Query]:
    """For everybody whom a disagreement touches, the rule that was chosen holds."""
    for id_, text in declared.rules.items():
        touches = Ref("rule", (f"disagreement-{id_}",))
        yield meets({"disagreement": id_}, touches, Not(Is(grounds.predicate(text), True)))
