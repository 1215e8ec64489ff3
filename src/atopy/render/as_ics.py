"""The dates of a plan as an iCalendar file (RFC 5545): all-day entries with alarms, for any calendar program.

Every entry keeps its UID from plan to plan, so that a later file brings an earlier one up to date instead of doubling
it. No name stands in it, only a digest of the record's own patient id.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from atopy.plan import Plan
from atopy.render.dates import split
from atopy.render.view import Audience, Seen, View, day_words

if TYPE_CHECKING:
    from icalendar import Event, Journal

_ALARM = timedelta(hours=-15)  # nine in the morning of the day before
_TODAY = timedelta(hours=9)  # of what is late: this morning
_FIRST = date(2020, 1, 1)  # SEQUENCE counts days from here: a later plan is a later revision


def ics(plan: Plan, audience: Audience = "clinician") -> str:
    """The dated items of the plan that have a day. The same plan gives the same bytes."""
    from icalendar import Calendar, Journal

    view = View(plan, audience)
    calendar = Calendar()
    calendar.add("prodid", f"-//Atopy//atopy {plan.provenance.engine}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", view.title("calendar"))
    for line, text in _entries(view):
        calendar.add_component(_event(view, line, text))
    if not calendar.subcomponents:  # a calendar without any component is not valid: RFC 5545, 3.4
        calendar.add_component(_no_dates(view, Journal()))
    written: bytes = calendar.to_ical()
    return written.decode()


def _entries(view: View) -> Iterator[tuple[Seen, str]]:
    """Each dated item with what it is called, and what comes after it again."""
    lines = next((lines for section, lines in view.sections() if section.id == "calendar"), ())
    for line in split(lines)[0]:
        for one in (line, *line.of("following")):
            if one.due is not None and one.uid is not None:
                yield one, line.text


def _no_dates(view: View, journal: "Journal") -> "Journal":
    """A note, which calendar programs do not put among the appointments, that this plan has no day in it."""
    as_of = date.fromisoformat(view.plan.as_of)
    journal.add("uid", f"no-dates.{_whose(view.plan)}@atopy")
    journal.add("dtstamp", datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC))
    journal.add("dtstart", as_of)
    journal.add("summary", f"{view.title('calendar')}: no dated item")
    journal.add("description", view.disclaimer)
    return journal


def _event(view: View, line: Seen, text: str) -> "Event":
    from icalendar import Alarm, Event

    as_of = date.fromisoformat(view.plan.as_of)
    day = as_of if line.status == "overdue" else date.fromisoformat(line.due or view.plan.as_of)
    title = f"{line.state}: {text}" if line.status in ("overdue", "done") else text
    event = Event()
    event.add("uid", _uid(view.plan, line))
    event.add("dtstamp", datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC))
    event.add("sequence", max((as_of - _FIRST).days, 0))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if line.status == "done" else "TENTATIVE")
    event.add("summary", title[:1].upper() + title[1:])
    event.add("description", _described(view, line))
    event.add("categories", [line.group or "calendar"])
    if line.status != "done":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", _TODAY if line.status == "overdue" else _ALARM)
        alarm.add("description", event["summary"])
        event.add_component(alarm)
    return event


def _described(view: View, line: Seen) -> str:
    said = []
    if line.status == "overdue":
        said.append(f"{line.state}; {day_words(line.due or '')}")
    elif line.earliest and line.latest and line.earliest != line.latest and line.status != "done":
        said.append(f"{day_words(line.earliest)} – {day_words(line.latest)}")
    said += [x for x in (line.detail, line.reason) if x]
    numbers = dict.fromkeys(c.number for c in line.sources)
    said += [f"[{s.number}] {s.text}" for s in view.plan.sources if s.number in numbers and view.clinical]
    return "\n".join([*said, view.disclaimer])


def _uid(plan: Plan, line: Seen) -> str:
    """The item's own name with a digest of whose it is; records without a patient id share one."""
    return f"{(line.uid or line.id).replace(':', '.')}.{_whose(plan)}@atopy"


def _whose(plan: Plan) -> str:
    return hashlib.sha256(f"{plan.provenance.content}|{plan.patient.id or ''}".encode()).hexdigest()[:16]
