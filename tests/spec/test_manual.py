"""The committed manual is what the tests say."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def manual(repository: Path) -> ModuleType:
    """``tools/manual.py``."""
    spec = importlib.util.spec_from_file_location("manual", repository / "tools" / "manual.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_pages_are_the_generated_ones(manual: ModuleType) -> None:
    assert manual.differing() == [], "run: python tools/manual.py"


def test_a_page_that_differs_is_named(manual: ModuleType, tmp_path: Path) -> None:
    manual.write(manual.pages().items(), tmp_path)
    assert manual.differing(tmp_path) == []
    (tmp_path / "facts.md").write_text("# Facts\n")
    (tmp_path / "extra.md").write_text("# More\n")
    assert manual.differing(tmp_path) == ["extra.md", "facts.md"]
