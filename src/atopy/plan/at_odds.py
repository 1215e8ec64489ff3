"""Supposed facts that cannot all be so: one that another decides otherwise, whoever the patient is.

Nothing of the record counts here: that a supposition differs from the record is what it is for.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from atopy.criteria import Ref, Value
from atopy.facts import Cases, Greatest, Rules, When, World
from atopy.plan.suppose import ATTESTED, Given, with_classes
from atopy.record import Patient, Record
from atopy.yaml_source import InputError

_NOBODY = Record(Patient())
_DERIVED = (When, Cases, Greatest)


def check_together(rules: Rules, as_of: date, given: Given) -> None:
    """Raises ValueError naming each pair of suppositions, or each supposition and the others, at odds."""
    facts = {r: v for r, v in given.items() if r.name != ATTESTED and v is not None}
    if len(facts) < 2:
        return
    wrong = [*_implied(rules, as_of, facts), *_decided(rules, as_of, facts)]
    if wrong:
        raise InputError("\n".join(dict.fromkeys(wrong)))


def _implied(rules: Rules, as_of: date, facts: Mapping[Ref, Value]) -> Iterator[str]:
    """What is said of a thing and otherwise of its class; an age in years and another in months."""
    empty = World(rules, _NOBODY, as_of)
    for ref, value in facts.items():
        alone = with_classes(empty, {ref: value})
        for other, follows in alone.items():
            if other == ref or facts.get(other, follows) == follows:
                continue
            back = with_classes(empty, {other: facts[other]})
            if back.get(ref) != value:  # five years are said of sixty months, and of sixty-one
                yield _said({ref: value, other: facts[other]})


def _decided(rules: Rules, as_of: date, facts: Mapping[Ref, Value]) -> Iterator[str]:
    """What the others decide between them, for everybody."""
    empty = World(rules, _NOBODY, as_of)
    every = with_classes(empty, dict(facts))
    for ref, value in facts.items():
        if not isinstance(rules.derivation(rules.facts[ref.name], ref.args), _DERIVED):
            continue  # of these nothing is said of a class
        others = {r: v for r, v in every.items() if r != ref}
        follows = World(rules, _NOBODY, as_of, None, others).value(ref)
        if follows not in (None, value, empty.value(ref)):
            yield _said(
                {ref: value, **_needed(rules, as_of, {r: facts[r] for r in facts if r != ref}, ref, follows)}
            )


def _needed(rules: Rules, as_of: date, others: Given, ref: Ref, follows: Value) -> Given:
    """Of the other suppositions those that it takes."""
    empty = World(rules, _NOBODY, as_of)
    kept = dict(others)
    for one in others:
        fewer = {r: v for r, v in kept.items() if r != one}
        if World(rules, _NOBODY, as_of, None, with_classes(empty, fewer)).value(ref) == follows:
            kept = fewer
    return kept


def _said(facts: Mapping[Ref, Value]) -> str:
    told = " and ".join(f"{r}={_word(v)}" for r, v in sorted(facts.items(), key=lambda item: item[0].key))
    return f"{told} cannot all be so. Suppose one of them."


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["check_together"]
