"""Why a course was an adequate trial or not, and how a target stands: its criteria, with their sources."""

from collections.abc import Iterator

from atopy.plan import Case, Line
from atopy.plan.courses import courses
from atopy.plan.targets import core_sets, targets
from atopy.render.page import Page
from atopy.truth import NAMES

_MARKS: dict[str, str] = {NAMES[True]: "✓ ", NAMES[False]: "✗ ", NAMES[None]: "? "}


def of_course(case: Case, page: Page, id_: str) -> Line | None:
    """Write what is behind a line on a course or target; None where *id_* is no such line."""
    line = next((x for x in _walk((*courses(case), *targets(case), *core_sets(case))) if x.id == id_), None)
    if line is None or (line.id.startswith("course-") and not line.parts):
        return None
    status = case.phrase(case.phrases.statuses, line.status)[0]
    page.put((line.clinician, "bold"), f": {status}" if status else "")
    page.put(line.detail or "", left=3)
    for part in line.parts:
        page.put(
            part.clinician,
            f" ({part.detail})" if part.detail else "",
            mark=_MARKS.get(part.status or "", "· "),
            left=3,
        )
    keys = dict.fromkeys(s.source for x in (line, *line.parts) for s in x.sources)
    page.put(f"Sources: {', '.join(keys)}" if keys else "", left=3, style="dim")
    return line


def _walk(lines: tuple[Line, ...]) -> Iterator[Line]:
    for line in lines:
        yield line
        yield from _walk(line.parts)
