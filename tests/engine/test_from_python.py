"""``import atopy``: records from anywhere, days and countries checked in words."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from tests.engine.plans import ADULT, READY
from tests.spec.engines import TOY

from atopy.plan import public
from atopy.record import Record

TEXT = f"atopy: 1\n{ADULT}\nevents:\n" + "".join(f"  - {event}\n" for event in READY)
DATA = {"atopy": 1, "events": [{"date": "2026-11-01", "condition": "hiccups", "status": "active"}]}


def test_a_record_may_be_text_bytes_data_a_path_or_a_record(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(TEXT)
    read = public.read_record(TEXT, content=TOY)
    assert isinstance(read, Record)
    assert public.read_record(read) is read
    codes = [e.code for e in read.events]
    for source in (TEXT.encode(), path, str(path)):
        assert [e.code for e in public.read_record(source, content=TOY).events] == codes
    assert [e.code for e in public.read_record(DATA, content=str(TOY)).events] == ["hiccups"]


@pytest.mark.parametrize("day", ["2026-11-20", date(2026, 11, 20)])
def test_a_day_may_be_written_or_a_date(day: date | str) -> None:
    assert public.plan(TEXT, as_of=day, content=TOY).as_of == "2026-11-20"


@pytest.mark.parametrize("day", ["yesterday", "20.11.2026", "2026-02-30", ""])
def test_what_is_not_a_day_is_refused(day: str) -> None:
    with pytest.raises(ValueError) as raised:
        public.plan(TEXT, as_of=day, content=TOY)
    assert str(raised.value) == f"'{day}' is not a day. Write it as 2026-11-20."


def test_the_country_is_the_requests_else_the_records_else_the_overlays(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("overlay: 1\nid: town\nname: {en: Town}\ncountry: uk\noptions: {}\n")
    nowhere = TEXT.replace(", country: eu", "")
    assert public.plan(TEXT, as_of="2026-11-20", content=TOY, country="US").patient.country == "us"
    assert public.plan(TEXT, as_of="2026-11-20", content=TOY, overlay=overlay).patient.country == "eu"
    assert public.plan(nowhere, as_of="2026-11-20", content=TOY, overlay=str(overlay)).patient.country == "uk"
    assert public.plan(nowhere, as_of="2026-11-20", content=TOY).patient.country is None
    with pytest.raises(
        ValueError, match=r"'fr' is not a country of this guideline\. Known are: us, eu, uk\."
    ):
        public.plan(TEXT, as_of="2026-11-20", content=TOY, country="fr")


def test_verdicts_are_the_plans_decisions() -> None:
    decided = public.verdicts(TEXT, as_of="2026-11-20", content=TOY)
    made = public.plan(TEXT, as_of="2026-11-20", content=TOY)
    assert decided["headline"] == made.headline.code
    assert decided["option_status(stillin)"] == made.line("stillin").status
    assert decided["factor_status(fizzy_drinks)"] == "excluded"


def test_many_records_are_planned_as_each_alone() -> None:
    listed = [TEXT, TEXT.replace("14", "3")]
    alone = [public.plan(text, as_of="2026-11-20", content=TOY) for text in listed]
    assert list(public.plan_each(listed, as_of="2026-11-20", content=TOY)) == alone
    decided = [public.verdicts(text, as_of="2026-11-20", content=TOY) for text in listed]
    assert list(public.verdicts_each(listed, as_of="2026-11-20", content=TOY)) == decided


def test_a_setting_answers_why() -> None:
    given = public.setting(TEXT, as_of="2026-11-20", content=TOY)
    assert given.case().why("uncontrolled") is not None
    assert msgspec.json.encode(given.plan()) == msgspec.json.encode(given.plan())


def test_an_instrument_is_scored_from_items_or_banded_from_a_total() -> None:
    from_items = public.score("hics", {"total": 14}, content=TOY)
    from_total = public.score("hics", 14, content=TOY)
    assert from_items.value == from_total.value == 14
    with pytest.raises(KeyError):
        public.score("no_such_scale", 1, content=TOY)


def test_the_records_schema_is_published() -> None:
    assert public.record_schema()["title"] == "Atopy record"
