"""How a fact is declared: its type, where its value comes from, how old it may be, what absence means.

The declarations themselves are content (``facts/`` and ``decisions/``); nothing here knows any of them.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from atopy.record import Kind


class Select(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events a derivation looks at.

    ``code`` names terms or classes of the vocabulary (``$drug`` a parameter). ``where`` is a predicate over
    the event (and over course facts). ``within`` counts back from the as-of date ("28 days", "3 months").
    """

    kind: Kind
    code: str | list[str] = "*"
    where: str | None = None
    within: str | None = None
    future: bool = False  # planned events count too


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest value against an earlier one, as points or percent of it."""

    of: Select
    against: Literal["earliest", "previous", "highest", "lowest", "before_course"]
    course: str | None = None  # for before_course: the drug or class whose current course sets the baseline
    baseline_within: str | None = None  # for before_course: how old the earlier value may be on its first day
    counts_from: str | None = (
        None  # for before_course: how long after its first day the newest value begins to count
    )
    measured: Literal["points", "percent"] = "points"
    before_newest: bool = False  # the value before the newest, in its stead: was it so already then?


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers multiplied and divided, exactly: unknown while any of them is."""

    of: list[str]  # facts multiplied
    over: list[str] = []  # facts divided by
    times: Decimal = Decimal(1)  # a constant that it is multiplied by
    per: Decimal = Decimal(1)  # a constant that it is divided by


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a decision table. ``unknown`` says what an undecided row does: never skipped in silence.

    ``unknown: next`` goes on to the next row; any other word is the outcome. ``then: "= fact"`` takes the value
    of another fact of the same values. In a table of numbers ``then`` is a number or a fact, ``unknown`` is ``next``.
    """

    when: str
    then: str
    unknown: str
    because: str | None = None  # a short code for the reason, shown and tested
    unknown_because: str | None = None  # the reason where the row cannot be decided, when it is another
    note: str | None = None


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"type": "is"}):
    """One fact of a patient (or, ``per: course``, of one treatment course). Exactly one source is given."""

    type: Literal["boolean", "number", "category", "date"]
    label: dict[str, str]  # how it reads in a sentence: {en: "the EASI score"}
    question: dict[str, str] = {}  # how to ask for it when it is missing
    unit: str | None = None
    domain: tuple[Decimal, Decimal] | None = None
    values: tuple[str, ...] = ()
    ordered: bool = False
    of: str | None = None  # parameter's domain: drug, factor, mimic, option ...; its value is $of
    per: Literal["patient", "course"] = "patient"
    # exactly one source:
    latest: Select | None = None
    earliest: Select | None = None
    highest: Select | None = None
    lowest: Select | None = None
    exists: Select | None = None  # boolean
    count: Select | None = None
    sum: Select | None = None
    days_since: Select | None = None
    duration: Select | None = (
        None  # days of the longest course that is still running (gaps of up to 14 days bridged)
    )
    supply_at_most: Select | None = None  # grams a week, from dispensings: all of it used by today
    supply_at_least: Select | None = None  # grams a week: all but the last lot used by the day of the last
    dose: Select | None = None  # what is taken of one drug, in ``unit``; unknown where two doses differ
    change: Change | None = None
    product: Product | None = None  # numbers multiplied and divided
    age: Literal["years", "months"] | None = None
    demographic: Literal["sex", "country", "deceased", "birth_date"] | None = None
    when: str | None = None  # boolean: a predicate over other facts
    cases: list[Row] | None = None  # category or number: a decision table
    otherwise: str | None = None  # the outcome when no row wins (None: unknown)
    partial: str | None = None  # of a table without ``otherwise``: why it leaves patients without an outcome
    greatest: list[str] | None = None  # the greatest of several ordered facts, unknown ones left aside
    # what is read, how old, and absence
    field: (
        Literal["number", "text", "flag", "status", "date", "end", "days_long", "grams_per_week"] | None
    ) = None
    weight: str | None = None  # of a dose: the fact by which it is turned to and from one per kilogram
    value_map: dict[str, str] = {}  # text of the event -> member of values
    valid_for: str | None = None  # older values are stale: unknown, and said to be stale
    absent: str = "unknown"  # "unknown", "false", or "attested <list>" (false under that dated attestation)
    attested_for: str = "180 days"
    fixed: bool = False  # nobody can change it once it is so: history
    always: list[str] = []  # predicates that are true of every record: how it hangs together with other facts
    note: str | None = None
    source: str | None = None  # the key of the source of a rule or threshold in it
    verified: bool | None = None
