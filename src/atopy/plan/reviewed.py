"""What reviewers have said of each line of a plan, and how much of it should have been read again by now.

Both are looked up only where there is something to find: without sign-offs and with nothing overdue no line is walked.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from atopy.plan.case import Case
from atopy.plan.model import Line, Section

SUBMITTED = "submitted"
_MADE_BY_PLAN = ("calendar-", "taken-", "course-", "amount-")
"""What a plan puts before the id of the piece that a line is made from; what of it the line tells may follow it."""


def with_reviews(case: Case, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The same lines, each with the review state of the piece of content that it says."""
    states = case.compiled.reviews
    if not states:
        return sections
    known = _pieces(case)
    return tuple(replace(s, lines=_lines(s.lines, known, states, SUBMITTED)) for s in sections)


def _lines(
    lines: tuple[Line, ...], known: frozenset[str], states: dict[str, str], above: str
) -> tuple[Line, ...]:
    return tuple(_line(line, known, states, above) for line in lines)


def _line(line: Line, known: frozenset[str], states: dict[str, str], above: str) -> Line:
    piece = piece_of(line.id, known)
    state = states.get(piece, SUBMITTED) if piece else above
    return replace(line, review=state, parts=_lines(line.parts, known, states, state))


def counted(sections: tuple[Section, ...]) -> dict[str, int]:
    """How many of the lines that cite a source are in which review state, by the first line of each id."""
    states = {line.id: line.review for line in _cited(sections)}
    return {state: sum(s == state for s in states.values()) for state in sorted(set(states.values()))}


def overdue(case: Case, sections: tuple[Section, ...]) -> int:
    """How many pieces of content that this plan says should have been read again before its day."""
    day = case.as_of.isoformat()
    late: frozenset[str] = case.guidance.fixed(
        case.compiled, f"overdue {day}", lambda: frozenset(case.compiled.overdue(day))
    )
    if not late:
        return 0
    known = _pieces(case)
    return len({piece for line in _cited(sections) if (piece := piece_of(line.id, known)) in late})


def piece_of(id_: str, known: frozenset[str]) -> str | None:
    """The piece of content that a line is made from: of the same name, or of the longest that it begins with."""
    for prefix in ("", *(p for p in _MADE_BY_PLAN if id_.startswith(p))):
        name = id_.removeprefix(prefix)
        while name:
            if name in known:
                return name
            name = name.rpartition("-")[0]
    return None


def _pieces(case: Case) -> frozenset[str]:
    return case.guidance.fixed(case.compiled, "pieces", lambda: frozenset(case.compiled.pieces()))


def _cited(sections: tuple[Section, ...]) -> Iterator[Line]:
    """Every line, and part of one, that cites a source."""

    def walk(lines: tuple[Line, ...]) -> Iterator[Line]:
        for line in lines:
            if line.sources:
                yield line
            yield from walk(line.parts)

    for section in sections:
        yield from walk(section.lines)
