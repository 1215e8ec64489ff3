"""A page holds its width, whatever is put on it, and colour changes nothing but colour."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from atopy.render.page import Page, cells, wrapped

ANSI = re.compile(r"\x1b\[[0-9;]*m")
WORDS = st.text(alphabet=st.sampled_from("ab é漢 —·\n"), max_size=120)


@given(WORDS, WORDS, st.integers(40, 120), st.integers(0, 12))
def test_no_line_is_longer_than_the_page(first: str, second: str, width: int, hang: int) -> None:
    page = Page(width, colour=False)
    page.put((first, "bold"), second, left=3, hang=hang, mark="· ")
    assert all(cells(line) <= width for line in page.text().splitlines())


@given(WORDS, WORDS)
def test_wrapping_loses_no_word(first: str, second: str) -> None:
    lines = wrapped([(first, ""), (second, "bold")], 24)
    kept = "".join(part if isinstance(part, str) else part[0] for line in lines for part in line)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", first + second)


def test_a_word_longer_than_the_page_is_cut() -> None:
    page = Page(40, colour=False)
    page.put("https://example.org/" + "x" * 90)
    assert [len(line) for line in page.text().splitlines()] == [40, 40, 33]


def test_colour_adds_only_codes() -> None:
    plain, painted = Page(60, colour=False), Page(60, colour=True)
    for page in (plain, painted):
        page.heading("Title")
        page.put(("one ", "bold red"), "two", mark=("· ", "dim"))
        page.columns("Then", 6, (8,), ("a", "b"), [[["x"], [("y", "green")]], [["long words here"], []]])
        page.gap()
        page.gap()
        page.put("")
    assert ANSI.sub("", painted.text()) == plain.text()
    assert "\x1b[1;31mone" in painted.text()
    assert "\n\n\n" not in plain.text()


def test_a_rail_runs_down_the_side() -> None:
    page = Page(40, colour=False)
    page.put("word " * 12, mark="├─ ", rail="│  ")
    assert all(line.startswith(" │") for line in page.text().splitlines()[1:])


def test_a_heading_with_nothing_below_it_is_taken_back() -> None:
    page = Page(40, colour=False)
    page.heading("Empty")
    page.heading("Full")
    page.put("words")
    page.heading("Last")
    assert "Empty" not in page.text() and "Last" not in page.text()
    assert page.text().splitlines()[0].startswith(" Full ") and page.text().endswith("words\n")
