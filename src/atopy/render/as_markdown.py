"""The plan as Markdown: everything in it, for one reader, folded nowhere."""

from atopy.plan import Plan
from atopy.render.answer import answer
from atopy.render.dates import HEADS, rows, split
from atopy.render.view import (
    STANDING,
    Audience,
    Seen,
    View,
    cited,
    day_words,
    event_words,
    graded,
    unverified,
)


def markdown(plan: Plan, audience: Audience = "clinician") -> str:
    """The whole plan as GitHub-flavoured Markdown: the answer, each section, sources, provenance."""
    view = View(plan, audience)
    blocks = [
        *_head(view),
        *_answer(view),
        *(block for section, lines in view.sections() for block in _section(view, section.id, lines)),
        *_end(view),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(view: View) -> list[str]:
    made = view.plan.provenance
    return [
        f"# {plain(view.headline)}",
        f"**{plain(view.who())}** · as of {day_words(view.plan.as_of)} · {view.where()} · "
        f"content {made.content_version} (*{view.review()}*)",
    ]


def _answer(view: View) -> list[str]:
    a = answer(view)
    items = []
    for number, first in enumerate(a.first, start=1):
        title = f"**{plain(first.title)}**" if first.title else ""
        said = ": ".join(x for x in (title, plain(first.text)) if x)
        refs = cited(first.sources) if view.clinical else ""
        because = (
            f"  \n   *because: {plain('; '.join(event_words(e) for e in first.because))}*"
            if first.because and view.clinical
            else ""
        )
        items.append(f"{number}. {said} {refs}".rstrip() + because)
    blocks = ["\n".join(items)] if items else []
    findings = " · ".join((*a.findings, *a.scores))
    return [
        *blocks,
        *([f"**{'Severity' if view.clinical else 'Your skin'}:** {plain(findings)}"] if findings else []),
        *(
            [f"**{'Overrides' if view.clinical else 'Not counted'}:** {plain(' · '.join(a.set_aside))}"]
            if a.set_aside
            else []
        ),
        *([f"**Not used:** {plain(' · '.join(a.unused))}"] if a.unused else []),
    ]


def _section(view: View, id_: str, lines: tuple[Seen, ...]) -> list[str]:
    title = f"## {plain(view.title(id_))}"
    if id_ == "calendar":
        return [title, *_calendar(view, lines)]
    if id_ != "ladder":
        return [title, "\n".join(row for line in lines for row in _item(view, line, 0))]
    blocks = [title]
    for name, _, options in view.rungs():
        blocks += [f"### {plain(name)}", "\n".join(row for o in options for row in _item(view, o, 0))]
    return blocks


def _calendar(view: View, lines: tuple[Seen, ...]) -> list[str]:
    """The dated items as a table, then the advice."""
    dated, advice = split(lines)
    table = [f"| {' | '.join(HEADS)} |", "|---|---|---|---|"]
    for row in rows(view, dated):
        cells = (
            row.when,
            f"**{row.state}**" if row.status == "overdue" else row.state or "",
            row.what,
            row.why,
        )
        said = [c if c.startswith("**") else plain(c) for c in cells]
        table.append(f"| {' | '.join(said)}{f' {row.refs}' if row.refs else ''} |")
    listed = "\n".join(row for line in advice for row in _item(view, line, 0))
    return [*(["\n".join(table)] if dated else []), *([listed] if advice else [])]


def _item(view: View, line: Seen, depth: int) -> list[str]:
    """A line as a list item, its parts below it."""
    text = f"**{plain(line.text)}**" if line.status and depth == 0 else plain(line.text)
    told = line.group in ("score", "finding", "product", "core_set")  # its words say its state already
    labelled = depth and line.group == "access"  # its label says so
    said = line.state and not told and not labelled and line.state not in (line.detail or "")
    state = f" — *{plain(line.state or '')}*" if said else ""
    where = f" {cited(line.access_sources())}" if view.clinical and line.access_sources() else ""
    reason = f": {plain(line.why)}{where}" if line.why else ""
    detail = f": {plain(line.more)}" if line.group in STANDING else f" ({plain(line.more)})"
    detail = detail if line.more else ""
    refs = f" {graded(line.sources)}" if line.sources and view.clinical else ""
    mark = unverified_mark(line) if view.clinical else ""
    label = _label(view, line.group or "") if depth else ""
    review = f" *({line.review})*" if line.review else ""
    rows = [f"{'  ' * depth}- {label}{text}{detail}{state}{reason}{refs}{mark}{review}".rstrip()]
    for part in (p for p in line.parts if p.group != "access" or p in line.access()):
        rows += _item(view, part, depth + 1)
    return rows


def _label(view: View, group: str) -> str:
    """What kind of part it is."""
    if group == "access":
        return "Access, not evidence: " if view.clinical else "Who pays: "
    return _GROUPS.get(group, "")


_GROUPS = {
    "dose": "Dose: ",
    "amount": "Amount: ",
    "before": "Before it: ",
    "monitor": "Monitor: ",
    "meanwhile": "Meanwhile: ",
}


def unverified_mark(line: Seen) -> str:
    """What is said of a line that nobody read in a source."""
    if not unverified(line.sources) or "check the label" in (line.detail or ""):
        return ""
    return " (unverified: check the label)" if line.group == "dose" else " (not verified)"


def _end(view: View) -> list[str]:
    made = view.plan.provenance
    rows = []
    for s in view.plan.sources:
        notes = ["" if s.read else "not read for this guideline", s.status or "", s.note or ""]
        note = "; ".join(n for n in notes if n)
        link = f" <https://doi.org/{s.doi}>" if s.doi else f" <{s.url}>" if s.url else ""
        rows.append(f"{s.number}. {plain(s.text)}{link}{f' ({plain(note)})' if note else ''}")
    overlay = f"; overlay {made.overlay} {made.overlay_hash}" if made.overlay else ""
    sources = [f"## {view.title_of_sources()}", "\n".join(rows)] if rows and view.clinical else []
    count = (
        [f"{len(rows)} sources stand behind this plan; the clinician's version lists them."]
        if rows and not view.clinical
        else []
    )
    hashes = f"content `{made.content_hash}`; record `{made.record_hash}`; plan `{made.plan_hash}`"
    return [
        *sources,
        *count,
        "---",
        plain(view.intended_use),
        f"**{plain(view.disclaimer)}**",
        f"{made.content} {made.content_version} ({view.review()}); {view.overdue()}; "
        f"{view.currency()}; by {', '.join(made.authors)}; engine {made.engine}{overlay}; {hashes}",
    ]


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    for mark in ("\\", "`", "*", "_", "[", "]", "<", ">", "#", "|"):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " ")
