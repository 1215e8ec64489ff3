"""Scores of one patient: reading of items, missing items, ages, weekly means, impossible values."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.instruments.library import LIBRARY, instrument

from atopy.instruments import (
    ItemError,
    Scorer,
    easi_area_score,
    score,
    score_of,
    validate_value,
    weekly_mean,
)

EASI = instrument("easi")
POEM = instrument("poem")


def problems(of: pytest.ExceptionInfo[ItemError]) -> dict[str, str]:
    return {problem.item: str(problem) for problem in of.value.problems}


def regions(**each: Any) -> dict[str, Any]:
    return {
        "head_neck": {"area": 0},
        "upper_limbs": {"area": 0},
        "trunk": {"area": 0},
        "lower_limbs": {"area": 0},
    } | each


# ---- formulas and their ends ------------------------------------------------------------------------


@pytest.mark.parametrize("one", LIBRARY.instruments, ids=lambda i: i.id)
@pytest.mark.parametrize("end", [0, 1])
def test_ends_of_the_range(one: Any, end: int) -> None:
    paths = one.paths
    result = score(one, {path: paths[path].range[end] for path in one.required}, 20)
    assert result.value == one.range[end]
    assert validate_value(one, result.value) == ""


def test_products() -> None:
    assert score(instrument("iga_bsa"), {"iga": 3, "bsa": "12.5 %"}).value == Decimal("37.5")
    assert score(instrument("viga_cbsa"), {"grade": 3, "bsa": 12.5}).value == 6
    assert score(instrument("viga_cbsa"), {"grade": 3, "category": 2}).value == 6
    zero = score(instrument("iga_bsa"), {"iga": 0})
    assert zero.value is None and zero.missing == ("bsa",)


def test_bsa_directly_and_by_regions() -> None:
    bsa = instrument("bsa")
    direct = score(bsa, {"percent": 12})
    assert (direct.value, direct.missing) == (12, ())
    assert direct.band is not None and direct.band.label == "mild"
    partly = {region.id: {"involved": 0} for region in bsa.regions} | {"head_neck": {"involved": "50 %"}}
    assert score(bsa, partly, 40).value == Decimal("4.5")
    assert score(bsa, partly, 40).parts["head_neck"] == Decimal("4.5")
    infant = score(bsa, partly, 1)
    assert infant.value is None and "no weights for this age" in infant.absent_because
    assert "age is not known" in score(bsa, partly).absent_because


# ---- reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_items",
    [
        [1, 2, 3, 4, 0, 1, 2],
        (1, 2, 3, 4, 0, 1, 2),
        {1: 1, 2: 2, 3: 3, 4: 4, 5: 0, 6: 1, 7: 2},
        {
            "itch": "1",
            "sleep": 2.0,
            "bleeding": Decimal(3),
            "oozing": 4,
            "cracks": 0,
            "flaking": 1,
            "dryness": " 2 ",
        },
    ],
)
def test_forms_of_items(given_items: Any) -> None:
    assert score(POEM, given_items).value == 13


def test_every_problem_at_once() -> None:
    with pytest.raises(ItemError) as error:
        score(
            POEM,
            {"itch": 5, "sleep": "often", "bleding": 1, "weeping": 1.5, "cracking": True, "dryness": None},
        )
    found = problems(error)
    assert found["itch"] == "itch: 5 is outside the range of this item. Expected: a whole number from 0 to 4."
    assert "is not a number" in found["sleep"] and "is not a number" in found["cracking"]
    assert "bleeding" in found["bleding"]
    assert "finer than this item is recorded" in found["weeping"]
    assert str(error.value).startswith("POEM: itch: 5 is outside")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "NaN", "", [1], {"a": 1}])
def test_no_number(value: Any) -> None:
    with pytest.raises(ItemError):
        score(POEM, {"itch": value})


def test_half_points() -> None:
    with pytest.raises(ItemError) as error:
        score(EASI, {"trunk": {"area": 2, "erythema": 0.5}}, 30)
    assert problems(error)["trunk.erythema"] == (
        "trunk.erythema: 0.5 is not a grade of this item. Expected: one of 0, 1, 1.5, 2, 2.5, 3."
    )
    with pytest.raises(ItemError) as error:
        score(EASI, {"trunk": {"area_percent": 12.345}}, 30)
    assert "0 to 100 %, in steps of 0.01" in problems(error)["trunk.area_percent"]


def test_a_list_of_the_wrong_length() -> None:
    with pytest.raises(ItemError, match=r"6 values were given in a list.*7, in this order: itch, sleep"):
        score(POEM, [1, 2, 3, 4, 0, 1])


def test_an_unknown_name_without_a_near_one_lists_all() -> None:
    with pytest.raises(ItemError, match="itch, sleep, bleeding"):
        score(POEM, {"zzz": 1})


def test_an_item_given_twice() -> None:
    assert score(POEM, {"1": 2, "itch": 2, "sleep": 0, "3": 0, "4": 0, "5": 0, "6": 0, "7": 0}).value == 2
    with pytest.raises(ItemError, match="given twice, as 2 and as 3"):
        score(POEM, {"1": 2, "itch": 3})


def test_a_percentage_where_there_is_no_extent() -> None:
    with pytest.raises(ItemError, match="outside the range"):
        score(POEM, {"itch": "20 %"})
    assert score(instrument("scorad"), {"extent": "20 %", "intensity_sum": 0, "subjective_sum": 0}).value == 4


def test_percent_and_area_score() -> None:
    by_percent = regions(trunk={"area": "20 %", "severity_sum": 4})
    by_score = regions(trunk={"area": 2, "severity_sum": 4})
    assert score(EASI, by_percent, 30) == score(EASI, by_score, 30)
    assert (
        score(EASI, {"trunk.area_percent": 0, "head.area": 0, "arms.area": 0, "legs.area": 0}, 30).value == 0
    )


@pytest.mark.parametrize(
    ("code", "items", "words"),
    [
        ("easi", {"trunk": {"area": 3, "area_percent": 20}}, "trunk.area: is 3, but area_percent gives 2"),
        (
            "easi",
            {"trunk": {"erythema": 1, "edema": 1, "excoriation": 1, "lichenification": 1, "severity_sum": 5}},
            "trunk.severity_sum: is 5, but its parts add up to 4",
        ),
        ("scorad", {"itch": 4, "sleep_loss": 2, "subjective_sum": 7}, "is 7, but its parts add up to 6"),
        ("viga_cbsa", {"category": 3, "bsa": 5}, "is 3, but bsa gives 1"),
    ],
)
def test_two_forms_that_disagree(code: str, items: Any, words: str) -> None:
    with pytest.raises(ItemError, match=words):
        score(instrument(code), items, 30)


def test_two_forms_of_bsa_that_disagree() -> None:
    bsa = instrument("bsa")
    items = {region.id: {"involved": 10} for region in bsa.regions}
    assert score(bsa, {**items, "percent": 10}, 30).value == 10
    with pytest.raises(ItemError, match="its regions add up to 10"):
        score(bsa, {**items, "percent": 12}, 30)


@pytest.mark.parametrize("age", ["old", -1, 200, float("nan")])
def test_no_age(age: Any) -> None:
    with pytest.raises(ItemError, match="is not an age"):
        score(EASI, regions(), age)


# ---- missing items ----------------------------------------------------------------------------------


def test_a_region_that_is_clear_needs_no_signs() -> None:
    result = score(EASI, regions(), 30)
    assert (result.value, result.missing) == (0, ())
    unknown_age = score(EASI, regions())
    assert unknown_age.value is None and "age is not known" in unknown_age.absent_because


def test_a_missing_sign_is_never_zero() -> None:
    result = score(EASI, regions(trunk={"area": 2, "erythema": 1, "edema": 1, "excoriation": 1}), 30)
    assert result.value is None and result.reported is None and result.band is None
    assert result.missing == ("trunk.lichenification",)
    assert "no published rule; this is the safe behaviour" in result.absent_because


def test_many_missing_items_are_counted() -> None:
    result = score(EASI, {"head": {"area": 2, "severity_sum": 3}}, 30)
    assert len(result.missing) == 15
    assert "and 10 more missing" in result.absent_because


@pytest.mark.parametrize("code", ["poem", "recap", "cdlqi", "dlqi"])
def test_one_unanswered_counts_zero_and_two_do_not(code: str) -> None:
    one = instrument(code)
    answers = dict.fromkeys(one.required, 1)
    first, second = one.required[:2]
    result = score(one, {**answers, first: None})
    assert result.value == len(answers) - 1
    assert ("not read in a source" in result.notes[0]) == (code == "cdlqi")
    result = score(one, {**answers, first: None, second: None})
    assert result.value is None and result.missing == (first, second)


@pytest.mark.parametrize(
    "code", ["adct", "idqol", "tis", "sassad", "scorad", "oscorad", "po_scorad", "viga_ad"]
)
def test_one_missing_is_not_scored(code: str) -> None:
    one = instrument(code)
    required = one.required
    assert score(one, dict.fromkeys(required[1:], 1)).value is None


# ---- totals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("easi", 90, "EASI 90 cannot be: the scale runs from 0 to 72."),
        ("easi", "-1", "EASI -1 cannot be: the scale runs from 0 to 72."),
        ("easi", "7.03", "EASI 7.03 cannot be: the scale has steps of 0.05."),
        ("poem", 7.5, "POEM 7.5 cannot be: the scale has steps of 1."),
        ("easi", "much", "'much' is not a number."),
        ("easi", True, "True is not a number."),
        ("easi", 7.05, ""),
        ("easi", "28.40", ""),
        ("scorad", "33.333", ""),
        ("pp_nrs", "6.4286", ""),
    ],
)
def test_validate_value(code: str, value: Any, words: str) -> None:
    assert validate_value(instrument(code), value) == words


def test_score_of_a_total() -> None:
    result = score_of(EASI, "28.4", 30)
    assert (result.value, result.reported) == (Decimal("28.4"), Decimal("28.4"))
    assert result.band is not None and (result.band.label, result.band.limits) == ("severe", "21.1-50.0")
    other = score_of(EASI, "28.4", source="chopra2017")
    assert other.band is not None and other.band.source == "chopra2017"
    with pytest.raises(ItemError, match="EASI 90"):
        score_of(EASI, 90)
    assert score_of(instrument("idqol"), 12).band is None


def test_another_age() -> None:
    assert score_of(instrument("dlqi"), 12, 9).notes == ("DLQI is made for another age (16 years and over).",)
    assert score_of(instrument("idqol"), 12, "4").notes
    assert score_of(instrument("idqol"), 12, "3.99").notes == ()
    assert score_of(instrument("cdlqi"), 12, "15.9").notes == ()


def test_bands_of_one_respondent() -> None:
    result = score(instrument("recap"), [1] * 7, respondent="proxy")
    assert result.band is not None and result.band.source == "recap_nl2024"
    assert score_of(instrument("easi"), 5, respondent="proxy").band is not None  # the same for everyone


# ---- areas and weeks --------------------------------------------------------------------------------


@pytest.mark.parametrize("percent", [-1, 101, "much"])
def test_no_area(percent: Any) -> None:
    with pytest.raises(ItemError):
        easi_area_score(EASI, percent)


@given(st.decimals(0, 100, places=2))
def test_area_score_rises_with_the_area(percent: Decimal) -> None:
    expected = 0 if percent == 0 else 1 + sum(percent >= limit for limit in (10, 30, 50, 70, 90))
    assert easi_area_score(EASI, percent) == expected


def test_weekly_mean() -> None:
    nrs = instrument("pp_nrs")
    full = weekly_mean(nrs, [7, 6, 7, 7, 6, 7, 5])
    assert full.reported == Decimal("6.4") and full.value == Decimal(45) / 7
    assert "4 of 7 is common and was not read" in full.notes[0]
    some = weekly_mean(nrs, [7, None, 6, None, 6, None, 8])
    assert some.value == Decimal("6.75") and some.band is not None and some.band.label == "severe"
    few = weekly_mean(nrs, [7, None, 6, None, 6, None, None])
    assert few.value is None and few.absent_because == "3 of 7 days have a value; at least 4 are needed."
    assert few.notes == ()
    assert weekly_mean(nrs, [7, 6], minimum=1).value == Decimal("6.5")
    assert weekly_mean(nrs, [None], minimum=0).value is None


def test_weekly_mean_of_what_has_none() -> None:
    with pytest.raises(ItemError, match="no weekly score"):
        weekly_mean(POEM, [1])
    nrs = instrument("pp_nrs")
    with pytest.raises(ItemError, match="has 8 days"):
        weekly_mean(nrs, [1] * 8)
    with pytest.raises(ItemError) as error:
        weekly_mean(nrs, [1, 11, "bad", None, 2])
    assert list(problems(error)) == ["day 2", "day 3"]
    silent = msgspec.structs.replace(nrs.weekly, note="") if nrs.weekly else None
    assert weekly_mean(msgspec.structs.replace(nrs, weekly=silent), [1] * 7).notes == ()


# ---- for readers of records -------------------------------------------------------------------------


def test_scorer() -> None:
    scorer = Scorer(LIBRARY)
    assert scorer.validate("iga", Decimal(3)) is None
    assert scorer.validate("easi", Decimal(90)) == "EASI 90 cannot be: the scale runs from 0 to 72."
    assert scorer.validate("phq9", Decimal(90)) is None
    assert scorer.total("poem", {"itch": 4, "sleep": 0, "3": 0, "4": 0, "5": 0, "6": 0}, None) == 4
    assert scorer.total("poem", {"itch": 4}, None) is None
    with pytest.raises(ValueError, match="outside the range"):
        scorer.total("poem", {"itch": 5}, None)
    with pytest.raises(ValueError, match="phq9 is no instrument"):
        scorer.total("phq9", {"1": 0}, None)
