"""Bands: no value of a scale without one, rounding before banding, never without the study."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.instruments.library import LIBRARY, instrument

from atopy.instruments import Instrument, band_of, bands_for

WITH_BANDS = [(i, s) for i in LIBRARY.instruments for s in i.bands]


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("0", "clear"), ("0.04", "clear"), ("0.05", "almost clear"), ("1", "almost clear"), ("1.05", "mild"),
        ("7", "mild"), ("7.04", "mild"), ("7.05", "moderate"), ("7.1", "moderate"), ("21", "moderate"),
        ("21.05", "severe"), ("50", "severe"), ("50.1", "very severe"), ("72", "very severe"),
    ],
)  # fmt: skip
def test_easi_by_leshem(value: str, label: str) -> None:
    band = band_of(instrument("easi"), Decimal(value))
    assert band is not None and (band.source, band.label, band.default) == ("leshem2015", label, True)


@pytest.mark.parametrize(
    ("value", "label"), [("24.94", "mild"), ("24.95", "moderate"), ("25", "moderate"), ("50.04", "moderate"),
                         ("50.05", "severe")]
)  # fmt: skip
def test_scorad_is_rounded_before_it_is_banded(value: str, label: str) -> None:
    band = band_of(instrument("scorad"), Decimal(value))
    assert band is not None and band.label == label
    assert ("rounded half-up" in band.note) == (value in ("24.95", "50.04"))


def test_what_the_printed_limits_would_say_is_told() -> None:
    band = band_of(instrument("scorad"), Decimal("24.95"))
    assert band is not None
    assert band.note.startswith(
        "24.95 would be in another band unrounded; it was rounded half-up to 25.0 first."
    )


@given(st.sampled_from(WITH_BANDS), st.decimals(0, 1, places=6))
def test_every_value_of_a_scale_has_one_band(pair: tuple[Instrument, object], share: Decimal) -> None:
    one, band_set = pair
    low, high = one.range
    value = (low + share * (high - low)).quantize(Decimal("0.0001"))
    band = band_of(one, value, band_set.source)  # type: ignore[attr-defined]
    assert band is not None
    assert band.label or band_set.partial  # type: ignore[attr-defined]


def test_the_default_study_comes_first() -> None:
    sources = [b.source for b in bands_for(instrument("easi"), Decimal(30))]
    assert sources == ["leshem2015", "chopra2017", "kada2019"]
    assert bands_for(instrument("idqol"), Decimal(3)) == ()


def test_a_partial_set_says_why() -> None:
    band = band_of(instrument("easi"), Decimal(12), "kada2019")
    assert band is not None and band.label == "" and band.code == "" and band.limits == ""
    assert band.note.startswith("This study has no band for 12. The consensus sets limits from 16 on only")
    assert "Raise by one level" in band.note


def test_no_such_study() -> None:
    assert band_of(instrument("easi"), Decimal(12), "nobody1999") is None
    assert band_of(instrument("sassad"), Decimal(12)) is None


def test_a_reading_carries_its_study() -> None:
    band = band_of(instrument("oscorad"), Decimal(41))
    assert band is not None and (band.label, band.verified) == ("severe", False)
    assert "does not give the figures" in band.note
