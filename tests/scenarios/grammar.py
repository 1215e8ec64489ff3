"""What a line of a scenario may say, and whether a plan holds it.

Each form is one pattern and one small function. It returns None when the plan holds the line, else what
was found instead, with the plan's trace.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import msgspec
from tests.scenarios.scenario import Seen

from atopy.criteria import Ref
from atopy.plan import Cited, Line, Trace
from atopy.render.answer import answer
from atopy.render.view import View

Check = Callable[[Seen, dict[str, str]], str | None]


class Form(msgspec.Struct, frozen=True):
    """One form of line: how it is shown to writers, its pattern, and its check."""

    shown: str
    pattern: re.Pattern[str]
    check: Check


FORMS: list[Form] = []

_ID = r"[a-z0-9_\-]+"
_STATUSES = (
    "recommended once checked", "recommended now", "after specialist referral", "not available here",
    "needs information", "failed before", "contraindicated", "in place", "optimise", "not now", "option",
)  # fmt: skip
_ACTIONS = "stop|hold|reduce|optimise|continue with cover|continue"
_STATES = "present|suspected|not assessed|excluded"
OPEN = ("recommended_now", "recommended_once_checked", "option", "after_specialist_referral")


def _form(shown: str, pattern: str) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        FORMS.append(Form(shown, re.compile(pattern + r"\.?"), check))
        return check

    return keep


def failures(seen: Seen, lines: list[str]) -> list[str]:
    """Every line that the plan does not hold, with what it holds instead."""
    found = []
    for line in lines:
        form, parts = _read(line)
        wrong = f"no form of line reads like this; see README.md{_near(line)}" if form is None else None
        if form is not None:
            wrong = form.check(seen, parts)
        if wrong is not None:
            found.append(f"expected: {line}\nfound:    {wrong}")
    return found


def _read(line: str) -> tuple[Form | None, dict[str, str]]:
    for form in FORMS:
        match = form.pattern.fullmatch(" ".join(line.split()))
        if match:
            return form, {k: v for k, v in match.groupdict().items() if v is not None}
    return None, {}


def _near(line: str) -> str:
    close = get_close_matches(line, [f.shown for f in FORMS], n=1, cutoff=0.3)
    return f"; nearest is: {close[0]}" if close else ""


# -- the words of the answer


def _told(text: str, *traces: Trace | None) -> str:
    shown = [_tree(t) for t in traces if t is not None]
    return "\n".join([text, *shown])


def _tree(trace: Trace, depth: int = 1) -> str:
    """A trace as indented lines, five deep."""
    value = trace.truth or " ".join(x for x in (trace.value, trace.unit) if x) or "no value"
    state = f" ({trace.state})" if trace.state else ""
    events = "".join(f"; {e.what} {e.value or ''} on {e.date}" for e in trace.events[:3])
    own = f"{'  ' * depth}- {trace.id or trace.what[:160]}: {value}{state}{events}"
    inner = [_tree(p, depth + 1) for p in trace.parts[:8]] if depth < 6 else []
    return "\n".join([own, *inner])


def _walk(trace: Trace | None) -> Iterator[Trace]:
    if trace is not None:
        yield trace
        for part in trace.parts:
            yield from _walk(part)


def _lines(seen: Seen) -> Iterator[Line]:
    """Every line of the plan, parts included."""

    def inner(lines: tuple[Line, ...]) -> Iterator[Line]:
        for line in lines:
            yield line
            yield from inner(line.parts)

    for section in seen.plan.sections:
        yield from inner(section.lines)


def _line(seen: Seen, id_: str) -> Line | None:
    return next((x for x in _lines(seen) if x.id == id_), None)


def _texts(line: Line) -> str:
    said = [line.clinician, line.clinician_reason or "", line.detail or ""]
    return " ".join([*said, *(_texts(p) for p in line.parts)])


def _patient(line: Line) -> str:
    """Everything that the patient reads of a line."""
    if not line.patient or line.clinician_first:
        return ""
    return " ".join(x for x in (line.patient, line.patient_detail, line.patient_reason) if x)


def _source_of(cited: Cited) -> str:
    """The name under which the content cites a source."""
    return cited.named or cited.source


def _ids(text: str) -> list[str]:
    return [x for x in re.split(r",? and |, | or ", text) if x]


# -- headline and options


@_form(
    "headline is escalate because checks-outstanding",
    rf"headline is (?P<code>{_ID})(?: because (?P<why>{_ID}))?",
)
def _headline(seen: Seen, of: dict[str, str]) -> str | None:
    head = seen.plan.headline
    if head.code == of["code"] and of.get("why") in (None, head.reason):
        return None
    return _told(f"headline {head.code} because {head.reason}", head.trace)


@_form("headline is not escalate", rf"headline is not (?P<code>{_ID})")
def _not_headline(seen: Seen, of: dict[str, str]) -> str | None:
    head = seen.plan.headline
    return (
        None if head.code != of["code"] else _told(f"headline {head.code} because {head.reason}", head.trace)
    )


_CITING = rf"(?:,? citing (?P<cited>{_ID})(?: on (?P<day>[0-9-]+))?)?"
_NAMING = rf"(?:,? naming (?P<named>[a-z0-9_, \-]+?) as (?P<state>{_STATES}))?"


@_form(
    "ciclosporin is contraindicated because ciclosporin-hypertension, citing blood_pressure on 2026-11-18",
    rf"(?P<option>{_ID}) is (?P<status>{'|'.join(_STATUSES)})(?: because (?P<why>{_ID}))?{_CITING}{_NAMING}",
)
def _option(seen: Seen, of: dict[str, str]) -> str | None:
    line = _ladder_line(seen, of["option"])
    if line is None:
        return f"no option '{of['option']}' on the ladder"
    if line.status != of["status"].replace(" ", "_"):
        return _told(f"{line.status} because {line.reason}: {line.clinician_reason}", line.trace)
    wrong = _because(seen, line, of.get("why")) or _cited(seen, line, of)
    return wrong or _named(seen, line, of)


def _ladder_line(seen: Seen, option: str) -> Line | None:
    return next((x for x in seen.plan.section("ladder").lines if x.id == option), None)


def _because(seen: Seen, line: Line, why: str | None) -> str | None:
    """The reason's code, or the rule, factor or other diagnosis that caused it."""
    if why is None or why == line.reason:
        return None
    causes = {p.id.removeprefix("taken-"): p for p in line.parts}
    if why in causes:
        return (
            None if _true(seen, "rule", why) or causes[why].status in _UNDECIDED else f"{why} does not hold"
        )
    for fact, domain in (("factor_holds", "factor"), ("mimic_holds", "mimic")):
        if why in seen.case.compiled.domains[domain]:
            held = line.reason == "correct-first" and _true(seen, fact, why)
            return None if held else _told(f"reason {line.reason}; {why} does not hold", line.trace)
    named = any(t.id == f"rule({why})" for t in _walk(line.trace))
    return None if named else _told(f"reason {line.reason}; met: {', '.join(causes) or 'none'}", line.trace)


_UNDECIDED = ("to know first", "confirm before giving")


def _true(seen: Seen, fact: str, *args: str) -> bool:
    return seen.case.world.value(Ref(fact, args)) is True


def _cited(seen: Seen, line: Line, of: dict[str, str]) -> str | None:
    """An event of that word (and day) stands in the trace of the line or of its parts."""
    word, day = of.get("cited"), of.get("day")
    if word is None:
        return None
    traces = [t for x in (line, *line.parts) for t in _walk(x.trace)]
    ids = {e.id for t in traces for e in t.events}
    found = [e for e in seen.record.events if e.id in ids]
    members = (word, *seen.case.compiled.vocabulary.members.get(word, ()))
    if any(e.code in members and (day is None or str(e.date) == day) for e in found):
        return None
    cited = ", ".join(f"{e.code} on {e.date}" for e in found) or "no event"
    return _told(f"it cites {cited}", line.trace)


def _named(seen: Seen, line: Line, of: dict[str, str]) -> str | None:
    """The factors or other diagnoses with that state, and the line says their names."""
    if "named" not in of:
        return None
    wanted = of["state"].replace(" ", "_")
    titles = seen.case.guidance.titles
    for id_ in _ids(of["named"]):
        kind = "factor_status" if id_ in seen.case.compiled.factors else "mimic_status"
        state = seen.case.value(kind, id_)
        if state != wanted:
            return _told(f"{id_} is {state}", seen.case.why(kind, id_))
        if titles[id_].lower() not in _texts(line).lower():
            return f"the line of {line.id} does not name '{titles[id_]}': {line.clinician_reason}"
    return None


@_form("dupilumab is not recommended", rf"(?P<option>{_ID}) is not recommended")
def _not_recommended(seen: Seen, of: dict[str, str]) -> str | None:
    line = _ladder_line(seen, of["option"])
    if line is None or not str(line.status).startswith("recommended"):
        return None
    return _told(f"{line.status} because {line.reason}", line.trace)


@_form("dupilumab is open", rf"(?P<option>{_ID}) is open")
def _open(seen: Seen, of: dict[str, str]) -> str | None:
    line = _ladder_line(seen, of["option"])
    if line is None:
        return f"no option '{of['option']}' on the ladder"
    return (
        None
        if line.status in OPEN
        else _told(f"{line.status} because {line.reason}: {line.clinician_reason}", line.trace)
    )


_ACCESS = {"barred by": "barred", "put first by": "forced", "not touched by": None}


@_form(
    "dupilumab is barred by access",
    rf"(?P<option>{_ID}) is (?P<how>barred by|put first by|not touched by) access",
)
def _access(seen: Seen, of: dict[str, str]) -> str | None:
    line = _ladder_line(seen, of["option"])
    if line is None:
        return f"no option '{of['option']}' on the ladder"
    if line.access == _ACCESS[of["how"]]:
        return None
    return _told(
        f"access: {line.access}; {line.status} because {line.reason}: {line.clinician_reason}", line.trace
    )


@_form("dupilumab comes before upadacitinib", rf"(?P<first>{_ID}) comes before (?P<second>{_ID})")
def _before(seen: Seen, of: dict[str, str]) -> str | None:
    order = [x.id for x in seen.plan.section("ladder").lines]
    missing = [x for x in (of["first"], of["second"]) if x not in order]
    if missing:
        return f"not on the ladder: {', '.join(missing)}"
    right = order.index(of["first"]) < order.index(of["second"])
    return None if right else f"order: {', '.join(order)}"


@_form(
    "dupilumab is unwished by the patient", rf"(?P<option>{_ID}) is (?P<wish>wished|unwished) by the patient"
)
def _wish(seen: Seen, of: dict[str, str]) -> str | None:
    line = _ladder_line(seen, of["option"])
    found = line.preference if line else "not on the ladder"
    return None if found == of["wish"] else str(found)


@_form(
    "on the first screen upadacitinib comes before dupilumab",
    rf"on the first screen (?P<first>{_ID}) comes before (?P<second>{_ID})",
)
def _first_screen(seen: Seen, of: dict[str, str]) -> str | None:
    order = [r.id for r in answer(View(seen.plan, "clinician")).then]
    first, second = of["first"], of["second"]
    right = first in order and (second not in order or order.index(first) < order.index(second))
    return None if right else f"rows: {', '.join(order)}"


@_form(
    "the first screen names secondary_infection",
    rf"the first screen (?P<not>does not name|names) (?P<id>{_ID})",
)
def _first_named(seen: Seen, of: dict[str, str]) -> str | None:
    named = [x.id for x in answer(View(seen.plan, "clinician")).first]
    return None if (of["id"] in named) is (of["not"] == "names") else f"it names: {', '.join(named)}"


@_form("no option is recommended", r"no option is recommended")
def _none_recommended(seen: Seen, _: dict[str, str]) -> str | None:
    return _unwanted(seen, ("recommended_now", "recommended_once_checked"), beyond=False)


@_form("no option beyond topical care is recommended", r"no option beyond topical care is recommended")
def _none_beyond(seen: Seen, _: dict[str, str]) -> str | None:
    return _unwanted(seen, ("recommended_now", "recommended_once_checked"), beyond=True)


@_form("no option beyond topical care is open", r"no option beyond topical care is open")
def _none_open(seen: Seen, _: dict[str, str]) -> str | None:
    return _unwanted(seen, (*OPEN, "needs_information"), beyond=True)


@_form("no option is open", r"no option is open")
def _nothing_open(seen: Seen, _: dict[str, str]) -> str | None:
    return _unwanted(seen, (*OPEN, "needs_information"), beyond=False)


def _unwanted(seen: Seen, statuses: tuple[str, ...], beyond: bool) -> str | None:
    found = [
        x for x in seen.plan.section("ladder").lines
        if x.status in statuses and not (beyond and seen.case.value("line", x.id) == "first")
    ]  # fmt: skip
    if not found:
        return None
    return _told("; ".join(f"{x.id} is {x.status}" for x in found), found[0].trace)


@_form("there is no ladder", r"there is no ladder")
def _no_ladder(seen: Seen, _: dict[str, str]) -> str | None:
    lines = seen.plan.section("ladder").lines
    return None if not lines else f"{len(lines)} options"


@_form(
    "taking ciclosporin: reduce because ciclosporin-limit-pressure",
    rf"taking (?P<option>{_ID}): (?P<action>{_ACTIONS})(?: because (?P<why>{_ID}))?{_CITING}",
)
def _taking(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, f"taken-{of['option']}")
    if line is None:
        return f"the record shows no {of['option']} being taken"
    if line.status != of["action"].replace(" ", "_"):
        return _told(f"{line.status} because {line.reason}: {line.clinician_reason}", line.trace)
    return _because(seen, line, of.get("why")) or _cited(seen, line, of)


@_form("taking ciclosporin says how to stop", rf"taking (?P<option>{_ID}) says how to stop")
def _how_to_stop(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, f"taken-{of['option']}")
    if line is None:
        return f"the record shows no {of['option']} being taken"
    return None if any(p.id == f"{of['option']}-stop" for p in line.parts) else "no line says how"


# -- findings and facts


@_form("factor non_adherence is suspected", rf"factor (?P<id>{_ID}) is (?P<state>{_STATES}){_CITING}")
def _factor(seen: Seen, of: dict[str, str]) -> str | None:
    return _state(seen, "factor_status", seen.case.compiled.factors, of)


@_form("mimic scabies is suspected", rf"mimic (?P<id>{_ID}) is (?P<state>{_STATES}){_CITING}")
def _mimic(seen: Seen, of: dict[str, str]) -> str | None:
    return _state(seen, "mimic_status", seen.case.compiled.mimics, of)


def _state(seen: Seen, fact: str, known: dict[str, Any], of: dict[str, str]) -> str | None:
    if of["id"] not in known:
        return f"'{of['id']}' is unknown; known are {', '.join(known)}"
    state = seen.case.value(fact, of["id"])
    if state != of["state"].replace(" ", "_"):
        return _told(str(state), seen.case.why(fact, of["id"]))
    return _cited(seen, Line(of["id"], "assessment", "note", "", trace=seen.case.why(fact, of["id"])), of)


@_form(
    "red flag eczema_herpeticum is present",
    rf"red flag (?P<id>{_ID}) is (?P<state>present|absent|unknown){_CITING}",
)
def _red_flag(seen: Seen, of: dict[str, str]) -> str | None:
    if of["id"] not in seen.case.compiled.red_flags:
        return f"'{of['id']}' is unknown; known are {', '.join(seen.case.compiled.red_flags)}"
    value = seen.case.value("red_flag", of["id"])
    trace = seen.case.why("red_flag", of["id"])
    if value is not {"present": True, "absent": False, "unknown": None}[of["state"]]:
        return _told(str(value), trace)
    return _cited(seen, Line(of["id"], "urgent", "note", "", trace=trace), of)


@_form("red flag sick_infant is not raised", rf"red flag (?P<id>{_ID}) is not raised")
def _not_raised(seen: Seen, of: dict[str, str]) -> str | None:
    value = seen.case.value("red_flag", of["id"])
    return None if value is not True else _told("raised", seen.case.why("red_flag", of["id"]))


@_form("nothing is urgent", r"nothing is urgent")
def _nothing_urgent(seen: Seen, _: dict[str, str]) -> str | None:
    lines = seen.plan.section("urgent").lines
    return None if not lines else _told(", ".join(x.id for x in lines), lines[0].trace)


@_form("urgent comes first", r"urgent comes first")
def _urgent_first(seen: Seen, _: dict[str, str]) -> str | None:
    first = next(s for s in seen.plan.sections if s.lines)
    return None if first.id == "urgent" else f"the first section with a line is {first.id}"


_TERM = r"[a-z0-9_]+(?:\([a-z0-9_\-]+\))?"


@_form(
    "fact easi is unknown because stale",
    rf"fact (?P<term>{_TERM}) is (?P<value>[a-z0-9_.]+)(?: because (?P<why>[a-z_ \-]+?))?{_CITING}",
)
def _fact(seen: Seen, of: dict[str, str]) -> str | None:
    name, _, inner = of["term"].partition("(")
    args = (inner.rstrip(")"),) if inner else ()
    if name not in seen.case.compiled.facts:
        return f"no fact '{name}'"
    found = seen.case.found(name, *args)
    trace = seen.case.why(name, *args)
    given = "unknown" if found.value is None else _plain(found.value)
    if given != of["value"]:
        return _told(f"{given} ({found.state})", trace)
    if of.get("why") not in (None, found.state, found.detail):
        return _told(f"{given}, but {found.state} ({found.detail})", trace)
    return _cited(seen, Line(of["term"], "assessment", "note", "", trace=trace), of)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


# -- lines and what they say


@_form(
    "statement steroid-use-once-daily is shown in tell, citing uptodate2017-04",
    rf"statement (?P<id>{_ID}) is shown(?: in (?P<section>[a-z_]+))?(?:,? citing (?P<sources>[a-z0-9_\-, ]+?))?",
)
def _shown(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, of["id"])
    if line is None:
        return _told("no such line in the plan", _rule_trace(seen, of["id"]))
    if of.get("section") not in (None, line.section):
        return f"it stands in section {line.section}"
    cited = [_source_of(c) for x in (line, *line.parts) for c in x.sources]
    missing = [s for s in _ids(of.get("sources", "")) if s not in cited]
    return f"it cites {', '.join(cited) or 'nothing'}" if missing else None


def _rule_trace(seen: Seen, id_: str) -> Trace | None:
    known = id_ in seen.case.compiled.domains.get("rule", ())
    return seen.case.why("rule", id_) if known else None


@_form("statement proactive-relapse is not shown", rf"statement (?P<id>{_ID}) is not shown")
def _not_shown(seen: Seen, of: dict[str, str]) -> str | None:
    if of["id"] not in seen.case.compiled.domains["rule"]:
        return f"the guideline has no statement '{of['id']}'"
    line = _line(seen, of["id"])
    return None if line is None else _told(f"shown in {line.section}: {line.clinician}", line.trace)


@_form(
    "disagreement clobetasol-occlusion is shown",
    rf"disagreement (?P<id>{_ID}) is shown(?:, citing (?P<sources>[a-z0-9_\-, ]+?))?",
)
def _disagreement(seen: Seen, of: dict[str, str]) -> str | None:
    return _shown(seen, {**of, "id": f"disagreement-{of['id']}", "section": "disagreements"})


@_form("disagreement azathioprine is not shown", rf"disagreement (?P<id>{_ID}) is not shown")
def _no_disagreement(seen: Seen, of: dict[str, str]) -> str | None:
    return _not_shown(seen, {"id": f"disagreement-{of['id']}"})


@_form(
    'eczema-herpeticum-now says "aciclovir"',
    rf'(?P<ids>(?!nothing){_ID}(?: or {_ID})*) says "(?P<words>[^"]+)"(?P<patient> to the patient)?',
)
def _says(seen: Seen, of: dict[str, str]) -> str | None:
    lines = [x for id_ in _ids(of["ids"]) if (x := _line(seen, id_)) is not None]
    if not lines:
        return f"no line {of['ids']} in the plan"
    said = " | ".join(_patient(x) if of.get("patient") else _texts(x) for x in lines)
    return None if of["words"].lower() in said.lower() else said


@_form('nothing says "stronger steroid"', r'nothing says "(?P<words>[^"]+)"(?P<patient> to the patient)?')
def _never_said(seen: Seen, of: dict[str, str]) -> str | None:
    for line in _lines(seen):
        said = _patient(line) if of.get("patient") else _texts(line)
        if of["words"].lower() in said.lower():
            return f"{line.id}: {said}"
    return None


@_form("the patient does not meet ctcl", rf"the patient does not meet (?P<id>{_ID})")
def _kept_back(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, of["id"])
    return None if line is None or line.patient is None else f"the patient reads: {line.patient}"


@_form("score easi is severe", rf"score (?P<id>{_ID}) is (?P<band>{_ID})")
def _score(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, f"score-{of['id']}")
    if line is None:
        return "no such score in the plan"
    return None if line.status == of["band"] else f"{line.status}: {line.clinician}; {line.detail}"


# -- the calendar

_DAY = r"\d{4}-\d{2}-\d{2}"


@_form(
    "calendar azathioprine-monitor-blood is due on 2026-06-15, from 2026-06-12 to 2026-06-18, then 2026-06-29",
    rf"calendar (?P<id>{_ID}) is (?P<status>done|due|overdue|planned)(?: on (?P<day>{_DAY}))?"
    rf"(?:, from (?P<first>{_DAY}) to (?P<last>{_DAY}))?(?:, then (?P<then>[0-9\-]+(?:, [0-9\-]+)*))?"
    r"(?:,? citing (?P<sources>[a-z0-9_\-, ]+?))?",
)
def _dated(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, f"calendar-{of['id']}")
    if line is None:
        return f"no such date; there are {', '.join(x.id for x in seen.plan.section('calendar').lines)}"
    then = [x.due or "" for x in line.parts if x.group == "following"]
    wanted = (
        of["status"],
        of.get("day", line.due),
        of.get("first", line.earliest),
        of.get("last", line.latest),
    )
    found = (line.status, line.due, line.earliest, line.latest)
    asked = (of.get("then") or "").split(", ") if of.get("then") else []
    cited = [_source_of(c) for c in line.sources]
    if wanted != found or then[: len(asked)] != asked:
        days = f"{line.due}, {line.earliest} to {line.latest}, then {', '.join(then)}"
        return _told(f"{line.status} on {days}", line.trace)
    missing = [s for s in _ids(of.get("sources") or "") if s not in cited]
    return f"it cites {', '.join(cited)}" if missing else None


@_form(
    "calendar azathioprine-monitor-blood comes 11 times within a year",
    rf"calendar (?P<id>{_ID}) comes (?P<times>\d+) times within a year",
)
def _how_often(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, f"calendar-{of['id']}")
    times = 1 + sum(x.group == "following" for x in line.parts) if line else 0
    return None if times == int(of["times"]) else f"{times} times"


@_form("calendar dupilumab-monitor-eyes has no date", rf"calendar (?P<id>{_ID}) has no date")
def _no_date(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, f"calendar-{of['id']}-undated")
    return None if line and line.due is None and line.status is None else "it is not listed without a date"


@_form("calendar azathioprine-monitor-blood is not listed", rf"calendar (?P<id>{_ID}) is not listed")
def _not_dated(seen: Seen, of: dict[str, str]) -> str | None:
    line = _line(seen, f"calendar-{of['id']}")
    return None if line is None else f"{line.status} on {line.due}"


@_form("missing facts ask for easi", rf"missing facts ask for (?P<term>{_TERM})")
def _asked(seen: Seen, of: dict[str, str]) -> str | None:
    asked = [x.id.removeprefix("missing-") for x in seen.plan.section("missing").lines]
    return None if of["term"] in asked else f"asked: {', '.join(asked)}"


@_form(
    "missing facts ask for refractory before hbsag_positive",
    rf"missing facts ask for (?P<first>{_TERM}) before (?P<second>{_TERM})",
)
def _asked_before(seen: Seen, of: dict[str, str]) -> str | None:
    asked = [x.id.removeprefix("missing-") for x in seen.plan.section("missing").lines]
    first, second = of["first"], of["second"]
    right = first in asked and (second not in asked or asked.index(first) < asked.index(second))
    return None if right else f"asked: {', '.join(asked)}"


@_form("missing facts do not ask for easi", rf"missing facts do not ask for (?P<term>{_TERM})")
def _not_asked(seen: Seen, of: dict[str, str]) -> str | None:
    asked = [x.id.removeprefix("missing-") for x in seen.plan.section("missing").lines]
    return None if of["term"] not in asked else f"asked: {', '.join(asked)}"


@_form(
    'easi is set aside because "between 0 and 72"',
    rf'(?P<word>{_ID}) is set aside(?: because "(?P<why>[^"]+)")?',
)
def _set_aside(seen: Seen, of: dict[str, str]) -> str | None:
    listed = {x.id.removeprefix("quarantined-"): x for x in seen.plan.section("quarantined").lines}
    aside = [
        e
        for e in seen.record.events
        if (e.quarantined or e.dose_set_aside)
        and (of["word"] in (e.code, e.label) or e.code.startswith("unknown:"))
    ]
    for event in aside:
        if event.id in listed and of.get("why", "") in listed[event.id].clinician:
            return None
    return "; ".join(x.clinician for x in listed.values()) or "nothing is set aside"


form, line_texts, told = _form, _texts, _told
from tests.scenarios import grammar_courses  # noqa: E402, F401
