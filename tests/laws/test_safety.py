"""No plan recommends or offers what must not be given: over records made to order from the content itself.

A record is a scenario's base, and upon it one or more small records for which contraindications and interactions
are true or undecided, and perhaps an override. What the plan then says is held against the rules themselves, not
against the tables that combine them.
"""

import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.patients import COUNTRIES, TODAY, any_records, bars, drafts, planned, records
from tests.scenarios.generate import Draft
from tests.scenarios.scenario import base, guidance, read_record

from atopy.facts import Cases
from atopy.guideline import Compiled, Dose
from atopy.plan import Case, Guidance, Line, Plan, make_plan

OFFERED = ("recommended_now", "recommended_once_checked", "option")


@given(records(), st.sampled_from(COUNTRIES))
@settings(max_examples=120, deadline=None)
def test_nothing_barred_or_held_is_recommended_or_offered(data: dict[str, Any], country: str | None) -> None:
    made = planned(data, country)
    if made is None:
        return
    assert offered_against_a_bar(*made) == []


def offered_against_a_bar(case: Case, plan: Plan) -> list[str]:
    """Options that the plan offers although a bar is met, or unknown and to hold."""
    status = {line.id: line.status for line in plan.section("ladder").lines}
    wrong = []
    for option, rule, if_unknown in bars():
        truth = case.rule(rule)
        if (truth is True or (truth is None and if_unknown == "hold")) and status.get(option) in OFFERED:
            wrong.append(f"{option} is {status[option]}, {rule} is {truth}")
    return wrong


@given(records(), st.sampled_from(COUNTRIES))
@settings(max_examples=60, deadline=None)
def test_what_is_taken_against_a_bar_is_never_simply_continued(
    data: dict[str, Any], country: str | None
) -> None:
    made = planned(data, country)
    if made is None:
        return
    case, plan = made
    said = {line.id: line.status for line in plan.section("taken_now").lines}
    for option, rule, _ in bars():
        if case.rule(rule) is True and case.value("taking", option) is True:
            assert said.get(f"taken-{option}") != "continue", (option, rule)


def test_the_records_do_meet_bars() -> None:
    """Else the laws would hold of nothing."""
    sample = bars()[::4]
    reached = [rule for _, rule, _ in sample if any(_meets(rule, d) for d in drafts(rule, True))]
    assert len(reached) > 0.8 * len(sample), {r for _, r, _ in sample} - set(reached)


def _meets(rule: str, draft: Draft) -> bool:
    found = planned(draft.record(), None)
    return found is not None and found[0].rule(rule) is True


# -- doses


_GIVEN = re.compile(r"^(?:(\d+(?:\.\d+)?) to )?(\d+(?:\.\d+)?) (mg|g)(?: a (day|week))?\b")
_PER = {"day": 1, "week": 7}


@given(any_records(), st.sampled_from(COUNTRIES))
@settings(max_examples=60, deadline=None)
def test_no_plan_says_a_dose_above_a_stated_maximum(data: dict[str, Any], country: str | None) -> None:
    """Read off the words that the patient gets, and multiplied out here anew."""
    made = planned(data, country)
    if made is not None:
        assert above_a_maximum(*made) == []


def above_a_maximum(case: Case, plan: Plan) -> list[str]:
    """Doses in the plan's words above the regimen's maximum, or above a ceiling that applies to this patient."""
    weight = case.value("weight_kg")
    kilograms = weight if isinstance(weight, Decimal) else None
    shown = {line.id: line for line in walk(plan)}
    wrong = []
    for therapy in case.compiled.therapies.values():
        met = [r for r in therapy.regimens if case.rule(r.id) is True]
        ceilings = [r.maximum for r in met if r.maximum and r.dose is None and r.loading is None]
        for regimen in met:
            line = shown.get(regimen.id)
            if line is None or not (regimen.dose or regimen.loading):
                continue
            limits = [*([regimen.maximum] if regimen.maximum else []), *ceilings]
            tops = [t for m in limits if (t := milligrams_a_day(m, kilograms)) is not None]
            wrong += [f"{line.id}: {said}" for said in too_much(line, min(tops, default=None))]
    return wrong


def walk(plan: Plan) -> list[Line]:
    found: list[Line] = []
    todo = [line for section in plan.sections for line in section.lines]
    while todo:
        line = todo.pop()
        found.append(line)
        todo += line.parts
    return found


def milligrams_a_day(dose: Dose, kilograms: Decimal | None) -> Decimal | None:
    """The upper end of a maximum, in milligrams a day; None for what is measured otherwise."""
    match = re.fullmatch(r"(mg|g)(/kg)?/(day|week)", dose.unit)
    top = dose.high or dose.value
    if match is None or top is None or (match[2] and kilograms is None):
        return None
    return top * (1000 if match[1] == "g" else 1) * (kilograms or 1 if match[2] else 1) / _PER[match[3]]


def too_much(line: Line, most: Decimal | None) -> list[str]:
    """Each dose in a line's words for the patient that is above *most*."""
    if most is None:
        return []
    wrong = []
    for sentence in (line.patient_detail or "").removeprefix("Then ").replace(". Then ", ". ").split(". "):
        match = _GIVEN.match(sentence)
        if match and match[4]:
            a_day = Decimal(match[2]) * (1000 if match[3] == "g" else 1) / _PER[match[4]]
            wrong += [f"{sentence} is above {most} mg a day"] if a_day > most else []
    return wrong


# -- the laws can fail


def test_an_option_offered_against_its_bar_is_found() -> None:
    """With the row that bars taken out of the table of options, plans offer what they must not."""
    compiled = guidance().compiled
    wrong = Guidance(_without_rows(compiled, ("contraindicated", "needs_information")))
    found = []
    for option, rule, _ in bars():
        for draft in drafts(rule, True):
            data = _upon("adult_worked_up", draft)
            record = read_record(data)
            right = Case(guidance(), record, TODAY, None, traced=False)
            if right.rule(rule) is True:
                found += offered_against_a_bar(right, make_plan(wrong, record, TODAY, None))
                assert offered_against_a_bar(right, make_plan(guidance(), record, TODAY, None)) == [], option
                break
        if found:
            return
    pytest.fail("no plan was wrong, though the table was")


def _without_rows(compiled: Compiled, statuses: tuple[str, ...]) -> Compiled:
    """The guideline with these rows of the table of options taken out."""
    facts = dict(compiled.facts)
    for name in ("option_status", "standing"):
        fact = facts.get(name)
        if fact is None:
            continue
        variants = {k: _less(v, statuses) for k, v in fact.variants.items()}
        facts[name] = msgspec.structs.replace(
            fact, derivation=_less(fact.derivation, statuses), variants=variants
        )
    return msgspec.structs.replace(compiled, facts=facts)


def _less(derivation: Any, statuses: tuple[str, ...]) -> Any:
    if not isinstance(derivation, Cases):
        return derivation
    rows = tuple(r for r in derivation.rows if r.then not in statuses)
    return msgspec.structs.replace(derivation, rows=rows)


def _upon(name: str, draft: Draft) -> dict[str, Any]:
    """A base with a small record upon it."""
    start, small = base(name), draft.record()
    return {
        "atopy": 1, "patient": start.patient, "attested": start.attested | small["attested"],
        "events": [*start.events, *small["events"]],
    }  # fmt: skip


def test_a_dose_above_its_maximum_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that holds nothing to its maximum says doses that the law finds."""
    data = dict(_upon("adolescent_severe", Draft(TODAY)))
    data["events"] = [e for e in data["events"] if e.get("observe") != "weight"]
    data["events"].append({"date": "2026-11-20", "observe": "weight", "value": "119 kg"})
    record = read_record(data)
    case = Case(guidance(), record, TODAY, "us", traced=False)
    assert above_a_maximum(case, make_plan(guidance(), record, TODAY, "us")) == []
    monkeypatch.setattr("atopy.plan.dose._held", lambda step, maxima, weight: step)
    fresh = Guidance(guidance().compiled)
    assert above_a_maximum(case, make_plan(fresh, record, TODAY, "us")) != []
