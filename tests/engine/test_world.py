"""The corners of facts that no table of the manual shows: ages, reasons of tables, arguments, gaps."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from tests.engine.plans import DAY, HICCUPS, READY, SEVERE, compiled, guidance, plan, record
from tests.spec.engines import TOY

from atopy.criteria import Constant, Missing, Ref, parse
from atopy.facts import (
    Cases,
    CompiledFact,
    EventScope,
    Found,
    Rules,
    TableRow,
    World,
    bind_derivation,
    decide_table,
)
from atopy.facts.compile import speaks_of
from atopy.facts.lexicon import Lexicon
from atopy.facts.spans import back, check_span
from atopy.guideline import Quantity
from atopy.plan import Case, Plan
from atopy.plan.words import fill, quantity
from atopy.record import Patient, Record

RULES = Rules(compiled().facts, compiled().vocabulary)


def world(*events: str, patient: str | None = None) -> World:
    return World(RULES, record(*events, **({"patient": patient} if patient else {})), DAY)


# -- ages


@pytest.mark.parametrize(
    "patient",
    [
        Patient(birth_date=date(2027, 1, 1)),
        Patient(age_years=3, age_at=date(2027, 1, 1)),
        Patient(),
    ],
    ids=["born after the day", "age stated for a later day", "nothing stated"],
)
def test_an_age_that_the_day_does_not_allow_is_unknown(patient: Patient) -> None:
    assert World(RULES, Record(patient), DAY).value(Ref("age_years")) is None


def test_an_age_without_its_day_is_the_age_on_the_day_of_the_plan() -> None:
    assert World(RULES, Record(Patient(age_years=30)), DAY).value(Ref("age_years")) == 30


# -- spans


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        (date(2026, 11, 20), "28 days", date(2026, 10, 23)),
        (date(2026, 11, 20), "2 weeks", date(2026, 11, 6)),
        (date(2026, 3, 31), "1 month", date(2026, 2, 28)),
        (date(2024, 3, 31), "1 month", date(2024, 2, 29)),
        (date(2026, 1, 15), "3 months", date(2025, 10, 15)),
        (date(2024, 2, 29), "1 year", date(2023, 2, 28)),
    ],
)
def test_spans_count_back_by_the_calendar(day: date, span: str, expected: date) -> None:
    assert back(day, span) == expected


@pytest.mark.parametrize("span", ["", "28", "days", "28days", "-3 days", "3 fortnights", "1 2 days"])
def test_what_is_not_a_span_is_said_so(span: str) -> None:
    assert (check_span(span) or "").startswith(f"'{span}' is not a span: write for example")


# -- tables


def table(*rows: TableRow, otherwise: str | None = None) -> Found:
    fact = CompiledFact("t", compiled().facts["severity"].signature, Cases(rows, otherwise), {"en": "t"})
    rules = Rules({**compiled().facts, "t": fact}, compiled().vocabulary)
    there = World(rules, record(SEVERE), DAY)
    found = there.find(Ref("t"))
    if all(row.then_value is None for row in rows):
        assert decide_table(Cases(rows, otherwise), there) == found, "both forms of a table agree"
    return found


def test_the_reason_is_that_of_the_row_that_won() -> None:
    found = table(
        TableRow(Constant(False), "mild", "next", "a"), TableRow(Constant(True), "severe", "next", "b")
    )
    assert (found.value, found.row, found.detail) == ("severe", 1, "b")


def test_an_undecided_row_may_have_a_reason_of_its_own() -> None:
    nobody = Ref("takes", ("stillin",))
    without = World(RULES, Record(Patient()), DAY)
    for row, reason in (
        (TableRow(nobody, "mild", "moderate", "a", "b"), "b"),
        (TableRow(nobody, "mild", "moderate", "a"), "a"),
    ):
        found = decide_table(Cases((row,), None), without)
        assert (found.value, found.state, found.detail) == ("moderate", "undecided", reason)


def test_a_row_that_passes_on_brings_the_other_facts_reason_unless_it_has_its_own() -> None:
    passes = TableRow(Constant(True), "= standing", "next", None, None, Ref("standing", ("tonic",)))
    found = table(passes)
    assert found.value == world(SEVERE).value(Ref("standing", ("tonic",)))
    assert found.detail == world(SEVERE).find(Ref("standing", ("tonic",))).detail
    assert table(msgspec.structs.replace(passes, because="own")).detail == "own"


def test_a_table_of_nothing_is_its_otherwise() -> None:
    assert table(otherwise="mild") == Found("mild", "derived")
    assert table() == Found(None, "derived")


# -- arguments


def test_binding_reaches_every_part_of_a_derivation() -> None:
    facts = compiled().facts
    taken = bind_derivation(facts["takes"].derivation, "drug", "stillin")
    assert taken.events.codes == ("stillin",)
    held = bind_derivation(facts["factor_holds"].derivation, "factor", "fizzy_drinks")
    assert [str(ref) for ref in speaks_of(held)] == [
        "factor_status(fizzy_drinks)",
        "overridden(fizzy_drinks)",
    ]
    status = bind_derivation(facts["option_status"].derivation, "option", "tonic")
    assert "standing(tonic)" in [str(ref) for ref in speaks_of(status)]
    for name in ("age_years", "severity"):
        assert bind_derivation(facts[name].derivation, "drug", "stillin") == facts[name].derivation


def test_predicates_know_course_facts_only_inside_a_course() -> None:
    names = {n: f.signature for n, f in compiled().facts.items()}
    patient, event = Lexicon(names, compiled().domains), Lexicon(names, compiled().domains, for_event=True)
    assert patient.signature("ongoing") is None
    assert event.signature("ongoing") is not None
    assert "days_long" in event.known()
    assert "ongoing" not in patient.known()
    assert parse("ongoing AND severe", event) is not None


def test_a_course_without_a_day_has_no_length_unless_it_says_so() -> None:
    (unknown,) = record("{treat: stillin, status: current}").events
    (said,) = record("{treat: stillin, status: current, days: 9}").events
    assert EventScope(world(), unknown).value(Ref("days_long", event=True)) is None
    assert EventScope(world(), said).value(Ref("days_long", event=True)) == Decimal(9)


# -- what is missing


def test_a_gap_is_followed_through_is_null_to_the_fact_to_ask_for() -> None:
    gaps = Case(guidance(), record(HICCUPS), DAY, None, traced=False).gaps
    assert gaps.undecided(Missing(Ref("weight_kg"))) == (Ref("weight_kg"),)
    assert gaps.undecided(Constant(True)) == ()
    assert gaps.undecided(Ref("uncontrolled")) == (Ref("uncontrolled"),)
    assert gaps.closing_list(guidance().slot("allergic_to", "menthol")) is None, "it is known"


# -- words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Quantity(Decimal("2.50"), unit="weeks"), "2.5 weeks"),
        (Quantity(Decimal(1), unit="weeks"), "1 week"),
        (Quantity(Decimal(58), unit="%"), "58 %"),
        (Quantity(Decimal(100)), "100"),
        (Quantity(low=Decimal(2), high=Decimal(4), unit="weeks"), "2 to 4 weeks"),
        (Quantity(high=Decimal(4), unit="weeks"), "up to 4 weeks"),
        (Quantity(low=Decimal(2), unit="weeks"), "at least 2 weeks"),
    ],
)
def test_numbers_are_said_as_people_say_them(given: Quantity, said: str) -> None:
    assert quantity(given) == said
    assert fill("For {n}, not {m}.", {"n": given}) == f"For {said}, not {{m}}."


# -- shown as they stand


def test_adequacy_is_said_of_the_courses_that_are_judged() -> None:
    made = plan(
        HICCUPS,
        "{from: 2026-01-01, to: 2026-01-31, treat: strong_drops, adherence: all days}",
        "{from: 2026-02-01, to: 2026-02-03, treat: strong_drops}",
        "{from: 2026-11-15, treat: strong_drops, status: current}",
        "{from: 2026-03-01, status: past, treat: strong_drops}",
        "{from: 2026-03-01, to: 2026-03-31, treat: stillin}",
    )
    told = [line.detail for line in made.section("assessment").lines if line.group == "course"]
    assert told == [
        "response: not recorded; an adequate trial (at least 14 days; used)",
        "response: not recorded; not an adequate trial (shorter than 14 days)",
        "response: not recorded; too early to judge (shorter than 14 days)",
        "response: not recorded; adequacy not known (its length is not known; use not known)",
        "response: not recorded",
    ]


def test_overrides_and_notes_are_shown_with_who_and_when() -> None:
    made = plan(
        *READY,
        "{date: 2026-11-01, override: fizzy_drinks, reason: never drinks any, by: Dr A}",
        "{date: 2026-11-02, override: hurried_meals, reason: eats slowly}",
        "{date: 2026-11-03, note: Likes tea.}",
        "{note: Undated.}",
        "{date: 2026-12-03, note: Not yet.}",
    )
    told = [line.clinician for line in made.section("assessment").lines if line.group in ("override", "note")]
    assert told == [
        "Fizzy drinks: set aside by Dr A on 1 Nov 2026 (never drinks any)",
        "Hurried meals: set aside by somebody not named on 2 Nov 2026 (eats slowly)",
        "Likes tea. (3 Nov 2026)",
        "Undated.",
    ]


def test_the_package_itself_makes_plans() -> None:
    import atopy.plan

    made = atopy.plan(record(*READY), as_of=DAY, content=TOY)
    assert isinstance(made, Plan)
    assert made == plan(*READY, country="eu")


# -- what a record touches


def test_a_place_given_after_a_world_looked_counts_as_touched() -> None:
    patient = world(SEVERE)
    assert patient.touches(1_000_000), "before anything was asked of it"
    assert patient.touches(1_000_000), "and afterwards"
