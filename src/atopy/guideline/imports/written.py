"""The files of an import: checked whole in a copy of the content, then written."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from atopy.guideline.compiled import Compiled
from atopy.guideline.imports.found import Import
from atopy.yaml_source import Problem, SourceError


def check(found: Import, folder: Path) -> Compiled:
    """The guideline with these files in it. Raises SourceError with every problem that it would have."""
    from atopy.guideline.compile import compile_folder

    with TemporaryDirectory(prefix="atopy-import-") as place:
        copy = Path(shutil.copytree(folder, Path(place) / folder.name))
        for name, text in found.files.items():
            _put(copy / name, text)
        return compile_folder(copy)


def write(found: Import, folder: Path) -> list[Path]:
    """Write the files of a checked import; each whole or not at all. Raises SourceError where it cannot."""
    written = []
    for name, text in found.files.items():
        path = folder / name
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            _put(part, text)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise SourceError([Problem(name, None, "", f"cannot be written: {error.strerror}.")]) from None
        written.append(path)
    return written


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


__all__ = ["check", "write"]
