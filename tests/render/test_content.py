"""The guideline as its editors and reviewers read it."""

from __future__ import annotations

import pytest

import atopy
from atopy.guideline import Compiled, load_guideline
from atopy.render import content
from atopy.render.index import UnknownId, index


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return load_guideline()


def test_every_item_can_be_shown(compiled: Compiled) -> None:
    owners = [e for e in index(compiled).values() if e.id == e.owner]
    assert len(owners) > 400
    for entry in owners[:: 1 if len(owners) < 50 else 7]:
        shown = content.item(compiled, entry.id, 100, False)
        assert max(len(line) for line in shown.splitlines()) <= 100


def test_a_therapy_is_shown_with_its_predicates_in_english(compiled: Compiled) -> None:
    shown = " ".join(content.item(compiled, "ciclosporin", 100, False).split())
    for said in (
        "Ciclosporin (option ciclosporin)", "For whom: atopic dermatitis and severity is at least moderate",
        "no clinician has reviewed it", "Contraindication", "if unknown: hold", "Sources:", "For the patient:",
    ):  # fmt: skip
        assert said in shown


def test_a_table_is_shown_row_by_row(compiled: Compiled) -> None:
    shown = " ".join(content.item(compiled, "standing", 100, False).split())
    assert "1. the state of the disease" in shown
    assert "(unknown: go on; because: contraindicated)" in shown


def test_a_part_and_a_disagreement_can_be_shown(compiled: Compiled) -> None:
    assert "of Methotrexate" in content.item(compiled, "methotrexate-planning-pregnancy", 100, False)
    assert "clobetasol" in content.item(compiled, "clobetasol-occlusion", 100, False)
    assert "Done when" in content.item(compiled, "ciclosporin", 100, False)


def test_an_unknown_item_says_what_was_perhaps_meant(compiled: Compiled) -> None:
    with pytest.raises(UnknownId, match=r"Did you mean .*ciclosporin"):
        content.item(compiled, "cyclosporin", 100, False)


@pytest.mark.parametrize("kind", [None, *content.KINDS])
def test_lists(compiled: Compiled, kind: str | None) -> None:
    shown = content.listing(compiled, kind, 100, False)
    assert max(len(line) for line in shown.splitlines()) <= 100
    if kind in (None, "options"):
        assert "dupilumab" in shown


def test_facts(compiled: Compiled) -> None:
    assert "takes(drug)" in content.fact_table(compiled, "takes", 100, False)
    assert len(content.fact_table(compiled, None, 100, False).splitlines()) > 400
    with pytest.raises(ValueError, match="No fact has"):
        content.fact_table(compiled, "zzzz", 100, False)


def test_sources(compiled: Compiled) -> None:
    assert "Cited in: " in content.bibliography(compiled, "aad-2024-systemic", 100, False)
    assert "not read" in content.bibliography(compiled, None, 100, False)
    with pytest.raises(UnknownId, match="aad-2024"):
        content.bibliography(compiled, "aad-2024-sistemic", 100, False)


def test_counts_claim_no_review(compiled: Compiled) -> None:
    assert "0 reviewed by a clinician" in content.counts(compiled)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("fingertips", "An adult: whole body 50; face and neck 2.5, front of the trunk 7"),
        ("fingertips", "Enough: from 50 % of once-daily use"),
        ("emollient_weekly", "An adult: at least 500 g a week (qv_nice)"),
        ("potency", "Mometasone furoate 0.1 % ointment: US class 2 of 7, UK potent"),
        ("bleach_bath_recipe", "A stock is believed: from 1 % to 15 %"),
    ],
)
def test_a_table_of_amounts_is_shown_with_its_numbers(compiled: Compiled, table: str, says: str) -> None:
    assert says in " ".join(content.item(compiled, table, 100, False).split())


# -- trials


def test_every_trial_is_listed_and_can_be_shown(compiled: Compiled) -> None:
    listed = content.listing(compiled, "trials", 100, False)
    for id_ in compiled.trials:
        shown = content.item(compiled, id_, 100, False)
        assert f"\n {id_} " in listed
        assert shown.startswith(" ") and f"(trial {id_})" in shown
        assert max(len(line) for line in shown.splitlines()) <= 100


def test_a_trial_is_shown_with_its_arms_its_sources_and_what_rests_on_it(compiled: Compiled) -> None:
    shown = " ".join(content.item(compiled, "solo1", 100, False).split())
    for said in (
        "LIBERTY AD SOLO 1 (trial solo1)", "Reported in: Simpson 2016 (simpson-2016-solo)",
        "placebo: Placebo: 224 randomised", "week 16: Placebo 34 of 224; Dupilumab 300 mg every 2 weeks 114 of 224",
        "(EASI at least 75 % lower): compared, 3 arms (atopy compare --outcome easi75 --population adults-mono)",
        "Change of POEM: left out: carried from memory, not read in a page",
        "dupilumab: statement dupilumab-ev-solo", "trials/solo1.yaml",
    ):  # fmt: skip
        assert said in shown


def test_a_trial_that_is_not_pooled_says_why(compiled: Compiled) -> None:
    apart = " ".join(content.item(compiled, "goujon2018", 100, False).split())
    assert "stands beside: trials of this kind are too unlike each other to be pooled" in apart
    assert "methotrexate: statement methotrexate-ev-goujon" in apart


def test_what_is_said_of_a_trial_is_what_the_comparison_does(compiled: Compiled) -> None:
    """A trial that is called compared is in the comparison, and one that is left out is not."""
    compared = {e.trial.id for e in atopy.compare("easi75", "adults-mono").entered}
    _, trials = compiled.trial_data()
    for id_, of in trials.items():
        if of.population == "adults-mono" and any(r.outcome == "easi75" for r in of.results):
            shown = " ".join(content.item(compiled, id_, 100, False).split())
            assert ("--outcome easi75 --population" in shown) == (id_ in compared), id_
    assert len(compared) > 5


def test_a_misspelt_trial_is_named(compiled: Compiled) -> None:
    with pytest.raises(UnknownId, match=r"Did you mean .*solo1"):
        content.item(compiled, "soloo1", 100, False)
