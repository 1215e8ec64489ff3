"""The work of a reviewer: begin to read, then approve or reject exactly what was read; an edit undoes it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.alive.conftest import edit
from tests.cli.conftest import Typed
from tests.engine.plans import READY, plan

from atopy.guideline import content_folder
from atopy.guideline.compile import compile_folder
from atopy.guideline.load import load
from atopy.guideline.reviews import SignOff, item_hash, reviewed, state_of
from atopy.guideline.schema import Contraindication, Words
from atopy.plan import Guidance
from atopy.render import as_html, as_markdown, as_text

Command = Callable[..., Typed]
ANNA = ("--name", "Anna A.", "--role", "dermatologist", "--date", "2026-11-20")
BERT = ("--name", "Bert B.", "--role", "pharmacist", "--date", "2026-11-21")


@pytest.fixture
def review(command: Command, folder: Path) -> Command:
    """``atopy review`` over the guideline that may be changed."""
    return lambda *words: command("review", *words, "--content", str(folder))


def test_nothing_is_approved_before_a_clinician_did_so() -> None:
    """What is shipped: no sign-off at all. Whoever adds the first real one changes this test on purpose."""
    assert not (content_folder() / "reviews").exists()
    found, problems = reviewed(load(content_folder()))
    assert problems == [] and {one.state for one in found.values()} == {"submitted"}


def test_from_the_first_reading_to_the_approval(review: Command, folder: Path) -> None:
    begun = review("start", "stillin", *ANNA)
    assert begun.code == 0
    assert "Anna A. (dermatologist) begins to read option stillin on 20 Nov 2026" in begun.out
    assert "State: under review." in begun.out
    assert compile_folder(folder).reviews["stillin"] == "under review"
    done = review("approve", "stillin", *ANNA, "--comment", "against the label of 2026")
    assert "State: approved." in done.out
    (first, second) = load_signed(folder, "stillin")
    assert (first["state"], second["state"]) == ("under review", "approved")
    assert second == {
        "id": "stillin", "state": "approved", "name": "Anna A.", "role": "dermatologist", "date": "2026-11-20",
        "hash": first["hash"], "comment": "against the label of 2026",
    }  # fmt: skip


def load_signed(folder: Path, owner: str) -> list[dict[str, str]]:
    from atopy.yaml_source import load_yaml_file

    signed: list[dict[str, str]] = load_yaml_file(folder / "reviews" / f"{owner}.yaml").data
    return signed


def test_an_approval_of_the_whole_holds_for_its_parts_and_one_of_a_part_for_nothing_else(
    review: Command, folder: Path
) -> None:
    review("start", "stillin-pregnancy", *ANNA)
    review("approve", "stillin-pregnancy", *ANNA)
    states = compile_folder(folder).reviews
    assert states == {"stillin-pregnancy": "approved"}
    review("start", "stillin", *BERT)
    review("approve", "stillin", *BERT)
    states = compile_folder(folder).reviews
    assert {"stillin", "stillin-pregnancy", "stillin-potassium", "stillin-now"} <= set(states)
    assert set(states.values()) == {"approved"} and "placatol" not in states


def test_an_edit_undoes_the_approval_and_the_list_says_so(review: Command, folder: Path) -> None:
    review("start", "stillin", *ANNA)
    review("approve", "stillin", *ANNA)
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    assert compile_folder(folder).reviews == {}
    said = " ".join(review("status").out.split())
    assert "Undone by an edit: submitted again" in said
    assert "approved by Anna A., dermatologist, 20 Nov 2026; the text has changed since" in said


def test_an_edit_elsewhere_in_the_file_leaves_a_part_approved(review: Command, folder: Path) -> None:
    review("start", "stillin-pregnancy", *ANNA)
    review("approve", "stillin-pregnancy", *ANNA)
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    assert compile_folder(folder).reviews == {"stillin-pregnancy": "approved"}


# -- what is refused, and said plainly


def test_what_changed_since_it_was_begun_cannot_be_approved(review: Command, folder: Path) -> None:
    review("start", "stillin", *ANNA)
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    said = review("approve", "stillin", *ANNA)
    assert (said.code, said.out) == (2, "")
    assert "'stillin' has changed since Anna A. began to read it on 20 Nov 2026" in said.err
    assert "atopy review start stillin" in said.err
    assert compile_folder(folder).reviews == {}
    review("start", "stillin", *ANNA)
    assert "State: approved." in review("approve", "stillin", *ANNA).out


def test_what_nobody_began_to_read_cannot_be_approved(review: Command, folder: Path) -> None:
    review("start", "stillin", *ANNA)
    said = review("approve", "stillin", *BERT)
    assert said.code == 2
    assert "Bert B. has not begun to read 'stillin'" in said.err
    assert compile_folder(folder).reviews["stillin"] == "under review"


@pytest.mark.parametrize(
    "words", [("start",), ("approve",), ("reject", "--comment", "no")], ids=lambda w: w[0]
)
def test_an_unknown_id_is_refused_with_what_was_perhaps_meant(
    words: tuple[str, ...], review: Command
) -> None:
    said = review(words[0], "stilin", *ANNA, *words[1:])
    assert (said.code, said.out) == (2, "")
    assert "'stilin' is nothing that can be signed off. Did you mean stillin" in said.err


def test_a_rejection_says_why(review: Command, folder: Path) -> None:
    review("start", "stillin", *ANNA)
    said = review("reject", "stillin", *ANNA)
    assert said.code == 2 and "A rejection says why: add --comment." in said.err
    assert (
        "State: rejected."
        in review("reject", "stillin", *ANNA, "--comment", "the dose is not in the label").out
    )
    assert compile_folder(folder).reviews["stillin"] == "rejected"


def test_two_who_disagree_settle_nothing(review: Command, folder: Path) -> None:
    review("start", "stillin", *ANNA)
    review("approve", "stillin", *ANNA)
    review("start", "stillin", *BERT)
    said = review("reject", "stillin", *BERT, "--comment", "no upper age")
    assert said.code == 0
    assert (
        "State: disputed, so not approved: Anna A. approved it; Bert B. rejected it (“no upper age”)."
        in said.out
    )
    assert set(compile_folder(folder).reviews.values()) == {"disputed"}
    assert "Disputed: two reviewers disagree" in review("status").out
    review("start", "stillin", *BERT)
    assert "State: approved." in review("approve", "stillin", *BERT, "--comment", "found it").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--name", " ", "--role", "dermatologist"), "A sign-off needs a name."),
        (("--name", "Anna A.", "--role", ""), "A sign-off needs a role"),
        (("--name", "Anna A.", "--role", "d", "--date", "2026-13-01"), "--date '2026-13-01' is not a day."),
        (
            ("--name", "Anna A.", "--role", "d", "--date", "2999-01-01"),
            "--date 2999-01-01 lies in the future",
        ),
    ],
    ids=["no name", "no role", "no date", "tomorrow"],
)
def test_a_sign_off_without_who_or_when_is_refused(
    words: tuple[str, ...], message: str, review: Command
) -> None:
    said = review("start", "stillin", *words)
    assert said.code == 2 and message in said.err


def test_nothing_is_approved_before_it_was_begun(review: Command) -> None:
    review("start", "stillin", *BERT)
    early = ("--name", "Bert B.", "--role", "pharmacist", "--date", "2026-11-20")
    assert "it cannot be approved on 20 Nov 2026 already" in review("approve", "stillin", *early).err


def test_to_begin_twice_or_approve_twice_is_said_to_be_done(review: Command) -> None:
    review("start", "stillin", *ANNA)
    assert "Anna A. is reading 'stillin' since 20 Nov 2026" in review("start", "stillin", *ANNA).err
    review("approve", "stillin", *ANNA)
    assert "Anna A. has approved 'stillin' on 20 Nov 2026 already" in review("approve", "stillin", *ANNA).err


def test_a_folder_that_cannot_be_written_is_told(review: Command, folder: Path) -> None:
    (folder / "reviews").write_text("a file where the folder would be")
    said = review("start", "stillin", *ANNA)
    assert said.code == 2 and "reviews/stillin.yaml: cannot be written" in said.err


def test_content_that_cannot_be_read_is_not_signed(review: Command, folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "rung: calmers", "rnug: calmers")
    said = review("start", "stillin", *ANNA)
    assert said.code == 2 and "ladder/stillin.yaml:3" in said.err
    assert not (folder / "reviews").exists()


# -- where it is shown


def test_a_plan_shows_the_state_of_each_statement(review: Command, folder: Path) -> None:
    for words in (("start", "stillin"), ("approve", "stillin")):
        review(*words, *ANNA)
    made = plan(*READY, guidance=Guidance(compile_folder(folder)))
    assert made.line("stillin").review == made.line("stillin-test").review == "approved"
    assert made.line("advice-calm").review == "submitted"
    assert made.provenance.reviewed["approved"] > 0 < made.provenance.reviewed["submitted"]
    for shown in (as_text.text(made), as_markdown.markdown(made), as_html.html(made)):
        one_line = " ".join(shown.split())
        assert "reviewed by no clinician" in one_line
        assert "no clinician has reviewed it" not in one_line
        assert "approved" in one_line.split("Stillin", 1)[1]
    assert "· approved" not in as_text.text(made, "patient")


def test_before_anything_is_signed_the_heading_says_it_of_all() -> None:
    shown = as_text.text(plan(*READY))
    assert "submitted: no clinician has reviewed it" in " ".join(shown.split())
    assert plan(*READY).provenance.reviewed == {}


def test_the_history_of_one_piece(review: Command) -> None:
    assert "Nobody has signed it." in review("status", "stillin-pregnancy").out
    review("start", "stillin", *ANNA)
    said = review("status", "stillin-pregnancy").out
    assert "Contraindication stillin-pregnancy of Stillin, ladder/stillin.yaml:15" in said
    assert "under review by Anna A., dermatologist, 20 Nov 2026 on the whole item" in said


def test_the_list_can_be_narrowed_and_read_by_a_machine(review: Command) -> None:
    review("start", "stillin", *ANNA)
    assert "option stillin" in review("status", "--state", "under-review").out
    assert "option stillin" not in review("status", "--state", "approved").out
    said = json.loads(review("status", "--format", "json").out)
    assert said["counts"]["under review"] == 15
    assert {s["id"] for s in said["signed"]} >= {"stillin", "stillin-pregnancy"}
    assert json.loads(review("status", "placatol", "--format", "json").out)["signed"] == []


# -- laws

WORDS = st.sampled_from(["under review", "approved", "rejected"])
SIGNED = st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), WORDS), max_size=8).map(
    lambda said: [SignOff("x", word, name, "r", "2026-11-20", "h") for name, word in said]
)


@given(SIGNED)
def test_approved_is_what_somebody_approved_and_nobody_rejects(signed: list[SignOff]) -> None:
    last = {s.name: s.state for s in signed}
    assert (state_of(signed) == "approved") == (
        "approved" in last.values() and "rejected" not in last.values()
    )
    assert (state_of(signed) == "submitted") == (signed == [])


@given(SIGNED, st.sampled_from(["A", "B", "C"]))
def test_one_rejection_is_enough_to_take_an_approval_away(signed: list[SignOff], name: str) -> None:
    no = SignOff("x", "rejected", name, "r", "2026-11-20", "h")
    assert state_of([*signed, no]) in ("rejected", "disputed")


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
RULES = st.builds(
    Contraindication,
    id=TEXT, when=TEXT, severity=st.sampled_from(["absolute", "relative"]), sources=st.just([]),
    because=st.builds(Words, clinician=st.fixed_dictionaries({"en": TEXT})), country=st.sampled_from([None, "eu"]),
)  # fmt: skip


@given(RULES, RULES)
def test_two_texts_have_one_hash_only_if_they_are_one(one: Contraindication, other: Contraindication) -> None:
    """So whatever is edited, the approval is dropped; and whatever is not, keeps it."""
    assert (item_hash(one) == item_hash(other)) == (one == other)
