"""The words a record may use: terms, their units and plausible limits, and the codes that mean them.

The vocabulary is content; this file only says what shape it has. The reader takes one as an argument.
"""

from decimal import Decimal
from typing import Literal, TypeVar

import msgspec

from atopy.record.labels import plain, spellings
from atopy.record.model import Kind

V = TypeVar("V", str, "Term")
_AS_IN_IDS = str.maketrans(" .-", "___")


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code of a public system that means a term."""

    system: str  # loinc snomed rxnorm atc icd10cm hcpcs cvx unii
    code: str
    verified: bool = False
    value: str | None = None  # what an Observation coded so says, when the code itself is the answer


class AgeRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a measure can be below an age; the first row whose age the patient is surely below holds."""

    below_months: int  # completed months
    range: tuple[Decimal, Decimal]  # in the term's unit


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One word of the vocabulary (a drug, a laboratory test, a finding, a condition ...)."""

    id: str
    kind: Kind | Literal["drug", "allergen", "therapy"]
    name: dict[str, str]  # language -> name
    patient_name: dict[str, str] = {}
    synonyms: tuple[str, ...] = ()
    unit: str | None = None  # numbers are kept in this unit (UCUM)
    per: str | None = None  # molar mass or the like for mass-to-substance conversion, e.g. "113.12 g/mol"
    plausible: tuple[Decimal, Decimal] | None = None  # outside: quarantined
    plausible_by_age: tuple[AgeRange, ...] = ()  # the youngest first; outside: quarantined
    values: tuple[str, ...] = ()  # allowed answers of a category
    classes: tuple[str, ...] = ()  # what it belongs to: topical_corticosteroid, jak_inhibitor ...
    potency: str | None = None  # topical corticosteroids: low medium potent superpotent
    route: str | None = None
    codes: tuple[Code, ...] = ()
    note: str | None = None


class Crossing(msgspec.Struct, frozen=True):
    """Whoever reacts to one substance also meets it, or its like, in these; who says so stands in the content."""

    group: str  # the item of the content that says so
    place: int  # which of its lines
    how: str
    certain: bool  # reacting is expected, not only possible
    meets: tuple[str, ...]  # terms and classes of the vocabulary


class Vocabulary(msgspec.Struct, frozen=True):
    """All terms, with the look-ups the readers need (built once, when content is compiled)."""

    terms: dict[str, Term]  # by id; ids are unique over all kinds
    by_code: dict[str, str]  # "system|code" -> term id
    by_name: dict[str, str]  # lower-case name or synonym -> term id
    members: dict[str, tuple[str, ...]]  # class -> term ids, transitively
    answers: dict[str, str] = {}  # "system|code" -> the value that the code itself says
    on_labels: dict[str, str] = {}  # a name of an ingredient, reduced to letters and digits -> term id
    kin: dict[str, tuple[str, ...]] = {}  # of a substance: itself and every class it belongs to
    crossings: dict[str, tuple[Crossing, ...]] = {}  # by the substance that is reacted to
    of_products: tuple[str, ...] = ()  # the substances of which the content says that products hold them

    def term(self, name: str) -> Term | None:
        """The term called *name* by id, name or synonym; case, spaces, points and hyphens do not matter."""
        lower = name.strip().lower()
        found = self.terms.get(name) or self.terms.get(self.by_name.get(lower, ""))
        found = found or self.terms.get(self.by_name.get(lower.replace("_", " "), ""))
        return found or self.terms.get(lower.translate(_AS_IN_IDS))

    def ingredient(self, name: str) -> str | None:
        """The id of the substance that a label calls *name*, by the names of substances alone."""
        for spelling in spellings(name):
            found = self.on_labels.get(spelling)
            if found is not None:
                return found
        return None


def vocabulary(terms: list[Term]) -> Vocabulary:
    """Index *terms*. Raises ValueError naming every id, name or code that two terms claim."""
    by_id: dict[str, Term] = {}
    by_code: dict[str, str] = {}
    by_name: dict[str, str] = {}
    answers: dict[str, str] = {}
    clashes: list[str] = []
    for term in terms:
        _claim(by_id, term.id, term, clashes, "id")
        for code in term.codes:
            key = f"{code.system}|{code.code}"
            _claim(by_code, key, term.id, clashes, "code")
            if code.value is not None:
                answers[key] = code.value
        for name in (*term.name.values(), *term.synonyms):
            _claim(by_name, name.lower(), term.id, clashes, "name")
    if clashes:
        raise ValueError("; ".join(sorted(clashes)))
    members = _members(by_id)
    return Vocabulary(by_id, by_code, by_name, members, answers, _on_labels(by_id), _kin(by_id, members))


SUBSTANCES = ("allergen", "drug", "therapy")


def _on_labels(terms: dict[str, Term]) -> dict[str, str]:
    """Every name of an allergen or drug as a label may write it; an allergen before a drug of the same name."""
    found: dict[str, str] = {}
    for kind in ("allergen", "drug"):
        for term in terms.values():
            if term.kind == kind:
                for name in (term.id, *term.name.values(), *term.synonyms):
                    found.setdefault(plain(name), term.id)
    return found


def _kin(terms: dict[str, Term], members: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Of each substance itself and, in a fixed order, every class over it."""
    found: dict[str, list[str]] = {t.id: [t.id] for t in terms.values() if t.kind in SUBSTANCES}
    for group, ids in members.items():
        for id_ in ids:
            if id_ in found:
                found[id_].append(group)
    return {id_: tuple(kin) for id_, kin in found.items()}


def _claim(taken: dict[str, V], key: str, value: V, clashes: list[str], what: str) -> None:
    if key in taken and taken[key] != value:
        clashes.append(f"the {what} '{key}' is claimed twice")
    taken[key] = value


def _members(terms: dict[str, Term]) -> dict[str, tuple[str, ...]]:
    """Which terms belong to each class; a class may itself be a term or belong to another."""
    members: dict[str, list[str]] = {}
    for term in terms.values():
        pending, seen = list(term.classes), set[str]()
        while pending:
            group = pending.pop(0)
            if group not in seen:
                seen.add(group)
                members.setdefault(group, []).append(term.id)
                pending += terms[group].classes if group in terms else ()
    return {group: tuple(ids) for group, ids in members.items()}
