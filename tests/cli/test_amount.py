"""``atopy amount``: how much cream, how much bleach, how strong."""

from __future__ import annotations

from functools import partial

import pytest


@pytest.fixture
def atopy(command):
    """Type words after `atopy amount`."""
    return partial(command, "amount")


def test_nine_per_cent_of_an_adult(atopy) -> None:
    code, out, _ = atopy("topical", "--area", "9", "--age", "34")
    assert code == 0
    assert "9 palms, 4.5 fingertip units; once daily = 2.25 g a day = 16 g a week" in out
    assert "Sources: cps-2022, somerset_tcs" in out
    assert "No clinician has reviewed" in out


def test_the_patient_gets_the_same_numbers(atopy) -> None:
    _, out, _ = atopy("topical", "--area", "9%", "--age", "34", "--times", "1", "--for", "patient")
    assert "4.5 fingertips of cream. Once a day that is 16 g a week" in out
    assert "twice" not in out


def test_an_infant_is_given_in_months(atopy) -> None:
    assert "8.5 fingertip units for the whole body" in atopy("topical", "--area", "10", "--age", "4m")[1]
    code, _, err = atopy("topical", "--area", "10", "--age", "2m")
    assert code == 2
    assert "No table of fingertip units gives an age under 3 months" in err


def test_parts_of_the_body(atopy) -> None:
    _, out, _ = atopy("topical", "--age", "34", "--site", "face", "--site", "hands")
    assert "face and neck 2.5, both hands, both sides 2." in out
    assert "trunk" not in out
    assert "front of the trunk 7" in atopy("topical", "--age", "34")[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("topical", "--area", "abc", "--age", "4"), "--area 'abc' is not a number"),
        (("topical", "--area", "0", "--age", "4"), "An area of 0 % cannot be"),
        (("topical", "--area", "101", "--age", "4"), "An area of 101 % cannot be"),
        (("topical", "--area", "9", "--age", "four"), "'four' is not an age"),
        (("topical", "--area", "9", "--age", "200"), "'200' is not an age"),
        (("topical", "--area", "9", "--age", "34", "--times", "5"), "5 a day is not in the table"),
        (("topical", "--age", "34", "--site", "elbow"), "'elbow' is not a site"),
        (("bleach-bath", "--stock", "nan", "--volume", "150"), "--stock 'nan' is not a number"),
        (("potency", "chocolate"), "No preparation of the table has 'chocolate'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(atopy, words: tuple[str, ...], says: str) -> None:
    code, out, err = atopy(*words)
    assert code == 2
    assert says in err
    assert not out


def test_the_bath(atopy) -> None:
    code, out, _ = atopy("bleach-bath", "--stock", "5", "--volume", "150")
    assert code == 0
    assert "150 L x 0.005 % / 5 % = 150 mL of plain 5 % bleach" in out
    assert "never undiluted" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--volume", "150"), "no recipe without the strength of the bleach"),
        (("--stock", "5"), "no recipe without the volume"),
        ((), "no recipe without the strength of the bleach (from the label) and the volume"),
        (("--stock", "0.005", "--volume", "150"), "0.005 % is not the strength of a household bleach"),
        (("--stock", "0.99", "--volume", "150"), "0.99 % is not the strength"),
        (("--stock", "5", "--volume", "4.9"), "4.9 L is not the volume of a bath"),
    ],
)
def test_no_recipe_for_an_assumed_or_wrong_stock(atopy, words: tuple[str, ...], says: str) -> None:
    code, out, _ = atopy("bleach-bath", *words)
    assert code == 2
    assert says.lower() in out.lower()
    assert "mL" not in out


def test_potency_names_each_scale(atopy) -> None:
    _, out, _ = atopy("potency", "mometasone")
    assert "US class 2 of 7, UK potent" in out
    assert "US class 4 of 7, UK potent" in out
    assert "not in the table read" in atopy("potency", "clobetasone")[1]
    assert "(not verified)" in atopy("potency", "amcinonide")[1]
