"""Translations of the libraries to ELM, as the official translator writes them: one JSON file for each library."""

import json
from collections.abc import Sequence
from pathlib import Path

from atopy.yaml_source import Problem, SourceError


def read_elm(folder: Path, names: Sequence[str], version: str) -> dict[str, bytes]:
    """The translations in *folder* of the libraries called *names*, by name: ``{name}.json``.

    Raises SourceError where there is none of any, and where one is not of its library or of another version.
    """
    found = {name: path for name in names if (path := folder / f"{name}.json").is_file()}
    problems = [p for name, path in found.items() if (p := _problem(path, name, version)) is not None]
    if not found:
        said, wanted = (
            "holds no translation of a library of this export.",
            ", ".join(f"{n}.json" for n in names),
        )
        problems.append(Problem(str(folder), None, "", said, f"Name the files {wanted}."))
    if problems:
        raise SourceError(problems)
    return {name: path.read_bytes() for name, path in found.items()}


def _problem(path: Path, name: str, version: str) -> Problem | None:
    try:
        identifier = json.loads(path.read_bytes())["library"]["identifier"]
        said = (identifier["id"], identifier.get("version"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Problem(str(path), None, "", "is no ELM in JSON.", "Translate the library again.")
    if said == (name, version):
        return None
    return Problem(
        str(path),
        None,
        "",
        f"is of {said[0]} {said[1]}, not of {name} {version}.",
        "Translate the library again.",
    )


__all__ = ["read_elm"]
