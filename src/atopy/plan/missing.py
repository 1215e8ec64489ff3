"""Missing facts, ranked by how much of the plan they could change."""

from collections.abc import Iterable
from typing import NamedTuple

from atopy.criteria import Ref
from atopy.facts import Cases
from atopy.guideline import Regimen
from atopy.plan import words as texts
from atopy.plan.case import LANGUAGE, Case
from atopy.plan.model import Line
from atopy.plan.sheets import ends_at_once, sheet
from atopy.record import event_day

# What an undecided part weighs: the headline most, an option that is not on the table least.
_WEIGHTS = {
    "headline": 12,
    "disease_state": 12,
    "severity": 8,
    "uncontrolled": 8,
    "refractory": 6,
    "age_years": 7,  # limits and doses hang on it
    "red_flag": 1,
    "factor": 3,
    "mimic": 1,
    "suits": 3,
    "taken": 8,  # a limit of what is taken that nobody can judge
}
_OPTION_WEIGHTS = {
    "needs_information": 6,
    "recommended_once_checked": 2,
    "recommended_now": 1,
    "option": 1,
    "after_specialist_referral": 1,
}
_HELD = ("recommended_once_checked", "needs_information")  # what a factor, once found, would hold back
_WEIGHT_FACT = "weight_kg"
_LESS = ("stop", "hold", "reduce")
_ONLY_ASKED = 1  # what holds nothing back and is only confirmed before giving
SHOWN = 25
ATTESTED = "attested"
LEFT_OUT = "missing-left-out"
_LINES_KEPT = 5000


class Asked(NamedTuple):
    """A fact to ask for: what it weighs, which parts of the plan wait for it, and whether safety does."""

    ref: Ref
    weight: int
    touches: tuple[str, ...]
    safety: bool


def missing(case: Case) -> tuple[Line, ...]:
    """The facts that nobody recorded (or whose record is stale or set aside), the weightiest first.

    Of what is only useful the last are left out, and counted; a red flag or contraindication is always asked for.
    """
    lines: dict[str, Line] = {}
    hidden: set[str] = set()
    for asked in ranked(case):
        if len(lines) >= SHOWN and not asked.safety:
            hidden.add(_question_of(case, asked.ref)[0])
            continue
        line = _line(case, asked)
        lines.setdefault(line.clinician, line)  # two facts may ask the same question: it is asked once
    return (*lines.values(), *_left_out(len(hidden - lines.keys())))


def _left_out(count: int) -> tuple[Line, ...]:
    if not count:
        return ()
    said = f"{count} more question{'s' if count > 1 else ''} of less weight, none of them about safety"
    return (Line(LEFT_OUT, "missing", "note", said, status="left out", group=str(count)),)


def ranked(case: Case) -> list[Asked]:
    """Every fact to ask for, by how much of the plan it could change."""
    weights: dict[_Place, int] = {}
    reasons: dict[_Place, dict[str, None]] = {}
    safety: set[_Place] = set()
    settled = _Settled(case)
    for what, weight, slots, safe in _undecided(case):
        asked = slots if what == "disease_state" else [settled[slot] for slot in slots]
        for place in dict.fromkeys(asked):
            weights[place] = weights.get(place, 0) + weight
            reasons.setdefault(place, {})[what] = None
            if safe:
                safety.add(place)
    found = [Asked(_ref(case, p), weights[p], tuple(reasons[p]), p in safety) for p in weights]
    return sorted(found, key=lambda asked: (-asked.weight, asked.ref.key))


_Place = int | str
"""The place of a fact with a question, or the name of a list of the record that may be complete."""


class _Places:
    """The places of the terms that are looked at for every patient."""

    def __init__(self, case: Case) -> None:
        compiled, slot = case.compiled, case.guidance.slot
        self.flags = [(f, slot("red_flag", f)) for f in compiled.red_flags]
        self.factors = [
            (f, slot("factor_status", f), (slot("factor_present", f), slot("factor_excluded", f)))
            for f in compiled.factors
        ]
        self.options = [
            (sheet(case, t), slot("suits", o), slot("access_unmet", o)) for o, t in compiled.therapies.items()
        ]
        later = {r.id for r in compiled.meta.rungs if r.line != "first"}
        self.later = [of for of, _, _ in self.options if of.therapy.rung in later]
        self.limits = [
            (o, sheet(case, t).taking, [slot("rule", x.id) for x in t.limits if x.action in _LESS])
            for o, t in compiled.therapies.items() if t.rung in later
        ]  # fmt: skip
        self.weight = slot(_WEIGHT_FACT) if _WEIGHT_FACT in compiled.facts else None
        self.weighed = {o for o, t in compiled.therapies.items() if any(_by_weight(r) for r in t.regimens)}


def _by_weight(regimen: Regimen) -> bool:
    """Whether a regimen has no dose without a weight."""
    doses = (regimen.loading, regimen.dose, *regimen.then)
    return _WEIGHT_FACT in regimen.bands or any(d is not None and "/kg" in d.unit for d in doses)


_Open = tuple[str, int, Iterable[int], bool]


def _undecided(case: Case) -> Iterable[_Open]:
    """Each undecided part of the plan, its weight, the recorded facts that it waits for, and if safety hangs on it."""
    asked, world = case.gaps.asked_at, case.world
    places = case.guidance.fixed(case.guidance, "places", lambda: _Places(case))
    held = _held(case, places)
    for fact in ("disease_state", "severity", "uncontrolled", "age_years", "refractory"):
        settled = fact == "refractory" and case.value("uncontrolled") is False
        settled |= fact == "severity" and case.value("disease_state") in ("resolved", "absent")
        if fact in case.compiled.facts and not settled:
            weight = _WEIGHTS[fact] + (held if fact == "refractory" else 0)
            yield fact, weight, _behind(case, case.guidance.slot(fact)), False
    for option, taking, limits in places.limits:
        if world[taking] is True and not ends_at_once(case, case.compiled.therapies[option]):
            yield option, _WEIGHTS["taken"] + held, _unknown_bars(case, limits), False
    for flag, slot in places.flags:
        yield flag, _WEIGHTS["red_flag"], asked(slot), True
    for factor, status, states in places.factors:
        if world[status] == "not_assessed":
            open_ = [place for state in states for place in asked(state)]
            yield factor, _WEIGHTS["factor"] + held, open_, False
    if case.value("disease_state") != "unknown":
        yield from _of_options(case, places)


def _of_options(case: Case, places: _Places) -> Iterable[_Open]:
    """What each option on the table waits for: access, a weight, whom it is for, what may bar it."""
    asked, world = case.gaps.asked_at, case.world
    unweighed = places.weight is not None and world[places.weight] is None
    for of, suits, access in places.options:
        weight = _OPTION_WEIGHTS.get(str(world[of.status]), 0)
        if weight:
            option = of.therapy.id
            yield option, weight, asked(access), False
            if unweighed and option in places.weighed:
                yield option, weight, asked(case.guidance.slot(_WEIGHT_FACT)), False
            if asked(suits):
                yield option, _WEIGHTS["suits"], asked(suits), False
            else:
                yield option, weight, _unknown_bars(case, of.hold), True
                yield option, _ONLY_ASKED, _unknown_bars(case, of.ask), True


def _held(case: Case, places: _Places) -> int:
    """What a check that is open weighs: it could hold back each later option that waits for it, or for a test."""
    if case.value("disease_state") == "unknown":
        return 0
    waiting = sum(case.world[of.status] in _HELD for of in places.later)
    return _OPTION_WEIGHTS["needs_information"] * waiting


def _unknown_bars(case: Case, bars: list[int]) -> list[int]:
    """What to ask for those of these contraindications that cannot be decided."""
    world, asked = case.world, case.gaps.asked_at
    return [place for slot in bars if world[slot] is None for place in asked(slot)]


def _behind(case: Case, slot: int) -> list[int]:
    """What to ask for a fact that is unknown, or for the row of a table whose outcome says so."""
    value = case.world[slot]
    if value is None:
        return list(case.gaps.asked_at(slot))
    derivation = case.world.rules.derivation_at(slot)
    rows = derivation.rows if value == "unknown" and isinstance(derivation, Cases) else ()
    return [place for row in rows if row.unknown == value for place in case.gaps.undecided_at(row.when)]


class _Settled(dict[int, _Place]):
    """The question that settles an unknown fact: its own, or whether a list of the record is complete."""

    __slots__ = ("_closing", "_lists")

    def __init__(self, case: Case) -> None:
        self._closing, self._lists = case.gaps.closing_list, case.phrases.lists

    def __missing__(self, slot: int) -> _Place:
        closing = self._closing(slot)
        place = self[slot] = closing if closing is not None and closing in self._lists else slot
        return place


def _ref(case: Case, place: _Place) -> Ref:
    return Ref(ATTESTED, (place,)) if isinstance(place, str) else case.world.rules.refs[place]


def _line(case: Case, asked: Asked) -> Line:
    """A question, why it is open and what hangs on it; the same for every patient to whom the same applies."""
    made = _list_question(case, asked.ref) if asked.ref.name == ATTESTED else _fact_question(case, asked.ref)
    key = asked.ref.key, asked.weight, asked.touches, *made[1:]
    known = case.guidance.open_questions.get(key)
    if known is None:
        if len(case.guidance.open_questions) > _LINES_KEPT:
            case.guidance.open_questions.clear()
        known = case.guidance.open_questions[key] = _made(case, asked, *made)
    return known


def _made(case: Case, asked: Asked, question: tuple[str, str | None], state: str, last: str) -> Line:
    words = {"stale": "out of date", "quarantined": "set aside", "attested absent": "not attested"}
    reason = f"{words.get(state, 'not recorded')}{last}; could change: {_named(case, asked.touches)}"
    return Line(
        f"missing-{asked.ref}", "missing", "assess", question[0], question[1], status=state, clinician_reason=reason,
        group=str(asked.weight),
    )  # fmt: skip


_Question = tuple[tuple[str, str | None], str, str]


def _list_question(case: Case, ref: Ref) -> _Question:
    """Whether a list of the record is complete."""
    return case.words(case.phrases.lists[ref.args[0]]), "not recorded", ""


def _fact_question(case: Case, ref: Ref) -> _Question:
    """A fact's own question, its state, and when it was last known."""
    found = case.world.find(ref)
    last = f" (last {event_day(found.events[-1])})" if found.state == "stale" and found.events else ""
    return question(case, ref), found.state, last


def _question_of(case: Case, ref: Ref) -> tuple[str, str | None]:
    return case.words(case.phrases.lists[ref.args[0]]) if ref.name == ATTESTED else question(case, ref)


def asked_of(case: Case, slot: int) -> tuple[str | None, str | None]:
    """What is asked for a term that is not known: of the clinician where there is a number in it, and of the patient.

    The patient meets the question alone; a number in it must not be one that the clinician does not see.
    """
    asked = case.gaps.asked_at(slot)
    known = case.guidance.asked.get(asked)
    if known is None:
        both = [question(case, _ref(case, place)) for place in asked]
        clinician, patient = (" ".join(dict.fromkeys(q[i] or "" for q in both)).strip() for i in (0, 1))
        counted = any(c.isdigit() for c in patient)
        known = case.guidance.asked[asked] = (clinician if counted else None, patient or None)
    return known


def question(case: Case, ref: Ref) -> tuple[str, str | None]:
    """How to ask for a fact, of the clinician and of the patient."""
    known = case.guidance.questions.get(ref.key)
    if known is None:
        known = case.guidance.questions[ref.key] = _question(case, ref)
    return known


def _question(case: Case, ref: Ref) -> tuple[str, str | None]:
    if ref.name == ATTESTED:
        return case.words(case.phrases.lists[ref.args[0]])
    fact = case.compiled.facts[ref.name]
    label = case.explainer.words(ref)[0]
    asked = fact.question.get(LANGUAGE) or f"{label[:1].upper()}{label[1:]}?"
    plain = fact.question.get("patient") or texts.to_you(asked)
    if ref.args and case.explainer.title(ref.args[0]) not in asked:
        asked = f"{asked.rstrip('?')}: {case.explainer.title(ref.args[0])}?"
        plain = f"{plain.rstrip('?')}: {case.plain(ref.args[0])}?"
    return asked, plain


def _named(case: Case, touches: tuple[str, ...]) -> str:
    """What a fact could change, the first few by name."""
    names = [case.guidance.titles.get(t) or case.explainer.words(Ref(t))[0] for t in touches]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
