"""Effects of single trials by hand: what is added where a cell is empty, and people of a hundred."""

from math import log

import pytest

from atopy.evidence import Arm, Effect, absolute, at_baseline, of_arms, of_counts, of_means


def pair(measure: str, *arms: tuple[str, int, int]) -> tuple[float, float]:
    study = of_counts("t", arms, measure)
    return study.pairs[0].effect, study.pairs[0].variance


def test_ratios_and_differences_by_hand() -> None:
    arms = ("a", 30, 100), ("b", 10, 100)
    assert pair("or", *arms) == pytest.approx((log(30 * 90 / (70 * 10)), 1 / 30 + 1 / 70 + 1 / 10 + 1 / 90))
    assert pair("rr", *arms) == pytest.approx((log(3), 1 / 30 - 1 / 100 + 1 / 10 - 1 / 100))
    assert pair("rd", *arms) == pytest.approx((0.2, 0.3 * 0.7 / 100 + 0.1 * 0.9 / 100))


def test_half_a_person_is_added_to_every_cell_of_a_trial_with_an_empty_one() -> None:
    study = of_counts("t", [("a", 0, 33), ("b", 9, 48)], "or")
    assert study.corrected
    effect = log((0.5 / 33.5) / (9.5 / 39.5))
    assert study.pairs[0].effect == pytest.approx(effect)
    assert study.pairs[0].variance == pytest.approx(1 / 0.5 + 1 / 33.5 + 1 / 9.5 + 1 / 39.5)
    whole = of_counts("t", [("a", 5, 33), ("b", 9, 48)], "or")
    assert not whole.corrected


def test_of_three_arms_one_empty_cell_corrects_all() -> None:
    study = of_counts("t", [("a", 0, 10), ("b", 2, 10), ("c", 4, 10)], "or")
    b_c = next(p for p in study.pairs if {p.first, p.second} == {"b", "c"})
    assert b_c.effect == pytest.approx(log((2.5 / 8.5) / (4.5 / 6.5)))


def test_a_risk_difference_is_corrected_in_its_variance_only() -> None:
    effect, variance = pair("rd", ("a", 0, 20), ("b", 5, 20))
    assert effect == pytest.approx(-0.25)
    assert variance == pytest.approx(0.5 * 20.5 / 21**3 + 5.5 * 15.5 / 21**3)


@pytest.mark.parametrize("events", [0, 20])
def test_a_trial_without_contrast_says_nothing_of_a_ratio(events: int) -> None:
    arms = [("a", events, 20), ("b", events, 20)]
    assert of_counts("t", arms, "or") is None
    assert of_counts("t", arms, "rr") is None
    assert of_counts("t", arms, "rd").pairs[0].effect == 0


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="t: 12 of 10 with a cannot be"):
        of_counts("t", [("a", 12, 10), ("b", 1, 10)], "or")
    with pytest.raises(ValueError, match="is no measure of counts"):
        of_counts("t", [("a", 2, 10), ("b", 1, 10)], "md")
    with pytest.raises(ValueError, match="spread of a cannot be"):
        of_arms("t", [Arm("a", 1, 0), Arm("b", 1, 1)])
    with pytest.raises(ValueError, match="spread of a cannot be"):
        of_means("t", [("a", float("nan"), 1), ("b", 1, 1)])


def effect(estimate: float, low: float, high: float, ratio: bool = True) -> Effect:
    return Effect("b", "a", estimate, low, high, 0, 1, ratio, 1)


def test_people_of_a_hundred_from_an_odds_ratio() -> None:
    found = absolute(effect(2, 1, 4), 0.2, "or")
    assert (found.risk, found.low, found.high) == pytest.approx((100 / 3, 20, 50))
    assert (found.more, found.more_low, found.more_high) == pytest.approx((100 / 3 - 20, 0, 30))


def test_people_of_a_hundred_from_a_ratio_or_difference_of_risks() -> None:
    assert at_baseline(2, 0.2, "rr") == pytest.approx(0.4)
    assert at_baseline(9, 0.2, "rr") == 1, "never more than everybody"
    assert at_baseline(-0.5, 0.2, "rd") == 0, "never fewer than nobody"
    assert at_baseline(0.3, 0.2, "rd") == pytest.approx(0.5)


@pytest.mark.parametrize("baseline", [0, 1, -0.1, 12])
def test_a_baseline_that_is_no_risk_is_refused(baseline: float) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        at_baseline(2, baseline, "or")
