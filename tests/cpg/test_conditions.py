"""The conditions of rules mean what a plan means: over the examples, what fires is what `atopy plan` says.

Each is decided here by the reference evaluator, from the tree that its CQL is written from; that the CQL of each term
gives what the evaluator gives is held where CQL is run.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from tests.cpg.conftest import BASE, exported_from

from atopy.cpg.resources.book import Book
from atopy.cpg.resources.pathway import write_rules
from atopy.cpg.resources.writer import Writer
from atopy.criteria import Node
from atopy.guideline import Compiled, Statement
from atopy.plan import Line, Plan
from atopy.plan.public import Setting, setting

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.yaml"))
DAY = "2026-11-20"


@cache
def conditions() -> dict[str, Node]:
    """Every condition of the shipped guideline by name."""
    made = exported_from(None)
    writer = Writer(Book(made.compiled, BASE, made.logic))
    write_rules(writer)
    return writer.conditions.nodes


@cache
def asked(example: Path, country: str | None) -> Setting:
    return setting(example, as_of=DAY, country=country)


@cache
def fires(example: Path, country: str | None = None) -> frozenset[str]:
    """The names of the conditions that are true of an example."""
    world = asked(example, country).case().world
    return frozenset(name for name, node in conditions().items() if world.decide(node) is True)


def lines(plan: Plan) -> Iterable[Line]:
    pending = [line for section in plan.sections for line in section.lines]
    while pending:
        yield pending[0]
        pending += pending.pop(0).parts


def around(compiled: Compiled) -> set[str]:
    """The statements around the ladder, and the disagreements."""
    groups: list[list[Statement]] = [
        *(f.act for f in compiled.red_flags.values()),
        *(s for m in compiled.mimics.values() for s in (m.test, m.meanwhile, m.background)),
        *(s for f in compiled.factors.values() for s in (f.assess, f.correct, f.background)),
        *(t.statements for t in compiled.topics.values()),
    ]
    return {s.id for group in groups for s in group} | {f"disagreement-{d}" for d in compiled.disagreements}


@pytest.mark.parametrize("country", [None, "uk"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.stem)
def test_what_fires_around_the_ladder_is_what_the_plan_says(example: Path, country: str | None) -> None:
    compiled = exported_from(None).compiled
    plan, known = asked(example, country).plan(), around(compiled)
    assert {line.id for line in lines(plan)} & known == fires(example, country) & known


@pytest.mark.parametrize("country", [None, "us", "eu"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.stem)
def test_a_therapy_is_proposed_when_and_only_when_the_plan_recommends_it(
    example: Path, country: str | None
) -> None:
    plan, fired = asked(example, country).plan(), fires(example, country)
    statuses = {line.id: line.status for s in plan.sections if s.id == "ladder" for line in s.lines}
    for option, status in statuses.items():
        assert (f"{option}-start, recommended now" in fired) is (status == "recommended_now"), option


def test_an_empty_record_is_proposed_nothing_and_asked_much() -> None:
    """No therapy, and no test that a therapy would need: only questions."""
    fired = fires(next(p for p in EXAMPLES if p.stem == "empty"))
    therapies = exported_from(None).compiled.therapies.values()
    assert not [name for name in fired if name.endswith(("-start, recommended now", "-start, option"))]
    assert not fired & {check.id for t in therapies for check in (*t.before, *t.monitor)}
    assert any(name.endswith(", not known") for name in fired)


def test_a_test_before_a_therapy_is_asked_for_where_it_may_be_started_and_is_not_done() -> None:
    example = next(p for p in EXAMPLES if p.stem == "simple-escalation")
    case, fired = asked(example, None).case(), fires(example)
    checks = {c.id: t.id for t in exported_from(None).compiled.therapies.values() for c in t.before}
    wanted = fired & checks.keys()
    assert wanted
    for check in wanted:
        assert case.rule(f"{check}-done") is not True
        assert case.value("option_status", checks[check]) in (
            "recommended_now",
            "recommended_once_checked",
            "option",
        )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.stem)
def test_a_bar_is_met_or_asked_for_and_never_both(example: Path) -> None:
    fired = fires(example)
    for therapy in exported_from(None).compiled.therapies.values():
        for c in therapy.contraindicated:
            assert not {c.id, f"{c.id}, not known"} <= fired, c.id
