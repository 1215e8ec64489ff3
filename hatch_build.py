"""Build hook: ship the guideline content in the wheel, beside its compiled form.

Every disease is one folder of ``content/`` with a ``guideline.yaml``. It goes into the wheel as
``atopy/_content/<disease>/``, with ``compiled.msgpack`` made by ``atopy.guideline.compile_content``, so that
no YAML and no criterion is parsed when a plan is made. An editable install needs none of this: there the
package reads ``content/`` of the repository.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = "compiled.msgpack"

COMPILE = """
import sys
from pathlib import Path
from atopy.guideline import compile_content
compile_content(Path(sys.argv[1]), Path(sys.argv[2]))
"""


class ContentHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``content/`` and its compiled form to a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the content of each disease and name every file that the wheel must hold."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        diseases = sorted(path.parent for path in (root / "content").glob("*/guideline.yaml"))
        if not diseases:
            raise FileNotFoundError(f"no content to ship: {root / 'content'} holds no */guideline.yaml")
        # hatchling reads the files after this method ends, so the folder must outlive it
        self._compiled = tempfile.TemporaryDirectory(prefix="atopy-content-")
        include = build_data["force_include"]
        include[str(root / "content" / "LICENSE")] = "atopy/_content/LICENSE"
        for disease in diseases:
            for path in sorted(disease.rglob("*")):
                if path.is_file() and path.name != COMPILED and "__pycache__" not in path.parts:
                    include[str(path)] = f"atopy/_content/{path.relative_to(root / 'content').as_posix()}"
            include[str(self._compile(root, disease))] = f"atopy/_content/{disease.name}/{COMPILED}"

    def _compile(self, root: Path, disease: Path) -> Path:
        """Compile one disease in a process of its own, from the sources being built and nothing installed."""
        out = Path(self._compiled.name) / disease.name / COMPILED
        out.parent.mkdir(parents=True)
        environment = {**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", COMPILE, str(disease), str(out)]
        if subprocess.run(command, env=environment, cwd=root).returncode or not out.is_file():
            raise RuntimeError(f"{disease} does not compile: the messages above say why")
        return out

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the compiled files once they are in the wheel."""
        if hasattr(self, "_compiled"):
            self._compiled.cleanup()
