"""What a therapy's file says beside its rules: licence, strengths, doses, onset, limit of a course, how it ends."""

from collections.abc import Iterator

from atopy.criteria import Ref
from atopy.guideline import Citation, Regimen, Therapy
from atopy.plan import Case
from atopy.plan.case import LANGUAGE
from atopy.plan.dose import stated
from atopy.plan.words import clinician, patient, quantity
from atopy.record import day_words

Said = tuple[str, str]
"""A label, and what is said under it."""

_COUNTRIES = {"us": "US", "eu": "EU", "uk": "UK"}


def therapy(case: Case, t: Therapy) -> Iterator[Said]:
    """The facts of an option that are no rule of their own."""
    for licence in t.licence:
        who = f", where {licence.when}" if licence.when != "TRUE" else ""
        note = case.words_of(licence.note, licence.numbers) if licence.note else ""
        since = f", from {day_words(licence.effective)}" if licence.effective else ""
        said = f"{licence.status.replace('_', ' ')}{who}{since}. {note}".rstrip(". ")
        source = f" ({licence.source}{'' if licence.verified else ', not verified'})"
        yield f"Licence {_COUNTRIES.get(licence.country, licence.country)}", said + source
    for made in t.made_as:
        amounts = ", ".join(format(s.normalize(), "f") for s in made.strengths)
        yield "Made as", f"{made.form.get(LANGUAGE, '')} {amounts} {made.unit}{_cited(made.sources)}".strip()
    if t.onset is not None:
        yield "Judge its effect after", quantity(t.onset) + _cited(t.onset_sources)
    if t.course_limit is not None:
        yield "Longest course", quantity(t.course_limit) + _cited(t.course_limit_sources)
    if t.group:
        yield "One of a group", t.group.replace("_", " ")
    yield from _begun(t)
    yield from _stop(t)


def _begun(t: Therapy) -> Iterator[Said]:
    said = [
        word for word, so in (("begun by a specialist", t.needs_specialist), ("unproven", t.unproven)) if so
    ]
    if said:
        yield "Standing", ", ".join(said)


def _stop(t: Therapy) -> Iterator[Said]:
    """How it ends, for both readers."""
    if t.stop is None:
        return
    said = clinician(t.stop.text, t.stop.numbers, LANGUAGE)
    yield "How to stop", f"{t.stop.how}. {said}{_cited(t.stop.sources)}"
    plain = patient(t.stop.text, t.stop.numbers, LANGUAGE)
    if plain:
        yield "How to stop, for the patient", plain


def regimen(case: Case, r: Regimen) -> Iterator[Said]:
    """What is given: who for, to start with, then, and at most."""
    if r.name:
        yield "Regimen", case.words_of(r.name, r.numbers)
    for fact, band in r.bands.items():
        low = f"from {format(band.low, 'f')}" if band.low is not None else ""
        high = f"below {format(band.high, 'f')}" if band.high is not None else ""
        name, unit = case.explainer.words(Ref(fact))
        yield "Band", " ".join(x for x in (name, low, high, unit) if x)
    steps = (("Loading", r.loading), ("Dose", r.dose), *(("Then", d) for d in r.then), ("At most", r.maximum))
    for label, dose in steps:
        if dose is not None:
            yield label, stated(dose)
    if r.share is not None:
        yield "Share of the usual dose", quantity(r.share)
    if r.course is not None:
        yield "Course", quantity(r.course)


def _cited(sources: list[Citation]) -> str:
    """The keys of sources, marked where nobody read them there."""
    keys = dict.fromkeys(f"{c.source}{'' if c.verified else ', not verified'}" for c in sources)
    return f" ({'; '.join(keys)})" if keys else ""


__all__ = ["regimen", "therapy"]
