"""The proof of the shipped guideline, worked out once."""

import pytest

from atopy.guideline import load_guideline
from atopy.proof import Outcome, prove_side_by_side


@pytest.fixture(scope="session")
def proved() -> Outcome:
    """The outcome of every property."""
    return prove_side_by_side(load_guideline())
