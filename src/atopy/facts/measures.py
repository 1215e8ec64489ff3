"""What is measured over the events of a fact: the newest, the highest, how many, how long ...

Each gives the value with the events it rests on, or why there is none.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from atopy.criteria import Category, Number, Value
from atopy.facts.compiled import CompiledFact, Measure, Observe
from atopy.facts.doses import current_dose
from atopy.facts.fields import FIELDS, At, days_long, is_running
from atopy.facts.found import MISSING, Found, set_aside, too_old_now
from atopy.facts.index import day_of
from atopy.facts.supply import grams_a_week, grams_a_week_at_least, grams_a_week_at_most
from atopy.record import Event

if TYPE_CHECKING:
    from atopy.facts.world import World


def _supply(world: "World", fact: CompiledFact, observe: Observe) -> Found:
    """Grams a week from dispensings; unknown where a lot has no weight in grams, or the time is too short to tell."""
    inside, older = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    if any(e.quarantined for e in yes):
        return set_aside([e for e in yes if e.quarantined])
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    if not yes:
        return too_old_now(older) if older else world.absent(fact)
    lots = [(e.date, e.amount.value) for e in yes if e.date and e.amount and e.amount.unit == "g"]
    if len(lots) < len(yes):
        return Found(None, "undecided", tuple(yes))
    least = observe.measure == "supply_at_least"
    value = grams_a_week_at_least(lots) if least else grams_a_week_at_most(lots, world.as_of)
    return Found(value, "undecided" if value is None else "found", tuple(yes))


def _newest(world: "World", fact: CompiledFact, observe: Observe) -> Found:
    inside, older = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    end = -1 if observe.measure == "latest" else 0
    if unsure and (not yes or _may_stand_before(unsure[end], yes[end], observe.measure)):
        return Found(None, "undecided", (unsure[end],))
    if not yes:
        return too_old_now(older) if older and not inside else world.absent(fact)
    pick = yes[end]
    if pick.quarantined:
        return Found(None, "quarantined", (pick,), detail=pick.quarantined)
    return Found(_read(world, fact, observe.field, pick), "found", (pick,))


def _may_stand_before(unsure: Event, sure: Event, measure: Measure) -> bool:
    """Whether an event of which it is not known if it counts would be the one to take."""
    if measure == "latest":
        return day_of(unsure) >= day_of(sure)
    return day_of(unsure) <= day_of(sure)


def _extreme(world: "World", fact: CompiledFact, observe: Observe) -> Found:
    inside, older = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    numbers = [e for e in yes if e.number is not None and not e.quarantined]
    if not numbers:
        return too_old_now(older) if older else world.absent(fact)
    pick = (max if observe.measure == "highest" else min)(numbers, key=lambda e: e.number or Decimal(0))
    return Found(pick.number, "found", (pick,))


def _count(world: "World", fact: CompiledFact, observe: Observe) -> Found:
    inside, _ = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, [e for e in inside if e.flag is not False])
    if any(e.quarantined for e in yes):
        return set_aside([e for e in yes if e.quarantined])
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    if not yes and world.absent(fact).value is not False:
        return MISSING
    return Found(Decimal(len(yes)), "found", tuple(yes))


def _sum(world: "World", fact: CompiledFact, observe: Observe) -> Found:
    inside, _ = world.candidates(observe.events, fact.valid_for)
    yes, unsure = world.matching(observe.events, inside)
    values = [_quantity(world, observe, e) for e in yes]
    if unsure or any(v is None for v in values) or any(e.quarantined for e in yes):
        return Found(None, "undecided", tuple(yes))
    if not yes and world.absent(fact).value is not False:
        return MISSING
    return Found(sum((v for v in values if v is not None), Decimal(0)), "found", tuple(yes))


def _quantity(world: "World", observe: Observe, event: Event) -> Decimal | None:
    value: Value = event.number
    if observe.field == "days_long":
        value = days_long(At(event, world.as_of, world.rules.vocabulary))
    elif observe.field == "grams_per_week":
        ran = days_long(At(event, world.as_of, world.rules.vocabulary))
        value = grams_a_week(event, ran if isinstance(ran, Decimal) else None)
    elif event.kind in ("treatment", "dispensing"):
        value = FIELDS["amount_g"][1](At(event, world.as_of, world.rules.vocabulary), ())
    return value if isinstance(value, Decimal) else None


def _days_since(world: "World", fact: CompiledFact, observe: Observe) -> Found:
    """Days since the last day of the newest; none have passed while a course is running."""
    inside, _ = world.candidates(observe.events, fact.valid_for)
    usable = [e for e in inside if not e.quarantined and e.flag is not False and e.date is not None]
    yes, unsure = world.matching(observe.events, usable)
    newest = max(yes, key=lambda e: _last_day(e, world.as_of), default=None)
    perhaps = max(unsure, key=lambda e: _last_day(e, world.as_of), default=None)
    last = _last_day(newest, world.as_of) if newest else date.min
    if perhaps and _last_day(perhaps, world.as_of) > last:
        return Found(None, "undecided", (perhaps,))
    return Found(Decimal((world.as_of - last).days), "found", (newest,)) if newest else MISSING


def _last_day(event: Event, as_of: date) -> date:
    """The last day of an event so far; of a course that is running, today."""
    last = as_of if event.kind == "treatment" and is_running(event) else event.end or day_of(event)
    return last if day_of(event) > as_of else min(last, as_of)


_BRIDGE_DAYS = 14


def _duration(world: "World", fact: CompiledFact, observe: Observe) -> Found:
    """Days without a break up to today; courses that follow within two weeks count as one."""
    inside, _ = world.candidates(observe.events, fact.valid_for)
    dated = [e for e in inside if e.date is not None]
    yes, unsure = world.matching(observe.events, [e for e in dated if not e.quarantined])
    running = [e for e in yes if is_running(e) or (e.end is not None and e.end >= world.as_of)]
    if not running:
        return _nothing_runs(world, fact, unsure, [e for e in dated if e.quarantined])
    start = min(e.date for e in running if e.date)
    used = list(running)
    for event in reversed([e for e in yes if e not in running]):
        if event.end and event.date and (start - event.end).days <= _BRIDGE_DAYS:
            start = min(start, event.date)
            used.insert(0, event)
    return Found(Decimal((world.as_of - start).days), "found", tuple(used))


def _nothing_runs(world: "World", fact: CompiledFact, unsure: list[Event], spoiled: list[Event]) -> Found:
    """No course is running for certain: not decided, set aside, or none where the list is closed."""
    if unsure:
        return Found(None, "undecided", tuple(unsure))
    if spoiled:
        return set_aside(spoiled)
    closed = world.absent(fact)
    if closed.value is None:
        return closed
    return Found(Decimal(0), closed.state, detail=closed.detail)


_Measuring = Callable[["World", CompiledFact, Observe], Found]
MEASURES: dict[str, _Measuring] = {
    "latest": _newest,
    "earliest": _newest,
    "highest": _extreme,
    "lowest": _extreme,
    "count": _count,
    "sum": _sum,
    "days_since": _days_since,
    "duration": _duration,
    "supply_at_most": _supply,
    "supply_at_least": _supply,
    "dose": current_dose,
}


def _read(world: "World", fact: CompiledFact, field: str | None, event: Event) -> Value:
    """The part of *event* that the fact speaks of, by its type unless the declaration names one."""
    if field == "days_long":
        return days_long(At(event, world.as_of, world.rules.vocabulary))
    kind = fact.signature.type
    chosen = field or (
        "number" if isinstance(kind, Number) else "text" if isinstance(kind, Category) else "flag"
    )
    value: Value = getattr(event, chosen)
    if isinstance(kind, Category) and isinstance(value, str | Decimal):
        text = fact.value_map.get(str(value), str(value))
        return text if text in kind.values else None
    if type(kind).__name__ == "Boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(fact.value_map.get(value, value))
    return value
