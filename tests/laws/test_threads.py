"""Threads that plan at the same time get what each would get alone."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from tests.laws.generated import TODAY
from tests.laws.test_blocks import BASES
from tests.scenarios.scenario import guidance as clinical

from atopy.plan import Guidance, make_plan, make_plans, verdicts
from atopy.record import Record


@pytest.fixture
def impatient() -> Iterator[None]:
    """Python gives each thread hardly more than a step at a time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_threads_that_plan_at_once_get_the_plans_that_each_would_get(impatient: None) -> None:
    shared = Guidance(clinical().compiled)  # with nothing made yet: what plans share is made by all of them

    def planned(record: Record) -> bytes:
        return msgspec.json.encode(make_plan(shared, record, TODAY))

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(planned, BASES))
    assert together == [msgspec.json.encode(make_plan(clinical(), record, TODAY)) for record in BASES]


def test_plans_of_many_and_verdicts_of_one_may_be_made_at_once(impatient: None) -> None:
    shared = Guidance(clinical().compiled)

    def many(_: int) -> list[bytes]:
        return [msgspec.json.encode(plan) for plan in make_plans(shared, BASES, TODAY)]

    def decided(record: Record) -> dict[str, object]:
        return verdicts(shared, record, TODAY)

    with ThreadPoolExecutor(4) as pool:
        plans = pool.map(many, range(2))
        found = list(pool.map(decided, BASES))
        expected = [msgspec.json.encode(make_plan(clinical(), record, TODAY)) for record in BASES]
        assert all(made == expected for made in plans)
    assert found == [verdicts(clinical(), record, TODAY) for record in BASES]
