"""Properties proved side by side: each stands alone, so as many processes share them as the machine has processors."""

import multiprocessing
import os
from collections.abc import Iterable

from atopy.guideline import Compiled
from atopy.proof.prover import Asked, Outcome, Progress, Prover, Result

_Proved = tuple[str, tuple[Result, ...], float, Asked]
_provers: list[Prover] = []  # of a process that proves: its one


def prove_side_by_side(
    compiled: Compiled, only: Iterable[str] | None = None, progress: Progress | None = None
) -> Outcome:
    """As ``Prover.prove``, on every processor. The same results in the same order."""
    base = Prover(compiled)
    chosen = list(base.grounds.properties) if only is None else list(only)
    workers = min(len(chosen), os.cpu_count() or 1)
    if workers < 2:
        return base.prove(chosen, progress=progress)
    heaviest = sorted(chosen, key=lambda id_: -sum(1 for _ in base.queries(id_)))
    proved: dict[str, _Proved] = {}
    with multiprocessing.Pool(workers, _begin, (compiled,)) as pool:
        for one in pool.imap_unordered(_prove, heaviest):
            proved[one[0]] = one
            if progress is not None:
                progress("properties", len(proved), len(chosen))
    in_order = [proved[id_] for id_ in chosen]
    asked = {key: value for one in in_order for key, value in one[3].items()}
    return Outcome(
        tuple(r for one in in_order for r in one[1]), {one[0]: one[2] for one in in_order},
        frozenset(asked), base.grounds, base.cones, asked,
    )  # fmt: skip


def _begin(compiled: Compiled) -> None:
    _provers[:] = [Prover(compiled)]


def _prove(id_: str) -> _Proved:
    outcome = _provers[0].prove([id_])
    return id_, outcome.results, outcome.seconds[id_], outcome.asked
