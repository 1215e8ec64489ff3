"""From a question to an answer: read it, find who answers it, put the answer together with its sources.

The order is fixed: what the content wrote for questions of this shape (what is dangerous first, what is out of scope
next), then the patient of a record, then the option that is named, then any other thing, then free retrieval. Nothing
is worded here but what the content words.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property

import msgspec

from atopy.ask import amounts, compared, doses, limits, safety, use
from atopy.ask.disputes import disputes
from atopy.ask.imagine import Touching, between, imagine, suppositions
from atopy.ask.lexicon import Lexicon, Meaning
from atopy.ask.lines import Lines, cited
from atopy.ask.model import SCHEMA_VERSION, Answer, Line, Said, Understood
from atopy.ask.of_record import OfRecord
from atopy.ask.quantities import PIECES, in_amounts
from atopy.ask.reading import Reader, Reading, is_follow_up, merged
from atopy.ask.retrieve import Index
from atopy.ask.tokens import phrase, stem, tokens
from atopy.ask.trials import Trials
from atopy.ask.wanted import LANGUAGE, Made, Wanted
from atopy.criteria import Number, Ref
from atopy.facts import Observe
from atopy.guideline import Therapy
from atopy.guideline.asking import HOLDS, Asking, Form, Intent, Wants
from atopy.plan import Case, Guidance
from atopy.plan.public import Setting
from atopy.plan.references import source_lines
from atopy.plan.words import clinician, patient
from atopy.yaml_source import InputError

Maker = Callable[[Wanted], Made]
MAKERS: dict[Wants, Maker] = {
    "dose": doses.dose, "limit": limits.limit, "how_long": limits.how_long, "may": safety.may,
    "compare": compared.compare, "works": compared.works, "before": use.before, "monitor": use.monitor, "why": use.why,
    "why_not": safety.why_not, "what": use.what, "how": use.how, "missed": use.told("missed"),
    "harms": use.told("harms"), "stop": use.stop, "when_works": use.when_works, "recommended": use.recommended,
    "licence": use.licence, "amount": doses.dose, "next": use.after_it, "where_differ": use.recommended,
}  # fmt: skip
_FOUND = 5
_COVERED = 0.5  # of a question's words that the best thing found must hold
_OF_TREATMENTS = ("dose", "limit", "how_long", "missed", "stop", "when_works")
_OPEN = ("may-open", "may-silent", "may-mixed")
_OR = "or"
_TIMED = ("may", "what", "how_long", "dose", "recommended")  # wants that a time or amount turns to its limit
_SUBJECTS = (
    "instrument", "factor", "mimic", "red_flag", "topic", "allergen", "drug", "therapy", "finding", "exposure", "score",
    "lab", "immunisation",
)  # fmt: skip
_GIVING = ("may", "what", "dose", "limit", "next")  # wants that come to giving it
_COUNTED = ("dose", "how", "what", "limit")  # wants that numbers of a table turn to what it counts
_RANKING = ("compare", "works")  # what is answered by what trials found
_MANY, _MOSTLY = 2, 0.8  # so many words of which such a share is held need no other sign of being about this
_OF_PEOPLE = ("drug", "therapy", "option")


class Engine:
    """Answers questions from one guideline. Built once; asks nothing of the outside."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.compiled = guidance.compiled
        self.asking = msgspec.msgpack.decode(self.compiled.asking, type=Asking)
        if not self.asking.verdicts:
            raise InputError(
                f"The guideline {self.compiled.meta.id} has no folder ask/: nothing can be asked of it."
            )
        self.lexicon = Lexicon(self.compiled, self.asking)
        self.reader = Reader(self.lexicon)
        self.touching = Touching(guidance)
        self.trials = Trials(self.compiled)
        self._blank: dict[tuple[date, str | None], Case] = {}

    @cached_property
    def index(self) -> Index:
        """Made when something is first looked for."""
        return Index(self.lexicon)

    def read(self, question: str, before: Reading | None = None) -> Reading:
        """A question, and what it takes over from the one before."""
        now = self.reader.read(question)
        if before is not None and is_follow_up(now, self.lexicon):
            return merged(now, before, self.lexicon)
        return now

    def answer(
        self, reading: Reading, as_of: date, country: str | None = None, setting: Setting | None = None
    ) -> Answer:
        """The answer to a question that was read; about the patient of a record where one is given."""
        w = self._wanted(reading, as_of, country)
        keys = self._keys(w, setting)
        made = self._made(w, keys, setting)
        return self._put_together(w, made, as_of, setting is not None)

    # -- who answers

    def _made(self, w: Wanted, keys: set[str], setting: Setting | None) -> Made:
        form = next((f for f in self.asking.answers if _fits(f, keys, w)), None)
        if form is not None and (form.behaviour != "answer" or setting is None):
            return self._of_form(w, form)
        if setting is not None:
            of_record = self._of_patient(w, setting)
            if of_record is not None:
                return of_record
        if form is not None:
            return self._of_form(w, form)
        counted = amounts.amount(w) if _asks_how_much(w) else None
        if counted is not None:
            return counted
        if w.options:
            return self._of_option(w)
        if w.intent is not None and w.intent.wants in _RANKING and self._asks_for_the_best(w):
            return compared.best(w)
        return self._of_thing(w) or self._found(w)

    def _of_patient(self, w: Wanted, setting: Setting) -> Made | None:
        """What the plan of a record answers; treatments that are compared are compared among people like this one."""
        plan = OfRecord(self.guidance, setting, w)
        ranked = len(w.options) > 1 or (w.intent is not None and w.intent.wants in _RANKING)
        if ranked and w.alternatives and (w.options or self._asks_for_the_best(w)):
            return self._compared(w, setting, plan)
        return plan.made()

    def _compared(self, w: Wanted, setting: Setting, plan: OfRecord) -> Made:
        """What trials found, under how each option stands in the plan."""
        here = w._replace(case=setting.case(), ages=())
        made = (
            compared.compare(here)
            if len(w.options) > 1
            else (compared.works if w.options else compared.best)(here)
        )
        states, because = plan.states()
        said = [*states, made.verdict]
        verdict = Said(" ".join(s.clinician for s in said), " ".join(s.patient or "" for s in said))
        return made._replace(verdict=verdict, notes=(*made.notes, *because))

    def _of_form(self, w: Wanted, form: Form) -> Made:
        """What the content wrote for questions of this shape."""
        said = Said(
            clinician(form.verdict, form.numbers, LANGUAGE), patient(form.verdict, form.numbers, LANGUAGE)
        )
        shown = [i for i in form.shows if not i.startswith("disagreement-")]
        differing = [i for i in form.shows if i.startswith("disagreement-")]
        lines = w.lines.several(shown)
        if (
            form.behaviour == "refuse_and_redirect"
            and "unknown_source" in " ".join(form.all_of)
            and w.options
        ):
            held = self._of_option(w)
            lines = [*lines, *held.lines]
            differing = [*differing, *held.disputes]
        asked = w.asked([_ref(name) for name in form.asks])
        return Made(
            form.id, said, lines, asked, form.behaviour, differing, w.case.cite(form.sources),
        )  # fmt: skip

    def _of_option(self, w: Wanted) -> Made:
        """The option that is named, by what is wanted."""
        given = [a for a in w.reading.amounts if a.what == "dose"]
        if given and doses.fits_nobody(w):
            return doses.undosed(w, named=True)
        if given and doses.beyond_every_dose(w, given):
            return doses.named_dose(w, given[0])
        wants = w.intent.wants if w.intent is not None else "what" if w.of_group else _unsaid(w)
        if (
            wants in ("may", "what", "dose")
            and given
            and given[0].unit in ("mg", "mcg")
            and doses.in_milligrams(w)
        ):
            return doses.named_dose(w, given[0])
        if wants in _GIVING and doses.fits_nobody(w) and not safety.met(w, w.option):
            return doses.undosed(w)
        if wants in ("may", "what") and any(a.unit in PIECES for a in w.reading.amounts):
            return doses.dose(w)
        timed = any(a.what == "time" for a in w.reading.amounts) or any(a.unit == "g" for a in given)
        if wants in _TIMED and timed and w.option.course_limit is not None:
            return limits.limit(w)
        if wants in ("what", "next") and (w.suppose or w.drugs or w.others() or w.topics()):
            return safety.may(w)
        if w.of_group and wants in _OF_TREATMENTS:
            return use.which_one(w)
        made = MAKERS[wants](w)
        if made.code in _OPEN and any(a.what in ("age", "weight") for a in w.reading.amounts):
            return made._replace(lines=[*made.lines, *doses.dose_lines(w)[:3]])  # what is given at that age
        return made

    def _of_thing(self, w: Wanted) -> Made | None:
        """Another thing of the content: a score, a factor, a diagnosis, a topic."""
        for meaning in w.reading.things:
            entry = self.lexicon.entries.get(meaning.id)
            if entry is None or entry.kind == "option":
                continue
            if entry.kind == "instrument":
                line = w.lines.of(entry.id)
                if line is not None:
                    return self._of_scores(w, line)
            hits = self.index.search(w.reading.words, [entry.id], w.about, _FOUND)
            lines = w.lines.several(h.id for h in hits)
            if lines:
                reason = Said(lines[0].text.clinician, lines[0].text.patient or "")
                verdict = w.verdict("of-thing", option=w.lines.name(entry.id), reason=reason)
                return Made("of-thing", verdict, lines)
        return None

    def _of_scores(self, w: Wanted, first: Line) -> Made:
        """A score, and any other that is named beside; how they are counted is for the clinician."""
        ids = [m.id for m in w.reading.things if m.kind == "instrument"]
        lines = w.lines.several(dict.fromkeys(ids))
        said = w.verdict("what", reason=Said(first.text.clinician, ""))
        return Made("what", Said(said.clinician, w.verdict("doctor-first").patient), lines)

    def _found(self, w: Wanted) -> Made:
        """What holds the question's words; or that this content has nothing on it, or is not about it at all."""
        words = self.index.content_words(w.reading.words)
        about = self._is_about_this(w) and not self._is_of_another_drug(w)
        elsewhere = bool(
            w.drugs or w.others() or w.people()
        )  # about somebody's other disease, or another drug
        least = _COVERED if about else _MOSTLY if len(words) >= _MANY and not elsewhere else 1.1
        good = (
            [h.id for h in self.index.search(words, most=_FOUND + 3) if h.covered >= least] if words else []
        )
        differing = [i for i in good if i.startswith("disagreement-")]
        lines = [_as_found(x) for x in w.lines.several(i for i in good if i not in differing)[:_FOUND]]
        if lines or differing:
            return Made("found", w.verdict("found"), lines, disputes=differing[:_FOUND], retrieval=True)
        if about:
            return Made("nothing-held", w.verdict("nothing-held"))
        return Made("not-covered", w.verdict("not-covered"), behaviour="decline_out_of_scope")

    def _is_about_this(self, w: Wanted) -> bool:
        """Whether a question that names no option is about this guideline at all: by a thing of it, or a word."""
        known = any(m.kind in _SUBJECTS or m.id in self.asking.disease for m in w.reading.things)
        subjects = any(not self.lexicon.concepts[c].suppose for c in w.reading.concepts)
        return known or subjects or bool(self._anchors & set(w.reading.words))

    def _asks_for_the_best(self, w: Wanted) -> bool:
        """Whether a question that names no option is about the treatments of this guideline, and nothing else."""
        if not self.trials.evidence.outcomes or not self._is_of_people(w):
            return False
        read = {t for c in w.reading.concepts for x in self.lexicon.concepts[c].says for t in phrase(x)}
        read |= {t for p in self.lexicon.measured for t in p} | self._anchors | in_amounts(w.reading.words)
        return not self._unread(w) - read

    def _is_of_people(self, w: Wanted) -> bool:
        """Whether it names nothing but people of an age, the disease, and what trials measured."""
        ages = set(self.asking.measures.values())
        other = [m for m in w.reading.things if m.id not in self.asking.disease]
        measured = any(m.kind == "outcome" for m in w.reading.measured)
        return {f for c in w.people() for f in c.suppose} <= ages and (measured or not other)

    @staticmethod
    def _is_of_another_drug(w: Wanted) -> bool:
        """Whether it asks how to take a drug that is no treatment here."""
        return bool(w.drugs) and w.intent is not None and w.intent.wants in _OF_TREATMENTS

    @cached_property
    def _measuring(self) -> dict[str, list[str]]:
        """The facts that the newest value of each test gives."""
        found: dict[str, list[str]] = {}
        for name, fact in self.compiled.facts.items():
            d, plain = fact.derivation, not fact.signature.parameters
            if (
                isinstance(d, Observe)
                and d.measure == "latest"
                and plain
                and isinstance(fact.signature.type, Number)
            ):
                for code in d.events.codes:
                    found.setdefault(code, []).append(name)
        return found

    @cached_property
    def _anchors(self) -> set[str]:
        return {stem(t) for a in self.asking.anchors for t in tokens(a)}

    # -- what is asked of whom

    def _wanted(self, reading: Reading, as_of: date, country: str | None) -> Wanted:
        intents = [self.lexicon.intents[i] for i in reading.intents]
        alternatives = _are_alternatives(intents, reading)
        options = self._options(reading.things, alternatives)
        own = {t for o in options for t in o.treats_with}
        named = [m.id for m in reading.things if m.kind in ("drug", "therapy")]
        drugs = [d for d in named if not self._is_option(d)]
        concepts = [self.lexicon.concepts[c] for c in reading.concepts]
        together = self._named(reading.things) > 1 or bool(drugs)
        taken = [*named, *(t for o in options for t in o.treats_with[:1])] if together else []
        if alternatives:
            taken = drugs  # what is taken beside them, not one of them beside the other
        suppose = suppositions(concepts, reading.amounts, self.asking.measures, taken)
        suppose |= {f"has({m.id})": "true" for m in reading.things if self._is_other(m)}
        suppose |= self._denied(reading)
        suppose |= {f: format(n, "f") for t, n in reading.values for f in self._measuring.get(t, ())}
        supposed = suppose | self.asking.given
        case = imagine(self.guidance, supposed, as_of, country)
        aged = {a.what for a in reading.amounts} & {"age"}
        open_ = [] if aged else between(concepts, suppose)
        ages = tuple(imagine(self.guidance, supposed | at, as_of, country) for at in open_)
        return Wanted(
            reading, intents[0] if intents else None, tuple(options),
            tuple(dict.fromkeys(d for d in drugs if d not in own)), suppose, case, ages, self._anybody(as_of, country),
            self.lexicon, Lines(case, self.lexicon.entries), self.index, self.touching, self.trials, country,
            len(options) > 1 and self._named(reading.things) == 1, alternatives,
        )  # fmt: skip

    def _denied(self, reading: Reading) -> dict[str, str]:
        """What a question says is not so, as facts that are false."""
        found: dict[str, str] = {}
        for m in reading.denied:
            if m.kind == "concept":
                found |= {
                    f: "false" for f, value in self.lexicon.concepts[m.id].suppose.items() if value == "true"
                }
            elif m.kind == "drug":
                found[f"takes({m.id})"] = "false"
            elif self._is_other(m):
                found[f"has({m.id})"] = "false"
        return found

    def _anybody(self, as_of: date, country: str | None) -> Case:
        """A case of which only what is so of everybody is known."""
        known = self._blank.get((as_of, country))
        if known is None:
            self._blank.clear()
            known = self._blank[as_of, country] = imagine(self.guidance, self.asking.given, as_of, country)
        return known

    def _names_nothing(self, w: Wanted) -> bool:
        """Whether a question holds no word but those that say what is wanted, and the disease."""
        return not self._unread(w)

    def _unread(self, w: Wanted) -> set[str]:
        """The words of a question beside those that say what is wanted, and the disease."""
        wanting = {t for i in w.reading.intents for x in self.lexicon.intents[i].says for t in phrase(x)}
        return set(self.index.content_words(w.reading.words)) - wanting

    def _is_other(self, m: Meaning) -> bool:
        """Whether a thing is a condition beside the disease that this guideline is about."""
        known = "has" in self.compiled.facts and m.id in self.compiled.domains.get("condition", ())
        return m.kind == "condition" and known and m.id not in self.asking.disease

    def _options(self, things: Iterable[Meaning], alternatives: bool) -> list[Therapy]:
        """The options that are named, by their own name or by a drug of theirs, in order."""
        found: dict[str, Therapy] = {}
        named, members = list(things), self.compiled.vocabulary.members
        for m in named:
            if alternatives and any(other.id in members.get(m.id, ()) for other in named):
                continue  # the class of another that is named: that one is meant
            if m.kind == "option":
                found.setdefault(m.id, self.compiled.therapies[m.id])
            elif m.kind in _OF_PEOPLE:
                for t in self._treating(m.id):
                    found.setdefault(t.id, t)
        return list(found.values())

    def _named(self, things: Iterable[Meaning]) -> int:
        """How many things that were named are, or lead to, an option."""
        ids = {m.id for m in things if m.kind in _OF_PEOPLE and (m.kind == "option" or self._treating(m.id))}
        return len(ids)

    def _treating(self, term: str) -> list[Therapy]:
        """The option that a drug belongs to: the one that names it, else that of the nearest class of it."""
        every = self.compiled.therapies.values()
        named = [t for t in every if term in t.treats_with]
        if named:
            return named[:1]
        members = self.compiled.vocabulary.members
        of_class = [t for t in every if any(term in members.get(c, ()) for c in t.treats_with)]
        if of_class:
            return of_class[:1]
        inside = members.get(term, ())
        return [t for t in every if any(i in inside for i in t.treats_with)][:3] if inside else []

    def _is_option(self, term: str) -> bool:
        return bool(self._treating(term))

    def _keys(self, w: Wanted, setting: Setting | None) -> set[str]:
        """Everything that a form may wait for."""
        reading, vocabulary = w.reading, self.compiled.vocabulary
        keys = {
            *reading.ids(),
            *reading.intents,
            *(m.kind for m in reading.things),
            *(t.id for t in w.options),
        }
        for m in reading.things:
            keys.update(c for c, inside in vocabulary.members.items() if m.id in inside)
        keys.update({"option"} if w.options else set())
        keys.discard("drug")
        keys.update({"drug"} if w.drugs else set())
        if w.options and doses.beyond_every_dose(w, reading.amounts):
            keys.add("beyond_every_dose")
        if reading.offered is not None and not reading.offered.keys:
            keys.add("unknown_source")
        if setting is not None:
            keys.add("of_record")
        if len(w.options) > 1 and not w.of_group:
            keys.add("several_options")
        if self._names_nothing(w):
            keys.add("nothing_named")
        return keys

    # -- put together

    def _put_together(self, w: Wanted, made: Made, as_of: date, of_record: bool) -> Answer:
        lines = _each_once(made.lines)
        differing = disputes(w, made, lines)
        quoted = [*made.sources, *cited(lines)]
        quoted += [c for d in differing for side in (d.side_a, d.side_b) for c in side.sources]
        numbers = {key: n for n, key in enumerate(dict.fromkeys(c.source for c in quoted), 1)}
        meta = self.compiled.meta
        return Answer(
            SCHEMA_VERSION, w.reading.text, made.behaviour, made.code, made.verdict, tuple(lines), self._understood(w),
            made.sources, w.case.review(made.code), tuple(differing), made.missing,
            (*made.notes, *self._notes(w)), made.retrieval, of_record,
            source_lines(self.compiled, numbers, self.guidance.sources), as_of.isoformat(), w.country,
            meta.id, meta.version, self.compiled.hash, meta.literature_current_through, meta.review_status,
            Said(clinician(meta.disclaimer, {}, LANGUAGE), patient(meta.disclaimer, {}, LANGUAGE)),
        )  # fmt: skip

    def _understood(self, w: Wanted) -> Understood:
        reading = w.reading
        names = [w.lines.name(t.id).clinician for t in w.options]
        named = [*names, w.context().clinician.strip(" ()")]
        return Understood(
            reading.ids(), reading.intents, w.intent.wants if w.intent else None, tuple(n for n in named if n),
            reading.spelling, reading.from_before, tuple(dict.fromkeys(m.id for m in reading.denied)),
        )  # fmt: skip

    def _notes(self, w: Wanted) -> list[Said]:
        """What was read for what was written, and a source that nobody knows."""
        notes = [
            w.verdict("read-as", other=Said(written, written), what=Said(read, read))
            for written, read in w.reading.spelling.items()
        ]
        if w.reading.denied:
            notes.append(w.verdict("read-not", what=w.denied()))
        if w.reading.offered is not None and not w.reading.offered.keys:
            named = Said(w.reading.offered.named, w.reading.offered.named)
            notes.append(w.verdict("source-unknown", source=named))
        return notes


def _asks_how_much(w: Wanted) -> bool:
    """Whether an amount on the skin or in a bath is wanted: by its words, or by what a table of it computes with."""
    wants = w.intent.wants if w.intent is not None else "what"
    return wants == "amount" or (wants in _COUNTED and amounts.names_an_amount(w))


def _are_alternatives(intents: Sequence[Intent], reading: Reading) -> bool:
    """Whether the options of a question are set against each other, and not taken together."""
    if intents and intents[0].wants in _RANKING:
        return True
    return _OR in reading.words and not any(i.together for i in intents)


def _unsaid(w: Wanted) -> Wants:
    """What is wanted where nothing says so: of two options, whether they meet, else how they compare."""
    if len(w.options) < 2:
        return "what"
    if _OR in w.reading.words:
        return "compare"
    return "may" if any(x.role == "interaction" for t in w.options for x in safety.met(w, t)) else "compare"


def _fits(form: Form, keys: set[str], w: Wanted) -> bool:
    """Whether everything a form waits for was understood, and nothing that it stays away from."""
    if any(_holds(entry, keys, w) for entry in form.none_of):
        return False
    return all(_holds(entry, keys, w) for entry in form.all_of)


def _holds(entry: str, keys: set[str], w: Wanted) -> bool:
    return any(
        w.case.rule(key.removeprefix(HOLDS)) is True if key.startswith(HOLDS) else key in keys
        for key in entry.split(" or ")
    )


def _ref(name: str) -> Ref:
    head, _, rest = name.partition("(")
    return Ref(head, tuple(a.strip() for a in rest.rstrip(")").split(",") if a.strip()))


def _as_found(line: Line) -> Line:
    return msgspec.structs.replace(line, role="found")


def _each_once(lines: Iterable[Line]) -> list[Line]:
    """No line twice, nor two that say the same."""
    found: dict[str, Line] = {}
    said: set[str] = set()
    for line in lines:
        if line.id not in found and (line.text.clinician not in said or line.parts):
            found[line.id] = line
            said.add(line.text.clinician)
    return list(found.values())


__all__ = ["Engine"]
