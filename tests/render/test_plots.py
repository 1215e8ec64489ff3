"""The pictures say what the numbers say: names, intervals, people, and what nobody read."""

import re
from html import unescape

import pytest

from atopy.evidence import Comparison, compare, interval, of_hundred
from atopy.render import plots


def words(svg: str) -> set[str]:
    """Every text of a picture."""
    return {unescape(t).strip() for t in re.findall(r"<text[^>]*>(?:<tspan[^>]*>)?([^<]+)", svg)} | {
        unescape(t).strip() for t in re.findall(r"<tspan[^>]*>([^<]+)", svg)
    }


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare("easi75", "adults-tcs", unverified=True)


def test_a_forest_holds_every_effect(found: Comparison) -> None:
    shown = words(plots.svg(found, "forest"))
    for r in found.ranked:
        if r.effect is not None:
            assert {r.name, interval(r.effect), of_hundred(r), f"{r.trials}, {r.people}"} <= shown
    assert "Placebo" not in shown
    assert any("8 trials" in w or "trials, " in w for w in shown)
    assert "Orange: rests on figures that nobody read." in shown


def test_a_network_holds_every_treatment_and_each_comparison(found: Comparison) -> None:
    shown = words(plots.svg(found, "network"))
    for r in found.ranked:
        assert f"{r.people} people" in shown
        assert r.name.split(" ")[0] in shown
    drawn = plots.chart(found, "network").to_dict()
    lines = {frozenset((e.treatment, e.against)) for e in found.network.effects if e.direct}
    rules = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "rule")
    data = drawn["datasets"][rules["data"]["name"]] if "datasets" in drawn else rules["data"]["values"]
    assert len(data) == len(lines)


def test_a_ranking_holds_every_score(found: Comparison) -> None:
    shown = words(plots.svg(found, "ranking"))
    for r in found.ranked:
        assert {r.name, f"{r.pscore:.2f}"} <= shown


def test_means_have_no_people_of_a_hundred() -> None:
    shown = words(plots.svg(compare("easi_percent_change", "adults-mono"), "forest"))
    assert "Of 100 people" not in shown
    assert any("better to the left" in w for w in shown)
    assert "Orange: rests on figures that nobody read." not in shown


@pytest.mark.parametrize("kind", ["forest", "network", "ranking"])
def test_who_cannot_see_it_is_told(found: Comparison, kind: plots.Kind) -> None:
    said = plots.caption(found, kind)
    assert "EASI-75" in said and said.endswith(".")


def test_the_picture_carries_its_data() -> None:
    drawn = plots.chart(compare("easi75", "children"), "forest").to_json()
    assert "http" not in drawn.replace("https://vega.github.io/schema/", "")


@pytest.mark.parametrize("kind", ["forest", "network", "ranking"])
def test_every_picture_says_how_far_to_trust_it(found: Comparison, kind: plots.Kind) -> None:
    shown = " ".join(re.findall(r"<t(?:ext|span)[^>]*>([^<]+)", plots.svg(found, kind)))
    for said in ("trials, ", " patients", "weeks 12 to 16", "Care: ",
                 "comparisons within a trial", "ages differ",
                 "what everybody got differs", "sponsor",
                 "certainty not graded", "no clinician has reviewed"):  # fmt: skip
        assert said in shown, said
    assert all(
        c.brief for c in found.cautions if c.code in ("timing", "doses", "unread", "sizes", "one-trial")
    )
