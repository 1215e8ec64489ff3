"""The page on comparing shows what the program draws and prints."""

import re
from html import unescape
from pathlib import Path

import pytest

from atopy.evidence import compare, decision_aid
from atopy.render import of_aid, of_comparison, plots

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "compare.md").read_text(encoding="utf-8")


def texts(svg: str) -> list[str]:
    return sorted(unescape(t).strip() for t in re.findall(r">([^<>]+)</(?:text|tspan)>", svg))


@pytest.mark.parametrize("kind", ["forest", "network", "ranking"])
def test_the_pictures_are_those_that_the_program_draws(kind: plots.Kind) -> None:
    """Word by word: where a letter stands depends on the fonts of a machine."""
    kept = (ROOT / "docs" / "assets" / f"compare-{kind}.svg").read_text(encoding="utf-8")
    assert texts(kept) == texts(plots.svg(compare("easi75", "adults-mono"), kind))


def test_the_output_is_what_the_program_prints() -> None:
    shown = of_comparison.text([compare("easi75", "adults-mono")])
    aid = of_aid.text(
        decision_aid(ROOT / "examples" / "simple-escalation.yaml", as_of="2026-11-20"), "patient"
    )
    printed = set((shown + aid).splitlines())
    lines = [
        line for block in re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
    ]
    assert len(lines) > 12
    assert [line for line in lines if line and line not in printed] == []


def test_a_figure_in_a_comment_is_so() -> None:
    said = re.search(r"# ([\d.]+) people of a hundred reach EASI-75", PAGE)
    assert said is not None
    assert said[1] == f"{compare('easi75', 'adults-mono').of('dupi300q2w').absolute.risk:.1f}"
