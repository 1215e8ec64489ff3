"""What a plan decides, as plain values: to see what a supposed fact changes, and how much that matters.

First what heads the plan and what is urgent, then what is newly recommended or no longer, then every other status.
"""

from weakref import WeakKeyDictionary

import msgspec

from atopy.criteria import Value
from atopy.facts import World
from atopy.plan.case import Guidance

RECOMMENDED = ("recommended_now", "recommended_once_checked")
_BY_MEMBER = (
    ("red_flag", "red_flag"),
    ("option_status", "option"),
    ("taken_action", "option"),
    ("factor_status", "factor"),
    ("mimic_status", "mimic"),
)


class Move(msgspec.Struct, frozen=True):
    """One decision that comes out otherwise: of which table, of what, and its codes before and after."""

    table: str
    id: str
    before: str
    after: str


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that comes out otherwise."""

    headline: tuple[str, str] | None = None  # before, after
    urgent: tuple[Move, ...] = ()
    gained: tuple[str, ...] = ()  # options newly recommended
    lost: tuple[str, ...] = ()  # options recommended no longer
    statuses: tuple[Move, ...] = ()  # every option that stands otherwise, those gained and lost among them
    taken: tuple[Move, ...] = ()
    findings: tuple[Move, ...] = ()  # factors and other diagnoses

    @property
    def weight(self) -> tuple[int, int, int, int, int, int]:
        """How much it matters; the heavier first when sorted downwards."""
        return (
            int(self.headline is not None), len(self.urgent), len(self.gained) + len(self.lost), len(self.taken),
            len(self.statuses), len(self.findings),
        )  # fmt: skip

    def __bool__(self) -> bool:
        return any(self.weight)


class Decisions:
    """The places of everything that is decided, for reading many worlds."""

    def __init__(self, guidance: Guidance) -> None:
        self._headline = guidance.slot("headline")
        self._listed = [
            (fact, member, guidance.slot(fact, member))
            for fact, domain in _BY_MEMBER
            for member in guidance.compiled.domains[domain]
        ]

    def of(self, world: World) -> tuple[Value, ...]:
        """Every decision."""
        return (world[self._headline], *[world[slot] for _, _, slot in self._listed])

    def changes(self, before: tuple[Value, ...], after: tuple[Value, ...]) -> Outcome:
        """What is otherwise."""
        if before == after:
            return Outcome()
        moves: dict[str, list[Move]] = {fact: [] for fact, _ in _BY_MEMBER}
        for (fact, member, _), old, new in zip(self._listed, before[1:], after[1:], strict=True):
            if old != new and (fact != "red_flag" or True in (old, new)):
                moves[fact].append(Move(fact, member, _code(old), _code(new)))
        statuses = moves["option_status"]
        return Outcome(
            (_code(before[0]), _code(after[0])) if before[0] != after[0] else None,
            tuple(moves["red_flag"]),
            tuple(m.id for m in statuses if m.after in RECOMMENDED and m.before not in RECOMMENDED),
            tuple(m.id for m in statuses if m.before in RECOMMENDED and m.after not in RECOMMENDED),
            tuple(statuses), tuple(moves["taken_action"]), (*moves["factor_status"], *moves["mimic_status"]),
        )  # fmt: skip


def _code(value: Value) -> str:
    if value is None:
        return "not known"
    return str(value) if not isinstance(value, bool) else "present" if value else "absent"


_KNOWN: WeakKeyDictionary[Guidance, Decisions] = WeakKeyDictionary()


def decisions(guidance: Guidance) -> Decisions:
    """The decisions of a guideline, looked up once."""
    known = _KNOWN.get(guidance)
    if known is None:
        known = _KNOWN[guidance] = Decisions(guidance)
    return known


__all__ = ["RECOMMENDED", "Decisions", "Move", "Outcome", "decisions"]
