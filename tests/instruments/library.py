"""The shipped instruments, read from content for the tests."""

import os
from pathlib import Path

from atopy.instruments import FOLDERS, Instrument, Library
from atopy.yaml_source import convert, load_yaml_file

ROOT = Path(__file__).parents[2] / "content" / "atopic-dermatitis" / "instruments"


def load(root: Path = ROOT) -> Library:
    found = {}
    for name, kind in FOLDERS.items():
        folder = root if name == "instruments" else root / name
        documents = [load_yaml_file(path) for path in sorted(folder.glob("*.yaml"))]
        read = [convert(document, document.data, kind) for document in documents]
        problems = [str(problem) for _, several in read for problem in several]
        assert not problems, os.linesep.join(problems)
        found[name] = tuple(value for value, _ in read)
    return Library(**found)


LIBRARY = load()


def instrument(code: str) -> Instrument:
    found = LIBRARY.find(code)
    assert found is not None, code
    return found
