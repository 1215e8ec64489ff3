"""Properties of rules: each can fire, none fires on an empty record, and none repeats another without saying so."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from atopy.criteria import Boolean, Category, Constant, Node, Ref, bind
from atopy.facts import CompiledFact, Demographic, Derivation, Rules, When, blank_of
from atopy.guideline.rule_properties import Alone, Possible, Silent
from atopy.guideline.schema import Contraindication, Interaction, Limit, Therapy
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
    """Of a record that holds nothing it is true on no day."""
    node = grounds.predicate(declared.silent, declared.each)
    nobody = Nobody(grounds.rules)
    for member in grounds.members(declared.each, declared.among):
        yield _of_nothing(member.names, bind(node, member.names), nobody)


def _of_nothing(names: dict[str, str], node: Node, nobody: "Nobody") -> Query:
    return Query(names, (node,), lambda _: nobody.truth(node).true)


class Nobody(Space):
    """The one patient of whom nothing is on record; only the day is left open."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self._blank = blank_of(rules, _ANY_DAY)

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

Rule = Contraindication | Limit | Interaction


class _Group(NamedTuple):
    """The rules of one option that have one effect."""

    option: str
    effect: str
    rules: tuple[Rule, ...]


@form(Alone)
def alone(grounds: Grounds, declared: Alone) -> Iterator[Query]:
    """Each rule is the only one of its effect that is true for somebody, but for those of which it is a case."""
    for group in _groups(grounds.compiled.therapies.values(), declared.of):
        for rule in group.rules:
            others = [
                o.id for o in group.rules
                if o.id != rule.id and o.id not in rule.case_of and rule.id not in o.case_of
            ]  # fmt: skip
            names = {"option": group.option, "rule": rule.id}
            yield _without(names, rule.id, others, wanted=True)
            if rule.case_of:
                yield _without(
                    {**names, "case_of": ", ".join(rule.case_of)}, rule.id, rule.case_of, wanted=False
                )


def _groups(therapies: Iterable[Therapy], of: str) -> Iterator[_Group]:
    for therapy in therapies:
        rules: Sequence[Rule] = (
            therapy.contraindicated if of == "contraindications"
            else therapy.limits if of == "limits" else therapy.interactions
        )  # fmt: skip
        found: dict[str, list[Rule]] = {}
        for rule in rules:
            found.setdefault(_effect(rule), []).append(rule)
        for effect, listed in found.items():
            yield _Group(therapy.id, effect, tuple(listed))


def _effect(rule: Rule) -> str:
    if isinstance(rule, Interaction):
        return f"{rule.severity}, {rule.action}, {rule.taken}"
    return rule.severity if isinstance(rule, Contraindication) else rule.action


def _without(names: dict[str, str], rule: str, others: Sequence[str], wanted: bool) -> Query:
    """Whether somebody meets a rule and none of the others."""
    one, rest = Ref("rule", (rule,)), [Ref("rule", (o,)) for o in others]

    def claim(worlds: Worlds) -> Formula:
        truths = [worlds.now.truth(o).true for o in rest]
        return conjunction([worlds.now.truth(one).true, *(negation(t) for t in truths)])

    return Query(names, (one, *rest), claim, wanted=wanted, also=bytes([wanted]))


__all__ = ["Nobody", "alone", "possible", "silent"]
