"""The bibliography: well-formed CSL-JSON, one record per citable source, aliases that resolve."""

import json
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest

from atopy.yaml_source import load_yaml_file

# What may be named as a source and is not a citation.
WITHOUT_REFERENCE = {"memory", "derived", "convention", "code-listing"}
# The CSL 1.0.1 types that are used; every processor knows them.
TYPES = {
    "article-journal", "chapter", "dataset", "entry-encyclopedia", "patent", "post-weblog", "report",
    "webpage",
}  # fmt: skip
TEXT_FIELDS = {
    "id", "type", "title", "container-title", "volume", "issue", "page", "number", "genre", "publisher",
    "DOI", "PMID", "PMCID", "URL", "note",
}  # fmt: skip
STATUSES = {
    None, "current", "superseded", "partly-superseded", "older-edition", "historic", "never-primary",
    "withdrawn",
}  # fmt: skip
SCALES = {
    None, "aad-grade", "jtf-grade", "bad-grade", "idsa-grade", "sort", "euroguiderm-arrows", "awmf-s3",
    "nice-wording", "nice-ta", "delphi", "ungraded-consensus", "eaaci",
}  # fmt: skip

Entry = dict[str, Any]


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "content" / "atopic-dermatitis"


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return (folder / "references.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def references(text: str) -> list[Entry]:
    loaded: list[Entry] = json.loads(text)
    return loaded


@pytest.fixture(scope="module")
def sources(folder: Path) -> dict[str, Entry]:
    loaded: dict[str, Entry] = load_yaml_file(folder / "sources.yaml").data
    return loaded


def is_address(host: str | None) -> bool:
    """Whether *host* is a bare IP address, not a name."""
    try:
        ip_address(host or "")
    except ValueError:
        return False
    return True


def test_one_way_to_write_the_file(text: str, references: list[Entry]) -> None:
    assert text == json.dumps(references, ensure_ascii=False, indent=1) + "\n"


def test_ids_are_unique_and_sorted(references: list[Entry], sources: dict[str, Entry]) -> None:
    ids = [r["id"] for r in references]
    assert ids == sorted(set(ids))
    assert list(sources) == sorted(sources)


def test_shape_is_csl(references: list[Entry]) -> None:
    for reference in references:
        name = reference["id"]
        assert reference["type"] in TYPES, name
        assert reference["title"].strip() == reference["title"] != "", name
        assert set(reference) <= TEXT_FIELDS | {"author", "issued", "custom"}, name
        assert all(isinstance(reference[f], str) and reference[f] for f in TEXT_FIELDS & set(reference)), name


def test_authors_are_names_or_bodies(references: list[Entry]) -> None:
    for reference in references:
        for author in reference.get("author", []):
            shapes = ({"family", "given"}, {"family", "given", "suffix"}, {"literal"})
            assert set(author) in shapes, reference["id"]
            assert "et al" not in " ".join(author.values()), reference["id"]


def test_dates_are_whole_numbers(references: list[Entry]) -> None:
    for reference in references:
        if "issued" not in reference:
            continue
        parts = reference["issued"]["date-parts"]
        assert 1 <= len(parts) <= 2, reference["id"]
        for date in parts:
            assert all(type(n) is int for n in date), reference["id"]
            limits = zip(date, ((1900, 2100), (1, 12), (1, 31)), strict=False)
            assert all(low <= n <= high for n, (low, high) in limits), reference["id"]


@pytest.mark.parametrize(
    ("field", "pattern"), [("DOI", r"10\.\d{4,9}/\S+"), ("PMID", r"[1-9]\d{0,7}"), ("PMCID", r"PMC\d+")]
)
def test_identifiers_have_their_form_and_name_one_work(
    references: list[Entry], field: str, pattern: str
) -> None:
    found = [r[field] for r in references if field in r]
    assert all(re.fullmatch(pattern, value) for value in found)
    assert len({v.lower() for v in found}) == len(found)


def test_no_two_references_stand_in_the_same_place(references: list[Entry]) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for r in references:
        if {"container-title", "volume", "page"} <= set(r):
            place = (r["container-title"], r["volume"], r["page"].split("-")[0])
            assert place not in seen, f"{r['id']} and {seen[place]} look like one work"
            seen[place] = r["id"]


def test_addresses_are_names_that_a_reader_can_cite(
    references: list[Entry], sources: dict[str, Entry]
) -> None:
    shown = [r["URL"] for r in references if "URL" in r]
    shown += [s["seen"] for s in sources.values() if s.get("seen")]
    for url in shown:
        parts = urlparse(url)
        assert parts.scheme in ("http", "https"), url
        assert "." in (parts.hostname or ""), url
        assert not is_address(parts.hostname), url


def test_a_copy_is_never_the_address_of_a_reference(
    references: list[Entry], sources: dict[str, Entry]
) -> None:
    copies = {s["seen"] for s in sources.values() if s.get("seen_is_copy")}
    assert [r["id"] for r in references if r.get("URL") in copies] == []


def test_every_alias_resolves_in_one_step(sources: dict[str, Entry]) -> None:
    for name, source in sources.items():
        if "alias_of" in source:
            assert "alias_of" not in sources[source["alias_of"]], name
            assert set(source) <= {
                "alias_of", "place", "seen", "seen_is_copy", "read", "reliability", "note",
            }, name  # fmt: skip
        for other in source.get("superseded_by", []) + source.get("supplemented_by", []):
            assert other in sources, f"{name} names {other}"


def test_each_citable_source_has_one_reference(references: list[Entry], sources: dict[str, Entry]) -> None:
    citable = {n for n, s in sources.items() if "alias_of" not in s and s["kind"] not in WITHOUT_REFERENCE}
    assert {r["id"] for r in references} == citable


def test_sources_say_what_they_are(sources: dict[str, Entry]) -> None:
    for name, source in sources.items():
        assert type(source["read"]) is bool, name
        assert "seen" in source, name
        if "alias_of" in source:
            continue
        assert source["kind"], name
        assert source["status"] in STATUSES, name
        assert source["strength_scale"] in SCALES, name
        assert source["year"] is None or 1900 < source["year"] < 2100, name
        assert source["jurisdiction"] is None or re.fullmatch("[a-z]{2}", source["jurisdiction"]), name
        if source["status"] == "superseded":
            assert source.get("superseded_by"), name


def test_what_is_only_remembered_claims_nothing(references: list[Entry], sources: dict[str, Entry]) -> None:
    for name in ("memory", "derived"):
        assert sources[name]["kind"] == name
    for name, source in sources.items():
        if source.get("kind") in ("memory", "derived", "convention"):
            assert source["read"] is False and source["seen"] is None, name
    for reference in references:
        recalled = reference.get("custom", {}).get("recalled", {})
        assert sorted(recalled) == sources[reference["id"]].get("recalled", []), reference["id"]
        facts = set(reference) - ({"title"} if "title" in recalled else set())
        assert not facts & set(recalled), reference["id"]
        if "year" in recalled:
            assert "issued" not in reference and sources[reference["id"]]["year"] is None, reference["id"]


def test_machine_written_sources_say_so(references: list[Entry], sources: dict[str, Entry]) -> None:
    for reference in references:
        if {"literal": "Dr.Oracle"} in reference.get("author", []):
            assert sources[reference["id"]]["kind"] == "machine-written", reference["id"]
    for name, source in sources.items():
        if source.get("kind") == "machine-written":
            assert "machine-written" in source["reliability"], name


def test_the_founding_documents(references: list[Entry], sources: dict[str, Entry]) -> None:
    review, answer = sources["seed-uptodate-2017"], sources["seed-droracle-2025"]
    assert review["founding"] and answer["founding"]
    assert (review["last_updated"], review["literature_current_through"]) == ("2015-02-02", "2017-11")
    assert (answer["last_updated"], answer["review_status"]) == ("2025-09-26", "under review")
    by_id = {r["id"]: r for r in references}
    assert by_id["seed-uptodate-2017"]["author"] == [{"family": "Spergel", "given": "JM"}]
    numbered = {n: s["founding_reference"] for n, s in sources.items() if "founding_reference" in s}
    assert numbered == {f"uptodate2017-{n:02d}": n for n in range(1, 83)}


def test_only_the_first_founding_reference_is_cited_by_number(sources: dict[str, Entry]) -> None:
    supports = {n: s["supports"] for n, s in sources.items() if "founding_reference" in s}
    assert [n for n, s in supports.items() if s["inferred"] is False] == ["uptodate2017-01"]
    assert all(s["topic"] and s["tags"] for s in supports.values())


@pytest.mark.parametrize(
    ("alias", "work"),
    [
        ("seed_003", "seed-droracle-2025"),
        ("aad_topical_2023", "aad-2023-topical"),
        ("aad2014_t7", "aad-2014-s3"),
        ("schram-2011", "uptodate2017-51"),
        ("beck-2014-nejm", "uptodate2017-74"),
        ("kada2019", "kada-2019"),
    ],
)
def test_one_work_under_several_names(sources: dict[str, Entry], alias: str, work: str) -> None:
    assert sources[alias]["alias_of"] == work


def test_near_names_of_different_works_stay_apart(references: list[Entry], sources: dict[str, Entry]) -> None:
    """chopra-2017 (bleach baths) and chopra2017 (severity strata) differ by a hyphen only."""
    titles = {r["id"]: r["title"] for r in references}
    assert "bleach" in titles["chopra-2017"] and "strata" in titles["chopra2017"]
    near: dict[str, list[str]] = {}
    for name in sources:
        near.setdefault(re.sub("[-_]", "", name), []).append(name)
    for names in (n for n in near.values() if len(n) > 1):
        works = {sources[n].get("alias_of", n) for n in names}
        if len(works) > 1:
            assert all("Not the same work" in sources[n]["note"] for n in names), names
