"""Patients made to order from the content itself, for laws that hold of every plan.

A record is a scenario's base, or a whole scenario, and upon it one or more small records for which contraindications
and interactions are true or undecided, another weight or age, and perhaps an override.
"""

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from tests.scenarios.generate import Draft, Generator
from tests.scenarios.scenario import base, data_of, guidance, read_record, scenarios

from atopy.criteria import Ref
from atopy.plan import Case, Plan, make_plan
from atopy.truth import Truth
from atopy.yaml_source import SourceError

TODAY = date(2026, 11, 20)
BASES = (
    "adult_worked_up",
    "woman_worked_up",
    "adolescent_severe",
    "child_moderate",
    "adult_refractory",
    "empty",
)
COUNTRIES = (None, "us", "eu", "uk")
_TODAYS = "2026-11-20"


@cache
def bars() -> tuple[tuple[str, str, str], ...]:
    """Every absolute bar: its option, its rule, and what to do while it is not known."""
    found = []
    for t in guidance().compiled.therapies.values():
        found += [(t.id, c.id, c.if_unknown) for c in t.contraindicated if c.severity == "absolute"]
        found += [(t.id, i.id, "ask") for i in t.interactions if i.severity == "absolute"]
    return tuple(found)


@cache
def drafts(rule: str, want: Truth) -> tuple[Draft, ...]:
    """A few small records for which *rule* is likely to be *want*."""
    return tuple(_generator().drafts(Ref("rule", (rule,)), want, most=3))


@cache
def _generator() -> Generator:
    return Generator(guidance().compiled)


@cache
def _whole() -> tuple[dict[str, Any], ...]:
    """The records of the scenarios whose day is today."""
    return tuple(data_of(s.record) for s in scenarios().values() if s.as_of == _TODAYS)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A base with what one to three bars rest on; some of its own events away, so that the unknown occurs."""
    start = base(draw(st.sampled_from(BASES)))
    return draw(_changed(start.events, start.patient, start.attested))


@st.composite
def any_records(draw: st.DrawFn) -> dict[str, Any]:
    """Those, or a scenario's record; perhaps with another weight or an area of skin."""
    if draw(st.booleans()):
        made = draw(records())
    else:
        whole = draw(st.sampled_from(_whole()))
        made = draw(_changed(whole["events"], whole["patient"], whole["attested"]))
    if draw(st.booleans()):
        kept = [e for e in made["events"] if e.get("observe") != "weight" and e.get("score") != "bsa"]
        kg, area = draw(st.integers(60, 1400)), draw(st.integers(1, 90))
        more = [
            {"date": _TODAYS, "observe": "weight", "value": f"{kg / 10} kg"},
            {"date": _TODAYS, "score": "bsa", "value": area},
        ]
        made = made | {"events": [*kept, *more]}
    return made


@st.composite
def _changed(
    draw: st.DrawFn, events: list[dict[str, Any]], patient: dict[str, Any], attested: dict[str, str]
) -> dict[str, Any]:
    events = [e for e in events if draw(st.integers(0, 9)) > 0]
    patient, attested = dict(patient), dict(attested)
    for _, rule, _ in draw(st.lists(st.sampled_from(bars()), min_size=1, max_size=3)):
        made = drafts(rule, draw(st.sampled_from((True, True, None))))
        if made:
            small = draw(st.sampled_from(made)).record()
            events += small["events"]
            attested |= small["attested"]
            if draw(st.booleans()):
                patient |= {k: v for k, v in small["patient"].items() if k == "sex"}
    if draw(st.booleans()):
        events.append({"date": "2026-11-19", "override": "refractory", "by": "Dr A", "reason": "asked for"})
    if draw(st.integers(0, 3)) == 0:
        attested.pop(draw(st.sampled_from(sorted(attested) or ["none"])), None)
    return {"atopy": 1, "patient": patient, "attested": attested, "events": events}


def planned(data: dict[str, Any], country: str | None) -> tuple[Case, Plan] | None:
    """The case and the plan; None where the parts contradict each other as a record."""
    try:
        record = read_record(data)
    except SourceError:
        return None
    case = Case(guidance(), record, TODAY, country, traced=False)
    return case, make_plan(guidance(), record, TODAY, country)
