"""The score of one patient: total, parts, what is missing and why, and its band with the study."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from atopy.instruments.bands import BandReading, band_of
from atopy.instruments.exact import One, half_up, plain, total
from atopy.instruments.formulas import FORMULAS, Inputs, Scored, extent_score, mean_of
from atopy.instruments.model import Instrument, Item, Role
from atopy.instruments.reading import Given, ItemError, ItemProblem, Raw, fault, number, read_items

_NAMED = 5  # missing items named in a sentence; Score.missing has them all


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A score, or why there is none.

    ``value`` is exact and is what further arithmetic uses; ``reported`` is it rounded half-up to the
    published precision, and is what is shown and banded. Both are None when the score is absent.
    ``parts`` are regions or subscales by name. ``missing`` are the items not given.
    """

    instrument: str
    value: Decimal | None
    reported: Decimal | None
    parts: dict[str, Decimal | None] = {}
    missing: tuple[str, ...] = ()
    absent_because: str = ""
    band: BandReading | None = None
    notes: tuple[str, ...] = ()


def score(
    instrument: Instrument,
    items: Given,
    age_years: Raw | None = None,
    *,
    source: str | None = None,
    respondent: str = "",
) -> Score:
    """The score from its items. Raises ItemError for items that cannot be.

    An item that is absent is not an error: the instrument's missing-item rule decides, and ``Score``
    says what it did. *age_years* is needed where weights depend on age. *source* names the study whose
    bands to use, else the default one.
    """
    values, scored = _scored(instrument, items, age_years)
    missing = missing_items(instrument, values)
    return _result(
        instrument,
        scored.total,
        age_years,
        parts={name: part.value for name, part in scored.parts.items()},
        missing=missing,
        absent_because=_why_absent(instrument, missing, age_years),
        notes=_blank_note(instrument, missing),
        source=source,
        respondent=respondent,
    )


def total_of(instrument: Instrument, items: Given, age_years: Raw | None = None) -> Decimal | None:
    """The total alone, exact; None where items are missing. Raises ItemError as ``score``."""
    return _scored(instrument, items, age_years)[1].total.value


def _scored(
    instrument: Instrument, items: Given, age_years: Raw | None
) -> tuple[dict[str, Decimal], Scored[One]]:
    """The items as they were read, and what they make."""
    values = read_items(instrument, items)
    inputs = _inputs(instrument, values, age_years)
    conflicts = _conflicts(inputs)
    if conflicts:
        raise ItemError(instrument, conflicts)
    return values, FORMULAS[instrument.formula](inputs)


def score_of(
    instrument: Instrument,
    value: Raw,
    age_years: Raw | None = None,
    *,
    source: str | None = None,
    respondent: str = "",
) -> Score:
    """The score when only its total is known. Raises ItemError for a total that cannot be."""
    wrong = validate_value(instrument, value)
    exact = number(value)
    if wrong or exact is None:
        raise ItemError(instrument, [ItemProblem("", str(value), wrong)])
    return _result(instrument, One.of(exact), age_years, source=source, respondent=respondent)


def weekly_mean(
    instrument: Instrument,
    days: list[Raw | None],
    age_years: Raw | None = None,
    *,
    minimum: int | None = None,
) -> Score:
    """The mean of the daily values of one week. Absent when too few days have one.

    *minimum* is the study's own; else the common one, whose note says whether it was read in a source.
    """
    week = instrument.weekly
    if week is None:
        raise ItemError(instrument, [ItemProblem("", "", "has no weekly score.")])
    problems = _day_problems(instrument, days)
    if problems:
        raise ItemError(instrument, problems)
    needed = week.minimum_days if minimum is None else minimum
    mean = mean_of([One.of(None if day is None else number(day)) for day in days], needed)
    known = sum(day is not None for day in days)
    because = f"{known} of {len(days)} days have a value; at least {needed} are needed."
    return _result(
        instrument, mean, age_years, absent_because=because, notes=(week.note,) if week.note else ()
    )


def validate_value(instrument: Instrument, value: Raw) -> str:
    """Why a total cannot be a score of this instrument; empty when it can.

    EASI 90 is above the highest score there is; a vIGA-AD of 2.5 is between two grades.
    """
    exact = number(value)
    low, high = (plain(limit) for limit in instrument.range)
    if exact is None and not isinstance(value, Decimal):
        return f"{value!r} is not a number."
    if exact is None or not low <= exact <= high:
        shown = value if exact is None else plain(exact)
        return f"{instrument.short} {shown} cannot be: the scale runs from {low} to {high}."
    step = instrument.resolution
    if step is not None and exact % step:
        return f"{instrument.short} {plain(exact)} cannot be: the scale has steps of {plain(step)}."
    return ""


def easi_area_score(instrument: Instrument, percent: Raw) -> int:
    """The EASI area score of an affected percentage, half-open: 9.5 % is 1 and 10 % is 2."""
    item = next(i for i in instrument.items if i.role is Role.EXTENT_PERCENT)
    exact = number(percent)
    why = "is not a number." if exact is None else fault(item, exact)
    if why or exact is None:
        raise ItemError(instrument, [ItemProblem(item.id, str(percent), why, "0 to 100 %")])
    return int(extent_score(instrument, One.of(exact)).value or 0)


def missing_items(instrument: Instrument, values: Mapping[str, Decimal]) -> tuple[str, ...]:
    """The items that are absent and that no other given item stands for."""
    paths = instrument.paths
    stands_for: dict[str, list[str]] = {}
    for path, item in paths.items():
        for replaced in _replaced(instrument, path, item):
            stands_for.setdefault(replaced, []).append(path)
    absent = []
    for path in instrument.required:
        given = any(name in values for name in (path, *stands_for.get(path, [])))
        if not given and not _excused(instrument, path, paths[path], values):
            absent.append(path)
    return tuple(absent)


def _replaced(instrument: Instrument, path: str, item: Item) -> list[str]:
    """The full names of the items that this one stands for, in its region or in all."""
    region = path.rpartition(".")[0]
    names = []
    for other in item.replaces:
        if region:
            names.append(f"{region}.{other}")
        elif instrument.item(other).per_region:
            names += [f"{each.id}.{other}" for each in instrument.regions]
        else:
            names.append(other)
    return names


def _excused(instrument: Instrument, path: str, item: Item, values: Mapping[str, Decimal]) -> bool:
    """Signs of a region that is not affected at all need not be graded."""
    if not instrument.missing.zero_extent_excuses_signs or item.role is not Role.SIGN:
        return False
    region = path.rpartition(".")[0]
    extents = [i for i in instrument.items if i.role in (Role.EXTENT, Role.EXTENT_PERCENT)]
    return any(values.get(f"{region}.{extent.id}") == 0 for extent in extents)


def _inputs(instrument: Instrument, values: Mapping[str, Decimal], age_years: Raw | None) -> Inputs[One]:
    given = {path: One.of(value) for path, value in values.items()}
    return Inputs(instrument, given, One.of(_age(instrument, age_years)), One(None))


def _age(instrument: Instrument, age_years: Raw | None) -> Decimal | None:
    """The age given, if any. Raises ItemError for what is none."""
    if age_years is None:
        return None
    age = number(age_years)
    if age is None or not 0 <= age <= 150:
        problem = ItemProblem("age_years", str(age_years), "is not an age.", "years, 0 to 150")
        raise ItemError(instrument, [problem])
    return age


def _conflicts(inputs: Inputs[One]) -> list[ItemProblem]:
    """Two forms of the same that do not agree: a sum and its signs, a percentage and its score."""
    problems = []
    for region in [r.id for r in inputs.instrument.regions] or [""]:
        for sum_role, role in ((Role.SIGN_SUM, Role.SIGN), (Role.SYMPTOM_SUM, Role.SYMPTOM)):
            for item in inputs.given(sum_role, region):
                added = total(inputs.item(part, region) for part in inputs.items(role))
                problems += _conflict(item, region, inputs.item(item, region), added, "its parts add up to")
        for item in inputs.given(Role.EXTENT_PERCENT, region):
            for extent in inputs.given(Role.EXTENT, region):
                from_percent = extent_score(inputs.instrument, inputs.item(item, region))
                score = inputs.item(extent, region)
                problems += _conflict(extent, region, score, from_percent, f"{item.id} gives")
    for item in inputs.items(Role.INVOLVED):
        shares = [inputs.item(item, r.id) * inputs.weight(r.id) / 100 for r in inputs.instrument.regions]
        for extent in inputs.items(Role.EXTENT):
            problems += _conflict(extent, "", inputs.item(extent), total(shares), "its regions add up to")
    return problems


def _conflict(item: Item, region: str, one: One, other: One, words: str) -> list[ItemProblem]:
    if one.value is None or other.value is None or one.value == other.value:
        return []
    path = f"{region}.{item.id}" if item.per_region else item.id
    return [
        ItemProblem(path, str(one.value), f"is {one.value}, but {words} {other.value}.", "one of the two")
    ]


def _day_problems(instrument: Instrument, days: list[Raw | None]) -> list[ItemProblem]:
    week = instrument.weekly
    if week is not None and len(days) > week.days:
        return [ItemProblem("", str(len(days)), f"has {len(days)} days.", f"at most {week.days}")]
    item = instrument.items[0]
    problems = []
    for count, day in enumerate(days, start=1):
        if day is None:
            continue
        exact = number(day)
        why = "is not a number." if exact is None else fault(item, exact)
        if why:
            problems.append(ItemProblem(f"day {count}", str(day), why))
    return problems


def _why_absent(instrument: Instrument, missing: tuple[str, ...], age_years: Raw | None) -> str:
    if missing:
        rule = "" if instrument.missing.published else " (no published rule; this is the safe behaviour)"
        first = ", ".join(missing[:_NAMED]) + (
            f" and {len(missing) - _NAMED} more" if missing[_NAMED:] else ""
        )
        return f"Not scored: {first} missing. {instrument.missing.text.rstrip('.')}{rule}."
    if age_years is None:
        return "Not scored: the weights depend on age, and the age is not known."
    return "Not scored: there are no weights for this age."


def _blank_note(instrument: Instrument, missing: tuple[str, ...]) -> tuple[str, ...]:
    if not missing:
        return ()
    seen = "" if instrument.missing.verified else " (rule not read in a source)"
    return (f"{', '.join(missing)} was not answered and counts 0{seen}.",)


def _age_note(instrument: Instrument, age_years: Raw | None) -> tuple[str, ...]:
    age = _age(instrument, age_years)
    if age is None:
        return ()
    years = int(age)  # completed years: 7 years and 11 months is 7
    ages = instrument.ages
    too_young = ages.min_years is not None and years < ages.min_years
    too_old = ages.max_years is not None and years > ages.max_years
    if too_young or too_old:
        return (f"{instrument.short} is made for another age ({ages.text}).",)
    return ()


def _result(
    instrument: Instrument,
    value: One,
    age_years: Raw | None,
    *,
    parts: dict[str, Decimal | None] | None = None,
    missing: tuple[str, ...] = (),
    absent_because: str = "",
    notes: tuple[str, ...] = (),
    source: str | None = None,
    respondent: str = "",
) -> Score:
    exact = value.value
    known = exact is not None
    return Score(
        instrument=instrument.id,
        value=exact,
        reported=half_up(exact, instrument.decimals) if exact is not None else None,
        parts=parts or {},
        missing=missing,
        absent_because="" if known else absent_because,
        band=band_of(instrument, exact, source, respondent) if exact is not None else None,
        notes=(*(notes if known else ()), *_age_note(instrument, age_years)),
    )
