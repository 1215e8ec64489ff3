"""What an editor can get wrong in an instrument, found before it reaches a patient."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from atopy.instruments.bands import decimals_of
from atopy.instruments.exact import One, plain
from atopy.instruments.formulas import FORMULAS, Inputs
from atopy.instruments.model import Band, BandSet, Instrument, Library, Role


class _Cited(Protocol):
    @property
    def source(self) -> str: ...


def check(instrument: Instrument) -> list[str]:
    """Every fault of one instrument's content, in words; empty when there is none."""
    rules: list[Callable[[Instrument], Iterable[str]]] = [
        _names,
        _items,
        _extent,
        _weights,
        _subscales,
        _formula,
        _band_sets,
        _changes,
        _sources,
    ]
    return [f"{instrument.id}: {problem}" for rule in rules for problem in rule(instrument)]


def check_library(library: Library) -> list[str]:
    """Every fault of all instruments, and of what refers to them by name."""
    problems = [problem for instrument in library.instruments for problem in check(instrument)]
    names = Counter(
        name for i in library.instruments for name in dict.fromkeys((i.id, *i.aliases, i.short.lower()))
    )
    problems += [f"two instruments answer to '{name}'" for name, count in names.items() if count > 1]
    known = {i.id for i in library.instruments}
    for core_set in library.core_sets:
        for domain in core_set.domains:
            problems += [
                f"{core_set.id}.{domain.id}: '{m.instrument}' is no instrument"
                for m in domain.measures
                if m.instrument not in known
            ]
    for framework in library.targets:
        for target in framework.targets:
            criteria = [c.id for c in (*target.all_of, *target.any_of, *target.chosen_of)]
            if not criteria:
                problems.append(f"{framework.id}.{target.id}: has no criterion, so it would always be met")
            problems += [
                f"{framework.id}.{target.id}: criterion '{c}' is given twice" for c in _repeated(criteria)
            ]
    for conversion in library.conversions:
        problems += [f"{conversion.id}: {p}" for p in _table([row[0] for row in conversion.forward])]
    return problems


def source_keys(library: Library) -> list[str]:
    """Every source that the instruments, targets, conversions, core sets, flares and measures name."""
    keys: list[str] = []
    for i in library.instruments:
        keys += i.sources
        cited: list[_Cited] = [*i.bands, *i.important_changes, *i.responses, *i.weights, *i.facts]
        keys += [part.source for part in cited]
    for framework in library.targets:
        keys.append(framework.source)
        keys += [
            c.source
            for target in framework.targets
            for c in (*target.all_of, *target.any_of, *target.chosen_of)
        ]
        keys += [fact.source for fact in framework.facts]
    rest: list[_Cited] = [*library.conversions, *library.core_sets, *library.flares, *library.adherence]
    keys += [part.source for part in rest]
    return [key for key in dict.fromkeys(keys) if key]


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _table(inputs: list[Decimal]) -> Iterator[str]:
    if any(b <= a for a, b in pairwise(inputs)):
        yield "the rows of the table do not ascend"


def _names(instrument: Instrument) -> Iterator[str]:
    for name in _repeated([*(i.id for i in instrument.items)]):
        yield f"item '{name}' is given twice"
    for name in _repeated([*(r.id for r in instrument.regions)]):
        yield f"region '{name}' is given twice"
    for name in _repeated([p.id for p in instrument.pitfalls]):
        yield f"pitfall '{name}' is given twice"
    ids = {i.id for i in instrument.items}
    for item in instrument.items:
        for other in item.replaces:
            if other not in ids:
                yield f"item '{item.id}' replaces '{other}', which is no item"


def _items(instrument: Instrument) -> Iterator[str]:
    low, high = instrument.range
    if low >= high:
        yield f"the range {low} to {high} is empty"
    for item in instrument.items:
        first, last = item.range
        if first >= last:
            yield f"the range of item '{item.id}' is empty"
        if item.step <= 0 or (last - first) % item.step:
            yield f"the range of item '{item.id}' is not a whole number of steps of {item.step}"
        outside = [v for v in item.values if not first <= v <= last]
        if outside:
            yield f"item '{item.id}' allows {outside[0]}, which is outside its range"
        if item.per_region and not instrument.regions:
            yield f"item '{item.id}' is graded by region, and there are no regions"


def _extent(instrument: Instrument) -> Iterator[str]:
    rows = instrument.extent_scores
    needs = any(item.role is Role.EXTENT_PERCENT for item in instrument.items)
    if needs and not rows:
        yield "a percentage is asked, and no extent scores are given"
    starts = [row.above if row.above is not None else row.min for row in rows]
    if rows and starts[0] is not None and (starts[0] > 0 or rows[0].above is not None):
        yield "the extent scores do not begin at 0 %"
    numbers = [start for start in starts if start is not None]
    if len(numbers) < len(rows) or any(b < a for a, b in pairwise(numbers)):
        yield "the extent scores do not ascend, or one has no lower limit"


def _weights(instrument: Instrument) -> Iterator[str]:
    regions = [region.id for region in instrument.regions]
    for weight_set in instrument.weights:
        added = sum(weight_set.weights.values())
        if added != weight_set.sum:
            yield f"the weights '{weight_set.id}' sum to {added} and not to {weight_set.sum}"
        if sorted(weight_set.weights) != sorted(regions):
            yield f"the weights '{weight_set.id}' are not those of the regions {', '.join(regions)}"
    ordered = sorted(instrument.weights, key=lambda s: s.min_years or 0)
    for one, two in pairwise(ordered):
        if one.below_years != two.min_years:
            yield f"the ages of the weights '{one.id}' and '{two.id}' overlap or leave a gap"
    if ordered and ordered[-1].below_years is not None:
        yield f"there are no weights from {ordered[-1].below_years} years on"


def _subscales(instrument: Instrument) -> Iterator[str]:
    ids = {i.id for i in instrument.items}
    for scale in instrument.subscales:
        unknown = [item for item in scale.items if item not in ids]
        if unknown:
            yield f"subscale '{scale.id}' names '{unknown[0]}', which is no item"
            continue
        most = sum(instrument.item(item).range[1] for item in scale.items)
        if most != scale.max:
            yield f"subscale '{scale.id}' reaches {most} and not {scale.max}"
    if instrument.subscales:
        used = Counter(item for scale in instrument.subscales for item in scale.items)
        answers = [i.id for i in instrument.items if i.role is Role.ANSWER]
        wrong = [item for item in answers if used[item] != 1]
        if wrong:
            yield f"item '{wrong[0]}' is in {used[wrong[0]]} subscales"


def _formula(instrument: Instrument) -> Iterator[str]:
    """The formula at the lowest and the highest items gives the ends of the range: all weights count."""
    function = FORMULAS.get(instrument.formula)
    if function is None:
        yield f"there is no formula '{instrument.formula}'; known are {', '.join(sorted(FORMULAS))}"
        return
    paths = instrument.paths
    ages = [Decimal(s.min_years or 0) for s in instrument.weights] or [Decimal(30)]
    for age in ages:
        for end, name in ((0, "lowest"), (1, "highest")):
            given = {path: One.of(paths[path].range[end]) for path in instrument.required}
            try:
                total = function(Inputs(instrument, given, One.of(age), One(None))).total.value
            except (KeyError, IndexError, ValueError) as error:
                yield f"the formula '{instrument.formula}' cannot be worked out: {error!r}"
                return
            if total != instrument.range[end]:
                limit = plain(instrument.range[end])
                yield f"the {name} items at {age} years score {total}, and the range ends at {limit}"


def _band_sets(instrument: Instrument) -> Iterator[str]:
    defaults = [s.source for s in instrument.bands if s.default]
    if len(defaults) > 1:
        yield f"{' and '.join(defaults)} are both the default bands"
    if not defaults and not instrument.no_default_because:
        yield "there are no default bands, and no_default_because does not say why"
    for name in _repeated([s.source for s in instrument.bands]):
        yield f"the bands of '{name}' are given twice"
    for band_set in instrument.bands:
        for problem in _bands(instrument, band_set):
            yield f"bands of {band_set.source}: {problem}"


def _bands(instrument: Instrument, band_set: BandSet) -> Iterator[str]:
    """On the grid of the study's precision each value has one band, from end to end of the range."""
    for label in _repeated([b.label for b in band_set.bands]):
        yield f"'{label}' is given twice"
    if not band_set.bands:
        yield "there are none"
        return
    decimals = decimals_of(instrument, band_set)
    ends = [_on_grid(band, instrument, decimals) for band in band_set.bands]
    for band, (first, last) in zip(band_set.bands, ends, strict=True):
        if first > last:
            yield f"'{band.label}' is empty"
        if (band.min is None) == (band.above is None) or (band.max is None) == (band.below is None):
            yield f"'{band.label}' needs one lower limit (min or above) and one upper (max or below)"
    for (a, (_, last)), (b, (first, _)) in pairwise(zip(band_set.bands, ends, strict=True)):
        if first != last + 1:
            what = "overlap" if first <= last else "leave a gap"
            yield f"'{a.label}' and '{b.label}' {what} at {decimals} decimals"
    low, high = (int(limit.scaleb(decimals)) for limit in instrument.range)
    if (ends[0][0], ends[-1][1]) != (low, high) and not band_set.partial:
        yield f"they do not cover {low} to {high} at {decimals} decimals, and partial does not say why"


def _on_grid(band: Band, instrument: Instrument, decimals: int) -> tuple[int, int]:
    """First and last value of a band, counted in units of the precision."""

    def count(limit: Decimal) -> int:
        return int(limit.scaleb(decimals))

    low, high = (count(limit) for limit in instrument.range)
    first = count(band.min) if band.min is not None else low if band.above is None else count(band.above) + 1
    last = count(band.max) if band.max is not None else high if band.below is None else count(band.below) - 1
    return first, last


def _changes(instrument: Instrument) -> Iterator[str]:
    for change in instrument.important_changes:
        if change.value is None and change.low is None and not change.scale and change.detectable is None:
            yield f"the change of {change.source} has no figure"
        if (change.low is None) != (change.high is None):
            yield f"the change of {change.source} has one end of a span only"
    for criterion in instrument.responses:
        if criterion.measure != instrument.id:
            yield f"response '{criterion.id}' is about '{criterion.measure}'"
    for name in _repeated([c.id for c in instrument.responses]):
        yield f"response '{name}' is given twice"


def _sources(instrument: Instrument) -> Iterator[str]:
    if not instrument.sources:
        yield "there is no source"
    cited: list[_Cited] = [*instrument.bands, *instrument.important_changes]
    if not all(part.source for part in cited):
        yield "bands or a change without a source"
