"""MedicationStatement, MedicationRequest, MedicationAdministration and MedicationDispense."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec

from atopy.record.fhir import Json, Match, Reading, moment
from atopy.record.fhir_clinical import dates, named, none_known, sites_of
from atopy.record.fhir_observations import NO_WORD, number_of, quantity_of
from atopy.record.model import Amount, Event
from atopy.record.quantity import Quantity, amount_of, dose_of
from atopy.record.units import convert, decimal_of
from atopy.record.values import as_listed, dose_for, sane

_NAMED = ("drug", "therapy")
# What each status says of the course; a status that is not here says nothing usable, and is listed.
_STATEMENT = {
    "active": "current", "completed": "past", "stopped": "past", "intended": "planned", "not-taken": "declined",
    "on-hold": None, "unknown": None, "recorded": None,
}  # fmt: skip
_REQUEST = {
    "active": "current", "completed": "past", "stopped": "past", "ended": "past", "draft": "planned",
    "on-hold": None, "unknown": None,
}  # fmt: skip
_ADMINISTRATION = {
    "in-progress": "current",
    "completed": "past",
    "stopped": "past",
    "on-hold": None,
    "unknown": None,
}
_DISPENSED = ("completed", "in-progress", "unknown")
_NOT_ORDERS = ("proposal", "plan", "option")
_PERIODS = {"h": ("day", 24), "d": ("day", 1), "wk": ("week", 1), "mo": ("month", 1), "a": ("year", 1)}
# Times a day of the coded timings.
_TIMINGS = {
    "QD": Fraction(1), "BID": Fraction(2), "TID": Fraction(3), "QID": Fraction(4), "AM": Fraction(1), "PM": Fraction(1),
    "QOD": Fraction(1, 2), "Q8H": Fraction(3), "Q6H": Fraction(4), "Q4H": Fraction(6), "BED": Fraction(1),
}  # fmt: skip


class Dosing(NamedTuple):
    """What a dosage instruction says, as far as it can be used."""

    dose: Amount | None = None
    frequency: str | None = None
    sites: tuple[str, ...] = ()
    left: str | None = None  # why the dose could not be used


def statement(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """What somebody says is, was or will be taken."""
    period = resource.get("effectivePeriod") or {}
    start = resource.get("effectiveDateTime") or period.get("start")
    recorded = resource.get("dateAsserted")
    yield from _course(
        reading, resource, name, _STATEMENT, start, period.get("end"), resource.get("dosage"), recorded
    )


def request(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A prescription: the course it starts."""
    dosages = resource.get("dosageInstruction")
    if resource.get("doNotPerform") is True:
        match = _medicine(reading, resource)[0]
        reading.list_unused(f"MedicationRequest: {match.label}", "is an order not to give it", name)
        return
    repeat = _repeat(dosages)
    bounds = repeat.get("boundsPeriod") or {}
    start = bounds.get("start") or resource.get("authoredOn")
    recorded = resource.get("authoredOn") if bounds.get("start") else None
    for event in _course(reading, resource, name, _REQUEST, start, bounds.get("end"), dosages, recorded):
        yield _supplied(reading, event, resource, name)


def administration(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A dose given, on its day."""
    period = resource.get("effectivePeriod") or resource.get("occurencePeriod") or {}
    moment_given = resource.get("effectiveDateTime") or resource.get("occurenceDateTime")
    start, end = moment_given or period.get("start"), moment_given or period.get("end")
    yield from _course(reading, resource, name, _ADMINISTRATION, start, end, resource.get("dosage"), None)


def dispense(reading: Reading, resource: Json, name: str) -> Iterator[Event]:
    """A medicine handed over."""
    match, ingredients = _medicine(reading, resource)
    status = resource.get("status")
    if status not in _DISPENSED:
        reading.list_unused(f"MedicationDispense: {match.label}", f"its status is {status}", name)
        return
    handed = moment(resource.get("whenHandedOver") or resource.get("whenPrepared"))
    amount = _amount(reading, resource.get("quantity"), f"MedicationDispense: {match.label}", name)
    fields = {
        "ingredients": ingredients,
        "amount": amount,
        "days": _days(resource.get("daysSupply")),
        **dates(handed, None),
    }
    yield named(reading, "dispensing", match, name, fields)


def _course(
    reading: Reading,
    resource: Json,
    name: str,
    statuses: dict[str, str | None],
    start: Any,
    end: Any,
    dosages: Any,
    recorded: Any,
) -> Iterator[Event]:
    """One course of treatment, or the statement that none is taken."""
    match, ingredients = _medicine(reading, resource)
    kind, status = resource["resourceType"], resource.get("status")
    what = f"{kind}: {match.label}"
    declared = none_known(match)
    if declared is not None:
        reading.attest(declared, moment(recorded) or moment(start), what, name)
    elif status not in statuses:
        reading.list_unused(what, f"its status is {status}", name)
    elif match.term is not None and match.term.kind not in _NAMED:
        reading.list_unused(what, NO_WORD, name)
    else:
        dosing = _dosing(reading, dosages)
        if dosing.left:
            reading.list_unused(f"{kind}: dose", dosing.left, name)
        dose, wrong = dosing.dose, None
        if match.term is not None and dose is not None:
            dose, wrong = dose_for(match.term, dose, f"{dose.value} {dose.unit}")
        meant = "planned" if resource.get("intent") in _NOT_ORDERS else statuses[status]
        written = moment(recorded)
        fields = {
            "status": meant,
            "recorded": written.first if written is not None else None,
            "dose": dose,
            "dose_set_aside": wrong,
            "frequency": dosing.frequency,
            "sites": dosing.sites,
            "ingredients": ingredients,
            "reason": _reason(reading, resource),
            "stopped_for": _stopped_for(reading, resource) if meant in ("past", "declined") else None,
            **dates(moment(start), moment(end)),
        }
        yield named(reading, "treatment", match, name, fields)


def _medicine(reading: Reading, resource: Json) -> tuple[Match, tuple[str, ...]]:
    """The medicine, wherever the resource names it, and the ingredients it lists."""
    named_here = resource.get("medication") or {}  # as the next release of FHIR writes it
    concept = resource.get("medicationCodeableConcept") or named_here.get("concept")
    if concept is not None:
        return reading.find(concept), ()
    reference = resource.get("medicationReference") or named_here.get("reference") or {}
    medication = reading.target(reference, resource)
    if medication is None:
        return Match(
            None, None, str(reference.get("display") or reference.get("reference") or "unnamed medicine")
        ), ()
    parts = [reading.find(i.get("itemCodeableConcept")) for i in medication.get("ingredient") or ()]
    match = reading.find(medication.get("code"))
    if match.term is None and len(parts) == 1 and parts[0].term is not None:
        match = Match(parts[0].term, parts[0].answer, match.label or parts[0].label, match.keys)
    return match, tuple(p.term.id if p.term else p.label for p in parts)


# -- doses


def _dosing(reading: Reading, dosages: Any) -> Dosing:
    """One instruction as a dose per period; several are kept in words only."""
    listed = dosages if isinstance(dosages, list) else [dosages] if dosages else []
    if not listed:
        return Dosing()
    sites = tuple(dict.fromkeys(s for d in listed for s in sites_of(reading, d.get("site"))))
    if len(listed) > 1:
        texts = "; ".join(text for d in listed if (text := d.get("text")))
        return Dosing(None, texts or None, sites, "several instructions, whose doses are not added up")
    dosage = listed[0]
    times, per, words = _often(dosage)
    quantity = _dose_quantity(dosage)
    if quantity is None or not sane(quantity.number):
        return Dosing(None, words, sites)
    if times is not None and dosage.get("asNeededBoolean") is not True:
        per_period = decimal_of(Fraction(quantity.number) * times)
        dose = dose_of(per_period, f"{quantity.unit}/{per}")
    else:
        dose = dose_of(quantity.number, quantity.unit)
    return Dosing(dose, words, sites, None if dose else "is not in units of mass, volume or activity")


def _dose_quantity(dosage: Json) -> Quantity | None:
    rates = dosage.get("doseAndRate") or ()
    given = (
        (rates[0].get("doseQuantity") if rates else None) or dosage.get("doseQuantity") or dosage.get("dose")
    )
    return quantity_of(given) if given else None


def _often(dosage: Json) -> tuple[Fraction | None, str, str | None]:
    """How many times per period, which period, and the same in words; no number where it is not one."""
    timing = dosage.get("timing") or {}
    repeat = timing.get("repeat") or {}
    words = dosage.get("text") or None
    frequency, length, unit = repeat.get("frequency"), repeat.get("period"), repeat.get("periodUnit")
    if (
        frequency
        and length
        and unit in _PERIODS
        and not repeat.get("frequencyMax")
        and not repeat.get("periodMax")
    ):
        named_period, each = _PERIODS[unit]
        times = Fraction(number_of(frequency)) * each / Fraction(number_of(length))
        return times, named_period, words or f"{frequency} per {length} {unit}"
    code = next((c.get("code") for c in (timing.get("code") or {}).get("coding") or ()), None)
    return _TIMINGS.get(code or ""), "day", words or code


def _repeat(dosages: Any) -> Json:
    first = dosages[0] if isinstance(dosages, list) and dosages else {}
    repeat: Json = (first.get("timing") or {}).get("repeat") or {}
    return repeat


def _supplied(reading: Reading, event: Event, resource: Json, name: str) -> Event:
    """The amount prescribed, as a rate where the prescription says how long it lasts."""
    supply = resource.get("dispenseRequest") or {}
    if not supply.get("quantity"):
        return event
    what = f"MedicationRequest: {event.label or event.code}"
    amount, days = (
        _amount(reading, supply["quantity"], what, name),
        _days(supply.get("expectedSupplyDuration")),
    )
    if amount is None:
        return event
    if not days:
        reading.list_unused(f"{what}: amount", "does not say how long it is to last", name)
        return event
    rate = decimal_of(Fraction(amount.value) / days)
    return msgspec.structs.replace(event, amount=Amount(rate, f"{amount.unit}/day"))


def _amount(reading: Reading, given: Any, what: str, name: str) -> Amount | None:
    quantity = quantity_of(given) if given else None
    if quantity is None:
        return None
    amount = amount_of(quantity.number, quantity.unit) if sane(quantity.number) else None
    if amount is None:
        reading.list_unused(f"{what}: amount", "is neither grams nor millilitres", name)
    return amount


def _days(duration: Any) -> int | None:
    quantity = quantity_of(duration) if duration else None
    days = convert(quantity.number, quantity.unit or "d", "d") if quantity is not None else None
    return int(days) if days is not None and 0 < days < Decimal(10000) else None


# -- reasons


def _reason(reading: Reading, resource: Json) -> str | None:
    """What it is for: a word of the vocabulary, else the words given."""
    words = _words(reading, (resource.get("reasonCode") or [None])[0])
    if words is not None:
        return words
    references = resource.get("reasonReference") or ()
    condition = reading.target(references[0], resource) if references else None
    return _words(reading, condition.get("code")) if condition is not None else None


def _stopped_for(reading: Reading, resource: Json) -> str | None:
    words = _words(reading, resource.get("statusReason"))
    return None if words is None else as_listed(reading.vocabulary, "treatment_stop_reason", words) or words


def _words(reading: Reading, concept: Any) -> str | None:
    given = concept[0] if isinstance(concept, list) and concept else concept
    match = reading.find(given)
    return match.term.id if match.term is not None else match.label or None
