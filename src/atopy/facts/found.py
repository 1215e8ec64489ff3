"""How a fact came by its value."""

from typing import Literal

import msgspec

from atopy.criteria import Value
from atopy.record import Event

State = Literal[
    "found",
    "not recorded",
    "stale",
    "quarantined",
    "attested absent",
    "denied",
    "derived",
    "undecided",
    "supposed",
]


class Found(msgspec.Struct, frozen=True, gc=False):
    """A fact's value (None: unknown), how it was come by, and the events it rests on."""

    value: Value
    state: State
    events: tuple[Event, ...] = ()
    row: int | None = None  # of a decision table: which row won
    detail: str | None = None


MISSING = Found(None, "not recorded")


def set_aside(events: list[Event]) -> Found:
    """Unknown, because the newest of *events* holds something that cannot be."""
    return Found(None, "quarantined", tuple(events[-1:]), detail=events[-1].quarantined)


def too_old_now(older: list[Event]) -> Found:
    """Unknown, for the newest entry is older than the fact allows; or was set aside, which is said instead."""
    newest = older[-1]
    return Found(None, "quarantined" if newest.quarantined else "stale", (newest,), detail=newest.quarantined)
