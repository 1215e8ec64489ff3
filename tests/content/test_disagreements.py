"""The ledger of disagreements: every conflict that was researched is in it, whole."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from atopy.guideline import Compiled, load_guideline
from atopy.plan.case import Case
from atopy.plan.public import setting
from atopy.render.of_disagreements import chosen
from atopy.yaml_source import load_yaml

PACK = load_yaml(Path(__file__).with_name("pack_conflicts.yaml").read_text(encoding="utf-8"), "pack").data
"""The 33 conflicts of the guideline pack: the statements on either side of each."""

# What else the packs name as differing: therapies (traps, potency lists, labels) and instruments (band sets).
ALSO = {
    "jak_start_thresholds": "abrocitinib-start-thresholds",
    "potency_scales": "potency-scales",
    "tcs_potency conflicts": "us-class-lists",
    "tcs_duration_scales": "very-potent-steroid-limit",
    "jak_line_of_therapy": "jak-versus-biologic-order",
    "no_benefit_windows": "no-benefit-window",
    "nemolizumab_three_rules": "nemolizumab-conditions",
    "upadacitinib_weight": "upadacitinib-adolescent-weight",
    "pimecrolimus_age": "pimecrolimus-age",
    "crisaborole_age": "crisaborole-age",
    "bleach_concentration": "bleach-bath-recipe",
    "nbuvb_start": "nbuvb-start",
    "methotrexate_contraception": "methotrexate-conception-interval",
    "methotrexate lactation": "methotrexate-lactation",
    "ciclosporin_renal_rules": "ciclosporin-renal-rules",
    "ciclosporin ceiling in children": "ciclosporin-child-ceiling",
    "azathioprine_allopurinol": "allopurinol-with-azathioprine",
    "rituximab_conflict": "rituximab-series",
    "alefacept_conflict": "alefacept-series",
    "uva1_words": "uva1-dose-words",
    "baricitinib_pregnancy_label": "baricitinib-pregnancy",
    "protopic breastfeeding": "tacrolimus-lactation",
    "EASI bands": "easi-cutoffs",
    "SCORAD bands": "scorad-bands",
    "POEM bands": "poem-bands",
    "PO-SCORAD bands": "po-scorad-bands",
    "BSA bands": "bsa-bands",
    "ADCT cut-off": "adct-cutoff",
    "RECAP bands": "recap-bands",
}


@cache
def compiled() -> Compiled:
    return load_guideline(None)


def test_there_are_33_conflicts_in_the_pack() -> None:
    assert len(PACK) == 33


@pytest.mark.parametrize("id_", PACK)
def test_each_conflict_of_the_pack_is_told_with_all_that_stands_on_either_side(id_: str) -> None:
    found = compiled().disagreements[id_]
    for side, wanted in ((found.side_a, PACK[id_]["side_a"]), (found.side_b, PACK[id_]["side_b"])):
        assert set(wanted) <= {c.pack for c in side.sources}


@pytest.mark.parametrize(("of_pack", "id_"), ALSO.items())
def test_what_else_the_packs_call_different_is_told(of_pack: str, id_: str) -> None:
    assert id_ in compiled().disagreements, of_pack


@pytest.mark.parametrize("dispute", chosen(compiled()), ids=lambda d: d.id)
def test_each_has_both_sides_the_rule_and_why(dispute) -> None:
    for said in (dispute.question, dispute.side_a.says, dispute.side_b.says, dispute.rule, dispute.why):
        assert len(said.split()) >= 4 or said.rstrip(".").count(" ") >= 1
    assert dispute.side_a.says != dispute.side_b.says
    assert dispute.touches not in ("always", "never")
    for side in (dispute.side_a, dispute.side_b):
        assert side.sources
        dated = any(s.year for s in side.sources) or re.search(r"\b(19|20)\d\d\b", side.says)
        placed = any(s.countries for s in side.sources)
        remembered = all(not s.verified for s in side.sources)
        assert dated or placed or remembered or dispute.kind in ("naming", "threshold", "evidence"), (
            dispute.id
        )


def test_the_pack_beside_us_has_no_conflict_that_the_table_lacks(shared: Path) -> None:
    text = (shared / "clinical" / "guidelines.yaml").read_text(encoding="utf-8")
    conflicts = load_yaml(text, "guidelines").data["conflicts"]
    assert {c["id"] for c in conflicts} == set(PACK)


RECORD = """atopy: 1
patient: {birth_date: 1980-01-01, sex: male, country: eu}
attested: {medications: 2026-11-10}
events:
  - {date: 2026-11-10, condition: atopic_dermatitis, status: active}
"""

SHOWN = [
    # what the record says, the disagreement, whether it touches this patient
    ("{date: 2026-11-10, score: easi, value: 22}", "easi-cutoffs", True),
    ("{date: 2026-11-10, score: easi, value: 23}", "easi-cutoffs", False),
    ("{date: 2026-11-10, score: poem, value: 16}", "poem-bands", False),
    ("{date: 2026-11-10, score: poem, value: 17}", "poem-bands", True),
    ("{date: 2026-11-10, score: poem, value: 19}", "poem-bands", True),
    ("{date: 2026-11-10, score: poem, value: 20}", "poem-bands", False),
    ("{date: 2026-11-10, score: adct, value: 6}", "adct-cutoff", True),
    ("{date: 2026-11-10, score: adct, value: 7}", "adct-cutoff", False),
    ("{date: 2026-11-10, score: scorad, value: 28}", "scorad-bands", True),
    ("{date: 2026-11-10, score: scorad, value: 29}", "scorad-bands", False),
    ("{date: 2026-11-10, score: scorad, value: 50}", "scorad-bands", True),
    ("{date: 2026-11-10, score: scorad, value: 51}", "scorad-bands", False),
    ("{date: 2026-11-10, score: bsa, value: 40}", "bsa-bands", False),
    ("{date: 2026-11-10, score: bsa, value: 12}", "bsa-bands", True),
    ("{from: 2026-10-01, treat: baricitinib, status: current}", "baricitinib", True),
    ("{from: 2026-10-01, treat: dupilumab, status: current}", "baricitinib", False),
    ("{from: 2026-10-01, treat: betamethasone_valerate, status: current}", "us-class-lists", True),
]


@pytest.mark.parametrize(("event", "id_", "touches"), SHOWN)
def test_a_disagreement_is_shown_where_it_touches_the_patient(event: str, id_: str, touches: bool) -> None:
    chosen_ = setting(f"{RECORD}  - {event}\n", as_of="2026-11-20")
    shown = {line.id for line in chosen_.plan().section("disagreements").lines}
    assert (f"disagreement-{id_}" in shown) is touches


def test_every_rule_speaks_of_the_record_it_touches() -> None:
    """None is shown to a record that says nothing."""
    empty = Case(
        setting("atopy: 1\npatient: {}\n", as_of="2026-11-20").guidance,
        setting("atopy: 1\npatient: {}\n", as_of="2026-11-20").record,
        setting("atopy: 1\npatient: {}\n", as_of="2026-11-20").as_of,
        None,
        traced=False,
    )
    assert not [d for d in compiled().disagreements if empty.rule(f"disagreement-{d}") is True]
