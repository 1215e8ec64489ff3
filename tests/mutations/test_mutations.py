"""Every stated way of breaking the content is caught, by what docs/mutations.md says."""

import re
from pathlib import Path

import pytest
from tests.mutations.catch import Catch, catch
from tests.mutations.mutation import KINDS, Mutation, StaleMutationError, edited, mutated, mutations, original
from tests.mutations.page import PAGE, page, row

from atopy.guideline import content_folder
from atopy.guideline.files import content_files

LINES = PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("mutation", [pytest.param(m, id=m.id) for m in mutations()])
def test_a_mutation_is_caught_as_the_page_says(mutation: Mutation) -> None:
    """What fails here: either nothing catches it any more, or the table is old (then: make mutate)."""
    found = catch(mutation)
    assert found.caught, f"nothing catches it: {mutation.says}"
    assert found.proofs == tuple(mutation.breaks), "these properties still hold"
    assert row(mutation, found) in LINES, f"run make mutate; now: {row(mutation, found)}"


def test_the_page_holds_these_mutations_in_their_order_and_no_other() -> None:
    rows = [line for line in LINES if line.startswith("| **")]
    assert len(rows) == len(mutations())
    for line, mutation in zip(rows, mutations(), strict=True):
        assert line.startswith(f"| **{mutation.kind}**: {mutation.says} | `{mutation.file}` | ")


def test_they_are_many_and_of_every_kind() -> None:
    assert len(mutations()) >= 30
    assert {m.kind for m in mutations()} == set(KINDS)
    assert len({m.id for m in mutations()}) == len(mutations())
    assert len({m.says for m in mutations()}) == len(mutations())


def test_they_are_spread_over_every_kind_of_content() -> None:
    """Of what is not broken here: words, sign-offs, what properties say, and what trials are compared in."""
    kinds = {p.relative_to(content_folder()).parts[0] for p in content_files(content_folder())}
    spoiled = {m.file.split("/")[0] for m in mutations()}
    told_elsewhere = {
        "ask", "care", "properties", "reviews", "guideline.yaml", "phrases.yaml", "references.json", "evidence.yaml",
    }  # fmt: skip
    assert kinds - spoiled <= told_elsewhere


def test_what_nothing_catches_is_said() -> None:
    """A sentence that nothing asserts can be changed unseen: then the row says so, and the test above would fail."""
    harmless = Mutation(
        "harmless",
        "words changed",
        "Other words.",
        "disagreements/adct-cutoff.yaml",
        at="why.en",
        set="Because.",
    )
    found = catch(harmless)
    assert not found.caught
    assert row(harmless, found).endswith("**nothing** |")
    assert "1 mutations, all caught: 0 by a lint" in page([(harmless, Catch())])


def test_a_mutation_that_no_longer_fits_is_an_error() -> None:
    at = {"file": "ladder/ciclosporin.yaml", "id": "x", "kind": "dropped", "says": "x"}
    for wrong in (
        Mutation(**at, at="contraindicated[gone]", delete=True),
        Mutation(**at, at="no_such_key.when", delete=True),
        Mutation(**at, at="suits", replace={"no such words": "x"}),
        Mutation(**{**at, "file": "ladder/gone.yaml"}, delete=True),
        Mutation(**at, at="id", set="ciclosporin"),
    ):
        with pytest.raises(StaleMutationError):
            mutated(wrong)


def test_the_shipped_content_is_not_changed_by_any(tmp_path: Path) -> None:
    first = mutations()[0]
    before = (content_folder() / first.file).read_bytes()
    assert mutated(first) != original()
    assert (content_folder() / first.file).read_bytes() == before


def test_of_a_list_the_entry_is_found_by_what_names_it() -> None:
    data = {"rows": [{"when": "a", "then": "x"}, {"because": "b", "then": "y"}, {"when": "c", "then": "z"}]}
    swap = Mutation("s", "rows reordered", "s", "f", at="rows[a]", swap_with="b")
    assert [r["then"] for r in edited(data, swap)["rows"]] == ["y", "x", "z"]
    gone = Mutation("g", "dropped", "g", "f", at="rows[2]", delete=True)
    assert [r["then"] for r in edited(data, gone)["rows"]] == ["x", "y"]


def test_the_sentences_are_sentences() -> None:
    for mutation in mutations():
        assert re.fullmatch(r"[A-Z].*\.", mutation.says), mutation.says
        assert "|" not in mutation.says
