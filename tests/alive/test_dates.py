"""Every statement has a day since which it is said, and one by which it is read again; what is overdue is listed."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.alive.conftest import edit
from tests.cli.conftest import Typed
from tests.engine.plans import READY, plan

from atopy.guideline import load_guideline
from atopy.guideline.compile import compile_folder
from atopy.guideline.currency import Dates, dates
from atopy.guideline.signing import Reviewer, begin, decide, read
from atopy.plan import Guidance
from atopy.plan.reviewed import piece_of
from atopy.record import day_words
from atopy.render import as_text
from atopy.yaml_source import SourceError

Command = Callable[..., Typed]
CURRENCY = (
    'review_status: submitted\ncurrency: {since: "2026-02-01", otherwise: 1 year, review_after: {%s}}\n'
)


def dated(folder: Path) -> dict[str, Dates]:
    return {one.piece.id: one for one in dates(*read(folder))}


def with_currency(folder: Path, after: str = "contraindication: 6 months") -> Path:
    edit(folder, "guideline.yaml", "languages: [en]\n", "languages: [en]\n" + CURRENCY % after)
    return folder


def test_every_piece_that_is_shipped_has_both_dates() -> None:
    compiled = load_guideline()
    days = {
        id_: day
        for day, raw in compiled.review_by.items()
        for id_ in msgspec.msgpack.decode(raw, type=list[str])
    }
    assert len(days) > 2000
    assert all(date.fromisoformat(day) > date(2026, 11, 20) for day in days.values())
    inside = {
        part.id
        for t in compiled.therapies.values()
        for part in (*t.statements, *t.contraindicated, *t.regimens)
    }
    assert inside <= set(days)


def test_without_a_word_it_is_a_year_from_the_last_update(folder: Path) -> None:
    found = dated(folder)["stillin-pregnancy"]
    assert (found.effective, found.review_by) == ("2026-01-15", "2027-01-15")


def test_the_guideline_says_since_when_and_how_long_each_kind_may_stand(folder: Path) -> None:
    found = dated(with_currency(folder))
    assert (found["stillin-pregnancy"].effective, found["stillin-pregnancy"].review_by) == (
        "2026-02-01",
        "2026-08-01",
    )
    assert found["stillin-by-weight"].review_by == "2027-02-01"


def test_a_statement_says_otherwise_of_itself(folder: Path) -> None:
    found = dated(folder)["stillin-now"]
    assert (found.effective, found.review_by) == ("2026-01-01", "2027-12-31")


def test_any_kind_of_piece_may_say_otherwise_and_an_item_speaks_for_its_parts(folder: Path) -> None:
    edit(
        folder,
        "ladder/stillin.yaml",
        "    when: pregnant\n",
        '    when: pregnant\n    review_by: "2026-06-01"\n',
    )
    edit(folder, "ladder/stillin.yaml", "rung: calmers\n", 'rung: calmers\nreview_by: "2026-09-01"\n')
    found = dated(folder)
    assert found["stillin-pregnancy"].review_by == "2026-06-01"
    assert found["stillin-potassium"].review_by == found["stillin"].review_by == "2026-09-01"
    assert found["stillin-now"].review_by == "2027-12-31"


def test_to_approve_is_to_have_read_it(folder: Path) -> None:
    who = Reviewer("A. Doctor", "dermatologist")
    begin(folder, "stillin", who, date(2027, 3, 1))
    assert dated(folder)["stillin"].review_by == "2027-01-15", "beginning to read is not enough"
    decide(folder, "stillin", "approved", who, date(2027, 3, 2))
    found = dated(folder)
    assert found["stillin"].review_by == found["stillin-pregnancy"].review_by == "2028-03-02"
    assert found["stillin-now"].review_by == "2028-03-02", "never earlier than its own day, and this is later"
    assert found["placatol"].review_by == "2027-01-15"
    edit(folder, "ladder/stillin.yaml", "stomach ulcer (US label)", "stomach ulcers (US label)")
    assert dated(folder)["stillin"].review_by == "2027-01-15"


@pytest.mark.parametrize(
    ("currency", "message"),
    [
        ('{since: "2026-02-30", otherwise: 1 year}', "'2026-02-30' is not a date"),
        ('{since: "2026-02-01", otherwise: soon}', "'soon' is not a span"),
        (
            '{since: "2026-02-01", otherwise: 1 year, review_after: {opinion: 1 year}}',
            "'opinion' is no kind of piece",
        ),
        ('{since: "2026-02-01", otherwise: 1 year, review_after: {check: later}}', "'later' is not a span"),
    ],
)
def test_what_cannot_be_counted_is_named_with_its_line(currency: str, message: str, folder: Path) -> None:
    edit(folder, "guideline.yaml", "languages: [en]\n", f"languages: [en]\ncurrency: {currency}\n")
    with pytest.raises(SourceError, match=rf"guideline\.yaml:10.*{message}"):
        compile_folder(folder)


def test_an_item_shows_its_dates(command: Command, folder: Path) -> None:
    for id_, since, until in (
        ("stillin-now", "2026-01-01", "2027-12-31"),
        ("stillin", "2026-01-15", "2027-01-15"),
    ):
        said = " ".join(command("guideline", "show", id_, "--content", str(folder)).out.split())
        assert f"said since {day_words(since)}, to be read again by {day_words(until)}" in said
    assert "to be read again" not in command("guideline", "show", "potassium", "--content", str(folder)).out


# -- what is overdue


def test_on_its_last_day_nothing_is_overdue_yet(folder: Path) -> None:
    compiled = compile_folder(folder)
    assert compiled.overdue("2027-01-15") == {}
    assert compiled.overdue("2027-01-16")["stillin"] == "2027-01-15"
    assert "stillin-now" not in compiled.overdue("2027-01-16")


@given(st.dates(date(2025, 1, 1), date(2031, 1, 1)), st.dates(date(2025, 1, 1), date(2031, 1, 1)))
def test_what_is_overdue_stays_so(one: date, other: date) -> None:
    compiled = load_guideline(Path("tests/toy/hiccups").resolve())
    early, late = sorted((one.isoformat(), other.isoformat()))
    assert compiled.overdue(early).items() <= compiled.overdue(late).items()


def test_the_list_names_file_and_line(command: Command, folder: Path) -> None:
    said = command("guideline", "overdue", "--as-of", "2027-01-16", "--content", str(folder))
    assert said.code == 0
    total = len(dated(folder))
    assert f"On 16 Jan 2027 {total - 1} of {total} statements, options, rules and doses are past" in said.out
    assert "The next day on which any is due is 31 Dec 2027." in said.out
    line = (folder / "ladder" / "stillin.yaml").read_text().splitlines().index(
        "  - id: stillin-pregnancy"
    ) + 1
    assert f"{line} stillin-pregnancy" in " ".join(said.out.split())


def test_what_will_be_due_soon_can_be_asked_for(command: Command, folder: Path) -> None:
    soon = ("guideline", "overdue", "--as-of", "2027-01-01", "--content", str(folder), "--within")
    assert "Due by 15 Jan 2027" in command(*soon, "1 month").out
    assert "Due by" not in command(*soon, "7 days").out
    listed = json.loads(command(*soon, "1 year", "--format", "json").out)
    assert [d["id"] for d in listed if d["review_by"] == "2027-12-31"] == ["stillin-now"]
    assert not any(d["overdue"] for d in listed)


def test_today_nothing_that_is_shipped_is_overdue(command: Command) -> None:
    said = command("guideline", "overdue", "--as-of", "2026-11-21")
    assert "On 21 Nov 2026 0 of" in said.out


def test_a_day_that_is_none_is_refused(command: Command) -> None:
    said = command("guideline", "overdue", "--as-of", "yesterday")
    assert (said.code, said.out) == (2, "")
    assert "--as-of 'yesterday' is not a day. Write it as 2026-11-20." in said.err


# -- in a plan


def test_a_plan_counts_its_own_statements_that_are_overdue() -> None:
    assert plan(*READY).provenance.overdue == 0
    late = plan(*READY, as_of=date(2027, 1, 16))
    assert late.provenance.overdue and 0 < late.provenance.overdue < 65
    assert f"{late.provenance.overdue} of its statements are past their review date" in " ".join(
        as_text.text(late).split()
    )
    assert "none of its statements is past its review date" in " ".join(as_text.text(plan(*READY)).split())


def test_only_what_the_plan_says_is_counted(folder: Path) -> None:
    """One statement is late: a plan that shows it counts one, a plan that does not counts none."""
    edit(folder, "ladder/stillin.yaml", 'review_by: "2027-12-31"', 'review_by: "2026-11-01"')
    late = Guidance(compile_folder(folder))
    assert plan(*READY, guidance=late).provenance.overdue == 1
    assert plan(guidance=late).provenance.overdue == 0


def test_a_line_made_from_a_piece_is_known_by_it() -> None:
    known = frozenset({"stillin", "stillin-low", "disagreement-drops"})
    assert piece_of("stillin-low-elsewhere", known) == "stillin-low"
    assert piece_of("taken-stillin-low", known) == "stillin-low"
    assert piece_of("disagreement-drops-a", known) == "disagreement-drops"
    assert piece_of("course-e17", known) is None
