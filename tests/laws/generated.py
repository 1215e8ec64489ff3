"""Well-typed predicates, values and records of the toy, made at random from the wanted type downward."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from tests.engine.plans import compiled

from atopy.criteria import (
    And,
    AtLeast,
    Boolean,
    Category,
    Compare,
    Constant,
    Day,
    Is,
    Label,
    Missing,
    Node,
    Not,
    Number,
    OneOf,
    Or,
    Quantity,
    Ref,
    Signature,
    Value,
)
from atopy.facts.lexicon import Lexicon
from atopy.record import Attestation, Event, Origin, Patient, Record

LEVELS = ("low", "middle", "high")
THINGS = ("cup", "pot", "jug")
BOOLEANS = (Ref("wet"), Ref("cold"), *(Ref("holds", (t,)) for t in THINGS))
NUMBERS = (Ref("weight"), Ref("load"))
ORDERED = (Ref("level"), Ref("peak"))
PLAIN = (Ref("shape"),)
DAYS = (Ref("made"), Ref("sold"))
SHAPES = ("round", "square")
LEXICON = Lexicon(
    {
        "wet": Signature(Boolean()),
        "cold": Signature(Boolean()),
        "holds": Signature(Boolean(), ("thing",)),
        "weight": Signature(Number("kg")),
        "load": Signature(Number("kg")),
        "level": Signature(Category(LEVELS, ordered=True)),
        "peak": Signature(Category(LEVELS, ordered=True)),
        "shape": Signature(Category(SHAPES)),
        "made": Signature(Day()),
        "sold": Signature(Day()),
    },
    {"thing": THINGS},
)

EQUAL = st.sampled_from(["=", "<>"])
ANY = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
SMALL = st.integers(-3, 3).map(Decimal)
DAY_TEXTS = st.integers(0, 3).map(lambda n: (date(2026, 2, 27) + timedelta(n)).isoformat())


def labels(members: tuple[str, ...]) -> st.SearchStrategy[Label]:
    return st.sampled_from(members).map(Label)


comparisons = st.one_of(
    st.builds(Compare, ANY, st.sampled_from(NUMBERS), SMALL.map(Quantity)),
    st.builds(Compare, ANY, st.just(NUMBERS[0]), st.just(NUMBERS[1])),
    st.builds(Compare, ANY, st.sampled_from(ORDERED), labels(LEVELS), st.just(LEVELS)),
    st.builds(Compare, ANY, st.just(ORDERED[0]), st.just(ORDERED[1]), st.just(LEVELS)),
    st.builds(Compare, EQUAL, st.sampled_from(PLAIN), labels(SHAPES)),
    st.builds(Compare, ANY, st.sampled_from(DAYS), DAY_TEXTS.map(Label)),
    st.builds(Compare, ANY, st.just(DAYS[0]), st.just(DAYS[1])),
)
members = st.one_of(
    st.builds(
        OneOf, st.sampled_from(ORDERED), st.lists(st.sampled_from(LEVELS), min_size=1, unique=True).map(tuple)
    ),
    st.builds(
        OneOf, st.sampled_from(PLAIN), st.lists(st.sampled_from(SHAPES), min_size=1, unique=True).map(tuple)
    ),
)
leaves = st.one_of(st.sampled_from(BOOLEANS), comparisons, members, st.booleans().map(Constant))
missing = st.sampled_from((*NUMBERS, *ORDERED, *PLAIN, *DAYS)).map(Missing)


def counted(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=1, max_size=4)
    return several.flatmap(lambda p: st.integers(1, len(p)).map(lambda n: AtLeast(n, tuple(p))))


def joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), parts.map(Not), counted(parts))


def with_states(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    states = st.builds(Is, parts, st.sampled_from([True, False, None]))
    return st.one_of(joined(parts), states)


knowledge_only = st.recursive(leaves, joined, max_leaves=8)
"""Predicates that do not ask what is known (no IS, no IS NULL)."""
predicates = st.recursive(st.one_of(leaves, missing), with_states, max_leaves=8)
"""Every predicate of the language."""

_VALUES: dict[Ref, st.SearchStrategy[Any]] = {
    **dict.fromkeys(BOOLEANS, st.booleans()),
    **dict.fromkeys(NUMBERS, SMALL),
    **dict.fromkeys(ORDERED, st.sampled_from(LEVELS)),
    **dict.fromkeys(PLAIN, st.sampled_from(SHAPES)),
    **dict.fromkeys(DAYS, DAY_TEXTS.map(date.fromisoformat)),
}
worlds: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {str(ref): st.one_of(st.none(), value) for ref, value in _VALUES.items()}
)
complete: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {str(ref): value for ref, value in _VALUES.items()}
)


def completed(known: Mapping[str, Value], rest: Mapping[str, Value]) -> dict[str, Value]:
    """*known* with every unknown filled from *rest*."""
    return {name: rest[name] if value is None else value for name, value in known.items()}


def text(node: Node) -> str:
    """A predicate as it is written."""
    if isinstance(node, Ref):
        return str(node)
    if isinstance(node, Constant):
        return str(node.truth).upper()
    if isinstance(node, Compare):
        return f"{node.left} {node.op} {_literal(node.right)}"
    if isinstance(node, OneOf):
        return f"{node.ref} IN ({', '.join(map(repr, node.values))})"
    if isinstance(node, Missing):
        return f"{node.ref} IS NULL"
    if isinstance(node, Not):
        return f"NOT ({text(node.part)})"
    if isinstance(node, Is):
        return f"({text(node.part)}) IS {'NULL' if node.truth is None else str(node.truth).upper()}"
    if isinstance(node, AtLeast):
        return f"at_least({node.needed}, {', '.join(text(p) for p in node.parts)})"
    word = " AND " if isinstance(node, And) else " OR "
    return word.join(f"({text(p)})" for p in node.parts)


def _literal(right: Ref | Quantity | Label) -> str:
    if isinstance(right, Ref):
        return str(right)
    return str(right.value) if isinstance(right, Quantity) else repr(right.value)


# -- records of the toy

TODAY = date(2026, 11, 20)
HERE = Origin("generated")
days = st.integers(0, 800).map(lambda n: TODAY - timedelta(n))
flags = st.sampled_from([True, False, None])


@st.composite
def events(draw: st.DrawFn, on: st.SearchStrategy[date] = days) -> Event:
    """One event of the toy's vocabulary, well-formed or set aside."""
    kind = draw(
        st.sampled_from(
            [
                "score",
                "lab",
                "condition",
                "finding",
                "exposure",
                "treatment",
                "allergy",
                "life_event",
                "procedure",
                "measure",
            ]
        )
    )
    day = draw(on)
    fields: dict[str, Any] = {"quarantined": draw(st.sampled_from([None, None, None, "cannot be"]))}
    if kind in ("score", "lab", "measure"):
        code, unit = {
            "score": ("hics", "points"),
            "lab": ("potassium", "mmol/L"),
            "measure": ("weight", "kg"),
        }[kind]
        number = Decimal(draw(st.integers(1, 20)))
        fields |= {"number": number, "unit": unit}
        if not _can_be(code, number):  # as whoever reads it does
            fields["quarantined"] = "cannot be"
    elif kind == "treatment":
        code = draw(
            st.sampled_from(["peppermint_drops", "strong_drops", "stillin", "placatol", "tonic", "aspirin"])
        )
        fields |= {
            "end": draw(st.sampled_from([None, day, day + timedelta(40)])),
            "status": draw(st.sampled_from([None, "current", "past", "planned", "declined"])),
            "response": draw(st.sampled_from([None, "none", "good", "worse"])),
        }
    else:
        code = draw(st.sampled_from(_CODES[kind]))
        fields |= {"flag": draw(flags) if kind in ("finding", "exposure") else True}
        if kind == "condition":
            fields |= {"status": draw(st.sampled_from([None, "active", "resolved", "refuted", "suspected"]))}
    return Event("e", kind, code, day, HERE, **fields)


def _can_be(code: str, number: Decimal) -> bool:
    low, high = compiled().vocabulary.terms[code].plausible or (number, number)
    return low <= number <= high


_CODES = {
    "condition": ["hiccups", "hiccups", "reflux", "ulcer", "tumour"],
    "finding": ["dry_cough", "chest_pain", "burping", "blue_lips", "no_sleep", "new_rhythm"],
    "exposure": ["fizzy_drinks", "hurried_meals"],
    "allergy": ["menthol"],
    "life_event": ["pregnancy"],
    "procedure": ["chest_xray"],
}
patients = st.builds(
    Patient,
    birth_date=st.sampled_from(
        [None, date(1950, 5, 1), date(1990, 1, 1), date(2012, 2, 29), date(2026, 1, 1)]
    ),
    sex=st.sampled_from([None, "female", "male"]),
    country=st.sampled_from([None, "us", "eu", "uk"]),
    deceased=st.sampled_from([None, None, None, False, True]),
)
attestations = st.lists(
    st.builds(Attestation, st.sampled_from(["medications", "allergies", "problems"]), days, st.just(HERE)),
    max_size=3,
).map(tuple)


def named(listed: list[Event]) -> tuple[Event, ...]:
    """Events with ids of their own."""
    from msgspec.structs import replace

    return tuple(replace(event, id=f"e{i}") for i, event in enumerate(listed, start=1))


records = st.builds(Record, patients, st.lists(events(), max_size=12).map(named), attestations)
"""Records whose events may share a day."""
spread = st.builds(
    Record,
    patients,
    st.lists(events(), max_size=10, unique_by=lambda e: e.date).map(named),
    attestations,
)
"""Records with one event a day at most."""
