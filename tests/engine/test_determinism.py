"""The same input gives the same bytes: in another process, with another hash seed, time zone and locale."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.plans import ADULT, READY

SCRIPT = """
import sys
from datetime import date
from pathlib import Path
import msgspec
from atopy.guideline.compile import compile_folder
from atopy.plan import Guidance, make_plan
from atopy.record import read
compiled = compile_folder(Path(sys.argv[1]))
record = read(sys.stdin.read(), compiled.vocabulary)
plan = make_plan(Guidance(compiled), record, date(2026, 11, 20))
sys.stdout.buffer.write(msgspec.json.encode(plan) + compiled.hash.encode() + msgspec.msgpack.encode(compiled))
"""
SEVERAL = (
    *READY,
    "{from: 2026-01-01, treat: peppermint_drops, status: current}",
    "{from: 2026-01-01, treat: aspirin, status: current}",
    "{date: 2026-11-01, find: chest_pain, present: true}",
    "{date: 2026-11-01, prefers: no_injections}",
    "{date: 2026-11-01, prefers: oral}",
)


def made_under(**environment: str) -> bytes:
    toy = Path(__file__).parents[1] / "toy" / "hiccups"
    listed = "".join(f"  - {event}\n" for event in SEVERAL)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(toy)],
        input=f"atopy: 1\n{ADULT}\nevents:\n{listed}".encode(),
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout


@pytest.fixture(scope="module")
def usual() -> bytes:
    return made_under(PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "12345"},
        {"TZ": "Pacific/Kiritimati"},
        {"TZ": "America/Adak"},
        {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
        {"LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
    ],
    ids=lambda e: ",".join(f"{k}={v}" for k, v in e.items()),
)
def test_nothing_around_it_changes_a_byte(usual: bytes, environment: dict[str, str]) -> None:
    assert made_under(**environment) == usual
    assert len(usual) > 10_000
