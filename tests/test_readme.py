"""README shows what the program really prints."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_first_screen_in_the_readme_is_the_one_that_demo_prints() -> None:
    spec = importlib.util.spec_from_file_location("readme_tool", ROOT / "tools" / "readme.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "```text\n Woman, 35 y" in readme
    assert readme == tool.with_screen(readme), "run: python tools/readme.py"
