"""Which figures of which trials enter a network, as studies; and what is left out, with the reason."""

from collections.abc import Iterable, Sequence
from math import log, sqrt
from typing import Literal

import msgspec
from scipy.special import ndtri

from atopy.evidence.study import Arm, Pair, Study, of_arms, of_counts, of_pairs
from atopy.guideline.trials import Contrast, Figure, Outcome, Result, Trial, TrialArm

Measure = Literal["or", "rr", "rd", "md"]
Reason = Literal[
    "week", "unread", "size-unread", "subset", "no-count", "no-spread", "paired", "one-arm", "no-event",
    "other-measure", "no-covariance",
]  # fmt: skip
REASONS: dict[Reason, str] = {
    "week": "its week lies outside the window of this outcome",
    "unread": "carried from memory, not read in a page",
    "size-unread": "the size of the arm is remembered, not read",
    "subset": "people of another arm too, who would count twice",
    "no-count": "the number of events or of people is not known",
    "no-spread": "no standard deviation or error, so it has no weight",
    "paired": "crossover: its arms are the same people",
    "one-arm": "only one arm is left to compare",
    "no-event": "nobody, or everybody, had the event in every arm: it says nothing of a ratio",
    "other-measure": "prints a ratio or difference on another scale only",
    "no-covariance": "prints contrasts of several arms without what ties them together",
}


class Used(msgspec.Struct, frozen=True, omit_defaults=True):
    """One arm that entered: its figures as the trial has them, and what of them nobody read."""

    arm: str
    regimen: str
    people: int | None = None
    events: int | None = None
    mean: float | None = None
    se: float | None = None
    verified: bool = True
    size_verified: bool = True
    from_percent: bool = False
    dose: str | None = None
    seen: str | None = None
    note: str | None = None


class Entered(msgspec.Struct, frozen=True):
    """One trial that entered."""

    trial: Trial
    source: str
    week: float
    arms: tuple[Used, ...]
    study: Study
    contrast: Contrast | None = None


class LeftOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """One arm or, without one, a whole trial, and why it did not enter."""

    trial: str
    reason: Reason
    arm: str | None = None
    week: float | None = None

    @property
    def words(self) -> str:
        """The reason in words."""
        return REASONS[self.reason]


class Rules(msgspec.Struct, frozen=True):
    """What is let in: *unverified* brings figures nobody read; *strict* asks for the sizes of arms to be read too."""

    unverified: bool = False
    strict: bool = False


def select(
    trials: Iterable[Trial], outcome: Outcome, measure: Measure, rules: Rules
) -> tuple[tuple[Entered, ...], tuple[LeftOut, ...]]:
    """The trials that inform *outcome*, in the order of their ids, and what of them does not enter."""
    entered: list[Entered] = []
    left: list[LeftOut] = []
    for trial in sorted(trials, key=lambda t: t.id):
        results = [r for r in trial.results if r.outcome == outcome.id]
        if not results:
            continue
        result = _in_time(results, outcome)
        left += [LeftOut(trial.id, "week", week=r.week) for r in results if result is None]
        if result is None:
            continue
        if trial.paired:
            left.append(LeftOut(trial.id, "paired", week=result.week))
            continue
        found, out = _enter(trial, result, measure, rules)
        left += out
        entered += [found] if found is not None else []
    return tuple(entered), tuple(left)


def _in_time(results: Sequence[Result], outcome: Outcome) -> Result | None:
    """The result nearest to the best week of the window; the later of two as near."""
    window = outcome.weeks
    inside = [r for r in results if window.low <= r.week <= window.high]
    return min(inside, key=lambda r: (abs(r.week - window.best), -r.week), default=None)


def _enter(
    trial: Trial, result: Result, measure: Measure, rules: Rules
) -> tuple[Entered | None, list[LeftOut]]:
    arms = {a.id: a for a in trial.arms}
    left: list[LeftOut] = []
    kept: list[tuple[TrialArm, Figure]] = []
    for figure in result.figures:
        reason = _refused(arms[figure.arm], figure, measure, rules)
        if reason is None:
            kept.append((arms[figure.arm], figure))
        else:
            left.append(LeftOut(trial.id, reason, figure.arm, result.week))
    used = tuple(_used(arm, figure) for arm, figure in kept)
    whole: LeftOut | None = None
    study: Study | None = None
    if len(kept) >= 2:
        study = _study(trial.id, kept, measure)
        whole = LeftOut(trial.id, "no-event", week=result.week) if study is None else None
    elif result.contrasts:
        return _contrast(trial, result, measure, rules, left)
    elif kept:
        whole = LeftOut(trial.id, "one-arm", kept[0][0].id, result.week)
    if study is None:
        return None, [*left, *([whole] if whole else [])]
    return Entered(trial, trial.source_of(result), result.week, used, study), left


def _refused(arm: TrialArm, figure: Figure, measure: Measure, rules: Rules) -> Reason | None:
    """Why a figure does not enter; None where it does."""
    read = figure.verified and (measure != "md" or figure.spread_verified)
    reason: Reason | None = None
    if arm.subset_of is not None:
        reason = "subset"
    elif measure == "md":
        reason = None if _error(figure) is not None else "no-spread"
    elif figure.events is None or figure.of is None:
        reason = "no-count"
    if reason is None and not read and not rules.unverified:
        reason = "unread"
    if reason is None and rules.strict and not figure.size_verified:
        reason = "size-unread"
    return reason


def _error(figure: Figure) -> float | None:
    """The standard error of a mean, given or from the deviation and the number of people."""
    if figure.se is not None:
        return figure.se
    if figure.sd is None or not figure.of:
        return None
    return figure.sd / sqrt(figure.of)


def _used(arm: TrialArm, figure: Figure) -> Used:
    return Used(
        arm.id, arm.regimen, figure.of, figure.events, figure.mean, _error(figure) if figure.mean is not None else None,
        figure.verified and (figure.mean is None or figure.spread_verified), figure.size_verified,
        figure.counted == "from percent", arm.dose, figure.seen, figure.note,
    )  # fmt: skip


def _study(id_: str, kept: Sequence[tuple[TrialArm, Figure]], measure: Measure) -> Study | None:
    if measure == "md":
        return of_arms(id_, [Arm(a.regimen, f.mean or 0.0, (_error(f) or 0.0) ** 2) for a, f in kept])
    return of_counts(id_, [(a.regimen, f.events or 0, f.of or 0) for a, f in kept], measure)


def _contrast(
    trial: Trial, result: Result, measure: Measure, rules: Rules, left: list[LeftOut]
) -> tuple[Entered | None, list[LeftOut]]:
    """A trial that prints only how its arms differ."""
    arms = {a.id: a for a in trial.arms}
    given = result.contrasts[0]
    reason: Reason | None = None
    if len(result.contrasts) > 1:
        reason = "no-covariance"
    elif (given.scale == "odds ratio") != (measure == "or") or measure in ("rr", "rd"):
        reason = "other-measure"
    elif given.low is None or given.high is None:
        reason = "no-spread"
    elif not given.verified and not rules.unverified:
        reason = "unread"
    if reason is not None or given.low is None or given.high is None:
        return None, [*left, LeftOut(trial.id, reason or "no-spread", week=result.week)]
    two = arms[given.arm], arms[given.against]
    pair = _pair(two, given.estimate, given.low, given.high, given.level, ratio=measure == "or")
    used = tuple(
        Used(a.id, a.regimen, a.randomised, verified=given.verified, dose=a.dose, seen=given.seen, note=given.note)
        for a in two
    )  # fmt: skip
    study = of_pairs(trial.id, [pair])
    return Entered(trial, trial.source_of(result), result.week, used, study, given), left


def _pair(
    arms: tuple[TrialArm, TrialArm], estimate: float, low: float, high: float, level: float, ratio: bool
) -> Pair:
    """An effect and its variance from an interval of *level* percent."""
    if ratio:
        estimate, low, high = log(estimate), log(low), log(high)
    reach = 2 * float(ndtri(0.5 + level / 200))
    return Pair(arms[0].regimen, arms[1].regimen, estimate, ((high - low) / reach) ** 2)


__all__ = ["REASONS", "Entered", "LeftOut", "Measure", "Rules", "Used", "select"]
