"""References in Vancouver style: CSL-JSON through citeproc-py, once, when content is compiled."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.alive.conftest import edit
from tests.engine.plans import READY, plan

from atopy.guideline import load_guideline
from atopy.guideline.bibliography import vancouver
from atopy.guideline.compile import compile_folder
from atopy.yaml_source import SourceError

ARTICLE = {
    "id": "x", "type": "article-journal", "title": "On hiccups", "container-title": "J Hiccup", "volume": "3",
    "issue": "2", "page": "1277-1286", "author": [{"family": "Toy", "given": "AB"}], "issued": {"date-parts": [[2025]]},
}  # fmt: skip


def article(**changed: Any) -> str:
    return vancouver({**ARTICLE, **changed})


def test_an_article() -> None:
    assert article() == "Toy AB. On hiccups. J Hiccup. 2025;3(2):1277–86."


@pytest.mark.parametrize(
    ("given", "shown"),
    [("AB", "Toy AB."), ("Anna Berta", "Toy AB."), ("Jean-Luc", "Toy JL."), ("A", "Toy A.")],
    ids=["initials", "names", "a hyphen", "one initial"],
)
def test_names_become_initials(given: str, shown: str) -> None:
    assert article(author=[{"family": "Toy", "given": given}]).startswith(shown)


def test_after_six_authors_comes_et_al() -> None:
    many = [{"family": f"Toy{letter}", "given": letter} for letter in "ABCDEFGH"]
    assert article(author=many).startswith("ToyA A, ToyB B, ToyC C, ToyD D, ToyE E, ToyF F, et al. On")


def test_a_list_that_is_known_to_be_cut_short_says_so() -> None:
    assert article(custom={"et_al": True}).startswith("Toy AB, et al. On hiccups.")


def test_a_body_is_an_author() -> None:
    assert article(author=[{"literal": "Hiccup Study Group"}]).startswith("Hiccup Study Group. On")


@pytest.mark.parametrize(
    ("parts", "shown"), [([2022], "2022;"), ([2022, 6], "2022 Jun;"), ([2025, 5, 19], "2025 May 19;")]
)
def test_a_date_has_its_spaces(parts: list[int], shown: str) -> None:
    assert shown in article(issued={"date-parts": [parts]})


def test_a_title_that_asks_ends_in_no_stop() -> None:
    assert "Why hiccups? J Hiccup." in article(title="Why hiccups?")


def test_its_addresses_follow_or_are_left_out() -> None:
    numbered = {**ARTICLE, "DOI": "10.5555/toy", "PMID": "123", "URL": "https://example.org/toy"}
    assert vancouver(numbered).endswith("doi:10.5555/toy PubMed PMID: 123.")
    assert vancouver(numbered, addresses=False) == vancouver(ARTICLE)


def test_every_reference_that_is_shipped_is_rendered_cleanly(repository: Path) -> None:
    path = repository / "content" / "atopic-dermatitis" / "references.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    shown = load_guideline().bibliography
    assert set(shown) == {entry["id"] for entry in entries}
    for entry in entries:
        text = shown[entry["id"]]
        assert entry["title"].rstrip(".?") in text.replace("’", "'"), entry["id"]
        assert not re.search(r"\.\.|\?\.|None|\s,|https?://|^\d+\.", text.replace(entry["title"], "")), text


def test_a_plan_shows_what_was_rendered() -> None:
    (line,) = (s for s in plan(*READY).sources if s.key == "handbook")
    assert line.text == load_guideline(Path("tests/toy/hiccups").resolve()).bibliography["handbook"]
    assert line.text.startswith("Toy AB, Hiccup Study Group. The toy handbook of hiccups.")


def test_a_reference_that_is_no_csl_is_named_with_its_line(folder: Path) -> None:
    edit(
        folder,
        "references.json",
        '[{"family": "Toy", "given": "Anna Berta"}, {"literal"',
        '["Toy", {"literal"',
    )
    with pytest.raises(
        SourceError, match=r"references\.json:2 at \[0\]\.author\[0\]: Expected `object`, got `str`"
    ):
        compile_folder(folder)


def test_the_style_says_whose_it_is(repository: Path) -> None:
    folder = repository / "src" / "atopy" / "guideline" / "csl"
    assert "by-sa/3.0" in (folder / "nlm-citation-sequence.csl").read_text(encoding="utf-8")
    assert "Attribution-ShareAlike 3.0" in (folder / "README.md").read_text(encoding="utf-8")
