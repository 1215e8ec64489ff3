"""No clause of what decides goes untried: each is seen true, false and unknown, or the ledger says why it cannot be."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.scenarios.coverage import WORDS, coverage, report
from tests.scenarios.generate import AS_OF, Generator
from tests.scenarios.scenario import guidance, read_record

from atopy.criteria import Ref
from atopy.facts import World
from atopy.plan import Case, make_plan
from atopy.record import Patient, Record
from atopy.truth import Truth

EMPTY = Record(Patient())
DAY = date(2026, 11, 20)


def test_logic_coverage(record_property: Callable[[str, object], None]) -> None:
    """One test, so that one worker runs every scenario once; the coverage is printed at the end of the run."""
    seen = coverage()
    record_property("report", f"Logic coverage\n{report(seen)}")
    assert len(seen.clauses) > 500 and len(seen.rules) > 1000
    missing = [f"{WORDS[truth]} {c.text} ({c.group} {c.owner})" for c, truth in seen.missing()]
    assert not missing, "write a scenario, or say in coverage_ledger.yaml why it cannot be:\n" + "\n".join(
        missing
    )
    assert [f"{e.clause} {e.value}" for e in seen.stale()] == [], "these excuses are not needed"
    assert seen.unreached() == [], "these rules apply to no record"
    assert seen.impossible() == [], "seen although the form of the clause forbids it: possible.py is wrong"
    by_hand = [n for n in seen.seen.values() if not n.startswith("generated")]
    assert len(by_hand) > 0.7 * len(seen.seen), "what a clinician wrote should show most"


@pytest.mark.parametrize(
    ("term", "want"),
    [
        (Ref("red_flag", ("eczema_herpeticum",)), True),
        (Ref("red_flag", ("eczema_herpeticum",)), False),
        (Ref("factor_present", ("topical_hypersensitivity",)), True),
        (Ref("mimic_excluded", ("immunodeficiency",)), True),
        (Ref("worse_than_before_biologic"), True),
        (Ref("hypertension_uncontrolled"), True),
        (Ref("pregnant"), True),
        (Ref("pregnant"), False),
        (Ref("topical_trial_failed"), True),
        (Ref("refractory"), True),
    ],
    ids=str,
)
def test_a_record_is_made_to_order(term: Ref, want: Truth) -> None:
    """The generator's proposals are records that the real reader takes, and one of the first does what was asked."""
    generator = Generator(guidance().compiled)
    worlds = [
        World(guidance().rules, read_record(d.record()), AS_OF) for d in generator.drafts(term, want, most=10)
    ]
    assert any(w.value(term) is want for w in worlds)


def test_nothing_fires_on_an_empty_record() -> None:
    """To somebody of whom nothing is known, nothing is urgent, suspected, advised, stopped or barred."""
    case = Case(guidance(), EMPTY, DAY, None, traced=False)
    compiled = case.compiled
    for id_ in compiled.red_flags:
        assert case.value("red_flag", id_) is not True, id_
    for id_ in compiled.factors:
        assert case.value("factor_status", id_) == "not_assessed", id_
    for id_ in compiled.mimics:
        assert case.value("mimic_status", id_) == "not_assessed", id_
    for topic in compiled.topics.values():
        for statement in topic.statements:
            assert case.rule(statement.id) is not True, statement.id
    for id_ in compiled.disagreements:
        assert case.rule(f"disagreement-{id_}") is not True, id_
    for id_ in compiled.therapies:
        assert case.value("option_status", id_) in ("needs_information", "not_available_here"), id_
        assert case.value("taken_action", id_) == "not_taken", id_


def test_the_plan_of_an_empty_record_advises_nothing_and_asks() -> None:
    plan = make_plan(guidance(), EMPTY, DAY)
    assert plan.headline.code == "not-enough-data"
    empty = (
        "urgent",
        "is_it_eczema",
        "taken_now",
        "calendar",
        "referral",
        "tell",
        "quarantined",
        "disagreements",
    )
    assert {s: plan.section(s).lines for s in empty} == dict.fromkeys(empty, ())
    assert plan.section("missing").lines[0].id == "missing-atopic_dermatitis"
