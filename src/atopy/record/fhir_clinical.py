"""Condition, AllergyIntolerance, Immunization, Procedure, Encounter, List and Composition."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast

from atopy.record.codings import LIST_CODES, NONE_KNOWN, RECONCILED
from atopy.record.dates import Day
from atopy.record.fhir import Json, Match, Reading, moment
from atopy.record.fhir_observations import NO_WORD, quantity_of
from atopy.record.model import Event, Kind
from atopy.record.units import convert
from atopy.record.values import answer_of, as_listed

ERROR = "entered-in-error"
IN_ERROR = f"its status is {ERROR}"
_CLINICAL = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "resolved",
    "remission": "resolved",
    "resolved": "resolved",
}
_UNSURE = ("unconfirmed", "provisional", "differential")
_STATED = ("condition", "finding", "exposure", "life_event")
_INPATIENT = ("IMP", "ACUTE", "NONAC")
_ADMISSION = "hospital_admission"


def code_of(concept: Any) -> str | None:
    """The first code of a status element; a bare string as older servers write it."""
    if isinstance(concept, str):
        return concept
    codings = (concept or {}).get("coding") or ()
    return codings[0].get("code") if codings else None


def none_known(match: Match) -> str | None:
    """The list that one of the codes declares complete and empty."""
    return next((NONE_KNOWN[key] for key in match.keys if key in NONE_KNOWN), None)


def dates(start: Day | None, end: Day | None) -> dict[str, Any]:
    """The date fields of an event."""
    return {
        "date": start.first if start else None,
        "end": end.last if end else None,
        "precision": start.precision if start else "day",
    }


def sites_of(reading: Reading, given: Any) -> tuple[str, ...]:
    """Body sites in words, spelt as the vocabulary's list has them where it does."""
    concepts = given if isinstance(given, list) else [given] if given else []
    words = [reading.find(concept).label for concept in concepts]
    return tuple(as_listed(reading.vocabulary, "treatment_site", word) or word for word in words)


# -- conditions


def condition(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A diagnosis; a pregnancy or an allergy written as one keeps its own kind."""
    match = reading.find(resource.get("code"))
    what = f"Condition: {match.label}"
    verified = code_of(resource.get("verificationStatus"))
    recorded = moment(resource.get("recordedDate") or resource.get("assertedDate"))
    declared = none_known(match)
    if verified == ERROR:
        reading.list_unused(what, IN_ERROR, name)
    elif declared is not None:
        reading.attest(declared, recorded or _onset(resource, reading), what, name)
    elif match.term is None:
        reading.list_unused(what, match.wrong or NO_WORD, name)
    elif match.term.kind == "allergen":
        yield _stated(reading, match, resource, "allergy", verified, recorded, name)
    elif match.term.kind in _STATED:
        yield _stated(reading, match, resource, cast(Kind, match.term.kind), verified, recorded, name)
    else:
        reading.list_unused(what, f"a {match.term.kind} is not read from a Condition", name)


def _stated(
    reading: Reading,
    match: Match,
    resource: Json,
    kind: Kind,
    verified: str | None,
    recorded: Day | None,
    name: str,
) -> Event:
    assert match.term is not None
    onset = _onset(resource, reading)
    ended = moment(resource.get("abatementDateTime") or (resource.get("abatementPeriod") or {}).get("end"))
    status = _status(resource, verified, ended)
    flag = {"active": True, "resolved": True, "refuted": False}.get(status or "")
    if match.answer is not None:
        flag = {"true": True, "false": False}.get(match.answer, flag)
    start = onset or recorded
    return Event(
        id=name,
        kind=kind,
        code=match.term.id,
        origin=reading.origin(name),
        flag=None if kind == "allergy" else flag,
        text=match.answer if match.answer not in ("true", "false") else None,
        status=status,
        recorded=recorded.first if recorded is not None and recorded is not start else None,
        began=onset.first if onset is not None and kind == "condition" else None,
        sites=sites_of(reading, resource.get("bodySite")),
        label=match.label or None,
        **dates(start, ended),
    )


def _status(resource: Json, verified: str | None, ended: Day | None) -> str | None:
    """How a condition stands; what ended is resolved even where nobody said so."""
    if verified == "refuted":
        return "refuted"
    clinical = _CLINICAL.get(code_of(resource.get("clinicalStatus")) or "")
    if clinical is None and ended is not None:
        return "resolved"
    return "suspected" if verified in _UNSURE and clinical != "resolved" else clinical


def _onset(resource: Json, reading: Reading) -> Day | None:
    """When it began: a date, the start of a period, or an age where the birth date is known."""
    given = resource.get("onsetDateTime") or (resource.get("onsetPeriod") or {}).get("start")
    if given is not None:
        return moment(given)
    quantity = quantity_of(resource["onsetAge"]) if "onsetAge" in resource else None
    birth = reading.birth
    years = convert(quantity.number, quantity.unit, "a") if quantity is not None else None
    if birth is None or years is None or not 0 <= years < Decimal(130):
        return None
    year = birth.year + int(years)
    return Day(date(year, 1, 1), date(year, 12, 31), "year")


# -- allergies


def allergy(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """An allergy or intolerance; or the statement that none is known."""
    concept = resource.get("code") or next((r.get("substance") for r in resource.get("reaction") or ()), None)
    match = reading.find(concept)
    what = f"AllergyIntolerance: {match.label}"
    verified = code_of(resource.get("verificationStatus"))
    recorded = moment(resource.get("recordedDate") or resource.get("assertedDate"))
    start = moment(resource.get("onsetDateTime")) or recorded
    declared = none_known(match)
    if verified == ERROR:
        reading.list_unused(what, IN_ERROR, name)
    elif declared is not None:
        reading.attest(declared, recorded or start, what, name)
    elif match.term is not None and match.term.kind not in ("drug", "allergen", "therapy"):
        reading.list_unused(what, f"a {match.term.kind} is not read from an AllergyIntolerance", name)
    else:
        fields = {
            "status": _status(resource, verified, None),
            "text": _reaction(reading, resource),
            "recorded": recorded.first if recorded is not None and recorded is not start else None,
            **dates(start, None),
        }
        yield named(reading, "allergy", match, name, fields)


def _reaction(reading: Reading, resource: Json) -> str | None:
    """What happened, in the vocabulary's word where it has one."""
    words = [
        reading.find(m).label for r in resource.get("reaction") or () for m in r.get("manifestation") or ()
    ]
    listed = (as_listed(reading.vocabulary, "reaction_kind", word) for word in words)
    return next((word for word in listed if word), None) or ", ".join(words) or None


def named(reading: Reading, kind: Kind, match: Match, name: str, fields: dict[str, Any]) -> Event:
    """The event of a named thing; set aside when the vocabulary does not know the name."""
    if match.term is None:
        return reading.unknown(kind, match, name, **fields)
    label = match.label or None
    return Event(id=name, kind=kind, code=match.term.id, origin=reading.origin(name), label=label, **fields)


# -- immunisations, procedures, encounters


def immunisation(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A vaccine given, or recorded as not given."""
    match = reading.find(resource.get("vaccineCode"))
    status = resource.get("status")
    what = f"Immunization: {match.label}"
    if status == ERROR:
        reading.list_unused(what, IN_ERROR, name)
    elif match.term is None or match.term.kind != "immunisation":
        reading.list_unused(what, match.wrong or NO_WORD, name)
    else:
        given = moment(resource.get("occurrenceDateTime"))
        fields: dict[str, Any] = {"flag": status != "not-done"}
        fields["status"] = "declined" if status == "not-done" else None
        yield named(reading, "immunisation", match, name, {**fields, **dates(given, None)})


_DONE = {
    "completed": "past",
    "in-progress": "current",
    "stopped": "past",
    "preparation": "planned",
    "on-hold": None,
}


def procedure(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A procedure done; a therapy (light, wraps) becomes a course; a reconciliation closes a list."""
    match = reading.find(resource.get("code"))
    what = f"Procedure: {match.label}"
    status = resource.get("status")
    period = resource.get("performedPeriod") or {}
    start = moment(resource.get("performedDateTime") or period.get("start"))
    if status in (ERROR, "not-done"):
        reading.list_unused(what, f"its status is {status}", name)
        return
    declared = next((RECONCILED[key] for key in match.keys if key in RECONCILED), None)
    if declared is not None and status == "completed":
        reading.attest(declared, start, what, name)
    elif match.term is None:
        reading.list_unused(what, match.wrong or NO_WORD, name)
    elif match.term.kind in ("therapy", "drug"):
        end = moment(period.get("end")) or (start if status == "completed" else None)
        course = {"status": _DONE.get(status or ""), "sites": sites_of(reading, resource.get("bodySite"))}
        yield named(reading, "treatment", match, name, {**course, **dates(start, end)})
    elif match.term.kind in ("procedure", "immunisation", "life_event", "exposure"):
        flag = None if match.term.kind == "procedure" else True
        said = reading.find(resource.get("outcome")).label or None
        outcome = said and (answer_of(match.term, said) or said)
        fields = {"flag": flag, "text": outcome, **dates(start, moment(period.get("end")))}
        yield named(reading, cast(Kind, match.term.kind), match, name, fields)
    else:
        reading.list_unused(what, f"a {match.term.kind} is not read from a Procedure", name)


def encounter(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A hospital admission; other encounters only say that somebody came."""
    setting = resource.get("class")
    coded = setting[0] if isinstance(setting, list) and setting else setting
    kind = (code_of(coded) if "coding" in (coded or {}) else (coded or {}).get("code")) or "unnamed"
    term = reading.vocabulary.terms.get(_ADMISSION)
    status = resource.get("status")
    if kind not in _INPATIENT or term is None:
        reading.list_unused(f"Encounter: {kind}", "only hospital admissions are used", name)
    elif status in (ERROR, "cancelled", "planned"):
        reading.list_unused(f"Encounter: {kind}", f"its status is {status}", name)
    else:
        period = resource.get("period") or resource.get("actualPeriod") or {}
        start = moment(period.get("start"))
        match = Match(term, None, reading.find((resource.get("type") or [None])[0]).label)
        fields = {"flag": True, **dates(start, moment(period.get("end")))}
        yield named(reading, "life_event", match, name, fields)


# -- lists that say of themselves that they are complete


def listed(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A List declared empty because there is nothing to list."""
    match = reading.find(resource.get("code"))
    what = f"List: {match.label or resource.get('title') or 'unnamed'}"
    which = next((LIST_CODES[key] for key in match.keys if key in LIST_CODES), None)
    if which is not None and resource.get("status") == "current" and _nil(resource):
        reading.attest(which, moment(resource.get("date")), what, name)
    else:
        reading.list_unused(what, "only a list declared empty says more than its entries", name)
    yield from ()


def composition(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """The sections of a document that are declared empty because there is nothing to say."""
    day = moment(resource.get("date"))
    for section in resource.get("section") or ():
        match = reading.find(section.get("code"))
        which = next((LIST_CODES[key] for key in match.keys if key in LIST_CODES), None)
        if which is not None and _nil(section):
            reading.attest(which, day, f"Composition: {match.label}", name)
    reading.list_unused(
        "Composition", "only sections declared empty are used; their entries are read themselves", name
    )
    yield from ()


def _nil(holder: Json) -> bool:
    return code_of(holder.get("emptyReason")) == "nilknown" and not holder.get("entry")
