"""What is known of one event of a patient."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from atopy.criteria import Ref, Value
from atopy.facts.fields import At
from atopy.record import Event

if TYPE_CHECKING:
    from atopy.facts.world import World


class EventScope(dict[int, Value]):
    """One event of a patient: its fields, its course facts and the patient's terms by their slots, found when read."""

    __slots__ = ("at", "world")

    def __init__(self, world: "World", event: Event) -> None:
        self.world = world
        self.at = At(event, world.as_of, world.rules.vocabulary, world)

    def __missing__(self, slot: int) -> Value:
        value: Value = self.world.rules.event_runs[slot](self)
        self[slot] = value
        return value

    def value(self, ref: Ref) -> Value:
        """The value of a term, None when unknown."""
        return self[self.world.rules.event_slot(ref)]


EventRun = Callable[[EventScope], Value]
