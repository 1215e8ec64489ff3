"""A comparison of treatments in a terminal: ranking, league, consistency, what is beside it, how far to trust it."""

from collections.abc import Iterable, Sequence

from atopy.evidence import (
    MEASURE_NAMES,
    Comparison,
    LeftOut,
    Ranked,
    Split,
    basis,
    counted,
    heading,
    interval,
    number,
    of_hundred,
    sure,
)
from atopy.render.page import Page, Part

NOT_REVIEWED = "Computed from figures as submitted: no clinician has reviewed them."
_COLUMNS = 11  # treatments beside each other in the league, within 100 columns
_NAME = 36


def text(comparisons: Sequence[Comparison], width: int = 100, colour: bool = False) -> str:
    """Each comparison after the other, at most *width* columns wide."""
    page = Page(width, colour)
    for comparison in comparisons:
        _Shown(comparison, page).put()
    page.gap()
    page.put((NOT_REVIEWED, "dim"))
    return page.text()


def baseline(c: Comparison) -> str:
    """The risk without the treatment, and where it comes from."""
    b = c.baseline
    if b is None:
        return ""
    seen = f"{b.events} of {b.people} in {counted(b.trials, 'trial')}" if b.people else "nothing seen"
    if b.lowest is not None and b.highest is not None:
        seen += f", {b.lowest * 100:.0f} to {b.highest * 100:.0f} of 100 by trial"
    word = "as you stated; seen:" if b.stated else "pooled:"
    return f"Of 100 people with {c.names[c.reference].lower()}, {b.risk * 100:.1f} ({word} {seen}); taken as exact."


def direction(c: Comparison) -> str:
    """Which way is better, in words."""
    unit = f" in {c.outcome.unit}" if c.outcome.unit else ""
    return f"{c.outcome.better.capitalize()} is better{unit}. Intervals are of 95 %."


def heterogeneity(c: Comparison) -> str:
    """tau², I² and Q in one line."""
    if c.network is None:
        return ""
    h = c.network.heterogeneity
    parts = [f"tau² {h.tau2:.4f}"]
    if h.i2 is not None:
        reach = (
            f" ({h.i2_low:.0f} to {h.i2_high:.0f})" if h.i2_low is not None and h.i2_high is not None else ""
        )
        parts.append(f"I² {h.i2:.0f} %{reach}")
    parts += [
        f"{name} {test.q:.1f} on {test.df}, p = {test.p:.3f}"
        for name, test in (("Q", h.total), ("within designs", h.within), ("between", h.between))
        if test.p is not None
    ]
    return " · ".join(parts)


def more_of_hundred(r: Ranked) -> str:
    """``+56 (49 to 62)``."""
    a = r.absolute
    return f"{a.more:+.0f} ({a.more_low:+.0f} to {a.more_high:+.0f})" if a else ""


def marks(r: Ranked) -> str:
    """What to hold against a row, as small letters that ``legend`` explains."""
    given = (("u", not r.verified), ("s", not r.sizes_verified), ("d", not r.labelled), ("1", r.trials == 1))
    return "".join(mark for mark, there in given if there)


def legend(ranked: Iterable[Ranked]) -> str:
    """The marks that occur."""
    words = {
        "u": "u: figures not read, only remembered", "s": "s: sizes of arms remembered",
        "d": "d: a dose of no label here", "1": "1: one trial only",
    }  # fmt: skip
    seen = {m for r in ranked for m in marks(r)}
    return " · ".join(w for m, w in words.items() if m in seen)


def splits(c: Comparison) -> list[Split]:
    """Pairs with direct evidence and, from other trials, indirect evidence; the most doubtful first."""
    found = [s for s in c.network.splits if s.p is not None and s.separate] if c.network else []
    return sorted(found, key=lambda s: s.p or 0.0)


def split_words(c: Comparison, s: Split) -> str:
    """One of them in words."""
    ratio = c.measure in ("or", "rr")
    direct, indirect = _scaled(s.direct, ratio), _scaled(s.indirect or 0.0, ratio)
    names = f"{c.names[s.treatment]} – {c.names[s.against]}"
    share = f"{s.share * 100:.0f} % of the whole is direct"
    return f"{names}: direct {direct}, indirect {indirect} ({share}), p = {s.p or 0:.3f}"


class _Shown:
    def __init__(self, comparison: Comparison, page: Page) -> None:
        self.c = comparison
        self.page = page

    def put(self) -> None:
        page, c = self.page, self.c
        page.heading(heading(c))
        page.put((basis(c), "bold"))
        page.put(baseline(c))
        page.put((direction(c), "dim"))
        if c.network is not None:
            self.ranking()
            self.league()
            self.consistency()
        self.beside()
        self.cautions()
        self.trials()
        self.left_out()

    def sub(self, title: str) -> None:
        self.page.gap()
        self.page.put((title, "bold"))

    def ranking(self) -> None:
        binary = self.c.outcome.kind == "binary"
        self.sub("Ranking by P-score (1: surely better than all others)")
        heads = (
            "",
            "Of 100 people",
            "more",
            MEASURE_NAMES[self.c.measure].capitalize(),
            "P · trials · people",
        )
        order = {r.id: n for n, r in enumerate(self.active(), start=1)}
        shown = [self.row(r, order.get(r.id)) for r in self.c.ranked]
        if binary:
            self.page.columns("", 0, (_NAME, 13, 4, 19), heads, shown)
        else:
            kept = [[row[0], row[3], row[4]] for row in shown]
            self.page.columns("", 0, (_NAME, 26), (heads[0], heads[3], heads[4]), kept)
        self.page.put((legend(self.c.ranked), "dim"))

    def active(self) -> list[Ranked]:
        """The treatments without the reference, in the order of the ranking."""
        return [r for r in self.c.ranked if r.id != self.c.reference]

    def row(self, r: Ranked, order: int | None) -> list[list[Part]]:
        style = "yellow" if not r.verified else "dim" if r.effect is None else ""
        effect = interval(r.effect) if r.effect else "reference" if r.id == self.c.reference else ""
        base = self.c.baseline
        risk = f"{base.risk * 100:.0f}" if base and r.id == self.c.reference else of_hundred(r)
        noted = f" · {r.trials} · {r.people}" + (f"  {marks(r)}" if marks(r) else "")
        more = f"{r.absolute.more:+.0f}" if r.absolute else ""
        name: list[Part] = [(f"{order or '–':>2} {r.name}", style)]
        return [name, [risk], [more], [effect], [f"{r.pscore:.2f}", (noted, "dim")]]

    def league(self) -> None:
        """Point estimates of all pairs without the reference, in the order of the ranking."""
        ranked = self.active()
        if len(ranked) < 2:
            return
        self.sub("League: row against column (* the interval excludes no difference)")
        for start in range(0, len(ranked), _COLUMNS):
            columns = ranked[start : start + _COLUMNS]
            heads = (*(str(start + i + 1) for i in range(len(columns))), "")
            rows: list[list[list[Part]]] = [
                [*([self.cell(r, other)] for other in columns), [f"{i + 1:>2} {_short(r.name, 18)}"]]
                for i, r in enumerate(ranked)
            ]
            self.page.columns("", 0, (5,) * len(columns), heads, rows)

    def cell(self, r: Ranked, other: Ranked) -> Part:
        if r.id == other.id or self.c.network is None:
            return ("·", "dim")
        e = self.c.network.effect(r.id, other.id)
        certain = sure(e)
        return (f"{_tight(e.estimate)}{'*' if certain else ''}", "" if certain else "dim")

    def consistency(self) -> None:
        network = self.c.network
        assert network is not None
        self.sub("Do the trials agree?")
        self.page.put(heterogeneity(self.c))
        tested = splits(self.c)
        if not tested:
            return
        shown = network.effects[0].ratio
        rows: list[list[list[Part]]] = []
        for s in tested:
            names = f"{self.c.names[s.treatment]} – {self.c.names[s.against]}"
            assert s.indirect is not None and s.p is not None
            style = "yellow" if s.p < 0.1 else ""
            rows.append([
                [_scaled(s.direct, shown)], [_scaled(s.indirect, shown)], [f"{s.share * 100:.0f} %"],
                [(f"{s.p:.3f}", style)], [names],
            ])  # fmt: skip
        self.page.columns("", 0, (6, 8, 12, 5), ("direct", "indirect", "direct share", "p", ""), rows)

    def beside(self) -> None:
        if not self.c.beside:
            return
        self.sub("Not connected, so not ranked")
        for b in self.c.beside:
            self.page.put(
                (b.name, "bold"), f": {b.why} ({counted(b.trials, 'trial')}, {b.people} patients)", mark="· "
            )
            for s in b.says[:4]:
                unread = "" if s.verified else " (not read)"
                self.page.put(
                    (f"{s.name}, week {s.week:g}, {s.outcome}: {s.text}{unread}", "dim"), left=3, mark="- "
                )
            if len(b.says) > 4:
                self.page.put((f"and {len(b.says) - 4} more: --format json or html", "dim"), left=3)

    def cautions(self) -> None:
        if self.c.cautions:
            self.sub("How far to trust it")
        for caution in self.c.cautions:
            self.page.put(caution.clinician, mark="· ")

    def trials(self) -> None:
        if self.c.entered:
            self.sub("Trials")
        for e in self.c.entered:
            arms = "; ".join(
                f"{self.c.names[u.regimen]} {u.events}/{u.people}"
                if u.events is not None
                else f"{self.c.names[u.regimen]} {u.mean if u.mean is not None else ''} (n {u.people})"
                for u in e.arms
            )
            number_ = f", {e.trial.registration}" if e.trial.registration else ""
            self.page.put(
                (e.trial.name, "bold"), f" ({e.trial.year}{number_}), week {e.week:g}: {arms}",
                (f" [{e.source}]", "dim"), mark="· ",
            )  # fmt: skip

    def left_out(self) -> None:
        if self.c.left_out:
            self.sub("Left out")
        for words, items in grouped(self.c.left_out).items():
            self.page.put(f"{words}: {', '.join(items)}", mark="· ")


def grouped(left: Iterable[LeftOut]) -> dict[str, list[str]]:
    """By reason: each trial, with its arms where not all of it is left out."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in left:
        found.setdefault(one.words, {}).setdefault(one.trial, []).extend([one.arm] if one.arm else [])
    return {
        words: [f"{trial} ({', '.join(arms)})" if arms else trial for trial, arms in by_trial.items()]
        for words, by_trial in found.items()
    }


def _scaled(value: float, ratio: bool) -> str:
    from math import exp

    return number(exp(value) if ratio else value)


def _tight(value: float) -> str:
    """In at most four columns, as exact as these allow."""
    written = (f"{value:.{places}f}" for places in (2, 1, 0))
    return next((w for w in written if len(w) <= 4), f"{value:.0f}")


def _short(text_: str, most: int) -> str:
    return text_ if len(text_) <= most else text_[: most - 1] + "…"


__all__ = [
    "baseline", "direction", "grouped", "heterogeneity", "legend", "marks", "more_of_hundred", "split_words", "splits",
    "text",
]  # fmt: skip
