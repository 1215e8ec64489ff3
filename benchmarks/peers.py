"""The peers' own CQL benchmark beside ours, where Node and its files are there; otherwise why not.

``../shared/peers`` holds thirty rules in CQL and a runner for cql-execution. The translator needs the System model
and FHIRHelpers, which no package here carries: their folder is named by ATOPY_CQL_MODELS.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent.parent / "shared" / "peers"
PACKAGES = ("cql-execution@3.3.2", "cql-exec-fhir@2.2.0", "@cqframework/cql@5.3.0")
MODELS = ("system-modelinfo.xml", "FHIRHelpers-4.0.1.cql")


def peer_figures(patients: int = 300) -> list[str]:
    """Lines to print: what cql-execution did with thirty rules, or what is missing."""
    absent = _absent()
    if absent:
        return [f"peer skipped: {absent}"]
    models = Path(os.environ["ATOPY_CQL_MODELS"])
    with tempfile.TemporaryDirectory() as folder:
        try:
            return [
                f"peer, thirty rules without reasons: {line}" for line in _run(Path(folder), models, patients)
            ]
        except (subprocess.SubprocessError, OSError) as error:
            return [f"peer skipped: it could not be run ({type(error).__name__})"]


def _absent() -> str:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "Node is not installed"
    if not PEERS.is_dir():
        return "no peers' folder beside the project"
    models = os.environ.get("ATOPY_CQL_MODELS")
    if not models or not all((Path(models) / name).is_file() for name in MODELS):
        return f"ATOPY_CQL_MODELS names no folder with {' and '.join(MODELS)}"
    return ""


def _run(folder: Path, models: Path, patients: int) -> list[str]:
    def step(*command: str, seconds: int = 300) -> str:
        done = subprocess.run(
            command, cwd=folder, check=True, capture_output=True, text=True, timeout=seconds
        )
        return done.stdout

    step("npm", "init", "-y")
    step("npm", "install", "--silent", *PACKAGES)
    step(sys.executable, str(PEERS / "make_patients.py"), str(patients), "data")
    fhir = "node_modules/cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml"
    system, helpers = (str(models / name) for name in MODELS)
    step("node", str(PEERS / "cql_translate.mjs"), system, fhir, helpers, str(PEERS / "ad_rules.cql"), "elm")
    return step("node", str(PEERS / "cql_bench.cjs"), "elm", "data", str(patients), "1").splitlines()
