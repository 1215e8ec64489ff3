"""The calendar as a table: what, when, how it stands and why, for one reader; the same in every format."""

from datetime import date, timedelta

import msgspec

from atopy.plan import Line
from atopy.plan.calendar import GROUPS
from atopy.render.view import Seen, View, cited, day_words, unverified

HEADS = ("When", "Status", "What", "Why")
_FOLLOWING = 3  # so many of the later days are written out; the rest is counted


class DateRow(msgspec.Struct, frozen=True):
    """One row of the table."""

    id: str
    when: str
    status: str | None
    state: str | None
    what: str
    why: str
    refs: str


def split(lines: tuple[Seen, ...]) -> tuple[tuple[Seen, ...], tuple[Seen, ...]]:
    """The dated items, and the advice after them."""
    dated = tuple(x for x in lines if x.group in GROUPS)
    return dated, tuple(x for x in lines if x.group not in GROUPS)


def rows(view: View, lines: tuple[Seen, ...]) -> list[DateRow]:
    """A row for each dated item, in the plan's order: the overdue first."""
    return [_row(view, x) for x in lines]


def _row(view: View, line: Seen) -> DateRow:
    mark = " not verified" if view.clinical and unverified(line.sources) else ""
    refs = f"{cited(line.sources)}{mark}" if view.clinical else ""
    return DateRow(line.id, when(line), line.status, line.state, line.text, _why(view, line), refs)


def when(line: Seen | Line) -> str:
    """``15 Jun 2026, by 18 Jun 2026``; ``since`` for what is overdue; in words where there is no day."""
    if line.due is None:
        return "before the first dose" if line.group == "work_up" else line.detail or "no date"
    due = day_words(line.due)
    if line.status == "overdue" and line.latest is not None:
        return f"since {day_words(_day_after(line.latest))} (due {due})"
    if line.status == "done" or line.latest in (None, line.due):
        return due
    return f"{due}, by {day_words(line.latest)}"


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _why(view: View, line: Seen) -> str:
    said = [line.reason or "", "" if line.due is None else line.detail or ""]
    said += _work_up(line) if line.group == "work_up" else []
    if view.clinical:
        said += [f"{x.text}: {when(x)} {cited(x.sources)}".rstrip() for x in line.of("other_source")]
    said.append(_following(line))
    return "; ".join(x for x in said if x)


def _following(line: Seen) -> str:
    later = [day_words(x.due) for x in line.of("following") if x.due]
    if not later:
        return ""
    more = f" and {len(later) - _FOLLOWING} more" if len(later) > _FOLLOWING else ""
    return f"then {', '.join(later[:_FOLLOWING])}{more}"


def _work_up(line: Seen) -> list[str]:
    done = [
        f"{_short(x)}{f' ({day_words(x.due)})' if x.due else ''}" for x in line.parts if x.status == "done"
    ]
    open_ = [_short(x) for x in line.parts if x.status != "done"]
    return [f"to do: {', '.join(open_)}" if open_ else "", f"done: {', '.join(done)}" if done else ""]


def _short(line: Seen) -> str:
    return line.text.rstrip(".")


__all__ = ["HEADS", "DateRow", "rows", "split", "when"]
