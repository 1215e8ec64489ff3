"""New evidence from a file: shown first, written only when asked; twice adds nothing; nothing counts as read."""

import json
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.alive.conftest import edit
from tests.cli.conftest import Typed
from tests.spec.engines import TOY

from atopy.guideline import load_guideline
from atopy.guideline.compile import compile_folder
from atopy.guideline.imports import import_file
from atopy.guideline.imports.references import with_entries, with_sources
from atopy.guideline.imports.same import plain_title, same_by
from atopy.guideline.imports.trial_text import as_yaml
from atopy.guideline.load import load
from atopy.guideline.trials import Trial
from atopy.yaml_source import SourceError, convert, load_yaml

Command = Callable[..., Typed]

RIS = """\
TY  - JOUR
AU  - Toy, Anna Berta
AU  - Müller-Lüdenscheidt, Jean-Luc
AU  - Hiccup Study Group
TI  - Stillin in hiccups: a randomised trial.
T2  - Journal of Hiccups
J2  - J Hiccup
PY  - 2026
VL  - 4
IS  - 1
SP  - 11
EP  - 19
DO  - https://doi.org/10.5555/new
DB  - PubMed
AN  - 12345678
C2  - PMC777
UR  - https://example.org/new
ER  -
"""
BIBTEX = r"""
@article{a,
  title = {Stillin in {Hiccups}: a randomised trial},
  author = {M{\"u}ller, Anna and {Smith and Sons} and Jean van der Berg},
  journal = {J Hiccup}, year = 2026, volume = 4, number = {1}, pages = {11--19},
  doi = {10.5555/new}, pmid = {12345678}
}
"""
HEAD = "trial,source,population,registration,arm,regimen,randomised,outcome,week,events,of,percent,mean,sd,seen\n"
CSV = HEAD + (
    "calm9,handbook,grown,NCT09999999,water,water,50,quiet,1,10,50,20,,,https://example.org/a\n"
    "calm9,handbook,grown,NCT09999999,stillin,stillin10,50,quiet,1,,50,60,,,https://example.org/a\n"
    "calm9,handbook,grown,NCT09999999,water,water,50,hiccups_a_day,1,,50,,40,9.5,\n"
    "calm9,handbook,grown,NCT09999999,stillin,stillin10,50,hiccups_a_day,1,,50,,25,10,\n"
)


@pytest.fixture
def bring(command: Command, folder: Path, tmp_path: Path) -> Callable[..., Typed]:
    """``atopy guideline import`` of some text, into the guideline that may be changed."""

    def run(name: str, text: str, *words: str) -> Typed:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return command("guideline", "import", str(path), "--content", str(folder), *words)

    return run


def references(folder: Path) -> dict[str, dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((folder / "references.json").read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in entries}


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# -- references


def test_a_reference_of_ris_becomes_csl(bring: Callable[..., Typed], folder: Path) -> None:
    said = bring("new.ris", RIS, "--write")
    assert said.code == 0, said.err
    assert references(folder)["toy-2026-stillin"] == {
        "id": "toy-2026-stillin", "type": "article-journal", "title": "Stillin in hiccups: a randomised trial",
        "author": [{"family": "Toy", "given": "AB"}, {"family": "Müller-Lüdenscheidt", "given": "JL"},
                   {"literal": "Hiccup Study Group"}],
        "issued": {"date-parts": [[2026]]}, "container-title": "J Hiccup", "volume": "4", "issue": "1", "page": "11-19",
        "DOI": "10.5555/new", "PMID": "12345678", "PMCID": "PMC777", "URL": "https://doi.org/10.5555/new",
    }  # fmt: skip


def test_an_entry_of_bibtex_becomes_csl(bring: Callable[..., Typed], folder: Path) -> None:
    assert bring("new.bib", BIBTEX, "--write").code == 0
    assert references(folder)["muller-2026-stillin"] == {
        "id": "muller-2026-stillin", "type": "article-journal", "title": "Stillin in Hiccups: a randomised trial",
        "author": [{"family": "Müller", "given": "A"}, {"literal": "Smith and Sons"},
                   {"family": "van der Berg", "given": "J"}],
        "issued": {"date-parts": [[2026]]}, "container-title": "J Hiccup", "volume": "4", "issue": "1", "page": "11-19",
        "DOI": "10.5555/new", "PMID": "12345678", "URL": "https://doi.org/10.5555/new",
    }  # fmt: skip


def test_what_is_imported_counts_as_read_by_nobody(bring: Callable[..., Typed], folder: Path) -> None:
    bring("new.ris", RIS, "--write")
    compiled = compile_folder(folder)
    assert compiled.sources["toy-2026-stillin"].read is False
    assert compiled.sources["toy-2026-stillin"].note == "Imported from new.ris; nobody has read it yet."
    assert "Toy AB, Müller-Lüdenscheidt JL" in compiled.bibliography["toy-2026-stillin"]


@pytest.mark.parametrize(("name", "text"), [("new.ris", RIS), ("new.bib", BIBTEX), ("new.csv", CSV)])
def test_without_being_asked_nothing_is_written(
    name: str, text: str, bring: Callable[..., Typed], folder: Path
) -> None:
    before = files(folder)
    said = bring(name, text)
    assert said.code == 0, said.err
    assert "Nothing is written without --write." in " ".join(said.out.split())
    assert "+++ b/" in said.out
    assert files(folder) == before


@pytest.mark.parametrize(("name", "text"), [("new.ris", RIS), ("new.bib", BIBTEX), ("new.csv", CSV)])
def test_to_import_twice_adds_nothing(
    name: str, text: str, bring: Callable[..., Typed], folder: Path
) -> None:
    bring(name, text, "--write")
    before = files(folder)
    again = bring(name, text, "--write")
    assert "0 new" in again.out and "There is nothing to write." in again.out
    assert files(folder) == before


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ("TI  - Another title altogether\nPY  - 1999\nDO  - 10.5555/TOY", "the same DOI"),
        ("TI  - The Toy Handbook, of: Hiccups\nPY  - 2025", "the same title and year"),
    ],
)
def test_what_is_there_is_recognised(fields: str, by: str, bring: Callable[..., Typed], folder: Path) -> None:
    said = bring("new.ris", f"TY  - JOUR\n{fields}\nER  - \n", "--write")
    assert f"new.ris:1 is handbook, by {by}." in " ".join(said.out.split())
    assert "There is nothing to write." in said.out


def test_one_work_twice_in_a_file_comes_in_once(bring: Callable[..., Typed], folder: Path) -> None:
    said = bring("new.ris", RIS + "\n" + RIS.replace("10.5555/new", "10.5555/NEW"), "--write")
    assert "1 new, 1 there already." in said.out
    assert "is toy-2026-stillin, by the same DOI" in " ".join(said.out.split())


def test_what_the_file_knows_more_is_told_and_not_written_over(
    bring: Callable[..., Typed], folder: Path
) -> None:
    before = files(folder)
    said = bring(
        "new.ris", "TY  - JOUR\nTI  - X\nDO  - 10.5555/toy\nDB  - PubMed\nAN  - 77\nER  - \n", "--write"
    )
    assert "(the file also gives PMID 77)" in " ".join(said.out.split())
    assert files(folder) == before


def test_an_id_that_is_taken_is_numbered(bring: Callable[..., Typed], folder: Path) -> None:
    other = RIS.replace("10.5555/new", "10.5555/other").replace("12345678", "87654321")
    bring("new.ris", RIS + "\n" + other, "--write")
    assert {"toy-2026-stillin", "toy-2026-stillin-2"} <= set(references(folder))


def test_every_wrong_entry_is_named_at_once_with_its_line(bring: Callable[..., Typed], folder: Path) -> None:
    before = files(folder)
    wrong = (
        "TY  - JOUR\nPY  - 2020\nER  - \n"
        "\nTY  - SONG\nTI  - A song\nPY  - 2020\nER  - \n"
        "\nTY  - JOUR\nTI  - Undated\nER  - \n"
        "\nTY  - JOUR\nTI  - Bad numbers\nPY  - soon\nDO  - doi.org\nDB  - PubMed\nAN  - 12x\nER  - \n"
        "\nhello\n"
    )
    said = bring("bad.ris", RIS + wrong, "--write")
    assert (said.code, said.out) == (2, "")
    told = said.err.splitlines()
    start = RIS.count("\n")
    for line, message in (
        (start + 1, "at title: has no title."),
        (start + 5, "at type: 'SONG' is no kind of source"),
        (start + 10, "at year: has neither year, DOI nor PubMed number"),
        (start + 14, "at year: 'soon' is no year."),
        (start + 14, "at doi: 'doi.org' is no DOI."),
        (start + 14, "at pmid: '12x' is no PubMed number."),
        (start + 22, "is no reference in RIS."),
    ):
        assert any(t.startswith(f"bad.ris:{line}") and message in t for t in told), (line, message, told)
    assert "7 problems. Nothing was computed." in said.err
    assert files(folder) == before


def test_a_wrong_entry_of_bibtex_is_named_with_its_line(bring: Callable[..., Typed]) -> None:
    said = bring("bad.bib", BIBTEX + "\n@article{bad title={x}\n\n@article{a, title={Again}, year=2020}\n")
    assert said.code == 2
    assert said.err.startswith("bad.bib:9: cannot be read: Expected comma after entry key"), (
        "and nothing before it"
    )
    assert "bad.bib:11: cannot be read: Duplicate entry key 'a'" in said.err
    assert "holds no BibTeX entry" in bring("empty.bib", "nothing here").err


# -- arms of trials


def test_arms_become_a_trial_that_nobody_has_read(bring: Callable[..., Typed], folder: Path) -> None:
    said = bring("new.csv", CSV, "--write")
    assert said.code == 0, said.err
    trial: Trial = load(folder).trials["calm9"].value
    assert (trial.source, trial.population, trial.year, trial.registration) == (
        "handbook",
        "grown",
        2025,
        "NCT09999999",
    )
    assert [(a.id, a.regimen, a.randomised) for a in trial.arms] == [
        ("water", "water", 50), ("stillin", "stillin10", 50),
    ]  # fmt: skip
    figures = [f for result in trial.results for f in result.figures]
    assert [(f.events, f.of, f.counted, f.mean, f.sd) for f in figures] == [
        (10, 50, "reported", None, None), (30, 50, "from percent", None, None),
        (None, 50, None, 40, 9.5), (None, 50, None, 25, 10),
    ]  # fmt: skip
    assert not any(f.verified or f.size_verified for f in figures)
    assert not any(f.spread_verified for f in figures if f.mean is not None)
    assert compile_folder(folder).trials.keys() == {"calm1", "calm2", "calm9", "drops1"}


def test_what_trials_would_move_is_shown_and_that_nobody_read_them(bring: Callable[..., Typed]) -> None:
    said = " ".join(bring("new.csv", CSV).out.split())
    assert "Pooled: quiet, grown" in said and "→ 3 trials" in said.replace("2 → 3", "→ 3")
    assert "Only with figures that nobody read yet" in said
    moved = json.loads(bring("new.csv", CSV, "--format", "json").out)["pooled"]
    assert {pool["outcome"] for pool in moved} == {"quiet", "hiccups_a_day"}
    assert all(pool["unverified"] for pool in moved)


def test_rows_join_a_trial_that_is_there(bring: Callable[..., Typed], folder: Path) -> None:
    before: Trial = load(folder).trials["calm1"].value
    row = "calm1,handbook,grown,,{arm},{regimen},100,quiet,2,{events},100,,,,\n"
    rows = [
        row.format(arm="water", regimen="water", events=21),
        row.format(arm="stillin", regimen="stillin10", events=51),
    ]
    assert bring("more.csv", HEAD + "".join(rows), "--write").code == 0
    after: Trial = load(folder).trials["calm1"].value
    assert after.arms == before.arms
    kept = [r for r in after.results if r in before.results]
    assert kept == before.results
    (new,) = (r for r in after.results if r not in before.results)
    assert (new.outcome, new.week, [f.events for f in new.figures]) == ("quiet", 2, [21, 51])


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("calm9,handbook", ",handbook", 2, "at trial: is empty."),
        ("handbook,grown", "nobody,grown", 2, "at source: 'nobody' is no source of this guideline."),
        ("handbook,grown", "handbook,young", 2, "at population: 'young' is no population of evidence.yaml."),
        ("water,water", "water,waters", 2, "at regimen: 'waters' is no regimen of evidence.yaml. Did you mean water"),
        ("quiet,1", "silence,1", 2, "at outcome: 'silence' is no outcome of evidence.yaml."),
        ("quiet,1,10", "quiet,soon,10", 2, "at week: 'soon' is no number."),
        (",10,50,20", ",10.5,50,20", 2, "at events: '10.5' is no whole number."),
        (",10,50,20", ",60,50,", 2, "at events: 60 events of 50 people."),
        (",10,50,20", ",10,50,40", 2, "at percent: 10 of 50 are 20.0 %, not 40 %."),
        (",10,50,20", ",10,,", 2, "at of: events of how many people is not said."),
        (",10,50,20", ",,50,", 2, "at events: neither events nor a mean"),
        (",10,50,20", ",-1,50,", 2, "at events: -1 is below 0."),
        (",10,50,20", ",,50,120", 2, "at percent: 120 % cannot be."),
        ("50,quiet,1,10,50,20,,", "50,quiet,1,10,50,20,4,", 2, "at mean: both events and a mean"),
        (",,50,,40,9.5", ",,50,,,9.5", 4, "at mean: a spread without its mean."),
        ("hiccups_a_day,1,,50,,40", "quiet,2,,50,,40", 4, "at outcome: quiet is binary: it needs events."),
        ("stillin,stillin10,50,quiet", "water,water,50,quiet", 3, "says the same as line 2"),
        ("https://example.org/a\n", "https://example.org/a,more\n", 2, "has more cells than there are columns."),
        ("week,events", "week,happened", 1, "at happened: is no column that is known."),
        (",seen\n", ",verified\n", 1, "at verified: cannot be imported"),
        ("trial,source", "study,source", 1, "at trial: is missing among the columns."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_with_line_and_column(
    old: str, new: str, line: int, message: str, bring: Callable[..., Typed], folder: Path
) -> None:
    before = files(folder)
    assert old in CSV
    said = bring("bad.csv", CSV.replace(old, new, 1), "--write")
    assert (said.code, said.out) == (2, "")
    assert any(t.startswith(f"bad.csv:{line}") and message in t for t in said.err.splitlines()), said.err
    assert files(folder) == before


def test_all_wrong_rows_are_named_at_once(bring: Callable[..., Typed]) -> None:
    said = bring("bad.csv", CSV.replace("handbook,", "nobody,"))
    assert [t.split(" ")[0] for t in said.err.splitlines()[:4]] == [f"bad.csv:{n}" for n in (2, 3, 4, 5)]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("calm1,handbook,grown,,water,water,100,quiet,1,21,100,,,,", "has events 20, the row 21."),
        ("calm1,society,grown,,water,water,100,quiet,1,20,100,,,,", "has source handbook, the row society."),
        ("calm1,handbook,grown,,water,tonic1,100,quiet,1,20,100,,,,", "has regimen water, the row tonic1."),
        ("calm1,handbook,grown,,water,water,99,quiet,1,20,100,,,,", "has randomised 100, the row 99."),
    ],
)
def test_what_the_content_says_otherwise_is_never_written_over(
    row: str, message: str, bring: Callable[..., Typed], folder: Path
) -> None:
    before = files(folder)
    said = bring("bad.csv", f"{HEAD}{row}\n", "--write")
    assert said.code == 2 and message in said.err and "bad.csv:2" in said.err
    assert files(folder) == before


def test_a_trial_under_another_name_is_not_counted_twice(bring: Callable[..., Typed], folder: Path) -> None:
    bring("new.csv", CSV, "--write")
    said = bring("again.csv", CSV.replace("calm9", "calm10"))
    assert said.code == 2 and "NCT09999999 is the trial 'calm9' already. Write calm9." in said.err


def test_a_trial_of_one_arm_compares_nothing(bring: Callable[..., Typed]) -> None:
    said = bring("one.csv", "".join(CSV.splitlines(keepends=True)[:2]))
    assert said.code == 2 and "the trial 'calm9' has one arm only: it compares nothing." in said.err


def test_comments_of_a_file_are_not_lost(bring: Callable[..., Typed], folder: Path) -> None:
    edit(folder, "trials/calm1.yaml", "id: calm1\n", "# read twice\nid: calm1\n")
    said = bring("more.csv", HEAD + "calm1,handbook,grown,,water,water,100,quiet,2,21,100,,,,\n")
    assert said.code == 2 and "trials/calm1.yaml holds comments, which would be lost." in said.err


def test_an_empty_table(bring: Callable[..., Typed]) -> None:
    assert "holds no row." in bring("none.csv", HEAD + ",,,,,,,,,,,,,,\n").err
    assert "is missing among the columns." in bring("none.csv", "").err


# -- files


def test_a_file_of_another_kind(bring: Callable[..., Typed]) -> None:
    said = bring("new.docx", "x")
    assert said.code == 2 and "is of no kind that can be imported." in said.err


def test_a_file_that_is_not_there_or_no_text(command: Command, folder: Path, tmp_path: Path) -> None:
    said = command("guideline", "import", str(tmp_path / "none.ris"), "--content", str(folder))
    assert said.code == 2 and "cannot be opened" in said.err
    (tmp_path / "latin.ris").write_bytes("TI  - é".encode("latin-1"))
    said = command("guideline", "import", str(tmp_path / "latin.ris"), "--content", str(folder))
    assert said.code == 2 and "is not UTF-8 text" in said.err


def test_content_that_is_wrong_takes_nothing_in(bring: Callable[..., Typed], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "rung: calmers", "rnug: calmers")
    said = bring("new.ris", RIS, "--write")
    assert said.code == 2 and "ladder/stillin.yaml:3" in said.err


def test_what_would_not_be_sound_is_not_written(bring: Callable[..., Typed], folder: Path) -> None:
    """The trial's id is an option's: the lints of the content say so before anything is written."""
    before = files(folder)
    said = bring("new.csv", CSV.replace("calm9", "stillin"), "--write")
    assert said.code == 2 and "the id 'stillin' is used elsewhere" in said.err
    assert files(folder) == before


def test_for_a_machine(bring: Callable[..., Typed]) -> None:
    said = json.loads(bring("new.ris", RIS, "--format", "json").out)
    assert said["written"] is False and set(said["files"]) == {"references.json", "sources.yaml"}
    assert len(said["added"]) == 1 and said["known"] == []


def test_into_what_is_shipped_a_reference_comes_in_order(tmp_path: Path, repository: Path) -> None:
    """By id, in the one way to write references.json, and nothing else of either file moves."""
    folder = repository / "content" / "atopic-dermatitis"
    path = tmp_path / "new.ris"
    path.write_text(RIS, encoding="utf-8")
    found = import_file(path, load(folder))
    entries = json.loads(found.files["references.json"])
    assert [e["id"] for e in entries] == sorted(e["id"] for e in entries)
    old = (folder / "references.json").read_text(encoding="utf-8")
    assert old == with_entries(json.loads(old), [])
    sources = load_yaml(found.files["sources.yaml"], "sources.yaml").data
    assert list(sources) == sorted(sources)
    assert set(sources) - {"toy-2026-stillin"} == set(load(folder).sources)
    assert len(found.files["sources.yaml"]) - len((folder / "sources.yaml").read_text()) < 300


# -- laws


@pytest.mark.parametrize("trial", sorted(load_guideline().trials))
def test_a_trial_that_is_written_is_the_trial_that_is_read(trial: str) -> None:
    value = load_guideline().trial_data()[1][trial]
    document = load_yaml(as_yaml(value), "x.yaml")
    again, problems = convert(document, document.data, Trial)
    assert problems == [] and again == value


WORDS = st.text(string.ascii_letters + " äß-:'\"#{}&", min_size=1, max_size=30).map(str.strip).filter(bool)


@given(WORDS, st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from(["", " ", ".", "-"]))
def test_case_and_stops_make_no_other_title(title: str, change: Callable[[str], str], end: str) -> None:
    if "ß" not in title:
        assert plain_title(change(title) + end) == plain_title(title)


ENTRIES = st.fixed_dictionaries(
    {"title": st.sampled_from(["One", "one.", "Two"])},
    optional={
        "DOI": st.sampled_from(["10.1/a", "10.1/A", "10.1/b"]),
        "PMID": st.sampled_from(["1", "2"]),
        "issued": st.sampled_from([{"date-parts": [[2020]]}, {"date-parts": [[2021]]}]),
    },
)


@given(ENTRIES, ENTRIES)
def test_sameness_goes_both_ways_and_everything_that_can_be_told_is_itself(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert same_by(one, other) == same_by(other, one)
    if "DOI" in one or "PMID" in one or "issued" in one:
        assert same_by(one, one) is not None


@given(st.lists(st.tuples(WORDS, st.integers(1950, 2030)), min_size=1, max_size=4))
@settings(max_examples=20)
def test_whatever_is_imported_is_known_afterwards(listed: list[tuple[str, int]]) -> None:
    """Titles of any kind: after one import the same file holds nothing new."""
    import tempfile

    text = "".join(f"TY  - JOUR\nTI  - {title} x\nPY  - {year}\nER  - \n" for title, year in listed)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "x.ris"
        path.write_text(text, encoding="utf-8")
        content = load(TOY)
        first = import_file(path, content)
        content.references = {e["id"]: e for e in json.loads(first.files["references.json"])}
        again = import_file(path, content)
        sources = load_yaml(first.files["sources.yaml"], "sources.yaml").data
    assert again.nothing and len(again.known) == len(listed)
    assert set(sources) >= set(content.references)


def test_a_source_stands_before_the_first_that_follows_it() -> None:
    text = "# a head\n\nalpha:\n  kind: x\n\ngamma:\n  kind: x\n"
    new = [{"id": "beta", "type": "book", "title": "B"}, {"id": "zeta", "type": "book", "title": "Z"}]
    assert list(load_yaml(with_sources(text, new, "f"), "f").data) == ["alpha", "beta", "gamma", "zeta"]
    assert with_sources(text, new, "f").startswith("# a head\n\nalpha:\n  kind: x\n\nbeta:\n")


def test_content_without_evidence_takes_no_trials(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(CSV, encoding="utf-8")
    (folder / "evidence.yaml").unlink()
    content = load(folder)
    content.problems.clear()
    with pytest.raises(SourceError, match=r"evidence\.yaml: is not there"):
        import_file(path, content)
