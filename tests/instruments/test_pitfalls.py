"""Every mistake that others made with an instrument, and that content names, has its test here."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from tests.instruments.library import LIBRARY, instrument

from atopy.instruments import (
    Fill,
    ItemError,
    band_of,
    bands_for,
    check,
    easi_area_score,
    proportion_of_days_covered,
    response,
    score,
    score_of,
    validate_value,
)

GUARDS: dict[str, Callable[[], None]] = {}


def guards(*names: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def register(test: Callable[[], None]) -> Callable[[], None]:
        for name in names:
            GUARDS[name] = test
        return test

    return register


def named() -> list[str]:
    owners = [*LIBRARY.instruments, *LIBRARY.adherence]
    return [f"{owner.id}.{pitfall.id}" for owner in owners for pitfall in owner.pitfalls]


@pytest.mark.parametrize("name", named())
def test_pitfall(name: str) -> None:
    GUARDS[name]()


def test_no_guard_without_a_pitfall() -> None:
    assert sorted(GUARDS) == sorted(named())


def everywhere(value: object) -> dict[str, object]:
    return {region.id: value for region in instrument("easi").regions}


@guards("easi.legs_of_children")
def _legs_of_children() -> None:
    easi = instrument("easi")
    highest = everywhere({"area": 6, "severity_sum": 12})
    assert score(easi, highest, 5).value == 72
    assert score(easi, highest, "7.92").parts["lower_limbs"] == Decimal("21.6")
    assert score(easi, highest, 8).parts["lower_limbs"] == Decimal("28.8")
    child, adult = easi.weights
    wrong = msgspec.structs.replace(child, weights={**child.weights, "lower_limbs": Decimal("0.4")})
    problems = check(msgspec.structs.replace(easi, weights=(wrong, adult)))
    assert any("sum to 1.1" in p for p in problems)
    assert any("score 79.2" in p for p in problems)


@guards("easi.binary_floats")
def _binary_floats() -> None:
    easi = instrument("easi")
    # 0.2 x 1.5 x 1 + 0.3 x 4.5 x 5 = 7.05: as binary floats 7.0499..., printed 7.0 and called mild.
    half = {
        "head_neck": {"area": 0},
        "upper_limbs": {
            "area": 1,
            "erythema": 1.5,
            "edema_papulation": 0,
            "excoriation": 0,
            "lichenification": 0,
        },
        "trunk": {"area": 5, "erythema": 1.5, "edema_papulation": 1, "excoriation": 1, "lichenification": 1},
        "lower_limbs": {"area": 0},
    }
    result = score(easi, half, 30)
    assert (result.value, result.reported) == (Decimal("7.05"), Decimal("7.1"))
    assert result.band is not None and result.band.label == "moderate"
    assert "falls between two printed limits" in result.band.note
    seven = band_of(easi, Decimal("7.04"))
    assert seven is not None and seven.label == "mild"


@guards("easi.fractional_area")
def _fractional_area() -> None:
    easi = instrument("easi")
    limits = [("0", 0), ("0.01", 1), ("9", 1), ("9.5", 1), ("9.99", 1), ("10", 2), ("29.9", 2), ("30", 3)]
    limits += [("49.5", 3), ("50", 4), ("69.5", 4), ("70", 5), ("89.99", 5), ("90", 6), ("100", 6)]
    for percent, expected in limits:
        assert easi_area_score(easi, percent) == expected, percent
    given = everywhere({"area": "9.5 %", "severity_sum": 4})
    assert score(easi, given, 30).value == 4


@guards("easi.dark_skin")
def _dark_skin() -> None:
    # Nothing is corrected silently: the advice is to the examiner, and the grade given is the grade used.
    assert score(instrument("easi"), everywhere({"area": 1, "severity_sum": 1}), 30).value == 1


@guards("scorad.factor_of_intensity")
def _factor_of_intensity() -> None:
    result = score(instrument("scorad"), {"extent": 40, "intensity_sum": 11, "subjective_sum": 12})
    assert result.value == Decimal("58.5")  # without the 7: 25.5


@guards("scorad.not_zero_on_clear_skin")
def _not_zero_on_clear_skin() -> None:
    clear = {"extent": 0, "erythema": 0, "edema_papulation": 0, "oozing_crusting": 0, "excoriation": 0}
    result = score(instrument("scorad"), {**clear, "lichenification": 0, "dryness": 1, "itch": 2, "sleep": 0})
    assert result.value == Decimal("5.5")


@guards("scorad.exactly_50")
def _exactly_50() -> None:
    labels = {b.source: b.label for b in bands_for(instrument("scorad"), Decimal(50))}
    assert labels["etfad_convention"] == "moderate"
    assert labels["chopra2017"] == "severe"
    above = band_of(instrument("scorad"), Decimal("50.1"))
    assert above is not None and above.label == "severe"


@guards("oscorad.no_silent_bonus")
def _no_silent_bonus() -> None:
    assert score(instrument("oscorad"), {"extent": 100, "intensity_sum": 18}).value == 83
    assert validate_value(instrument("oscorad"), 93)


@guards("po_scorad.whole_number_limits")
def _whole_number_limits() -> None:
    between = band_of(instrument("po_scorad"), Decimal("27.5"))
    assert between is not None and (between.label, between.banded) == ("moderate", 28)
    assert between.note.startswith(
        "27.5 falls between two printed limits; it was rounded half-up to 28 first."
    )
    nothing = band_of(instrument("po_scorad"), Decimal(0))
    assert nothing is not None and nothing.label == "" and "no band for 0" in nothing.note


@guards("viga_ad.six_point_scales")
def _six_point_scales() -> None:
    assert "0 to 4" in validate_value(instrument("iga"), 5)
    with pytest.raises(ItemError):
        score(instrument("viga_ad"), {"grade": 5})
    with pytest.raises(ItemError):
        score_of(instrument("viga_ad"), "2.5")


@guards("viga_ad.no_oozing_in_grade_2")
def _no_oozing_in_grade_2() -> None:
    texts = [fact.text for fact in instrument("viga_ad").facts]
    assert any("grade 2" in text and "without oozing" in text for text in texts)


@guards("bsa.hands_are_arms")
def _hands_are_arms() -> None:
    bsa = instrument("bsa")
    whole = {region.id: {"involved": 100} for region in bsa.regions}
    assert score(bsa, whole, 30).value == 100
    weights = bsa.weights[0]
    heavy = {**weights.weights, "right_upper_limb": Decimal(10), "left_upper_limb": Decimal(10)}
    changed = msgspec.structs.replace(weights, weights=heavy)
    problems = check(msgspec.structs.replace(bsa, weights=(changed,)))
    assert any("sum to 102" in p for p in problems)


@guards("bsa.psoriasis_limits")
def _psoriasis_limits() -> None:
    assert [s.source for s in instrument("bsa").bands] == ["chopra2017"]


@guards("poem.top_of_moderate")
def _top_of_moderate() -> None:
    labels = {b.source: b.label for b in bands_for(instrument("poem"), Decimal(18))}
    assert labels == {"charman2013": "severe", "silverberg2018": "moderate", "vakharia2018": "severe"}


@guards("dlqi.second_part_of_question_7")
def _second_part_of_question_7() -> None:
    dlqi = instrument("dlqi")
    answers = {str(n): 0 for n in range(1, 11)}
    assert score(dlqi, {**answers, "7b": 2}).value == 2
    assert score(dlqi, {**answers, "7": 3, "7b": 1}).value == 3
    assert score(dlqi, {**answers, "7": None, "7b": 2}).missing == ()


@guards("dlqi.one_missing_is_scored")
def _one_missing_is_scored() -> None:
    answers: dict[str, object] = {str(n): 2 for n in range(1, 11)}
    result = score(instrument("dlqi"), {**answers, "7": None}, 30)
    assert result.value == 18 and result.missing == ("work_study",)
    assert result.notes == ("work_study was not answered and counts 0.",)
    assert result.parts["work_school"] is None
    assert score(instrument("dlqi"), {**answers, "7": None, "8": None}).value is None


@guards("dlqi.seven_days_apart")
def _seven_days_apart() -> None:
    assert instrument("dlqi").recall == "last 7 days"


@guards("cdlqi.not_the_parts_of_the_dlqi")
def _not_the_parts_of_the_dlqi() -> None:
    parts = score(instrument("cdlqi"), [0, 0, 3, 1, 1, 1, 0, 0, 0, 0]).parts
    assert (parts["personal_relationships"], parts["leisure"]) == (3, 3)


@guards("idqol.severity_is_not_added")
def _severity_is_not_added() -> None:
    idqol = instrument("idqol")
    answers = {str(n): 1 for n in range(1, 11)}
    assert score(idqol, {**answers, "severity": 4}).value == 10
    assert score(idqol, answers).value == 10
    assert score(idqol, {**answers, "3": None, "severity": 4}).value is None


@guards("pp_nrs.baseline_below_4")
def _baseline_below_4() -> None:
    below = response(instrument("pp_nrs"), 3, 0)
    assert below.met("pp_nrs_4") is None
    assert "below 4" in below.definitions[0].because
    assert response(instrument("pp_nrs"), 4, 0).met("pp_nrs_4") is True
    assert response(instrument("pp_nrs"), 8, 5).met("pp_nrs_4") is False


@guards("sleep_nrs.runs_the_other_way")
def _runs_the_other_way() -> None:
    assert instrument("sleep_nrs").higher_is_worse
    assert LIBRARY.find("sleep_quality_nrs") is None


@guards("recap.self_and_proxy")
def _self_and_proxy() -> None:
    recap = instrument("recap")
    assert band_of(recap, Decimal(7)) is None
    proxy, own = (band_of(recap, Decimal(7), respondent=who) for who in ("proxy", "self"))
    assert proxy is not None and (proxy.source, proxy.label) == ("recap_nl2024", "mostly controlled")
    assert own is not None and (own.label, own.verified) == ("moderately controlled", False)


@guards("adct.two_cut_offs")
def _two_cut_offs() -> None:
    labels = [(b.source, b.label) for b in bands_for(instrument("adct"), Decimal(6))]
    assert labels == [("pariser2020", "in control"), ("adct_nl2025", "not in control")]


@guards("hecsi.five_areas_not_ten")
def _five_areas_not_ten() -> None:
    hecsi = instrument("hecsi")
    assert len(hecsi.regions) == 5
    most = {region.id: {"extent": "100 %", "severity_sum": 18} for region in hecsi.regions}
    assert score(hecsi, most).value == 360
    assert "0 to 360" in validate_value(hecsi, 400)


@guards("tis.items_from_zero")
def _items_from_zero() -> None:
    assert score(instrument("tis"), [0, 0, 0]).value == 0


@guards("sassad.six_areas")
def _six_areas() -> None:
    sassad = instrument("sassad")
    assert [r.id for r in sassad.regions] == ["arms", "hands", "legs", "feet", "head_neck", "trunk"]
    assert len(sassad.required) == 36


@guards("pdc.two_drugs_of_a_class")
def _two_drugs_of_a_class() -> None:
    start, end = date(2024, 1, 1), date(2024, 1, 30)
    one_drug = [Fill("a", start, 20), Fill("a", date(2024, 1, 11), 10)]
    two_drugs = [Fill("a", start, 20), Fill("b", date(2024, 1, 11), 10)]
    assert proportion_of_days_covered(one_drug, start, end).days_covered == 30
    assert proportion_of_days_covered(two_drugs, start, end).days_covered == 20


@guards("pdc.start_of_the_window")
def _start_of_the_window() -> None:
    start, end = date(2024, 1, 1), date(2024, 1, 30)
    fills = [Fill("a", date(2024, 1, 11), 10)]
    fixed = proportion_of_days_covered(fills, start, end)
    first = proportion_of_days_covered(fills, start, end, from_first_fill=True)
    assert (fixed.ratio, first.ratio) == (Decimal("0.333333"), Decimal("0.5"))
    assert first.start == date(2024, 1, 11)
