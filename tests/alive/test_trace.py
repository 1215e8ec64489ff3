"""From a statement to its references, and from a reference to everything that rests on it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Typed

from atopy.guideline.load import load
from atopy.guideline.rests import Rest, rests_on
from atopy.guideline.works import find

TOY = "tests/toy/hiccups"
Command = Callable[..., Typed]


def rests(folder: Path, key: str) -> dict[str, Rest]:
    return {f"{rest.id} ({rest.kind})": rest for rest in rests_on(load(folder), key)}


def test_each_piece_is_found_by_file_and_line(folder: Path) -> None:
    for rest in rests_on(load(folder), "label"):
        line = (folder / rest.file).read_text(encoding="utf-8").splitlines()[(rest.line or 0) - 1]
        assert rest.key in line, rest


def test_nothing_that_cites_it_is_missed(folder: Path) -> None:
    """As many as the text of the content names, counted without reading it as content."""
    named = sum(path.read_text(encoding="utf-8").count("source: society") for path in folder.rglob("*.yaml"))
    assert len(rests_on(load(folder), "society")) == named > 0


def test_what_has_no_other_source_is_left_with_nothing(folder: Path) -> None:
    found = rests(folder, "label")
    assert found["stillin-pregnancy (contraindication)"].without == "nothing"
    assert found["stillin (how to stop)"].without == "nothing"


def test_another_source_that_nobody_read_is_no_support(folder: Path) -> None:
    path = folder / "ladder" / "stillin.yaml"
    one = "sources: [{source: label, verified: true}]"
    two = "sources: [{source: label, verified: true}, {source: handbook, verified: %s}]"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(one, two % "false", 1), encoding="utf-8")
    assert rests(folder, "label")["stillin-pregnancy (contraindication)"].without == "nothing read"
    path.write_text(text.replace(one, two % "true", 1), encoding="utf-8")
    assert rests(folder, "label")["stillin-pregnancy (contraindication)"].without == "other sources"


def test_a_recommendation_stands_and_falls_with_its_source(folder: Path) -> None:
    assert rests(folder, "handbook")["stillin-handbook (recommendation)"].without == "nothing"


def test_another_name_is_the_same_work(folder: Path) -> None:
    assert rests(folder, "handbook_table_two") == rests(folder, "handbook")


def test_an_instrument_and_a_fact_rest_on_a_source_too(command: Command) -> None:
    said = command("guideline", "trace", "leshem2015", "--format", "json")
    kinds = {(rest["kind"], rest["id"]) for rest in json.loads(said.out)["rests"]}
    assert {("fact", "easi_band"), ("instrument, bands", "easi")} <= kinds


@pytest.mark.parametrize("asked", ["handbook", "10.5555/toy", "https://doi.org/10.5555/TOY", "toy 2025"])
def test_a_source_is_found_by_what_people_call_it(asked: str, folder: Path) -> None:
    content = load(folder)
    assert find(content.sources, content.references, asked) == "handbook"


def test_words_that_fit_two_sources_choose_none(command: Command) -> None:
    said = command("guideline", "trace", "chopra 2017")
    assert (said.code, said.out) == (2, "")
    assert "'chopra 2017' fits 2 sources: chopra-2017, chopra2017. Write the key of one." in said.err


def test_what_would_be_left_is_counted_and_listed(command: Command) -> None:
    said = command("guideline", "trace", "label", "--content", TOY)
    assert said.code == 0
    assert "Left without any source" in said.out
    assert "contraindication stillin-pregnancy" in said.out
    assert "not been read" not in said.out


def test_a_source_that_nothing_cites_says_so(command: Command) -> None:
    said = command("guideline", "trace", "housman2002")
    assert "Nothing rests on it: no piece of the content cites it." in said.out


def test_a_statement_is_cited_with_where_it_was_read_and_how_it_is_graded(command: Command) -> None:
    said = " ".join(command("guideline", "cite", "nemolizumab-use").out.split())
    assert "Davis DMR, Frazer-Green L" in said and "doi:10.1016/j.jaad.2025.05.1386" in said
    assert "read there · for, strong · certainty high" in said
    assert "memory · not verified" in said


@pytest.mark.parametrize(
    ("id_", "keys"),
    [
        ("stillin-pregnancy", ["label"]),
        ("stillin", ["handbook", "society", "memory", "label"]),
        ("drops", ["handbook", "society"]),
        ("handbook", ["handbook"]),
        ("10.5555/toy", ["handbook"]),
    ],
    ids=["a rule", "an option", "a disagreement", "a source", "a DOI"],
)
def test_whatever_has_an_id_can_be_cited(id_: str, keys: list[str], command: Command) -> None:
    said = json.loads(command("guideline", "cite", id_, "--content", TOY, "--format", "json").out)
    assert [r["key"] for r in said["references"]] == keys


def test_an_instrument_cites_the_studies_of_its_bands(command: Command) -> None:
    said = json.loads(command("guideline", "cite", "easi", "--format", "json").out)
    assert {"leshem2015", "hanifin2001"} <= {r["key"] for r in said["references"]}
    assert all(r["vancouver"] and r["csl"]["id"] == r["key"] for r in said["references"])


@pytest.mark.parametrize("style", ["markdown", "html"])
def test_in_other_formats(style: str, command: Command) -> None:
    assert (
        "Hiccup Study Group"
        in command("guideline", "cite", "stillin-handbook", "--content", TOY, "--format", style).out
    )


def test_an_id_that_there_is_not(command: Command) -> None:
    said = command("guideline", "cite", "stillin-pregnacy", "--content", TOY)
    assert (said.code, said.out) == (2, "")
    assert (
        "'stillin-pregnacy' is no id or source of this guideline. Did you mean stillin-pregnancy" in said.err
    )


def test_a_trial_cites_its_report_and_rests_on_it(command: Command) -> None:
    said = json.loads(command("guideline", "cite", "arcadia1", "--format", "json").out)
    assert [r["key"] for r in said["references"]] == ["silverberg-2024-arcadia"]
    rests = json.loads(command("guideline", "trace", "silverberg-2024-arcadia", "--format", "json").out)[
        "rests"
    ]
    assert ("trial", "arcadia1") in {(rest["kind"], rest["id"]) for rest in rests}
