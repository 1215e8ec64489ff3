"""What if: a fact of the patient supposed to have a value, from its name and value in words to a term and a value.

Only what could be recorded may be supposed. What the guideline decides follows from it, and is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec

from atopy.criteria import Boolean, Category, Number, Ref, Type, Value
from atopy.facts import CompiledFact, Demographic, Observe, World
from atopy.guideline import Compiled
from atopy.nearest import meant, nearest
from atopy.record import Attestation, Origin, Record
from atopy.record.quantity import parse_quantity
from atopy.record.units import convert, spell
from atopy.yaml_source import InputError

ATTESTED = "attested"  # a list of the record, supposed to be complete
UNKNOWN = "unknown"
Given = dict[Ref, Value]
Asked = Mapping[str, object]
"""Names of facts with the values they are supposed to have, as Python values or as words."""

_YES = ("true", "yes", "y", "present", "positive", "complete", "1")
_NO = ("false", "no", "n", "absent", "negative", "0")


def supposed(compiled: Compiled, asked: Asked) -> Given:
    """Each name as a term, each value of its type. Raises ValueError naming everything that is wrong at once."""
    given: Given = {}
    wrong: list[str] = []
    for name, value in asked.items():
        try:
            ref = _term(compiled, name)
            known = _value(compiled, ref, value)
            if given.setdefault(ref, known) != known:
                wrong.append(_twice(ref.key, value))
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise InputError("\n".join(wrong))
    return given


def gathered(texts: Iterable[str]) -> dict[str, str]:
    """Several ``FACT=VALUE``; a fact may be named once. Raises ValueError with everything that is wrong at once."""
    found: dict[str, str] = {}
    wrong: list[str] = []
    for text in texts:
        try:
            name, value = split(text)
        except ValueError as error:
            wrong.append(str(error))
            continue
        if found.setdefault(name, value) != value:
            wrong.append(_twice(name, value))
    if wrong:
        raise InputError("\n".join(wrong))
    return found


def _twice(name: str, value: object) -> str:
    return f"{name} is supposed twice, the second time as {value}. Give each fact one value."


def split(text: str) -> tuple[str, str]:
    """``FACT=VALUE`` in its two parts. Raises ValueError in words."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise InputError(f"'{text}' supposes nothing. Write FACT=VALUE, as in pregnant=true.")
    return name.strip(), value.strip()


def may_be_supposed(fact: CompiledFact) -> bool:
    """Whether a fact speaks of the patient, and not of what the guideline makes of it, nor of one event."""
    if isinstance(fact.derivation, Demographic):
        return fact.derivation.what != "as_of"
    return bool(fact.file) and not fact.file.startswith("decisions/") and not fact.signature.event


# -- names


def _term(compiled: Compiled, text: str) -> Ref:
    """``egfr`` or ``takes(ciclosporin)`` as a term."""
    name, _, rest = text.strip().removeprefix("missing-").partition("(")
    name = name.strip()
    args = tuple(a.strip() for a in rest.rstrip().removesuffix(")").split(",") if a.strip())
    if name == ATTESTED:
        return _list(compiled, args)
    fact = compiled.facts.get(name)
    if fact is None or fact.signature.event:
        raise InputError(f"'{name}' is no fact of this guideline.{_near(name, _names(compiled))}{_FACTS}")
    if not may_be_supposed(fact):
        raise InputError(f"'{text}' is decided by the guideline; suppose a fact that it rests on.{_FACTS}")
    wanted = fact.signature.parameters
    if len(args) != len(wanted):
        example = f"{name}({', '.join(compiled.domains[d][0] for d in wanted)})" if wanted else name
        raise InputError(f"'{text}' needs {len(wanted) or 'no'} argument. Write it as in {example}=VALUE.")
    return Ref(name, tuple(_member(compiled, a, d) for a, d in zip(args, wanted, strict=True)))


def _member(compiled: Compiled, word: str, domain: str) -> str:
    """A member of a domain by its id, or by the name that the vocabulary gives it."""
    known = compiled.domains[domain]
    if word in known:
        return word
    term = compiled.vocabulary.term(word)
    if term is not None and term.id in known:
        return term.id
    names = [n for n, id_ in compiled.vocabulary.by_name.items() if id_ in known]
    meant = _near(word.lower(), [*known, *names]) or LISTED
    raise InputError(f"'{word}' is no known {domain.replace('_', ' ')}.{meant}")


def _list(compiled: Compiled, args: tuple[str, ...]) -> Ref:
    known = compiled.phrases.lists
    if len(args) != 1 or args[0] not in known:
        raise InputError(f"'{', '.join(args)}' is no list of a record. Lists are: {', '.join(known)}.")
    return Ref(ATTESTED, args)


LISTED = " atopy guideline list and the content's vocabulary folder name them."
_FACTS = " atopy guideline facts WORD finds them."


def _names(compiled: Compiled) -> list[str]:
    return sorted(n for n, f in compiled.facts.items() if may_be_supposed(f))


def _near(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """The known words that are like this one, or hold it."""
    close = nearest(word, known)
    close += [k for k in sorted(known) if word and word in k and k not in close]
    return meant(close[:3])


# -- values


def _value(compiled: Compiled, ref: Ref, value: object) -> Value:
    """A value of the fact's type, from a Python value or from words."""
    kind: Type = Boolean() if ref.name == ATTESTED else compiled.facts[ref.name].signature.type
    if value is None or (isinstance(value, str) and value.strip().lower() == UNKNOWN):
        return None
    if isinstance(kind, Boolean):
        return _truth(ref, value)
    if isinstance(kind, Number):
        return _number(ref, kind, value)
    if isinstance(kind, Category):
        word = str(value).strip().lower().replace(" ", "_")
        if word not in kind.values:
            raise InputError(f"{ref}: '{value}' is not one of {', '.join(kind.values)}.")
        return word
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise InputError(f"{ref}: '{value}' is not a day. Write it as 2026-11-20.") from None


def _truth(ref: Ref, value: object) -> bool:
    word = str(value).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise InputError(f"{ref}: '{value}' is neither true nor false. Write true, false or unknown.")


def _number(ref: Ref, kind: Number, value: object) -> Decimal:
    number = _in_unit(ref, kind, str(value).strip())
    low, high = kind.low, kind.high
    if not number.is_finite() or (low is not None and number < low) or (high is not None and number > high):
        unit = f" (in {_printed(kind.unit)})" if kind.unit else ""
        limits = " to ".join("any" if x is None else format(x, "f") for x in (low, high))
        raise InputError(f"{ref}: {value} cannot be: it lies outside {limits}{unit}.")
    return number


def _in_unit(ref: Ref, kind: Number, text: str) -> Decimal:
    """A number in the fact's unit, from words with that unit, another that converts, or none."""
    in_ = f" in {_printed(kind.unit)}" if kind.unit else ""
    try:
        return Decimal(text)
    except InvalidOperation:
        read = parse_quantity(text)
    if read is None or read.limit:
        raise InputError(f"{ref}: '{text}' is not a number. Write a number{in_}, as in {ref}=5.") from None
    if kind.unit in (read.unit, spell(read.unit)) or read.unit == _printed(kind.unit or ""):
        return read.number
    converted = convert(read.number, spell(read.unit), kind.unit) if kind.unit else None
    if converted is None:
        raise InputError(f"{ref}: '{read.unit}' does not convert. Write a number{in_}.")
    return converted


def _printed(unit: str | None) -> str:
    """A unit without the marks of its code."""
    return (unit or "").replace("{", "").replace("}", "").replace("_", " ")


# -- what follows at once


def attested(record: Record, given: Given, as_of: date) -> Record:
    """The record with the lists that are supposed to be complete called so on the day of the plan."""
    lists = {ref.args[0]: value for ref, value in given.items() if ref.name == ATTESTED}
    if not lists:
        return record
    kept = [a for a in record.attested if a.list not in lists]
    said = [Attestation(name, as_of, Origin("supposed")) for name, value in lists.items() if value]
    return msgspec.structs.replace(record, attested=(*kept, *said))


def with_classes(world: World, given: Given) -> Given:
    """What is supposed of a term said of the classes it belongs to too, and of a class of its members.

    Whoever takes ciclosporin takes an immunosuppressant; whoever takes no biologic takes no dupilumab.
    """
    implied: Given = {}
    for ref, value in given.items():
        if isinstance(value, Decimal):
            implied |= {r: v for r, v in _same_age(world, ref, value).items() if r not in given}
        if isinstance(value, bool) and ref.args and ref.name != ATTESTED and _of_codes(world, ref):
            for other in _like(world, ref, value):
                implied.setdefault(other, value)
    return {**implied, **{r: v for r, v in given.items() if r.name != ATTESTED}}


def _same_age(world: World, ref: Ref, value: Decimal) -> Given:
    """An age said in years said in months too, and the other way round; past the last birthday as in the record."""
    facts = world.rules.facts
    derivation = facts[ref.name].derivation
    if not isinstance(derivation, Demographic) or derivation.what not in ("years", "months"):
        return {}
    found: Given = {}
    for name, fact in facts.items():
        other = fact.derivation
        if not isinstance(other, Demographic) or {derivation.what, other.what} != {"years", "months"}:
            continue
        now = world.value(Ref(name))
        past = now % 12 if isinstance(now, Decimal) and other.what == "months" else Decimal(0)
        found[Ref(name)] = value // 12 if other.what == "years" else value * 12 + past
    return found


def _of_codes(world: World, ref: Ref) -> bool:
    """Whether a fact asks only if the record holds an event of the term that is its argument."""
    derivation = world.rules.derivation(world.rules.facts[ref.name], ref.args)
    return (
        isinstance(derivation, Observe)
        and derivation.measure == "exists"
        and derivation.events.codes == ref.args
    )


def _like(world: World, ref: Ref, value: bool) -> list[Ref]:
    """The same fact of each class above (when true), or of each member and each class that rests on it alone."""
    (term,), members = ref.args, world.rules.vocabulary.members
    above = [c for c, inside in members.items() if term in inside]
    if value:
        return [Ref(ref.name, (c,)) for c in above]
    below = members.get(term, ())
    gone = {term, *below}
    alone = [c for c in above if _rests_only_on(world, Ref(ref.name, (c,)), gone)]
    return [Ref(ref.name, (c,)) for c in (*below, *alone)]


def _rests_only_on(world: World, ref: Ref, terms: set[str]) -> bool:
    found = world.find(ref)
    return found.value is True and all(e.code in terms for e in found.events)


__all__ = [
    "ATTESTED", "UNKNOWN", "Asked", "Given", "attested", "gathered", "may_be_supposed", "split", "supposed",
    "with_classes",
]  # fmt: skip
