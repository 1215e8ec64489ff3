"""The folder of an export: a new or empty one, or that of an earlier export, which is replaced file by file."""

from collections.abc import Mapping
from pathlib import Path

from atopy.yaml_source import Problem, SourceError

_KINDS = (
    "ActivityDefinition", "CodeSystem", "Library", "PlanDefinition", "Questionnaire", "StructureDefinition", "ValueSet",
)  # fmt: skip
_PATTERNS = (*(f"{kind}/*.json" for kind in _KINDS), "cql/*.cql", "elm/*.json")
_PAGES = ("README.md", "LEDGER.md")


def write_folder(out: Path, files: Mapping[Path, bytes]) -> list[Path]:
    """Write *files* (paths within *out*) and remove what an earlier export left; the paths written.

    Raises SourceError where *out* holds something that is no export, and where it cannot be written.
    """
    try:
        _clear(out, {out / path for path in files})
        for path, content in files.items():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        where = str(error.filename or out)
        raise SourceError([Problem(where, None, "", f"cannot be written: {error.strerror}.")]) from None
    return [out / path for path in files]


def _clear(out: Path, kept: set[Path]) -> None:
    """Remove the files of an earlier export that this one does not write."""
    if not out.exists() or not any(out.iterdir()):
        return
    if not all((out / page).is_file() for page in _PAGES):
        said = "is not empty, and holds no earlier export."
        raise SourceError([Problem(str(out), None, "", said, "Name a new or empty folder.")])
    for pattern in _PATTERNS:
        for path in sorted(out.glob(pattern)):
            if path not in kept:
                path.unlink()


__all__ = ["write_folder"]
