"""A fact ready to run: its declaration with every predicate parsed and every span checked."""

from decimal import Decimal
from typing import Literal

import msgspec

from atopy.criteria import Node, Ref, Signature
from atopy.facts.timing import Cover, Timetable

Measure = Literal[
    "latest",
    "earliest",
    "highest",
    "lowest",
    "exists",
    "count",
    "sum",
    "days_since",
    "duration",
    "supply_at_most",
    "supply_at_least",
    "dose",
]


class Events(msgspec.Struct, frozen=True, gc=False, tag="events"):
    """A parsed Select. ``codes`` may hold ``$of``; ``*`` stands for every code of the kind."""

    kind: str
    codes: tuple[str, ...]
    where: Node | None = None
    within: str | None = None
    future: bool = False


class Observe(msgspec.Struct, frozen=True, gc=False, tag="observe"):
    """A measure over selected events."""

    measure: Measure
    events: Events
    field: str | None = None  # of a dose: its unit
    weight: Ref | None = None  # of a dose: the fact that turns it to and from one per kilogram


class ChangeSince(msgspec.Struct, frozen=True, gc=False, tag="change"):
    """The newest value against an earlier one."""

    events: Events
    against: str
    percent: bool
    course: tuple[str, ...] = ()
    baseline_within: str | None = None
    counts_from: str | None = None
    before_newest: bool = False


class Demographic(msgspec.Struct, frozen=True, gc=False, tag="demographic"):
    """Something of the patient that is not an event, or the day of the plan."""

    what: Literal["sex", "country", "deceased", "birth_date", "years", "months", "as_of"]


class When(msgspec.Struct, frozen=True, gc=False, tag="when"):
    """A predicate over other facts."""

    node: Node


class TableRow(msgspec.Struct, frozen=True, gc=False):
    """One row of a decision table, its predicate parsed."""

    when: Node
    then: str
    unknown: str
    because: str | None = None
    unknown_because: str | None = None
    then_value: Ref | None = None  # the outcome is this fact's value
    number: Decimal | None = None  # the outcome, in a table of numbers


class Cases(msgspec.Struct, frozen=True, gc=False, tag="cases"):
    """A prioritised decision table: the first row that is true wins."""

    rows: tuple[TableRow, ...]
    otherwise: str | None


class Greatest(msgspec.Struct, frozen=True, gc=False, tag="greatest"):
    """The greatest of several facts of one ordered category, unknown ones left aside."""

    names: tuple[str, ...]


class Product(msgspec.Struct, frozen=True, gc=False, tag="product"):
    """Facts multiplied, divided by others, and by constants; unknown while any of them is."""

    names: tuple[str, ...]
    over: tuple[str, ...] = ()
    times: Decimal = Decimal(1)
    per: Decimal = Decimal(1)


class DaysOverdue(msgspec.Struct, frozen=True, gc=False, tag="days_overdue"):
    """Days since the last day on which a repeated test of a running course was in time; negative while it is."""

    taken: tuple[Ref, ...]  # terms that are true while the course runs
    courses: tuple[str, ...]  # codes of its events
    covers: tuple[Cover, ...]  # what must have been done, each by any of its codes
    timetables: tuple[Timetable, ...]


class PartNeeds(msgspec.Struct, frozen=True, gc=False):
    """One part of the body: the sites of a record that lie in it, and the units that cover it."""

    sites: tuple[str, ...]
    units: Decimal


class CoverOfSites(msgspec.Struct, frozen=True, gc=False, tag="cover_of_sites"):
    """Of one course: what covers the parts of the body in which its sites lie; the whole where it names none."""

    whole: str  # fact: units for the whole body; its reason names the row
    rows: dict[str, tuple[PartNeeds, ...]]  # by that reason
    times: Decimal = Decimal(1)  # a constant that the units are multiplied by


Derivation = (
    Observe | ChangeSince | Demographic | When | Cases | Greatest | Product | DaysOverdue | CoverOfSites
)


class CompiledFact(msgspec.Struct, frozen=True, gc=False):
    """One fact: what it is called in words, its type, and how it is derived."""

    name: str
    signature: Signature
    derivation: Derivation
    label: dict[str, str]
    question: dict[str, str] = {}
    valid_for: str | None = None
    absent: str = "unknown"
    attested_for: str = "180 days"
    value_map: dict[str, str] = {}
    variants: dict[str, Derivation] = {}  # for one member of the parameter's domain: its own derivation
    note: str | None = None
    source: str | None = None
    verified: bool | None = None
    file: str = ""
    table: bool = False
    fixed: bool = False
    always: tuple[Node, ...] = ()  # true of every record
    partial: str | None = None  # of a table: why it leaves patients without an outcome


Closing = tuple[str, str]
"""What a fact says of an event that is not there, and for how long an attestation holds that says so."""
_CLOSINGS: dict[Closing, Closing] = {}


def closing(fact: CompiledFact) -> Closing | None:
    """What closes the list that a fact asks of; None when nothing does. Equal ones are one, for all are read."""
    if fact.absent == "unknown":
        return None
    key = fact.absent, fact.attested_for
    return _CLOSINGS.setdefault(key, key)
