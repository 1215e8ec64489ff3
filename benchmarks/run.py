"""`make bench`: how fast it is, on this machine, against what was promised. Nothing here is a test.

Each figure is the median of many runs; whole processes are timed from outside by the operating system's accounting.
Writes benchmarks/results.json (not kept in git).
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.patients import AS_OF, bundles  # noqa: E402
from benchmarks.peers import peer_figures  # noqa: E402

RECORDS = ("adult-severe", "simple-escalation", "child-moderate", "emergency-herpeticum")
Row = tuple[str, str, str, bool | None]


def main() -> int:
    """Print the table; 0 whatever it says, for speed is no test."""
    from atopy.guideline import load_guideline

    print(f"\n Machine  {machine()}")
    print(f" Content  {load_guideline().meta.id} {load_guideline().meta.version}, {AS_OF}\n")
    rows = [*cold(), *in_process(), *fhir()]
    print(f" {'what':<52}{'measured':<24}{'promised':<16}")
    for what, measured, promised, met in rows:
        print(f" {what:<52}{measured:<24}{promised:<16}{ {True: 'met', False: 'NOT MET', None: ''}[met] }")
    for line in peer_figures():
        print(f" {line}")
    result = [{"what": w, "measured": m, "promised": p, "met": met} for w, m, p, met in rows]
    out = {"machine": machine(), "rows": result}
    (ROOT / "benchmarks" / "results.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
    return 0


def machine() -> str:
    """Processor, cores, memory, Python."""
    info = Path("/proc/cpuinfo")
    model = next(
        (x.split(":")[1].strip() for x in info.read_text().splitlines() if x.startswith("model name")), "?"
    ) if info.exists() else platform.processor()  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


# -- whole processes


def cold(runs: int = 9) -> list[Row]:
    """`atopy plan`, from nothing to the last line, after one run that fills the caches."""
    program = [str(Path(sys.executable).parent / "atopy"), "plan", "examples/adult-severe.yaml"]
    command = [*program, "--as-of", AS_OF.isoformat()]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    walls: list[float] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    for run in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        if run:
            walls.append(time.perf_counter() - start)
    cpu = (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) / (runs + 1)
    middle = statistics.median(walls)
    return [
        ("atopy plan, whole process, cold", f"{middle:.2f} s (user {cpu:.2f} s)", "under 0.5 s", middle < 0.5)
    ]


# -- in this process


def timed(action: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each run, after a few that do not count."""
    for _ in range(5):
        action()
    taken: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def in_process(runs: int = 40) -> list[Row]:
    """Read and plan our own records, with every trace."""
    import atopy

    taken: list[float] = []
    for name in RECORDS:
        path = ROOT / "examples" / f"{name}.yaml"
        taken += timed(lambda path=path: atopy.plan(path, as_of=AS_OF), runs)  # type: ignore[misc]
    middle, late = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    return [
        ("YAML record, read and planned: median", f"{middle:.1f} ms", "under 10 ms", middle < 10),
        ("YAML record, read and planned: 95th percentile", f"{late:.1f} ms", "under 25 ms", late < 25),
    ]


def fhir(count: int = 300) -> list[Row]:
    """Bundles of 30 resources, one thread: explained plans, and verdicts without reasons."""
    from atopy.guideline import load_guideline
    from atopy.instruments import Scorer
    from atopy.plan import Guidance, make_plan, verdicts
    from atopy.record import Record, read_bytes

    compiled = load_guideline()
    guidance, scorer = Guidance(compiled), Scorer(compiled.instruments)
    patients = bundles(count)

    def read(data: bytes) -> Record:
        return read_bytes(data, compiled.vocabulary, scorer=scorer)

    explained = rate(lambda data: make_plan(guidance, read(data), AS_OF), patients)
    bare = rate(lambda data: verdicts(guidance, read(data), AS_OF), patients)
    reading = rate(read, patients)
    what = f"FHIR, {len(patients)} bundles of 30 resources, explained"
    return [
        (what, f"{explained:,.0f} plans/s", "150/s", explained >= 150),
        ("the same, verdicts without reasons", f"{bare:,.0f} patients/s", "1,000/s", bare >= 1000),
        ("the same, read only", f"{reading:,.0f} patients/s", "", None),
    ]  # fmt: skip


def rate(action: Callable[[bytes], object], patients: list[bytes], passes: int = 3) -> float:
    """Patients a second in the middle of a few passes, after one that does not count."""
    for data in patients:
        action(data)
    rates: list[float] = []
    for _ in range(passes):
        start = time.perf_counter()
        for data in patients:
            action(data)
        rates.append(len(patients) / (time.perf_counter() - start))
    return statistics.median(rates)


if __name__ == "__main__":
    assert isinstance(AS_OF, date)
    sys.exit(main())
