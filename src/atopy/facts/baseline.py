"""What a score is held against: the one before a course, if it is not too old and enough time has passed since."""

from collections.abc import Sequence
from datetime import date

from atopy.facts.compiled import ChangeSince
from atopy.facts.spans import ahead, back
from atopy.record import Event


def before_course(change: ChangeSince, earlier: Sequence[Event], newest: Event, start: date) -> Event | None:
    """The last value of the time before a course; None where it is too old, or the newest came too early to tell."""
    if change.counts_from and (newest.date is None or newest.date < ahead(start, change.counts_from)):
        return None
    since = back(start, change.baseline_within) if change.baseline_within else date.min
    known = [e for e in earlier if e.date and since <= e.date <= start]
    return known[-1] if known else None
