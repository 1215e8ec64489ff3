"""Properties of rules: each can fire, none fires on an empty record, and none repeats another without saying so."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from atopy.criteria import Boolean, Category, Constant, Node, Ref, bind
from atopy.criteria import disjunction as any_of
from atopy.facts import CompiledFact, Demographic, Derivation, Rules, When, blank_of
from atopy.guideline.rule_properties import Alone, Possible, Silent
from atopy.guideline.schema import Check, Contraindication, Grade, Interaction, Limit, Statement, Therapy
from atopy.proof.cone import Cones
from atopy.proof.grounds import Grounds
from atopy.proof.logic import FALSE, TRUE, UNKNOWN, Formula, conjunction, negation
from atopy.proof.query import Query, form
from atopy.proof.space import Amount, Choice, Space, Term
from atopy.proof.worlds import Worlds


@form(Possible)
def possible(grounds: Grounds, declared: Possible) -> Iterator[Query]:
    """Some patient meets it, for each member."""
    some = grounds.predicate(declared.some, declared.each)
    for member in grounds.members(declared.each, declared.among):
        node = bind(some, member.names)
        if not (declared.false_as_written and _is_false(grounds, node)):
            yield _somebody(member.names, node)


def _is_false(grounds: Grounds, node: Node) -> bool:
    """Whether it is a rule that the content writes as FALSE: a check that no record can show as done."""
    if not isinstance(node, Ref):
        return False
    return grounds.rules.derivation(grounds.rules.facts[node.name], node.args) == When(Constant(False))


def _somebody(names: dict[str, str], node: Node) -> Query:
    return Query(names, (node,), lambda w: w.now.truth(node).true, wanted=True)


# -- an empty record


@form(Silent)
def silent(grounds: Grounds, declared: Silent) -> Iterator[Query]:
    """Of a record that holds nothing it is true on no day; but it is of each exception."""
    node = grounds.predicate(declared.silent, declared.each)
    nobody, cones = Nobody(grounds.rules), Cones(grounds.rules)
    apart: dict[str, list[Node]] = {pattern: [] for pattern in declared.apart_from}
    for member in grounds.members(declared.each, declared.among):
        of = bind(node, member.names)
        if declared.asking and not _asks_of_patient(cones, of):
            continue
        named = [p for p in apart if any(fnmatchcase(name, p) for name in member.names.values())]
        for pattern in named:
            apart[pattern].append(of)
        if not named:
            yield _of_nothing(member.names, [of], nobody)
    for pattern, nodes in apart.items():
        yield _of_nothing({"apart_from": pattern}, nodes, nobody)._replace(wanted=True)


def _of_nothing(names: dict[str, str], nodes: Sequence[Node], nobody: "Nobody") -> Query:
    return Query(names, tuple(nodes), lambda _: nobody.meets(any_of(list(nodes))))


def _asks_of_patient(cones: Cones, node: Node) -> bool:
    """Whether it rests on anything but the country and the day."""
    found = (cones.derivation(ref) for ref in cones.free(cones.of_nodes([node])))
    return any(d not in (Demographic("country"), Demographic("as_of")) for d in found)


class Nobody(Space):
    """The one patient of whom nothing is on record; only the day is left open."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules, "nobody ")
        self._blank = blank_of(rules, _ANY_DAY)

    def meets(self, node: Node) -> Formula:
        """On which days a predicate is true of nothing."""
        found = self.truth(node).true
        if isinstance(found, bool):
            return found
        return conjunction([found, *self.definitions, *(b for of in self.bounds.values() for b in of)])

    def _variable(self, ref: Ref, fact: CompiledFact, derivation: Derivation) -> Term:
        if derivation == Demographic("as_of"):
            return super()._variable(ref, fact, derivation)
        value = self._blank.value(ref)
        if isinstance(fact.signature.type, Boolean):
            return UNKNOWN if value is None else TRUE if value else FALSE
        if isinstance(fact.signature.type, Category):
            return Choice({} if value is None else {str(value): True})
        return Amount(((True, self.number(value)),)) if isinstance(value, Decimal) else Amount(())


_ANY_DAY = date(2026, 11, 20)  # what is straight from an empty record is the same on every day


# -- one rule among others

Rule = Contraindication | Limit | Interaction | Grade | Statement | Check


class _Kind(NamedTuple):
    """Rules of a therapy of one kind, and what two of them have in common that have the same effect."""

    rules: Callable[[Therapy], Sequence[Any]]
    effect: Callable[[Any], tuple[object, ...]]


_KINDS: dict[str, _Kind] = {
    "contraindications": _Kind(lambda t: t.contraindicated, lambda c: (c.severity,)),
    "limits": _Kind(lambda t: t.limits, lambda x: (x.action,)),
    "interactions": _Kind(lambda t: t.interactions, lambda m: (m.severity, m.action, m.taken)),
    "recommendations": _Kind(lambda t: t.recommended, lambda g: (g.source, g.direction, g.strength)),
    "statements": _Kind(lambda t: t.statements, lambda s: (s.asks, *s.text.clinician.values())),
    "checks_before": _Kind(lambda t: t.before, lambda c: tuple(c.covers) or (*c.test.clinician.values(),)),
    "monitoring": _Kind(lambda t: t.monitor, lambda c: tuple(c.covers) or (*c.test.clinician.values(),)),
}


@form(Alone)
def alone(grounds: Grounds, declared: Alone) -> Iterator[Query]:
    """Each rule is true for somebody without the others of its effect, but for those of which it is a case.

    That a rule which has its effect to itself can be true is another property (``possible``).
    """
    for therapy in grounds.compiled.therapies.values():
        groups = _groups(therapy, _KINDS[declared.of])
        shared = [rules for rules in groups.values() if len(rules) > 1]
        if groups and not shared:
            yield _all_differ(therapy.id, list(groups))
        for rules in shared:
            for rule in rules:
                yield from _apart(therapy.id, rule, rules)


def _groups(therapy: Therapy, kind: _Kind) -> dict[tuple[object, ...], list[Rule]]:
    """The rules of one therapy by their effect."""
    found: dict[tuple[object, ...], list[Rule]] = {}
    for rule in kind.rules(therapy):
        found.setdefault(kind.effect(rule), []).append(rule)
    return found


def _all_differ(option: str, effects: list[tuple[object, ...]]) -> Query:
    """No two rules of a therapy have the same effect, so none can repeat another: nothing is left to ask."""
    return Query({"option": option}, (), lambda _: False, also=repr(effects).encode())


def _apart(option: str, rule: Rule, rules: Sequence[Rule]) -> Iterator[Query]:
    """Whether a rule says something of its own; and where it is said to be a case of others, that it is."""
    cases = _case_of(rule)
    others = [o.id for o in rules if o.id != rule.id and o.id not in cases and rule.id not in _case_of(o)]
    names = {"option": option, "rule": rule.id}
    yield _without(names, rule.id, others, wanted=True)
    if cases:
        yield _without({**names, "case_of": ", ".join(cases)}, rule.id, cases, wanted=False)


def _case_of(rule: Rule) -> Sequence[str]:
    return getattr(rule, "case_of", ())


def _without(names: dict[str, str], rule: str, others: Sequence[str], wanted: bool) -> Query:
    """Whether somebody meets a rule and none of the others."""
    one, rest = Ref("rule", (rule,)), [Ref("rule", (o,)) for o in others]

    def claim(worlds: Worlds) -> Formula:
        truths = [worlds.now.truth(o).true for o in rest]
        return conjunction([worlds.now.truth(one).true, *(negation(t) for t in truths)])

    return Query(names, (one, *rest), claim, wanted=wanted, also=bytes([wanted]))


__all__ = ["Nobody", "alone", "possible", "silent"]
