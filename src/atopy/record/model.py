"""A patient's record: demographics, dated events, attestations; nothing interpreted.

Every event knows where it was read. A value that is well-formed but impossible or in conflict stays in
the record, marked ``quarantined``: it is never used, and it hides older values of the same thing.
"""

from datetime import date as Day
from decimal import Decimal
from typing import Any, Literal

import msgspec

Kind = Literal[
    "measure",  # weight, temperature, blood pressure, body surface
    "lab",
    "score",  # an instrument's total
    "finding",  # morphology, site, course, history: present, absent, not asked
    "condition",
    "treatment",  # one course of one drug, procedure or care
    "dispensing",
    "allergy",
    "patch_test",
    "exposure",
    "immunisation",
    "procedure",
    "life_event",  # pregnancy planned, travel, vaccine due: the future is allowed
    "encounter",
    "preference",
    "override",
    "note",  # shown, never interpreted
]


class Origin(msgspec.Struct, frozen=True):
    """Where an event was read: a line of a file, or a FHIR resource."""

    file: str
    line: int | None = None
    resource: str | None = None


class Amount(msgspec.Struct, frozen=True):
    """A number with its unit as Atopy spells it (``mg/day``, ``g/month``)."""

    value: Decimal
    unit: str


class Event(msgspec.Struct, frozen=True):
    """One dated thing that happened, was seen, measured, given or planned.

    Exactly the fields that its kind uses are set. ``number`` is in the vocabulary's unit for ``code``
    (``unit`` repeats it); ``said`` is what the source wrote, where that was converted or added up.
    ``flag`` is presence: True present, False denied, None not asked.
    ``date``/``end`` bound the event; a partial date ("2025-01") keeps its first or last day and ``precision``.
    ``recorded`` is the day somebody wrote it down, where that is not ``date`` (a condition since childhood).
    ``status`` is what the source said and None where it said nothing: dates alone then speak.
    A word the vocabulary does not know is ``unknown:<text>``, and the event is quarantined.
    """

    id: str
    kind: Kind
    code: str
    date: Day | None
    origin: Origin
    end: Day | None = None
    precision: Literal["day", "month", "year"] = "day"
    number: Decimal | None = None
    unit: str | None = None
    said: str | None = None
    items: dict[str, Any] | None = None  # score: the items as given, where the record holds them
    text: str | None = None
    flag: bool | None = None
    # treatment: current past planned declined; condition: active resolved refuted suspected;
    # allergy: active resolved refuted; life event: free words
    status: str | None = None
    recorded: Day | None = None
    by: str | None = None
    began: Day | None = None  # of a condition: its first day, where the source says when it began
    # treatment and dispensing
    days: int | None = None
    sessions: int | None = None  # of light treatment: how many were given
    dose: Amount | None = None
    amount: Amount | None = None
    vehicle: str | None = None
    strength: str | None = None
    sites: tuple[str, ...] = ()
    adherence: str | None = None
    response: str | None = None
    stopped_for: str | None = None
    frequency: str | None = None
    ingredients: tuple[
        str, ...
    ] = ()  # terms where the vocabulary knows the name, else as the label writes it
    on_label: tuple[str, ...] = ()  # the same as the label writes them, where that differs
    product: str | None = None  # the name on the pack
    reason: str | None = None
    label: str | None = None  # the record's own words for the code, where it differs
    dose_set_aside: str | None = None  # why its dose is not used; that it is taken counts all the same
    quarantined: str | None = None  # why this value is not used


class Attestation(msgspec.Struct, frozen=True):
    """A list that somebody declared complete on a day: medications, allergies, problems."""

    list: str
    date: Day
    origin: Origin


class Unused(msgspec.Struct, frozen=True):
    """Something the reader saw and did not use, and why: nothing is dropped in silence."""

    what: str
    why: str
    origin: Origin
    count: int = 1


class Patient(msgspec.Struct, frozen=True):
    """Demographics. Either a birth date, or completed years at a date, or neither."""

    id: str | None = None
    birth_date: Day | None = None
    birth_precision: Literal["day", "month", "year"] = "day"
    age_years: int | None = None
    age_months: int | None = None
    age_at: Day | None = None
    sex: Literal["female", "male", "other"] | None = None
    country: str | None = None
    deceased: bool | None = None
    deceased_on: Day | None = None


class Record(msgspec.Struct, frozen=True):
    """Everything read about one patient, in the order of the source."""

    patient: Patient
    events: tuple[Event, ...] = ()
    attested: tuple[Attestation, ...] = ()
    unused: tuple[Unused, ...] = ()
