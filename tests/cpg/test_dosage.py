"""A dose in FHIR: in words always; in numbers as the source states them, and only where somebody read it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cpg.conftest import Exported

from atopy.cpg.resources.dosage import dosages, number, ucum
from atopy.guideline import Citation, Dose, Quantity, Regimen

READ, RECALLED = Citation("a-label", True), Citation("memory", False)


def regimen(dose: Dose, *, source: Citation = READ, **more: object) -> Regimen:
    return Regimen("r", [source], dose=dose, **more)  # type: ignore[arg-type]


EXAMPLES = {
    "300 mg every 2 weeks": (
        Dose("mg", value=Decimal(300), every="2 weeks"),
        {"timing": {"repeat": {"frequency": 1, "period": 2, "periodUnit": "wk"}}},
        {"doseQuantity": {"value": 300, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}},
    ),
    "2.5 to 5 mg/kg/day": (
        Dose("mg/kg/day", low=Decimal("2.5"), high=Decimal(5)),
        {},
        {
            "rateRange": {
                "low": {
                    "value": 2.5,
                    "unit": "mg/kg/day",
                    "system": "http://unitsofmeasure.org",
                    "code": "mg/kg/d",
                },
                "high": {
                    "value": 5,
                    "unit": "mg/kg/day",
                    "system": "http://unitsofmeasure.org",
                    "code": "mg/kg/d",
                },
            }
        },
    ),
    "15 mg/day": (
        Dose("mg/day", value=Decimal(15)),
        {},
        {
            "rateQuantity": {
                "value": 15,
                "unit": "mg/day",
                "system": "http://unitsofmeasure.org",
                "code": "mg/d",
            }
        },
    ),
    "1 to 2 applications a day": (
        Dose("application", low=Decimal(1), high=Decimal(2), every="day"),
        {"timing": {"repeat": {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"}}},
        None,
    ),
    "2 baths a week": (
        Dose("bath", value=Decimal(2), every="week"),
        {"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "wk"}}},
        None,
    ),
}


@pytest.mark.parametrize("text", list(EXAMPLES))
def test_a_dose_becomes(text: str) -> None:
    dose, rest, amount = EXAMPLES[text]
    wanted = {"sequence": 1, "text": text, **rest, **({"doseAndRate": [amount]} if amount else {})}
    assert dosages(regimen(dose)) == [wanted]


def test_doses_stand_in_the_order_in_which_they_are_given() -> None:
    made = dosages(
        regimen(
            Dose("mg", value=Decimal(300), every="2 weeks"),
            loading=Dose("mg", value=Decimal(600)),
            then=[Dose("mg", value=Decimal(300), every="4 weeks")],
        )
    )
    assert [(d["sequence"], d["text"]) for d in made] == [
        (1, "600 mg to start"), (2, "300 mg every 2 weeks"), (3, "300 mg every 4 weeks"),
    ]  # fmt: skip


def test_the_maximum_stands_on_each_dose_per_its_time() -> None:
    (made,) = dosages(
        regimen(Dose("mg/kg/day", value=Decimal(3)), maximum=Dose("mg/day", value=Decimal(300)))
    )
    assert made["text"] == "3 mg/kg/day; at most 300 mg/day"
    assert made["maxDosePerPeriod"]["numerator"]["code"] == "mg"
    assert (
        made["maxDosePerPeriod"]["numerator"]["value"],
        made["maxDosePerPeriod"]["denominator"]["code"],
    ) == (300, "d")


def test_how_long_it_runs_bounds_the_dose() -> None:
    course = Quantity(low=Decimal(4), high=Decimal(6), unit="weeks")
    (made,) = dosages(regimen(Dose("mg", value=Decimal(30), every="day"), course=course))
    bounds = made["timing"]["repeat"]["boundsRange"]
    assert [(bounds[end]["value"], bounds[end]["code"]) for end in ("low", "high")] == [(4, "wk"), (6, "wk")]


def test_a_dose_that_nobody_read_is_words_alone() -> None:
    (made,) = dosages(regimen(Dose("mg", value=Decimal(300), every="2 weeks"), source=RECALLED))
    assert made == {"sequence": 1, "text": "300 mg every 2 weeks (check the label: not read in a source)"}


UNITS = (
    "mg",
    "g",
    "microgram",
    "mg/day",
    "mg/kg/day",
    "mg/week",
    "g/kg",
    "microgram/m2/day",
    "mg/m2/day",
    "J/cm2",
)


def test_units_are_those_of_ucum() -> None:
    said = {unit: ucum(unit) for unit in UNITS}
    assert said["microgram/m2/day"] == "ug/m2/d" and said["mg/week"] == "mg/wk" and said["J/cm2"] == "J/cm2"
    assert ucum("bath") is None


AMOUNTS = st.decimals(min_value="0.01", max_value="10000", places=2, allow_nan=False)


@given(AMOUNTS, st.sampled_from(UNITS), st.booleans())
def test_the_number_is_the_sources_and_never_worked_out(amount: Decimal, unit: str, read: bool) -> None:
    (made,) = dosages(regimen(Dose(unit, value=amount), source=READ if read else RECALLED))
    assert ("doseAndRate" in made) is read
    if read:
        (given_,) = made["doseAndRate"][0].values()
        assert Decimal(str(given_["value"])) == amount and given_["code"] == ucum(unit)


@given(AMOUNTS)
def test_a_decimal_keeps_its_value(amount: Decimal) -> None:
    assert Decimal(str(number(amount))) == amount


def test_every_regimen_of_the_content_has_its_words_and_its_numbers(exported: Exported) -> None:
    for therapy in exported.compiled.therapies.values():
        for one in therapy.regimens:
            made = dosages(one)
            given_ = [d for d in (one.loading, one.dose, *one.then) if d is not None]
            assert len(made) == len(given_) and all(d["text"] for d in made), one.id
            for dose, dosage in zip(given_, made, strict=True):
                ends = {n for n in (dose.value, dose.low, dose.high) if n is not None}
                if all(s.verified for s in one.sources) and ends and dose.unit not in ("application", "bath"):
                    (said,) = dosage["doseAndRate"][0].values()
                    shown = [said] if "value" in said else list(said.values())
                    assert {Decimal(str(q["value"])) for q in shown} == ends, one.id
