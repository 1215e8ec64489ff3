"""What the record around a course says of it: dispensings that cover its days, the weight its dose was given at.

Days' supply is ill defined for creams, so of them the grams dispensed are taken, not the days covered.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from atopy.instruments import Fill, proportion_of_days_covered
from atopy.record import Event

Listed = Mapping[str, list[Event]]
"""The events of one kind by code."""

_WEIGHT = "weight"
_PER_MG = {"g": Decimal(1000), "mg": Decimal(1), "ug": Decimal("0.001")}


def window(event: Event, as_of: date) -> tuple[date, date] | None:
    """The first and last day of a course so far; None where either is not known."""
    if event.date is None or event.date > as_of:
        return None
    last = event.end
    if last is None and event.days is not None:
        last = event.date + timedelta(days=event.days - 1)
    if last is None and event.status == "past":
        return None
    return event.date, min(last or as_of, as_of)


def fills(event: Event, codes: Sequence[str], dispensed: Listed) -> list[Event]:
    """What was dispensed of a course's treatment within it."""
    return [
        e
        for code in (event.code, *codes)
        for e in dispensed.get(code, ())
        if e.date is not None and not e.quarantined
    ]


def days_covered_percent(event: Event, as_of: date, given: Sequence[Event]) -> Decimal | None:
    """The proportion of a course's days that its dispensings cover, from its first day to its last.

    None without a dispensing in it, or when one of them does not say for how long it should last.
    """
    span = window(event, as_of)
    if span is None:
        return None
    first, last = span
    inside = [e for e in given if e.date is not None and e.date <= last]
    if not any(e.date is not None and e.date >= first for e in inside) or any(not e.days for e in inside):
        return None
    supply = [Fill(e.code, e.date, e.days) for e in inside if e.date is not None and e.days]
    return proportion_of_days_covered(supply, first, last).ratio * 100  # unrounded: 79.96 is not 80


def grams_dispensed_per_day(event: Event, as_of: date, given: Sequence[Event]) -> Decimal | None:
    """Grams dispensed within a course for each of its days; None without any, or where one is not in grams."""
    span = window(event, as_of)
    if span is None:
        return None
    first, last = span
    inside = [e.amount for e in given if e.date is not None and first <= e.date <= last]
    grams = [a.value for a in inside if a is not None and a.unit == "g"]
    if not inside or len(grams) != len(inside):
        return None
    return sum(grams, Decimal(0)) / ((last - first).days + 1)


def dose_in(event: Event, unit: str, measured: Listed) -> Decimal | None:
    """A course's dose in mg per day or week, per kilogram or not; by the weight measured nearest to its start."""
    dose = event.dose
    if dose is None or dose.unit == unit:
        return None if dose is None else dose.value
    mass, _, period = dose.unit.partition("/")
    each_kg = period.startswith("kg/")
    wanted_kg = unit.startswith("mg/kg/")
    factor = _PER_MG.get(mass)
    if factor is None or period.removeprefix("kg/") != unit.removeprefix("mg/").removeprefix("kg/"):
        return None
    value = dose.value * factor
    if each_kg is wanted_kg:
        return value
    weight = _weight(event, measured)
    return None if weight is None else value / weight if wanted_kg else value * weight


def _weight(event: Event, measured: Listed) -> Decimal | None:
    """The weight nearest to the first day of a course."""
    known = [
        (e.date, e.number) for e in measured.get(_WEIGHT, ()) if e.date and e.number and not e.quarantined
    ]
    if not known:
        return None
    start = event.date
    if start is None:
        return known[-1][1]
    return min(known, key=lambda pair: abs((pair[0] - start).days))[1]
