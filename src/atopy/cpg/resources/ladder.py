"""The rules of one therapy: who may be given it, what speaks for and against it, what is checked, when it stops."""

from collections.abc import Iterable

from atopy.cpg.resources.book import brief
from atopy.cpg.resources.canonical import Resource
from atopy.cpg.resources.conditions import not_so, one_of, rule
from atopy.cpg.resources.dosage import timing_of
from atopy.cpg.resources.extensions import IF_UNKNOWN, extension
from atopy.cpg.resources.recommendations import Dates, Step
from atopy.cpg.resources.strategies import Part
from atopy.cpg.resources.writer import Writer
from atopy.criteria import Is, Node, Ref, conjunction, disjunction
from atopy.guideline import Check, Contraindication, Grade, Regimen, Statement, Therapy
from atopy.guideline.dated import in_words
from atopy.guideline.interactions import Meeting
from atopy.guideline.schema import Limit
from atopy.plan.dose import stated
from atopy.plan.dose_amount import band_words
from atopy.plan.options import OPEN
from atopy.plan.plain import sentences

_POSSIBLE = ("recommended_once_checked", "option", "after_specialist_referral")
_TO_START = ("recommended_now", *_POSSIBLE)
_TO_ASK = (*_TO_START, "needs_information")  # asking is no order: it may come before anything is known
_LESS_OF_IT = ("stop", "hold", "reduce")


def therapy_rules(w: Writer, therapy: Therapy, met: Iterable[Meeting], part_of: str) -> Part | None:
    """Every rule of a therapy, and the strategy that holds them."""
    own = _Own(w, therapy)
    t = therapy
    groups: list[tuple[str, str, list[str]]] = [
        ("Start", "dispense-medications", [own.start()]),
        ("What sources advise", "guideline-based-care", [own.grade(g) for g in t.recommended]),
        ("Contraindications", "guideline-based-care", [own.contraindication(c) for c in t.contraindicated]),
        ("Interactions", "guideline-based-care", [own.meeting(m) for m in met]),
        ("Who pays, and after what", "guideline-based-care", [own.access(i) for i in range(len(t.access))]),
        ("Before the start", "diagnostic-testing", [own.before(c) for c in t.before]),
        ("While it is taken", "monitor-and-follow-up-of-patient", [own.monitor(c) for c in t.monitor]),
        ("What a result asks for", "monitor-and-follow-up-of-patient", own.acts()),
        ("Limits", "monitor-and-follow-up-of-patient", [own.limit(x) for x in t.limits]),
        ("How to stop", "guideline-based-care", own.stop()),
        ("How to use it", "provide-counseling", [own.statement(s) for s in t.statements]),
    ]
    parts = [w.group(title, process, ids) for title, process, ids in groups if ids]
    name, patient = w.book.words(t.name)
    said = f"{name}. For whom: {w.conditions.english(own.suits())}."
    made = w.strategies.add(own.strategy, name, said, parts, part_of, of=t.id)
    return made._replace(patient=patient) if made else None


class _Own:
    """The rules of one therapy under its strategy."""

    def __init__(self, w: Writer, therapy: Therapy) -> None:
        self.w = w
        self.t = therapy
        self.name, self.patient = w.book.words(therapy.name)
        self.strategy = f"therapy-{therapy.id}"
        self.taking = Ref("taking", (therapy.id,))
        self.open_or_taken = disjunction([one_of("option_status", therapy.id, OPEN), self.taking])
        self.to_ask = one_of("option_status", therapy.id, _TO_ASK)
        w.conditions.share(f"{therapy.id} is open or taken", self.open_or_taken)
        w.conditions.share(f"{therapy.id} may come to be started", self.to_ask)

    def suits(self) -> Node:
        """Whom it is for, as its file says."""
        derivation = self.w.book.compiled.facts["suits"].variants[self.t.id]
        node: Node = getattr(derivation, "node", Ref("suits", (self.t.id,)))
        return node

    # -- to give it

    def start(self) -> str:
        """The only rule that proposes the therapy: the table of options has spoken, and all it rests on."""
        w, t, id_ = self.w, self.t, f"{self.t.id}-start"
        phrases = w.book.compiled.phrases.statuses
        steps = []
        for words, statuses in (("recommended_now", ("recommended_now",)), ("option", _POSSIBLE)):
            status = " or ".join(w.book.phrase(phrases, s)[0] for s in statuses)
            step = Step(
                f"{self.name}: {w.book.phrase(phrases, words)[0]}",
                f"{self.name}: {status} by the guideline's table of options.",
                one_of("option_status", t.id, statuses),
                self.patient,
                steps=self._regimens(),
                selection="at-most-one" if len(t.regimens) > 1 else None,
                name=f"{id_}, {words.replace('_', ' ')}",
            )
            steps.append(step if t.regimens else step._replace(definition=w.activities.start(t)))
        sources = t.recommended
        w.rules.add(
            id_,
            f"{self.name}: start",
            "dispense-medications",
            steps,
            sources,
            part_of=self.strategy,
            of=self.t.id,
        )
        return id_

    def _regimens(self) -> tuple[Step, ...]:
        return tuple(self._regimen(r) for r in self.t.regimens)

    def _regimen(self, regimen: Regimen) -> Step:
        """One regimen; a ceiling or a cut alone is said and orders nothing."""
        w = self.w
        title = w.book.said(regimen.name, regimen.numbers) if regimen.name else regimen.id
        clinician, patient = w.book.words(regimen.text, regimen.numbers) if regimen.text else ("", None)
        given = [d for d in (regimen.loading, regimen.dose, *regimen.then) if d is not None]
        said = [stated(d) for d in given]
        said += [f"at most {stated(regimen.maximum)}"] if regimen.maximum else []
        said += (
            [f"{w.book.said({'en': '{share}'}, {'share': regimen.share})} of the usual dose"]
            if regimen.share
            else []
        )
        said += [band_words(w.book.fact(f), b) for f, b in regimen.bands.items()]
        return Step(
            title, ". ".join(x.rstrip(".") for x in (title, *said, clinician) if x), rule(regimen.id), patient,
            w.activities.regimen(self.t, regimen) if given else None, name=regimen.id,
        )  # fmt: skip

    # -- what speaks for and against it

    def grade(self, g: Grade) -> str:
        """What one source advises; it proposes nothing by itself."""
        book = self.w.book
        said = book.said(g.says, g.numbers) if g.says else f"{self.name}: {g.scale or g.strength}"
        title = f"{self.name}: {book.source_label(g.source)}"
        self.w.rules.add(
            g.id, title, "guideline-based-care", [Step(title, said, rule(g.id))], [g], g.country,
            Dates(g.effective, g.until), self.strategy, self.t.id,
        )  # fmt: skip
        return g.id

    def contraindication(self, c: Contraindication) -> str:
        """Barred or warned of where it is met; where it cannot be decided, asked for."""
        w = self.w
        clinician, patient = w.book.words(c.because, c.numbers)
        title = brief(f"{self.name}: {w.severity(c.severity)}: {clinician}")
        absolute = c.severity == "absolute"
        unknown = extension(w.book.base, IF_UNKNOWN, c.if_unknown)
        steps = [
            Step(
                title, clinician, rule(c.id), patient, w.activities.avoid(self.t) if absolute else w.activities.issue(),
                issue=not absolute, extensions=(unknown,) if c.severity != "caution" else (),
            )
        ]  # fmt: skip
        if c.severity != "caution":
            waits = (
                "The treatment waits until this is known"
                if c.if_unknown == "hold"
                else "Confirm before giving"
            )
            when = conjunction([Is(rule(c.id), None), self.to_ask])
            steps.append(
                Step(
                    f"{title}: not known",
                    f"{waits}: {clinician}",
                    when,
                    None,
                    w.ask(),
                    name=f"{c.id}, not known",
                )
            )
        w.rules.add(
            c.id,
            title,
            "guideline-based-care",
            steps,
            c.sources,
            c.country,
            part_of=self.strategy,
            of=self.t.id,
        )
        return c.id

    def meeting(self, m: Meeting) -> str:
        """Another drug that is taken beside it, and one that is planned."""
        w, one = self.w, m.interaction
        clinician, patient = w.book.words(one.because, one.numbers)
        drugs = ", ".join(w.book.term(d) for d in m.drugs)
        title = brief(f"{self.name} with {drugs}")
        met = conjunction([rule(m.id), self.open_or_taken])
        steps = [
            Step(title, clinician, met, patient, w.activities.issue(), issue=True),
            Step(
                f"{title}: planned", clinician, conjunction([rule(f"{m.id}-planned"), self.taking]), patient,
                w.activities.issue(), issue=True, name=f"{m.id}, planned",
            ),
        ]  # fmt: skip
        w.rules.add(
            m.id,
            title,
            "guideline-based-care",
            steps,
            one.sources,
            one.country,
            part_of=self.strategy,
            of=self.t.id,
        )
        return m.id

    def access(self, place: int) -> str:
        """A rule on who pays: it says so, and orders nothing."""
        w, a = self.w, self.t.access[place]
        clinician, patient = w.book.words(a.because, a.numbers)
        title = f"{self.name}: a rule of access"
        w.rules.add(
            a.id, title, "guideline-based-care", [Step(title, clinician, rule(a.id), patient)], a.sources, a.country,
            Dates(a.effective, a.until), self.strategy, self.t.id,
        )  # fmt: skip
        return a.id

    # -- tests and limits

    def before(self, check: Check) -> str:
        """Asked for where the therapy is open and it is not done."""
        when = conjunction(
            [rule(check.id), not_so(rule(f"{check.id}-done")), one_of("option_status", self.t.id, _TO_START)]
        )
        return self._check(check, when, "diagnostic-testing")

    def monitor(self, check: Check) -> str:
        """Asked for while it is taken."""
        return self._check(
            check, conjunction([self.taking, rule(check.id)]), "monitor-and-follow-up-of-patient"
        )

    def _check(self, check: Check, when: Node, process: str) -> str:
        w = self.w
        clinician, patient = w.book.words(check.test, check.numbers)
        tables = [f"{w.book.source_label(x.sources[0].source)}: {in_words(x)}" for x in check.timing]
        every = w.book.said(check.every, check.numbers) if check.every else ""
        said = sentences((clinician, every, *tables))
        title = brief(f"{self.name}: {clinician}")
        alone = check.timing[0].every if len(check.timing) == 1 else []
        timing: Resource = timing_of(alone[0].every) if len(alone) == 1 and not alone[0].up_to else {}
        step = Step(title, said, when, patient, w.activities.check(self.t, check), timing=timing)
        cited = [*check.sources, *(s for x in check.timing for s in x.sources)]
        w.rules.add(
            check.id,
            title,
            process,
            [step],
            list(dict.fromkeys(cited)),
            check.country,
            part_of=self.strategy,
            of=self.t.id,
        )
        return check.id

    def acts(self) -> list[str]:
        """What the result of a check asks for."""
        found = [s for check in (*self.t.before, *self.t.monitor) for s in check.act]
        return [self.statement(s) for s in found]

    def limit(self, x: Limit) -> str:
        """A state in which the therapy, while it is taken, has to change."""
        w = self.w
        clinician, patient = w.book.words(x.text, x.numbers)
        title = f"{self.name}: {w.book.phrase(w.book.compiled.phrases.actions, x.action)[0]}"
        step = Step(
            title,
            clinician,
            conjunction([self.taking, rule(x.id)]),
            patient,
            w.activities.issue(),
            issue=True,
        )
        w.rules.add(
            x.id,
            title,
            "monitor-and-follow-up-of-patient",
            [step],
            x.sources,
            x.country,
            part_of=self.strategy,
            of=self.t.id,
        )
        return x.id

    def stop(self) -> list[str]:
        """How it is stopped, where the table of what is taken asks for less of it."""
        w, stop = self.w, self.t.stop
        if stop is None:
            return []
        clinician, patient = w.book.words(stop.text, stop.numbers)
        title, id_ = f"{self.name}: how to stop ({stop.how})", f"{self.t.id}-stop"
        step = Step(title, clinician, one_of("taken_action", self.t.id, _LESS_OF_IT), patient)
        w.rules.add(
            id_, title, "guideline-based-care", [step], stop.sources, part_of=self.strategy, of=self.t.id
        )
        return [id_]

    def statement(self, s: Statement) -> str:
        """What else is said of it, where it is open or taken."""
        return self.w.statement(
            s, self.t.id, self.name, self.strategy, "provide-counseling", self.open_or_taken, of_therapy=True
        )


__all__ = ["therapy_rules"]
