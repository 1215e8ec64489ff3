"""Where each item of the content went: the resource that says it, or why there is none."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from atopy.cpg.resources.canonical import Resource, fhir_id
from atopy.guideline import Compiled, Statement
from atopy.guideline.interactions import meetings

LEFT_OUT = {
    "licence": (
        "What a regulator allows is in the logic: the facts licensed, off_label, outside_licence and unavailable, "
        "which the table of options reads. A licence proposes nothing, so it is no rule."
    ),
    "contraindication elsewhere": (
        "A bar of another country is told by a plan as a caution. Exported, it would fire in the country where it does "
        "not hold; the rule of its own country stands."
    ),
    "allergen advice": (
        "Whether somebody reacts to a substance, its kin or what it is sold as is found by walking the groups of "
        "allergens over the record; it is no fact, so no predicate of CQL can say it."
    ),
    "allergen": "Names on labels and what reacts alike: knowledge for reading a product's label, no rule.",
    "criterion of an adequate trial": (
        "Judges one course of treatment from amount, days, vehicle and adherence; where the logic cannot derive that, "
        "it is a parameter of the library with its reason."
    ),
    "instrument": "Scores come in as Observations with their total. The arithmetic and the wording of forms stay here.",
    "trial": "Figures behind the comparison of treatments, worked out from them; a statement cites the report.",
    "words for questions": "How a question in plain words is understood and answered; no rule.",
    "table of amounts": "How much cream for which area: worked out by a plan from area and age; no rule.",
    "strength that is made": "Whoever prescribes rounds to what is made; regimens are exported as sources state them.",
}
"""By kind of item: why it is no resource of its own. A kind of which an item *is* exported does not belong here."""


class Item(NamedTuple):
    """One item of the content, by kind, and the id of the resource that would say it (as ``kind/id``)."""

    kind: str
    id: str
    resource: str


def items(compiled: Compiled) -> Iterator[Item]:
    """Every item that the content holds, in its order."""
    met = meetings(compiled.therapies.values(), compiled.vocabulary.members)
    for t in compiled.therapies.values():
        yield _plan("therapy", t.id, f"therapy-{t.id}")
        yield from (_plan("grade", g.id) for g in t.recommended)
        yield from (
            _plan("licence", f"{t.id}: {x.country} {i}", f"{t.id}-licence-{i}")
            for i, x in enumerate(t.licence)
        )
        for c in t.contraindicated:
            yield _plan("contraindication", c.id)
            if c.country is not None and c.warns_elsewhere:
                yield _plan("contraindication elsewhere", f"{c.id}-elsewhere")
        yield from (_plan("interaction", m.id) for m in met[t.id])
        for r in t.regimens:
            given = r.loading or r.dose or r.then
            yield (
                Item("regimen", r.id, f"ActivityDefinition/{fhir_id(r.id)}")
                if given
                else _plan("ceiling or cut of a dose", r.id, f"{t.id}-start")
            )
        yield from (_plan("strength that is made", f"{t.id}: {m.unit}") for m in t.made_as)
        yield from _statements("statement", t.statements)
        yield from (_plan("rule of access", a.id) for a in t.access)
        yield from (_plan("limit", x.id) for x in t.limits)
        for kind, checks in (("check before", t.before), ("monitoring item", t.monitor)):
            for check in checks:
                yield _plan(kind, check.id)
                yield from _statements("what a result asks for", check.act)
        if t.stop:
            yield _plan("how to stop", t.id, f"{t.id}-stop")
    yield from _around(compiled)
    yield from _no_rules(compiled)


def _around(c: Compiled) -> Iterator[Item]:
    for flag in c.red_flags.values():
        yield _plan("red flag", flag.id, f"red-flag-{flag.id}")
        yield from _statements("what a red flag asks for", flag.act)
    for mimic in c.mimics.values():
        yield _plan("mimic", mimic.id, f"mimic-{mimic.id}")
        yield from _statements("statement of a mimic", (*mimic.test, *mimic.meanwhile, *mimic.background))
    for factor in c.factors.values():
        yield _plan("factor", factor.id, f"factor-{factor.id}")
        yield from _statements("statement of a factor", (*factor.assess, *factor.correct, *factor.background))
    for topic in c.topics.values():
        yield _plan("topic", topic.id, f"topic-{topic.id}")
        yield from _statements("statement of a topic", topic.statements)
    yield from (_plan("disagreement", d.id, f"disagreement-{d.id}") for d in c.disagreements.values())


def _no_rules(c: Compiled) -> Iterator[Item]:
    for allergen in c.allergens.values():
        yield _plan("allergen", allergen.id)
        yield from _statements("allergen advice", allergen.advice)
    for judgement in c.judgements.values():
        yield from (
            _plan("criterion of an adequate trial", f"{judgement.id}: {x.id}") for x in judgement.criteria
        )
    yield from (_plan("instrument", id_) for id_ in sorted(i.id for i in c.instruments.instruments))
    yield from (_plan("table of amounts", id_) for id_ in c.amounts)
    yield from (_plan("trial", id_) for id_ in c.trials)
    yield _plan("words for questions", "asking")


def _statements(kind: str, listed: Iterable[Statement]) -> Iterator[Item]:
    return (_plan(kind, s.id) for s in listed)


def _plan(kind: str, id_: str, resource: str | None = None) -> Item:
    return Item(kind, id_, f"PlanDefinition/{fhir_id(resource or id_)}")


class Count(NamedTuple):
    """Of one kind of item: how many there are, how many are exported, which are neither that nor in the ledger."""

    kind: str
    items: int
    exported: int
    lost: tuple[str, ...]
    reason: str | None


def counts(compiled: Compiled, made: Iterable[Resource]) -> tuple[Count, ...]:
    """The account of an export, kind by kind."""
    places = {f"{one['resourceType']}/{one['id']}" for one in made}
    kinds: dict[str, list[Item]] = {}
    for item in items(compiled):
        kinds.setdefault(item.kind, []).append(item)
    found = []
    for kind, listed in kinds.items():
        missing = [item.id for item in listed if item.resource not in places]
        reason = LEFT_OUT.get(kind)
        found.append(
            Count(
                kind,
                len(listed),
                len(listed) - len(missing),
                tuple(missing if reason is None else ()),
                reason,
            )
        )
    return tuple(found)


__all__ = ["LEFT_OUT", "Count", "Item", "counts", "items"]
