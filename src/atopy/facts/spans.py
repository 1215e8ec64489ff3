"""Spans of time in words ("28 days", "3 months") counted back or ahead from a day, by the calendar."""

from datetime import date, timedelta
from functools import cache

from atopy.record import by_months


@cache
def back(day: date, span: str) -> date:
    """The day *span* before *day*; the 31st becomes the month's last. ValueError for other words."""
    return _moved(day, span, -1)


@cache
def ahead(day: date, span: str) -> date:
    """The day *span* after *day*; the 31st becomes the month's last. ValueError for other words."""
    return _moved(day, span, 1)


def _moved(day: date, span: str, way: int) -> date:
    number, unit = _parts(span)
    if unit == "day":
        return day + way * timedelta(days=number)
    if unit == "week":
        return day + way * timedelta(weeks=number)
    months = way * number * (12 if unit == "year" else 1)
    return by_months(day, months)


def check_span(span: str) -> str | None:
    """What is wrong with *span*, or None."""
    try:
        _parts(span)
    except ValueError as error:
        return str(error)
    return None


def _parts(span: str) -> tuple[int, str]:
    words = span.split()
    unit = words[1].removesuffix("s") if len(words) == 2 else ""
    if not words or not words[0].isdigit() or unit not in ("day", "week", "month", "year"):
        raise ValueError(f"'{span}' is not a span: write for example '28 days', '3 months' or '1 year'.")
    return int(words[0]), unit
