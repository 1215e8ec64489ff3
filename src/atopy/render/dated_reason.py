"""Why a dated item of the calendar stands where it does: its days, what the record holds, and its sources."""

from atopy.plan import Case, Line
from atopy.plan.calendar import calendar
from atopy.plan.references import in_order, source_lines
from atopy.render.dates import when
from atopy.render.page import Page
from atopy.render.view import day_words, event_place, event_words


def dated_reason(case: Case, page: Page, id_: str) -> bool:
    """Write it; False where *id_* is no item of this calendar."""
    line = next((x for top in calendar(case) for x in (top, *top.parts) if x.id == id_), None)
    if line is None:
        return False
    state = case.phrase(case.phrases.statuses, line.status)[0]
    page.put((line.clinician, "bold"), f": {state}" if state else "", f", {when(line)}")
    if line.earliest and line.latest and line.earliest != line.latest:
        page.put(f"It counts from {day_words(line.earliest)} to {day_words(line.latest)}.", left=2)
    for said in (line.detail, line.clinician_reason):
        page.put(said or "", left=2)
    if line.trace is not None:
        page.gap()
        page.put(("In the record", "bold"))
        for event in line.trace.events:
            page.put(event_words(event), (f"  {event_place(event)}", "dim"), mark="· ", left=2)
    _sources(case, page, line)
    return True


def _sources(case: Case, page: Page, line: Line) -> None:
    if not line.sources:
        return
    page.gap()
    page.put(("Sources", "bold"))
    for source in source_lines(case.compiled, in_order(line.sources)):
        read = any(c.verified for c in line.sources if c.source == source.key)
        page.put(source.text, ("" if read else " (not verified)", "dim"), mark=f"[{source.number}] ")
