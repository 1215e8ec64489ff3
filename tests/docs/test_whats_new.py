"""docs/whats-new.md shows what the command prints of the content as it is shipped."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.alive.conftest import command as command
from tests.alive.conftest import edit
from tests.alive.conftest import folder as folder
from tests.cli.conftest import Typed
from tests.docs.documents import DOCS
from tools.reference import blocks as pieces

from atopy.guideline import load_guideline
from atopy.guideline.versions import previous

PAGE = (DOCS / "whats-new.md").read_text(encoding="utf-8")
Command = Callable[..., Typed]


@pytest.fixture(scope="module")
def shown() -> str:
    """The page as a reader meets it, folded lines joined."""
    return " ".join(pieces.filled(PAGE).split())


def joined(text: str) -> str:
    return " ".join(text.split())


def test_the_page_shows_what_the_command_prints_of_the_shipped_content(shown: str, command: Command) -> None:
    assert joined(command("guideline", "whats-new").out) in shown


def test_a_first_version_counts_what_it_holds(command: Command) -> None:
    """Until the version number changes the shipped content is the first; afterwards this page tells the news."""
    said = command("guideline", "whats-new")
    if previous(pieces.SHIPPED) is not None:
        pytest.skip("the shipped content has a version before it")
    assert said.code == 0, said.err
    compiled = load_guideline()
    assert f"What is new in {compiled.meta.id} {compiled.meta.version}" in said.out
    assert f" {len(compiled.therapies)} options" in said.out and f" {len(compiled.trials)} trials" in said.out


def test_the_page_shows_real_news_of_the_shipped_content(
    shown: str, command: Command, tmp_path: Path
) -> None:
    """The same two versions, compared here: nothing on the page was written by hand."""
    parts = ("courses/course_upadacitinib.yaml#upadacitinib-raised", "trials/headsup.yaml")
    before = pieces.without(parts, tmp_path)
    said = joined(command("guideline", "whats-new", "--since", str(before)).out)
    told = said.split(" added.", 1)[1]
    assert told and told in shown
    assert "added criterion of a course upadacitinib-raised" in told and "added trial headsup" in told
    assert load_guideline().trials.keys() - {"headsup"} == {
        p.stem for p in (before / "trials").glob("*.yaml")
    }


def test_a_piece_that_is_not_there_cannot_be_left_out(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="lists no nothing"):
        pieces.without(("courses/course_upadacitinib.yaml#nothing",), tmp_path)


def test_without_a_version_named_it_is_the_number_before(folder: Path, command: Command) -> None:
    def git(*words: str) -> None:
        named = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(folder.parent), *named, *words], check=True, capture_output=True)

    def news() -> str:
        return joined(command("guideline", "whats-new", "--content", str(folder)).out)

    alone = command("guideline", "whats-new", "--content", str(folder))
    assert (alone.code, alone.out) == (2, "") and "is not kept in git" in alone.err
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    assert "The first version of this content" in news()
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    git("commit", "-q", "-a", "-m", "still the same number")
    assert "The first version of this content" in news()
    edit(folder, "guideline.yaml", 'version: "1.0"', 'version: "1.1"')
    edit(folder, "ladder/stillin.yaml", "potassium < 3.4", "potassium < 3.3")
    assert "potassium is below 3.4 mmol/L → potassium is below 3.3 mmol/L" in news(), "not yet committed"
    git("commit", "-q", "-a", "-m", "another number")
    assert "potassium is below 3.4 mmol/L → potassium is below 3.3 mmol/L" in news()


def test_a_part_of_the_history_is_not_taken_for_all_of_it(
    folder: Path, command: Command, tmp_path: Path
) -> None:
    def git(*words: str) -> None:
        named = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(folder.parent), *named, *words], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    for number in ("1.1", "1.2"):
        edit(folder, "guideline.yaml", "version:", f'version: "{number}" #')
        git("add", "-A")
        git("commit", "-q", "-m", number)
    shallow = tmp_path / "shallow"
    git("clone", "-q", "--depth", "1", f"file://{folder.parent}", str(shallow))
    said = command("guideline", "whats-new", "--content", str(shallow / "hiccups"))
    assert said.code == 2 and "a part of the history only" in said.err
