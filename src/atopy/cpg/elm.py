"""CQL translated to ELM by the official translator, where Node and its npm packages are there."""

import os
import shutil
import subprocess
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from atopy.cpg.cql import CqlExport
from atopy.yaml_source import InputError

PACKAGES = ("@cqframework/cql", "cql-exec-fhir")
VARIABLE = "ATOPY_CQL_TRANSLATOR"


def find_translator(given: Path | None = None) -> Path | None:
    """The folder with the translator's ``node_modules``: *given*, else that of the environment; None without one.

    Raises ValueError where a folder is named and the packages are not in it, or Node is missing.
    """
    named = given or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is None:
        return None
    missing = [package for package in PACKAGES if not (named / "node_modules" / package).is_dir()]
    if missing:
        raise InputError(
            f"{named} has no {' and no '.join(missing)}: run 'npm install {' '.join(PACKAGES)}' there."
        )
    if shutil.which("node") is None:
        raise InputError("Node is not installed: the translator of CQL runs on it.")
    return named


def translate(made: CqlExport, packages: Path) -> dict[str, bytes]:
    """Each library as ELM JSON, by its name. Raises ValueError with what the translator says of a library."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for library in made.libraries:
            (folder / f"{library.name}.cql").write_text(library.text, encoding="utf-8")
        translate_folder(folder, made.libraries[-1].name, packages)
        return {library.name: (folder / f"{library.name}.json").read_bytes() for library in made.libraries}


def translate_folder(folder: Path, last: str, packages: Path) -> None:
    """Write ELM beside the CQL of the library *last* and all that it includes. Raises ValueError as ``translate``."""
    with as_file(files("atopy.cpg").joinpath("translate.mjs")) as script:
        command = ["node", "--stack-size=4000", str(script), str(packages.resolve()), str(folder), last]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise InputError(f"the translator refuses {last}: {done.stderr.strip() or 'it gives no reason'}")
