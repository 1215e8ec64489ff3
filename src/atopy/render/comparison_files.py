"""A comparison as a page, as JSON for machines, and as CSV for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from atopy.evidence import MEASURE_NAMES, Comparison, Effect, Ranked, basis, heading, interval, of_hundred
from atopy.render import of_comparison as words
from atopy.render import plots

SCHEMA = "atopy-comparison 1.0"
_COLUMNS = (
    "outcome", "population", "measure", "model", "treatment", "treatment_name", "against", "against_name", "estimate",
    "low", "high", "direct_trials", "pscore", "trials", "people", "of_100", "of_100_low", "of_100_high", "all_read",
)  # fmt: skip


def json(comparisons: Sequence[Comparison]) -> str:
    """Everything, as data: the same names as the structs of ``atopy.evidence``."""
    whole = {"schema": SCHEMA, "state": words.NOT_REVIEWED, "comparisons": list(comparisons)}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def as_csv(comparisons: Sequence[Comparison]) -> str:
    """Every pair of every network, a line each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for c in comparisons:
        for e in c.network.effects if c.network else ():
            writer.writerow(_row(c, e))
    return out.getvalue()


def _row(c: Comparison, e: Effect) -> list[object]:
    r = c.of(e.treatment)
    a = r.absolute if e.against == c.reference else None
    risks = [f"{x:.2f}" for x in (a.risk, a.low, a.high)] if a else ["", "", ""]
    effect = [f"{x:.6g}" for x in (e.estimate, e.low, e.high)]
    return [
        c.outcome.id, c.population.id, c.measure, c.model, e.treatment, c.names[e.treatment], e.against,
        c.names[e.against], *effect, e.direct, f"{r.pscore:.4f}", r.trials, r.people, *risks, str(r.verified).lower(),
    ]  # fmt: skip


def html(comparisons: Sequence[Comparison]) -> str:
    """One page that needs nothing from elsewhere: pictures drawn in, no script."""
    shown = [_Section(c) for c in comparisons]
    rendered = _template("comparison.html.j2").render(sections=shown, state=words.NOT_REVIEWED)
    return "\n".join(line.rstrip() for line in rendered.splitlines() if line.strip()) + "\n"


def plot_page(c: Comparison, kind: plots.Kind) -> str:
    """One picture on a page, with its figures in a table below for whoever cannot see it."""
    rendered = _template("plot.html.j2").render(s=_Section(c, (kind,)), state=words.NOT_REVIEWED)
    return "\n".join(line.rstrip() for line in rendered.splitlines() if line.strip()) + "\n"


class _Section:
    """One comparison as the template asks for it."""

    def __init__(
        self, c: Comparison, kinds: tuple[plots.Kind, ...] = ("forest", "network", "ranking")
    ) -> None:
        self.c = c
        self.title = heading(c)
        self.lead = [x for x in (basis(c), words.baseline(c), words.direction(c)) if x]
        self.measure = MEASURE_NAMES[c.measure].capitalize()
        self.plots = [(plots.caption(c, k), plots.svg(c, k)) for k in kinds] if c.network else []
        self.rows = [self.row(r) for r in c.ranked]
        self.legend = words.legend(c.ranked)
        self.agree = words.heterogeneity(c)
        self.splits = [words.split_words(c, s) for s in words.splits(c)]
        self.league = self.table()
        self.left_out = words.grouped(c.left_out)

    def row(self, r: Ranked) -> dict[str, Any]:
        effect = interval(r.effect) if r.effect else "reference"
        return {
            "name": r.name, "risk": of_hundred(r), "more": words.more_of_hundred(r), "effect": effect,
            "pscore": f"{r.pscore:.2f}", "trials": r.trials, "people": r.people, "marks": words.marks(r),
        }  # fmt: skip

    def table(self) -> list[tuple[str, list[str]]]:
        """The league with intervals: each row against each column."""
        if self.c.network is None:
            return []
        order = [r.id for r in self.c.ranked]
        return [(self.c.names[a], [self.cell(a, b) for b in order]) for a in order]

    def cell(self, a: str, b: str) -> str:
        return "" if a == b or self.c.network is None else interval(self.c.network.effect(a, b))


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("atopy.render", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(name)


__all__ = ["as_csv", "html", "json", "plot_page"]
