"""Which band of which study a value falls into. A band is never given without its study."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from atopy.instruments.exact import N, One, half_up, plain, total
from atopy.instruments.model import Band, BandSet, Instrument


class BandReading(msgspec.Struct, frozen=True, kw_only=True):
    """The band of a value by one study, with what a reader needs to judge it.

    ``banded`` is the value as rounded to the precision of the study; ``limits`` are the published ones.
    ``label`` is empty where the study has no band for the value, and ``note`` says why.
    """

    instrument: str
    label: str
    code: str
    limits: str
    banded: Decimal
    source: str
    default: bool
    verified: bool
    population: str = ""
    anchor: str = ""
    kappa: Decimal | None = None
    note: str = ""


def decimals_of(instrument: Instrument, band_set: BandSet) -> int:
    """The precision at which a study printed its limits."""
    return instrument.decimals if band_set.decimals is None else band_set.decimals


def in_band(band: Band, value: N) -> N:
    """Whether a value, already rounded to the study's precision, is in the band."""
    inside = value.constant(1)
    if band.min is not None:
        inside = inside * value.at_least(band.min)
    if band.above is not None:
        inside = inside * value.more_than(band.above)
    if band.max is not None:
        inside = inside * value.at_most(band.max)
    if band.below is not None:
        inside = inside * value.less_than(band.below)
    return inside


def band_index(instrument: Instrument, band_set: BandSet, value: N) -> N:
    """The number of the band, from 0; missing where no band holds the value."""
    rounded = value.rounded(decimals_of(instrument, band_set))
    inside = [in_band(band, rounded) for band in band_set.bands]
    index = total(each * number for number, each in enumerate(inside))
    return index.only_if(total(inside).at_least(1))


def bands_for(instrument: Instrument, value: Decimal) -> tuple[BandReading, ...]:
    """The band of a value by every study that has bands, the default study first."""
    order = sorted(instrument.bands, key=lambda s: not s.default)
    return tuple(_reading(instrument, band_set, value) for band_set in order)


def band_of(
    instrument: Instrument, value: Decimal, source: str | None = None, respondent: str = ""
) -> BandReading | None:
    """The band by that study, or by the default one; None when there is no such study.

    *respondent* ("self" or "proxy") picks the bands of instruments that have different ones for each.
    """
    band_set = instrument.band_set(source, respondent)
    return None if band_set is None else _reading(instrument, band_set, value)


def _reading(instrument: Instrument, band_set: BandSet, value: Decimal) -> BandReading:
    decimals = decimals_of(instrument, band_set)
    index = band_index(instrument, band_set, One.of(value)).count
    band = None if index is None else band_set.bands[index]
    notes = [band_set.note, band_set.modifier]
    if band is None:
        notes.insert(0, f"This study has no band for {plain(value)}. {band_set.partial}".strip())
    elif not in_band(band, One.of(value)).truth:
        notes.insert(0, _between(band_set.bands, value, half_up(value, decimals)))
    return BandReading(
        instrument=instrument.id,
        label=band.label if band else "",
        code=band.code if band else "",
        limits=band.limits if band else "",
        banded=half_up(value, decimals),
        source=band_set.source,
        default=band_set.default,
        verified=band_set.verified,
        population=band_set.population,
        anchor=band_set.anchor,
        kappa=band_set.kappa,
        note=" ".join(_sentence(note) for note in notes if note),
    )


def _between(bands: Sequence[Band], value: Decimal, rounded: Decimal) -> str:
    """What is said of a value that the published limits, as printed, put into another band or none."""
    held = any(in_band(band, One.of(value)).truth for band in bands)
    what = "would be in another band unrounded" if held else "falls between two printed limits"
    return f"{plain(value)} {what}; it was rounded half-up to {rounded} first."


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
