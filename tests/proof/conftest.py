"""The proof of the shipped guideline, worked out once."""

import time

import pytest

from atopy.guideline import load_guideline
from atopy.proof import Outcome, Prover


@pytest.fixture(scope="session")
def proved() -> tuple[Outcome, float]:
    """The outcome, and the seconds of one processor that it took."""
    began = time.process_time()
    outcome = Prover(load_guideline()).prove()
    return outcome, time.process_time() - began
