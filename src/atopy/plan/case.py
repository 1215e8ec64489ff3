"""One patient's case: the world of facts, the guideline's words, and the numbering of sources, in one place.

The sections ask it for truths, texts and citations; it decides nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec.structs import replace

from atopy.criteria import Constant, Ref, Value
from atopy.facts import Found, Rules, When, World
from atopy.guideline import Citation, Compiled, Grade, Judgement, Quantity, Statement, Words
from atopy.guideline.interactions import meetings
from atopy.plan import words as texts
from atopy.plan.dose import Said
from atopy.plan.entries import event_ref
from atopy.plan.gaps import AllWays, Gaps
from atopy.plan.measured import Measured
from atopy.plan.model import Cited, EventRef, Line, SectionId, SourceLine, Trace
from atopy.plan.model import Value as Shown
from atopy.plan.plain import plain_names
from atopy.plan.together import Ahead
from atopy.plan.topical_quantity_lines import Tables
from atopy.plan.trace import Explainer, Wording
from atopy.record import Event, Record
from atopy.truth import Truth

if TYPE_CHECKING:
    from atopy.plan.sheets import Sheet

LANGUAGE = "en"
Made = TypeVar("Made")


class Prepared(NamedTuple):
    """A statement as the line that every patient gets of it, but for what decided it."""

    slot: int | None  # of its rule; None where it always applies
    line: Line
    explained: bool  # whether it applies to some only, so that a plan says why


class Guidance:
    """A guideline with everything that is the same for every patient, built once."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.rules = Rules(compiled.facts, compiled.vocabulary)
        self.titles = _titles(compiled)
        self.plain = plain_names(compiled, LANGUAGE)
        self.wording = Wording(self.rules, self.titles, LANGUAGE)
        self.ways = AllWays(self.rules)
        self.meetings = meetings(compiled.therapies.values(), compiled.vocabulary.members)
        self.foreign = {
            t.id: [c for c in t.contraindicated if c.country is not None and c.warns_elsewhere]
            for t in compiled.therapies.values()
        }
        self.amounts = Tables(compiled.amounts, LANGUAGE)
        self.texts: dict[int, tuple[str, str | None]] = {}  # each item's words with its numbers, by its Words
        self.parameters: dict[int, dict[str, Shown]] = {}  # likewise the numbers that the words use
        self.measured = Measured(compiled.instruments)
        self.judged = _judged(compiled)
        self.sources: dict[tuple[str, int], SourceLine] = {}
        self.questions: dict[str, tuple[str, str | None]] = {}  # how to ask for each fact
        self.asked: dict[tuple[int, ...], tuple[str | None, str | None]] = {}  # what is asked for these facts
        self.open_questions: dict[
            tuple[object, ...], Line
        ] = {}  # lines that ask for a fact, by all they are made of
        self.rule_slots: dict[str, int] = {}
        self.sheets: dict[str, Sheet] = {}  # what every plan says alike of each option
        self.doses: dict[tuple[str, tuple[str, ...]], Said] = {}  # by regimen and what binds it; weight aside
        self.dose_lines: dict[
            tuple[str | None, ...], tuple[Line, ...]
        ] = {}  # of a therapy: by what binds them, and the weight
        self._slots: dict[tuple[str, ...], int] = {}
        self._cited: dict[int, tuple[Citation | Grade, Cited]] = {}
        self._fixed: dict[tuple[int, object], tuple[object, object]] = {}

    def slot(self, *term: str) -> int:
        """The place of a term, given as the fact's name and its arguments."""
        known = self._slots.get(term)
        if known is None:
            known = self._slots[term] = self.rules.slot(Ref(term[0], term[1:]))
        return known

    def fixed(self, item: object, use: object, make: Callable[[], Made]) -> Made:
        """What is made of a part of the content for some use, once for all patients."""
        known = self._fixed.get((id(item), use))
        if known is None:
            known = self._fixed[id(item), use] = item, make()  # the item is kept, so that no id is used twice
        return known[1]  # type: ignore[return-value]

    def cite(self, sources: Iterable[Citation | Grade]) -> tuple[Cited, ...]:
        """The sources of a line, each with its own grading."""
        return tuple([self.cited(s) for s in sources])

    def cited(self, s: Citation | Grade) -> Cited:
        """One source as a line cites it."""
        known = self._cited.get(id(s))
        if known is None:
            key = self.key(s.source)
            made = Cited(
                key, s.verified, s.place, s.direction, s.strength, s.scale, s.certainty,
                s.source if s.source != key else None,
            )  # fmt: skip
            known = self._cited[id(s)] = s, made  # the citation is kept, so that no id is used twice
        return known[1]

    def key(self, source: str) -> str:
        """The key of a source; the same work has one, whatever it is called."""
        info = self.compiled.sources.get(source)
        return info.alias_of if info and info.alias_of else source


class Case:
    """The guideline applied to one record as of one day."""

    __slots__ = (
        "_once", "_wishes", "as_of", "compiled", "explainer", "gaps", "guidance", "numbers", "phrases", "record",
        "scores", "traced", "world",
    )  # fmt: skip

    def __init__(
        self,
        guidance: Guidance,
        record: Record,
        as_of: date,
        country: str | None,
        traced: bool,
        given: Mapping[Ref, Value] | None = None,
        world: World | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        self.guidance = guidance
        self.compiled = guidance.compiled
        self.phrases = guidance.compiled.phrases
        self.record = record
        self.as_of = as_of
        self.traced = traced
        self.world = World(guidance.rules, record, as_of, country, given) if world is None else world
        self.explainer = Explainer(self.world, guidance.wording, ahead)
        self.gaps = Gaps(self.world, guidance.ways, ahead)
        self.scores: Mapping[str, list[Event]] | None = None  # usable totals by instrument, once asked for
        # of the sources that a text names by number: key -> number in this plan
        self.numbers: dict[str, int] = {}
        self._once: dict[str, object] = {}
        self._wishes: list[str] | None = None

    # -- truths

    def value(self, fact: str, *args: str) -> Value:
        return self.world[self.guidance.slot(fact, *args)]

    def found(self, fact: str, *args: str) -> Found:
        return self.world.found(self.guidance.slot(fact, *args))

    def rule(self, id_: str) -> Truth:
        """The truth of the predicate of a statement, contraindication, grade ..."""
        slot = self.guidance.rule_slots.get(id_)
        if slot is None:
            slot = self.guidance.rule_slots[id_] = self.guidance.slot("rule", id_)
        return self.world.truth(slot)

    def why(self, fact: str, *args: str) -> Trace | None:
        """What decided a fact, when this plan carries traces."""
        return self.explainer.decided(self.guidance.slot(fact, *args)) if self.traced else None

    @property
    def wishes(self) -> list[str]:
        """What the patient has said to prefer, or not to want."""
        if self._wishes is None:
            said = [e for e in self.record.events if e.kind == "preference" and e.flag is not False]
            self._wishes = [e.code.removeprefix("prefers_") for e in said if self.known(e)]
        return self._wishes

    # -- words

    def words(self, words: Words, numbers: dict[str, Quantity] | None = None) -> tuple[str, str | None]:
        """For the clinician, and for the patient."""
        known = self.guidance.texts.get(id(words))
        if known is None:
            given = numbers or {}
            known = texts.clinician(words, given, LANGUAGE), texts.patient(words, given, LANGUAGE)
            self.guidance.texts[id(words)] = known
        return known

    def parameters(self, words: Words | None, numbers: dict[str, Quantity]) -> dict[str, Shown]:
        """The numbers that words use."""
        if words is None or not numbers:
            return {}
        known = self.guidance.parameters.get(id(words))
        if known is None:
            known = self.guidance.parameters[id(words)] = texts.parameters(words, numbers, LANGUAGE)
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

    def plain(self, id_: str) -> str:
        """What the patient calls a thing; as everybody calls it where it has no plainer name."""
        return self.guidance.plain.get(id_) or self.explainer.title(id_)

    # -- sources

    def cite(self, sources: Iterable[Citation | Grade]) -> tuple[Cited, ...]:
        """The sources of a line."""
        return self.guidance.cite(sources)

    def number(self, source: str) -> int:
        """The number of a source in this plan, for a text that names it."""
        return self.numbers.setdefault(self.guidance.key(source), len(self.numbers) + 1)

    def review(self, id_: str) -> str:
        return self.compiled.reviews.get(id_, "submitted")

    def known(self, event: Event) -> bool:
        """Whether the event had happened and was on record by the day of the plan."""
        return not any(day is not None and day > self.as_of for day in (event.date, event.recorded))

    def event(self, event: Event) -> EventRef:
        """An event as the plan cites it."""
        return event_ref(event, self.explainer.title(event.code))

    def once(self, what: str, make: Callable[["Case"], Made]) -> Made:
        """What several lines of this plan say, made for the first of them."""
        if what not in self._once:
            self._once[what] = make(self)
        return self._once[what]  # type: ignore[return-value]

    # -- statements

    def statement(self, s: Statement, section: SectionId, owner: str, group: str | None = None) -> Line:
        """One statement as a line, without what decided it."""
        clinician, patient = self.words(s.text, s.numbers)
        return Line(
            s.id, section, s.asks, clinician, None if s.clinician_first else patient,
            clinician_first=s.clinician_first, group=group, parameters=self.parameters(s.text, s.numbers),
            sources=self.cite(s.sources), review=self.review(owner),
        )  # fmt: skip

    def statements(
        self, listed: list[Statement], section: SectionId, owner: str, group: str | None = None
    ) -> tuple[Line, ...]:
        """Those of *listed* that apply to this patient, in their order."""
        if not listed:
            return ()
        prepared = self.guidance.fixed(
            listed, (section, group), lambda: self._prepared(listed, section, owner, group)
        )
        values = self.world
        lines: list[Line] = []
        for slot, line, explained in prepared:
            if slot is None:
                lines.append(line)
                continue
            if values[slot] is True:
                lines.append(self.explained(line, slot) if explained else line)
        return tuple(lines)

    def explained(self, line: Line, slot: int) -> Line:
        """A line with what decided the term with this place, when this plan carries traces."""
        return replace(line, trace=self.explainer.decided(slot)) if self.traced else line

    def _prepared(
        self, listed: list[Statement], section: SectionId, owner: str, group: str | None
    ) -> list[Prepared]:
        rules = self.compiled.facts["rule"].variants
        always = When(Constant(True))
        return [
            Prepared(
                None if rules[s.id] == always else self.guidance.slot("rule", s.id),
                self.statement(s, section, owner, group),
                s.when != "TRUE",
            )
            for s in sorted(listed, key=lambda s: (s.order, s.id))
        ]


def _titles(compiled: Compiled) -> dict[str, str]:
    """What each id is called in a sentence."""
    titles: dict[str, str] = {}
    for group in (
        compiled.therapies, compiled.factors, compiled.allergens, compiled.mimics, compiled.red_flags,
    ):  # fmt: skip
        titles |= {id_: texts.clinician(value.name, {}, LANGUAGE) for id_, value in group.items()}
    for therapy in compiled.therapies.values():
        for c in therapy.contraindicated:
            titles[c.id] = texts.clinician(c.because, c.numbers, LANGUAGE)
            titles[f"{c.id}-elsewhere"] = titles[c.id]
        for limit in therapy.limits:
            titles[limit.id] = texts.clinician(limit.text, limit.numbers, LANGUAGE)
        for grade in therapy.recommended:
            titles[grade.id] = f"recommendation {grade.direction} ({grade.source})"
    for met in meetings(compiled.therapies.values(), compiled.vocabulary.members).values():
        for m in met:
            said = texts.clinician(m.interaction.because, m.interaction.numbers, LANGUAGE)
            titles |= {m.id: said, f"{m.id}-planned": said}
    titles |= {id_: topic.title.clinician[LANGUAGE] for id_, topic in compiled.topics.items()}
    titles |= {id_: texts.clinician(said, {}, LANGUAGE) for id_, said in compiled.phrases.groups.items()}
    return titles


def _judged(compiled: Compiled) -> dict[str, Judgement]:
    """What judges a course, by the code of its treatment."""
    members = compiled.vocabulary.members
    return {
        code: judgement
        for judgement in compiled.judgements.values()
        for term in judgement.treats_with
        for code in (term, *members.get(term, ()))
    }
