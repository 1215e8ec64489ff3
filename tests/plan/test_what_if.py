"""What if: facts supposed, the difference between two plans, what missing facts would change, what opens an option."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

import atopy
from atopy.criteria import Ref
from atopy.facts import World
from atopy.plan.case import Case
from atopy.plan.missing import ranked
from atopy.plan.outcomes import decisions
from atopy.plan.prospects import Closed, Prospects, representatives
from atopy.plan.public import setting
from atopy.plan.suppose import may_be_supposed, supposed
from atopy.plan.unbar import STARTABLE, Unbar
from atopy.plan.values import Point, ranges
from atopy.plan.what_if import Difference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("adult-severe", "child-moderate", "simple-escalation", "emergency-herpeticum", "empty")
DAY = "2026-11-20"


def example(name: str) -> Path:
    return ROOT / "examples" / f"{name}.yaml"


def case_of(name: str) -> Case:
    chosen = setting(example(name), as_of=DAY)
    return Case(chosen.guidance, chosen.record, chosen.as_of, chosen.country, traced=False)


def statuses(found: Difference) -> dict[str, tuple[str | None, str | None]]:
    """Each option that stands otherwise: before and after."""
    return {
        c.id: (c.before.status if c.before else None, c.after.status if c.after else None)
        for c in found.changes
        if c.section == "ladder"
    }


# -- one fact supposed

SUPPOSED = [
    # record, fact, value, option, status before, status after
    ("simple-escalation", "pregnant", True, "methotrexate", "needs_information", "contraindicated"),
    ("simple-escalation", "pregnant", True, "upadacitinib", "needs_information", "contraindicated"),
    ("simple-escalation", "hand_eczema", True, "alitretinoin", "not_now", "recommended_now"),
    ("simple-escalation", "renal_impairment_severe", True, "methotrexate", "needs_information", "contraindicated"),
    ("simple-escalation", "live_vaccine_planned", True, "dupilumab", "recommended_now", "option"),
    ("simple-escalation", "takes(dupilumab)", True, "dupilumab", "recommended_now", "in_place"),
    ("simple-escalation", "failed(dupilumab)", True, "dupilumab", "recommended_now", "failed_before"),
    ("simple-escalation", "failed(nbuvb)", False, "nbuvb", "failed_before", "option"),
    ("adult-severe", "severity", "moderate", "pimecrolimus", "not_now", "recommended_now"),
    ("adult-severe", "country", "us", "tapinarof", "not_available_here", "recommended_now"),
    ("adult-severe", "costly_to_wait", True, "dupilumab", "not_now", "recommended_once_checked"),
    ("child-moderate", "severity", "mild", "dupilumab", "not_now", "not_now"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fact", "value", "option", "before", "after"), SUPPOSED)
def test_a_supposed_fact_is_decided_as_if_it_were_so(
    name: str, fact: str, value: object, option: str, before: str, after: str
) -> None:
    found = statuses(atopy.what_if(example(name), {fact: value}, as_of=DAY))
    assert found.get(option, (before, before)) == (before, after)


def test_an_emergency_supposed_heads_the_plan_and_holds_the_ladder() -> None:
    found = atopy.what_if(example("simple-escalation"), {"hsv_pcr_positive": True}, as_of=DAY)
    assert (found.headline.before, found.headline.after) == ("escalate", "emergency")
    assert [c.id for c in found.changes if c.section == "urgent"] == ["eczema_herpeticum"]
    assert statuses(found)["dupilumab"] == ("recommended_now", "not_now")


def test_several_facts_are_supposed_together() -> None:
    alone = atopy.what_if(example("adult-severe"), {"patch_tests_read": True}, as_of=DAY)
    both = {"patch_tests_read": True, "exposed(irritant)": False}
    together = atopy.what_if(example("adult-severe"), both, as_of=DAY)
    assert "dupilumab" not in {k for k, v in statuses(alone).items() if v[1] in STARTABLE}
    assert statuses(together)["dupilumab"] == ("not_now", "recommended_once_checked")


def test_a_dose_follows_a_supposed_weight() -> None:
    found = atopy.what_if(
        example("simple-escalation"), {"weight_kg": 70, "renal_function_abnormal_baseline": False}, as_of=DAY
    )
    assert next((s.before, s.after) for s in found.supposed) == ("81 kg", "70 kg")
    assert any(c.after and c.after.detail and "x 70 kg" in c.after.detail.clinician for c in found.changes)


def test_a_list_may_be_supposed_complete() -> None:
    found = atopy.what_if(
        example("empty"), {"attested(problems)": True, "atopic_dermatitis": True}, as_of=DAY
    )
    assert {s.fact for s in found.supposed} == {"attested(problems)", "atopic_dermatitis"}
    assert found.headline.before == "not-enough-data"


def test_whoever_takes_a_drug_takes_its_class_too() -> None:
    case = case_of("simple-escalation")
    given = supposed(case.compiled, {"takes(ciclosporin)": True})
    from atopy.plan.suppose import with_classes

    implied = {r.key for r in with_classes(case.world, given)}
    assert "takes(ciclosporin)" in implied
    assert any(key != "takes(ciclosporin)" for key in implied)


# -- laws


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_record_says_already_changes_nothing(name: str) -> None:
    case = case_of(name)
    values = representatives(case.guidance)
    known = {
        n: case.world.value(Ref(n))
        for n, f in case.compiled.facts.items()
        if may_be_supposed(f) and not f.signature.parameters
    }
    assert values.of(Ref("age_years"))
    found = atopy.what_if(example(name), known, as_of=DAY)
    assert found.same, [c.id for c in found.changes]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_decided_again_is_as_if_decided_from_the_start(name: str) -> None:
    """A supposed world keeps what does not rest on the supposition; a new world keeps nothing."""
    case = case_of(name)
    case.guidance.compiled  # noqa: B018
    every = decisions(case.guidance)
    values = representatives(case.guidance)
    for asked in ranked(case)[:25]:
        if asked.ref.name == "attested":
            continue
        for value in values.of(asked.ref):
            again = case.world.supposing({asked.ref: value})
            anew = World(case.guidance.rules, case.record, case.as_of, case.world.country, {asked.ref: value})
            assert every.of(again) == every.of(anew), (asked.ref.key, value)


@pytest.mark.parametrize("name", EXAMPLES)
def test_supposing_leaves_the_plan_itself_alone(name: str) -> None:
    before = atopy.plan(example(name), as_of=DAY)
    prospects(name)
    atopy.what_if(example(name), {"pregnant": True, "costly_to_wait": True}, as_of=DAY)
    assert atopy.plan(example(name), as_of=DAY) == before


@cache
def prospects(name: str) -> Prospects:
    return atopy.what_would_change(example(name), as_of=DAY)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_answer_told_changes_what_it_says(name: str) -> None:
    """The answers are decided again through the whole plan, as ``--what-if`` does."""
    found = prospects(name)
    for question in found.facts[:3]:
        for answer in question.answers:
            again = atopy.what_if(example(name), {question.fact: answer.example}, as_of=DAY)
            headline = answer.changes.headline or (found.headline, found.headline)
            assert (again.headline.before, again.headline.after) == headline
            moved = {m.id: (m.before, m.after) for m in answer.changes.statuses}
            assert {k: v for k, v in statuses(again).items() if v[0] != v[1]} == moved


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_smallest_sets_open_and_no_part_of_them_does(name: str) -> None:
    case = case_of(name)
    search = Unbar(case.world, representatives(case.guidance))
    opened = 0
    for option in case.compiled.therapies:
        if case.value("option_status", option) in STARTABLE:
            continue
        for opening in search.sets(option):
            assert 1 <= len(opening.parts) <= 3
            if not opening.opens:
                assert opening.status not in STARTABLE
                continue
            opened += 1
            assert fresh(case, option, opening.parts) in STARTABLE
            for size in range(len(opening.parts)):
                for fewer in combinations(opening.parts, size):
                    assert fresh(case, option, fewer) not in STARTABLE, (option, fewer)
    assert opened or name == "never"


def fresh(case: Case, option: str, parts: tuple) -> str:
    """The status of an option in a world of its own."""
    from atopy.plan.suppose import with_classes

    given = with_classes(case.world, {p.ref: p.value for p in parts})
    world = World(case.guidance.rules, case.record, case.as_of, case.world.country, given)
    return str(world.value(Ref("option_status", (option,))))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_matters_most_is_told_first(name: str) -> None:
    heaviest = [max((a.changes.weight for a in q.answers), default=(0,) * 6) for q in prospects(name).facts]
    assert heaviest == sorted(heaviest, reverse=True)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_record_gives_the_same_prospects(name: str) -> None:
    assert atopy.what_would_change(example(name), as_of=DAY) == prospects(name)


# -- what opens a closed option


def closed(name: str, option: str) -> Closed:
    return next(c for c in prospects(name).options if c.option == option)


def sets(name: str, option: str) -> list[set[str]]:
    return [{f"{n.fact}={n.value}" for n in s.facts} for s in closed(name, option).sets]


def test_an_absolute_contraindication_is_lifted_by_its_own_fact() -> None:
    found = closed("adult-severe", "methotrexate")
    assert found.status == "contraindicated"
    assert any(n.fact == "planning_pregnancy" and n.value == "false" for s in found.sets for n in s.facts)


def test_what_holds_the_ladder_is_named() -> None:
    assert {"patch_tests_read=true", "exposed(irritant)=false"} in sets("adult-severe", "dupilumab")


def test_where_something_else_closes_it_then_that_is_said() -> None:
    (found,) = closed("adult-severe", "leflunomide").sets
    assert not found.opens
    assert (found.status, found.reason) == ("not_now", "correct-first")


def test_what_nobody_can_change_is_said_to_be_so() -> None:
    found = closed("child-moderate", "tralokinumab")
    kinds = {n.fact: n.kind for s in found.sets for n in s.facts}
    assert kinds["age_years"] == "fixed"
    assert kinds["costly_to_wait"] == "learn"


def test_history_cannot_be_changed() -> None:
    (found,) = closed("simple-escalation", "nbuvb").sets
    assert [(n.fact, n.kind) for n in found.facts] == [("failed(nbuvb)", "fixed")]


def test_what_may_turn_out_either_way_need_only_be_known() -> None:
    (found,) = closed("simple-escalation", "mycophenolate_mofetil").sets
    assert [n.words.clinician.endswith("known, whatever it is") for n in found.facts] == [True]


def test_a_treatment_begun_elsewhere_is_no_nearer() -> None:
    for name in EXAMPLES:
        for option in prospects(name).options:
            assert not any(n.fact == "care_setting" for s in option.sets for n in s.facts)


def test_an_override_is_no_fact_of_the_patient() -> None:
    for name in EXAMPLES:
        for option in prospects(name).options:
            assert not any(n.fact.startswith("overridden") for s in option.sets for n in s.facts)


def test_after_a_death_nothing_would_change() -> None:
    record = "atopy: 1\npatient: {birth_date: 1950-01-01, deceased: true}\n"
    found = atopy.what_would_change(record, as_of=DAY)
    assert not found.facts
    assert not found.options


# -- the values that are tried


def test_the_values_of_a_number_are_the_thresholds_of_the_content_and_both_sides_of_each() -> None:
    values = [
        Decimal(str(v)) for v in representatives(case_of("empty").guidance).of(Ref("egfr_ml_min_1_73m2"))
    ]
    assert {Decimal(30), Decimal(60)} <= set(values)
    assert any(v < 30 for v in values)
    assert any(30 < v < 60 for v in values)
    assert values == sorted(values)


def test_the_values_of_a_category_are_its_members() -> None:
    found = representatives(case_of("empty").guidance).of(Ref("severity"))
    assert found == ("clear", "almost_clear", "mild", "moderate", "severe", "very_severe")


def test_neighbouring_values_of_one_outcome_are_one_range() -> None:
    ten, twenty = Decimal(10), Decimal(20)
    points = [
        Point(Decimal(9), below=ten), Point(ten, at=ten), Point(Decimal(15), above=ten, below=twenty),
        Point(twenty, at=twenty), Point(Decimal(21), above=twenty),
    ]  # fmt: skip

    def said(*outcomes: str) -> list[str]:
        return [words for words, _ in ranges(zip(points, outcomes, strict=True), str)]

    assert said("a", "b", "b", "b", "b") == ["below 10", "10 or more"]
    assert said("a", "a", "b", "b", "b") == ["up to 10", "above 10"]
    assert said("a", "b", "b", "c", "c") == ["below 10", "10 to below 20", "20 or more"]
    assert said("a", "b", "a", "a", "a") == ["below 10", "10", "above 10"]
    assert said("a", "a", "a", "a", "a") == ["any value"]


# -- what cannot be supposed

REFUSED = [
    ({"pregnat": True}, "'pregnat' is no fact of this guideline. Did you mean pregnant"),
    ({"takes(neorall)": True}, "'neorall' is no known drug. Did you mean neoral?"),
    (
        {"takes(xx)": True},
        "'xx' is no known drug. atopy guideline list and the content's vocabulary folder name",
    ),
    ({"takes": True}, "'takes' needs 1 argument"),
    ({"pregnant(x)": True}, "'pregnant(x)' needs no argument"),
    ({"pregnant": "perhaps"}, "neither true nor false"),
    ({"severity": "bad"}, "is not one of clear, almost_clear"),
    ({"weight_kg": "heavy"}, "is not a number. Write a number in kg"),
    ({"egfr_ml_min_1_73m2": -5}, "-5 cannot be"),
    ({"egfr_ml_min_1_73m2": "NaN"}, "cannot be"),
    ({"headline": "escalate"}, "is decided by the guideline"),
    ({"option_status(dupilumab)": "option"}, "is decided by the guideline"),
    ({"rule(dupilumab-eye)": True}, "is decided by the guideline"),
    ({"trial_adequate": True}, "is no fact of this guideline"),
    ({"as_of": date(2026, 1, 1)}, "is decided by the guideline"),
    ({"attested(wishes)": True}, "is no list of a record"),
]


@pytest.mark.parametrize(("asked", "said"), REFUSED)
def test_what_cannot_be_supposed_is_refused_in_words(asked: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        atopy.what_if(example("adult-severe"), asked, as_of=DAY)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)pregnat.*severity"):
        atopy.what_if(example("adult-severe"), {"pregnat": True, "severity": "bad"}, as_of=DAY)


def test_values_come_as_words_or_as_python_has_them() -> None:
    def given(value: object, fact: str = "weight_kg") -> object:
        return next(iter(supposed(case_of("empty").compiled, {fact: value}).values()))

    assert given("31.5 kg") == given(31.5) == given(Decimal("31.5")) == Decimal("31.5")
    assert given("yes", "pregnant") is given(True, "pregnant") is True
    assert given("No", "pregnant") is False
    assert given(None, "pregnant") is given("unknown", "pregnant") is None
    assert given("Very severe", "severity") == "very_severe"


def test_a_known_fact_may_be_supposed_unknown() -> None:
    found = atopy.what_if(example("simple-escalation"), {"atopic_dermatitis": "unknown"}, as_of=DAY)
    assert found.headline.after == "not-enough-data"
