"""The figures as one SVG: how many times better or worse than promised, and patients a second beside the peers."""

import math
from collections.abc import Sequence
from html import escape

from benchmarks.measure import Figure
from benchmarks.peers import Peer

WIDTH, LABEL, ROW, TOP = 900, 330, 30, 64
_GOOD, _BAD, _PEER, _OURS = "#2b7a4b", "#b3452c", "#8a8f98", "#2f5d9b"

Bar = tuple[str, float, str, str]  # label, value, what to print after it, colour


def picture(figures: Sequence[Figure], peers: Sequence[Peer], caption: str) -> str:
    """Two panels of bars on logarithmic axes, readable in light and dark."""
    promises: list[Bar] = []
    for f in figures:
        for t in f.targets:
            times = t.ratio(f)
            said = f"{times:.2g} times" if times < 10 else f"{times:.0f} times"
            promises.append((f"{f.what}: {t.text()}", times, said, _GOOD if times >= 1 else _BAD))
    rates: list[Bar] = [
        (f.what, f.per_second, f"{f.per_second:,.0f}/s", _OURS) for f in figures if f.what.startswith("FHIR")
    ]
    rates += [(p.what, p.per_second, f"{p.per_second:,.0f}/s", _PEER) for p in peers]
    first = _panel(
        "Against what was promised (1 = just met; longer is better)", promises, 0.1, 10, TOP, mark=1
    )
    below = TOP + ROW * (len(promises) + 3)
    second = _panel("Patients a second from FHIR text, one thread", rates, 10, 10_000, below, mark=None)
    height = below + ROW * (len(rates) + 2)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Speed of Atopy"'
        ' font-family="system-ui, sans-serif" font-size="14">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" fill="#444">{escape(caption)}</text>',
        *first, *second, "</svg>", "",
    ])  # fmt: skip


def _panel(
    title: str, bars: Sequence[Bar], low: float, high: float, top: int, mark: float | None
) -> list[str]:
    low, high = min([low, *(v for _, v, _, _ in bars)]), max([high, *(v for _, v, _, _ in bars)])
    span = WIDTH - LABEL - 110

    def across(value: float) -> float:
        return LABEL + span * math.log(value / low) / math.log(high / low)

    out = [f'<text x="16" y="{top}" fill="#111" font-weight="600">{escape(title)}</text>']
    for number, (label, value, said, colour) in enumerate(bars):
        y, end = top + ROW * number + 14, across(value)
        width = max(end - LABEL, 2)
        out += [
            f'<text x="{LABEL - 10}" y="{y + 15}" text-anchor="end" fill="#222">{escape(label.strip())}</text>',
            f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{ROW - 9}" fill="{colour}"/>',
            f'<text x="{LABEL + width + 8:.1f}" y="{y + 15}" fill="#222">{escape(said)}</text>',
        ]
    if mark is not None and bars:
        x, bottom = across(mark), top + ROW * len(bars) + 12
        out.append(f'<path d="M{x:.1f} {top + 8}V{bottom}" stroke="#111" stroke-dasharray="4 3"/>')
    return out
