"""Settings for every test: reproducible generated examples, and the reference packs where they stand."""

from __future__ import annotations

import os
import random  # noqa: TID251  (to see that nothing uses it)
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples on every run and no deadline: a red test is about the code, not about the machine.
settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
# HYPOTHESIS_PROFILE=explore make test: new examples each time, and more of them.
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference packs beside the repository; a test that needs them is skipped where they are absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference packs (../shared) are not beside this repository")
    return folder


@pytest.fixture(autouse=True)
def _no_chance(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which something drew from the global random state: nothing in Atopy may."""
    before = random.getstate()
    yield
    if random.getstate() != before and not request.node.get_closest_marker("hypothesis"):
        pytest.fail("the global random state moved during this test: something uses chance")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests recorded to be seen (``record_property("report", ...)``), from every worker."""
    for test in terminalreporter.getreports("passed"):
        for name, text in test.user_properties:
            if name == "report":
                terminalreporter.write_line(str(text))
