"""The questions that are shared with others: every point of each, and the same answer however it is asked.

They are read where they are kept and not copied; where that folder is absent the tests say so.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from benchmarks.questions import AS_OF, paraphrases

import atopy
from atopy.ask import Answer
from atopy.render.of_ask import text

SHARED = Path("/work/shared/clinical/questions.yaml")
POINTS: dict[str, dict[str, list[list[str]]]] = yaml.safe_load(
    (Path(__file__).parent / "shared_questions.yaml").read_text(encoding="utf-8")
)
ABSENT = pytest.mark.skipif(not SHARED.is_file(), reason=f"the shared questions are absent: {SHARED}")
SAID = [(id_, said) for id_, five in paraphrases().items() for said in five]


def shared() -> dict[str, Any]:
    found = yaml.safe_load(SHARED.read_text(encoding="utf-8")) if SHARED.is_file() else {"questions": []}
    return {q["id"]: q for q in found["questions"]}


QUESTIONS = shared()


def asked(question: str) -> Answer:
    return atopy.ask(question, as_of=AS_OF)


def shown(answer: Answer, audience: str) -> str:
    return text(answer, audience, 10_000).strip()  # type: ignore[arg-type]


@ABSENT
def test_every_shared_question_has_its_points() -> None:
    assert set(POINTS) == set(QUESTIONS)
    assert len(QUESTIONS) == 15
    for id_, q in QUESTIONS.items():
        assert len(POINTS[id_]["must"]) == len(q["must_contain"]), id_
        assert len(POINTS[id_]["never"]) == len(q["must_not_contain"]), id_


@pytest.mark.parametrize("id_", sorted(POINTS))
@ABSENT
def test_every_point_is_said_and_nothing_that_must_not_be(id_: str) -> None:
    q = QUESTIONS[id_]
    answer = asked(q["question"])
    said = shown(answer, q["audience"])
    assert answer.behaviour == q["expected_behaviour"]
    for point, patterns in zip(q["must_contain"], POINTS[id_]["must"], strict=True):
        for pattern in patterns:
            assert re.search(pattern, said, re.IGNORECASE | re.DOTALL), (point["text"], pattern, said[:600])
    for point, patterns in zip(q["must_not_contain"], POINTS[id_]["never"], strict=True):
        for pattern in patterns:
            assert not re.search(pattern, said, re.IGNORECASE), (point["text"], pattern)


@pytest.mark.parametrize("id_", [i for i, q in QUESTIONS.items() if q.get("conflict")] or ["none"])
@ABSENT
def test_where_the_sources_conflict_both_sides_and_the_rule_are_shown(id_: str) -> None:
    answer = asked(QUESTIONS[id_]["question"])
    assert answer.disagreements
    for dispute in answer.disagreements:
        assert dispute.side_a.says and dispute.side_b.says and dispute.rule.clinician


@pytest.mark.parametrize(("id_", "said"), SAID, ids=[f"{i}-{n % 5}" for n, (i, _) in enumerate(SAID)])
@ABSENT
def test_asked_otherwise_it_gets_the_same_verdict_and_statements(id_: str, said: str) -> None:
    first, other = asked(QUESTIONS[id_]["question"]), asked(said)
    assert (other.code, other.behaviour) == (first.code, first.behaviour)
    assert other.verdict == first.verdict
    assert other.ids() == first.ids()


def test_each_shared_question_is_asked_in_five_other_ways() -> None:
    assert {len(set(five)) for five in paraphrases().values()} == {5}
    assert set(paraphrases()) == set(POINTS)
