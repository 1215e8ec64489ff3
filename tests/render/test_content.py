"""The guideline as its editors and reviewers read it."""

from __future__ import annotations

import pytest

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
