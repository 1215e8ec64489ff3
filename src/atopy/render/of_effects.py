"""What a change of the content does, in words: to pooled estimates, and to the plans of a cohort."""

from typing import Any

import msgspec

from atopy.evidence import MEASURE_NAMES
from atopy.evidence.change import Estimate, Pooled, Shift
from atopy.plan.effects import Effects, Turn
from atopy.plan.what_if import Difference
from atopy.render import of_what_if
from atopy.render.sheet import Block, Item
from atopy.render.view import AUDIENCES, Audience

MOST = 20


def cohort(found: Effects) -> list[Block]:
    """How many plans differ, which options turn, and each plan that differs in words. All changes count, whatever is
    shown of them.
    """
    plans = "1 record" if found.total == 1 else f"{found.total} records"
    differ = len(found.changed)
    lead = (
        f"Of {plans} the plan of {differ} {'differs' if differ == 1 else 'differ'}."
        if differ
        else _none(plans)
    )
    unread = f" {len(found.unread)} could not be read." if found.unread else ""
    turns = [Item(turn.option, f"{turn.before} → {turn.after}", _times(n)) for turn, n in found.turns]
    heads = [Item("Headline", f"{turn.before} → {turn.after}", _times(n)) for turn, n in found.headlines]
    blocks = [Block("What it does to plans", (*heads, *turns), lead + unread)]
    blocks += [_plan(name, difference) for name, difference in found.changed[:MOST]]
    if differ > MOST:
        blocks.append(
            Block("And more", (), f"{differ - MOST} more plans differ: --format json names them all.")
        )
    if found.unread:
        blocks.append(Block("Not read", tuple(Item("", said) for said in found.unread)))
    return blocks


def _plan(name: str, difference: Difference) -> Block:
    """One plan in the clinician's words; in the patient's where only these change."""
    clinical, plain = (_items(difference, reader) for reader in AUDIENCES)
    head = difference.headline
    said = (
        []
        if head.before == head.after
        else [f"{head.before_words.clinician} → {head.after_words.clinician}."]
    )
    said += [] if clinical or said else ["Only what the patient reads changes."]
    return Block(f"Plan of {name}", clinical or plain, " ".join(said))


def _items(difference: Difference, reader: Audience) -> tuple[Item, ...]:
    return tuple(item for block in of_what_if.sheet(difference, reader).blocks for item in block.items)


def _none(plans: str) -> str:
    return f"The plans of {plans} are the same by both versions."


def _times(count: int) -> str:
    return "1 patient" if count == 1 else f"{count} patients"


def pools(found: tuple[Pooled, ...]) -> list[Block]:
    """Each network that comes out otherwise, estimate by estimate."""
    return [Block(_head(one), tuple(map(_shift, one.shifts)), _basis(one)) for one in found]


def _head(one: Pooled) -> str:
    return f"Pooled: {one.outcome}, {one.population}"


def _basis(one: Pooled) -> str:
    trials, people = (f"{was} → {now}" if was != now else str(now) for was, now in (one.trials, one.people))
    read = (
        " Only with figures that nobody read yet (--unverified of atopy compare); they stay out by default."
        if one.unverified
        else ""
    )
    measure = MEASURE_NAMES.get(one.measure, one.measure)
    return f"{trials} trials, {people} patients; {measure} against the reference, 95 % intervals, random effects.{read}"


def _shift(shift: Shift) -> Item:
    return Item(shift.name, f"{_estimate(shift.before)} → {_estimate(shift.after)}", _hundred(shift))


def _estimate(one: Estimate | None) -> str:
    return "not in the network" if one is None else f"{one.estimate:.2f} ({one.low:.2f} to {one.high:.2f})"


def _hundred(shift: Shift) -> str:
    sides = [None if side is None else side.hundred for side in (shift.before, shift.after)]
    shown = ["–" if side is None else f"{side:.0f}" for side in sides]
    return f"of 100 people: {shown[0]} → {shown[1]}" if any(side is not None for side in sides) else ""


def data(effects: Effects | None, pooled: tuple[Pooled, ...]) -> dict[str, Any]:
    """The same for a machine."""
    found: dict[str, Any] = {"pooled": msgspec.to_builtins(pooled)}
    if effects is not None:
        found["cohort"] = {
            "total": effects.total, "turns": [_turn(t, n) for t, n in effects.turns],
            "headlines": [_turn(t, n) for t, n in effects.headlines], "unread": list(effects.unread),
            "changed": [{"record": name, "difference": msgspec.to_builtins(d)} for name, d in effects.changed],
        }  # fmt: skip
    return found


def _turn(turn: Turn, count: int) -> dict[str, Any]:
    return {"option": turn.option, "before": turn.before, "after": turn.after, "patients": count}


__all__ = ["cohort", "data", "pools"]
