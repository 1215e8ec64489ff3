"""Observation and QuestionnaireResponse: what was measured, seen, asked or scored."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from atopy.record.codings import ANSWERS, NEGATIVE, POSITIVE, UNKNOWN, UNSURE
from atopy.record.dates import Day
from atopy.record.fhir import Json, Match, Reading, moment
from atopy.record.model import Event, Kind
from atopy.record.quantity import Quantity
from atopy.record.quarantine import set_aside
from atopy.record.values import Reading as Value
from atopy.record.values import answer_of, read_answer, read_number
from atopy.record.vocabulary import Term

NO_WORD = "the vocabulary has no word for it"
_VALUED = ("measure", "lab", "score")
_PRESENT = ("finding", "exposure", "condition", "life_event")
_UNREAD_VALUES = ("valueRange", "valueRatio", "valueSampledData", "valueTime", "valueDateTime", "valuePeriod")
_LOINC = re.compile(r"/?(\d{1,7}-\d)$")
_FLAGS = {POSITIVE: True, NEGATIVE: False, "true": True, "false": False, "present": True, "absent": False}


def number_of(value: Any) -> Decimal:
    """A JSON number as an exact decimal."""
    if isinstance(value, Decimal):
        return value
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def quantity_of(quantity: Json) -> Quantity | None:
    """A FHIR Quantity; its UCUM code where it has one, else its unit in words. None without a number."""
    value = quantity.get("value")
    if value is None:
        return None
    coded = quantity.get("code")
    system = quantity.get("system") or ""
    unit = (
        coded if coded and system.startswith("http://unitsofmeasure.org") else quantity.get("unit") or coded
    )
    return Quantity(number_of(value), unit or "", quantity.get("comparator") or "")


def observation(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """An Observation and its components."""
    match = reading.find(resource.get("code"))
    what = f"Observation: {match.label}"
    status = resource.get("status")
    if status in ("entered-in-error", "cancelled"):
        reading.list_unused(what, f"its status is {status}", name)
        return
    day = _effective(resource)
    components = resource.get("component") or ()
    used = False
    for place, component in enumerate(components):
        part = reading.find(component.get("code"))
        event = _observed(
            reading, part, component, resource, day, f"{name}#{part.term.id if part.term else place}"
        )
        if event is not None:
            used = True
            yield event
        else:
            why = NO_WORD if part.term is None else "has no value"
            reading.list_unused(f"{what}: {part.label}", why, name)
    event = _observed(reading, match, resource, resource, day, name)
    if event is not None:
        yield event
    elif not used:
        reading.list_unused(what, _why_not(match, resource), name)


def _why_not(match: Match, resource: Json) -> str:
    if match.wrong:
        return match.wrong
    if match.term is None:
        return NO_WORD
    if match.term.kind not in _VALUED + _PRESENT:
        return f"a {match.term.kind} is not read from an Observation"
    unread = [key for key in _UNREAD_VALUES if key in resource]
    return f"its {unread[0]} is not read" if unread else "has no value"


def _observed(
    reading: Reading, match: Match, holder: Json, resource: Json, day: Day | None, name: str
) -> Event | None:
    """The event of one value; None when there is nothing to make one of."""
    term = match.term
    concept = holder.get("valueCodeableConcept")
    if concept is not None:
        answered = reading.find(concept)
        if answered.term is not None and answered.term is not term and answered.term.kind in _PRESENT:
            # the answer is a word of its own (a smoking status, a diagnosis)
            return _present(reading, answered.term, True, answered.answer, answered.label, day, name)
        if term is None:
            return None
        coded = answered.answer if answered.term is term else None
        return _coded(reading, term, coded or _shared_answer(answered), answered.label, match, day, name)
    if term is None or term.kind not in _VALUED + _PRESENT:
        return None
    if "valueBoolean" in holder:
        flag = holder["valueBoolean"] is True
        return _coded(reading, term, POSITIVE if flag else NEGATIVE, str(flag).lower(), match, day, name)
    value = _plain_value(term, holder, reading)
    if value is None and match.answer is not None:
        return _coded(reading, term, match.answer, match.label, match, day, name)
    return None if value is None else _valued(reading, term, value, match, day, name, resource)


def _plain_value(term: Term, holder: Json, reading: Reading) -> Value | None:
    """A number or text, judged; None when there is neither."""
    if "valueQuantity" in holder:
        quantity = quantity_of(holder["valueQuantity"])
        return None if quantity is None else read_number(term, quantity, reading.scorer)
    if "valueInteger" in holder:
        return read_number(term, Quantity(Decimal(holder["valueInteger"]), ""), reading.scorer)
    if "valueString" in holder:
        return read_answer(term, holder["valueString"], reading.scorer)
    return None


def _shared_answer(match: Match) -> str | None:
    """The answer that a code means in any system's question."""
    return next((ANSWERS[key] for key in match.keys if key in ANSWERS), None)


def _coded(
    reading: Reading, term: Term, answer: str | None, label: str, match: Match, day: Day | None, name: str
) -> Event:
    """An answer by code: one of the term's own, or yes and no."""
    if term.kind in _PRESENT and not (term.values and answer_of(term, answer or label)):
        if answer in _FLAGS:
            return _present(reading, term, _FLAGS[answer], None, match.label, day, name)
        if answer in (UNKNOWN, UNSURE):
            return _present(reading, term, None, None, match.label, day, name, suspected=answer == UNSURE)
        event = _present(reading, term, None, None, match.label, day, name)
        return set_aside(event, f"'{label}' does not say whether it is present")
    text = answer_of(term, answer) if answer is not None else None
    value = Value(text=text) if text is not None else read_answer(term, label, reading.scorer)
    return _valued(reading, term, value, match, day, name, {})


def _present(
    reading: Reading,
    term: Term,
    flag: bool | None,
    answer: str | None,
    label: str,
    day: Day | None,
    name: str,
    *,
    suspected: bool = False,
) -> Event:
    """Something present, absent or not known; an *answer* of the code overrules the flag."""
    text = None
    if answer is not None:
        flag = _FLAGS.get(answer, flag)
        text = None if answer in _FLAGS else answer
    status = None
    if term.kind == "condition":
        status = "suspected" if suspected else None if flag is None else "active" if flag else "refuted"
    return dated(
        Event(
            id=name,
            kind=cast(Kind, term.kind),
            code=term.id,
            date=day.first if day else None,
            origin=reading.origin(name),
            precision=day.precision if day else "day",
            text=text,
            flag=flag,
            status=status,
            label=label or None,
        )
    )


def _valued(
    reading: Reading, term: Term, value: Value, match: Match, day: Day | None, name: str, resource: Json
) -> Event:
    number, text, said, wrong = value
    site = resource.get("bodySite")
    event = Event(
        id=name,
        kind=cast(Kind, term.kind),
        code=term.id,
        date=day.first if day else None,
        origin=reading.origin(name),
        precision=day.precision if day else "day",
        number=number,
        unit=term.unit if number is not None else None,
        text=text,
        said=said,
        sites=(reading.find(site).label,) if site else (),
        label=match.label or None,
    )
    return dated(event if wrong is None else set_aside(event, wrong))


def dated(event: Event) -> Event:
    """A value without a day cannot be placed, and so cannot be used."""
    return event if event.date is not None else set_aside(event, "has no date")


def _effective(resource: Json) -> Day | None:
    given = resource.get("effectiveDateTime") or resource.get("effectiveInstant")
    if given is None:
        given = (resource.get("effectivePeriod") or {}).get("start") or resource.get("issued")
    return moment(given)


def questionnaire_response(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """The scores in a QuestionnaireResponse; its single answers are not read."""
    what = f"QuestionnaireResponse: {resource.get('questionnaire') or 'unnamed'}"
    status = resource.get("status")
    if status not in ("completed", "amended"):
        reading.list_unused(what, f"its status is {status}", name)
        return
    day = moment(resource.get("authored"))
    found = False
    for item in _items(resource.get("item")):
        match = _asked(reading, item)
        answers = item.get("answer") or []
        if match is None or len(answers) != 1 or match.term is None or match.term.kind not in _VALUED:
            continue
        value = _answered(match.term, answers[0], reading)
        if value is not None:
            found = True
            yield _valued(reading, match.term, value, match, day, f"{name}#{match.term.id}", {})
    if not found:
        reading.list_unused(what, "has no score that the vocabulary knows", name)


def _answered(term: Term, answer: Json, reading: Reading) -> Value | None:
    """A numeric answer, judged as a value of *term*."""
    if "valueDecimal" in answer:
        return read_number(term, Quantity(number_of(answer["valueDecimal"]), ""), reading.scorer)
    return _plain_value(
        term, {k: answer[k] for k in ("valueQuantity", "valueInteger") if k in answer}, reading
    )


def _asked(reading: Reading, item: Json) -> Match | None:
    """What an item asks: by a LOINC code in its link id or definition, a coded extension, or its exact words."""
    for place in (item.get("linkId"), item.get("definition")):
        loinc = _LOINC.search(place) if isinstance(place, str) else None
        if loinc:
            match = reading.find(
                {"coding": [{"system": "http://loinc.org", "code": loinc[1]}], "text": item.get("text")}
            )
            if match.term is not None:
                return match
    for extension in item.get("extension") or ():
        coded = extension.get("valueCoding")
        match = reading.find({"coding": [coded]} if coded else extension.get("valueCodeableConcept"))
        if match.term is not None:
            return match
    return reading.find({"text": item["text"]}) if item.get("text") else None


def _items(items: Any) -> Iterator[Json]:
    """Every item, however deep, those under answers too."""
    for item in items or ():
        yield item
        yield from _items(item.get("item"))
        for answer in item.get("answer") or ():
            yield from _items(answer.get("item"))
