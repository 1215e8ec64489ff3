"""Which figures enter: weeks, what nobody read, subsets, crossover trials, contrasts. On the toy, with one change."""

import shutil
from collections.abc import Callable
from math import exp, log
from pathlib import Path

import pytest
from tests.spec.engines import TOY

from atopy.evidence import Comparison, compare
from atopy.yaml_source import SourceError

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOY, tmp_path / "hiccups"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    def change(file: str, find: str, put: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert find in text
        path.write_text(text.replace(find, put), encoding="utf-8")

    return change


def left(c: Comparison) -> set[tuple[str, str | None, str]]:
    return {(x.trial, x.arm, x.reason) for x in c.left_out}


def test_people_who_would_count_twice_stay_out() -> None:
    found = compare("quiet", "grown", content=TOY)
    assert left(found) == {("calm2", "tonic_tall", "subset")}
    assert (found.trials, found.people) == (2, 440)
    assert found.of("tonic1").people == 80


def test_of_two_times_the_one_nearest_to_the_best_week(edit: Edit, folder: Path) -> None:
    assert {e.trial.id: e.week for e in compare("quiet", "grown", content=TOY).entered} == {
        "calm1": 1,
        "calm2": 2,
    }
    edit("evidence.yaml", "weeks: {low: 1, high: 2, best: 1}", "weeks: {low: 1, high: 9, best: 7}")
    weeks = {e.trial.id: e.week for e in compare("quiet", "grown", content=folder).entered}
    assert weeks == {"calm1": 1, "calm2": 8}


def test_a_result_outside_the_weeks_is_told(edit: Edit, folder: Path) -> None:
    edit("trials/calm1.yaml", "week: 1", "week: 5")
    found = compare("quiet", "grown", content=folder)
    assert ("calm1", None, "week") in left(found)
    assert found.trials == 1


def test_what_nobody_read_is_out_unless_asked_for_and_then_marked(edit: Edit, folder: Path) -> None:
    edit(
        "trials/calm2.yaml",
        "events: 30, of: 80, counted: reported, verified: true",
        "events: 30, of: 80, verified: false",
    )
    out = compare("quiet", "grown", content=folder)
    assert ("calm2", "tonic", "unread") in left(out)
    assert "tonic1" not in {r.id for r in out.ranked}
    assert [b.name for b in out.beside] == ["Drops", "Old tonic"]
    assert "unread" not in {c.code for c in out.cautions}
    brought = compare("quiet", "grown", unverified=True, content=folder)
    assert not brought.of("tonic1").verified
    assert brought.of("stillin10").verified
    assert "1 of 5 figures were carried from memory" in next(
        c.clinician for c in brought.cautions if c.code == "unread"
    )


def test_strict_asks_for_the_size_of_an_arm_too() -> None:
    found = compare("quiet", "grown", strict=True, content=TOY)
    assert ("calm2", "tonic", "size-unread") in left(found)
    assert not [c for c in found.cautions if c.code == "sizes"]


def test_a_mean_without_spread_has_no_weight(edit: Edit, folder: Path) -> None:
    edit("trials/calm1.yaml", "mean: 40, sd: 10", "mean: 40")
    found = compare("hiccups_a_day", "grown", content=folder)
    assert left(found) == {("calm1", "water", "no-spread"), ("calm1", "stillin", "one-arm")}
    assert found.network is None and found.ranked == ()


def test_a_spread_that_nobody_read_counts_as_not_read(edit: Edit, folder: Path) -> None:
    edit(
        "trials/calm1.yaml", "mean: 25, sd: 10, of: 100", "mean: 25, sd: 10, of: 100, spread_verified: false"
    )
    assert ("calm1", "stillin", "unread") in left(compare("hiccups_a_day", "grown", content=folder))
    assert compare("hiccups_a_day", "grown", unverified=True, content=folder).network is not None


def test_means_are_differences_with_their_errors() -> None:
    effect = compare("hiccups_a_day", "grown", content=TOY).of("stillin10").effect
    assert (effect.estimate, effect.se) == (pytest.approx(-15), pytest.approx((2 * 10**2 / 100) ** 0.5))


def test_crossover_trials_are_not_pooled(edit: Edit, folder: Path) -> None:
    edit("trials/calm1.yaml", "year: 2020", "year: 2020\ndesign: crossover\npaired: true")
    assert ("calm1", None, "paired") in left(compare("quiet", "grown", content=folder))


def test_a_percentage_without_people_has_no_weight(edit: Edit, folder: Path) -> None:
    edit("trials/calm1.yaml", "events: 20, of: 100, percent: 20, counted: reported", "percent: 20")
    assert ("calm1", "water", "no-count") in left(compare("quiet", "grown", content=folder))


def test_an_empty_cell_is_told(edit: Edit, folder: Path) -> None:
    edit("trials/calm1.yaml", "events: 20, of: 100, percent: 20", "events: 0, of: 100, percent: 0")
    found = compare("quiet", "grown", content=folder)
    assert "half a person was added to each cell of CALM 1" in next(
        c.clinician for c in found.cautions if c.code == "zero"
    )


CONTRAST = """- outcome: hiccups_a_day
  week: 1
  contrasts:
  - {arm: stillin, against: water, scale: difference, estimate: -12, low: -20, high: -4, level: 90, verified: true}
"""


def test_a_contrast_enters_with_the_level_of_its_interval(folder: Path) -> None:
    path = folder / "trials" / "calm2.yaml"
    path.write_text(path.read_text(encoding="utf-8") + CONTRAST, encoding="utf-8")
    found = compare("hiccups_a_day", "grown", model="fixed", content=folder)
    entered = next(e for e in found.entered if e.trial.id == "calm2")
    pair = entered.study.pairs[0]
    assert (pair.first, pair.second, pair.effect) == ("stillin10", "water", -12)
    assert pair.variance == pytest.approx((16 / (2 * 1.6448536269514722)) ** 2)
    assert entered.contrast is not None


def test_contrasts_of_three_arms_lack_what_ties_them(folder: Path) -> None:
    path = folder / "trials" / "calm2.yaml"
    more = CONTRAST + CONTRAST.splitlines()[-1].replace("arm: stillin", "arm: tonic") + "\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert ("calm2", None, "no-covariance") in left(compare("hiccups_a_day", "grown", content=folder))


def test_an_odds_ratio_enters_on_the_log_scale(edit: Edit, folder: Path) -> None:
    path = folder / "trials" / "calm1.yaml"
    contrast = CONTRAST.replace("hiccups_a_day", "quiet").replace("scale: difference", "scale: odds ratio")
    contrast = contrast.replace("estimate: -12, low: -20, high: -4", "estimate: 4, low: 2, high: 8")
    text = path.read_text(encoding="utf-8")
    start, end = text.index("- outcome: quiet"), text.index("- outcome: hiccups_a_day")
    path.write_text(text[:start] + contrast + text[end:], encoding="utf-8")
    found = compare("quiet", "grown", content=folder)
    pair = next(e for e in found.entered if e.trial.id == "calm1").study.pairs[0]
    assert exp(pair.effect) == pytest.approx(4)
    assert pair.variance == pytest.approx((log(8 / 2) / (2 * 1.6448536269514722)) ** 2)
    assert ("calm1", None, "other-measure") in left(compare("quiet", "grown", measure="rd", content=folder))


def test_populations_that_are_too_unlike_are_never_pooled() -> None:
    found = compare("hiccups_a_day", "old", unverified=True, content=TOY)
    assert found.network is None and found.ranked == () and found.left_out == ()
    assert [(b.name, b.why) for b in found.beside] == [
        ("Drops", "its trials are not alike enough to be pooled")
    ]


def test_what_is_asked_must_be() -> None:
    with pytest.raises(
        ValueError, match=r"'calm' is no outcome of this guideline. Known are: quiet, hiccups_a_day"
    ):
        compare("calm", "grown", content=TOY)
    with pytest.raises(
        ValueError, match=r"'babies' is no population of this guideline. Known are: grown, old"
    ):
        compare("quiet", "babies", content=TOY)
    with pytest.raises(
        ValueError, match=r"'md' does not fit quiet, which is binary. Write one of: or, rr, rd"
    ):
        compare("quiet", "grown", measure="md", content=TOY)
    with pytest.raises(ValueError, match="'mixed' is no model"):
        compare("quiet", "grown", model="mixed", content=TOY)
    with pytest.raises(ValueError, match=r"A baseline risk of 2 cannot be"):
        compare("quiet", "grown", baseline=2, content=TOY)
    with pytest.raises(ValueError, match="A baseline risk has no meaning for hiccups_a_day"):
        compare("hiccups_a_day", "grown", baseline=0.2, content=TOY)


def test_a_guideline_without_trials_says_so(folder: Path) -> None:
    (folder / "evidence.yaml").unlink()
    shutil.rmtree(folder / "trials")
    with pytest.raises(ValueError, match=r"The guideline hiccups holds no evidence.yaml"):
        compare("quiet", "grown", content=folder)


def test_an_evidence_file_that_cannot_be_read_is_said_once(edit: Edit, folder: Path) -> None:
    edit("evidence.yaml", "outcomes:", "outcomes: [")
    with pytest.raises(SourceError) as error:
        compare("quiet", "grown", content=folder)
    assert [p.file for p in error.value.problems] == ["evidence.yaml"]


def test_a_stated_baseline_makes_the_people() -> None:
    found = compare("quiet", "grown", baseline=0.5, content=TOY)
    odds = found.of("stillin10").effect.estimate
    assert found.baseline.stated and found.baseline.events == 40
    assert found.of("stillin10").absolute.risk == pytest.approx(100 * odds / (1 + odds))


@pytest.mark.parametrize("measure", ["or", "rr", "rd"])
def test_every_measure_gives_people_near_to_each_other(measure: str) -> None:
    found = compare("quiet", "grown", measure=measure, content=TOY)
    assert found.of("stillin10").absolute.risk == pytest.approx(47, abs=4)
    assert found.network.effects[0].ratio == (measure != "rd")
