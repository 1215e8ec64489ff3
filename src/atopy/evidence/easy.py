"""The public functions of ``import atopy`` over trials: compare."""

from pathlib import Path

from atopy.evidence.comparison import Asked, Comparison, comparison
from atopy.evidence.network import Model
from atopy.evidence.select import Measure, Rules
from atopy.guideline import load_guideline


def compare(
    outcome: str = "easi75",
    population: str = "adults-mono",
    *,
    model: Model = "random",
    measure: Measure | None = None,
    baseline: float | None = None,
    unverified: bool = False,
    strict: bool = False,
    content: Path | str | None = None,
) -> Comparison:
    """Network meta-analysis of one outcome in one population, from the trials of the guideline.

    *measure*: or, rr, rd for counts; md for means. *baseline*: the risk with the reference, above 0 and below 1; else
    that of the network's own reference arms. *unverified* lets in figures that nobody read; *strict* asks for the
    sizes of arms to be read too. The same content gives the same numbers.

    Raises ValueError in words for an outcome, population, measure or baseline that cannot be.
    """
    folder = Path(content) if content is not None else None
    asked = Asked(outcome, population, model, measure, baseline, Rules(unverified, strict))
    return comparison(load_guideline(folder), asked)


__all__ = ["compare"]
