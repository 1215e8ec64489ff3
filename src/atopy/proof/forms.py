"""How properties of each general form become queries. A form of its own file registers itself likewise."""

from collections.abc import Iterator, Sequence

from atopy.criteria import And, Is, Missing, Node, Not, Ref, bind, disjunction
from atopy.guideline.properties import Added, Follows, Learned, Never, OnlyThrough, Speaks
from atopy.proof.grounds import Grounds
from atopy.proof.logic import TRUE, Formula, conjunction, negation
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
    """Nobody loses ``keeps`` by what is learned of him."""
    keeps = grounds.predicate(declared.keeps, declared.each)
    for member in grounds.members(declared.each, declared.among):
        yield _kept(member.names, bind(keeps, member.names), tuple(declared.apart_from))


def _kept(names: dict[str, str], keeps: Node, apart: tuple[str, ...]) -> Query:
    def claim(worlds: Worlds) -> Formula:
        lost = negation(worlds.later.truth(keeps).true)
        return conjunction([worlds.now.truth(keeps).true, lost, worlds.learning([keeps], apart)])

    return Query(names, (keeps,), claim, lambda w: w.now.truth(keeps).true, shown=keeps, learns=True)


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
        yield meets(member.names, bind(when, member.names), Not(Is(disjunction(told), True)))


@form(Follows)
def follows(grounds: Grounds, declared: Follows) -> Iterator[Query]:
    """For everybody whom a disagreement touches, the rule that was chosen holds."""
    for id_, text in declared.rules.items():
        touches = Ref("rule", (f"disagreement-{id_}",))
        yield meets({"disagreement": id_}, touches, Not(Is(grounds.predicate(text), True)))
