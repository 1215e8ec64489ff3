"""What trials say of drugs that no number connects to a network: shown beside it, never ranked."""

from collections.abc import Iterable, Sequence

import msgspec

from atopy.evidence.names import Names, said
from atopy.evidence.network import Network
from atopy.evidence.select import REASONS, Entered, LeftOut
from atopy.guideline import trials as content


class Said(msgspec.Struct, frozen=True):
    """One outcome of one trial, as its arms had it; *verified* if every figure of it was read."""

    trial: str
    name: str
    source: str
    outcome: str
    week: float
    text: str
    verified: bool


class Beside(msgspec.Struct, frozen=True):
    """One drug without a place in the network: why, and what its trials do say."""

    therapy: str
    name: str
    why: str
    trials: int
    people: int  # randomised in these trials, all arms, as far as known
    says: tuple[Said, ...]


def beside(
    trials: Iterable[content.Trial],
    evidence: content.Evidence,
    population: content.Population,
    outcome: content.Outcome,
    entered: Sequence[Entered],
    fitted: Network | None,
    left: Sequence[LeftOut],
    names: Names,
) -> tuple[Beside, ...]:
    """Every drug with a trial in this population, or in those beside it, that is not in the fitted network."""
    near = [population.id, *population.beside]
    inside = {names.therapy(t) for t in fitted.treatments} if fitted else set()
    outcomes = {o.id: o for o in evidence.outcomes}
    regimens = {r.id: r for r in evidence.regimens}
    found: dict[str, list[content.Trial]] = {}
    for trial in sorted(
        trials, key=lambda t: (near.index(t.population) if t.population in near else 99, t.year, t.id)
    ):
        for arm in trial.arms if trial.population in near else ():
            therapy = regimens[arm.regimen].therapy
            if therapy is not None and therapy not in inside and trial not in found.get(therapy, []):
                found.setdefault(therapy, []).append(trial)
    apart = {e.trial.id for e in entered} - {s.id for s in fitted.studies} if fitted else set()
    return tuple(
        Beside(
            therapy, names.option(therapy), _why(of, outcome, population, apart, left), len(of),
            sum(a.randomised or 0 for t in of for a in t.arms if a.subset_of is None),
            tuple(s for t in of for s in said_by(t, outcomes, names)),
        )
        for therapy, of in sorted(found.items(), key=lambda item: names.option(item[0]))
    )  # fmt: skip


def _why(
    trials: Sequence[content.Trial], outcome: content.Outcome, population: content.Population, apart: set[str],
    left: Sequence[LeftOut],
) -> str:  # fmt: skip
    """In words, why a drug has no place: not measured, not read, or not connected."""
    ids = {t.id for t in trials}
    if ids & apart:
        return "its trials share no treatment with the others"
    reasons = list(dict.fromkeys(REASONS[x.reason] for x in left if x.trial in ids))
    if reasons:
        return "; ".join(reasons)
    if any(r.outcome == outcome.id for t in trials for r in t.results):
        return "its trials are not alike enough to be pooled"
    return "no trial of it reports this outcome"


def said_by(trial: content.Trial, outcomes: dict[str, content.Outcome], names: Names) -> Iterable[Said]:
    """What one trial found: each outcome at each time, arm by arm."""
    arms = {a.id: names.clinician(a.regimen) for a in trial.arms}
    for result in trial.results:
        outcome = outcomes[result.outcome]
        parts = [f"{arms[f.arm]} {_figure(f)}" for f in result.figures]
        parts += [f"{arms[c.arm]} against {arms[c.against]} {_contrast(c)}" for c in result.contrasts]
        read = all(f.verified for f in result.figures) and all(c.verified for c in result.contrasts)
        text = "; ".join(parts)
        yield Said(
            trial.id,
            trial.name,
            trial.source_of(result),
            said(outcome.name, outcome),
            result.week,
            text,
            read,
        )


def _figure(figure: content.Figure) -> str:
    if figure.mean is not None:
        return f"{figure.mean:g}"
    if figure.events is not None and figure.of is not None:
        return f"{figure.events} of {figure.of}"
    return f"{figure.percent:g} %" if figure.percent is not None else f"{figure.events}"


def _contrast(c: content.Contrast) -> str:
    ratio = "odds ratio " if c.scale == "odds ratio" else ""
    interval = f" ({c.low:g} to {c.high:g})" if c.low is not None and c.high is not None else ""
    return f"{ratio}{c.estimate:g}{interval}"


__all__ = ["Beside", "Said", "beside", "said_by"]
