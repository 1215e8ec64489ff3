"""Plans of the example records, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

import atopy
from atopy.plan import Case, Plan
from atopy.plan.public import setting

AS_OF = "2026-11-20"
EXAMPLES = ("adult-severe", "child-moderate", "emergency-herpeticum", "empty", "simple-escalation")


@pytest.fixture(scope="session")
def plans(request: pytest.FixtureRequest) -> dict[str, Plan]:
    """The plan of each example."""
    folder = Path(__file__).resolve().parents[2] / "examples"
    return {name: atopy.plan(folder / f"{name}.yaml", as_of=AS_OF) for name in EXAMPLES}


@pytest.fixture(params=EXAMPLES)
def plan(request: pytest.FixtureRequest, plans: dict[str, Plan]) -> Plan:
    """Each plan in turn."""
    return plans[request.param]


@pytest.fixture(scope="session")
def case() -> Case:
    """The case of the adult with severe disease."""
    folder = Path(__file__).resolve().parents[2] / "examples"
    return setting(folder / "adult-severe.yaml", as_of=AS_OF).case()
