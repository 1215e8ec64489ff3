"""What a scenario may say of past and present courses: the verdict on each trial, its response, its targets."""

from tests.scenarios.grammar import form, line_texts, told
from tests.scenarios.scenario import Seen

from atopy.plan import Line
from atopy.record import day_words

_ID = r"[a-z0-9_\-]+"
_VERDICTS = {
    "adequate": "adequate",
    "inadequate": "inadequate",
    "too early to judge": "too_early",
    "of unknown adequacy": "adequacy_unknown",
}
_DECIDING = {
    "adequate": "met",
    "too_early": "not met",
    "inadequate": "not met",
    "adequacy_unknown": "cannot be decided",
}
_STATES = {"met": "met", "not met": "not met", "not yet known": "cannot be decided"}


def _lines(seen: Seen, code: str, prefix: str) -> list[Line]:
    ids = {f"{prefix}-{e.id}" for e in seen.record.events if e.kind == "treatment" and e.code == code}
    return [x for x in seen.plan.section("assessment").lines if x.id in ids]


def _last(seen: Seen, code: str) -> Line | None:
    """The line of the newest course of a treatment."""
    return next(reversed(_lines(seen, code, "course")), None)


def _missing(seen: Seen, code: str) -> str:
    held = [e.code for e in seen.record.events if e.kind == "treatment"]
    return f"the plan has no such line for '{code}'; courses of the record: {', '.join(held) or 'none'}"


@form(
    "the trial of ciclosporin is inadequate because ciclosporin-long-enough",
    rf"the trial of (?P<code>{_ID}) is (?P<verdict>{'|'.join(_VERDICTS)})"
    rf"(?: because (?P<why>{_ID}(?:(?:, | and ){_ID})*))?",
)
def _trial(seen: Seen, of: dict[str, str]) -> str | None:
    line, wanted = _last(seen, of["code"]), _VERDICTS[of["verdict"]]
    if line is None:
        return _missing(seen, of["code"])
    if line.status != wanted:
        return told(f"{line.status}: {line.detail}", line.trace)
    deciding = _DECIDING[wanted]
    for id_ in of.get("why", "").replace(" and ", ", ").split(", "):
        states = [p.status for p in line.parts if p.group == "criterion" and p.id.startswith(f"{id_}-")]
        if id_ and states != [deciding]:
            return f"{id_} is {states or 'no criterion of it'}: {line.detail}"
    return None


@form(
    'the trial of ciclosporin says "fewer than"',
    rf'the trial of (?P<code>{_ID}) says "(?P<words>[^"]+)"(?P<patient> to the patient)?',
)
def _trial_says(seen: Seen, of: dict[str, str]) -> str | None:
    found = _lines(seen, of["code"], "course")
    if "patient" in of:
        said = " ".join(f"{x.patient or ''} {x.patient_detail or ''}" for x in found)
    else:
        said = " ".join(line_texts(x) for x in found)
    return None if of["words"].lower() in said.lower() else said or _missing(seen, of["code"])


@form(
    "the response to dupilumab reaches EASI-75 and misses EASI-90",
    rf"the response to (?P<code>{_ID})(?: reaches (?P<met>[A-Za-z0-9 \-]+?))?(?: and)?"
    r"(?: misses (?P<missed>[A-Za-z0-9 \-]+?))?",
)
def _response(seen: Seen, of: dict[str, str]) -> str | None:
    line = _last(seen, of["code"])
    if line is None:
        return _missing(seen, of["code"])
    details = [p.detail or "" for p in line.parts if p.group == "response"]
    for words, lead in ((of.get("met"), "met: "), (of.get("missed"), "not met: ")):
        listed = {
            n
            for d in details
            for part in d.split("; ")
            if part.startswith(lead)
            for n in part[len(lead) :].split(", ")
        }
        if words and words not in listed:
            return f"{lead}{', '.join(sorted(listed)) or 'nothing'}; {' | '.join(details) or 'no response shown'}"
    return None


@form(
    "the response to dupilumab is not shown for easi",
    rf"the response to (?P<code>{_ID}) is not shown for (?P<score>{_ID})",
)
def _no_response(seen: Seen, of: dict[str, str]) -> str | None:
    found = _lines(seen, of["code"], "course")
    shown = [p for x in found for p in x.parts if p.group == "response" and p.id.endswith(f"-{of['score']}")]
    return None if not shown else shown[0].clinician


@form(
    "the target acceptable of t2t_2021 for dupilumab is met",
    rf"the target (?P<target>{_ID}) of (?P<framework>{_ID}) for (?P<code>{_ID}) is (?P<state>{'|'.join(_STATES)})"
    r"(?:, due (?P<due>[0-9-]+))?",
)
def _target(seen: Seen, of: dict[str, str]) -> str | None:
    found = _lines(seen, of["code"], "targets")
    ends = f"-{of['framework']}-{of['target']}"
    parts = [p for x in found for p in x.parts if p.id.endswith(ends)]
    if not parts:
        return _missing(seen, of["code"])
    part = parts[-1]
    if part.status != _STATES[of["state"]]:
        return f"{part.status}: {part.clinician} {part.detail}"
    due = day_words(of["due"]) if "due" in of else ""
    return None if due in part.clinician else part.clinician


def _goals(seen: Seen, code: str) -> list[str]:
    return [p.patient for x in _lines(seen, code, "targets") for p in x.parts if p.patient]


@form(
    'the targets for dupilumab say "Best goal" to the patient',
    rf'the targets for (?P<code>{_ID}) say "(?P<words>[^"]+)" to the patient',
)
def _goal(seen: Seen, of: dict[str, str]) -> str | None:
    goals = _goals(seen, of["code"])
    return None if any(of["words"] in g for g in goals) else "; ".join(goals) or _missing(seen, of["code"])


@form(
    "the targets for dupilumab repeat nothing to the patient",
    rf"the targets for (?P<code>{_ID}) repeat nothing to the patient",
)
def _no_goal_twice(seen: Seen, of: dict[str, str]) -> str | None:
    goals = _goals(seen, of["code"])
    return None if goals and len(set(goals)) == len(goals) else "; ".join(goals) or _missing(seen, of["code"])
