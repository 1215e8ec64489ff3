"""Write what is proved into docs/proof.md, between its marks, with the time. A test holds all but the time current."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from atopy.guideline import load_guideline
from atopy.proof import Outcome, prove_side_by_side
from atopy.render.of_proofs import markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "proof.md"
TOTAL = re.compile(r"(?<=<!-- time -->\n).*(?=\n<!-- /time -->)")
BEGIN, END = "<!-- proofs -->\n", "<!-- /proofs -->\n"


def filled(page: str, outcome: Outcome) -> str:
    """The page with the results of *outcome* between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{markdown(outcome)}{END}{after}"


def timeless(page: str) -> str:
    """The page without what differs between runs."""
    return TOTAL.sub("", re.sub(r" \d+\.\d \|$", " |", page, flags=re.MULTILINE))


def main() -> int:
    """Prove, and write; 1 when something fails."""
    outcome = prove_side_by_side(load_guideline())
    took = f"All of it took {sum(outcome.seconds.values()):.0f} seconds of one processor when this page was written."
    page = filled(PAGE.read_text(encoding="utf-8"), outcome)
    PAGE.write_text(TOTAL.sub(took, page), encoding="utf-8")
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    sys.exit(main())
