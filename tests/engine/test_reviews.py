"""A sign-off is bound to the hash of what was read: edit the text, and it is only submitted again."""

import shutil
from pathlib import Path

import msgspec
import pytest
from tests.engine.plans import HICCUPS, compiled, plan
from tests.spec.engines import TOY

from atopy.guideline.compile import compile_folder
from atopy.guideline.load import load
from atopy.guideline.reviews import item_hash
from atopy.plan import Guidance


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOY, tmp_path / "hiccups"))


def sign(folder: Path, id_: str, state: str, of: str | None = None, file: str = "one.yaml") -> None:
    """Sign *id_* as it is written now, or with another hash."""
    content = load(folder)
    groups = (
        content.therapies, content.factors, content.allergens, content.mimics, content.red_flags, content.topics,
    )  # fmt: skip
    value = next(group[id_].value for group in groups if id_ in group)
    entry = {
        "id": id_,
        "state": state,
        "name": "A. Doctor",
        "role": "dermatologist",
        "date": "2026-11-20",
        "hash": of or item_hash(value),
    }
    path = folder / "reviews" / file
    path.parent.mkdir(exist_ok=True)
    known = path.read_text() if path.is_file() else ""
    path.write_text(f"{known}- {msgspec.json.encode(entry).decode()}\n")


def test_without_a_sign_off_everything_is_submitted() -> None:
    assert compiled().reviews == {}
    assert plan(HICCUPS).line("stillin").review == "submitted"


def test_a_sign_off_counts_while_the_text_is_what_was_read(folder: Path) -> None:
    sign(folder, "stillin", "approved")
    sign(folder, "fizzy_drinks", "under review")
    signed = Guidance(compile_folder(folder))
    assert plan(HICCUPS, guidance=signed).line("stillin").review == "approved"
    assert plan(HICCUPS, guidance=signed).line("fizzy_drinks").review == "under review"
    assert plan(HICCUPS, guidance=signed).line("placatol").review == "submitted"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("potassium < 3.5", "potassium < 3.4"),
        ("In force this year only.", "In force this year."),
        ("value: 3.5, unit", "value: 3.6, unit"),
        ("source: handbook, direction: for", "source: society, direction: for"),
    ],
    ids=["a threshold", "a word", "a number", "a source"],
)
def test_any_edit_makes_it_submitted_again(folder: Path, old: str, new: str) -> None:
    sign(folder, "stillin", "approved")
    path = folder / "ladder" / "stillin.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert compile_folder(folder).reviews == {}


def test_layout_and_comments_are_not_edits(folder: Path) -> None:
    sign(folder, "stillin", "approved")
    path = folder / "ladder" / "stillin.yaml"
    path.write_text("# a comment\n" + path.read_text().replace("rung: calmers\n", 'rung:   "calmers"\n'))
    assert compile_folder(folder).reviews["stillin"] == "approved"


def test_of_several_sign_offs_of_one_text_the_last_counts_and_one_of_an_older_text_does_not(
    folder: Path,
) -> None:
    sign(folder, "stillin", "approved")
    sign(folder, "stillin", "rejected")
    sign(folder, "stillin", "approved", of="0" * 64, file="two.yaml")
    assert set(compile_folder(folder).reviews.values()) == {"rejected"}


def test_a_sign_off_is_part_of_what_names_the_content(folder: Path) -> None:
    before = compile_folder(folder).hash
    sign(folder, "stillin", "approved")
    assert compile_folder(folder).hash != before
