"""Why and why not: down to dates and events, for every id that a plan shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from atopy.plan import Case, Line, Plan
from atopy.render.index import UnknownId
from atopy.render.reason import why, why_not


def ids(plan: Plan) -> Iterator[str]:
    """Every id that the plan shows beside a line."""

    def walk(lines: tuple[Line, ...]) -> Iterator[str]:
        for line in lines:
            yield line.id
            yield from walk(line.parts)

    for section in plan.sections:
        yield from walk(section.lines)


def test_every_line_of_a_plan_can_be_asked_about(plans: dict[str, Plan], case: Case) -> None:
    unknown = []
    for id_ in dict.fromkeys(ids(plans["adult-severe"])):
        try:
            assert why(case, id_)
        except ValueError:
            unknown.append(id_)
    # Parts of a part: how a drug is judged or stopped, why it has no dose, the sides of a disagreement.
    parts = ("-onset", "-course-limit", "-course", "-no-dose", "-stop", "-a", "-b")
    assert [i for i in unknown if not i.endswith(parts)] == []


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("headline", "Headline: Correct first"),
        ("topical_hypersensitivity", "Worse after a product or topical treatment, 2 Nov 2026"),
        ("methotrexate", "contraindicated"),
        ("methotrexate-planning-pregnancy", "Pregnancy, Mar 2027"),
        ("taken-superpotent_topical_corticosteroid", "Reduce"),
        ("takes(ciclosporin)", "attested complete"),
        ("easi", "EASI score = 28.4 points"),
        ("finding-severity", "EASI score = 28.4 points"),
        ("score-easi", "EASI score = 28.4 points"),
        ("clobetasol-occlusion", "May clobetasol be occluded?"),
        ("eczema_herpeticum", "Eczema herpeticum: cannot be decided"),
        ("course-e17", "Clobetasol propionate"),
        ("skin_care", "topic skin_care"),
        ("superpotent-too-long", "2 consecutive weeks"),
        ("disease_state", "the state of the disease"),
    ],
)
def test_why(case: Case, id_: str, says: str) -> None:
    shown = why(case, id_, 90)
    assert says in " ".join(shown.replace("│", " ").split())
    assert max(len(line) for line in shown.splitlines()) <= 90


def test_events_are_named_with_their_line(case: Case) -> None:
    assert "adult-severe.yaml:28" in why(case, "topical_hypersensitivity")


def test_why_not_names_the_row_and_what_speaks_against(case: Case) -> None:
    shown = " ".join(why_not(case, "methotrexate").split())
    assert "of standing (decisions/options.yaml) holds" in shown
    assert "What speaks against it" in shown
    assert "Were it otherwise, row" in shown
    assert "What is not known" in shown


def test_why_not_for_every_option(case: Case) -> None:
    for option in case.compiled.therapies:
        assert "Row" in why_not(case, option) or "No row" in why_not(case, option)


def test_why_not_of_anything_else_is_why(case: Case) -> None:
    assert why_not(case, "headline") == why(case, "headline")


@pytest.mark.parametrize(
    ("id_", "hint"),
    [
        ("cyclosporin", "Did you mean ciclosporin"),
        ("takes(cyclosporin)", "Did you mean ciclosporin"),
        ("zzzz", "atopy guideline list"),
        ("takes", "Write it as in takes("),
        ("severe(x)", "Write it as in severe"),
    ],
)
def test_an_unknown_id_says_what_was_perhaps_meant(case: Case, id_: str, hint: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        why(case, id_)
    assert hint in str(error.value)
    assert isinstance(error.value, UnknownId) or "argument" in str(error.value)


def test_colour_changes_no_word(case: Case) -> None:
    import re

    painted = why(case, "triggers", colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == why(case, "triggers")
