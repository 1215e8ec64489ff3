"""Deciding many patients together says of each what deciding him alone says."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.plans import guidance
from tests.laws.generated import TODAY, records
from tests.scenarios.scenario import FOLDER, Given, data_of, read_record
from tests.scenarios.scenario import guidance as clinical

from atopy.plan import Guidance, make_plan, make_plans, verdicts, verdicts_of
from atopy.record import Record

BASES = [read_record(data_of(Given(p.stem))) for p in sorted((FOLDER / "bases").glob("*.yaml"))]
COUNTRIES = st.sampled_from([None, "us", "eu", "uk"])


@given(st.lists(records, min_size=1, max_size=6), COUNTRIES)
@settings(max_examples=60)
def test_verdicts_together_are_those_one_by_one(listed: list[Record], country: str | None) -> None:
    alone = [verdicts(guidance(), record, TODAY, country) for record in listed]
    assert list(verdicts_of(guidance(), listed, TODAY, country)) == alone


@given(st.lists(records, min_size=1, max_size=4), COUNTRIES)
@settings(max_examples=40)
def test_plans_together_are_those_one_by_one(listed: list[Record], country: str | None) -> None:
    alone = [make_plan(guidance(), record, TODAY, country) for record in listed]
    assert list(make_plans(guidance(), listed, TODAY, country)) == alone


@pytest.mark.parametrize("country", [None, "us", "eu", "uk"])
def test_the_guideline_says_the_same_of_its_own_patients_together(country: str | None) -> None:
    alone = [make_plan(clinical(), record, TODAY, country) for record in BASES]
    together = list(make_plans(clinical(), BASES, TODAY, country))
    for one, other in zip(alone, together, strict=True):
        assert msgspec.json.encode(one) == msgspec.json.encode(other)


def test_a_record_without_a_country_has_that_of_the_rest_where_one_is_given() -> None:
    anywhere = next(r for r in BASES if r.patient.country is None)
    (plan,) = make_plans(clinical(), [anywhere], TODAY, elsewhere="uk")
    assert plan.patient.country == "uk"
    assert plan == make_plan(clinical(), anywhere, TODAY, "uk")


def test_the_first_patient_of_a_guideline_gets_the_plan_that_any_later_one_gets() -> None:
    fresh = Guidance(clinical().compiled)
    for record in BASES:
        first = msgspec.json.encode(make_plan(Guidance(clinical().compiled), record, TODAY))
        assert first == msgspec.json.encode(make_plan(fresh, record, TODAY))


def test_many_patients_may_come_first() -> None:
    """A process whose first plans are those of a whole block, with nothing asked for before."""
    listed = [*BASES, *BASES]
    alone = [msgspec.json.encode(make_plan(clinical(), record, TODAY)) for record in listed]
    together = make_plans(Guidance(clinical().compiled), listed, TODAY)
    assert [msgspec.json.encode(plan) for plan in together] == alone
    decided = verdicts_of(Guidance(clinical().compiled), listed, TODAY)
    assert list(decided) == [verdicts(clinical(), record, TODAY) for record in listed]


def test_what_is_kept_of_a_guideline_does_not_grow_with_patients() -> None:
    fresh = Guidance(clinical().compiled)
    sizes = []
    for _ in range(3):
        for record in BASES:
            make_plan(fresh, record, TODAY)
        sizes.append(
            {name: len(kept) for name, kept in vars(fresh.rules).items() if hasattr(kept, "__len__")}
        )
    assert sizes[1] == sizes[2]
