"""Treatment targets, states of disease and the core outcome set: met, not met, or not known."""

from collections.abc import Collection, Mapping
from decimal import Decimal

import msgspec

from atopy.instruments.change import Verdict, verdict
from atopy.instruments.model import (
    CoreDomain,
    CoreMeasure,
    CoreOutcomeSet,
    Criterion,
    Target,
    TargetFramework,
)
from atopy.instruments.reading import Raw, number
from atopy.truth import Truth, every, some

Values = Mapping[str, Raw | None]


class TargetReading(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one target is met, with every criterion of it. ``needs`` says what stays open."""

    framework: str
    target: str
    name: str
    by: str
    months: int | None
    met: Truth
    criteria: tuple[Verdict, ...]
    needs: str = ""
    source: str
    verified: bool
    note: str = ""


def target_status(
    framework: TargetFramework,
    target: Target,
    baseline: Values,
    now: Values,
    *,
    chosen: Collection[str] = (),
    held_months: Raw | None = None,
) -> TargetReading:
    """One target for one patient; *baseline* and *now* are values by measure (``easi``, ``pp_nrs`` ...).

    *chosen* are the measures that patient and clinician chose, for targets that leave the choice to
    them. *held_months* is for how long the state has lasted, for those that must last.
    """
    verdicts: dict[str, Verdict] = {}
    for criterion in (*target.all_of, *target.any_of, *target.chosen_of):
        verdicts[criterion.id] = verdict(criterion, *_pair(criterion, baseline, now))
    met, needs = _met(target, verdicts, chosen, held_months)
    return TargetReading(
        framework=framework.id,
        target=target.id,
        name=target.name,
        by=target.by,
        months=target.months,
        met=met,
        criteria=tuple(verdicts.values()),
        needs=needs,
        source=framework.source,
        verified=target.verified,
        note=target.note,
    )


def target_statuses(
    framework: TargetFramework,
    baseline: Values,
    now: Values,
    *,
    chosen: Collection[str] = (),
    held_months: Raw | None = None,
) -> tuple[TargetReading, ...]:
    """Every target of a framework for one patient, in order."""
    return tuple(
        target_status(framework, target, baseline, now, chosen=chosen, held_months=held_months)
        for target in framework.targets
    )


def _pair(criterion: Criterion, baseline: Values, now: Values) -> tuple[Decimal | None, Decimal | None]:
    one, two = baseline.get(criterion.measure), now.get(criterion.measure)
    return (None if one is None else number(one)), (None if two is None else number(two))


def _met(
    target: Target, verdicts: Mapping[str, Verdict], chosen: Collection[str], held_months: Raw | None
) -> tuple[Truth, str]:
    """Whether it is met, and what is still to be known."""
    parts = [verdicts[c.id].met for c in target.all_of]
    if target.any_of:
        parts.append(some(verdicts[c.id].met for c in target.any_of))
    if target.chosen_of:
        counted = [verdicts[c.id].met for c in target.chosen_of if c.measure in chosen]
        parts.append(every(counted) if counted else None)
    met = every(parts)
    if met is None:
        open_ones = [c.measure for c in target.chosen_of if not chosen]
        needs = "a choice among " + ", ".join(open_ones) if open_ones else _unknown(verdicts)
        return None, needs
    if met and target.held_for_months is not None:
        held = None if held_months is None else number(held_months)
        if held is None:
            return None, f"how long it has lasted; asked are {target.held_for_months} months"
        return held >= target.held_for_months, ""
    return met, ""


def _unknown(verdicts: Mapping[str, Verdict]) -> str:
    measures = dict.fromkeys(v.measure for v in verdicts.values() if v.met is None)
    return ", ".join(measures)


# ---- core outcome set -------------------------------------------------------------------------------


class DomainStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One domain: ``complete`` is None when the age, and so the instrument, is not known."""

    domain: str
    name: str
    complete: Truth
    measured: tuple[str, ...]
    wanted: tuple[str, ...]
    because: str


class CoreSetStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Which domains of a core set were measured."""

    core_set: str
    source: str
    verified: bool
    scope: str
    complete: Truth
    domains: tuple[DomainStatus, ...]


def home_core_set_status(
    core_set: CoreOutcomeSet, measured: Collection[str], age_years: Raw | None = None
) -> CoreSetStatus:
    """Which domains the instruments *measured* (their ids) cover at this age."""
    age = None if age_years is None else number(age_years)
    domains = tuple(_domain(domain, measured, age) for domain in core_set.domains)
    return CoreSetStatus(
        core_set=core_set.id,
        source=core_set.source,
        verified=core_set.verified,
        scope=core_set.scope,
        complete=every(d.complete for d in domains),
        domains=domains,
    )


def _domain(domain: CoreDomain, measured: Collection[str], age: Decimal | None) -> DomainStatus:
    by_age = any(m.min_years is not None or m.max_years is not None for m in domain.measures)
    fitting = [m.instrument for m in domain.measures if age is None or _fits(m, int(age))]
    there = tuple(m for m in fitting if m in measured)
    wanted = tuple(m for m in fitting if m not in measured)
    if by_age and age is None:
        complete: Truth = None if there else False
        because = "which instrument fits depends on the age, which is not known"
    elif domain.needs == "all":
        complete = not wanted
        because = "all measured" if complete else f"not measured: {', '.join(wanted)}"
    else:
        complete = bool(there)
        because = (
            f"measured with {', '.join(there)}" if there else f"none of {', '.join(wanted)} was measured"
        )
    return DomainStatus(
        domain=domain.id,
        name=domain.name,
        complete=complete,
        measured=there,
        wanted=() if complete else wanted,
        because=because,
    )


def _fits(measure: CoreMeasure, years: int) -> bool:
    return (measure.min_years is None or years >= measure.min_years) and (
        measure.max_years is None or years <= measure.max_years
    )
