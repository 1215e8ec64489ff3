"""Properties proved side by side: each stands alone, so as many processes share them as the machine has processors."""

import multiprocessing
import os
from collections.abc import Iterable

from atopy.guideline import Compiled
from atopy.proof.prover import Asked, Outcome, Progress, Prover, Result, asked_of

_Proved = tuple[str, tuple[Result, ...], float]
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
    # What a query rests on is told by places that differ between processes: so it is worked out here.
    asked = {id_: asked_of(base, id_) for id_ in chosen}
    heaviest = sorted(chosen, key=lambda id_: -len(asked[id_]))
    proved: dict[str, _Proved] = {}
    with multiprocessing.Pool(workers, _begin, (compiled,)) as pool:
        for one in pool.imap_unordered(_prove, heaviest):
            proved[one[0]] = one
            if progress is not None:
                progress("properties", len(proved), len(chosen))
    in_order = [proved[id_] for id_ in chosen]
    known: Asked = {key: value for id_ in chosen for key, value in asked[id_].items()}
    return Outcome(
        tuple(r for one in in_order for r in one[1]), {one[0]: one[2] for one in in_order},
        frozenset(known), base.grounds, base.cones, known,
    )  # fmt: skip


def _begin(compiled: Compiled) -> None:
    _provers[:] = [Prover(compiled)]


def _prove(id_: str) -> _Proved:
    outcome = _provers[0].prove([id_])
    return id_, outcome.results, outcome.seconds[id_]
