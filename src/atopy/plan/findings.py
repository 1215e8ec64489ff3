"""The findings that the scores and courses lead to: severe, refractory, controlled, the cost of waiting."""

from atopy.criteria import Ref
from atopy.plan.case import Case
from atopy.plan.model import Line

FINDINGS = ("severity", "severe", "refractory", "uncontrolled", "costly_to_wait", "change_of_course")


def findings(case: Case) -> tuple[Line, ...]:
    """Severe and refractory are two findings; each says what it rests on, or what is missing."""
    lines: list[Line] = []
    for fact in FINDINGS:
        if fact not in case.compiled.facts:
            continue
        value = case.value(fact)
        label = case.explainer.words(Ref(fact))[0]
        clinician, patient = case.phrase(case.phrases.statuses, _state(value))
        plain = case.compiled.facts[fact].label.get("patient")
        lines.append(Line(
            f"finding-{fact}", "assessment", "assess", f"{label}: {clinician}",
            f"{plain}: {patient or clinician}" if plain and value is not None else None,
            status=_state(value), group="finding", trace=case.why(fact),
        ))  # fmt: skip
    return tuple(lines)


def _state(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {True: "met", False: "not met", None: "cannot be decided"}[value]
    return str(value)
