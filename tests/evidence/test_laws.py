"""Laws of network meta-analysis, held on generated networks; and the same numbers by another way."""

from itertools import permutations
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.evidence import oracle
from tests.evidence.networks import NAMES, studies, trials

from atopy.evidence import Arm, Network, Pair, Study, network, of_arms, of_counts, of_pairs

NEAR = {"rel": 1e-6, "abs": 1e-8}
MODELS = ("fixed", "random")
few = settings(max_examples=60)


def renamed(study: Study, names: dict[str, str]) -> Study:
    """The same trial with its treatments called otherwise."""
    pairs = [Pair(names[p.first], names[p.second], p.effect, p.variance) for p in study.pairs]
    return of_pairs(study.id, pairs, study.corrected)


def same(one: Network, other: Network) -> None:
    """The same effects, spreads, ranks and heterogeneity."""
    assert one.treatments == other.treatments
    for e, f in zip(one.effects, other.effects, strict=True):
        assert (e.treatment, e.against, e.direct) == (f.treatment, f.against, f.direct)
        assert (e.additive, e.se) == (pytest.approx(f.additive, **NEAR), pytest.approx(f.se, **NEAR))
    assert one.pscores == pytest.approx(other.pscores, abs=1e-6)
    assert one.heterogeneity.total.q == pytest.approx(other.heterogeneity.total.q, rel=1e-6, abs=1e-7)


@few
@given(trials(), st.floats(0, 1))
def test_the_network_is_generalised_least_squares(arms: list[list[Arm]], tau2: float) -> None:
    from atopy.evidence.fit import fit

    fitted, expected = fit(studies(arms), tau2), oracle.pooled(arms, tau2)
    assert list(fitted.treatments) == expected.treatments
    assert fitted.effects[1:, 0] == pytest.approx(expected.effects, **NEAR)
    assert fitted.variances[1:, 0] == pytest.approx(np.diag(expected.covariance), **NEAR)
    assert fitted.q == pytest.approx(expected.q, rel=1e-5, abs=1e-6)
    assert fitted.df == expected.df


@few
@given(trials())
def test_tau2_makes_q_what_it_is_expected_to_be(arms: list[list[Arm]]) -> None:
    found = network(studies(arms)).heterogeneity
    slope, plain = oracle.expected_q_slope(arms), oracle.pooled(arms)
    expected = max(0.0, (plain.q - plain.df) / slope) if plain.df > 0 and slope > 1e-9 else 0.0
    assert found.tau2 == pytest.approx(expected, rel=1e-5, abs=1e-7)


@few
@given(trials(), st.sampled_from(MODELS), st.permutations(NAMES))
def test_names_change_nothing_but_names(arms: list[list[Arm]], model: str, order: list[str]) -> None:
    names = dict(zip(NAMES, order, strict=True))
    plain = network(studies(arms), model)
    other = network([renamed(s, names) for s in studies(arms)], model)
    for e in plain.effects:
        found = other.effect(names[e.treatment], names[e.against])
        assert (e.additive, e.se) == (pytest.approx(found.additive, **NEAR), pytest.approx(found.se, **NEAR))
    assert {names[t]: p for t, p in plain.pscores.items()} == pytest.approx(other.pscores, abs=1e-6)


@few
@given(trials(), st.randoms(use_true_random=False))
def test_the_order_of_trials_arms_and_sides_changes_nothing(arms: list[list[Arm]], chance: object) -> None:
    mixed = [list(a) for a in arms]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    for one in mixed:
        chance.shuffle(one)  # type: ignore[attr-defined]
    same(network(studies(arms)), network(studies(mixed)))


@few
@given(trials(), trials(), st.sampled_from(MODELS))
def test_what_is_not_connected_changes_nothing(
    arms: list[list[Arm]], other: list[list[Arm]], model: str
) -> None:
    names = {n: f"z{n}" for n in NAMES}
    apart = [renamed(of_arms(f"o{n}", a), names) for n, a in enumerate(other)]
    both = network([*studies(arms), *apart], model, reference="a")
    same(network(studies(arms), model), both)
    assert [s.id for part in both.apart for s in part] == [s.id for s in apart]
    assert not {t for t in both.treatments if t.startswith("z")}


@few
@given(trials(), st.sampled_from(MODELS))
def test_effects_are_consistent(arms: list[list[Arm]], model: str) -> None:
    found = network(studies(arms), model)
    for a, b, c in permutations(found.treatments, 3):
        whole = found.effect(a, b).additive + found.effect(b, c).additive
        assert found.effect(a, c).additive == pytest.approx(whole, **NEAR)
    for e in found.effects:
        back = found.effect(e.against, e.treatment)
        assert (e.additive, e.se) == (pytest.approx(-back.additive, **NEAR), pytest.approx(back.se, **NEAR))


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 2)), min_size=2, max_size=8))
def test_a_network_of_one_comparison_is_a_pairwise_meta_analysis(given_: list[tuple[float, float]]) -> None:
    """DerSimonian and Laird, as their paper of 1986 has it."""
    found = network([of_pairs(f"t{n}", [Pair("b", "a", y, v)]) for n, (y, v) in enumerate(given_)])
    y, v = (np.array(x) for x in zip(*given_, strict=True))
    w = 1 / v
    mean = float(w @ y / w.sum())
    q = float(w @ (y - mean) ** 2)
    tau2 = max(0.0, (q - (len(y) - 1)) / (w.sum() - (w @ w) / w.sum()))
    u = 1 / (v + tau2)
    effect = found.effect("b", "a")
    assert found.heterogeneity.tau2 == pytest.approx(tau2, rel=1e-6, abs=1e-9)
    assert effect.additive == pytest.approx(float(u @ y / u.sum()), **NEAR)
    assert effect.se == pytest.approx(sqrt(1 / u.sum()), **NEAR)


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 2)), min_size=2, max_size=5))
def test_one_trial_of_many_arms_is_itself(given_: list[tuple[float, float]]) -> None:
    arms = [Arm(NAMES[n], round(y, 4), round(v, 4)) for n, (y, v) in enumerate(given_)]
    found = network([of_arms("t", arms)], "fixed")
    for a in arms:
        for b in arms:
            if a is not b:
                effect = found.effect(a.treatment, b.treatment)
                assert effect.additive == pytest.approx(a.value - b.value, **NEAR)
                assert effect.se == pytest.approx(sqrt(a.variance + b.variance), **NEAR)
    assert found.heterogeneity.total.q == pytest.approx(0, abs=1e-8)


@few
@given(trials())
def test_an_arm_in_two_halves_weighs_what_it_weighs_whole(arms: list[list[Arm]]) -> None:
    """One trial told as two halves of equal results (each with twice the variance) gives the common effect of one."""
    halves = [of_arms(f"{n}{half}", [Arm(a.treatment, a.value, a.variance * 2) for a in one])
              for n, one in enumerate(arms) for half in "xy"]  # fmt: skip
    whole, split = network(studies(arms), "fixed"), network(halves, "fixed")
    for e, f in zip(whole.effects, split.effects, strict=True):
        assert (e.additive, e.se) == (pytest.approx(f.additive, **NEAR), pytest.approx(f.se, **NEAR))


@few
@given(trials(), st.floats(0.1, 20))
def test_a_unit_is_only_a_unit(arms: list[list[Arm]], factor: float) -> None:
    other = [[Arm(a.treatment, a.value * factor, a.variance * factor**2) for a in one] for one in arms]
    plain, scaled = network(studies(arms)), network(studies(other))
    assert scaled.heterogeneity.tau2 == pytest.approx(
        plain.heterogeneity.tau2 * factor**2, rel=1e-5, abs=1e-7
    )
    for e, f in zip(plain.effects, scaled.effects, strict=True):
        assert f.additive == pytest.approx(e.additive * factor, rel=1e-5, abs=1e-6)
    assert plain.pscores == pytest.approx(scaled.pscores, abs=1e-5)


@few
@given(trials())
def test_ranks_share_out_what_there_is(arms: list[list[Arm]]) -> None:
    up = network(studies(arms), better="higher").pscores
    down = network(studies(arms), better="lower").pscores
    assert sum(up.values()) == pytest.approx(len(up) / 2)
    assert down == pytest.approx({t: 1 - p for t, p in up.items()})
    assert all(0 <= p <= 1 for p in up.values())


@few
@given(trials())
def test_q_is_what_lies_within_designs_and_between(arms: list[list[Arm]]) -> None:
    h = network(studies(arms)).heterogeneity
    assert h.total.q == pytest.approx(h.within.q + h.between.q, rel=1e-6, abs=1e-6)
    assert h.total.df == h.within.df + h.between.df
    assert min(h.within.df, h.between.df) >= 0
    assert h.within.q == pytest.approx(sum(d.within.q for d in h.designs))
    assert sum(d.trials for d in h.designs) == len(arms)


@few
@given(trials())
def test_direct_and_indirect_make_the_whole(arms: list[list[Arm]]) -> None:
    for s in network(studies(arms)).splits:
        assert 0 < s.share <= 1
        if s.indirect is not None:
            assert s.share * s.direct + (1 - s.share) * s.indirect == pytest.approx(s.network, **NEAR)
            assert s.difference == pytest.approx(s.direct - s.indirect)


counts = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=2, max_size=4)


@given(counts, st.sampled_from(["or", "rr", "rd"]))
def test_not_having_the_event_is_the_other_side(given_: list[tuple[int, int]], measure: str) -> None:
    arms = [(NAMES[n], a, a + b) for n, (a, b) in enumerate(given_)]
    other = [(name, n - a, n) for name, a, n in arms]
    one, two = of_counts("t", arms, measure), of_counts("t", other, measure)
    for p, q in zip(one.pairs, two.pairs, strict=True):
        if measure != "rr":
            assert p.effect == pytest.approx(-q.effect)
            assert p.variance == pytest.approx(q.variance)
        else:
            assert (p.effect == q.effect) == (p.effect == 0)


@few
@given(trials())
def test_more_people_never_widen_a_common_effect(arms: list[list[Arm]]) -> None:
    larger = [[Arm(a.treatment, a.value, a.variance / 2) for a in one] for one in arms]
    before, after = network(studies(arms), "fixed"), network(studies(larger), "fixed")
    for e, f in zip(before.effects, after.effects, strict=True):
        assert f.se < e.se


def test_variances_that_no_trial_can_have_are_refused() -> None:
    pairs = [Pair("a", "b", 0, 1), Pair("a", "c", 0, 1), Pair("b", "c", 0, 9)]
    with pytest.raises(ValueError, match="t: the variances of its comparisons contradict each other"):
        network([of_pairs("t", pairs)])


def test_nothing_is_no_network() -> None:
    with pytest.raises(ValueError, match="no trial to compare"):
        network([])


@few
@given(trials())
def test_a_comparison_without_a_way_around_has_no_separate_evidence(arms: list[list[Arm]]) -> None:
    """Checked by walking: leave out the trials that compare the two and see whether one can still be reached."""
    found = network(studies(arms))
    for s in found.splits:
        rest = [set(t.treatments) for t in found.studies if not {s.treatment, s.against} <= set(t.treatments)]
        reached = {s.treatment}
        for _ in rest:
            reached |= {t for design in rest if design & reached for t in design}
        assume(s.indirect is not None)
        assert s.separate == (s.against in reached)


def test_pairs_of_a_trial_must_be_whole() -> None:
    with pytest.raises(ValueError, match="each two of its arms must be compared once"):
        of_pairs("t", [Pair("a", "b", 0, 1), Pair("b", "c", 0, 1)])
    with pytest.raises(ValueError, match="compared once"):
        of_pairs("t", [Pair("a", "b", 0, 1), Pair("b", "a", 0, 1)])
    assert isinstance(of_pairs("t", [Pair("a", "b", 0, 1)]), Study)
