"""What would change the plan: every missing fact with what each value of it would do, and what would open each
closed option. Computed by deciding again, value by value; nothing about any fact or option is written down here.
"""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import msgspec

from atopy.criteria import Boolean, Compare, Node, Not, Number, Ref, Value, english
from atopy.facts import World
from atopy.plan.case import Case, Guidance
from atopy.plan.entries import shown
from atopy.plan.missing import Asked, question, ranked
from atopy.plan.options import reason_of
from atopy.plan.outcomes import Decisions, Outcome, decisions
from atopy.plan.suppose import ATTESTED, attested, with_classes
from atopy.plan.unbar import CLOSED, Kind, Opening, Part, Unbar
from atopy.plan.values import Point, Representatives, ranges

SCHEMA_VERSION = "1.0"


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words for each reader; none for the patient where a doctor should speak first."""

    clinician: str
    patient: str | None = None


class Answered(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value of a fact, or a range of them, and what would come out otherwise."""

    value: str
    example: str  # the value that was tried
    words: Said
    changes: Outcome


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """A missing fact."""

    fact: str
    question: Said
    answers: tuple[Answered, ...]
    safety: bool = False  # a red flag or a contraindication hangs on it


class Needed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact of a set, with the value that it would need."""

    fact: str
    value: str
    kind: Kind
    words: Said


class Openable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A set of facts with which an option opens (``opens``), or with which what closes it now would not."""

    facts: tuple[Needed, ...]
    status: str
    opens: bool
    reason: str | None = None


class Closed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A closed option, and the smallest sets of facts that would open it; none: it takes more than three."""

    option: str
    status: str
    reason: str | None = None
    sets: tuple[Openable, ...] = ()


class Prospects(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that would change the plan of one patient on one day."""

    schema: str
    as_of: str
    headline: str
    facts: tuple[Question, ...]
    options: tuple[Closed, ...]
    names: dict[str, Said]  # of options, factors, other diagnoses and red flags
    codes: dict[str, Said]  # of headlines, statuses, actions and reasons


def prospects(case: Case) -> Prospects:
    """What would change the plan of this case."""
    values = representatives(case.guidance)
    found = decisions(case.guidance)
    base = found.of(case.world)
    asked = [_question(case, a, values, found, base) for a in ranked(case)] if _has_ladder(case) else []
    return Prospects(
        SCHEMA_VERSION, case.as_of.isoformat(), str(case.value("headline")), tuple(sorted(_once(asked), key=_place)),
        _closed(case, values) if _has_ladder(case) else (), _names(case), _codes(case),
    )  # fmt: skip


_REPRESENTATIVES: WeakKeyDictionary[Guidance, Representatives] = WeakKeyDictionary()


def representatives(guidance: Guidance) -> Representatives:
    """The values to try of each fact of a guideline, found once."""
    known = _REPRESENTATIVES.get(guidance)
    if known is None:
        known = _REPRESENTATIVES[guidance] = Representatives(guidance.rules)
    return known


def _has_ladder(case: Case) -> bool:
    """Whether there is a disease to plan for."""
    return case.value("disease_state") not in ("deceased", "resolved", "absent")


# -- missing facts


def _question(
    case: Case, asked: Asked, values: Representatives, found: Decisions, base: tuple[Value, ...]
) -> Question:
    ref = asked.ref
    said = Said(*question(case, ref))
    plain = ref.name == ATTESTED or _plain(case, ref) is not None
    if ref.name == ATTESTED:
        record = attested(case.record, {ref: True}, case.as_of)
        world = World(case.guidance.rules, record, case.as_of, case.world.country)
        answers = [
            Answered("true", "true", Said("if it is complete", "yes"), found.changes(base, found.of(world)))
        ]
    elif isinstance(case.compiled.facts[ref.name].signature.type, Number):
        answers = _numbers(case, ref, values, found, base)
    else:
        answers = [
            Answered(
                str(shown(v)), str(shown(v)), _answer(case, ref, v, plain), _tried(case, ref, v, found, base)
            )
            for v in values.of(ref)
        ]
    return Question(ref.key, said, tuple(answers), asked.safety)


def _numbers(
    case: Case, ref: Ref, values: Representatives, found: Decisions, base: tuple[Value, ...]
) -> list[Answered]:
    """The ranges of a number that make a difference."""
    kind = case.compiled.facts[ref.name].signature.type
    unit = f" {in_print(kind.unit)}" if isinstance(kind, Number) and kind.unit else ""
    tried: list[tuple[Point, object]] = [
        (point, _tried(case, ref, point.value, found, base)) for point in values.points(ref)
    ]
    outcomes = dict(tried)
    made: list[Answered] = []
    for said, group in ranges(tried, lambda number: str(shown(number))):
        outcome = outcomes[group[0]]
        assert isinstance(outcome, Outcome)
        made.append(Answered(said, str(shown(group[0].value)), Said(said + unit), outcome))
    return made


def _answer(case: Case, ref: Ref, value: Value, plain: bool) -> Said:
    """An answer with what it is said of: a question may ask for less, or more, than the fact says."""
    said = in_words(value).clinician
    return Said(f"{case.explainer.words(ref)[0]}: {said}", said if plain else None)


def _tried(case: Case, ref: Ref, value: Value, found: Decisions, base: tuple[Value, ...]) -> Outcome:
    """What comes out otherwise when the fact has this value."""
    world = case.world.supposing(with_classes(case.world, {ref: value}))
    return found.changes(base, found.of(world))


def in_words(value: Value) -> Said:
    """A value as an answer to its question."""
    if isinstance(value, bool):
        return Said("yes", "yes") if value else Said("no", "no")
    word = (shown(value) or "not known").replace("_", " ")
    return Said(word, word)


def in_print(unit: str) -> str:
    """A unit without the marks of its code."""
    return unit.replace("{", "").replace("}", "").replace("_", " ").replace("10*", "10^")


def _once(questions: list[Question]) -> Iterable[Question]:
    """Two facts may ask the same question: it is asked once, of the one that changes more."""
    best: dict[str, Question] = {}
    for one in questions:
        known = best.get(one.question.clinician)
        if known is None or _place(one) < _place(known):
            best[one.question.clinician] = one
    return best.values()


def _place(one: Question) -> tuple[tuple[int, ...], str]:
    """What changes most first: of each fact the answer that changes most."""
    most = max((a.changes.weight for a in one.answers), default=(0,))
    return tuple(-x for x in most), one.fact


# -- closed options


def _closed(case: Case, values: Representatives) -> tuple[Closed, ...]:
    search = Unbar(case.world, values)
    found = []
    for option in case.compiled.therapies:
        status = str(case.value("option_status", option))
        if status in CLOSED:
            sets = tuple(_openable(case, search, o) for o in search.sets(option))
            found.append(Closed(option, status, reason_of(case, option), sets))
    return tuple(sorted(found, key=lambda c: (CLOSED.index(c.status), c.option)))


def openings(case: Case, option: str) -> tuple[Openable, ...]:
    """The smallest sets of facts that would open one closed option; none where it is open, or where more is needed."""
    if str(case.value("option_status", option)) not in CLOSED:
        return ()
    search = Unbar(case.world, representatives(case.guidance))
    return tuple(_openable(case, search, opening) for opening in search.sets(option))


def _openable(case: Case, search: Unbar, opening: Opening) -> Openable:
    needed = [_needed(case, part, search.kind(part)) for part in opening.parts]
    return Openable(tuple(needed), opening.status, opening.opens, opening.reason)


def _needed(case: Case, part: Part, kind: Kind) -> Needed:
    """A fact with the value, or the range of values, that it would need."""
    value = in_words(part.value).clinician
    patient = _plain(case, part.ref)
    plain = f"{patient} {value}" if patient and not part.also and kind == "learn" else None
    return Needed(part.ref.key, str(shown(part.value)), kind, Said(_clause(case, part), plain))


def _clause(case: Case, part: Part) -> str:
    """What a fact would have to be: a limit of a number, one of several values, or known at all."""
    label = case.explainer.words(part.ref)[0]
    values = [part.value, *part.also]
    if len(values) > 1 and all(isinstance(v, bool) for v in values):
        return f"{label}: known, whatever it is"
    if part.clause is not None and _has_limit(part.clause):
        return english(part.clause if part.holds else Not(part.clause), case.explainer.words)
    return f"{label}: {' or '.join(in_words(v).clinician for v in values)}"


def _has_limit(clause: Node) -> bool:
    """Whether a comparison is one of more or less."""
    return isinstance(clause, Compare) and clause.op not in ("=", "<>")


_YES_OR_NO = ("is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "can", "will")


def _plain(case: Case, ref: Ref) -> str | None:
    """The question as a patient may answer it with yes or no; None where the answer would mean something else.

    A wording of its own for patients may ask for less than the fact says ("have you been tested?").
    """
    fact = case.compiled.facts[ref.name]
    if not isinstance(fact.signature.type, Boolean) or ("patient" in fact.question and not ref.args):
        return None
    asked, plain = question(case, ref)
    return plain if asked.split(" ", 1)[0].lower() in _YES_OR_NO else None


# -- words


def _names(case: Case) -> dict[str, Said]:
    """What is decided upon, by its id."""
    names: dict[str, Said] = {}
    for group in (
        case.compiled.therapies,
        case.compiled.factors,
        case.compiled.mimics,
        case.compiled.red_flags,
    ):
        for id_, value in group.items():
            clinician, patient = case.words(value.name)
            first = getattr(value, "clinician_first", False)
            names[id_] = Said(clinician, None if first else patient)
    return names


def _codes(case: Case) -> dict[str, Said]:
    phrases = case.phrases
    tables = (phrases.reasons, phrases.actions, phrases.statuses, phrases.headlines)
    return {code: Said(*case.words(words)) for table in tables for code, words in table.items()}


__all__ = [
    "Answered", "Closed", "Needed", "Openable", "Prospects", "Question", "Said", "in_print", "in_words", "openings",
    "prospects", "representatives",
]  # fmt: skip
