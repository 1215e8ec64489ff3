"""What an editor may write about questions (``ask/*.yaml``): words people use, what they want to know, and the answers
that no single item gives. The engine that reads them knows no drug and no disease.
"""

from typing import Literal

import msgspec

from atopy.guideline.schema import Citation, Quantity, Words

Wants = Literal[
    "dose", "limit", "how_long", "may", "compare", "before", "monitor", "why", "why_not", "next", "what", "how",
    "missed", "harms", "stop", "when_works", "recommended", "licence", "where_differ", "works", "amount",
]  # fmt: skip
"""What a question wants to know; how each is answered from an item is the engine's."""

Behaviour = Literal["answer", "ask", "decline_out_of_scope", "refuse_and_redirect"]


class Concept(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Something that people name in a question: a group of people, a place on the body, a subject, a product.

    ``suppose`` says what is then so of the patient, as facts with values; ``means`` names items or terms of the
    vocabulary that are meant as well. ``between`` bounds a number that ``suppose`` takes at a usual value: it holds
    where something else, a weight, tells more than that value.
    """

    id: str
    name: Words
    says: list[str]  # words and phrases, singular, in any case
    suppose: dict[str, str] = {}
    between: dict[str, tuple[int, int]] = {}
    means: list[str] = []


class Intent(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One thing that people want to know, by the words that show it; of several the first in the files' order."""

    id: str
    wants: Wants
    says: list[str]
    about: list[str] = []  # words that statements on it use: those that hold one come first
    differ: list[str] = []  # words of the questions on it about which sources differ
    weak: bool = False  # gives way to any other
    together: bool = False  # its words say that what is named is used at the same time


class Form(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An answer for questions of one shape, put together from the content's own items.

    It fits when every entry of ``all_of`` was understood in the question and none of ``none_of``; an entry is the id
    of a concept, intent, option, term or class, a kind of thing (``option``, ``condition`` ...) or a mark of the
    engine (``MARKS``), ``met:`` and the id of a contraindication or statement that holds for whom the question
    describes, or several of them joined by "or". Of several forms that fit the lowest ``order`` answers.
    """

    id: str
    all_of: list[str]
    verdict: Words
    sources: list[Citation]
    none_of: list[str] = []
    numbers: dict[str, Quantity] = {}
    behaviour: Behaviour = "answer"
    shows: list[str] = []  # ids of statements, regimens, disagreements ..., in this order
    asks: list[str] = []  # facts that the answer lacks
    order: int = 500


class Verdict(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A sentence of the engine; {reason}, {dose} and the like are filled in from the content."""

    id: str
    words: Words


class Negation(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Words by which a question says that something is not so."""

    says: list[str] = []  # not, without ...
    through: list[str] = []  # words that may stand between them and what they deny
    unless: list[str] = []  # words shortly before: what follows is then asked, not denied


class TrialWords(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How questions name what trials measured, and in whom: ids of ``evidence.yaml`` with the words for them."""

    usual: list[str] = []  # outcomes where a question names none: the first that connects what is asked about
    outcomes: dict[str, list[str]] = {}
    populations: dict[str, list[str]] = {}


class Asking(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One file of ``ask/``, and all of them together."""

    concepts: list[Concept] = []
    intents: list[Intent] = []
    answers: list[Form] = []
    verdicts: list[Verdict] = []
    measures: dict[str, str] = {}  # unit -> fact
    follow_up: list[str] = []  # words that begin a follow-up question
    cites: list[str] = []  # words by which a question offers a source
    passes: list[str] = []  # words that say nothing of what is asked
    disease: list[str] = []  # conditions that this guideline is about: to name one supposes nothing
    given: dict[str, str] = {}  # what is so of everybody asked about, as facts with values
    anchors: list[str] = []  # words by which a question that names nothing is about this guideline at all
    negation: Negation = Negation()
    sites: dict[str, list[str]] = {}  # words for the sites of a record, for tables of amounts
    trials: TrialWords = TrialWords()  # of questions that compare treatments


def together(files: list[Asking]) -> Asking:
    """All files as one; answers in the order in which they are tried."""
    answers = sorted((a for f in files for a in f.answers), key=lambda a: (a.order, a.id))
    return Asking(
        [c for f in files for c in f.concepts], [i for f in files for i in f.intents], answers,
        [v for f in files for v in f.verdicts], {u: n for f in files for u, n in f.measures.items()},
        [w for f in files for w in f.follow_up], [w for f in files for w in f.cites],
        [w for f in files for w in f.passes], [d for f in files for d in f.disease],
        {n: v for f in files for n, v in f.given.items()}, [w for f in files for w in f.anchors],
        Negation(
            [w for f in files for w in f.negation.says], [w for f in files for w in f.negation.through],
            [w for f in files for w in f.negation.unless],
        ),
        {s: w for f in files for s, w in f.sites.items()},
        TrialWords(
            [o for f in files for o in f.trials.usual], {i: w for f in files for i, w in f.trials.outcomes.items()},
            {i: w for f in files for i, w in f.trials.populations.items()},
        ),
    )  # fmt: skip


PLACES = (
    "option", "other", "reason", "dose", "number", "unit", "maximum", "limit", "context", "grade", "what", "state",
    "names", "source", "more", "whom", "better", "figures", "event", "without",
)  # fmt: skip
"""What a verdict may hold in braces."""
HOLDS = "met:"  # before the id of a rule: it holds for whom the question describes
CODES = (
    "read-as", "read-not", "source-unknown", "dose", "dose-none", "dose-beyond", "dose-held", "dose-other", "limit",
    "limit-beyond", "limit-within", "limit-other", "limit-none", "how-long", "may-no", "may-relative", "may-caution",
    "may-depends", "may-general", "may-undosed", "may-elsewhere", "may-beside", "dose-undosed", "may-open",
    "may-silent", "may-against", "may-mixed", "which-one", "nothing-held", "why-not", "why", "recommended", "licence",
    "before", "monitor", "no-tests", "missed", "harms", "stop", "when-works", "what", "how", "compare", "of-thing",
    "silent", "doctor-first", "found", "trials-better", "trials-by-dose", "trials-unclear", "trials-among",
    "trials-apart", "trials-barred", "trials-undosed", "works", "best", "best-none", "amount", "amount-asked",
    "not-covered", "of-record", "of-record-dose", "of-record-doses", "of-record-no-dose", "because-record",
)  # fmt: skip
"""The sentences that an engine needs; a guideline that can be asked has them all."""
MARKS = ("beyond_every_dose", "unknown_source", "of_record", "nothing_named", "several_options")
KINDS = (
    "option", "condition", "instrument", "factor", "mimic", "red_flag", "topic", "allergen", "drug",
)  # fmt: skip

__all__ = [
    "CODES", "HOLDS", "KINDS", "MARKS", "PLACES", "Asking", "Behaviour", "Concept", "Form", "Intent", "Negation",
    "TrialWords", "Verdict", "Wants", "together",
]  # fmt: skip
