"""Whether there is any event of a kind: true; false where somebody said no or a closed list names none; or unknown."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from atopy.criteria import Value
from atopy.facts.compiled import CompiledFact, Events, Observe, closing
from atopy.facts.found import Found, set_aside, too_old_now
from atopy.facts.index import day_of
from atopy.facts.needs import denies
from atopy.record import Event

if TYPE_CHECKING:
    from atopy.facts.rules import Rules
    from atopy.facts.world import World

STATES = ("finding", "condition", "exposure", "allergy", "life_event")
"""Kinds whose newest entry says how it is now; of the others every entry counts."""
ASKED = ("finding", "exposure")

Asked = tuple[list[Event], list[Event], list[Event], list[Event]]
"""Of the events that a fact asks for: those that can count, those of them that decide, those that do not say no; and
the ones that are too old."""


class Exists:
    """Asks it of a world, for one fact: what is the same for all facts over the same events is found once a world."""

    __slots__ = ("_all_answered", "_closing", "_codes", "_events", "_key", "_kind", "_slot", "_valid_for")

    def __init__(self, rules: "Rules", fact: CompiledFact, observe: Observe, slot: int) -> None:
        events, codes = observe.events, rules.codes_of(observe.events.codes)
        self._slot = slot
        self._kind = events.kind
        self._codes = codes.keys()
        self._closing = closing(fact)
        self._events = events
        self._valid_for = fact.valid_for
        self._key = events.kind, id(codes), events.within or fact.valid_for, events.future
        self._all_answered = rules.answered(events)

    def value(self, world: "World") -> Value:
        """The value; the world keeps how it was come by."""
        if world.listed(self._kind).keys().isdisjoint(self._codes):  # two views: the shorter is gone through
            found = world.closed(self._closing)
        else:
            found = self._found(world)
        world.reasons[self._slot] = found
        return found.value

    def _found(self, world: "World") -> Found:
        asked = world.asked.get(self._key)
        if asked is None:
            asked = world.asked[self._key] = _asked(world, self._events, self._valid_for)
        newest, deciding, positive, older = asked
        if not newest:
            closed = world.closed(self._closing)
            return too_old_now(older) if older and closed.value is None else closed
        yes, unsure = world.matching(self._events, positive)
        if yes:
            return Found(True, "found", tuple(yes))
        if unsure:
            return Found(None, "undecided", tuple(unsure[-1:]))
        if len(deciding) < len(newest):
            return set_aside([e for e in newest if e.quarantined])
        closed = world.closed(self._closing)
        if closed.value is not False and deciding and self._all_answered(deciding):
            return Found(False, "denied", tuple(deciding[-3:]))
        return closed


def _asked(world: "World", events: Events, valid_for: str | None) -> Asked:
    inside, older = world.candidates(events, valid_for)
    kind = events.kind
    # a finding or exposure that nobody asked about says nothing
    usable = [e for e in inside if e.quarantined or e.flag is not None] if kind in ASKED else inside
    newest = _newest_of_each(usable) if kind in STATES and len(usable) > 1 else usable
    deciding = [e for e in newest if not e.quarantined]
    return newest, deciding, [e for e in deciding if e.flag is not False], [] if inside else older


def _newest_of_each(events: list[Event]) -> list[Event]:
    newest = {e.code: e for e in sorted(events, key=said)}  # oldest first, so the last one stays
    return sorted(newest.values(), key=day_of)


def said(event: Event) -> date:
    """The day an entry speaks for: its end, else the day it was written down, which may be long after it began."""
    return event.end or event.recorded or day_of(event)


def answered(rules: "Rules", events: Events) -> Callable[[list[Event]], bool]:
    """Whether all that is asked for has an entry among those that decide, so that none matching means no.

    A class has one when each of its members has, or when it is itself denied or over. A class that is denied
    answers for its members too: who has no cancer has no lymphoma.
    """
    if events.codes == ("*",):
        return lambda deciding: False
    wanted = [(code, frozenset(rules.codes(code)[1:] or (code,))) for code in events.codes]

    def run(deciding: list[Event]) -> bool:
        told = {e.code for e in deciding}
        for event in deciding:
            if denies(event):
                told.update(rules.codes(event.code))
        over = {e.code for e in deciding if denies(e) or e.end is not None or e.status == "resolved"}
        return all(code in over or members <= told for code, members in wanted)

    return run
