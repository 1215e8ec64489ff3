"""The guideline ready to use: content with every predicate parsed, in one serialisable value.

It is made from YAML at build (``compile_content``) and read back as msgpack in a few milliseconds.
"""

from typing import Any

import msgspec

from atopy.facts import CompiledFact
from atopy.guideline.schema import (
    Disagreement,
    Factor,
    Guideline,
    Mimic,
    RedFlag,
    Therapy,
    Topic,
)
from atopy.instruments import Instrument
from atopy.record import Vocabulary


class SourceInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a source beside its bibliography (``sources.yaml``)."""

    id: str
    kind: str
    jurisdiction: str | None = None
    year: int | None = None
    status: str | None = None  # current, superseded ...; None: not stated
    superseded_by: str | list[str] | None = None
    strength_scale: str | None = None
    read: bool | None = None
    read_as: str | None = None
    seen: str | list[str] | None = None
    reliability: str | None = None
    alias_of: str | None = None
    supports: dict[str, str | bool] | None = None
    note: str | None = None
    status_note: str | None = None
    kept_for: str | None = None


class Compiled(msgspec.Struct, frozen=True):
    """A whole guideline. Facts hold generated ones too: ``rule(id)``, ``suits(option)``, ``grade(option)`` ..."""

    meta: Guideline
    hash: str
    vocabulary: Vocabulary
    facts: dict[str, CompiledFact]
    domains: dict[str, tuple[str, ...]]
    therapies: dict[str, Therapy]
    factors: dict[str, Factor]
    mimics: dict[str, Mimic]
    red_flags: dict[str, RedFlag]
    topics: dict[str, Topic]
    disagreements: dict[str, Disagreement]
    instruments: dict[str, Instrument]
    sources: dict[str, SourceInfo]
    references: dict[str, msgspec.Raw]  # CSL-JSON of each reference, decoded when shown
    files: dict[str, str]  # id -> file it is written in
    reviews: dict[str, str]  # id -> review state, where a sign-off exists

    def csl(self, key: str) -> dict[str, Any] | None:
        """The CSL-JSON of a reference, following an alias; None for a source that is not a publication."""
        info = self.sources.get(key)
        raw = self.references.get(info.alias_of if info and info.alias_of else key)
        return msgspec.msgpack.decode(raw) if raw is not None else None
