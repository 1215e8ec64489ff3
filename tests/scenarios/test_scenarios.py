"""Every scenario in this folder is a test: the plan holds each of its lines, for the reason given."""

import pytest
from tests.scenarios.grammar import FORMS, failures
from tests.scenarios.scenario import FOLDER, Scenario, carry_out, expected, scenarios


@pytest.mark.parametrize("scenario", [pytest.param(s, id=key) for key, s in scenarios().items()])
def test_scenario(scenario: Scenario) -> None:
    """What fails is shown with the plan's own trace."""
    found = failures(carry_out(scenario), expected(scenario))
    assert not found, "\n\n".join([scenario.name, *found])


def test_published_cases_give_words_and_statements() -> None:
    """A must_include that rests on nothing would pass in silence."""
    for key, scenario in scenarios().items():
        for wanted in scenario.published.must_include if scenario.published else []:
            assert wanted.statements and wanted.words, f"{key}: {wanted.text}"
        for unwanted in scenario.published.must_not_include if scenario.published else []:
            assert unwanted.expect, f"{key}: {unwanted.text}"


def test_every_form_of_line_is_described() -> None:
    """The README shows each form that the grammar knows, so that a writer finds it there."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for form in FORMS:
        assert form.shown in text, f"README.md does not show: {form.shown}"


def test_scenarios_are_many_and_short() -> None:
    """Each is about one thing."""
    assert len(scenarios()) >= 90
    for key, scenario in scenarios().items():
        assert scenario.expect, f"{key} expects nothing"
        assert len(scenario.expect) <= 16, f"{key} expects too much; split it"
