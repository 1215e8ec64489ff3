"""Things of the content as lines of an answer: the words for each reader, what is given, who says it."""

from collections.abc import Iterable
from typing import Any

from atopy.ask.entries import Entry
from atopy.ask.lexicon import LANGUAGE
from atopy.ask.model import Dispute, Line, Said, Side
from atopy.guideline import (
    AccessRule,
    Band,
    Check,
    Citation,
    Compiled,
    Disagreement,
    Grade,
    Interaction,
    Licence,
    Regimen,
    Therapy,
    Words,
)
from atopy.guideline.dated import in_words
from atopy.instruments import Instrument
from atopy.plan import Case, Cited
from atopy.plan.dose import CHECK_LABEL, CHECKED_FIRST, Setting, doses_said, stated
from atopy.plan.dose_amount import exact
from atopy.plan.references import label, short_label
from atopy.plan.words import quantity
from atopy.record import day_words

_COUNTRIES = {"us": "US", "eu": "EU", "uk": "UK"}
_GUIDELINES = ("guideline", "consensus", "appraisal")
_ACTIONS = {"avoid": "avoid", "reduce": "reduce", "monitor": "watch", "separate": "keep apart"}


class Lines:
    """Makes lines; whatever they say stands in the content under the line's id."""

    def __init__(self, case: Case, entries: dict[str, Entry]) -> None:
        self.case = case
        self.compiled: Compiled = case.compiled
        self.entries = entries

    # -- one thing

    def of(self, id_: str) -> Line | None:
        """The line of anything that has an id, or None where nothing is so called, or it does not hold now and here."""
        entry = self.entries.get(id_)
        if entry is None:
            return None
        value, kind = entry.value, entry.kind
        if not self.holds(value):
            return None
        if isinstance(value, Regimen):
            return self.regimen(value, entry.owner)
        if isinstance(value, Grade):
            return self.grade(value, entry.owner)
        if isinstance(value, Therapy):
            return self.therapy(value)
        if isinstance(value, Check):
            return self.check(value, entry.owner)
        if isinstance(value, Instrument):
            return self.instrument(value)
        if kind in ("contraindication", "interaction", "access"):
            return self.bar(value, entry.owner)
        words = getattr(value, "text", None) or getattr(value, "name", None) or getattr(value, "title", None)
        if not isinstance(words, Words):
            return None
        role: Any = "limit" if kind == "limit" else "statement" if hasattr(value, "text") else "definition"
        said = self.said(words, getattr(value, "numbers", {}))
        if getattr(value, "clinician_first", False):
            said = Said(said.clinician)
        return self._line(id_, role, said, entry.owner, getattr(value, "sources", ()))

    def holds(self, value: Any) -> bool:
        """Whether a part of the content is in force on the day, in the country that is asked about."""
        day = self.case.as_of.isoformat()
        since, until = getattr(value, "effective", None), getattr(value, "until", None)
        here, asked = getattr(value, "country", None), self.case.world.country
        in_force = (not since or since <= day) and (not until or day < until)
        return in_force and (here is None or asked is None or here == asked)

    def several(self, ids: Iterable[str]) -> list[Line]:
        """The lines of these, without those that nothing is called."""
        return [line for i in ids if (line := self.of(i)) is not None]

    def _line(
        self, id_: str, role: Any, said: Said, owner: str, sources: Iterable[Citation | Grade], note: str | None = None,
        parts: tuple[Line, ...] = (),
    ) -> Line:  # fmt: skip
        return Line(
            id_,
            role,
            said,
            owner,
            self.name(owner),
            note,
            self.case.cite(sources),
            self.case.review(id_),
            parts,
        )

    def said(self, words: Words, numbers: Any = None) -> Said:
        """Words for each reader with their numbers."""
        return Said(*self.case.words(words, numbers or {}))

    def name(self, owner: str) -> Said:
        """What an item is called by each reader."""
        entry = self.entries.get(owner)
        if entry is None:
            return Said(self.case.explainer.title(owner), self.case.plain(owner))
        words = getattr(entry.value, "name", None) or getattr(entry.value, "title", None)
        if isinstance(words, Words):
            clinician, patient = self.case.words(words)
            return Said(clinician, patient or clinician)
        return Said(str(words or owner), str(words or owner))

    # -- what is given

    def regimen(self, r: Regimen, owner: str, setting: Setting | None = None) -> Line:
        """A regimen: whom it is for, the doses as the source has them, and what numbers cannot say."""
        name = self.case.words_of(r.name, r.numbers) if r.name else ""
        for_whom = self.bands(r.bands)
        given = doses_said(r, setting) if setting is not None and setting.weight is not None else None
        dose = given.clinician if given else as_stated(r)
        text = self.case.words(r.text, r.numbers) if r.text else ("", None)
        head = " ".join(x for x in (name, f"({for_whom})" if for_whom else "") if x)
        clinician = ": ".join(x for x in (head, ". ".join(x for x in (dose, text[0]) if x)) if x)
        patient = given.patient if given else self._plain_dose(r)
        plain = ". ".join(x.rstrip(".") for x in (patient, text[1] or "") if x)
        return self._line(r.id, "dose", Said(clinician, plain or None), owner, r.sources, _place(r.country))

    def _plain_dose(self, r: Regimen) -> str:
        """For a patient: with whom it is for, where its numbers say so; never one that nobody read."""
        said = doses_said(r, Setting()).patient
        if not said or said == CHECKED_FIRST:
            return said
        whom = self.bands(r.bands)
        return f"{whom[:1].upper()}{whom[1:]}: {said}" if whom else said

    def bands(self, bands: dict[str, Band]) -> str:
        """``age 6 to under 18 years; weight 15 to under 30 kg``."""
        said = []
        for fact, band in bands.items():
            label = self.compiled.facts[fact].label.get(LANGUAGE, fact).partition(" in ")[0]
            unit = getattr(self.compiled.facts[fact].signature.type, "unit", "") or ""
            low = exact(band.low) if band.low is not None else None
            high = exact(band.high) if band.high is not None else None
            span = f"{low} to under {high}" if low and high else f"from {low}" if low else f"under {high}"
            said.append(f"{label} {span} {unit}".strip())
        return "; ".join(said)

    def ceiling(self, therapy: Therapy) -> Line | None:
        """The longest course."""
        if therapy.course_limit is None:
            return None
        said = f"Longest course: {quantity(therapy.course_limit)}"
        plain = f"The longest you use it without a break: {quantity(therapy.course_limit)}"
        return self._line(
            f"{therapy.id}-course-limit", "limit", Said(said, plain), therapy.id, therapy.course_limit_sources
        )

    def onset(self, therapy: Therapy) -> Line | None:
        """When to judge it."""
        if therapy.onset is None:
            return None
        span = quantity(therapy.onset)
        said = Said(f"Judge its effect after {span}", f"Give it time to work: {span}")
        return self._line(f"{therapy.id}-onset", "onset", said, therapy.id, therapy.onset_sources)

    def stop(self, therapy: Therapy) -> Line | None:
        """How it is stopped."""
        if therapy.stop is None:
            return None
        said = self.said(therapy.stop.text, therapy.stop.numbers)
        text = Said(f"How to stop ({therapy.stop.how}): {said.clinician}", said.patient)
        return self._line(f"{therapy.id}-stop", "stop", text, therapy.id, therapy.stop.sources)

    # -- what speaks for and against

    def grade(self, g: Grade, owner: str) -> Line:
        """A recommendation in its own scale."""
        says = self.case.words_of(g.says, g.numbers) if g.says else ""
        weight = {"for": "for", "against": "against", "none": "no recommendation"}[g.direction]
        strength = "ungraded" if g.strength == "none" else g.strength
        certainty = f", {g.certainty} certainty" if g.certainty else ""
        unread = "" if g.verified else "; recalled, not read"
        source = self.label(g.source)
        text = f"{source}: {strength} {weight}{certainty}{unread}" + (f". {says}" if says else "")
        return self._line(g.id, "recommendation", Said(text), owner, [g])

    def label(self, key: str) -> str:
        """Who says it, and when."""
        key = self.case.guidance.key(key)
        info = self.compiled.sources.get(key)
        return short_label(key) if info and info.kind in _GUIDELINES else label(self.compiled, key)

    def bar(self, value: Any, owner: str) -> Line:
        """A contraindication, an interaction or a rule of access."""
        said = self.said(value.because, value.numbers)
        if isinstance(value, AccessRule):
            return self._line(value.id, "access", said, owner, value.sources, "access, not evidence")
        note = self.case.phrase(self.case.phrases.statuses, value.severity)[0] or value.severity
        if isinstance(value, Interaction):
            return self._line(
                value.id, "interaction", said, owner, value.sources, f"{note}; {_ACTIONS[value.action]}"
            )
        return self._line(
            value.id, "contraindication", said, owner, value.sources, _joined(note, _place(value.country))
        )

    def licence(self, l: Licence, owner: str, number: int) -> Line:  # noqa: E741
        """What one country allows."""
        note = self.case.words_of(l.note, l.numbers) if l.note else ""
        status = l.status.replace("_", " ")
        since = f", since {day_words(l.effective)}" if l.effective else ""
        text = f"{_COUNTRIES.get(l.country, l.country)}: {status}{since}. {note}".rstrip(". ")
        cited = [Citation(l.source, l.verified)]
        return self._line(f"{owner}-licence-{number}", "licence", Said(text), owner, cited)

    def check(self, c: Check, owner: str) -> Line:
        """A test, how often, and what follows from it."""
        said = self.said(c.test, c.numbers)
        every = self.case.words_of(c.every, c.numbers) if c.every else ""
        dated = "; ".join(dict.fromkeys(in_words(t) for t in c.timing))
        when = every or dated
        text = Said(f"{said.clinician}: {when}" if when else said.clinician, said.patient)
        acts = tuple(
            self._line(a.id, "statement", self.said(a.text, a.numbers), owner, a.sources) for a in c.act
        )
        note = None if c.required else "not routine"
        sources = [*c.sources, *(s for t in c.timing for s in t.sources)]
        return self._line(c.id, "check", text, owner, sources, note, acts)

    # -- what it is

    def therapy(self, t: Therapy) -> Line:
        """An option in one line: its name and its rung."""
        rung = next(r for r in self.compiled.meta.rungs if r.id == t.rung)
        name, of = self.name(t.id), self.said(rung.name)
        line = {"first": "first line", "second": "second line", "last": "last line"}[rung.line]
        text = Said(
            f"{name.clinician}: {of.clinician.lower()}, {line}",
            f"{name.patient}: {(of.patient or of.clinician).lower()}",
        )
        said = [g for g in t.recommended if self.holds(g)] or [s for x in t.statements for s in x.sources][:1]
        return self._line(
            t.id, "option", text, t.id, said or [s for c in t.contraindicated for s in c.sources][:1]
        )

    def instrument(self, i: Instrument) -> Line:
        """A score: its range and its bands, with the study of each."""
        from atopy.ask.scores import described

        said, sources = described(i)
        return self._line(i.id, "instrument", Said(said), i.id, sources)

    # -- where sources differ

    def dispute(self, d: Disagreement) -> Dispute:
        """Both sides, the rule and why."""
        case = self.case
        clinician, patient = case.words(d.rule, d.numbers)
        sides = [
            Side(case.words_of(s.position, s.numbers | d.numbers), case.cite(s.sources))
            for s in (d.side_a, d.side_b)
        ]
        return Dispute(
            f"disagreement-{d.id}", case.words_of(d.question, d.numbers), sides[0], sides[1],
            Said(clinician, None if d.clinician_only else patient), case.words_of(d.why, d.numbers),
            case.review(f"disagreement-{d.id}"),
        )  # fmt: skip


def as_stated(r: Regimen) -> str:
    """The doses of a regimen as its source has them, marked where nobody read them there."""
    given = [stated(d) for d in (r.loading, r.dose, *r.then) if d is not None]
    if r.loading is not None:
        given[0] += " to start"
    text = ", then ".join(given)
    if r.maximum is not None:
        text = "; ".join(x for x in (text, f"at most {stated(r.maximum)}") if x)
    if r.course is not None:
        text += f", for {quantity(r.course)}" if text else f"for {quantity(r.course)}"
    if text and not all(s.verified for s in r.sources):
        text += f" ({CHECK_LABEL})"
    return text


def cited(lines: Iterable[Line]) -> Iterable[Cited]:
    """Every citation of lines and their parts, in order."""
    for line in lines:
        yield from line.sources
        yield from cited(line.parts)


def _place(country: str | None) -> str | None:
    return _COUNTRIES.get(country, country) if country else None


def _joined(*parts: str | None) -> str | None:
    return ", ".join(p for p in parts if p) or None


__all__ = ["Lines", "as_stated", "cited"]
