"""Break the content in every stated way, see what catches it, and write docs/mutations.md.

python tools/mutate.py            every mutation of tests/mutations/mutations.yaml; writes the page
python tools/mutate.py ID ...     these only; writes nothing
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.mutations.catch import catch  # noqa: E402
from tests.mutations.mutation import mutations  # noqa: E402
from tests.mutations.page import PAGE, page, row  # noqa: E402


def main(arguments: list[str]) -> int:
    """0 when each mutation is caught. Two processes: each reads the scenarios once."""
    chosen = [m for m in mutations() if not arguments or m.id in arguments]
    caught = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for mutation, found in zip(chosen, pool.map(catch, chosen), strict=True):
            print(mutation.id, row(mutation, found).split(" | ")[-1].rstrip("| "), flush=True)
            caught.append((mutation, found))
    if not arguments:
        PAGE.write_text(page(caught), encoding="utf-8")
    return 0 if caught and all(found.caught for _, found in caught) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
