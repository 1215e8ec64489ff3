"""The newest value of a score against an earlier one: the first, the one before, the worst, or that before a course."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from atopy.facts.compiled import ChangeSince, CompiledFact, Events
from atopy.facts.fields import is_running
from atopy.facts.found import MISSING, Found
from atopy.facts.index import day_of
from atopy.facts.spans import ahead, back
from atopy.record import Event

if TYPE_CHECKING:
    from atopy.facts.world import World


def change_since(world: "World", fact: CompiledFact, change: ChangeSince) -> Found:
    """By how much the newest differs, or by how many percent; unknown where either is, or stale, or set aside."""
    start = _course_start(world, change.course) if change.against == "before_course" else None
    if start is None and change.against == "before_course":
        return MISSING
    inside, _ = world.candidates(change.events)
    listed, unsure = world.matching(change.events, inside)
    if change.before_newest:
        listed = listed[:-1]
    usable = [e for e in listed if e.number is not None and not e.quarantined]
    newest = listed[-1:]
    if newest and newest[0].quarantined:
        return Found(None, "quarantined", tuple(newest), detail=newest[0].quarantined)
    if unsure:
        return Found(None, "undecided", tuple(unsure[-1:]))
    if usable and _too_old(usable[-1], fact, world.as_of):
        return Found(None, "stale", tuple(usable[-1:]))
    base = _baseline(change, usable, start)
    return MISSING if base is None else _difference(base, usable[-1], change.percent)


def _difference(base: Event, newest: Event, percent: bool) -> Found:
    now, then = newest.number, base.number
    assert now is not None and then is not None
    if percent and not then:
        return Found(None, "undecided", (base, newest))
    return Found((now - then) * 100 / then if percent else now - then, "found", (base, newest))


def _course_start(world: "World", codes: tuple[str, ...]) -> date | None:
    running = [e for e in world.of(Events("treatment", codes)) if is_running(e) and e.date]
    return running[-1].date if running else None


def _too_old(event: Event, fact: CompiledFact, as_of: date) -> bool:
    return bool(fact.valid_for and event.date and event.date < back(as_of, fact.valid_for))


def _baseline(change: ChangeSince, usable: list[Event], start: date | None) -> Event | None:
    """The earlier value that the newest is held against; never the newest itself. *start*: of the course."""
    earlier = usable[:-1]
    if start is not None:
        if not usable or day_of(usable[-1]) <= start:
            return None
        return _before_course(change, earlier, usable[-1], start)
    if not earlier:
        return None
    if change.against in ("earliest", "previous"):
        return earlier[0] if change.against == "earliest" else earlier[-1]
    pick = max if change.against == "highest" else min
    return pick(earlier, key=lambda e: e.number or Decimal(0))


def _before_course(change: ChangeSince, earlier: Sequence[Event], newest: Event, start: date) -> Event | None:
    """The last value of the time before a course; None where it is too old, or the newest came too early to tell."""
    if change.counts_from and (newest.date is None or newest.date < ahead(start, change.counts_from)):
        return None
    since = back(start, change.baseline_within) if change.baseline_within else date.min
    known = [e for e in earlier if e.date and since <= e.date <= start]
    return known[-1] if known else None
