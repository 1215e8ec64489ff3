"""The worked examples that others published (examples.yaml): all twenty, as they state them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.instruments.library import LIBRARY, instrument

from atopy.instruments import (
    Fill,
    band_of,
    convert_easi_oscorad,
    medication_possession_ratio,
    proportion_of_days_covered,
    score,
)
from atopy.yaml_source import load_yaml_file

EXAMPLES = load_yaml_file(Path(__file__).with_name("examples.yaml")).data["examples"]
REGIONS = ("head_neck", "upper_limbs", "trunk", "lower_limbs")


def easi(example: dict[str, Any]) -> None:
    given, expected = example["inputs"], example["expected"]
    age = 30 if given["age_group"] == "8_and_over" else None
    items = given["regions"]
    if isinstance(items, str):  # "all areas 0"
        items = {region: {"area": 0} for region in REGIONS}
    result = score(instrument("easi"), items, age)
    assert result.value == expected["score"]
    for region, part in expected.get("region_scores", {}).items():
        full = next(r.id for r in instrument("easi").regions if region in (r.id, *r.aliases))
        assert result.parts[full] == part
    if "band_leshem2015" in expected:
        assert result.band is not None
        assert (result.band.source, result.band.label) == ("leshem2015", expected["band_leshem2015"])


def scorad(example: dict[str, Any]) -> None:
    given, expected = example["inputs"], example["expected"]
    signs = given.get("signs", {})
    items = {k: v for k, v in given.items() if k != "signs"} | signs
    result = score(instrument(example["instrument"]), items)
    assert result.value == expected["scorad"]
    assert result.parts["objective"] == expected["oscorad"]
    objective = {k: v for k, v in items.items() if k in ("extent_percent", "intensity_sum", *signs)}
    assert score(instrument("oscorad"), objective).value == expected["oscorad"]
    if "band_25_50" in expected:
        band = band_of(instrument("scorad"), expected["scorad"], "etfad_convention")
        assert band is not None and band.label == expected["band_25_50"]


def questionnaire(example: dict[str, Any]) -> None:
    given, expected = example["inputs"], example["expected"]
    if "item_7" in given:
        return question_7(given["item_7"], expected["item_7_score"])
    items: dict[str, Any] = {str(n): value for n, value in enumerate(given["items"], start=1)}
    items["item_7_second_part"] = given.get("item_7_second_part")
    if example["instrument"] != "dlqi":
        del items["item_7_second_part"]
    result = score(instrument(example["instrument"]), items)
    assert result.value == expected["score"]
    assert result.parts == expected["subscales"]
    if "band_hongbo2005" in expected:
        assert result.band is not None
        assert (result.band.source, result.band.label) == ("hongbo2005", expected["band_hongbo2005"])
    return None


def question_7(answers: list[str], scores: list[int]) -> None:
    first = {"prevented": 3, "no": 0, "not relevant": 0}
    second = {"a lot": 2, "a little": 1, "not at all": 0, "": None}
    for answer, expected in zip(answers, scores, strict=True):
        head, _, tail = answer.partition(" + ")
        given = {"work_study": first[head], "work_study_problem": second[tail]}
        assert score(instrument("dlqi"), given).parts["work_school"] == expected, answer


def conversion(example: dict[str, Any]) -> None:
    given = example["inputs"]
    result = convert_easi_oscorad(LIBRARY.conversions[0], given["value"], given["from"])
    assert (result.target, result.value) == (given["to"], example["expected"]["value"])


def possession(example: dict[str, Any]) -> None:
    given, expected = example["inputs"], example["expected"]
    start = date(2024, 1, 1)
    end = start + timedelta(days=given.get("days_in_period", 0) - 1)
    supply = given.get("sum_days_supply", 0)
    result = medication_possession_ratio([Fill("any", start, supply)], start, end)
    if "mpr" in expected:
        assert result.ratio == expected["mpr"]
        assert proportion_of_days_covered([Fill("any", start, supply)], start, end).ratio == 1
    else:
        assert result.ratio * 100 == expected["mpr_percent"]


def covered(example: dict[str, Any]) -> None:
    given, expected = example["inputs"], example["expected"]
    if "fills" not in given:
        start = date(2024, 1, 1)
        end = start + timedelta(days=given["refill_every_days"] - 1)
        result = proportion_of_days_covered([Fill("any", start, given["days_supply"])], start, end)
        assert round(result.percent) == expected["pdc_percent"]
        return
    fills = [Fill(drug, date.fromisoformat(day), supply) for drug, day, supply in given["fills"]]
    result = proportion_of_days_covered(fills, *map(date.fromisoformat, given["window"]))
    assert result.days_covered == expected["covered_days"]
    if "days" in expected:
        assert result.days == expected["days"]
    if "pdc" in expected:
        assert result.ratio == expected["pdc"]


READ: dict[str, Callable[[dict[str, Any]], None]] = {
    "easi": easi,
    "scorad": scorad,
    "po_scorad": scorad,
    "dlqi": questionnaire,
    "cdlqi": questionnaire,
    "easi_oscorad_hurault2018": conversion,
    "mpr": possession,
    "pdc": covered,
}


def test_there_are_twenty() -> None:
    assert len(EXAMPLES) == 20
    assert all(example["source"] and example["licence"] for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["id"])
def test_example(example: dict[str, Any]) -> None:
    READ[example["instrument"]](example)


def test_percentages_are_shown_with_one_decimal() -> None:
    start = date(2024, 1, 1)
    result = medication_possession_ratio([Fill("any", start, 50)], start, start + timedelta(days=59))
    assert result.percent == Decimal("83.3")
