"""Everything of the content is in the export, or in the ledger with the reason; and the ledger holds nothing stale."""

from __future__ import annotations

import pytest
from tests.cpg.conftest import Exported

from atopy.cpg.resources import LEFT_OUT, counts


def test_nothing_is_lost(exported: Exported) -> None:
    assert [(c.kind, c.lost) for c in counts(exported.compiled, exported.resources) if c.lost] == []


def test_what_must_be_there_is_all_there(eczema: Exported) -> None:
    account = {c.kind: c for c in counts(eczema.compiled, eczema.resources)}
    therapies = eczema.compiled.therapies.values()
    wanted = {
        "therapy": len(therapies),
        "contraindication": sum(len(t.contraindicated) for t in therapies),
        "grade": sum(len(t.recommended) for t in therapies),
        "monitoring item": sum(len(t.monitor) for t in therapies),
        "red flag": len(eczema.compiled.red_flags),
        "factor": len(eczema.compiled.factors),
        "mimic": len(eczema.compiled.mimics),
        "disagreement": len(eczema.compiled.disagreements),
    }
    assert {kind: account[kind].exported for kind in wanted} == wanted
    assert min(wanted.values()) > 0


def test_what_the_ledger_excuses_is_not_exported_and_exists(eczema: Exported) -> None:
    account = {c.kind: c for c in counts(eczema.compiled, eczema.resources)}
    assert [kind for kind in LEFT_OUT if kind not in account] == [], "no such item: a stale entry"
    assert [kind for kind in LEFT_OUT if account[kind].exported] == [], "exported after all: a stale entry"


def test_a_resource_that_is_missing_is_named(toy: Exported) -> None:
    without = [r for r in toy.resources if r["id"] != "stillin-pregnancy"]
    (found,) = [c for c in counts(toy.compiled, without) if c.lost]
    assert (found.kind, found.lost) == ("contraindication", ("stillin-pregnancy",))


def test_an_entry_that_is_exported_would_be_found(toy: Exported) -> None:
    """The check for stale entries sees one: an allergen's advice under the address that it would have."""
    advice = next(s.id for a in toy.compiled.allergens.values() for s in a.advice)
    added = [*toy.resources, {"resourceType": "PlanDefinition", "id": advice}]
    account = {c.kind: c for c in counts(toy.compiled, added)}
    assert account["allergen advice"].exported == 1


@pytest.mark.parametrize("kind", list(LEFT_OUT))
def test_each_reason_is_a_sentence(kind: str) -> None:
    assert LEFT_OUT[kind].endswith(".") and len(LEFT_OUT[kind].split()) > 5
