"""The first screen that README shows, from the real program: `python tools/readme.py` writes it, `--check` compares."""

import re
import sys
from pathlib import Path

import atopy
from atopy import render

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = "examples/adult-severe.yaml"
AS_OF = "2026-11-20"
_BLOCK = re.compile(r"(<!-- demo -->\n```text\n).*?(```\n<!-- /demo -->)", re.DOTALL)


def first_screen() -> str:
    """The demo's plan up to its first section, at 100 columns without colour."""
    plan = atopy.plan(ROOT / EXAMPLE, as_of=AS_OF)
    text = render.text(plan, "clinician", width=100, colour=False)
    return text.split(" Assessment ─")[0].rstrip() + "\n"


def with_screen(readme: str) -> str:
    """*readme* with the present first screen in its block."""
    return _BLOCK.sub(lambda m: m[1] + first_screen() + m[2], readme)


def main(arguments: list[str]) -> int:
    """0 when README shows what the program prints; with no argument, README is written."""
    path = ROOT / "README.md"
    old = path.read_text(encoding="utf-8")
    new = with_screen(old)
    if "--check" in arguments:
        return 0 if old == new else 1
    path.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
