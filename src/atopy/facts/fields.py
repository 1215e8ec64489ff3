"""What a predicate may say of one event: its fields, by name and type."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from atopy.criteria import Boolean, Category, Day, Number, Signature, Type, Value
from atopy.facts.beside import days_covered_percent, dose_in, fills, grams_dispensed_per_day
from atopy.facts.reactions import Reactions
from atopy.record import Event, Record, Vocabulary, months_lived

ADHERENCE = ("none", "rarely", "some days", "most days", "all days")
RESPONSE = ("worse", "none", "partial", "good", "clear")
POTENCY = ("low", "medium", "potent", "superpotent")


class Surrounding(Protocol):
    """The patient around one event: what is known of his age, what he reacts to, and what else the record lists."""

    record: Record

    @property
    def reactions(self) -> Reactions: ...

    def listed(self, kind: str) -> Mapping[str, list[Event]]: ...


class At:
    """One event seen from a day, with the vocabulary that knows its drug and the patient whose it is."""

    __slots__ = ("as_of", "event", "patient", "vocabulary")

    def __init__(
        self, event: Event, as_of: date, vocabulary: Vocabulary, patient: Surrounding | None = None
    ) -> None:
        self.event, self.as_of, self.vocabulary, self.patient = event, as_of, vocabulary, patient


Getter = Callable[[At, tuple[str, ...]], Value]


def _days_ago(at: At, _: tuple[str, ...]) -> Value:
    last = at.event.end or at.event.date
    return None if last is None else Decimal((at.as_of - last).days)


def _days_since_start(at: At, _: tuple[str, ...]) -> Value:
    return None if at.event.date is None else Decimal((at.as_of - at.event.date).days)


def _days_since_noted(at: At, _: tuple[str, ...]) -> Value:
    noted = at.event.recorded or at.event.date
    return None if noted is None else Decimal((at.as_of - noted).days)


def _age_when_begun(at: At, _: tuple[str, ...]) -> Value:
    """Whole years the patient had lived at least when a condition began; unknown where nobody said when."""
    return _age_on(at, at.event.began)


def _age_at_start(at: At, _: tuple[str, ...]) -> Value:
    """Whole years the patient had lived at least on its first day; unknown where that is not recorded."""
    return _age_on(at, at.event.date)


def _age_on(at: At, day: date | None) -> Value:
    if day is None or at.patient is None:
        return None
    lived = months_lived(at.patient.record.patient, day)
    return None if lived is None else Decimal(max(lived.years[0], 0))


def days_long(at: At, _: tuple[str, ...] = ()) -> Value:
    """Days that a course ran, both ends counted; a current one runs to the as-of date."""
    event = at.event
    if event.days is not None:
        return Decimal(event.days)
    if event.date is None:
        return None
    if event.end is not None:
        return Decimal((min(event.end, at.as_of) - event.date).days + 1)
    return Decimal((at.as_of - event.date).days + 1) if is_running(event) else None


def is_running(event: Event) -> bool:
    """A course without an end that nobody called past: where no status is given, the dates alone speak."""
    return event.end is None and event.status in ("current", None)


def _amount(at: At, unit: str) -> Value:
    """Grams in the event, or per day or week when it says so."""
    amount = at.event.amount
    if amount is None:
        return None
    per = {"g/day": Decimal(1), "g/week": Decimal(7), "g/month": Decimal(30)}.get(amount.unit)
    if unit == "g":
        return amount.value if amount.unit == "g" else None
    if per is not None:
        return amount.value / per
    days = days_long(at)
    return amount.value / days if amount.unit == "g" and isinstance(days, Decimal) and days else None


def _term(at: At, name: str) -> Value:
    term = at.vocabulary.terms.get(at.event.code)
    value = getattr(term, name, None)
    return value if isinstance(value, str) else None


def _weakest(at: At, _: tuple[str, ...]) -> Value:
    """The lowest grade among a drug and its products: what is known of a name that does not say the strength."""
    own = _term(at, "potency")
    if own is None:
        return None
    terms = at.vocabulary.terms
    products = (terms[code].potency for code in at.vocabulary.members.get(at.event.code, ()) if code in terms)
    return min((own, *(p for p in products if p)), key=POTENCY.index)


def _belongs(at: At, args: tuple[str, ...]) -> Value:
    code = at.event.code
    return code == args[0] or code in at.vocabulary.members.get(args[0], ())


def _at_site(at: At, args: tuple[str, ...]) -> Value:
    return args[0] in at.event.sites if at.event.sites else None


def _contains(at: At, args: tuple[str, ...]) -> Value:
    return args[0] in at.event.ingredients if at.event.ingredients else None


def _holds(at: At, _: tuple[str, ...]) -> Value:
    return at.patient.reactions.holds(at.event) if at.patient is not None else None


def _may_hold(at: At, _: tuple[str, ...]) -> Value:
    return at.patient.reactions.may_hold(at.event) if at.patient is not None else None


def _beside(at: At, kind: str) -> Mapping[str, list[Event]]:
    """The events of a kind that stand beside this one in the record."""
    return at.patient.listed(kind) if at.patient is not None else _NOTHING


def _dose(at: At, unit: str) -> Value:
    return dose_in(at.event, unit, _beside(at, "measure"))


def _fills(at: At) -> list[Event]:
    dispensed = _beside(at, "dispensing")
    return fills(at.event, at.vocabulary.members.get(at.event.code, ()), dispensed) if dispensed else []


def _days_covered(at: At, _: tuple[str, ...]) -> Value:
    return days_covered_percent(at.event, at.as_of, _fills(at))


def _grams_dispensed(at: At, _: tuple[str, ...]) -> Value:
    return grams_dispensed_per_day(at.event, at.as_of, _fills(at))


def _adherence_percent(at: At, _: tuple[str, ...]) -> Value:
    """How much was really used, where the record gives a percentage."""
    said = (at.event.adherence or "").removesuffix("%").strip()
    return Decimal(said) if said and said.replace(".", "", 1).isdigit() else None


_NOTHING: Mapping[str, list[Event]] = {}


def _adherence(at: At, _: tuple[str, ...]) -> Value:
    text = at.event.adherence
    return text if text in ADHERENCE else None


def _frequency(at: At, _: tuple[str, ...]) -> Value:
    """How often, in the record's own words: small letters, single spaces."""
    said = " ".join((at.event.frequency or "").lower().split())
    return said or None


FIELDS: dict[str, tuple[Signature, Getter]] = {}


LABELS = {
    "number": "value",
    "text": "result",
    "status": "status",
    "said_by": "who said it",
    "start_date": "first day",
    "end_date": "last day",
    "days_ago": "time since its last day",
    "days_since_start": "time since its first day",
    "days_since_noted": "time since it was written down",
    "days_long": "length",
    "adherence": "how often it was used",
    "adherence_percent": "share of it that was used",
    "days_covered_percent": "days covered by what was dispensed",
    "grams_dispensed_per_day": "amount dispensed",
    "stopped_for": "why it was stopped",
    "potency": "strength",
    "potency_at_least": "strength of its weakest product",
    "amount_g": "amount",
    "grams_per_day": "amount used",
    "dose_mg_day": "dose",
    "dose_mg_week": "dose",
    "dose_mg_kg_day": "dose",
    "dose_mg_kg_week": "dose",
    "belongs": "is one of",
    "at_site": "is used on",
    "ingredient": "holds",
    "age_when_begun": "age when it began",
    "age_at_start": "age on its first day",
    "holds_allergen": "holds what the patient reacts to",
    "may_hold_allergen": "may hold what the patient reacts to",
}
"""What a field is called where its name does not say it."""


def _field(name: str, kind: Type, get: Getter, *parameters: str) -> None:
    FIELDS[name] = (Signature(kind, parameters, event=True), get)


_field("number", Number(), lambda a, _: a.event.number)
_field("text", Category(), lambda a, _: a.event.text)
_field("flag", Boolean(), lambda a, _: a.event.flag)
_field("status", Category(), lambda a, _: a.event.status)
_field("said_by", Category(), lambda a, _: a.event.by)
_field("start_date", Day(), lambda a, _: a.event.date)
_field("end_date", Day(), lambda a, _: a.event.end)
_field("days_ago", Number("days"), _days_ago)
_field("days_since_start", Number("days"), _days_since_start)
_field("days_since_noted", Number("days"), _days_since_noted)
_field("days_long", Number("days"), days_long)
_field("sessions", Number("1"), lambda a, _: None if a.event.sessions is None else Decimal(a.event.sessions))
_field("vehicle", Category(), lambda a, _: a.event.vehicle)
_field("adherence", Category(ADHERENCE, ordered=True), _adherence)
_field("adherence_percent", Number("%"), _adherence_percent)
_field("days_covered_percent", Number("%"), _days_covered)
_field("grams_dispensed_per_day", Number("g/day"), _grams_dispensed)
_field(
    "response",
    Category(RESPONSE, ordered=True),
    lambda a, _: a.event.response if a.event.response in RESPONSE else None,
)
_field("stopped_for", Category(), lambda a, _: a.event.stopped_for)
_field("reason", Category(), lambda a, _: a.event.reason)
_field("potency", Category(POTENCY, ordered=True), lambda a, _: _term(a, "potency"))
_field("potency_at_least", Category(POTENCY, ordered=True), _weakest)
_field("frequency", Category(), _frequency)
_field("route", Category(), lambda a, _: _term(a, "route"))
_field("amount_g", Number("g"), lambda a, _: _amount(a, "g"))
_field("grams_per_day", Number("g/day"), lambda a, _: _amount(a, "g/day"))
_field("dose_mg_day", Number("mg/day"), lambda a, _: _dose(a, "mg/day"))
_field("dose_mg_week", Number("mg/week"), lambda a, _: _dose(a, "mg/week"))
_field("dose_mg_kg_day", Number("mg/kg/day"), lambda a, _: _dose(a, "mg/kg/day"))
_field("dose_mg_kg_week", Number("mg/kg/week"), lambda a, _: _dose(a, "mg/kg/week"))
_field("belongs", Boolean(), _belongs, "drug")
_field("at_site", Boolean(), _at_site, "site")
_field("ingredient", Boolean(), _contains, "substance")
_field("age_when_begun", Number("a"), _age_when_begun)
_field("age_at_start", Number("a"), _age_at_start)
_field("holds_allergen", Boolean(), _holds)
_field("may_hold_allergen", Boolean(), _may_hold)
