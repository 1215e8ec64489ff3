"""Published definitions of a flare that can be computed from a diary. None is validated as the one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from atopy.instruments.model import FlareDefinition
from atopy.instruments.reading import Raw, number
from atopy.truth import Truth


class WeekReading(msgspec.Struct, frozen=True, kw_only=True):
    """How well a week was controlled; empty ``state`` when days without a record leave it open."""

    state: Literal["totally controlled", "well controlled", "not controlled", ""]
    rescue_days: int
    symptom_days: int
    unknown_days: int
    source: str
    verified: bool


def run_above(definition: FlareDefinition, daily: Sequence[Raw | None]) -> Truth:
    """Whether a diary has the definition's number of days in a row above its level.

    A day without a record breaks no run and completes none: with one in a possible run, it is unknown.
    """
    level, wanted = definition.numbers["above"], int(definition.numbers["consecutive_days"])
    above = [_above(day, level) for day in daily]
    windows = [above[i : i + wanted] for i in range(len(above) - wanted + 1)]
    if any(all(day is True for day in window) for window in windows):
        return True
    return None if any(all(day is not False for day in window) for window in windows) else False


def week_control(
    definition: FlareDefinition,
    rescue: Sequence[bool | None],
    symptoms: Sequence[Raw | None],
    scale: Literal["0-4", "0-10"],
) -> WeekReading:
    """Class of a week from days of rescue treatment and days above the symptom level of the scale.

    The number of days allowed was not read in a source (``numbers_verified``).
    """
    level = definition.numbers["above_of_4" if scale == "0-4" else "above_of_10"]
    allowed = int(definition.numbers["days_allowed"])
    rescued: list[Truth] = list(rescue)
    troubled = [_above(day, level) for day in symptoms]
    least = [sum(day is True for day in days) for days in (rescued, troubled)]
    most = [sum(day is not False for day in days) for days in (rescued, troubled)]
    state: Literal["totally controlled", "well controlled", "not controlled", ""] = ""
    if max(most) == 0:
        state = "totally controlled"
    elif max(least) > allowed:
        state = "not controlled"
    elif max(least) > 0 and max(most) <= allowed:
        state = "well controlled"
    return WeekReading(
        state=state,
        rescue_days=least[0],
        symptom_days=least[1],
        unknown_days=sum(day is None for day in (*rescued, *troubled)),
        source=definition.source,
        verified=definition.numbers_verified is True,
    )


def _above(day: Raw | None, level: Decimal) -> Truth:
    value = None if day is None else number(day)
    return None if value is None else value > level
