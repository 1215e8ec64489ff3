"""The names that predicates may use, with their types and the domains of their arguments."""

from atopy.criteria import Boolean, Category, Day, Number, Signature, Type
from atopy.facts.declare import Fact
from atopy.facts.fields import FIELDS
from atopy.record import Vocabulary

SITES = (
    "face", "eyelids", "neck", "scalp", "flexures", "axillae", "groin", "genitals", "hands", "feet", "trunk",
    "limbs", "head_neck", "upper_limbs", "lower_limbs", "arms", "legs", "palms", "soles", "fingertips", "whole_body",
)  # fmt: skip

Domains = dict[str, tuple[str, ...]]


def domains(vocabulary: Vocabulary) -> Domains:
    """The members of every domain that the vocabulary gives: each kind of term, with the classes over it."""
    by_kind: dict[str, list[str]] = {}
    for term in vocabulary.terms.values():
        by_kind.setdefault(term.kind, []).append(term.id)
    drugs = [*by_kind.get("drug", ()), *by_kind.get("therapy", ())]
    allergens = by_kind.get("allergen", [])
    result = {kind: _with_classes(ids, vocabulary) for kind, ids in by_kind.items()}
    result["drug"] = _with_classes(drugs, vocabulary)
    result["substance"] = _with_classes([*allergens, *drugs], vocabulary)
    result["site"] = SITES
    return result


def _with_classes(ids: list[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    known = set(ids)
    groups = [g for g, members in vocabulary.members.items() if known.intersection(members)]
    return tuple(dict.fromkeys([*ids, *groups]))


def type_of(fact: Fact) -> Type:
    """The type that a declaration states."""
    if fact.type == "number":
        low, high = fact.domain or (None, None)
        return Number(fact.unit, low, high)
    if fact.type == "category":
        return Category(fact.values, fact.ordered)
    return Day() if fact.type == "date" else Boolean()


def signature_of(fact: Fact) -> Signature:
    """How the fact is spoken of: its type, its argument, whose it is."""
    return Signature(type_of(fact), (fact.of,) if fact.of else (), event=fact.per == "course")


class Lexicon:
    """Names for the parser. ``for_event`` also knows the fields of an event and the course facts."""

    def __init__(self, signatures: dict[str, Signature], members: Domains, for_event: bool = False) -> None:
        self._signatures = signatures
        self._domains = members
        self._for_event = for_event

    def signature(self, name: str) -> Signature | None:
        if self._for_event and name in FIELDS:
            return FIELDS[name][0]
        found = self._signatures.get(name)
        return found if found is not None and (self._for_event or not found.event) else None

    def domain(self, name: str) -> tuple[str, ...]:
        return self._domains.get(name, ())

    def domains(self) -> Domains:
        """Every domain with its members."""
        return self._domains

    def known(self) -> list[str]:
        names = [n for n, s in self._signatures.items() if self._for_event or not s.event]
        return [*names, *FIELDS] if self._for_event else names
