"""What the pages say of the code, the content and the tests is so."""

import re
from pathlib import Path

import pytest
from tests.docs.documents import DOCS, ROOT, Block, blocks, pages
from tools.reference import MAKERS, Book, fields, nav
from tools.reference import blocks as pieces
from tools.reference import pages as reference

import atopy
from atopy.guideline import load_guideline
from atopy.guideline.courses import signatures as of_courses
from atopy.guideline.generate import signatures
from atopy.plan import json_schema
from atopy.record import check
from atopy.record.fhir_reading import READERS
from atopy.yaml_source import SourceError

_TEST = re.compile(r"tests/[\w./-]*(?:::\w+)?")
_PATH = re.compile(r"`((?:src|content|docs|examples|tools)/[\w./-]+)`")
RECORDS = [b for b in blocks() if b.language == "yaml" and b.text.startswith("atopy: 1\n")]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return reference()


# -- what is named exists


@pytest.mark.parametrize("page", pages())
def test_every_test_that_is_named_exists(page: str) -> None:
    missing = []
    for named in _TEST.findall(pages()[page]):
        path, _, function = named.rstrip(".").partition("::")
        file = ROOT / path
        if not file.exists() or (function and f"def {function}(" not in file.read_text(encoding="utf-8")):
            missing.append(named)
    assert missing == [], f"{page} names tests that are not there"


@pytest.mark.parametrize("page", pages())
def test_every_file_that_is_named_exists(page: str) -> None:
    missing = [path for path in _PATH.findall(pages()[page]) if not (ROOT / path).exists()]
    assert missing == []


def test_every_hazard_is_numbered_and_names_its_guard_and_a_test() -> None:
    rows = [
        line.strip("| ").split(" | ")
        for line in pages()["docs/safety.md"].splitlines()
        if line.startswith("| H")
    ]
    assert [row[0] for row in rows] == [f"H{number}" for number in range(1, len(rows) + 1)]
    assert len(rows) >= 17
    for _, hazard, guard, tests in rows:
        assert hazard and guard and _TEST.search(tests), hazard


def test_every_invariant_is_numbered_and_names_a_test() -> None:
    text = pages()["docs/architecture.md"]
    section = text[text.index("## Invariants") : text.index("## What is not here yet")]
    items = re.split(r"\n(?=\d+\. )", section)[1:]
    assert [int(item.split(".")[0]) for item in items] == list(range(1, len(items) + 1))
    assert len(items) >= 25
    for item in items:
        assert "tests/" in item, item


def test_no_page_names_a_machine() -> None:
    for page, text in pages().items():
        assert not re.search(r"(?<![\w.])/(?:home|root|work|tmp|Users)/", text), page


# -- examples


@pytest.mark.parametrize("block", RECORDS, ids=[f"{b.page}:{b.line}" for b in RECORDS])
def test_every_record_in_a_page_is_as_the_page_says(block: Block) -> None:
    before = "\n".join(pages()[block.page].splitlines()[: block.line - 1][-2:])
    if "refused" in before:
        with pytest.raises(SourceError) as error:
            atopy.read_record(block.text)
        assert len(error.value.problems) == 2
        return
    record = atopy.read_record(block.text)
    set_aside = [e for e in record.events if e.quarantined]
    assert bool(set_aside) is ("set aside" in before), check(record).lines()


def test_the_overlay_in_the_page_can_be_used(tmp_path: Path) -> None:
    (block,) = [b for b in blocks() if b.text.startswith("overlay: 1\n")]
    file = tmp_path / "overlay.yaml"
    file.write_text(block.text)
    plan = atopy.plan("atopy: 1\n", as_of="2026-11-20", overlay=file)
    assert plan.provenance.overlay == "example-hospital"


# -- the reference


def test_the_reference_is_the_same_twice(made: dict[str, str]) -> None:
    assert reference() == made


def test_everything_has_its_page(made: dict[str, str]) -> None:
    compiled = load_guideline()
    wanted = [f"reference/therapies/{t}.md" for t in compiled.therapies]
    wanted += [f"reference/topics/{t}.md" for t in compiled.topics]
    wanted += [f"reference/instruments/{i.id}.md" for i in compiled.instruments.instruments]
    assert set(wanted) <= set(made)
    for page, group in (
        ("factors", compiled.factors),
        ("mimics", compiled.mimics),
        ("red-flags", compiled.red_flags),
    ):
        text = made[f"reference/{page}.md"]
        assert all(f"{{: #{id_} }}" in text for id_ in group)
    assert all(f"{{: #{d} }}" in made["reference/disagreements.md"] for d in compiled.disagreements)
    tables = [name for name, fact in compiled.facts.items() if fact.table]
    assert all(f"{{: #fact-{name} }}" in made["reference/decisions.md"] for name in tables)


def test_every_page_is_in_the_navigation(made: dict[str, str]) -> None:
    listed = str(nav(made))
    assert [page for page in made if f"'{page}'" not in listed] == []


def test_every_statement_stands_in_the_reference(made: dict[str, str]) -> None:
    from atopy.guideline.compile import statements_of

    compiled = load_guideline()
    whole = "\n".join(made.values())
    groups = (
        compiled.therapies, compiled.factors, compiled.allergens, compiled.mimics, compiled.red_flags, compiled.topics,
    )  # fmt: skip
    statements = [s for group in groups for item in group.values() for s in statements_of(item)]
    checks = {a.id for t in compiled.therapies.values() for c in (*t.before, *t.monitor) for a in c.act}
    assert [s.id for s in statements if f"`{s.id}`" not in whole and s.id not in checks] == []
    assert len(statements) > 300


def test_unread_advice_is_marked_where_it_stands(made: dict[str, str]) -> None:
    compiled = load_guideline()
    for t in compiled.therapies.values():
        unread = sum(not g.verified for g in t.recommended)
        assert made[f"reference/therapies/{t.id}.md"].count("**not read**: decides nothing") == unread


def test_the_program_knows_what_generated_facts_say() -> None:
    from tools.reference.book import GENERATED

    assert set(GENERATED) == {*signatures(()), *of_courses()}


def test_every_maker_is_used() -> None:
    book = Book(load_guideline())
    names = [name for maker in MAKERS for name, _ in maker(book)]
    assert len(names) == len(set(names))


# -- the formats


FIELDS = sorted(
    {
        argument
        for text in pages().values()
        for kind, argument in re.findall(r"<!-- made: (\S+) (\S+)", text)
        if kind == "fields"
    }
)


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_explained(name: str) -> None:
    assert [f.name for f in fields.fields(name) if not f.comment] == []


def test_the_plan_is_documented_whole() -> None:
    documented = {
        argument
        for kind, argument in re.findall(r"<!-- made: (\S+) (\S+)", pages()["docs/plan-format.md"])
        if kind == "fields"
    }
    assert documented == set(json_schema()["$defs"])  # type: ignore[call-overload]


def test_the_sections_are_listed_in_the_plans_order() -> None:
    plan = atopy.plan("atopy: 1\n", as_of="2026-11-20")
    shown = [s.id for s in plan.sections]
    assert [code for code in load_guideline().phrases.sections if code in shown] == shown


def test_every_shape_of_a_key_has_words() -> None:
    from typing import get_args

    from atopy.record.schema import Shape

    assert set(get_args(Shape)) - {"choice", "adherence"} == set(pieces._SHAPES)


def test_every_fhir_resource_that_is_read_is_documented() -> None:
    text = pages()["docs/record-format.md"]
    assert [name for name in READERS if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("page", [p for p in pages() if p.startswith("docs/")])
def test_every_piece_can_be_made(page: str) -> None:
    filled = pieces.filled(pages()[page], page)
    assert "<!-- made:" not in filled


def test_a_piece_that_nobody_makes_is_named() -> None:
    with pytest.raises(KeyError, match=r"index.md: no piece is called 'colour'; there are any, attestable"):
        pieces.filled("<!-- made: colour red -->", "index.md")


def test_every_struct_of_a_content_folder_is_documented() -> None:
    from atopy.guideline import schema, trials

    documented = {
        argument
        for kind, argument in re.findall(r"<!-- made: (\S+) (\S+)", pages()["docs/content-format.md"])
        if kind == "fields"
    }
    structs = {
        name
        for module in (schema, trials)
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    assert structs <= documented


def test_titles_are_short() -> None:
    for page, text in pages().items():
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        assert (title and len(title[1]) <= 40) or page.startswith(("docs/decisions/", "CHANGELOG")), page
    assert DOCS.is_dir()
