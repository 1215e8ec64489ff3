"""A dose as FHIR's Dosage: always in words, and in numbers only where they were read in a source.

``300 mg every 2 weeks`` is a dose with a timing; ``2.5 to 5 mg/kg/day`` is a rate, for how it is split is not said.
Nothing is worked out: a rate per kilogram stays one.
"""

import re
from decimal import Decimal

from atopy.cpg.resources.canonical import Resource, kept
from atopy.guideline import Dose, Quantity, Regimen
from atopy.plan.case import LANGUAGE
from atopy.plan.dose import CHECK_LABEL, stated
from atopy.plan.dose_amount import Span, span_of, unit_of

_UCUM = {"microgram": "ug", "J/cm2": "J/cm2"}
_PERIODS = {"hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
_COUNTED = ("application", "bath")  # counted acts, not amounts: they become how often
_SPAN = re.compile(r"(?:(\d+) )?(hour|day|week|month|year)s?")
UCUM = "http://unitsofmeasure.org"


def dosages(regimen: Regimen) -> list[Resource]:
    """Each dose of a regimen in the order in which they are given; the maximum stands on each."""
    read = all(source.verified for source in regimen.sources)
    steps = [*([(regimen.loading, "to start")] if regimen.loading else [])]
    steps += [(dose, "") for dose in (regimen.dose, *regimen.then) if dose is not None]
    most = f"; at most {stated(regimen.maximum)}" if regimen.maximum else ""
    return [
        _dosage(place, dose, f"{stated(dose)}{f' {when}' if when else ''}{most}", regimen, read)
        for place, (dose, when) in enumerate(steps, 1)
    ]


def _dosage(place: int, dose: Dose, said: str, regimen: Regimen, read: bool) -> Resource:
    if not read:
        return {"sequence": place, "text": f"{said} ({CHECK_LABEL})"}
    note = dose.note.get(LANGUAGE)
    return kept(
        sequence=place,
        text=said,
        additionalInstruction=[{"text": note}] if note else [],
        timing=_timing(dose, regimen.course if dose is regimen.dose else None),
        doseAndRate=[amount] if (amount := _amount(dose)) else [],
        **(_maximum(regimen.maximum) if regimen.maximum else {}),
    )


def _amount(dose: Dose) -> Resource:
    """The amount of one dose, or the rate where the unit itself says per which time."""
    unit = unit_of(dose.unit)
    if unit.counted in _COUNTED:
        return {}
    kind = "rate" if unit.period else "dose"
    return _quantity_or_range(kind, span_of(dose), dose.unit)


def _quantity_or_range(kind: str, span: Span, unit: str) -> Resource:
    if span.low is not None and span.low == span.high:
        return {f"{kind}Quantity": quantity(span.low, unit)}
    ends = {"low": span.low, "high": span.high}
    return {f"{kind}Range": {end: quantity(value, unit) for end, value in ends.items() if value is not None}}


def _maximum(dose: Dose) -> Resource:
    """The most that may be given: in a time where the unit says so, else at once."""
    unit, top = unit_of(dose.unit), span_of(dose).high
    if top is None or unit.counted in _COUNTED:
        return {}
    if unit.period is None:
        return {"maxDosePerAdministration": quantity(top, dose.unit)} if dose.every is None else {}
    counted = dose.unit.rsplit("/", 1)[0]
    return {
        "maxDosePerPeriod": {
            "numerator": quantity(top, counted),
            "denominator": quantity(Decimal(1), unit.period),
        }
    }


def timing_of(span: str) -> Resource:
    """``every 2 weeks`` as the timing of an action; nothing where the words are others."""
    every = _SPAN.fullmatch(span)
    if every is None:
        return {}
    return {
        "timingTiming": {
            "repeat": {"frequency": 1, "period": int(every[1] or 1), "periodUnit": _PERIODS[every[2]]}
        }
    }


def _timing(dose: Dose, course: Quantity | None) -> Resource:
    repeat = kept(**_bounds(course), **_often(dose))
    return {"repeat": repeat} if repeat else {}


def _often(dose: Dose) -> Resource:
    """How often: ``every 2 weeks``; applications and baths are counted in the time they are meant for."""
    found: Resource = {}
    every = _SPAN.fullmatch(dose.every) if dose.every else None
    if every:
        found = {"frequency": 1, "period": int(every[1] or 1), "periodUnit": _PERIODS[every[2]]}
    if dose.times:
        found["count"] = dose.times
    span, counted = span_of(dose), unit_of(dose.unit).counted in _COUNTED
    if counted and every and span.low is not None:
        found["frequency"] = int(span.low)
        if span.high is not None and span.high != span.low:
            found["frequencyMax"] = int(span.high)
    return found


def _bounds(course: Quantity | None) -> Resource:
    """How long the regimen runs."""
    if course is None or course.unit is None or (unit := _PERIODS.get(course.unit.rstrip("s"))) is None:
        return {}
    if course.value is not None:
        return {"boundsDuration": _duration(course.value, course.unit, unit)}
    ends = {"low": course.low, "high": course.high}
    return {"boundsRange": {k: _duration(v, course.unit, unit) for k, v in ends.items() if v is not None}}


def _duration(value: Decimal, said: str, code: str) -> Resource:
    return {"value": number(value), "unit": said, "system": UCUM, "code": code}


def quantity(value: Decimal, unit: str) -> Resource:
    """An amount with its unit, coded in UCUM where UCUM has it."""
    code = ucum(unit)
    return kept(value=number(value), unit=unit, **({"system": UCUM, "code": code} if code else {}))


def ucum(unit: str) -> str | None:
    """``mg/kg/day`` as ``mg/kg/d``; None where a part is no unit of UCUM (a bath)."""
    if unit in _UCUM:
        return _UCUM[unit]
    parts = [
        _UCUM.get(p) or _PERIODS.get(p) or (p if p in ("mg", "g", "kg", "m2") else None)
        for p in unit.split("/")
    ]
    return "/".join(p for p in parts if p) if all(parts) else None


def number(value: Decimal) -> int | float:
    """A decimal as JSON writes it; our figures have few digits, so nothing is lost."""
    return int(value) if value == value.to_integral_value() else float(value)


__all__ = ["UCUM", "dosages", "number", "quantity", "timing_of", "ucum"]
