"""One patient's case: the world of facts, the guideline's words, and the numbering of sources, in one place.

The sections ask it for truths, texts and citations; it decides nothing.
"""

from collections.abc import Iterable
from datetime import date

from atopy.criteria import Ref, Value
from atopy.facts import Found, Rules, World
from atopy.guideline import Citation, Compiled, Grade, Quantity, Statement, Words
from atopy.plan import words as texts
from atopy.plan.gaps import Gaps
from atopy.plan.model import Cited, EventRef, Line, SectionId, SourceLine, Trace
from atopy.plan.trace import Explainer, Wording, event_ref
from atopy.record import Event, Record
from atopy.truth import Truth

LANGUAGE = "en"


class Guidance:
    """A guideline with everything that is the same for every patient, built once."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.rules = Rules(compiled.facts, compiled.vocabulary)
        self.titles = _titles(compiled)
        self.wording = Wording(self.rules, self.titles, LANGUAGE)
        self.rule_refs = {id_: Ref("rule", (id_,)) for id_ in compiled.domains["rule"]}
        self.texts: dict[int, tuple[str, str | None]] = {}  # each item's words with its numbers, by its Words
        self.sources: dict[str, SourceLine] = {}


class Case:
    """The guideline applied to one record as of one day."""

    def __init__(
        self, guidance: Guidance, record: Record, as_of: date, country: str | None, traced: bool
    ) -> None:
        self.guidance = guidance
        self.compiled = guidance.compiled
        self.phrases = guidance.compiled.phrases
        self.record = record
        self.as_of = as_of
        self.traced = traced
        self.world = World(guidance.rules, record, as_of, country)
        self.explainer = Explainer(self.world, guidance.wording)
        self.gaps = Gaps(self.world)
        self.numbers: dict[str, int] = {}  # source key -> its number in this plan

    # -- truths

    def value(self, fact: str, *args: str) -> Value:
        return self.world.value(Ref(fact, args))

    def found(self, fact: str, *args: str) -> Found:
        return self.world.find(Ref(fact, args))

    def rule(self, id_: str) -> Truth:
        """The truth of the predicate of a statement, contraindication, grade ..."""
        value = self.world.value(self.guidance.rule_refs[id_])
        assert value is None or isinstance(value, bool)
        return value

    def why(self, fact: str, *args: str) -> Trace | None:
        """What decided a fact, when this plan carries traces."""
        return self.explainer.term(Ref(fact, args)) if self.traced else None

    # -- words

    def words(self, words: Words, numbers: dict[str, Quantity] | None = None) -> tuple[str, str | None]:
        """For the clinician, and for the patient."""
        known = self.guidance.texts.get(id(words))
        if known is None:
            given = numbers or {}
            known = texts.clinician(words, given, LANGUAGE), texts.patient(words, given, LANGUAGE)
            self.guidance.texts[id(words)] = known
        return known

    def words_of(self, text: dict[str, str], numbers: dict[str, Quantity]) -> str:
        """One text for one reader."""
        return texts.fill(text.get(LANGUAGE) or next(iter(text.values())), numbers)

    def phrase(self, table: dict[str, Words], code: str | None) -> tuple[str | None, str | None]:
        """What a code is called, for each reader; the code itself where nobody has named it."""
        if code is None:
            return None, None
        words = table.get(code)
        return self.words(words) if words else (code.replace("_", " "), None)

    # -- sources

    def number(self, source: str) -> int:
        """The number of a source in this plan; the same work has one number whatever it is called."""
        info = self.compiled.sources.get(source)
        key = info.alias_of if info and info.alias_of else source
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def cite(self, sources: Iterable[Citation | Grade]) -> tuple[Cited, ...]:
        return tuple(
            Cited(
                s.source,
                self.number(s.source),
                s.verified,
                s.place,
                s.direction,
                s.strength,
                s.scale,
                s.certainty,
            )
            for s in sources
        )

    def review(self, id_: str) -> str:
        return self.compiled.reviews.get(id_, "submitted")

    def known(self, event: Event) -> bool:
        """Whether the event had happened by the day of the plan."""
        return event.date is None or event.date <= self.as_of

    def event(self, event: Event) -> EventRef:
        """An event as the plan cites it."""
        return event_ref(event, self.explainer.title(event.code))

    # -- statements

    def statement(self, s: Statement, section: SectionId, owner: str, group: str | None = None) -> Line:
        """One statement as a line."""
        clinician, patient = self.words(s.text, s.numbers)
        return Line(
            s.id, section, s.asks, clinician, None if s.clinician_first else patient,
            clinician_first=s.clinician_first, group=group, parameters=texts.parameters(s.text, s.numbers, LANGUAGE),
            sources=self.cite(s.sources), review=self.review(owner),
            trace=self.why("rule", s.id) if s.when != "TRUE" else None,
        )  # fmt: skip

    def statements(
        self, listed: list[Statement], section: SectionId, owner: str, group: str | None = None
    ) -> tuple[Line, ...]:
        """Those of *listed* that apply to this patient, in their order."""
        applying = [s for s in listed if self.rule(s.id) is True]
        return tuple(
            self.statement(s, section, owner, group) for s in sorted(applying, key=lambda s: (s.order, s.id))
        )


def _titles(compiled: Compiled) -> dict[str, str]:
    """What each id is called in a sentence."""
    titles: dict[str, str] = {}
    for group in (compiled.therapies, compiled.factors, compiled.mimics, compiled.red_flags):
        titles |= {id_: texts.clinician(value.name, {}, LANGUAGE) for id_, value in group.items()}
    for therapy in compiled.therapies.values():
        for c in therapy.contraindicated:
            titles[c.id] = texts.clinician(c.because, c.numbers, LANGUAGE)
        for limit in therapy.limits:
            titles[limit.id] = texts.clinician(limit.text, limit.numbers, LANGUAGE)
        for grade in therapy.recommended:
            titles[grade.id] = f"recommendation {grade.direction} ({grade.source})"
    titles |= {id_: topic.title.clinician[LANGUAGE] for id_, topic in compiled.topics.items()}
    titles |= {id_: texts.clinician(said, {}, LANGUAGE) for id_, said in compiled.phrases.groups.items()}
    return titles
