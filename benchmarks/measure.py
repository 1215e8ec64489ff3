"""What is measured: whole processes from outside, one patient at a time in this process, and FHIR bundles in a row."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ("adult-severe", "simple-escalation", "child-moderate", "emergency-herpeticum")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Target:
    """What was promised: so many milliseconds at most, for half of the runs or 95 of 100; or so many a second."""

    of: str  # "p50_ms", "p95_ms" or "per_second"
    bound: float

    def ratio(self, figure: "Figure") -> float:
        """How many times better than promised: 1 is just met."""
        measured = getattr(figure, self.of)
        assert measured is not None, f"{figure.what}: no {self.of}"
        return measured / self.bound if self.of == "per_second" else self.bound / measured

    def text(self) -> str:
        """In a few characters."""
        if self.of == "per_second":
            return f"{self.bound:,.0f}/s"
        part = {"p50_ms": "half", "p95_ms": "95 %"}[self.of]
        return f"{part} < {self.bound:,.0f} ms"


@dataclass(frozen=True)
class Figure:
    """One line of the table. Milliseconds are those of one patient."""

    what: str
    p50_ms: float | None  # none where patients are decided together
    p95_ms: float | None
    per_second: float
    targets: tuple[Target, ...] = ()


def figure(what: str, seconds: Sequence[float], *targets: Target) -> Figure:
    """From the seconds of each run; the rate is what half of the runs would give, one after the other."""
    late = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    middle = statistics.median(seconds)
    return Figure(what, middle * 1000, late * 1000, len(seconds) / sum(seconds), targets)


# -- whole processes


def cold(as_of: date, say: Say, runs: int = 15) -> Iterator[Figure]:
    """`atopy plan`, from nothing to the last line, after one run that fills the caches."""
    program = [str(Path(sys.executable).parent / "atopy"), "plan", "examples/adult-severe.yaml"]
    command = [*program, "--as-of", as_of.isoformat()]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    walls: list[float] = []
    users: list[float] = []
    for run in range(runs + 1):
        say(f"atopy plan as a whole process: {run} of {runs}")
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        if run:
            walls.append(time.perf_counter() - start)
            users.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    yield figure("atopy plan, whole process, cold", walls, Target("p50_ms", 500))
    yield figure("  of it time of the processor", users)


# -- in this process


def timed(action: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run, after a few that do not count."""
    for _ in range(5):
        action()
    taken: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return taken


def in_process(as_of: date, say: Say, runs: int = 40) -> Iterator[Figure]:
    """Read and plan our own records, with every trace."""
    import atopy

    taken: list[float] = []
    for name in RECORDS:
        say(f"examples/{name}.yaml: {runs} times")
        path = ROOT / "examples" / f"{name}.yaml"
        taken += timed(lambda path=path: atopy.plan(path, as_of=as_of), runs)  # type: ignore[misc]
    yield figure("YAML record, read and planned", taken, Target("p50_ms", 10), Target("p95_ms", 25))


def fhir(bundles: list[bytes], as_of: date, say: Say) -> Iterator[Figure]:
    """Bundles of 30 resources, one thread: explained plans, and verdicts without reasons; alone, and many together."""
    from atopy.guideline import load_guideline
    from atopy.instruments import Scorer
    from atopy.plan import Guidance, make_plan, make_plans, verdicts, verdicts_of
    from atopy.record import Record, read_bytes

    compiled = load_guideline()
    guidance, scorer = Guidance(compiled), Scorer(compiled.instruments)
    number = len(bundles)

    def read(data: bytes) -> Record:
        return read_bytes(data, compiled.vocabulary, scorer=scorer)

    say(f"{number} FHIR bundles, explained one by one")
    yield figure("FHIR, explained: one by one", each(lambda d: make_plan(guidance, read(d), as_of), bundles))
    say(f"{number} FHIR bundles, explained together")
    rate = together(lambda data: make_plans(guidance, map(read, data), as_of), bundles)
    yield Figure("FHIR, explained: many together", None, None, rate, (Target("per_second", 150),))
    say(f"{number} FHIR bundles, verdicts one by one")
    yield figure("FHIR, verdicts: one by one", each(lambda d: verdicts(guidance, read(d), as_of), bundles))
    say(f"{number} FHIR bundles, verdicts together")
    rate = together(lambda data: verdicts_of(guidance, map(read, data), as_of), bundles)
    yield Figure("FHIR, verdicts: many together", None, None, rate, (Target("per_second", 1000),))
    say(f"{number} FHIR bundles, read only")
    yield figure("FHIR, reading only", each(read, bundles))


def together(
    action: Callable[[list[bytes]], Iterable[object]], bundles: list[bytes], passes: int = 5
) -> float:
    """Patients a second in the middle one of a few passes over all, after one that does not count."""
    rates: list[float] = []
    for turn in range(passes + 1):
        start = time.perf_counter()
        for _ in action(bundles):
            pass
        if turn:
            rates.append(len(bundles) / (time.perf_counter() - start))
    return statistics.median(rates)


def each(action: Callable[[bytes], object], bundles: list[bytes], passes: int = 3) -> list[float]:
    """Seconds of each patient in the middle one of a few passes, after one that does not count."""
    for data in bundles:
        action(data)
    taken: list[list[float]] = []
    for _ in range(passes):
        one: list[float] = []
        for data in bundles:
            start = time.perf_counter()
            action(data)
            one.append(time.perf_counter() - start)
        taken.append(one)
    return sorted(taken, key=sum)[passes // 2]
