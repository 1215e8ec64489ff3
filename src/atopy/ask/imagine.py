"""Somebody as a question describes them: the facts it names supposed true of an empty record, nothing else known.

What speaks against a treatment for them is then decided by the content's own predicates, as for any patient.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from atopy.ask.quantities import Amount
from atopy.criteria import Ref, refs
from atopy.facts import Cases, Greatest, When
from atopy.guideline.asking import Concept
from atopy.plan import Case, Guidance
from atopy.plan.suppose import Given, supposed, with_classes
from atopy.record import Patient, Record

NOBODY = Record(Patient())


def suppositions(
    concepts: Iterable[Concept], amounts: Sequence[Amount], measures: Mapping[str, str], taken: Iterable[str]
) -> dict[str, str]:
    """Which facts a question supposes: those of its concepts, its ages and weights, and the drugs taken beside."""
    found: dict[str, str] = {}
    several: set[str] = set()
    for concept in concepts:
        several |= {f for f, value in concept.suppose.items() if found.get(f, value) != value}
        found |= concept.suppose
    ages = {f for u, f in measures.items() if u in ("years", "months")}
    weighed = any(a.what == "weight" for a in amounts)  # tells more of a child than the age one usually has
    if several & ages or len(ages & set(found)) > 1 or weighed:
        several |= ages  # of adults and children: of nobody in particular
    found = {f: value for f, value in found.items() if f not in several}
    for amount in amounts:
        fact = measures.get(amount.unit)
        if fact is not None and amount.what in ("age", "weight", "share"):
            found = (
                {k: v for k, v in found.items() if k not in measures.values()}
                if amount.what == "age"
                else found
            )
            found[fact] = format(amount.number, "f")
    if "weeks" in {a.unit for a in amounts if a.what == "age"} and "months" in measures:
        weeks = next(a.number for a in amounts if a.what == "age" and a.unit == "weeks")
        found[measures["months"]] = str(int(weeks * 7 / Decimal("30.4375")))
    for drug in taken:
        found[f"takes({drug})"] = "true"
    return found


def between(concepts: Iterable[Concept], suppose: Mapping[str, str]) -> list[dict[str, str]]:
    """Each value of a number that concepts bound and nothing else tells: of one alone, for two together say nothing."""
    bounds = {f: b for c in concepts for f, b in c.between.items()}
    bounded = [c for c in concepts if c.between]
    if len(bounded) != 1 or bounds.keys() & suppose.keys():
        return []
    return [{f: str(n)} for f, (low, high) in bounds.items() for n in range(low, high + 1)]


def imagine(guidance: Guidance, suppose: Mapping[str, str], as_of: date, country: str | None) -> Case:
    """A case of which only this is known. What cannot be supposed is left out."""
    blank = Case(guidance, NOBODY, as_of, country, traced=False)
    given: Given = {}
    for name, value in suppose.items():
        try:
            given |= supposed(guidance.compiled, {name: value})
        except ValueError:
            continue
    if not given:
        return blank
    return Case(guidance, NOBODY, as_of, country, traced=False, given=with_classes(blank.world, given))


class Touching:
    """Which facts a rule rests on, however deep."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self._known: dict[str, frozenset[str]] = {}

    def leaves(self, ref: Ref) -> frozenset[str]:
        """The keys of every term that this one rests on, itself included."""
        known = self._known.get(ref.key)
        if known is None:
            self._known[ref.key] = frozenset((ref.key,))  # a circle ends here
            known = frozenset((ref.key,)).union(*(self.leaves(r) for r in self._below(ref)))
            self._known[ref.key] = known
        return known

    def _below(self, ref: Ref) -> tuple[Ref, ...]:
        rules = self.guidance.rules
        fact = rules.facts.get(ref.name)
        if fact is None or fact.signature.event:
            return ()
        derivation = rules.derivation(fact, ref.args)
        if isinstance(derivation, When):
            return tuple(refs(derivation.node))
        if isinstance(derivation, Cases):
            return tuple(r for row in derivation.rows for r in refs(row.when))
        if isinstance(derivation, Greatest):
            return tuple(Ref(name) for name in derivation.names)
        return ()


__all__ = ["NOBODY", "Touching", "between", "imagine", "suppositions"]
