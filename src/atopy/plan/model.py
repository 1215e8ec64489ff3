"""The plan as data: what ``--format json`` writes and ``plan-schema`` describes.

Within a major version it only grows.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from atopy.truth import Name

SCHEMA_VERSION = "2.0"

SectionId = Literal[
    "urgent", "assessment", "is_it_eczema", "correct_first", "ladder", "taken_now", "calendar", "referral", "tell",
    "missing", "quarantined", "disagreements", "sources",
]  # fmt: skip


class EventRef(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The record's own event that a value rests on."""

    id: str
    what: str
    date: str | None = None
    value: str | None = None
    file: str | None = None
    line: int | None = None
    resource: str | None = None


class Trace(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Why something is true, false or unknown: a predicate or fact, its value, and what decided it."""

    what: str  # in English
    truth: Name | None = None
    id: str | None = None  # of the fact or rule
    value: str | None = None
    unit: str | None = None
    state: str | None = None  # found, not recorded, stale, quarantined, attested absent, denied
    events: tuple[EventRef, ...] = ()
    parts: tuple["Trace", ...] = ()


class Cited(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A source of a line, with that source's own grading."""

    source: str  # key in the plan's list of sources, which gives its number
    verified: bool
    place: str | None = None
    direction: str | None = None
    strength: str | None = None
    scale: str | None = None
    certainty: str | None = None
    named: str | None = None  # what the content calls it, where one work has several names


class Value(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A number that a text uses."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None


class Line(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One line of the plan."""

    id: str
    section: SectionId
    action: str  # what it asks: start, optimise, stop, avoid, test, assess, refer, monitor, tell, note ...
    clinician: str
    patient: str | None = None  # None: this line is not for the patient, or not before a doctor has spoken
    status: str | None = None
    reason: str | None = None  # a short code
    clinician_reason: str | None = None
    patient_reason: str | None = None
    clinician_first: bool = False
    group: str | None = None  # the rung of an option; the role of a part
    detail: str | None = None  # dose with its arithmetic, band with its study
    patient_detail: str | None = None
    parameters: dict[str, Value] = {}
    sources: tuple[Cited, ...] = ()
    review: str = "submitted"
    trace: Trace | None = None
    told_in: str | None = (
        None  # of another diagnosis: the line on the same thing that a first screen names instead
    )
    preference: Literal["wished", "unwished"] | None = (
        None  # of an option: what the patient said of its route
    )
    access: Literal["barred", "forced"] | None = None  # of an option: access, not evidence, decided its place
    parts: tuple["Line", ...] = ()
    due: str | None = None  # of a line of the calendar: the day; of one that is done, the day it was
    earliest: str | None = None  # from this day on it counts
    latest: str | None = None  # up to this day it is not overdue
    uid: str | None = (
        None  # of a dated item: the same in every plan of this record, for other people's calendars
    )


class Section(msgspec.Struct, frozen=True, gc=False):
    """One of the plan's sections, always present and in order, empty or not."""

    id: SectionId
    clinician: str
    patient: str
    lines: tuple[Line, ...]


class Headline(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The one answer that heads the plan."""

    code: str
    clinician: str
    patient: str
    reason: str | None = None
    trace: Trace | None = None


class Summary(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Who the plan is for, as far as the record says."""

    id: str | None = None
    age: str | None = None
    sex: str | None = None
    weight: str | None = None
    country: str | None = None


class SourceLine(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One numbered source."""

    number: int
    key: str
    text: str
    kind: str
    read: bool
    status: str | None = None
    url: str | None = None
    doi: str | None = None
    note: str | None = None
    label: str = ""  # who says it, and when, in short


class Provenance(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What made this plan; the same in gives the same out."""

    engine: str
    content: str
    content_version: str
    content_hash: str
    record_hash: str
    plan_hash: str
    literature_current_through: str
    last_updated: str
    authors: tuple[str, ...]
    review_status: str
    overlay: str | None = None
    overlay_hash: str | None = None
    overdue: int | None = None  # of its statements, how many should have been read again before its day
    reviewed: dict[str, int] = {}  # its statements by review state, where anything has been signed off


class Pair(msgspec.Struct, frozen=True, gc=False):
    """What a code is called, for each reader."""

    clinician: str
    patient: str


class RungName(msgspec.Struct, frozen=True, gc=False):
    """One step of the ladder; ``line``: first, second or last."""

    id: str
    line: str
    clinician: str
    patient: str


class Legend(msgspec.Struct, frozen=True, gc=False):
    """The words for the codes of a plan, so that whoever shows it needs no other table."""

    statuses: dict[str, Pair] = {}
    actions: dict[str, Pair] = {}
    rungs: tuple[RungName, ...] = ()


class Plan(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A whole plan, for both readers."""

    schema: str
    as_of: str
    headline: Headline
    patient: Summary
    sections: tuple[Section, ...]
    sources: tuple[SourceLine, ...]
    disclaimer: str
    patient_disclaimer: str
    intended_use: str
    patient_intended_use: str
    provenance: Provenance
    legend: Legend = Legend()

    def section(self, id_: str) -> Section:
        """The section *id_*. Raises KeyError when there is no such section."""
        for section in self.sections:
            if section.id == id_:
                return section
        raise KeyError(id_)

    def line(self, id_: str) -> Line:
        """The line *id_*, wherever it stands. Raises KeyError when the plan has no such line."""
        for section in self.sections:
            for line in _walk(section.lines):
                if line.id == id_:
                    return line
        raise KeyError(id_)


def _walk(lines: tuple[Line, ...]) -> "list[Line]":
    return [one for line in lines for one in (line, *_walk(line.parts))]


def json_schema() -> dict[str, object]:
    """The JSON Schema that every plan follows."""
    schema = msgspec.json.schema(Plan)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Atopy plan"
    return schema
