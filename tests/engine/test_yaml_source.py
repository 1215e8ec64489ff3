"""YAML and JSON text to typed values: exact, strict, with the line of every problem."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from atopy.yaml_source import Document, SourceError, convert, load_yaml, load_yaml_file, spell


def refused(text: str) -> str:
    with pytest.raises(SourceError) as raised:
        load_yaml(text, "f.yaml")
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("+7", 7),
        ("7.10", Decimal("7.10")),
        ("007", "007"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        (".5", ".5"),
        ("true", True),
        ("false", False),
        ("yes", "yes"),
        ("no", "no"),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ('"7"', "7"),
        ("'true'", "true"),
        ("2026-11-20", "2026-11-20"),
        ("12:30", "12:30"),
        ("[1, b]", [1, "b"]),
        ("{a: 1, 2: b}", {"a": 1, "2": "b"}),
        ("|\n 5", "5"),
        ("", None),
        ('{"a": [1.50, "x", null]}', {"a": [Decimal("1.50"), "x", None]}),
    ],
)
def test_what_a_scalar_is(text: str, value: object) -> None:
    """Only true and false are booleans, a date stays text, a number with a point is an exact decimal."""
    data = load_yaml(text, "f.yaml").data
    assert data == value
    assert type(data) is type(value)


def test_every_path_knows_the_line_of_its_key() -> None:
    document = load_yaml("a:\n  - x: 1\n  - y:\n      z: 2\nb: 3\n", "f.yaml")
    assert document.line(("a",)) == 1
    assert document.line(("a", 0, "x")) == 2
    assert document.line(("a", 1, "y")) == 3
    assert document.line(("a", 1, "y", "z")) == 4
    assert document.line(("b",)) == 5
    assert document.line(("a", 1, "nothing", "here")) == 3, "the nearest that has one"
    assert Document("f", None).line(("a",)) is None


def test_paths_are_spelt_as_a_reader_would() -> None:
    assert spell(("events", 3, "value")) == "events[3].value"
    assert spell((0, "id")) == "[0].id"
    assert spell(()) == ""


def test_every_key_given_twice_is_named() -> None:
    said = refused("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n").splitlines()
    assert said == [
        "f.yaml:2 at a: the key 'a' is given twice. Keep one of them.",
        "f.yaml:5 at b.c: the key 'c' is given twice. Keep one of them.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "f.yaml:2: not readable as YAML: did not find expected ',' or ']'. Check the line for"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: not readable as YAML: but found another document"),
        ("a: \x00", "f.yaml: not readable as YAML: "),
        ("{[a]: 1}", "f.yaml:1: a list or mapping cannot be a key. Write a word."),
        ("a: &x [*x]", "f.yaml: is nested too deeply, or an alias (*name) holds itself."),
        ("a: *x", "f.yaml:1: not readable as YAML: found undefined alias"),
        ("[" * 1500 + "]" * 1500, "f.yaml: is nested too deeply, or an alias"),
        ("[" * 100_000, "f.yaml: is nested too deeply to be read. Write the values as a list"),
        ("{a: " * 100_000, "f.yaml: is nested too deeply to be read."),
        ("- " * 100_000, "f.yaml: is nested too deeply to be read."),
        (f"a: {'9' * 5000}", "f.yaml:1 at a: is a number of 5000 digits. Write the number that was"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, said: str) -> None:
    assert refused(text).startswith(said)


def test_aliases_cannot_multiply_without_end() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    assert "holds more than 2000000 values (aliases counted each time)." in refused("\n".join(lines))


def test_an_alias_stands_for_its_value() -> None:
    assert load_yaml("a: &x {b: 1}\nc: *x\n", "f").data == {"a": {"b": 1}, "c": {"b": 1}}


def test_files_that_cannot_be_opened_or_are_not_text(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.yaml: cannot be opened: No such file or directory"):
        load_yaml_file(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"a: caf\xe9")
    with pytest.raises(SourceError, match=r"^shown: is not UTF-8 text \(byte 6\)"):
        load_yaml_file(tmp_path / "latin.yaml", "shown")


# -- to typed values


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    text: str = ""


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    inner: Inner
    several: list[Inner] = []
    named: dict[str, Inner] = {}
    maybe: Inner | None = None
    pair: tuple[int, ...] = ()
    either: int | str = 0


def problems(text: str) -> list[str]:
    document = load_yaml(text, "f.yaml")
    value, found = convert(document, document.data, Outer)
    assert (value is None) == bool(found)
    return [str(one) for one in found]


def test_what_fits_is_converted() -> None:
    document = load_yaml("inner: {number: 1}\nseveral: [{number: 2, text: b}]\npair: [1, 2]", "f.yaml")
    value, found = convert(document, document.data, Outer)
    assert value == Outer(Inner(1), [Inner(2, "b")], pair=(1, 2))
    assert found == []


def test_every_mistake_is_found_however_deep_and_all_at_once() -> None:
    text = """\
inner: {number: one}
several:
  - {number: 1}
  - {text: b}
  - {number: 1, colour: red}
named:
  first: {number: x}
maybe: {number: y}
pair: [1, b]
other: 1
"""
    assert problems(text) == [
        "f.yaml:10 at other: 'other' is not known here. Known are: either, inner, maybe, named, pair, several.",
        "f.yaml:1 at inner.number: Expected `int`, got `str`. Write a whole number, without quotes.",
        "f.yaml:4 at several[1]: 'number' is missing. Add 'number'.",
        "f.yaml:5 at several[2].colour: 'colour' is not known here. Known are: number, text.",
        "f.yaml:7 at named.first.number: Expected `int`, got `str`. Write a whole number, without quotes.",
        "f.yaml:8 at maybe.number: Expected `int`, got `str`. Write a whole number, without quotes.",
        "f.yaml:9 at pair[1]: Expected `int`, got `str`. Write a whole number, without quotes.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.yaml: is empty. Write keys with their values, as in `key: value`."),
        (
            "[1]",
            "f.yaml:1: Expected `object`, got `array`. Write keys with their values, as in `key: value`.",
        ),
        (
            "inner: 3",
            "f.yaml:1 at inner: Expected `object`, got `int`. Write keys with their values, as in `key: value`.",
        ),
        ("inner: {number: 1}\neither: [1]", "f.yaml:2 at either: Expected `int | str`, got `array`."),
        (
            "inner: {number: 1}\nmaybe: 3",
            "f.yaml:2 at maybe: Expected `object | null`, got `int`. Write keys with their values, as in `key: value`.",
        ),
        (
            "inner: {number: 1}\nseveral: 3",
            "f.yaml:2 at several: Expected `array`, got `int`. Write a list, each line beginning with `- `.",
        ),
    ],
)
def test_a_value_of_the_wrong_kind(text: str, said: str) -> None:
    assert problems(text) == [said]
