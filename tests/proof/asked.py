"""Claims put to the solver by a process of their own: whom it finds first hangs on all that it was asked before.

``python -m tests.proof.asked`` reads a JSON list of claims and prints the result of each.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec

from atopy.criteria import Node, Ref
from atopy.guideline import load_guideline
from atopy.proof import Prover, meets
from atopy.proof.reproduce import Reproduced


class Answer(msgspec.Struct, frozen=True):
    """How a claim came out, and who shows it."""

    verdict: str
    record: Reproduced | None


def asked(claims: list[str]) -> dict[str, Answer]:
    """Each claim with its answer; the same whatever ran before, and in whatever order."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.proof.asked"],
        input=msgspec.json.encode(claims),
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    assert run.returncode == 0, run.stderr.decode()
    return msgspec.json.decode(run.stdout, type=dict[str, Answer])


def _answers(claims: list[str]) -> dict[str, Answer]:
    prover = Prover(load_guideline())
    anybody = prover.grounds.predicate("TRUE")
    results = {c: prover.ask("wanted", meets({}, anybody, _node(prover, c))) for c in claims}
    return {claim: Answer(result.verdict, result.record) for claim, result in results.items()}


def _node(prover: Prover, claim: str) -> Node:
    """A predicate, or one term: a predicate cannot name the rule of an id with hyphens."""
    term = re.fullmatch(r"(\w+)\(([\w-]+)\)", claim)
    return Ref(term[1], (term[2],)) if term else prover.grounds.predicate(claim)


if __name__ == "__main__":
    found = _answers(msgspec.json.decode(sys.stdin.buffer.read(), type=list[str]))
    sys.stdout.buffer.write(msgspec.json.encode(found))
