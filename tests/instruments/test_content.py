"""The instruments as shipped: complete, without fault, and without anybody's wording."""

from decimal import Decimal

import msgspec
import pytest
from tests.instruments.library import LIBRARY, ROOT, instrument

from atopy.instruments import FOLDERS, Instrument, Library, check, check_library, source_keys

REQUIRED = """scorad oscorad po_scorad easi viga_ad iga bsa iga_bsa igaxbsa poem dlqi cdlqi idqol pp_nrs
    sleep_nrs recap adct hecsi tis sassad"""


@pytest.mark.parametrize("code", REQUIRED.split())
def test_required_instruments_are_there(code: str) -> None:
    assert instrument(code)


@pytest.mark.parametrize("one", LIBRARY.instruments, ids=lambda i: i.id)
def test_no_fault(one: Instrument) -> None:
    assert check(one) == []


def test_no_fault_between_them() -> None:
    assert check_library(LIBRARY) == []


def test_file_names_are_ids() -> None:
    for folder in FOLDERS:
        files = sorted((ROOT if folder == "instruments" else ROOT / folder).glob("*.yaml"))
        assert [path.stem for path in files] == [entry.id for entry in getattr(LIBRARY, folder)]


def test_names_are_found_however_written() -> None:
    assert LIBRARY.find("PP-NRS") is LIBRARY.find("pp_nrs")
    assert LIBRARY.find("objective SCORAD") is LIBRARY.find("oscorad")
    assert LIBRARY.find("iga") is LIBRARY.find("viga_ad")
    assert LIBRARY.find("hads") is None


def test_compiled_content_is_the_same() -> None:
    packed = msgspec.msgpack.encode(LIBRARY)
    assert msgspec.msgpack.decode(packed, type=Library) == LIBRARY
    assert b"0.1" in packed and isinstance(instrument("easi").weights[0].weights["trunk"], Decimal)


def test_plain_data_converts_without_lines_too() -> None:
    plain = msgspec.to_builtins(instrument("easi"))
    assert msgspec.convert(plain, Instrument, strict=False) == instrument("easi")


def test_an_unknown_field_is_an_error() -> None:
    plain = msgspec.to_builtins(instrument("tis")) | {"colour": "blue"}
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert(plain, Instrument)


def test_every_figure_of_a_study_names_it() -> None:
    keys = source_keys(LIBRARY)
    assert len(keys) == len(set(keys)) and all(key == key.strip().lower() for key in keys)
    for one in LIBRARY.instruments:
        assert one.sources and all(s.source for s in (*one.bands, *one.important_changes))
        named = [c for c in one.responses if c.source or c.seen or c.seen_in]
        # Read, and where was not kept: a grade of 0 or 1 as success in trials.
        assert [c.id for c in one.responses if c not in named] in ([], ["viga_0_1"])
        assert all(f.source or f.seen or not f.verified for f in one.facts)


def test_item_text_is_topics_only() -> None:
    """Questionnaires that may not be shipped: short topics in our own words, and no question."""
    for one in LIBRARY.instruments:
        if one.licence.ship_item_text == "no":
            for item in one.items:
                assert "?" not in item.topic and len(item.topic.split()) <= 14, (one.id, item.topic)
                assert " your " not in f" {item.topic} " and " you " not in f" {item.topic} "


def test_unread_figures_say_so() -> None:
    assert not instrument("oscorad").bands[0].verified
    assert not instrument("recap").bands[0].verified
    assert not any(c.verified for t in LIBRARY.targets[-1].targets for c in t.any_of)
    assert LIBRARY.targets[-1].id == "t2t_2021"


def test_bands_are_shown_as_printed() -> None:
    limits = [band.limits for s in instrument("scorad").bands[:1] for band in s.bands]
    assert limits == ["0 to <25", "25-50", ">50-103"]
    scale = instrument("poem").important_changes[0].scale
    assert [band.limits for band in scale] == ["<=2", "2.1-2.9", "3-3.9", ">=4"]
    assert instrument("recap").important_changes[0].scale[0].limits == "<2.0"
    assert instrument("easi").bands[0].bands[0].limits == "0"
    assert instrument("easi").bands[0].bands[5].code == "very_severe"


def test_unknown_item_of_an_instrument() -> None:
    with pytest.raises(KeyError):
        instrument("easi").item("ooze")
