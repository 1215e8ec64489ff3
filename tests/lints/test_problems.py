"""Every mistake an editor can make, with a wrong and a right version: the message, the file and the line.

The cases are data (``*.yaml``): each changes one file of the toy guideline. They are the manual's list of messages too.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.spec.engines import TOY

from atopy.guideline.compile import compile_folder
from atopy.yaml_source import Problem, SourceError, load_yaml_file

HERE = Path(__file__).parent
CASES = [
    pytest.param(case, id=case["name"])
    for path in sorted(HERE.glob("*.yaml"))
    for case in load_yaml_file(path).data["cases"]
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The toy guideline, free to be spoiled."""
    return Path(shutil.copytree(TOY, tmp_path / "hiccups"))


def change(folder: Path, case: dict[str, Any], which: str) -> str:
    """Write the wrong or the right version of a case's file; its new text."""
    path = folder / case["file"]
    if case[which] is None:
        path.unlink()
        return ""
    text = path.read_text() if path.is_file() else ""
    for one in (case, case.get("also")):
        if one and "find" in one:
            assert text.count(one["find"]) >= 1, f"the toy no longer holds {one['find']!r}"
            text = text.replace(one["find"], one[which], 1)
        elif one:
            text = one[which]
    text += case.get("ends", "") if which == "wrong" else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return text


def problems(folder: Path) -> list[Problem]:
    try:
        compile_folder(folder)
    except SourceError as error:
        return error.problems
    return []


def place(case: dict[str, Any], text: str, folder: Path) -> str:
    """Where the problem must be said to be: file, line and path."""
    if case.get("outside"):
        return str(folder)
    if "elsewhere" in case:
        return str(case["elsewhere"])
    if "at" not in case:
        return str(case["file"])
    assert text.count(case["at"]) >= 1
    line = text[: text.index(case["at"])].count("\n") + 1 + case.get("shift", 0)
    at = f" at {case['path']}" if "path" in case else ""
    return f"{case['file']}:{line}{at}"


@pytest.mark.parametrize("case", CASES)
def test_the_wrong_version_is_named_with_its_line(case: dict[str, Any], folder: Path) -> None:
    text = change(folder, case, "wrong")
    found = [str(problem) for problem in problems(folder)]
    expected = f"{place(case, text, folder)}: {case['problem']}"
    assert [one for one in found if one.startswith(expected)], "\n".join(found)
    assert len(found) == 1 or case.get("several"), "\n".join(found)


@pytest.mark.parametrize("case", [c for c in CASES if "right" in c.values[0]])
def test_the_right_version_is_accepted(case: dict[str, Any], folder: Path) -> None:
    change(folder, case, "right")
    assert [str(problem) for problem in problems(folder)] == []


def test_all_problems_come_at_once(folder: Path) -> None:
    """One wrong version in each file, all at the same time: nothing hides anything."""
    several = {}
    for param in CASES:
        case = param.values[0]
        whole = case["wrong"] is not None and "elsewhere" not in case and "YAML" not in case["problem"]
        if whole and not case["file"].startswith(("vocabulary", "references", "review")):
            several.setdefault(case["file"], case)
    expected = [
        f"{place(case, change(folder, case, 'wrong'), folder)}: {case['problem']}"
        for case in several.values()
    ]
    found = [str(problem) for problem in problems(folder)]
    missed = [one for one in expected if not any(f.startswith(one) for f in found)]
    assert len(expected) > 10
    assert missed == [], "\n".join(found)
