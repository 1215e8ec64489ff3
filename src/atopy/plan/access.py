"""What access does to an option: a rule of the country or of the place bars it, makes it wait, or puts it first.

Who pays is not what works. So what access decides says so, beside the evidence and never in its words.
"""

from typing import Literal

from atopy.guideline import AccessRule, Therapy
from atopy.plan.case import Case
from atopy.plan.model import Line
from atopy.plan.plain import sentences
from atopy.plan.sheets import Sheet

Pair = tuple[str | None, str | None]
Access = Literal["barred", "forced"] | None

BARRED = ("formulary", "step-therapy", "access-rule", "access-unknown")
"""Reasons by which the tables say that access, and nothing else, holds an option."""
FIRST = "first-by-access"
MEANWHILE = "open-while-access-waits"


def access_of(case: Case, of: Sheet, reason: str | None) -> Access:
    """Whether access holds this option, or puts it before a better one."""
    if reason in BARRED:
        return "barred"
    return "forced" if of.first is not None and case.world[of.first] is True else None


def access_words(case: Case, therapy: Therapy, reason: str | None, marked: Access, because: Pair) -> Pair:
    """The reason of an option, with what access asks, and that it is access, which *marked* says."""
    if marked == "barred":
        return _beside(case.phrase(case.phrases.reasons, reason), _asked(case, therapy, reason))
    if not marked:
        return because
    # What no rule asks for brings nothing nearer; a rule that cannot be decided yet may still ask for it.
    asked = case.value("asked_by_access", therapy.id) is not False
    return _beside(because, case.phrase(case.phrases.reasons, FIRST if asked else MEANWHILE), "; ")


def access_lines(case: Case, therapy: Therapy) -> tuple[Line, ...]:
    """Each rule of this country that is not met, or not known to be, with its source."""
    return tuple(_line(case, rule) for rule in _unmet(case, therapy)) if therapy.access else ()


def _unmet(case: Case, therapy: Therapy) -> list[AccessRule]:
    return [rule for rule in therapy.access if case.rule(rule.id) is not False]


def _asked(case: Case, therapy: Therapy, reason: str | None) -> Pair:
    if reason in ("formulary", "step-therapy"):
        local = case.compiled.access.get(therapy.id)
        return case.words(local.because) if local else (None, None)
    said = [case.words(rule.because, rule.numbers) for rule in _unmet(case, therapy)]
    return "; ".join(c.rstrip(".") for c, _ in said), ". ".join(p.rstrip(".") for _, p in said if p)


def _beside(first: Pair, second: Pair, between: str = ": ") -> Pair:
    """Two reasons as one; each is said once, and to a patient in a sentence of its own."""
    clinician = between.join(dict.fromkeys(x for x in (first[0], second[0]) if x))
    return clinician or None, sentences(dict.fromkeys((first[1], second[1]))) or None


def _line(case: Case, rule: AccessRule) -> Line:
    clinician, patient = case.words(rule.because, rule.numbers)
    return Line(
        rule.id, "ladder", "note", clinician, patient, status="access", group="access",
        parameters=case.parameters(rule.because, rule.numbers), sources=case.cite(rule.sources),
        trace=case.why("rule", rule.id),
    )  # fmt: skip


__all__ = ["access_lines", "access_of", "access_words"]
