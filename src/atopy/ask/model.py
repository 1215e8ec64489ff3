"""An answer as data: what ``atopy ask --format json`` writes. Within a major version it only grows."""

from typing import Literal

import msgspec

from atopy.guideline.asking import Behaviour
from atopy.plan import Cited, SourceLine

SCHEMA_VERSION = "1.1"

Role = Literal[
    "statement", "dose", "limit", "contraindication", "interaction", "check", "recommendation", "licence", "onset",
    "stop", "access", "option", "instrument", "finding", "definition", "found", "trials", "amount",
]  # fmt: skip
"""What a line of an answer is. ``found``: it was found by its words, nobody wrote it as an answer."""


class Said(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The same thing for each reader; None where it is not for the patient."""

    clinician: str
    patient: str | None = None


class Figures(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Which figures of ``atopy compare`` a line says: its network, and the treatment or the pair of them."""

    outcome: str
    population: str
    treatment: str | None = None  # a treatment of the network, or an option that it does not connect
    against: str | None = None


class Line(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One thing that the content says, by its id there."""

    id: str
    role: Role
    text: Said
    owner: str = ""  # the item it belongs to
    name: Said = Said("")
    note: str | None = None  # how much it weighs: absolute, relative, caution ..., for the clinician
    sources: tuple[Cited, ...] = ()
    review: str = "submitted"
    parts: tuple["Line", ...] = ()
    figures: Figures | None = None  # of a line that says what trials found


class Side(msgspec.Struct, frozen=True, gc=False):
    """One side of a disagreement."""

    says: str
    sources: tuple[Cited, ...]


class Dispute(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Where sources differ: both sides, the rule that is followed here, and why."""

    id: str
    question: str
    side_a: Side
    side_b: Side
    rule: Said
    why: str
    review: str = "submitted"


class Asked(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A fact that the answer lacks, as a question."""

    fact: str
    question: Said


class Understood(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What was understood: ids of the content, what is wanted, what was read in place of what was written."""

    things: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    wants: str | None = None
    names: tuple[str, ...] = ()
    spelling: dict[str, str] = {}  # as written -> as read
    from_before: tuple[str, ...] = ()  # taken over from the question before
    denied: tuple[str, ...] = ()  # what the question says is not so


class Answer(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A whole answer, the verdict first."""

    schema: str
    question: str
    behaviour: Behaviour
    code: str  # which verdict it is: the id of a form of the content, or of a sentence of the engine
    verdict: Said
    lines: tuple[Line, ...]
    understood: Understood
    verdict_sources: tuple[Cited, ...] = ()
    verdict_review: str = "submitted"  # of an answer that the content wrote
    disagreements: tuple[Dispute, ...] = ()
    missing: tuple[Asked, ...] = ()
    notes: tuple[Said, ...] = ()
    retrieval: bool = False  # found by words alone
    of_record: bool = False  # about the patient of a record
    sources: tuple[SourceLine, ...] = ()
    as_of: str = ""
    country: str | None = None
    content: str = ""
    content_version: str = ""
    content_hash: str = ""
    literature_current_through: str = ""
    review_status: str = "submitted"
    disclaimer: Said = Said("")

    def ids(self) -> tuple[str, ...]:
        """The ids of everything that is shown, in order."""
        return tuple(x.id for x in self.lines) + tuple(d.id for d in self.disagreements)


def json_schema() -> dict[str, object]:
    """The JSON Schema that every answer follows."""
    schema = msgspec.json.schema(Answer)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Atopy answer"
    return schema
