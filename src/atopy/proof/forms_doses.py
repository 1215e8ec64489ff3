"""Properties of regimens: inside the licence somebody always has one dose, and it is never above its maximum."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

import msgspec

from atopy.criteria import And, Constant, Node, Number, OneOf, Ref, bind, refs
from atopy.facts import When
from atopy.guideline import Regimen, Strengths, Therapy
from atopy.guideline.rule_properties import Dosed, OneDose, WithinMaximum
from atopy.plan.dose import Setting
from atopy.proof.dose_limits import above_a_maximum
from atopy.proof.grounds import Grounds
from atopy.proof.logic import Formula, conjunction, negation
from atopy.proof.query import Query, form
from atopy.proof.worlds import Worlds


def _giving(therapy: Therapy) -> list[Regimen]:
    """Its regimens that give a dose of their own."""
    return [r for r in therapy.regimens if r.dose is not None or r.loading is not None]


def _rule(id_: str) -> Ref:
    return Ref("rule", (id_,))


# -- a dose for everybody


@form(Dosed)
def dosed(grounds: Grounds, declared: Dosed) -> Iterator[Query]:
    """Whom a dose is owed has one; whoever is said to have none is somebody, and really has none."""
    owed = grounds.predicate(declared.when, ["option"])
    for option, therapy in grounds.compiled.therapies.items():
        given = _giving(therapy)
        if not given:
            continue
        regimens = [_rule(r.id) for r in given]
        when = And((bind(owed, {"option": option}), _where(given)))
        asked = list(dict.fromkeys(ref for rule in regimens for ref in _asked(grounds, rule)))
        without = [_rule(u.id) for u in therapy.undosed]
        yield _undosed({"option": option}, when, regimens, without, asked)
        for one in without:
            yield _stated(option, one, when, regimens)


def _where(regimens: list[Regimen]) -> Node:
    """A country for which the content has a dose: where it has none at all, no band leaves a gap."""
    countries = tuple(dict.fromkeys(r.country for r in regimens if r.country is not None))
    everywhere = any(r.country is None for r in regimens)
    return Constant(True) if everywhere else OneOf(Ref("country"), countries)


def _asked(grounds: Grounds, rule: Ref) -> list[Ref]:
    """The terms that a rule itself speaks of."""
    derivation = grounds.rules.derivation(grounds.rules.facts[rule.name], rule.args)
    return list(refs(derivation.node)) if isinstance(derivation, When) else []


def _undosed(
    names: dict[str, str], when: Node, regimens: list[Ref], said: list[Ref], asked: list[Ref]
) -> Query:
    """Whether somebody of whom all is known that the regimens ask has no dose, and nothing says so."""

    def claim(worlds: Worlds) -> Formula:
        now = worlds.now
        none = [negation(now.truth(rule).true) for rule in (*regimens, *said)]
        return conjunction([now.truth(when).true, *none, *(now.known(ref) for ref in asked)])

    return Query(names, (when, *regimens, *said), claim)


def _stated(option: str, one: Ref, when: Node, regimens: list[Ref]) -> Query:
    def claim(worlds: Worlds) -> Formula:
        now = worlds.now
        none = [negation(now.truth(rule).true) for rule in regimens]
        return conjunction([now.truth(when).true, now.truth(one).true, *none])

    names = {"option": option, "undosed": one.args[0]}
    return Query(names, (when, one, *regimens), claim, wanted=True)


# -- and only one


@form(OneDose)
def one_dose(grounds: Grounds, declared: OneDose) -> Iterator[Query]:
    """Two regimens of different doses never apply at once; those that say they do, do."""
    whom = grounds.predicate(declared.when, ["option"])
    for option, therapy in grounds.compiled.therapies.items():
        when = bind(whom, {"option": option})
        for one, other in combinations(_giving(therapy), 2):
            if _apart(one, other):
                continue
            meant = other.id in one.beside or one.id in other.beside
            both = And((when, _rule(one.id), _rule(other.id)))
            names = {"option": option, "regimen": one.id, "other": other.id}
            yield _both(names, both, meant)


def _apart(one: Regimen, other: Regimen) -> bool:
    """Whether they are of two countries, or the same dose for two groups of patients."""
    alike = (one.loading, one.dose, one.then, one.maximum) == (
        other.loading, other.dose, other.then, other.maximum
    )  # fmt: skip
    return alike or (one.country is not None and other.country is not None and one.country != other.country)


def _both(names: dict[str, str], both: Node, meant: bool) -> Query:
    return Query(names, (both,), lambda w: w.now.truth(both).true, wanted=meant, also=bytes([meant]))


# -- never above its maximum


@form(WithinMaximum)
def within_maximum(grounds: Grounds, declared: WithinMaximum) -> Iterator[Query]:
    """For every weight that can be, by the arithmetic of the plan itself."""
    for option, therapy in grounds.compiled.therapies.items():
        for regimen in _giving(therapy):
            for place, setting in enumerate(_settings(therapy)):
                names = {"option": option, "regimen": regimen.id, "with": str(place)}
                yield _within(grounds, names, regimen, setting)


def _settings(therapy: Therapy) -> list[Setting]:
    """What may bear on a dose: all ceilings at once, each share, each way it is made."""
    ceilings = tuple(
        r.maximum for r in therapy.regimens if r.maximum is not None and r.dose is None and r.loading is None
    )
    made: list[Strengths | None] = [*therapy.made_as] or [None]
    shares = [(), *((r.share,) for r in therapy.regimens if r.share is not None)]
    return [
        Setting(None, c, s, m) for c in ([(), ceilings] if ceilings else [()]) for s in shares for m in made
    ]


def _within(grounds: Grounds, names: dict[str, str], regimen: Regimen, setting: Setting) -> Query:
    fact = grounds.compiled.facts.get("weight_kg")
    kind = fact.signature.type if fact is not None else None
    low, high = (kind.low, kind.high) if isinstance(kind, Number) else (None, None)
    weights = (low or Decimal("0.1"), high or Decimal(1000))
    return Query(
        names,
        (_rule(regimen.id),),
        lambda _: above_a_maximum(regimen, setting, weights) is not None,
        also=msgspec.msgpack.encode((regimen, setting, weights)),
    )


__all__ = ["dosed", "one_dose", "within_maximum"]
