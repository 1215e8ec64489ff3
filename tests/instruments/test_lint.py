"""Each mistake that an editor can make in an instrument: the right form passes, the wrong one is named."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from tests.instruments.library import LIBRARY, instrument

from atopy.instruments import Instrument, check, check_library

replace = msgspec.structs.replace


def with_item(code: str, id: str, **changes: Any) -> Instrument:
    one = instrument(code)
    return replace(one, items=tuple(replace(i, **changes) if i.id == id else i for i in one.items))


def with_band(code: str, n: int, **changes: Any) -> Instrument:
    one = instrument(code)
    first, *rest = one.bands
    bands = tuple(replace(b, **changes) if m == n else b for m, b in enumerate(first.bands))
    return replace(one, bands=(replace(first, bands=bands), *rest))


def with_weights(n: int, **changes: Any) -> Instrument:
    one = instrument("easi")
    return replace(
        one, weights=tuple(replace(w, **changes) if m == n else w for m, w in enumerate(one.weights))
    )


def with_change(code: str, **changes: Any) -> Instrument:
    one = instrument(code)
    first, *rest = one.important_changes
    return replace(one, important_changes=(replace(first, **changes), *rest))


def twice(code: str, field: str) -> Instrument:
    one = instrument(code)
    values = getattr(one, field)
    return replace(one, **{field: (*values, values[0])})


MISTAKES: list[tuple[str, Callable[[], Instrument], str]] = [
    ("item twice", lambda: twice("tis", "items"), "item 'erythema' is given twice"),
    ("region twice", lambda: twice("sassad", "regions"), "region 'arms' is given twice"),
    ("pitfall twice", lambda: twice("tis", "pitfalls"), "pitfall 'items_from_zero' is given twice"),
    ("bands twice", lambda: twice("tis", "bands"), "bands of 'review_pmc7395647' are given twice"),
    ("response twice", lambda: twice("dlqi", "responses"), "response 'dlqi_4' is given twice"),
    ("replaces nothing", lambda: with_item("scorad", "intensity_sum", replaces=("ooze",)), "'ooze', which is no item"),
    ("empty range", lambda: replace(instrument("tis"), range=(Decimal(9), Decimal(0))), "range 9 to 0 is empty"),
    ("empty item", lambda: with_item("tis", "erythema", range=(Decimal(3), Decimal(3))), "item 'erythema' is empty"),
    ("step", lambda: with_item("tis", "erythema", step=Decimal(2)), "not a whole number of steps of 2"),
    ("value", lambda: with_item("tis", "erythema", values=(Decimal(4),)), "allows 4, which is outside"),
    ("no regions", lambda: with_item("tis", "erythema", per_region=True), "there are no regions"),
    ("no extent", lambda: replace(instrument("easi"), extent_scores=()), "no extent scores are given"),
    ("extent start", lambda: replace(instrument("easi"), extent_scores=instrument("easi").extent_scores[1:]),
     "do not begin at 0 %"),
    ("extent order", lambda: replace(instrument("easi"), extent_scores=(
        instrument("easi").extent_scores[0], *instrument("easi").extent_scores[:0:-1])), "do not ascend"),
    ("weights sum", lambda: with_weights(0, sum=Decimal(2)), "sum to 1.0 and not to 2"),
    ("weights regions", lambda: with_weights(0, weights={"head": Decimal(1)}), "not those of the regions"),
    ("weights gap", lambda: with_weights(0, below_years=7), "overlap or leave a gap"),
    ("weights end", lambda: with_weights(1, below_years=70), "no weights from 70 years on"),
    ("subscale item", lambda: replace(instrument("dlqi"), subscales=(
        replace(instrument("dlqi").subscales[0], items=("x",)),)), "names 'x', which is no item"),
    ("subscale max", lambda: replace(instrument("dlqi"), subscales=(
        replace(instrument("dlqi").subscales[0], max=Decimal(9)), *instrument("dlqi").subscales[1:])),
     "reaches 6 and not 9"),
    ("subscale left out", lambda: replace(instrument("dlqi"), subscales=instrument("dlqi").subscales[1:]),
     "item 'symptoms' is in 0 subscales"),
    ("formula", lambda: replace(instrument("tis"), formula="guess"), "there is no formula 'guess'; known are bsa,"),
    ("formula of another", lambda: replace(instrument("tis"), formula="single"), "cannot be worked out"),
    ("range", lambda: replace(instrument("tis"), range=(Decimal(0), Decimal(10))), "score 9, and the range ends at 10"),
    ("two defaults", lambda: replace(instrument("adct"), bands=tuple(
        replace(s, default=True) for s in instrument("adct").bands)), "are both the default bands"),
    ("no default", lambda: replace(instrument("tis"), bands=()), "no_default_because does not say why"),
    ("label twice", lambda: with_band("tis", 1, label="mild"), "'mild' is given twice"),
    ("no bands", lambda: replace(instrument("tis"), bands=(replace(instrument("tis").bands[0], bands=()),)),
     "there are none"),
    ("empty band", lambda: with_band("tis", 1, min=Decimal(6)), "'moderate' is empty"),
    ("no limit", lambda: with_band("tis", 2, max=None), "'severe' needs one lower limit"),
    ("no lower limit", lambda: with_band("tis", 0, min=None), "'mild' needs one lower limit"),
    ("overlap", lambda: with_band("tis", 1, min=Decimal(2)), "'mild' and 'moderate' overlap at 0 decimals"),
    ("gap", lambda: with_band("easi", 3, min=Decimal("7.2")), "'mild' and 'moderate' leave a gap at 1 decimals"),
    ("cover", lambda: with_band("tis", 2, max=Decimal(8)), "do not cover 0 to 9"),
    ("no figure", lambda: with_change("dlqi", value=None), "the change of basra2015 has no figure"),
    ("half a span", lambda: with_change("sleep_nrs", high=None), "one end of a span only"),
    ("other measure", lambda: replace(instrument("dlqi"), responses=instrument("poem").responses), "is about 'poem'"),
    ("no source", lambda: replace(instrument("tis"), sources=()), "there is no source"),
    ("bands without source", lambda: replace(instrument("tis"), bands=(
        replace(instrument("tis").bands[0], source=""),)), "without a source"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_mistake(make: Callable[[], Instrument], words: str) -> None:
    found = check(make())
    assert any(words in problem for problem in found), found


def test_names_of_two_instruments() -> None:
    tis = replace(instrument("tis"), id="tis2", aliases=("easi",))
    found = check_library(replace(LIBRARY, instruments=(*LIBRARY.instruments, tis)))
    assert "two instruments answer to 'easi'" in found and "two instruments answer to 'tis'" in found


def test_references_between_them() -> None:
    found = check_library(replace(LIBRARY, instruments=()))
    assert "home.clinical_signs: 'easi' is no instrument" in found


def test_targets() -> None:
    framework = LIBRARY.targets[0]
    target = framework.targets[0]
    empty = replace(target, chosen_of=())
    doubled = replace(target, chosen_of=(target.chosen_of[0], target.chosen_of[0]))
    for wrong, words in ((empty, "has no criterion"), (doubled, "criterion 'easi_75' is given twice")):
        changed = replace(LIBRARY, targets=(replace(framework, targets=(wrong,)),))
        assert any(words in problem for problem in check_library(changed))


def test_table_that_does_not_ascend() -> None:
    table = LIBRARY.conversions[0]
    changed = replace(LIBRARY, conversions=(replace(table, forward=table.forward[::-1]),))
    assert any("do not ascend" in problem for problem in check_library(changed))
