"""The trials of the content: each row of the pack with its flags; separate networks; only what was measured ranks."""

import csv
from pathlib import Path

import pytest

from atopy.evidence import Comparison, compare
from atopy.guideline import load_guideline
from atopy.guideline.trials import Contrast, Figure, Result, Trial

EVIDENCE, TRIALS = load_guideline().trial_data()
POPULATIONS = [p.id for p in EVIDENCE.populations if p.compared]
OUTCOMES = [o.id for o in EVIDENCE.outcomes]
PAIRS = [(o, p) for p in POPULATIONS for o in OUTCOMES
         if any(t.population == p and any(r.outcome == o for r in t.results) for t in TRIALS.values())]  # fmt: skip
CONVENTIONAL = {"azathioprine", "ciclosporin", "ec_mps", "methotrexate", "mycophenolate_mofetil", "nbuvb"}


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "clinical" / "trials.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(trial: Trial) -> list[tuple[Result, Figure | Contrast]]:
    return [(r, f) for r in trial.results for f in (*r.figures, *r.contrasts)]


def number(text: str) -> float | None:
    return float(text) if text else None


def test_every_row_of_the_pack_is_there_and_no_other(rows: list[dict[str, str]]) -> None:
    packed = sorted((r["trial_id"], r["arm_id"], number(r["week"]), r["verified"] == "true") for r in rows)
    ours = sorted((t.id, f.arm, r.week, f.verified) for t in TRIALS.values() for r, f in told(t))
    assert ours == packed
    assert len(ours) == 405


def test_every_number_is_the_packs(rows: list[dict[str, str]]) -> None:
    def of_pack(r: dict[str, str]) -> tuple[object, ...]:
        mean = r["outcome_type"] == "continuous"
        counted = (number(r["events"]), number(r["percent"])) if not mean else (None, None)
        return (
            r["trial_id"], r["arm_id"], number(r["week"]), r["source_key"], number(r["n_analysed"]), *counted,
            number(r["mean"]), number(r["sd"]), number(r["se"]), r["seen_url"], r["note"],
        )  # fmt: skip

    def of_ours(t: Trial, r: Result, f: Figure) -> tuple[object, ...]:
        return (
            t.id, f.arm, r.week, t.source_of(r), f.of, f.events, f.percent, f.mean, f.sd, f.se, f.seen or "",
            f.note or "",
        )  # fmt: skip

    packed = [of_pack(r) for r in rows if r["outcome_type"] != "contrast"]
    ours = [of_ours(t, r, f) for t in TRIALS.values() for r, f in told(t) if isinstance(f, Figure)]
    assert sorted(ours, key=str) == sorted(packed, key=str)


def test_what_the_pack_only_remembers_is_not_called_read(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if row["aux_verified"] == "true" or row["outcome_type"] == "contrast":
            continue
        trial = TRIALS[row["trial_id"]]
        found = [f for r, f in told(trial) if f.arm == row["arm_id"] and r.week == float(row["week"])
                 and (f.note or "") == row["note"]]  # fmt: skip
        assert found
        for figure in found:
            assert not (figure.verified and figure.size_verified and figure.spread_verified), figure


def test_each_trial_stands_in_one_network_and_the_networks_share_none() -> None:
    known = {p.id for p in EVIDENCE.populations}
    assert {t.population for t in TRIALS.values()} == known
    assert {"adults-mono", "adults-tcs", "adolescents", "children"} <= known
    found = {p: {e.trial.id for e in compare("easi75", p).entered} for p in POPULATIONS}
    everything = [t for trials in found.values() for t in trials]
    assert len(everything) == len(set(everything))


@pytest.fixture(scope="module")
def computed() -> dict[tuple[str, str, bool], Comparison]:
    return {(o, p, u): compare(o, p, unverified=u) for o, p in PAIRS for u in (False, True)}


def test_nothing_that_nobody_read_decides(computed: dict[tuple[str, str, bool], Comparison]) -> None:
    for (_, _, unverified), found in computed.items():
        arms = [u for e in found.entered for u in e.arms]
        assert unverified or all(u.verified for u in arms)
        if unverified and any(not r.verified for r in found.ranked):
            assert "unread" in {c.code for c in found.cautions}


def test_conventional_drugs_are_beside_and_never_ranked_for_what_they_were_not_measured_in() -> None:
    for outcome in ("easi75", "iga01", "ppnrs4"):
        for population in ("adults-mono", "adults-tcs"):
            found = compare(outcome, population, unverified=True)
            assert not CONVENTIONAL & {r.therapy for r in found.ranked}
            apart = {b.therapy: b for b in found.beside}
            assert set(apart) >= {"azathioprine", "ciclosporin", "ec_mps", "methotrexate", "nbuvb"}
            assert apart["methotrexate"].why == "no trial of it reports this outcome"
            assert any("SCORAD" in s.outcome for s in apart["methotrexate"].says)


def test_a_drug_is_ranked_or_beside_never_both_and_never_lost(
    computed: dict[tuple[str, str, bool], Comparison],
) -> None:
    nodes = {n.id: n.therapy for n in EVIDENCE.regimens}
    for found in computed.values():
        ranked = {r.therapy for r in found.ranked if r.therapy}
        beside = {b.therapy for b in found.beside}
        near = {found.population.id, *found.population.beside}
        tried = {nodes[a.regimen] for t in TRIALS.values() if t.population in near for a in t.arms} - {None}
        assert not ranked & beside
        assert ranked | beside == tried


def test_every_network_says_how_far_to_trust_it(computed: dict[tuple[str, str, bool], Comparison]) -> None:
    for found in computed.values():
        if found.network is None:
            continue
        codes = {c.code for c in found.cautions}
        assert {"transitivity", "population", "consistency", "sponsor", "grade"} <= codes
        assert (
            len({e.week for e in found.entered}) == 1
            or "timing" in codes
            or len(found.entered) > found.trials
        )
        assert found.trials == len({e.trial.id for e in found.entered if e.study in found.network.studies})
        assert found.people >= 20


def test_the_usual_answer() -> None:
    """Figures of this content, so that a change of a row is seen: 15 trials, 8,258 people."""
    found = compare("easi75", "adults-mono")
    assert (found.trials, found.people) == (15, 8258)
    dupilumab = found.of("dupi300q2w")
    assert (dupilumab.trials, dupilumab.people) == (3, 801)
    assert dupilumab.absolute.risk == pytest.approx(51.6, abs=0.1)
    assert dupilumab.effect.estimate == pytest.approx(7.57, abs=0.01)
    assert found.ranked[0].id == "upa30" and found.ranked[-1].id == "placebo"
    doubt = next(s for s in found.network.splits if (s.treatment, s.against) == ("dupi300q2w", "upa30"))
    assert doubt.separate and doubt.p < 0.05, "Heads Up and the trials against placebo do not agree"


def test_a_subset_of_an_arm_never_stands_beside_it() -> None:
    found = compare("easi75", "children")
    assert "dupi200q2w-ge30kg" not in {r.id for r in found.ranked}
    assert ("peds-ad1652", "dupi200q2w-ge30kg", "subset") in {
        (x.trial, x.arm, x.reason) for x in found.left_out
    }
