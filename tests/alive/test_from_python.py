"""``import atopy`` over the guideline itself: what it cites, what is overdue, what changed."""

from datetime import date
from pathlib import Path

import pytest
from tests.alive.conftest import edit
from tests.spec.engines import TOY

import atopy


def test_references_come_as_text() -> None:
    assert atopy.cite("stillin-handbook", content=TOY) == [
        "Toy AB, Hiccup Study Group. The toy handbook of hiccups. Toy Press. 2025;3(2):10–2. doi:10.5555/toy"
    ]
    with pytest.raises(ValueError, match="'stillin-handbok' is no id or source of this guideline"):
        atopy.cite("stillin-handbok", content=str(TOY))


@pytest.mark.parametrize("day", ["2027-01-16", date(2027, 1, 16)])
def test_what_is_overdue_on_a_day(day: date | str) -> None:
    assert atopy.overdue(day, content=TOY)["stillin"] == "2027-01-15"
    assert atopy.overdue("2027-01-15", content=TOY) == {}


def test_what_changed_between_two_folders(folder: Path) -> None:
    assert atopy.changes(TOY, folder).changes == ()
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    (told,) = atopy.changes(TOY, folder).changes
    assert (told.change.how, told.change.id) == ("changed", "stillin-potassium")
    (field,) = told.fields
    assert (field.label, field.after) == ("when", "potassium is below 3.4 mmol/L")
    assert atopy.changes(TOY, content=folder).changes == (told,)
    with pytest.raises(ValueError, match=r"is a folder without guideline\.yaml"):
        atopy.changes(folder / "ladder", folder)
