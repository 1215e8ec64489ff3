"""The page on asking shows what the program prints."""

import pytest
from tools.ask_page import PAGE, SHOWN, printed

BLOCKS = [(m["command"], m["text"]) for m in SHOWN.finditer(PAGE.read_text(encoding="utf-8"))]


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 4
    assert all(command.startswith("ask ") and "--as-of " in command for command, _ in BLOCKS)


@pytest.mark.parametrize(("command", "text"), BLOCKS, ids=[c for c, _ in BLOCKS])
def test_the_output_is_what_the_program_prints(command: str, text: str) -> None:
    """Where this fails: python -m tools.ask_page writes the page anew; read what changed."""
    assert text == printed(command)
