"""The public functions of ``import atopy`` over trials: compare them, and lay out the choice of one patient."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from atopy.evidence.aid import DecisionAid
from atopy.evidence.aid import decision_aid as aid_for
from atopy.evidence.comparison import Asked, Comparison, comparison
from atopy.evidence.network import Model
from atopy.evidence.select import Measure, Rules
from atopy.guideline import load_guideline
from atopy.plan.public import Override, Source, setting
from atopy.plan.turns import in_turn
from atopy.yaml_source import InputError


@in_turn
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


@in_turn
def decision_aid(
    record: Source,
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
    override: Iterable[Override] = (),
    line: str | None = None,
) -> DecisionAid:
    """The options that the plan leaves open to this patient, side by side: effect in people of a hundred, onset, route,
    tests, main harms, pregnancy, cost; in the order of the patient's stated preferences. Arguments and errors as in
    ``plan``; *line*: first, second or last, else second where anything of it is open or waits.
    """
    if line not in (None, "first", "second", "last"):
        raise InputError(f"'{line}' is no line of treatment. Write first, second or last.")
    given = setting(record, as_of=as_of, country=country, overlay=overlay, content=content, override=override)
    return aid_for(given.case(), given.plan(), line)


__all__ = ["compare", "decision_aid"]
