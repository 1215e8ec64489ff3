"""How the figures are shown: a table of at most 100 columns, the same as Markdown, and results.json."""

import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Figure
from benchmarks.peers import Peer

WIDTH = 100
_FORM = " {:<38}{:>12}{:>12}{:>11}   {:<15}{:<7}"
HEAD = _FORM.format(
    "one patient, one thread", "half under", "95 % under", "a second", "promised", ""
).rstrip()


def lines(figure: Figure) -> list[str]:
    """One row; a second promise stands below the first."""
    cells = (figure.what, _ms(figure.p50_ms), _ms(figure.p95_ms), _rate(figure.per_second))
    promises = [(t.text(), "met" if t.ratio(figure) >= 1 else "NOT MET") for t in figure.targets] or [
        ("", "")
    ]
    rows = [_FORM.format(*cells, *promises[0])]
    rows += [_FORM.format("", "", "", "", *promise) for promise in promises[1:]]
    return [row.rstrip() for row in rows]


def peer_line(peer: Peer) -> str:
    """A peer has only a rate."""
    return f" {peer.what:<62}{_rate(peer.per_second):>11}"


def busy(load: float) -> str:
    """A warning when other work was going on, else nothing."""
    return f"other work takes {load:.1f} processors: read these figures as too slow" if load > 0.5 else ""


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _ms(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:,.2g} ms" if value < 1 else f"{value:,.1f} ms"


def markdown(where: dict[str, Any], figures: Iterable[Figure], peers: Iterable[Peer]) -> str:
    """The same table for docs/performance.md."""
    warned = f" **Busy machine**: {busy(where['load'])}." if busy(where["load"]) else ""
    out = [
        f"Measured on {where['day']}: {where['machine']}; content {where['content']}, "
        f"commit {where['commit']}.{warned}", "",
        "| one patient, one thread | half under | 95 % under | a second | promised | |", "|---|--:|--:|--:|---|---|",
    ]  # fmt: skip
    for f in figures:
        promised = "; ".join(t.text().replace("<", "under") for t in f.targets)
        met = ("met" if all(t.ratio(f) >= 1 for t in f.targets) else "**not met**") if f.targets else ""
        out.append(
            f"| {f.what.strip()} | {_ms(f.p50_ms)} | {_ms(f.p95_ms)} | {_rate(f.per_second)} | {promised} | {met} |"
        )
    out += [f"| {p.what} | | | {_rate(p.per_second)} | | |" for p in peers]
    return "\n".join(out)


def surroundings(content: str, as_of: date) -> dict[str, Any]:
    """What the figures depend on: machine, Python, content, commit, and the load at the start."""
    return {
        "day": date.today().isoformat(),
        "machine": machine(),
        "load": round(os.getloadavg()[0], 2),
        "content": content,
        "commit": commit(),
        "as_of": as_of.isoformat(),
    }


def machine() -> str:
    """Processor, cores, memory, Python."""
    info = Path("/proc/cpuinfo")
    model = next(
        (x.split(":")[1].strip() for x in info.read_text().splitlines() if x.startswith("model name")), "?"
    ) if info.exists() else platform.processor()  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def commit() -> str:
    """The commit measured, and whether anything was changed since; "unknown" outside a checkout."""
    try:
        asked = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
        return subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def as_json(
    where: dict[str, Any], figures: Iterable[Figure], peers: Iterable[Peer], absent: str
) -> dict[str, Any]:
    """For a machine, and for comparing two runs."""
    rows = [
        {
            "what": f.what.strip(), "p50_ms": _rounded(f.p50_ms), "p95_ms": _rounded(f.p95_ms),
            "per_second": round(f.per_second, 2),
            "targets": [{"of": t.of, "bound": t.bound, "met": t.ratio(f) >= 1} for t in f.targets],
        }
        for f in figures
    ]  # fmt: skip
    beside = [{"what": p.what, "per_second": round(p.per_second, 2), "decided": p.decided} for p in peers]
    return {**where, "figures": rows, "peers": beside, "peers_absent": absent}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
