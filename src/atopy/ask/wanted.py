"""What an answer is made from, and what is made: handed from the reading of a question to whoever answers it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from atopy.ask.imagine import Touching
from atopy.ask.lexicon import Lexicon
from atopy.ask.lines import Lines
from atopy.ask.model import Asked, Line, Said
from atopy.ask.reading import Reading
from atopy.ask.retrieve import Index
from atopy.ask.trials import Trials
from atopy.criteria import Ref
from atopy.guideline import Therapy
from atopy.guideline.asking import Behaviour, Concept, Intent, Wants
from atopy.plan import Case, Cited
from atopy.plan.missing import question
from atopy.plan.plain import sentences
from atopy.plan.words import clinician as filled
from atopy.plan.words import patient as filled_plain

LANGUAGE = "en"


class Wanted(NamedTuple):
    """A question with all that is needed to answer it."""

    reading: Reading
    intent: Intent | None
    options: tuple[Therapy, ...]
    drugs: tuple[str, ...]  # other drugs that it names, and classes
    suppose: dict[str, str]
    case: Case  # somebody as the question describes them
    ages: tuple[Case, ...]  # the same at each age that the question's words allow, where they leave it open
    blank: Case  # anybody
    lexicon: Lexicon
    lines: Lines
    finder: Index
    touching: Touching
    trials: Trials
    country: str | None
    of_group: bool = False  # the options are those of one class that was named
    alternatives: bool = False  # they are set against each other, and not taken together

    @property
    def option(self) -> Therapy:
        """What the question is about."""
        return self.options[0]

    @property
    def about(self) -> list[str]:
        """Words that statements on what is wanted use."""
        return self.intent.about if self.intent is not None else []

    def others(self) -> list[str]:
        """Other things that the question names, beside the options and the disease."""
        own = {t.id for t in self.options} | {d for t in self.options for d in t.treats_with}
        disease = set(self.lexicon.asking.disease)
        meant = {i for c in self.reading.concepts for i in self.lexicon.concepts[c].means}
        kinds = ("immunisation", "exposure", "finding", "lab", "condition", "allergen", "procedure")
        return [m.id for m in self.reading.things if m.kind in kinds and m.id not in own | disease | meant]

    def topics(self) -> list[str]:
        """Topics of the content that the question names beside."""
        return [m.id for m in self.reading.things if m.kind == "topic"]

    def people(self) -> list[Concept]:
        """Groups of people and places that the question names, as far as they go together."""
        named = [self.lexicon.concepts[c] for c in self.reading.concepts]
        return [c for c in named if c.suppose and c.suppose.items() <= self.suppose.items()]

    def concepts(self) -> list[str]:
        """Words of the groups of people and places that the question names."""
        return [w for c in self.people() for w in c.says]

    def denied(self) -> Said:
        """What the question says is not so, in the content's words."""
        said = [
            self.lines.said(self.lexicon.concepts[m.id].name)
            if m.kind == "concept"
            else self.lines.name(m.id)
            for m in self.reading.denied
        ]
        each = {s.clinician.lower(): s for s in said}.values()
        return Said(", ".join(s.clinician for s in each), ", ".join(s.patient or s.clinician for s in each))

    def context(self) -> Said:
        """Who the question is about, in the content's words: `` (pregnancy, asthma)``, or nothing."""
        said = [self.lines.said(c.name) for c in self.people()]
        beside = [t.id for t in self.options[1:]] if not self.of_group else []
        each = [*said, *(self.lines.name(d) for d in (*beside, *self.drugs, *self.others()))]
        if not each:
            return Said("", "")
        doctor = ", ".join(dict.fromkeys(s.clinician for s in each))
        return Said(f" ({doctor})", f" ({', '.join(dict.fromkeys(s.patient or s.clinician for s in each))})")

    def verdict(self, code: str, **given: Said) -> Said:
        """A sentence of the content with its places filled in for each reader."""
        words = next(v.words for v in self.lexicon.asking.verdicts if v.id == code)
        doctor, plain = filled(words, {}, LANGUAGE), filled_plain(words, {}, LANGUAGE)
        for place, said in given.items():
            doctor = doctor.replace(f"{{{place}}}", _fitting(said.clinician, doctor, place))
            if plain is not None:
                text = said.patient if said.patient is not None else ""
                plain = plain.replace(f"{{{place}}}", _fitting(text, plain, place))
        return Said(_tidy(doctor), _tidy(plain) if plain is not None else None)

    def statements(self, most: int, extra: Iterable[str] = (), *, search: bool = True) -> list[Line]:
        """Statements of the options that hold a word of what is wanted; else those that hold most of the question."""
        owned = [s.id for t in self.options for s in t.statements]
        wanted = self.finder.nearest(self.finder.holding(owned, [*self.about, *extra]), self.reading.words)
        if wanted or not search:
            return self.lines.several(wanted[:most])
        hits = self.finder.search(
            self.reading.words, [t.id for t in self.options], [*self.about, *extra], most + 4
        )
        known = set(owned)
        return self.lines.several([h.id for h in hits if h.id in known][:most])

    def asked(self, keys: Iterable[Ref], most: int = 5) -> tuple[Asked, ...]:
        """Facts as questions, each once."""
        found: dict[str, Asked] = {}
        for ref in keys:
            doctor, plain = question(self.case, ref)
            found.setdefault(doctor, Asked(ref.key, Said(doctor, plain)))
        return tuple(found.values())[:most]


class Made(NamedTuple):
    """An answer's substance."""

    code: str
    verdict: Said
    lines: Sequence[Line] = ()
    missing: tuple[Asked, ...] = ()
    behaviour: Behaviour = "answer"
    disputes: Sequence[str] = ()
    sources: tuple[Cited, ...] = ()
    retrieval: bool = False
    notes: tuple[Said, ...] = ()
    wants: Wants | None = None  # what was answered, where it is not what was asked


def listed(said: Iterable[str], most: int = 3) -> str:
    """A few things one after the other, and how many more there are in words that hold no number."""
    each = list(dict.fromkeys(s.rstrip(". ") for s in said if s))
    return "; ".join(each[:most]) + ("; and more below" if len(each) > most else "")


def plainly(said: Iterable[str | None], most: int = 2) -> str:
    """The same in sentences of their own, which are easier to read."""
    each = list(dict.fromkeys(s for s in said if s))
    return sentences([*each[:most], *(["There is more below"] if len(each) > most else [])]) if each else ""


def _fitting(text: str, sentence: str, place: str) -> str:
    """A text as it stands in a sentence: without its point where one follows."""
    after = sentence.partition(f"{{{place}}}")[2][:1]
    return text.rstrip(". ") if after in (".", ";", ",", ")") else text


def _tidy(text: str) -> str:
    cut = " ".join(text.split())
    for wrong, right in ((" .", "."), (" ,", ","), (" ;", ";"), (": .", "."), ("..", ".")):
        cut = cut.replace(wrong, right)
    sentences_once = dict.fromkeys(cut.strip(" :;,").split(". "))
    return ". ".join(sentences_once)


__all__ = ["LANGUAGE", "Made", "Wanted", "listed", "plainly"]
