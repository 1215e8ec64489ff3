"""Change since a baseline, targets, core set, conversion, adherence and flares."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.instruments.library import LIBRARY, instrument

from atopy.instruments import (
    Converted,
    Fill,
    FlareDefinition,
    ItemError,
    TargetFramework,
    TargetReading,
    convert_easi_oscorad,
    home_core_set_status,
    medication_possession_ratio,
    proportion_of_days_covered,
    response,
    run_above,
    target_status,
    target_statuses,
    verdict,
    week_control,
)

# ---- response ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("baseline", "now", "met"),
    [
        ("20", "5", {"easi_50": True, "easi_75": True, "easi_90": False, "easi_100": False}),
        ("20", "5.05", {"easi_50": True, "easi_75": False}),
        ("20", "10", {"easi_50": True}),
        ("20", "10.05", {"easi_50": False}),
        ("20", "0", {"easi_90": True, "easi_100": True}),
        ("20", "30", {"easi_50": False}),
        ("0", "0", {"easi_50": None, "easi_100": None}),
        ("0", "5", {"easi_50": None}),
    ],
)
def test_easi_responses(baseline: str, now: str, met: dict[str, bool | None]) -> None:
    result = response(instrument("easi"), baseline, now)
    assert {id: result.met(id) for id in met} == met


def test_percentages_are_compared_unrounded() -> None:
    result = response(instrument("easi"), "60.1", "15.05")
    assert result.percent is not None and result.percent < 75
    assert result.percent_reported == Decimal("75.0")
    assert result.met("easi_75") is False
    assert (
        result.definitions[1].because
        == "60.1 to 15.05: better by 45.05 (75.0 %); asked is at least 75 % better."
    )


def test_worse_is_negative() -> None:
    result = response(instrument("easi"), 10, 15)
    assert (result.improvement, result.percent, result.percent_reported) == (-5, -50, Decimal("-50.0"))


@pytest.mark.parametrize(("baseline", "now"), [(None, 3), (3, None), (None, None)])
def test_an_unknown_end_decides_nothing(baseline: Any, now: Any) -> None:
    result = response(instrument("poem"), baseline, now)
    assert result.improvement is None and result.percent is None and result.percent_reported is None
    assert all(v.met is None and v.because for v in result.definitions)
    assert all(c.reached is None and c.within_error is None and c.meaning == "" for c in result.important)
    with pytest.raises(KeyError):
        result.met("easi_50")


def test_a_success_without_baseline() -> None:
    result = response(instrument("viga_ad"), None, 1)
    assert result.met("viga_0_1") is True
    assert result.definitions[0].because == "viga_ad is 1; asked is 1 or lower."


def test_impossible_ends() -> None:
    with pytest.raises(ItemError, match="baseline: EASI 90"):
        response(instrument("easi"), 90, 3)
    with pytest.raises(ItemError, match="now: EASI 80"):
        response(instrument("easi"), 9, 80)


def test_a_scale_on_which_more_is_better() -> None:
    turned = msgspec.structs.replace(instrument("poem"), higher_is_worse=False)
    result = response(turned, 10, 14)
    assert result.improvement == 4 and result.met("poem_4") is True


@pytest.mark.parametrize(
    ("fall", "meaning", "within"),
    [
        (1, "within the error of measurement", True),
        (2, "within the error of measurement", True),
        (3, "probably important", False),
        (4, "very likely important", False),
        (9, "very likely important", False),
    ],
)
def test_graded_change_of_poem(fall: int, meaning: str, within: bool) -> None:
    howells, *others = response(instrument("poem"), 20, 20 - fall).important
    assert (howells.source, howells.meaning, howells.within_error) == ("howells2018", meaning, within)
    assert howells.reached is None and howells.threshold.startswith("<=2: within the error")
    by_source = {(o.source, o.population): o for o in others}
    assert by_source["gaunt2016", "young children"].reached is (fall >= 3)
    span = by_source["simpson2019poem", "adolescents with moderate to severe AD"]
    assert span.threshold == "5.6 to 8.2 points"
    assert span.reached is (None if 5.6 <= fall < 8.2 else fall >= 8.2)


def test_change_inside_a_span_is_undecided() -> None:
    assert response(instrument("poem"), 20, 13).important[3].reached is None
    assert response(instrument("poem"), 20, 5).important[3].reached is True


def test_percent_and_grade_changes() -> None:
    schram, silverberg = response(instrument("easi"), 20, 12).important
    assert (schram.threshold, schram.reached) == ("6.6 points", True)
    assert (silverberg.threshold, silverberg.reached) == ("50 %", False)
    assert response(instrument("viga_ad"), 3, 2).important[0].threshold == "1 grade"
    proxy = response(instrument("recap"), 20, 16).important[1]
    assert (proxy.threshold, proxy.within_error, proxy.reached) == ("detectable from 5.3 points", True, None)
    dutch = response(instrument("adct"), 10, 7).important[1]
    assert (dutch.reached, dutch.within_error) == (True, True)


def test_a_change_between_two_grades_has_no_word() -> None:
    change = instrument("poem").important_changes[0]
    odd = msgspec.structs.replace(change, scale=change.scale[2:3], detectable=None)
    none = msgspec.structs.replace(change, scale=(), detectable=None)
    poem = msgspec.structs.replace(instrument("poem"), important_changes=(odd, none))
    first, second = response(poem, 20, 10).important
    assert first.meaning == "" and second.threshold == "none given"


def test_verdicts_say_what_is_asked() -> None:
    kada = next(t for t in LIBRARY.targets if t.id == "kada_2019")
    missed = verdict(kada.targets[0].all_of[0], Decimal(20), Decimal(15))
    assert missed.met is True and "not at least 50 % better is what is asked" in missed.because
    assert verdict(kada.targets[0].all_of[0], Decimal(20), Decimal(5)).met is False
    assert "16 or higher" in verdict(kada.targets[1].all_of[0], None, Decimal(15)).because


# ---- targets ----------------------------------------------------------------------------------------


def framework(id: str) -> TargetFramework:
    return next(t for t in LIBRARY.targets if t.id == id)


def reading(
    id: str, target: str, baseline: dict[str, Any], now: dict[str, Any], **more: Any
) -> TargetReading:
    found = framework(id)
    return target_status(found, next(t for t in found.targets if t.id == target), baseline, now, **more)


START = {"patient_global": 4, "easi": 30, "pp_nrs": 8, "dlqi": 18, "poem": 22, "scorad": 60}


@pytest.mark.parametrize(
    ("now", "met"),
    [
        ({"patient_global": 3, "easi": 15}, True),
        ({"patient_global": 3, "easi": 16}, None),
        ({"patient_global": 4, "easi": 3}, False),
        ({"easi": 3}, None),
        ({"patient_global": 3, "easi": 20, "pp_nrs": 6, "dlqi": 15, "poem": 19, "scorad": 31}, False),
        ({"patient_global": 3, "pp_nrs": 5}, True),
        ({}, None),
    ],
)
def test_acceptable_target(now: dict[str, Any], met: bool | None) -> None:
    found = reading("t2t_2021", "acceptable", START, now)
    assert found.met is met
    assert (found.months, found.verified, len(found.criteria)) == (3, False, 6)
    assert bool(found.needs) == (met is None)


def test_optimal_target() -> None:
    now = {"patient_global": 2, "easi": "7"}
    assert reading("t2t_2021", "optimal", START, now).met is True
    assert reading("t2t_2021", "optimal", {}, now).met is True  # 7 or lower needs no baseline
    only = reading("t2t_2021", "optimal", {}, {"patient_global": 2, "easi": "7.05"})
    assert only.met is None and only.needs.startswith("easi, scorad")


def test_every_target_of_a_framework() -> None:
    found = target_statuses(
        framework("ahead_2024"), START, {"easi": 2, "pp_nrs": 1}, chosen=["easi", "pp_nrs"]
    )
    assert [(t.target, t.met) for t in found] == [
        ("moderate", True),
        ("optimal", True),
        ("minimal_disease_activity", True),
    ]


def test_ahead_needs_a_choice() -> None:
    unchosen = reading("ahead_2024", "moderate", START, {"easi": 2, "pp_nrs": 1})
    assert unchosen.met is None and unchosen.needs.startswith("a choice among easi, pp_nrs, dlqi")
    assert reading("ahead_2024", "moderate", START, {"easi": 29}, chosen=["easi"]).met is False
    open_one = reading("ahead_2024", "optimal", START, {"easi": 2}, chosen=["easi", "dlqi"])
    assert open_one.met is None and "dlqi" in open_one.needs


@pytest.mark.parametrize(("held", "met"), [(6, True), ("5.9", False), (None, None)])
def test_a_state_must_last(held: Any, met: bool | None) -> None:
    now = {"viga_ad": 0, "pp_nrs": 1}
    found = reading("iec_activity_states", "complete_control_on_drug", {}, now, held_months=held)
    assert found.met is met
    assert ("6 months" in found.needs) == (met is None)
    assert (
        reading("iec_activity_states", "remission_off_drug", {}, {"pp_nrs": 2}, held_months=24).met is False
    )


# ---- core set ---------------------------------------------------------------------------------------

HOME = LIBRARY.core_sets[0]


@pytest.mark.parametrize(
    ("measured", "age", "complete"),
    [
        (["easi", "poem", "pp_nrs", "dlqi", "recap"], 30, [True, True, True, True]),
        (["easi", "poem", "pp_nrs", "cdlqi", "adct"], "15.9", [True, True, True, True]),
        (["easi", "poem", "pp_nrs", "idqol", "adct"], 3, [True, True, True, True]),
        (["easi", "poem", "dlqi"], 12, [True, False, False, False]),
        (["dlqi"], None, [False, False, None, False]),
        ([], None, [False, False, False, False]),
    ],
)
def test_core_set(measured: list[str], age: Any, complete: list[bool | None]) -> None:
    status = home_core_set_status(HOME, measured, age)
    assert [d.complete for d in status.domains] == complete
    assert status.complete is (all(complete) if None not in complete or False in complete else None)
    assert all(d.because for d in status.domains)
    assert all((d.wanted == ()) == (d.complete is True) or d.complete is None for d in status.domains)


def test_core_set_without_age_is_undecided() -> None:
    status = home_core_set_status(HOME, ["easi", "poem", "pp_nrs", "cdlqi", "recap"])
    assert status.complete is None


# ---- conversion -------------------------------------------------------------------------------------

TABLE = LIBRARY.conversions[0]


def convert(value: Any, start: str = "easi") -> Converted:
    return convert_easi_oscorad(TABLE, value, start)


def test_the_two_directions_are_not_inverses() -> None:
    one = convert(1)
    assert (one.target, one.value, one.there_and_back) == ("oscorad", Decimal("13.5"), 2)
    back = convert("13.5", "oscorad")
    assert (back.target, back.value) == ("easi", 2)
    assert one.low < one.value and "never used to judge response" in one.caution


def test_expected_grade() -> None:
    assert (convert(7).expected_grade, convert(7).grade) == (Decimal("2.26"), "mild")
    assert (convert(0).grade, convert(72).grade) == ("clear", "very severe")
    assert (
        convert("0.5").value == 7
    )  # 6.75, a tie of half points, goes to the even one: 13.5 / 0.5 is 27 and 14 is 28
    assert convert(25, "oscorad").grade == "mild"


@given(st.decimals(0, 72, places=2))
def test_forward_rises_and_stays_in_range(value: Decimal) -> None:
    here = convert(value)
    assert 0 <= here.low <= here.value <= here.high <= 83
    assert here.value % Decimal("0.5") == 0
    if value >= 1:
        assert convert(value - 1).value <= here.value


@pytest.mark.parametrize(("value", "start"), [(73, "easi"), (-1, "easi"), (84, "oscorad"), ("much", "easi")])
def test_outside_the_table(value: Any, start: str) -> None:
    with pytest.raises(ValueError, match="the table runs from 0 to"):
        convert(value, start)


def test_another_instrument() -> None:
    with pytest.raises(ValueError, match="converts easi and oscorad, not poem"):
        convert(3, "poem")


# ---- adherence --------------------------------------------------------------------------------------

JANUARY = (date(2024, 1, 1), date(2024, 1, 31))


def day(n: int) -> date:
    return date(2024, 1, n)


def test_supply_from_before_the_window_counts_inside_it() -> None:
    fills = [Fill("a", date(2023, 12, 20), 20), Fill("a", date(2024, 2, 3), 30)]
    assert proportion_of_days_covered(fills, *JANUARY).days_covered == 8


def test_pdc_is_never_above_one_and_mpr_may_be() -> None:
    fills = [Fill("a", day(1), 60), Fill("a", day(5), 60)]
    assert proportion_of_days_covered(fills, *JANUARY).ratio == 1
    assert medication_possession_ratio(fills, *JANUARY).days_covered == 120
    assert medication_possession_ratio(fills, *JANUARY, capped=True).ratio == 1


def test_mpr_to_the_last_fill() -> None:
    fills = [Fill("a", day(1), 5), Fill("a", day(11), 10), Fill("a", day(21), 30)]
    result = medication_possession_ratio(fills, *JANUARY, until="last_fill")
    assert (result.days_covered, result.days, result.ratio) == (15, 20, Decimal("0.75"))
    with pytest.raises(ValueError, match="at least two days"):
        medication_possession_ratio(fills[:1], *JANUARY, until="last_fill")


def test_no_fill() -> None:
    assert proportion_of_days_covered([], *JANUARY, from_first_fill=True).ratio == 0
    assert medication_possession_ratio([], *JANUARY).ratio == 0


def test_impossible_fills_and_windows() -> None:
    with pytest.raises(ValueError, match="supply of 0 days"):
        proportion_of_days_covered([Fill("a", day(1), 0)], *JANUARY)
    with pytest.raises(ValueError, match="before it starts"):
        proportion_of_days_covered([], *reversed(JANUARY))
    with pytest.raises(ValueError, match="before it starts"):
        medication_possession_ratio([], *reversed(JANUARY))


FILLS = st.lists(
    st.builds(Fill, st.sampled_from(["a", "b"]), st.integers(1, 31).map(day), st.integers(1, 40)), max_size=6
)


@given(FILLS)
def test_more_fills_never_cover_fewer_days(fills: list[Fill]) -> None:
    whole = proportion_of_days_covered(fills, *JANUARY)
    assert 0 <= whole.ratio <= 1
    assert proportion_of_days_covered(fills[1:], *JANUARY).days_covered <= whole.days_covered
    assert proportion_of_days_covered(fills[::-1], *JANUARY) == whole


# ---- flares -----------------------------------------------------------------------------------------


def flare(id: str) -> FlareDefinition:
    return next(f for f in LIBRARY.flares if f.id == id)


@pytest.mark.parametrize(
    ("daily", "expected"),
    [
        ([1, 3, 3, 3, 0], True),
        ([3, 3, 2, 3, 3], False),
        ([3, 3, None, 0], None),
        ([None, None, None], None),
        ([3, 3], False),
        ([3, None, 2, 3, 3, 3], True),
        ([], False),
    ],
)
def test_three_days_of_scratching(daily: list[Any], expected: bool | None) -> None:
    assert run_above(flare("itch_or_scratch_run"), daily) is expected


@pytest.mark.parametrize(
    ("rescue", "symptoms", "state"),
    [
        ([False] * 7, [0] * 7, "totally controlled"),
        ([True] * 2 + [False] * 5, [5, 5, 4, 4, 4, 4, 4], "well controlled"),
        ([True] * 3 + [False] * 4, [0] * 7, "not controlled"),
        ([False] * 7, [5, 5, 5, 0, 0, 0, 0], "not controlled"),
        ([None] + [False] * 6, [0] * 7, ""),
        ([None] * 3 + [False] * 4, [5] + [0] * 6, ""),
    ],
)
def test_week(rescue: list[bool | None], symptoms: list[Any], state: str) -> None:
    week = week_control(flare("well_controlled_week"), rescue, symptoms, "0-10")
    assert (week.state, week.verified) == (state, False)
    assert week.unknown_days == sum(d is None for d in rescue)


def test_level_of_the_other_scale() -> None:
    week = week_control(flare("well_controlled_week"), [False] * 7, [2, 1, 1, 1, 1, 1, 1], "0-4")
    assert (week.state, week.symptom_days, week.rescue_days) == ("well controlled", 1, 0)
