"""Severity by a score is told twice: by the bands of its instrument, and by the table of a fact. The two must agree.

Both are constant between the limits that they name, so looking at each limit, just below it and just above it shows
every value of the range: nothing is sampled.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from atopy.criteria import Compare, Node, Quantity, Ref, Value, children, refs
from atopy.facts import Cases, CompiledFact, Observe
from atopy.facts.tables import decide_table
from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content
from atopy.instruments import BandSet, Instrument, half_up
from atopy.instruments.bands import decimals_of, in_band
from atopy.instruments.exact import One
from atopy.yaml_source import Problem

_HAIR = Decimal("0.0001")  # smaller than half of any precision at which a study prints its limits


def facts_band_as_instruments(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A fact that bands a score by a study gives the same bands as the instrument does by that study."""
    instruments = {i.id: i for i in content.instruments.instruments}
    for name, item in content.facts.items():
        fact = compiled.facts[name]
        told = _told_twice(compiled, fact, instruments)
        if told is not None:
            for value, label, outcome in _differ(told):
                study = f"the bands of {told.bands.source} {label or 'nothing'}"
                yield item.problem(
                    "cases", f"{name}: at {value} it says {outcome or 'nothing'}, and {study}."
                )
                break  # the first of a stretch says enough


class _Twice(NamedTuple):
    """A score, and its bands as both tell them."""

    score: Ref
    table: Cases
    values: tuple[str, ...]
    instrument: Instrument
    bands: BandSet


class _At(NamedTuple):
    """A patient of whom one score is known."""

    score: Ref
    number: Decimal

    def value(self, ref: Ref) -> Value:
        return self.number if ref == self.score else None


def _told_twice(compiled: Compiled, fact: CompiledFact, instruments: dict[str, Instrument]) -> _Twice | None:
    """What a fact bands, where it is a table over one score and names a study that the instrument has bands of."""
    table = fact.derivation
    if not isinstance(table, Cases) or fact.signature.event:
        return None
    terms = list(dict.fromkeys(ref for row in table.rows for ref in refs(row.when)))
    if len(terms) != 1 or terms[0].args:
        return None
    observed = compiled.facts[terms[0].name].derivation
    if not isinstance(observed, Observe) or observed.events.kind != "score":
        return None
    instrument = instruments.get(observed.events.codes[0])
    bands = instrument.band_set(fact.source) if instrument is not None and fact.source else None
    if instrument is None or bands is None:
        return None
    return _Twice(terms[0], table, tuple(getattr(fact.signature.type, "values", ())), instrument, bands)


def _differ(told: _Twice) -> Iterator[tuple[Decimal, str | None, str | None]]:
    """Values at which the two disagree. A fact may set the lowest value apart from the lowest band."""
    means: dict[str, str] = {}  # a band by what the fact calls it
    lowest = told.instrument.range[0]
    for value in _values(told):
        outcome = decide_table(told.table, _At(told.score, value)).value
        label = _label(told, value)
        if value == lowest or (label is None and told.bands.partial):
            continue
        known = label if label in told.values else means.setdefault(str(label), str(outcome))
        if label is None or outcome is None or outcome != known:
            yield value, label, str(outcome) if outcome is not None else None


def _label(told: _Twice, value: Decimal) -> str | None:
    """The band of the study, rounded first as the instrument rounds."""
    rounded = One.of(half_up(value, decimals_of(told.instrument, told.bands)))
    return next((b.code for b in told.bands.bands if in_band(b, rounded).truth), None)


def _values(told: _Twice) -> list[Decimal]:
    """Each value at which either may change, and the ones beside it."""
    low, high = told.instrument.range
    half = Decimal(5).scaleb(-decimals_of(told.instrument, told.bands) - 1)
    edges = [q for row in told.table.rows for q in _numbers(row.when)]
    limits = [x for b in told.bands.bands for x in (b.min, b.above, b.max, b.below) if x is not None]
    edges += [e for x in limits for e in (x - half, x, x + half)]
    step = told.instrument.resolution
    if step is None:
        near = {v for e in edges for v in (e - _HAIR, e, e + _HAIR)}
    else:  # a score between two steps cannot be
        near = {(e // step + n) * step for e in edges for n in (-1, 0, 1, 2)}
    return sorted(v for v in near if low <= v <= high)


def _numbers(node: Node) -> Iterator[Decimal]:
    if isinstance(node, Compare) and isinstance(node.right, Quantity):
        yield node.right.value
    for child in children(node):
        yield from _numbers(child)


LINTS = (facts_band_as_instruments,)

__all__ = ["LINTS"]
