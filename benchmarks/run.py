"""`make bench`: how fast it is, on this machine, against what was promised, and beside a peer. Nothing here is a test.

Whole processes are timed from outside. Writes benchmarks/results.json and results.svg (not kept in git);
`--publish` puts the table and the picture into docs/performance.md, where the figures of a quiet machine belong.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import measure, questions, report  # noqa: E402
from benchmarks.patients import AS_OF, bundles  # noqa: E402
from benchmarks.peers import Absent, Peer, peer_figures  # noqa: E402
from benchmarks.picture import picture  # noqa: E402

OUT = ROOT / "benchmarks"
PAGE, DRAWING = ROOT / "docs" / "performance.md", ROOT / "docs" / "assets" / "performance.svg"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


def main() -> int:
    """Print the table; 0 whatever it says, for speed is no test."""
    asked = arguments()
    from atopy.guideline import load_guideline

    meta = load_guideline().meta
    where = report.surroundings(f"{meta.id} {meta.version}", AS_OF)
    print(f"\n Machine  {where['machine']} (load {where['load']})")
    print(f" Content  {where['content']} at {where['commit']}, as of {AS_OF}; the patients are made up\n")
    if report.busy(where["load"]):
        print(f" Busy     {report.busy(where['load'])}\n")
    print(report.HEAD)
    patients = bundles(asked.patients)
    figures: list[measure.Figure] = []
    for found in (
        measure.cold(AS_OF, say), measure.in_process(AS_OF, say), measure.fhir(patients, AS_OF, say),
    ):  # fmt: skip
        for one in found:
            figures.append(one)
            show(report.lines(one))
    peers, absent = beside(patients)
    show([report.peer_line(p) for p in peers] or [f" Peers left out: {absent}."])
    show(questions.report())
    keep(where, figures, peers, absent)
    if asked.publish:
        publish(report.markdown(where, figures, peers))
    return 0


def arguments() -> argparse.Namespace:
    """Of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=300, metavar="N", help="how many bundles (300)")
    parser.add_argument("--publish", action="store_true", help="put the figures into docs/performance.md")
    return parser.parse_args()


def beside(patients: list[bytes]) -> tuple[list[Peer], str]:
    """The peers on the same bundles, or why there are none."""
    try:
        return peer_figures(patients, AS_OF, say), ""
    except Absent as reason:
        return [], str(reason)


def say(what: str) -> None:
    """Where it is, on a terminal only; the next line takes its place."""
    if sys.stderr.isatty():
        print(f"\r\033[K … {what}"[: report.WIDTH], end="", file=sys.stderr, flush=True)


def show(lines: list[str]) -> None:
    """Lines of the table, each as soon as it is known."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    for line in lines:
        print(line[: report.WIDTH], flush=True)


def keep(where: dict[str, object], figures: list[measure.Figure], peers: list[Peer], absent: str) -> None:
    """results.json and results.svg."""
    result = report.as_json(where, figures, peers, absent)
    (OUT / "results.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    caption = f"{where['machine']} · content {where['content']} · {where['commit']} · {where['day']}"
    (OUT / "results.svg").write_text(picture(figures, peers, caption), encoding="utf-8")
    print("\n Written  benchmarks/results.json, benchmarks/results.svg")


def publish(table: str) -> None:
    """The table between its marks in docs/performance.md, and the picture beside it."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    shutil.copy(OUT / "results.svg", DRAWING)
    print(f" Written  {PAGE.relative_to(ROOT)}, {DRAWING.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
