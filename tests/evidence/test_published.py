"""Two public data sets with results that others published, to the printed digits.

The data stand in the reference packs; no licence to redistribute them is stated there, so no copy is kept here.
"""

from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.bayes import posterior

from atopy.evidence import Network, Study, network, of_counts, of_means
from atopy.yaml_source import load_yaml_file


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[str, dict[str, Any]]:
    file = shared / "clinical" / "nma-check-public.yaml"
    if not file.is_file():
        pytest.skip("the reference packs hold no nma-check-public.yaml")
    return {d["id"]: d for d in load_yaml_file(file).data["datasets"]}


def digits(value: float, shown: Any, places: int) -> None:
    assert f"{value:.{places}f}" == f"{float(shown):.{places}f}"


# -- continuous: off-time in Parkinson's disease, 29 trials, one with three arms


@pytest.fixture(scope="module")
def stowe(published: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return published["stowe2010-parkinson"]


@pytest.fixture(scope="module")
def stowe_studies(stowe: dict[str, Any]) -> list[Study]:
    return [
        of_means(s["study"], [(a["t"], float(a["mean"]), float(a["sd"]) / sqrt(a["n"])) for a in s["arms"]])
        for s in stowe["studies"]
    ]


@pytest.fixture(scope="module")
def stowe_network(stowe_studies: list[Study]) -> Network:
    return network(stowe_studies, "random", better="lower")


def test_stowe_contrasts(stowe: dict[str, Any], stowe_studies: list[Study]) -> None:
    by_id = {s.id: s for s in stowe_studies}
    for row in stowe["published"]["contrast_examples"]:
        pair = next(p for p in by_id[row["study"]].pairs if {p.first, p.second} == {row["t1"], row["t2"]})
        sign = 1 if pair.first == row["t1"] else -1
        digits(sign * pair.effect, row["te"], 2)
        digits(sqrt(pair.variance), row["se"], 6)


def test_stowe_size(stowe: dict[str, Any], stowe_network: Network) -> None:
    shown = stowe["published"]
    assert len(stowe_network.studies) == shown["k_studies"]
    assert sum(len(s.pairs) for s in stowe_network.studies) == shown["pairwise_comparisons"]
    assert len(stowe_network.treatments) == shown["treatments"]
    assert len(stowe_network.heterogeneity.designs) == shown["designs"]


def test_stowe_effects(stowe: dict[str, Any], stowe_network: Network) -> None:
    for name, row in stowe["published"]["md_vs_placebo"].items():
        effect = stowe_network.effect(name, "Placebo")
        digits(effect.estimate, row["est"], 2)
        digits(effect.low, row["lo"], 2)
        digits(effect.high, row["hi"], 2)
        digits(effect.additive / effect.se, row["z"], 2)


def test_stowe_league(stowe: dict[str, Any], stowe_network: Network) -> None:
    for pair, row in stowe["published"]["league_random_effects"].items():
        effect = stowe_network.effect(*pair.split(" minus "))
        for value, shown in zip((effect.estimate, effect.low, effect.high), row, strict=True):
            digits(value, shown, 2)


def test_stowe_heterogeneity(stowe: dict[str, Any], stowe_network: Network) -> None:
    shown, h = stowe["published"], stowe_network.heterogeneity
    digits(h.tau2, shown["tau2"], 4)
    digits(sqrt(h.tau2), shown["tau"], 4)
    digits(h.i2, shown["I2_percent"], 1)
    digits(h.i2_low, shown["I2_ci_percent"][0], 1)
    digits(h.i2_high, shown["I2_ci_percent"][1], 1)
    tests = {"total": h.total, "within_designs": h.within, "between_designs": h.between}
    for name, test in tests.items():
        q, df, p = shown["Q"][name]
        digits(test.q, q, 2)
        assert test.df == df
        digits(test.p, p, 4)


def test_stowe_within_designs(stowe: dict[str, Any], stowe_network: Network) -> None:
    designs = {d.treatments: d.within for d in stowe_network.heterogeneity.designs}
    for name, (q, df, p) in stowe["published"]["Q_within_by_design"].items():
        test = designs[tuple(sorted(name.split(":")))]
        digits(test.q, q, 2)
        assert test.df == df
        digits(test.p, p, 4)


def test_stowe_pscores(stowe: dict[str, Any], stowe_network: Network) -> None:
    for name, shown in stowe["published"]["pscore"].items():
        digits(stowe_network.pscores[name], shown, 4)


def test_stowe_splits(stowe: dict[str, Any], stowe_network: Network) -> None:
    splits = {frozenset((s.treatment, s.against)): s for s in stowe_network.splits}
    for pair, row in stowe["published"]["node_split_random"].items():
        first, second = pair.split(" vs ")
        split = splits[frozenset((first, second))]
        sign = 1 if split.treatment == first else -1
        assert split.trials == row["k"]
        digits(split.share, row["prop_direct"], 2)
        digits(sign * split.network, row["nma"], 2)
        digits(sign * split.direct, row["direct"], 2)
        assert (split.indirect is None) == ("indirect" not in row)
        if split.indirect is not None:
            digits(sign * split.indirect, row["indirect"], 2)
            digits(sign * split.difference, row["diff"], 2)
            digits(sign * split.z, row["z"], 2)
            digits(split.p, row["p"], 4)


# -- binary: giving up smoking, 24 trials, two with three arms, two with an empty cell


@pytest.fixture(scope="module")
def smoking(published: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return published["smoking-cessation"]


@pytest.fixture(scope="module")
def smoking_studies(smoking: dict[str, Any]) -> list[Study]:
    found = [
        of_counts(s["study"], [(a["t"], a["events"], a["n"]) for a in s["arms"]], "or")
        for s in smoking["studies"]
    ]
    return [s for s in found if s is not None]


@pytest.mark.parametrize("data", ["stowe", "smoking"])
def test_the_further_digits_of_the_pack(data: str, request: pytest.FixtureRequest) -> None:
    shown = request.getfixturevalue(data)["computed"]
    studies = request.getfixturevalue(f"{data}_studies")
    reference = request.getfixturevalue(data)["reference"]
    better = "lower" if data == "stowe" else "higher"
    common = network(studies, "fixed", better=better)
    random = network(studies, "random", better=better)
    assert len(studies) == shown["k_studies_used"]
    digits(common.heterogeneity.total.q, shown["Q_total"], 4)
    assert common.heterogeneity.total.df == shown["df"]
    assert common.heterogeneity.tau2 == pytest.approx(float(shown["tau2_dl"]), abs=6e-6)
    digits(common.heterogeneity.i2 / 100, shown["I2"], 4)
    for fitted, key in ((common, "common_effects"), (random, "random_effects")):
        for name, row in shown[key].items():
            effect = fitted.effect(name, reference)
            digits(effect.additive, row["estimate"], 6)
            digits(effect.se, row["se"], 6)
    scores = next(v for k, v in shown.items() if k.startswith("pscore_random"))
    for name, score in scores.items():
        digits(random.pscores[name], score, 4)


# -- the published results of the second data set are Bayesian: another method, checked as such


def test_the_bayesian_results_follow_from_the_same_trials(smoking: dict[str, Any]) -> None:
    """Exact likelihood and vague priors give what was published, within the tolerance that the pack states."""
    trials = [[(a["t"], a["events"], a["n"]) for a in s["arms"]] for s in smoking["studies"]]
    found, shown = posterior(trials, seed=1, chains=50, burn=600, kept=1000), smoking["published"]
    for name, row in shown["posterior"].items():
        assert found.mean[name] == pytest.approx(float(row["mean"]), abs=0.03)
        assert found.sd[name] == pytest.approx(float(row["sd"]), abs=0.03)
    assert found.tau == pytest.approx(float(shown["tau_sd"]["mean"]), abs=0.03)


def test_the_engine_lies_where_the_methods_are_known_to_differ(
    smoking: dict[str, Any], smoking_studies: list[Study]
) -> None:
    """Normal approximation, half a person added and moments for tau²: nearer to no effect, inside the intervals."""
    fitted = network(smoking_studies)
    for name, row in smoking["published"]["posterior"].items():
        effect = fitted.effect(name, "A").additive
        assert float(row["q2.5"]) < effect < float(row["mean"])
    order = sorted(fitted.pscores, key=lambda t: -fitted.pscores[t])
    best = smoking["published"]["rank_probability_best"]
    assert order == sorted(best, key=lambda t: -float(best[t]))
