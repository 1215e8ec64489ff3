"""A comparison as a picture: forest, network, ranking; SVG, PNG, or a page that needs nothing from elsewhere.

The pictures are drawn by Altair and turned into SVG and PNG by vl-convert, without a browser and without a network.
"""

import re
import textwrap
from collections.abc import Callable, Sequence
from math import cos, log10, pi, sin
from typing import Any, Literal

import altair as alt
import vl_convert

from atopy.evidence import (
    MEASURE_NAMES,
    Comparison,
    Ranked,
    basis,
    counted,
    heading,
    interval,
    of_hundred,
)
from atopy.yaml_source import InputError

Kind = Literal["forest", "network", "ranking"]
Row = dict[str, Any]

_INK, _SOFT, _LINE, _ACCENT, _UNREAD, _PALE = "#1d2733", "#5d6b7a", "#d5dbe1", "#14618a", "#c4700e", "#e8f1f6"
_FONT = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
_LINE_OF_TEXT = 112
_ID = re.compile(r'id="((?:clip|gradient_)\d+)"')
_ROW = 30  # pixels of one treatment
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)
_STATE = "Computed from figures as submitted; no clinician has reviewed them."


def chart(comparison: Comparison, kind: Kind) -> alt.TopLevelMixin:
    """The picture as an Altair chart. Raises ValueError where there is nothing to draw."""
    if comparison.network is None:
        raise InputError(
            f"There is no network of {comparison.outcome.id} in {comparison.population.id} to draw: "
            "no trial that can be pooled reports it."
        )
    drawn: alt.TopLevelMixin = (
        _DRAWN[kind](comparison).configure(font=_FONT, background="white").configure_view(stroke=None)
    )
    return drawn


def svg(comparison: Comparison, kind: Kind) -> str:
    """As SVG text. Its ids are its own, so that several pictures may stand on one page, and are always the same."""
    drawn = str(vl_convert.vegalite_to_svg(chart(comparison, kind).to_json()))
    ids = dict.fromkeys(_ID.findall(drawn))  # the writer numbers them on from picture to picture
    own = {id_: f"{comparison.population.id}-{comparison.outcome.id}-{kind}-{n}" for n, id_ in enumerate(ids)}
    return re.sub(r"(?<=[\"#])(?:clip|gradient_)\d+(?=[\")])", lambda m: own[m[0]], drawn)


def png(comparison: Comparison, kind: Kind, scale: float = 2) -> bytes:
    """As a PNG of *scale* device pixels to one of the picture."""
    return bytes(vl_convert.vegalite_to_png(chart(comparison, kind).to_json(), scale=scale))


def _title(c: Comparison, said: str) -> alt.TitleParams:
    marks = ["Orange: rests on figures that nobody read."] if any(not r.verified for r in c.ranked) else []
    return alt.TitleParams(
        heading(c), subtitle=[said, basis(c), *_care(c), *marks, _STATE], anchor="start", frame="bounds", fontSize=16,
        color=_INK, subtitleColor=_SOFT, subtitleFontSize=11.5, subtitlePadding=6, offset=18,
    )  # fmt: skip


def _over(rows: Sequence[Row]) -> alt.Chart:
    """A chart over rows that it carries itself."""
    data: Any = alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
    return alt.Chart(data)


def _picture(layers: Sequence[Any], width: float, height: float, title: alt.TitleParams) -> Any:
    return alt.layer(*layers).properties(width=width, height=height, title=title)


def _care(c: Comparison) -> list[str]:
    """How far to trust it, in as few words as there are, broken into lines."""
    return textwrap.wrap("Care: " + "; ".join(x.brief for x in c.cautions if x.brief) + ".", _LINE_OF_TEXT)


def _colour() -> alt.Color:
    return alt.Color(
        "read:N", scale=alt.Scale(domain=["read", "not read"], range=[_ACCENT, _UNREAD]), legend=None
    )


def _y(names: Sequence[str]) -> alt.Y:
    axis = alt.Axis(
        title=None,
        labelLimit=330,
        labelFontSize=12.5,
        labelColor=_INK,
        ticks=False,
        domain=False,
        labelPadding=12,
    )
    return alt.Y("name:N", sort=list(names), axis=axis, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.2))


def _shown(c: Comparison) -> list[Ranked]:
    """Treatments against the reference, the best first."""
    return [r for r in c.ranked if r.effect is not None]


def _forest(c: Comparison) -> Any:
    ranked, reference = _shown(c), c.names[c.reference]
    rows = [_forest_row(r) for r in ranked]
    ratio = bool(ranked and ranked[0].effect and ranked[0].effect.ratio)
    names = [r["name"] for r in rows]
    width, height = 420, _ROW * len(rows)
    x = _forest_axis(rows, ratio, c, reference)
    base = _over(rows).encode(y=_y(names))
    none = _over([{"none": 1 if ratio else 0}])
    layers = [
        base.transform_filter("datum.even").mark_bar(color="#f5f7f9", height={"band": 1.25}).encode(
            x=alt.value(0), x2=alt.value(width)
        ),
        none.mark_rule(color=_SOFT, strokeDash=[4, 3]).encode(x=alt.X("none:Q")),
        base.mark_rule(strokeWidth=2.2, strokeCap="round").encode(x=x, x2="high:Q", color=_colour()),
        base.mark_point(filled=True, opacity=1, stroke="white", strokeWidth=1).encode(
            x="estimate:Q", color=_colour(),
            size=alt.Size("people:Q", scale=alt.Scale(range=[60, 320]), legend=None),
        ),
    ]  # fmt: skip
    columns = [(MEASURE_NAMES[c.measure].capitalize() + " (95 %)", "effect", 18)]
    columns += [("Of 100 people", "risk", 172)] if c.baseline else []
    columns += [("Trials, people", "size", 282 if c.baseline else 172)]
    for head, field, at in columns:
        layers += _column(base, head, field, width + at)
    said = f"Each against {reference.lower()}; the larger the point, the more people"
    return _picture(layers, width, height, _title(c, _with_baseline(c, said)))


def _with_baseline(c: Comparison, said: str) -> str:
    if c.baseline is None:
        return said
    stated = " (as stated)" if c.baseline.stated else ""
    return f"{said}. Of 100 people on {c.names[c.reference].lower()}: {c.baseline.risk * 100:.0f}{stated}"


def _forest_row(r: Ranked) -> Row:
    e = r.effect
    assert e is not None
    return {
        "name": r.name, "estimate": e.estimate, "low": e.low, "high": e.high, "people": r.people,
        "effect": interval(e), "risk": of_hundred(r), "size": f"{r.trials}, {r.people}",
        "read": "read" if r.verified else "not read",
    }  # fmt: skip


def _forest_axis(rows: list[Row], ratio: bool, c: Comparison, reference: str) -> alt.X:
    for number, row in enumerate(rows):
        row["even"] = number % 2 == 1
    lowest, highest = min(r["low"] for r in rows), max(r["high"] for r in rows)
    title = f"{MEASURE_NAMES[c.measure].capitalize()} against {reference.lower()}"
    better = "right" if c.outcome.better == "higher" else "left"
    axis: dict[str, Any] = {
        "title": f"{title} (better to the {better})", "titleColor": _SOFT, "titleFontWeight": "normal",
        "titleFontSize": 12, "titlePadding": 10, "gridColor": _LINE, "gridOpacity": 0.7, "domainColor": _LINE,
        "labelColor": _SOFT, "labelFontSize": 11, "tickColor": _LINE,
    }  # fmt: skip
    if not ratio:
        return alt.X("low:Q", axis=alt.Axis(**axis), scale=alt.Scale(zero=True, nice=True))
    lowest, highest = min(lowest, 1) * 0.9, max(highest, 1) * 1.1
    ticks = [t for t in _TICKS if lowest <= t <= highest]
    scale = alt.Scale(type="log", domain=[lowest, highest], nice=False)
    return alt.X("low:Q", axis=alt.Axis(values=ticks, format="~g", **axis), scale=scale)


def _column(base: alt.Chart, head: str, field: str, at: int) -> list[alt.Chart]:
    """A column of text to the right of the picture, under its head."""
    cell = base.mark_text(align="left", fontSize=12, color=_INK).encode(x=alt.value(at), text=f"{field}:N")
    title = _over([{"head": head}]).mark_text(
        align="left", fontSize=11, color=_SOFT, baseline="bottom"
    ).encode(x=alt.value(at), y=alt.value(-6), text="head:N")  # fmt: skip
    return [cell, title]


def _ranking(c: Comparison) -> Any:
    rows: list[Row] = [
        {
            "name": r.name, "p": r.pscore, "score": f"{r.pscore:.2f}", "risk": of_hundred(r) or _reference_risk(c, r),
            "size": f"{r.trials}, {r.people}", "read": "read" if r.verified else "not read",
        }
        for r in c.ranked
    ]  # fmt: skip
    names = [r["name"] for r in rows]
    width = 380
    base = _over(rows).encode(y=_y(names))
    axis = alt.Axis(
        title="P-score: how surely it is better than another (0 to 1)", titleColor=_SOFT, titleFontWeight="normal",
        titleFontSize=12, titlePadding=10, values=[0, 0.25, 0.5, 0.75, 1], gridColor=_LINE, domain=False, ticks=False,
        labelColor=_SOFT, labelFontSize=11, format=".2f",
    )  # fmt: skip
    x = alt.X("p:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))
    layers = [
        base.mark_bar(color=_PALE, height=13, cornerRadius=6).encode(x=alt.value(0), x2=alt.value(width)),
        base.mark_bar(height=13, cornerRadius=6).encode(x=x, color=_colour()),
    ]
    columns = [("P-score", "score", 16)]
    columns += [("Of 100 people", "risk", 80)] if c.baseline else []
    columns += [("Trials, people", "size", 192 if c.baseline else 80)]
    for head, field, at in columns:
        layers += _column(base, head, field, width + at)
    said = "A rank says nothing of how large a difference is, nor of harms"
    return _picture(layers, width, _ROW * len(rows), _title(c, _with_baseline(c, said)))


def _reference_risk(c: Comparison, r: Ranked) -> str:
    return f"{c.baseline.risk * 100:.0f}" if c.baseline and r.id == c.reference else ""


_RADIUS, _WIDE, _HIGH = 190.0, 300.0, 258.0
_SIDES: dict[str, tuple[Any, Any, int]] = {  # how a label stands there: aligned, based, lifted by lines of text
    "left": ("left", "middle", -15), "right": ("right", "middle", -15), "top": ("center", "bottom", -15),
    "bottom": ("center", "top", 0),
}  # fmt: skip


def _network(c: Comparison) -> Any:
    """Treatments on a circle, the reference at the top: area by people, lines by trials that compare the two."""
    at = _circle(c)
    nodes = [_node(r, *at[r.id]) for r in c.ranked]
    lines = _lines(c, at)
    x, y = _at("x", "y")
    middle_x, middle_y = _at("mx", "my")
    label_x, label_y = _at("tx", "ty")
    most = max(line["trials"] for line in lines)
    edge = _over(lines)
    dots = _over(nodes)
    width = alt.StrokeWidth(
        "trials:Q", scale=alt.Scale(domain=[1, max(most, 5)], range=[1.6, 9]), legend=None
    )
    layers = [
        edge.mark_rule(color="#9fb6c4", opacity=0.9, strokeCap="round").encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q", strokeWidth=width
        ),
        edge.mark_text(fontSize=11, color=_SOFT, stroke="white", strokeWidth=3).encode(
            x=middle_x, y=middle_y, text="trials:N"
        ),
        edge.mark_text(fontSize=11, color=_SOFT).encode(
            x=middle_x, y=middle_y, text="trials:N"
        ),
        dots.mark_circle(opacity=1, stroke="white", strokeWidth=2).encode(
            x=x, y=y, color=_colour(), size=alt.Size("people:Q", scale=alt.Scale(range=[120, 1500]), legend=None)
        ),
    ]  # fmt: skip
    for side, (align, baseline, lift) in _SIDES.items():
        beside = dots.transform_filter(f"datum.side == '{side}'")
        words = beside.mark_text(
            align=align, baseline=baseline, dy=lift, fontSize=12.5, color=_INK, lineBreak="\n", lineHeight=15
        )  # fmt: skip
        layers.append(words.encode(x=label_x, y=label_y, text="label:N"))
    said = "Numbers on the lines: trials that compare the two; the larger the circle, the more people"
    return _picture(layers, 2 * _WIDE, 2 * _HIGH, _title(c, said))


def _circle(c: Comparison) -> dict[str, tuple[float, float]]:
    """Where each treatment stands, clockwise from the top: the reference, then drug by drug its doses."""
    order = sorted((r for r in c.ranked if r.id != c.reference), key=lambda r: (r.therapy or "", r.name))
    listed = [*(r for r in c.ranked if r.id == c.reference), *order]
    return {r.id: _place(2 * pi * n / len(listed)) for n, r in enumerate(listed)}


def _place(angle: float) -> tuple[float, float]:
    return sin(angle) * _RADIUS, cos(angle) * _RADIUS


def _at(x: str, y: str) -> tuple[alt.X, alt.Y]:
    """Places on the page, one unit a pixel, the middle at 0."""
    wide, high = alt.Scale(domain=[-_WIDE, _WIDE]), alt.Scale(domain=[-_HIGH, _HIGH])
    return alt.X(f"{x}:Q", axis=None, scale=wide), alt.Y(f"{y}:Q", axis=None, scale=high)


def _node(r: Ranked, x: float, y: float) -> Row:
    out = 1 + (14 + 7 * log10(max(r.people, 10) / 10)) / _RADIUS
    upright = abs(x) < 0.15 * _RADIUS
    side = ("top" if y > 0 else "bottom") if upright else ("left" if x > 0 else "right")
    name = r.name if side == "top" else r.name.replace(" ", "\n", 1)
    return {
        "name": r.name, "label": f"{name}\n{r.people} people", "x": x, "y": y, "tx": x * out, "ty": y * out,
        "side": side, "people": r.people, "read": "read" if r.verified else "not read",
    }  # fmt: skip


def _lines(c: Comparison, at: dict[str, tuple[float, float]]) -> list[Row]:
    assert c.network is not None
    found: list[Row] = []
    for e in c.network.effects:
        if e.direct and e.treatment < e.against:
            first, second = sorted((e.treatment, e.against), key=lambda t: t == c.reference)
            (x, y), (x2, y2) = at[first], at[second]
            far = (
                0.38 if second == c.reference else 0.5
            )  # nearer to the treatment than to where all lines meet
            middle = x + far * (x2 - x), y + far * (y2 - y)
            found.append(
                {"x": x, "y": y, "x2": x2, "y2": y2, "mx": middle[0], "my": middle[1], "trials": e.direct}
            )
    return found


_DRAWN: dict[Kind, Callable[[Comparison], Any]] = {
    "forest": _forest, "network": _network, "ranking": _ranking,
}  # fmt: skip


def caption(c: Comparison, kind: Kind) -> str:
    """What the picture shows, for whoever cannot see it."""
    shown = "; ".join(f"{r.name} {interval(r.effect)}" for r in _shown(c) if r.effect)
    if kind == "forest":
        against = f"{MEASURE_NAMES[c.measure]} against {c.names[c.reference].lower()}"
        return f"Forest plot of {heading(c)}: {against}. {shown}."
    if kind == "ranking":
        return f"P-scores of {heading(c)}: " + "; ".join(f"{r.name} {r.pscore:.2f}" for r in c.ranked) + "."
    return f"Network of {heading(c)}: {counted(len(c.ranked), 'treatment')}, {counted(c.trials, 'trial')}."


__all__ = ["Kind", "caption", "chart", "png", "svg"]
