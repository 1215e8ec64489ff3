"""The guideline ready to use: content with every predicate parsed, in one serialisable value.

It is made from YAML at build (``compile_content``) and read back as msgpack in a few milliseconds.
"""

from typing import Any

import msgspec

from atopy.facts import CompiledFact
from atopy.guideline.amounts import Amount
from atopy.guideline.schema import (
    Allergen,
    Disagreement,
    Factor,
    Guideline,
    Judgement,
    Mimic,
    Phrases,
    RedFlag,
    Therapy,
    Topic,
    Words,
)
from atopy.guideline.trials import Evidence, Trial
from atopy.instruments import Library
from atopy.record import Vocabulary
from atopy.yaml_source import InputError

NONE = msgspec.Raw(msgspec.msgpack.encode(None))


class Supports(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a reference of the founding review stands for there; inferred from its title unless cited by number."""

    topic: str
    inferred: bool
    tags: list[str] = []


class SourceInfo(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """What is known of a source beside its bibliography (``sources.yaml``).

    An alias is the same work by another name.
    """

    id: str
    kind: str = "alias"
    alias_of: str | None = None
    place: str | None = None  # of an alias: which table or section of the work
    jurisdiction: str | None = None
    also_jurisdictions: list[str] = []
    year: int | None = None
    status: str | None = None  # current, superseded ...; None: not stated
    status_note: str | None = None
    superseded_by: list[str] = []
    supplemented_by: list[str] = []
    strength_scale: str | None = None
    type_as_stated: str | None = None
    read: bool = False
    read_as: list[str] = []
    access_note: str | None = None
    seen: str | None = None
    seen_is_copy: bool = False
    reliability: str | None = None
    supports: Supports | None = None
    identifier_verified: bool | None = None
    identifier_from: list[str] = []
    recalled: list[str] = []  # fields that are remembered, not read
    kept_for: str | None = None
    founding: bool = False
    founding_reference: int | None = None
    machine_written: bool = False
    authors: list[str] = []
    last_updated: str | None = None
    literature_current_through: str | None = None
    review_status: str | None = None
    licence: str | None = None
    code: str | None = None
    note: str | None = None


class Access(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a place allows of one option: nothing, or only after one of others has been tried, or has failed."""

    because: Words
    available: bool = True
    after_any_of: list[str] = []  # one of these was taken, whatever came of it
    after_failure_of: list[str] = []  # one of these did not work, or must not be given to this patient


class Compiled(msgspec.Struct, frozen=True, gc=False):
    """A whole guideline. Facts hold generated ones too: ``rule(id)``, ``suits(option)``, ``grade(option)`` ..."""

    meta: Guideline
    phrases: Phrases
    hash: str
    vocabulary: Vocabulary
    facts: dict[str, CompiledFact]
    domains: dict[str, tuple[str, ...]]
    therapies: dict[str, Therapy]
    factors: dict[str, Factor]
    allergens: dict[str, Allergen]
    mimics: dict[str, Mimic]
    red_flags: dict[str, RedFlag]
    topics: dict[str, Topic]
    disagreements: dict[str, Disagreement]
    instruments: Library
    sources: dict[str, SourceInfo]
    references: dict[str, msgspec.Raw]  # CSL-JSON of each reference, decoded when shown
    files: dict[str, str]  # id -> file it is written in
    reviews: dict[str, str]  # id -> review state, where a sign-off exists
    amounts: dict[str, Amount] = {}
    judgements: dict[str, Judgement] = {}  # when a course was an adequate trial
    bibliography: dict[str, str] = {}  # each reference in Vancouver style, without its addresses
    review_by: dict[str, msgspec.Raw] = {}  # day -> ids of what should have been read again by then
    access: dict[str, Access] = {}  # what a local overlay allows of each option
    properties: dict[str, tuple[str, msgspec.Raw]] = {}  # what is to be proved: its form, decoded when it is
    evidence: msgspec.Raw = NONE  # what trials are compared in; decoded when somebody compares
    trials: dict[str, msgspec.Raw] = {}
    asking: msgspec.Raw = msgspec.Raw(b"\x80")  # an Asking, decoded when something is asked: no plan needs it

    def trial_data(self) -> tuple[Evidence, dict[str, Trial]]:
        """What trials are compared in, and the trials. Raises ValueError for a guideline without any."""
        evidence = msgspec.msgpack.decode(self.evidence, type=Evidence | None)
        if evidence is None:
            raise InputError(
                f"The guideline {self.meta.id} holds no evidence.yaml: there is nothing to compare."
            )
        trials = {k: msgspec.msgpack.decode(v, type=Trial) for k, v in self.trials.items()}
        return evidence, trials

    def overdue(self, as_of: str) -> dict[str, str]:
        """What should have been read again before *as_of* (an ISO date): id -> the day by which."""
        late = (day for day in sorted(self.review_by) if day < as_of)
        return {
            id_: day for day in late for id_ in msgspec.msgpack.decode(self.review_by[day], type=list[str])
        }

    def review_day(self, id_: str) -> str | None:
        """The day by which a piece of the content should be read again; None for a fact, which is no advice."""
        days = ((day, msgspec.msgpack.decode(ids, type=list[str])) for day, ids in self.review_by.items())
        return next((day for day, ids in days if id_ in ids), None)

    def pieces(self) -> list[str]:
        """The id of everything in the content that can be dated and signed off."""
        return [i for ids in self.review_by.values() for i in msgspec.msgpack.decode(ids, type=list[str])]

    def csl(self, key: str) -> dict[str, Any] | None:
        """The CSL-JSON of a reference, following an alias; None for a source that is not a publication."""
        info = self.sources.get(key)
        raw = self.references.get(info.alias_of if info and info.alias_of else key)
        return msgspec.msgpack.decode(raw) if raw is not None else None
