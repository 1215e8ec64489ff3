"""What the patient said to prefer, and the order that it gives to the options; what cannot be ordered by says so."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from atopy.plan import Case

if TYPE_CHECKING:
    from atopy.evidence.aid import Choice

_ROUTES = (
    "oral", "injection", "no_injections", "no_tablets", "topical_only", "light_treatment", "no_light_treatment",
)  # fmt: skip
_TIERS = {"low": 0, "low to medium": 1, "medium": 2, "high": 3}
_UNKNOWN = 1e9  # behind everything that is known
_ROUTE_RANK = {"wished": 0, None: 1, "unwished": 2}


class Wish(msgspec.Struct, frozen=True):
    """One preference on record: its words, when it was said, and by what it orders (None: nothing here can)."""

    id: str
    clinician: str
    patient: str
    said: str | None
    orders_by: str | None


Key = Callable[["Choice"], float]


def _by_route(choice: "Choice") -> float:
    return _ROUTE_RANK[choice.preference]


def _by_speed(choice: "Choice") -> float:
    return _UNKNOWN if choice.onset_weeks is None else choice.onset_weeks


def _by_tests(choice: "Choice") -> float:
    return len(choice.monitoring)


def _by_cost(choice: "Choice") -> float:
    return _UNKNOWN if choice.cost is None else _TIERS[choice.cost.tier]


_ORDERS: dict[str, tuple[str, Key]] = {
    **dict.fromkeys(_ROUTES, ("how it is given", _by_route)),
    "fast_relief": ("how soon its effect is judged", _by_speed),
    "no_blood_tests": ("how many checks go with it", _by_tests),
    "low_cost": ("what it costs, where a source says so", _by_cost),
}


def ordered(case: Case, choices: Sequence["Choice"]) -> tuple[list["Choice"], tuple[Wish, ...]]:
    """Options in the order of the wishes, the first said first; what waits stays behind what is open, and equals in
    the order of the plan. Nothing is left out because it is not wished for.
    """
    wishes = _wishes(case)
    keys = list(dict.fromkeys(_ORDERS[w.id][1] for w in wishes if w.orders_by))
    return sorted(choices, key=lambda c: (c.waits, *(key(c) for key in keys))), wishes


def _wishes(case: Case) -> tuple[Wish, ...]:
    terms = case.compiled.vocabulary.terms
    days = {e.code.removeprefix("prefers_"): e.date for e in case.record.events if e.kind == "preference"}
    found = []
    for id_ in dict.fromkeys(case.wishes):
        term = terms.get(id_)
        clinician = term.name.get("en", id_) if term else id_.replace("_", " ")
        patient = (term.patient_name.get("en") if term else None) or clinician
        day = days.get(id_)
        orders = _ORDERS.get(id_)
        found.append(
            Wish(id_, clinician, patient, day.isoformat() if day else None, orders[0] if orders else None)
        )
    return tuple(found)


__all__ = ["Wish", "ordered"]
