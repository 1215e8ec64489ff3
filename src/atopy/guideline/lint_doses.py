"""What an editor can get wrong in regimens that read and type-check: bands, maxima, strengths."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from atopy.guideline.generate import in_milligrams
from atopy.guideline.load import Content, Item
from atopy.guideline.schema import Band, Dose, Regimen, Therapy
from atopy.yaml_source import Problem

Fault = tuple[tuple[str | int, ...], str]
_NONE, _ALL = Decimal("-Infinity"), Decimal("Infinity")


def bands_are_bands(content: Content, _: object) -> Iterator[Problem]:
    """A band ends above where it begins; one is not empty."""
    yield from _each(content, _empty_bands)


def bands_meet(content: Content, _: object) -> Iterator[Problem]:
    """The bands of one therapy, country and source neither overlap nor leave a gap between them."""
    yield from _each(content, _bands_apart)


def maxima_are_not_below_doses(content: Content, _: object) -> Iterator[Problem]:
    """A maximum is at least the dose that it limits, as often as that is given."""
    yield from _each(content, _low_maxima)


def strengths_fit_the_doses(content: Content, _: object) -> Iterator[Problem]:
    """What a drug is made as is counted in what its doses are."""
    yield from _each(content, _odd_strengths)


LINTS = (bands_are_bands, bands_meet, maxima_are_not_below_doses, strengths_fit_the_doses)


def _each(content: Content, find: Callable[[Therapy], Iterator[Fault]]) -> Iterator[Problem]:
    item: Item
    for item in content.therapies.values():
        for path, message in find(item.value):
            yield item.problem_in(path, message)


def _empty_bands(therapy: Therapy) -> Iterator[Fault]:
    for i, regimen in enumerate(therapy.regimens):
        for fact, band in regimen.bands.items():
            if _low(band) >= _high(band) or band == Band():
                yield (
                    ("regimens", i, "bands", fact),
                    f"'{regimen.id}' has an empty band: nobody is in it, or all are.",
                )


def _bands_apart(therapy: Therapy) -> Iterator[Fault]:
    places = {r.id: i for i, r in enumerate(therapy.regimens)}
    for group in _alike(therapy):
        for fact in dict.fromkeys(f for r in group for f in r.bands):
            rows: dict[str, list[Regimen]] = {}
            for regimen in group:
                if fact in regimen.bands:
                    others = {f: (_low(b), _high(b)) for f, b in regimen.bands.items() if f != fact}
                    rows.setdefault(str(sorted(others.items())), []).append(regimen)
            for row in rows.values():
                for path, message in _apart(fact, row):
                    yield ("regimens", places[path], "bands", fact), message


def _alike(therapy: Therapy) -> list[list[Regimen]]:
    """Regimens of one country, source and condition, each with a dose: they share out who gets which."""
    groups: dict[tuple[str, str, str], list[Regimen]] = {}
    for regimen in therapy.regimens:
        if regimen.bands and regimen.country and (regimen.dose or regimen.loading):
            key = (regimen.country, regimen.sources[0].source if regimen.sources else "", regimen.when)
            groups.setdefault(key, []).append(regimen)
    return list(groups.values())


def _apart(fact: str, row: list[Regimen]) -> Iterator[tuple[str, str]]:
    ordered = sorted(row, key=lambda r: (_low(r.bands[fact]), _high(r.bands[fact])))
    for one, after in pairwise(ordered):
        end, start = _high(one.bands[fact]), _low(after.bands[fact])
        if start < end:
            yield after.id, f"the band of '{after.id}' overlaps that of '{one.id}': {start} is below {end}."
        elif start > end:
            yield after.id, f"between '{one.id}' and '{after.id}' is a gap, from {end} to {start}."


def _low_maxima(therapy: Therapy) -> Iterator[Fault]:
    for i, regimen in enumerate(therapy.regimens):
        top = in_milligrams(regimen.maximum) if regimen.maximum else None
        for dose in (regimen.loading, regimen.dose, *regimen.then):
            given = _as_often(dose, top[1]) if dose and top else None
            if top is not None and given is not None and given[1] == top[1] and given[0] > top[0]:
                message = (
                    f"the maximum of '{regimen.id}' is below its dose: {top[0]} against {given[0]} {top[1]}."
                )
                yield ("regimens", i, "maximum"), message


_HOURS = {"hour": 1, "day": 24, "week": 168}


def _as_often(dose: Dose, unit: str) -> tuple[Decimal, str] | None:
    """The most that a dose comes to in the period of *unit*: ``720 mg every 12 hours`` is 1440 mg a day."""
    given = in_milligrams(dose)
    if given is None or given[1] == unit or dose.every is None or "/" in given[1]:
        return given
    count, _, span = dose.every.rpartition(" ")
    between, period = _HOURS.get(span.rstrip("s")), _HOURS.get(unit.removeprefix("mg/"))
    if between is None or period is None:
        return given
    return given[0] * period / (Decimal(count or 1) * between), unit


_MASSES = ("microgram", "mg", "g")


def _odd_strengths(therapy: Therapy) -> Iterator[Fault]:
    counted = {d.unit.split("/")[0] for r in therapy.regimens for d in (r.loading, r.dose, r.maximum) if d}
    for i, made in enumerate(therapy.made_as):
        if not made.strengths or min(made.strengths) <= 0:
            yield ("made_as", i, "strengths"), "a strength is a number above nought."
        fits = counted & set(_MASSES) if made.unit in _MASSES else counted & {made.unit}
        if not fits:
            units = ", ".join(sorted(counted)) or "there are none"
            yield ("made_as", i, "unit"), f"'{made.unit}' is not what the doses are counted in: {units}."


def _low(band: Band) -> Decimal:
    return _NONE if band.low is None else band.low


def _high(band: Band) -> Decimal:
    return _ALL if band.high is None else band.high
