"""Laws of the arithmetic of amounts, for every area, age, stock and bath."""

from datetime import date, timedelta
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atopy.facts.supply import JUDGED_AFTER, REPEATED_WITHIN, grams_a_week_at_least, grams_a_week_at_most
from atopy.guideline import load_guideline
from atopy.guideline.amounts import AgeBand, Dilution, Fingertips, whole_body
from atopy.plan import Case, Guidance
from atopy.plan.bath_lines import bath
from atopy.plan.topical_quantity import bath_percent, need, parts, stock_ml, wrong
from atopy.plan.topical_quantity_lines import band_of
from atopy.record import Patient, Record

DAY = date(2026, 11, 20)
GUIDANCE = Guidance(load_guideline())
TABLE = next(a for a in GUIDANCE.compiled.amounts.values() if isinstance(a, Fingertips))
BATH = next(a for a in GUIDANCE.compiled.amounts.values() if isinstance(a, Dilution))
bands = st.sampled_from(TABLE.bands)
areas = st.decimals(min_value="0.1", max_value="100", places=1)
stocks = st.decimals(min_value="1", max_value="15", places=2)
litres = st.decimals(min_value="5", max_value="400", places=1)
months = st.integers(min_value=0, max_value=1300)


def band_at(age_in_months: int) -> AgeBand | None:
    """The band of an age."""
    patient = Patient(age_years=age_in_months // 12, age_months=age_in_months, age_at=DAY)
    found = band_of(Case(GUIDANCE, Record(patient), DAY, None, traced=False), TABLE.makes.whole)
    assert found is None or isinstance(found, AgeBand)
    return found


@given(bands, areas, areas)
def test_more_area_never_needs_less_cream(band: AgeBand, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert need(TABLE, band, low).grams <= need(TABLE, band, high).grams


@given(bands, areas)
def test_twice_a_day_is_twice_the_cream_and_a_week_seven_days(band: AgeBand, area: Decimal) -> None:
    found = need(TABLE, band, area)
    assert found.a_day(2) == 2 * found.a_day(1)
    assert found.a_week(1) == 7 * found.a_day(1)
    assert found.grams == found.units * TABLE.grams


@given(months, months, areas)
def test_the_older_never_needs_less(one: int, other: int, area: Decimal) -> None:
    younger, older = (band_at(m) for m in sorted((one, other)))
    if younger is not None and older is not None:
        assert need(TABLE, younger, area).grams <= need(TABLE, older, area).grams


@given(months)
def test_each_age_has_one_band_from_three_months_on(age: int) -> None:
    assert (band_at(age) is None) is (age < 3)


@given(bands)
def test_all_of_the_body_is_the_whole_unless_counted_in_palms(band: AgeBand) -> None:
    total = sum((units for _, units in parts(TABLE, band, frozenset())), Decimal(0))
    assert whole_body(TABLE, band) == (Decimal(100) / TABLE.palms if band.palms else total)
    assert total > 0


@given(stocks, litres)
def test_the_recipe_inverts(stock: Decimal, volume: Decimal) -> None:
    target = BATH.target.value or Decimal(0)
    made = bath_percent(stock_ml(target, stock, volume), stock, volume)
    assert abs(made - target) < Decimal("1e-24")


@given(stocks, stocks, litres, litres)
def test_a_stronger_stock_or_a_smaller_bath_never_needs_more(
    one: Decimal, other: Decimal, small: Decimal, large: Decimal
) -> None:
    target = Decimal("0.005")
    weak, strong = sorted((one, other))
    less, more = sorted((small, large))
    assert stock_ml(target, strong, less) <= stock_ml(target, weak, less)
    assert stock_ml(target, weak, less) <= stock_ml(target, weak, more)


@given(
    st.decimals(min_value="-5", max_value="100", places=3),
    st.decimals(min_value="-5", max_value="1000", places=1),
)
def test_no_number_of_millilitres_for_what_cannot_be(stock: Decimal, volume: Decimal) -> None:
    made = bath(BATH, stock, volume, "en")
    refused = any(wrong(BATH, stock, volume))
    assert (made.status == "wrong") is refused
    assert ("ml" in made.figures) is not refused
    assert "mL" not in made.clinician if refused else "mL" in made.patient


@given(stocks | st.none(), litres | st.none())
def test_no_recipe_without_both(stock: Decimal | None, volume: Decimal | None) -> None:
    known = stock is not None and volume is not None
    assert (bath(BATH, stock, volume, "en").status is None) is known


def test_a_bath_cannot_be_made_from_what_is_weaker() -> None:
    with pytest.raises(ValueError, match="stronger"):
        stock_ml(Decimal("0.005"), Decimal("0.005"), Decimal(150))


lots = st.lists(
    st.tuples(st.integers(min_value=0, max_value=84), st.decimals(min_value="1", max_value="500", places=0)),
    min_size=1, max_size=8,
).map(lambda listed: [(DAY - timedelta(days=ago), grams) for ago, grams in listed])  # fmt: skip


@given(lots, st.decimals(min_value="1", max_value="500", places=0))
def test_another_tube_never_means_that_less_is_used(
    listed: list[tuple[date, Decimal]], grams: Decimal
) -> None:
    first = min(day for day, _ in listed)
    before = grams_a_week_at_most(listed, DAY)
    after = grams_a_week_at_most([*listed, (first, grams)], DAY)
    assert (before is None) is ((DAY - first).days < JUDGED_AFTER)
    if before is not None and after is not None:
        assert after > before


@given(lots)
def test_what_is_surely_used_is_no_more_than_what_can_be(listed: list[tuple[date, Decimal]]) -> None:
    """Over the same days: the last lot is the only difference."""
    last = max(day for day, _ in listed)
    least = grams_a_week_at_least(listed)
    days = (last - min(day for day, _ in listed)).days
    assert (least is None) is (days < REPEATED_WITHIN)
    if least is not None:
        assert least * days <= sum((g for _, g in listed), Decimal(0)) * 7 + Decimal("1e-20")


@given(bands, areas)
def test_the_ambient_context_changes_nothing(band: AgeBand, area: Decimal) -> None:
    plain = need(TABLE, band, area)
    with localcontext() as context:
        context.prec = 2
        assert need(TABLE, band, area) == plain
