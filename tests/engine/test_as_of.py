"""The day of the plan selects the events that were known and the statements that were in force."""

from datetime import date

import pytest
from tests.engine.plans import DAY, HICCUPS, READY, SEVERE, ids, options, plan

BEFORE = date(2026, 10, 31)


def test_an_event_after_the_day_does_not_count_and_one_line_names_it() -> None:
    later = (
        "{from: 2026-11-25, treat: stillin, status: current}",
        "{date: 2026-11-25, score: hics, value: 2}",
        "{date: 2026-11-26, score: hics, value: 200}",
        "{date: 2026-11-25, find: blue_lips, present: true}",
        "{date: 2026-11-25, prefers: no_injections}",
    )
    made = plan(*READY, *later)
    assert [s for s in made.sections if s.id != "quarantined"] == [
        s for s in plan(*READY).sections if s.id != "quarantined"
    ]
    (line,) = made.section("quarantined").lines
    assert line.clinician.endswith("after the day of this plan, not counted")
    assert line.clinician.count("Nov 2026)") == len(later)


def test_what_is_meant_to_come_is_not_named_as_a_mistake() -> None:
    ahead = ("{from: 2026-11-25, treat: stillin, status: planned}",)
    assert plan(*READY, *ahead).section("quarantined").lines == ()


def test_before_the_disease_was_recorded_nothing_is_known_of_it() -> None:
    assert plan(HICCUPS, SEVERE, as_of=BEFORE).headline.code == "not-enough-data"


def test_an_attestation_made_later_closes_no_list_earlier() -> None:
    assert plan(as_of=DAY).headline.code == "no-hiccups"
    assert plan(as_of=BEFORE).headline.code == "not-enough-data"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), False),
    ],
)
def test_a_statement_is_shown_from_its_first_day_to_the_day_before_its_last(day: date, shown: bool) -> None:
    recent = (
        f"{{date: {day}, condition: hiccups, status: active}}",
        f"{{date: {day}, score: hics, value: 14}}",
    )
    made = plan(*recent, as_of=day, patient="patient: {age: 30 years, age_at: 2020-01-01, sex: male}")
    assert ("stillin-now" in ids(made.line("stillin").parts)) is shown


def test_a_recommendation_counts_until_its_last_day() -> None:
    """The society advised against it under 12 until 2025."""
    child = "patient: {birth_date: 2016-01-01, sex: male, country: us}"
    for day, cited in ((date(2024, 11, 20), True), (date(2026, 11, 20), False)):
        recent = (
            f"{{date: {day}, condition: hiccups, status: active}}",
            f"{{date: {day}, score: hics, value: 14}}",
        )
        line = plan(*recent, as_of=day, patient=child).line("stillin")
        assert ("society" in [c.source for c in line.sources]) is cited


def test_a_withdrawal_counts_from_its_day() -> None:
    adult = "patient: {birth_date: 1980-01-01, sex: male, country: us}\nattested: {medications: 2019-11-01}"
    for day, status in ((date(2019, 11, 20), "not_now"), (date(2020, 1, 1), "not_available_here")):
        recent = (
            f"{{date: {day}, condition: hiccups, status: active}}",
            f"{{date: {day}, score: hics, value: 14}}",
        )
        assert options(plan(*recent, as_of=day, patient=adult))["tonic"][0] == status


def test_the_country_of_the_request_goes_before_the_records() -> None:
    assert plan(*READY).line("placatol").status == "not_available_here"
    asked = plan(*READY, country="us")
    assert asked.line("placatol").status == "after_specialist_referral"
    assert asked.patient.country == "us"
    assert "advice-us" in ids(asked.section("tell").lines)
    assert "advice-us" not in ids(plan(*READY).section("tell").lines)
