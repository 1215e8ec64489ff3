"""The published cases are all there, with everything that their readers verified, and nothing that they ruled out."""

import pytest
from tests.scenarios.scenario import Published, scenarios

# By case: the things its plan must include, how many of them were verified, and the things it must not include.
EXPECTED = {
    "SC01": (3, 2, 1),
    "SC02": (4, 3, 1),
    "SC03": (3, 2, 1),
    "SC04": (2, 1, 1),
    "SC05": (5, 3, 2),
    "SC06": (3, 2, 1),
}


def published() -> dict[str, list[Published]]:
    found: dict[str, list[Published]] = {}
    for scenario in scenarios().values():
        if scenario.published:
            found.setdefault(scenario.published.id[:4], []).append(scenario.published)
    return found


@pytest.mark.parametrize("case", EXPECTED)
def test_each_expectation_of_a_published_case_is_a_line(case: str) -> None:
    """``test_scenarios.py`` carries each of them out; here it is counted that none was left out."""
    listed = published()[case]
    must = [m for p in listed for m in p.must_include]
    must_not = [m for p in listed for m in p.must_not_include]
    assert (len(must), sum(m.verified for m in must), len(must_not)) == EXPECTED[case]
    assert all(m.statements and m.words for m in must)
    assert all(m.expect for m in must_not)


def test_no_case_is_unknown() -> None:
    assert set(published()) == set(EXPECTED)
