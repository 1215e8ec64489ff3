"""The numbered sources of a plan, in Vancouver order of appearance."""

from collections.abc import Iterable

from atopy.guideline import Compiled
from atopy.plan.model import Cited, Line, Section, SourceLine


def numbered(sections: tuple[Section, ...], named: dict[str, int]) -> dict[str, int]:
    """Each source that lines cite with its number, after those that a text has *named* by number already."""
    met: dict[str, None] = dict.fromkeys(named)
    for section in sections:
        _meet(section.lines, met)
    return {key: number for number, key in enumerate(met, 1)}


def _meet(lines: tuple[Line, ...], met: dict[str, None]) -> None:
    for line in lines:
        for cited in line.sources:
            met[cited.source] = None
        if line.parts:
            _meet(line.parts, met)


def in_order(cited: Iterable[Cited]) -> dict[str, int]:
    """The sources of a few citations, numbered for themselves."""
    return {key: number for number, key in enumerate(dict.fromkeys(c.source for c in cited), 1)}


def source_lines(
    compiled: Compiled, numbers: dict[str, int], known: dict[tuple[str, int], SourceLine] | None = None
) -> tuple[SourceLine, ...]:
    """Each source by the number that the plan gave it; *known* keeps what is the same in every plan."""
    known = {} if known is None else known
    lines: list[SourceLine] = []
    for place in numbers.items():
        line = known.get(place)
        if line is None:
            line = known[place] = _line(compiled, *place)
        lines.append(line)
    return tuple(lines)


def _line(compiled: Compiled, key: str, number: int) -> SourceLine:
    info = compiled.sources.get(key)
    entry = compiled.csl(key)
    work = info.alias_of if info and info.alias_of else key
    text = compiled.bibliography.get(work) or (info.note if info and info.note else key)
    said = (info.reliability, info.status_note) if info else ()
    notes = [*(["machine-written"] if info and info.machine_written else []), *(x for x in said if x)]
    return SourceLine(
        number, key, text, info.kind if info else "unknown", bool(info and info.read), info.status if info else None,
        entry.get("URL") if entry else None, entry.get("DOI") if entry else None, "; ".join(notes) or None,
        label(compiled, key),
    )  # fmt: skip


def study_label(compiled: Compiled, key: str) -> str:
    """``leshem2015`` as Leshem 2015: what people call a study; its key in words where nobody is named."""
    entry = compiled.csl(key) or {}
    first = next((a["family"] for a in entry.get("author", []) if "family" in a), None)
    year = entry.get("issued", {}).get("date-parts", [[None]])[0][0]
    if first and year:
        return f"{first} {year}"
    head, _, rest = key.replace("-", "_").partition("_")
    return f"{head.upper() if len(head) <= 5 else head.capitalize()} {rest.replace('_', ' ')}".strip()


def short_label(key: str) -> str:
    """``aad-2024-systemic`` as AAD 2024: what people call a guideline."""
    parts = key.split("-")
    name = parts[0].upper() if len(parts[0]) <= 5 else parts[0].capitalize()
    year = next((p for p in parts[1:] if len(p) == 4 and p.isdigit()), "")
    code = parts[1].upper() if name == "NICE" and len(parts) > 1 else ""  # NICE calls its guidance by code
    return f"{name} {code or year}".strip()


_BRIEF = 48


def label(compiled: Compiled, key: str) -> str:
    """Who says it, and when: the first author or the organisation and the year; the title where nobody is named."""
    info, entry = compiled.sources.get(key), compiled.csl(key) or {}
    authors = entry.get("author") or [{}]
    who = authors[0].get("family") or authors[0].get("literal", "").split(",")[0]
    who = f"{who} et al" if who and "family" in authors[0] and len(authors) > 1 else who
    dated = entry.get("issued", {}).get("date-parts", [[None]])[0][0]
    year = (info.year if info else None) or dated
    title = str(entry.get("title") or (info.note if info and info.note else key)).split(": ")[0].lstrip("[")
    brief = title if len(title) <= _BRIEF else title[:_BRIEF].rsplit(" ", 1)[0].rstrip(" ,(") + "…"
    return who or brief if not year or str(year) in (who or brief) else f"{who or brief} {year}"
