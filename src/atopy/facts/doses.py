"""The dose of one drug that is being taken, in a wanted unit: one number, or why there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from atopy.facts.found import Found
from atopy.record.quantity import dose_in

if TYPE_CHECKING:
    from atopy.facts.compiled import CompiledFact, Observe
    from atopy.facts.world import World


def current_dose(world: World, fact: CompiledFact, observe: Observe) -> Found:
    """Two courses that differ give none: which is taken, nobody here knows."""
    inside, _ = world.candidates(observe.events)
    running, unsure = world.matching(observe.events, [e for e in inside if not e.quarantined])
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    spoiled = [e for e in running if e.dose_set_aside is not None]
    if spoiled:
        return Found(None, "quarantined", tuple(spoiled), detail=spoiled[-1].dose_set_aside)
    stated = [e for e in running if e.dose is not None]
    if not stated:
        return Found(None, "not recorded")
    kilograms = world.value(observe.weight) if observe.weight is not None else None
    weight = kilograms if isinstance(kilograms, Decimal) else None
    amounts = {dose_in(e.dose, observe.field or "", weight) for e in stated if e.dose is not None}
    if len(amounts) > 1:
        return Found(None, "undecided", tuple(stated), detail="two doses at once")
    (amount,) = amounts
    return Found(amount, "found" if amount is not None else "undecided", tuple(stated[-1:]))
