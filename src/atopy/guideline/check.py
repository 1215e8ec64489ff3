"""``python -m atopy.guideline.check [FOLDER]``: every problem of a content folder, or a count of what is in it."""

import sys
from pathlib import Path

from atopy.guideline.bundled import content_folder
from atopy.guideline.compile import compile_folder
from atopy.yaml_source import SourceError


def main(arguments: list[str]) -> int:
    """Exit code 0 when the content is sound, 2 with every problem on standard error when not."""
    folder = Path(arguments[0]) if arguments else content_folder()
    try:
        compiled = compile_folder(folder)
    except SourceError as error:
        sys.stderr.writelines(f"{problem}\n" for problem in error.problems)
        sys.stderr.write(f"{len(error.problems)} problems in {folder.name}.\n")
        return 2
    counted = f"{len(compiled.therapies)} options, {len(compiled.facts)} facts"
    sys.stdout.write(f"{compiled.meta.id} {compiled.meta.version}: {counted}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
