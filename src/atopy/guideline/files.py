"""Which files make up the content of a guideline. Apart from what reads them, which only a compilation needs."""

import os
from pathlib import Path


def content_files(folder: Path) -> list[Path]:
    """The files that make up the content, in a fixed order."""
    return sorted(Path(path) for path in content_paths(folder))


def content_paths(folder: Path) -> list[str]:
    """The same as text, in a fixed order of their own: every plan from a checkout looks at each of them."""
    return sorted(
        os.path.join(where, name)
        for where, _, names in os.walk(folder)
        for name in names
        if name.endswith(".yaml") or name == "references.json"
    )
