"""Commands typed as a user types them."""

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from atopy.cli import main


class Typed(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Typed]:
    """Type a command; gives its exit code, output and errors. A traceback is never one of them."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("ATOPY_DEBUG", raising=False)

    def run(*words: str, stdin: str | None = None) -> Typed:
        monkeypatch.setattr(sys, "argv", ["atopy", *words])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Typed(code, said.out, said.err)

    return run
