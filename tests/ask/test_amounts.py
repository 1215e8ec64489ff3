"""How much cream and how much bleach: a question gets the arithmetic of ``atopy amount``, to the letter."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product

import pytest
from benchmarks.questions import AS_OF

import atopy
from atopy.ask import Answer
from atopy.ask.public import engine
from atopy.render.amounts import bleach_bath, topical

STOCKS = ("0.005", "1", "2.5", "5", "6", "8.25", "15", "30")
LITRES = ("2", "5", "40", "100", "150", "400", "900")
AGES = ("4m", "8m", "1", "2", "4", "5", "8", "10", "11", "14", "18", "40", "80")
SITES = {
    "face": "the face",
    "arms": "both arms",
    "hands": "both hands",
    "legs": "both legs",
    "trunk": "the trunk",
}
AREAS = ("1", "9", "10", "33", "100")


def asked(question: str) -> Answer:
    return atopy.ask(question, as_of=AS_OF)


def aged(age: str) -> str:
    return f"a {age.removesuffix('m')} {'month' if age.endswith('m') else 'year'} old"


def said(answer: Answer) -> list[str]:
    return [x.text.clinician for x in answer.lines if x.role == "amount"]


@pytest.mark.parametrize("clinical", [True, False], ids=["clinician", "patient"])
def test_a_bath_is_the_one_that_the_command_computes(clinical: bool) -> None:
    for stock, litres in product(STOCKS, LITRES):
        answer = asked(f"how much bleach in a {litres} litre bath with {stock} % bleach")
        told, recipe = bleach_bath(engine().compiled, Decimal(stock), Decimal(litres), clinical)
        line = next(x for x in answer.lines if x.role == "amount")
        text = line.text.clinician if clinical else line.text.patient
        assert text == told.splitlines()[0]
        assert (answer.code == "amount") == recipe
        assert answer.verdict.clinician.startswith(line.text.clinician.rstrip("."))


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("bleach bath with 4 % bleach: how much?", ["bath_volume_litres"]),
        ("how much bleach in a 100 litre bath", ["bleach_stock_percent"]),
        ("how much bleach for a bleach bath", ["bleach_stock_percent", "bath_volume_litres"]),
    ],
)
def test_no_bath_is_made_of_what_is_assumed(question: str, lacks: list[str]) -> None:
    answer = asked(question)
    assert [m.fact for m in answer.missing] == lacks
    assert answer.code == "amount-asked"
    assert not re.search(r"\d ?mL", answer.verdict.clinician)


def test_cream_for_parts_of_the_body_is_what_the_command_computes() -> None:
    for age, (site, words) in product(AGES, SITES.items()):
        answer = asked(f"how many grams of ointment for {words} of {aged(age)}")
        told = topical(engine().compiled, age, None, [site], [1, 2], True).splitlines()
        assert said(answer) == told[:2], (age, site)
        assert answer.code == "amount"


def test_cream_for_a_share_of_the_body_is_what_the_command_computes() -> None:
    for age, area in product(AGES, AREAS):
        answer = asked(f"how much cream for {area} % of the body of {aged(age)}")
        told = topical(engine().compiled, age, Decimal(area), [], [1, 2], True).splitlines()
        assert said(answer) == told[:1], (age, area)


def test_what_a_strong_cream_is_limited_to_is_said_first() -> None:
    answer = asked("how many grams a week of clobetasol for both legs of an adult")
    assert "above the limit of 50 g in 7 days" in answer.verdict.clinician
    assert "superpotent-us-clobetasol" in answer.ids()
    within = asked("how many grams a week of clobetasol for the hands of an adult")
    assert "above the limit" not in within.verdict.clinician


def test_nobody_is_given_the_amount_of_an_age_that_is_not_theirs() -> None:
    assert asked("how many fingertip units for the hands").missing[0].fact == "age_years"
    assert "under 3 months" in asked("how much cream for my baby of 2 months").verdict.clinician
    assert said(asked("my daughter is 3, how many fingertips for the face")) == said(
        asked("how many fingertips for the face of a 3 year old")
    )


def test_moisturiser_goes_by_age_alone() -> None:
    assert "250 to 500 g a week" in asked("how much moisturiser for a 5 year old").verdict.clinician
    assert asked("how much moisturiser").behaviour == "ask"


@pytest.mark.parametrize("reader", ["clinician", "patient"])
def test_never_neat_is_said_with_every_recipe(reader: str) -> None:
    answer = asked("how much bleach in a 100 litre bath with 6 % bleach")
    text = answer.verdict.clinician if reader == "clinician" else answer.verdict.patient
    assert re.search("never undiluted|Never put bleach on the skin", text or "")
