"""Units: one spelling each, exact conversion, and a table that says what the library says."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atopy.record import convert_unit, units
from atopy.record.dates import parse_day, parse_moment
from atopy.record.quantity import amount_of, dose_of, parse_pressure, parse_quantity
from atopy.record.units import comparable, convert, house_spelling, make_table, spell, unit_words, write_table


@pytest.mark.parametrize(
    ("written", "ucum"),
    [
        ("umol / l", "umol/L"), ("µmol/L", "umol/L"), ("mg per day", "mg/d"), ("mg a day", "mg/d"),
        ("g weekly", "g/wk"), ("mm Hg", "mm[Hg]"), ("mL/min/1.73m2", "mL/min"), ("mL/min/{1.73_m2}", "mL/min"),
        ("(score)", "1"), ("{score}", "1"),
        ("", "1"), ("K/uL", "10*3/uL"), ("G/L", "10*9/L"), ("10^9/L", "10*9/L"), ("cells/uL", "1/uL"), ("°F", "[degF]"),
        ("lbs", "[lb_av]"), ("IU/mL", "[iU]/mL"), ("mg/kg/day", "mg/kg/d"), ("kg", "kg"),
    ],
)  # fmt: skip
def test_spellings(written: str, ucum: str) -> None:
    assert spell(written) == ucum


def test_periods_are_shown_in_full() -> None:
    assert (house_spelling("mg/d"), house_spelling("g per mo"), house_spelling("mg/kg/wk")) == (
        "mg/day", "g/month", "mg/kg/week"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "to", "per", "result"),
    [
        ("98.6", "F", "Cel", None, "37"),
        ("38.5", "Cel", "[degF]", None, "101.3"),
        ("140", "lb", "kg", None, "63.5029318"),
        ("1.1312", "mg/dL", "umol/L", "113.12 g/mol", "100"),
        ("100", "umol/L", "mg/dL", "113.12 g/mol", "1.1312"),
        ("6.2", "K/uL", "10*9/L", None, "6.2"),
        ("250", "/uL", "10*9/L", None, "0.25"),
        ("5", "IU/mL", "kU/L", None, "5"),
        ("30", "IU/L", "U/L", None, "30"),
        ("12", "g/dL", "g/L", None, "120"),
        ("0.05", "1", "%", None, "5"),
        ("4", "mEq/L", "mmol/L", None, "4"),
        ("120", "mm[Hg]", "kPa", None, "15.9986864898"),
        ("7", "kg.m/s2", "N", None, "7"),
        ("1", "g", "g", None, "1"),
    ],
)
def test_conversions(value: str, unit: str, to: str, per: str | None, result: str) -> None:
    assert convert(Decimal(value), unit, to, per) == Decimal(result)


@pytest.mark.parametrize(
    ("unit", "to", "per"),
    [
        ("mg", "mL", None),
        ("10*9/L", "U/L", None),
        ("tablets", "mg", None),
        ("mg/dL", "umol/L", None),
        ("mg/dL", "umol/L", "5 frobs"),
        ("mg/dL", "kg", "113.12 g/mol"),
        ("mg", "{", None),
    ],
)
def test_what_does_not_convert(unit: str, to: str, per: str | None) -> None:
    assert convert(Decimal(1), unit, to, per) is None


def test_comparable() -> None:
    assert comparable("ug", "kg")
    assert not comparable("ug", "mL")


def test_the_table_says_what_the_library_says() -> None:
    """``units.json`` only spares the library's loading time."""
    path = Path(units.__file__).with_name("units.json")
    assert path.read_text(encoding="utf-8") == make_table()
    write_table()
    assert path.read_text(encoding="utf-8") == make_table()


NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=6)
PAIRS = st.sampled_from(
    [
        ("[lb_av]", "kg"),
        ("[degF]", "Cel"),
        ("mg/dL", "g/L"),
        ("ug", "mg"),
        ("wk", "d"),
        ("U/L", "ukat/L"),
        ("mo", "d"),
    ]
)


@given(NUMBERS, PAIRS)
def test_there_and_back_is_where_it_began(number: Decimal, pair: tuple[str, str]) -> None:
    there = convert_unit(number, *pair)
    assert there is not None
    back = convert_unit(there, pair[1], pair[0])
    assert back is not None
    assert abs(back - number) <= Decimal("1e-20")


@given(NUMBERS)
def test_powers_of_ten_are_exact(number: Decimal) -> None:
    assert convert_unit(number, "g", "mg") == number * 1000
    assert convert_unit(number, "mg", "g") == number / 1000


@given(NUMBERS, NUMBERS, PAIRS)
def test_order_is_kept(one: Decimal, other: Decimal, pair: tuple[str, str]) -> None:
    first, second = convert_unit(one, *pair), convert_unit(other, *pair)
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)


# -- numbers with units, and days


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("62 kg", ("62", "kg", "")),
        ("71umol/L", ("71", "umol/L", "")),
        ("-2.5", ("-2.5", "", "")),
        ("<= 5 mg/L", ("5", "mg/L", "<=")),
        ("3 10*9/L", ("3", "10*9/L", "")),
        ("20 %", ("20", "%", "")),
        ("1.5e2 g", ("1.5e2", "g", "")),
    ],
)
def test_quantities(text: str, parts: tuple[str, str, str]) -> None:
    found = parse_quantity(text)
    assert found is not None
    assert (found.number, found.unit, found.limit) == (Decimal(parts[0]), *parts[1:])


@pytest.mark.parametrize("text", ["", "kg", "1,5 kg", "1.2.3 kg", "5 - 7 kg"])
def test_no_quantities(text: str) -> None:
    found = parse_quantity(text)
    assert found is None or convert(found.number, found.unit, "kg") is None


def test_pressures() -> None:
    pair = parse_pressure("172 / 104 mmHg")
    assert pair is not None
    assert (pair[0].number, pair[1].number, pair[1].unit) == (172, 104, "mmHg")
    assert parse_pressure("172 mmHg") is None


def test_doses_and_amounts() -> None:
    dose, amount = dose_of(Decimal(5), "mL/day"), amount_of(Decimal(1), "kg per month")
    assert dose is not None
    assert amount is not None
    assert (dose.value, dose.unit) == (5, "mL/day")
    assert (amount.value, amount.unit) == (1000, "g/month")
    assert dose_of(Decimal(5), "mg/kg/furlong") is None
    assert amount_of(Decimal(5), "g/kg") is None


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2026-11-02", "2026-11-02", "2026-11-02", "day"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2024", "2024-01-01", "2024-12-31", "year"),
    ],
)
def test_days(text: str, first: str, last: str, precision: str) -> None:
    day = parse_day(text)
    assert day is not None
    assert (day.first.isoformat(), day.last.isoformat(), day.precision) == (first, last, precision)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13", "2026-00", "26-01-01", "1026-01-01", "1026", "soon", "2026-1-1", ""]
)
def test_no_days(text: str) -> None:
    assert parse_day(text) is None


def test_a_moment_is_a_day() -> None:
    day = parse_moment("2026-11-02T23:59:59+14:00")
    assert day is not None
    assert day.first.isoformat() == "2026-11-02"


def test_a_unit_is_read_without_braces() -> None:
    assert unit_words("mL/min/{1.73_m2}") == "mL/min/1.73 m2"
    assert unit_words("mg/dL") == "mg/dL"
