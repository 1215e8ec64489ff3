"""Atopy's own format, strictly: every mistake of form at once, with its line and how to mend it.

What is well-formed but cannot be is not refused here but set aside (see ``quarantine``).
"""

import re
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any, cast

import msgspec

from atopy.record.dates import Day, parse_day
from atopy.record.labels import listed
from atopy.record.lived import months_lived
from atopy.record.model import Amount, Attestation, Event, Kind, Origin, Patient, Record, Unused
from atopy.record.quantity import Quantity, amount_of, dose_of, parse_pressure, parse_quantity
from atopy.record.quarantine import set_aside, settle
from atopy.record.schema import ATTESTABLE, FORMAT, MOST_DAYS, OWN_KINDS, PATIENT, TOP, VERBS, Key, Verb
from atopy.record.scorer import Scorer
from atopy.record.values import (
    Reading,
    answer_of,
    as_listed,
    dose_for,
    implausible,
    name_of,
    needs_unit,
    perhaps_meant,
    read_answer,
    read_number,
    sane,
    unknown_word,
)
from atopy.record.vocabulary import Term, Vocabulary
from atopy.yaml_source import Document, Path_, Problem, SourceError

_PERCENT = re.compile(r"\d+(\.\d+)?\s*%$")
_AGE_UNITS = {"year": 12, "years": 12, "y": 12, "month": 1, "months": 1, "mo": 1}
_MAX_AGE_MONTHS = 130 * 12
_NOT_ASKED = "not asked"
_PRESSURE = "blood_pressure"
# Lists of the vocabulary that a free field may be checked against; words outside are kept, and listed.
_ANSWER_LISTS = {
    "sites": "treatment_site",
    "vehicle": "treatment_vehicle",
    "stopped_for": "treatment_stop_reason",
}
# Fields of an event that are called the same in the record, and kept as they are.
_AS_GIVEN = frozenset(
    ("status", "by", "days", "sessions", "strength", "adherence", "response", "frequency", "product", "reason")
)  # fmt: skip
# Everything that an event with this verb may say.
_KNOWN = {name: (name, *verb.keys) for name, verb in VERBS.items()}
# Whether a condition of this status is, or was, present.
_STATUS_FLAG = {"active": True, "suspected": None, "resolved": True, "refuted": False}

Fields = dict[str, Any]


def read_own(document: Document, vocabulary: Vocabulary, scorer: Scorer | None) -> Record:
    """The record in *document*. Raises SourceError naming every mistake of form in it."""
    reader = _Reader(document, vocabulary, scorer)
    record = reader.record()
    if reader.problems:
        raise SourceError(reader.problems)
    return record


# What others call the keys that say what happened.
_ALSO = {
    "treatment": "treat", "drug": "treat", "medication": "treat", "medicine": "treat", "therapy": "treat",
    "diagnosis": "condition", "problem": "condition", "finding": "find", "sign": "find", "laboratory": "lab",
    "measure": "observe", "observation": "observe", "allergen": "allergy", "vaccine": "immunised",
    "vaccination": "immunised", "dispensing": "dispensed", "preference": "prefers", "life_event": "event",
}  # fmt: skip
_KIND_KEYS = ("kind", "type", "code", "resourceType")


class _Reader:
    """One pass over one document, collecting problems as it goes."""

    def __init__(self, document: Document, vocabulary: Vocabulary, scorer: Scorer | None) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.scorer = scorer
        self.problems: list[Problem] = []
        self.unused: dict[tuple[str, str], Unused] = {}
        self.patient = Patient()

    def wrong(self, path: Path_, message: str, mend: str = "") -> None:
        self.problems.append(self.document.problem(path, message, mend))

    def origin(self, path: Path_) -> Origin:
        return Origin(self.document.file, self.document.line(path))

    # -- the whole

    def record(self) -> Record:
        data = self.document.data
        if not isinstance(data, dict):
            self.wrong((), "is empty or no mapping.", f"A record begins with `atopy: {FORMAT}`.")
            return Record(self.patient)
        self.unknown_keys(data, TOP, ())
        if "atopy" not in data:
            self.wrong((), "'atopy' is missing.", f"Begin with `atopy: {FORMAT}`, the number of the format.")
        elif data["atopy"] != FORMAT:
            self.wrong(
                ("atopy",), f"the format is {data.get('atopy')!r}.", f"This version reads `atopy: {FORMAT}`."
            )
        self.patient = self.read_patient(data.get("patient"))
        attested = self.read_attested(data.get("attested"))
        events = self.read_events(data.get("events"))
        return Record(
            self.patient,
            settle(self.patient, events, self.vocabulary.terms),
            attested,
            tuple(self.unused.values()),
        )

    def unknown_keys(self, data: dict[str, Any], known: Collection[str], path: Path_) -> None:
        for key in data:
            if key not in known:
                near = perhaps_meant(key, known)
                mend = f"Did you mean {near}?" if near else f"Known here are: {', '.join(sorted(known))}."
                self.wrong((*path, key), f"'{key}' is not known here.", mend)

    def fields(self, data: dict[str, Any], keys: dict[str, Key], path: Path_) -> Fields:
        """Every known key, read by its shape; keys with no value count as absent."""
        fields: Fields = {}
        for name, given in data.items():
            key = keys.get(name)
            if key is not None and given is not None:
                value = _SHAPES[key.shape](self, given, key, (*path, name))
                if value is not None:
                    fields[name] = value
        for name, key in keys.items():
            if key.required and data.get(name) is None:
                self.wrong(path, f"'{name}' is missing.", f"Add `{name}:` ({key.doc}).")
        return fields

    # -- the patient and what is attested

    def read_patient(self, data: Any) -> Patient:
        path: Path_ = ("patient",)
        if data is None:
            return Patient()
        if not isinstance(data, dict):
            self.wrong(path, "is no mapping.", "Write `patient: {birth_date: 1991-04-02, sex: female}`.")
            return Patient()
        self.unknown_keys(data, PATIENT, path)
        fields = self.fields(data, PATIENT, path)
        months, unit = self.age(data, fields, path)
        birth: Day | None = fields.get("birth_date")
        deceased = fields.get("deceased")
        return Patient(
            id=fields.get("id"),
            birth_date=birth.first if birth else None,
            birth_precision=birth.precision if birth else "day",
            age_years=None if months is None else months // 12,
            age_months=months if unit == 1 else None,
            age_at=fields["age_at"].first if "age_at" in fields else None,
            sex=fields.get("sex"),
            country=fields.get("country"),
            deceased=True if isinstance(deceased, Day) else deceased,
            deceased_on=deceased.first if isinstance(deceased, Day) else None,
        )

    def age(self, data: dict[str, Any], fields: Fields, path: Path_) -> tuple[int | None, int]:
        """The stated age in months, and how many months its unit has."""
        age: Quantity | None = fields.get("age")
        if (data.get("age") is None) != (data.get("age_at") is None):
            self.wrong(
                path,
                "'age' and 'age_at' go together.",
                "Write both, as in `age: 35 years, age_at: 2026-11-02`.",
            )
        if age is None:
            return None, 0
        if "birth_date" in fields:
            self.wrong(path, "both 'birth_date' and 'age' are given.", "Keep one of them.")
        unit = _AGE_UNITS.get(age.unit)
        whole = age.number == age.number.to_integral_value()
        if unit is None or not whole or not 0 <= age.number * unit <= _MAX_AGE_MONTHS:
            self.wrong(
                (*path, "age"), "is no age.", "Write completed years or months: `35 years`, `18 months`."
            )
            return None, 0
        return int(age.number) * unit, unit

    def read_attested(self, data: Any) -> tuple[Attestation, ...]:
        if data is None:
            return ()
        if not isinstance(data, dict):
            self.wrong(("attested",), "is no mapping.", "Write `attested: {medications: 2026-11-02}`.")
            return ()
        self.unknown_keys(data, ATTESTABLE, ("attested",))
        found = []
        for name, given in data.items():
            path = ("attested", name)
            day = self.day(given, path)
            if day is not None:
                found.append(Attestation(name, day.first, self.origin(path)))
        return tuple(found)

    # -- events

    def read_events(self, data: Any) -> list[Event]:
        if data is None:
            return []
        if not isinstance(data, list):
            self.wrong(("events",), "is no list.", "Begin each event with `- `.")
            return []
        events: list[Event] = []
        names: dict[str, int] = {}
        for place, given in enumerate(data):
            path: Path_ = ("events", place)
            if not isinstance(given, dict):
                self.wrong(path, "is no event.", "Write `{date: 2026-11-02, observe: weight, value: 62 kg}`.")
                continue
            name = str(given.get("id") or f"e{place + 1}")
            if name in names:
                self.wrong(
                    (*path, "id"), f"the id '{name}' is also that of events[{names[name]}].", "Give another."
                )
            names[name] = place
            events += self.event(given, name, path)
        return events

    def event(self, data: dict[str, Any], name: str, path: Path_) -> list[Event]:
        """The event, or the two that a blood pressure makes; none where its form is wrong."""
        verbs = [key for key in data if key in VERBS]
        if len(verbs) != 1:
            self.no_verb(data, verbs, path)
            return []
        (chosen,) = verbs
        verb = VERBS[chosen]
        before = len(self.problems)
        self.unknown_keys(data, _KNOWN[chosen], path)
        fields = self.fields(data, verb.keys, path)
        if verb.one_of and not any(data.get(key) is not None for key in verb.one_of):
            needed = " or ".join(f"`{key}:`" for key in verb.one_of)
            self.wrong(path, "does not say enough.", f"Add {needed}.")
        word = data[chosen]
        if not isinstance(word, str) or not word.strip():
            self.wrong((*path, chosen), "is no word.", f"Write `{chosen}: ...`, {verb.doc}.")
        if len(self.problems) > before:
            return []
        return self.make(chosen, verb, word.strip(), fields, name, path)

    def no_verb(self, data: dict[str, Any], verbs: list[str], path: Path_) -> None:
        if verbs:
            self.wrong(path, f"says two things at once: {' and '.join(verbs)}.", "Make two events of it.")
            return
        meant = {key: f"'{_ALSO[key]}'" if key in _ALSO else perhaps_meant(key, VERBS) for key in data}
        near = [f"{word} for '{key}'" for key, word in meant.items() if word and key not in _KIND_KEYS]
        mend = f"Did you mean {near[0]}?" if near else f"One of these is needed: {', '.join(VERBS)}."
        if not near and any(key in _KIND_KEYS for key in data):
            mend = "The kind is the key and its code the value, as in `score: easi`. " + mend
        self.wrong(path, "does not say what happened.", mend)

    def make(self, chosen: str, verb: Verb, word: str, fields: Fields, name: str, path: Path_) -> list[Event]:
        if not verb.words:
            return [
                self.base(verb.makes, "note" if chosen == "note" else word, fields, name, path, note=word)
            ]
        term = self.vocabulary.term(word)
        if term is None:
            event = self.base(verb.makes, f"unknown:{word}", fields, name, path)
            return [set_aside(event, unknown_word(self.vocabulary, word, verb.words))]
        if term.kind not in verb.words:
            self.wrong((*path, chosen), f"'{word}' is a {_kind(term)}.", _mend_verb(term, chosen))
            return []
        label = None if word == term.id else word
        if term.id == _PRESSURE:
            return self.pressure(fields, name, path)
        kind = _kind_of(term, chosen, verb)
        event = self.base(kind, term.id, fields, name, path, label=label)
        return [self.valued(event, term, chosen, fields, path)]

    def base(
        self,
        kind: str,
        code: str,
        fields: Fields,
        name: str,
        path: Path_,
        *,
        label: str | None = None,
        note: str = "",
    ) -> Event:
        """The event with everything that does not depend on its term's value."""
        dated: Day | None = fields.get("date")
        day: Day | None = fields.get("since") or fields.get("from") or dated
        end: Day | None = fields.get("to")
        if kind == "treatment" and end is None and _done_once(fields):
            end = day
        said = self.details(code, fields, path)
        if kind == "note":
            said["text"] = said.get("text") or note
        return Event(
            name,
            cast(Kind, kind),
            code,
            day.first if day else None,
            self.origin(path),
            end=end.last if end else None,
            precision=day.precision if day else "day",
            recorded=dated.first if dated and dated is not day else None,
            label=fields.get("label") or label,
            **said,
        )

    def details(self, code: str, fields: Fields, path: Path_) -> Fields:
        """What is said besides days and value, by the event's own names for it."""
        said: Fields = {}
        for name, given in fields.items():
            if name in _AS_GIVEN:
                said[name] = given
            elif name == "sites":
                said[name] = tuple(self.listed_word(name, word, path) for word in given)
            elif name in _ANSWER_LISTS:
                said[name] = self.listed_word(name, given, path)
            elif name == "ingredients":
                said |= self.ingredients(given)
            elif name == "since":
                said["began"] = given.first
            elif name == "reaction":
                said["text"] = as_listed(self.vocabulary, "reaction_kind", given) or given or None
            elif name == "result":
                said["text"] = self.result(code, given) or None
        return said

    def ingredients(self, words: tuple[str, ...]) -> Fields:
        """The terms of those that the vocabulary knows; with the words of the label where they are others."""
        known = tuple(self.vocabulary.ingredient(word) or word for word in words)
        return {"ingredients": known, "on_label": words if known != words else ()}

    def result(self, code: str, given: str) -> str:
        """What a procedure showed, as its term spells that answer; else in the words given."""
        term = self.vocabulary.terms.get(code)
        return given if term is None else answer_of(term, given) or given

    def valued(self, event: Event, term: Term, chosen: str, fields: Fields, path: Path_) -> Event:
        """The event with its value, presence, dose or amount, or set aside."""
        if event.kind in ("treatment", "dispensing"):
            return self.dosed(event, term, fields)
        if event.kind == "score":
            return self.scored(event, term, fields)
        if "value" in fields:
            if _unit_forgotten(term, fields["value"]):
                self.wrong((*path, "value"), "has no unit.", f"Write it with one, such as `{term.unit}`.")
                return event
            event = self.with_reading(event, term, self.reading(term, fields["value"]))
        return msgspec.structs.replace(event, **self.presence(event, chosen, fields))

    def presence(self, event: Event, chosen: str, fields: Fields) -> dict[str, Any]:
        """Flag and status, each made from the other where the term's kind and the verb differ."""
        if chosen == "plan":
            return {"flag": fields.get("present", True) is True, "status": "planned"}
        present = fields.get("present")
        flag = None if present == _NOT_ASKED else present
        if chosen == "condition":
            flag = _STATUS_FLAG[fields["status"]]
        elif chosen in ("event", "immunised") and present is None:
            flag = True
        if event.kind == "condition":
            if present == _NOT_ASKED:
                return {"flag": None, "status": None}
            return {"flag": flag, "status": fields.get("status") or ("active" if flag else "refuted")}
        status = event.status or ("active" if event.kind == "allergy" else None)
        return {"flag": flag, "status": status}

    def with_reading(self, event: Event, term: Term, reading: Reading) -> Event:
        number, text, said, wrong = reading
        unit = term.unit if number is not None else None
        event = msgspec.structs.replace(event, number=number, unit=unit, text=text, said=said)
        return event if wrong is None else set_aside(event, wrong)

    def reading(self, term: Term, value: Quantity | str) -> Reading:
        text = format(value.number, "f") if isinstance(value, Quantity) else value
        return read_answer(term, text, self.scorer)

    def pressure(self, fields: Fields, name: str, path: Path_) -> list[Event]:
        """``172/104 mmHg`` as two events, both set aside if the lower is not the lower."""
        given = fields["value"]
        pair = parse_pressure(given) if isinstance(given, str) else None
        terms = [self.vocabulary.terms.get(code) for code in ("systolic_bp", "diastolic_bp")]
        if pair is None or not pair[0].unit:
            self.wrong((*path, "value"), "is no blood pressure.", "Write `172/104 mmHg`.")
            return []
        made = []
        for term, quantity in zip(terms, pair, strict=True):
            assert term is not None, "a vocabulary with blood_pressure has systolic_bp and diastolic_bp"
            event = self.base("measure", term.id, fields, f"{name}.{term.id}", path)
            event = self.with_reading(event, term, read_number(term, quantity, self.scorer))
            if pair[0].number <= pair[1].number:
                event = set_aside(event, f"{given}: the systolic value must be the higher")
            made.append(event)
        return made

    def scored(self, event: Event, term: Term, fields: Fields) -> Event:
        """The total as given, or added up from the items; set aside where the two differ."""
        items: dict[str, Any] | None = fields.get("items")
        given: Quantity | None = fields.get("value")
        if given is not None:
            event = self.with_reading(event, term, read_number(term, given, self.scorer))
        if items is None:
            return event
        event = msgspec.structs.replace(event, items=items)
        total, wrong = self.total(term, items, event.date)
        if wrong is not None:
            return set_aside(event, wrong)
        if given is not None and total is not None and total != given.number:
            return set_aside(event, f"its items make {total}, but the record says {given.number}")
        if given is None and total is None:
            return set_aside(event, f"the items of {name_of(term)} given do not make a total")
        return event if total is None else msgspec.structs.replace(event, number=total, unit=term.unit)

    def total(self, term: Term, items: dict[str, Any], on: date | None) -> tuple[Decimal | None, str | None]:
        """What the items add up to; the same for every age that the patient can have had, or nothing."""
        if self.scorer is None:
            return None, None
        try:
            totals = {self.scorer.total(term.id, items, age) for age in _ages(self.patient, on)}
        except ValueError as error:
            return None, str(error)
        if len(totals) > 1:
            return None, f"{name_of(term)} depends on the age, which the record does not tell closely enough"
        (total,) = totals
        wrong = None if total is None else implausible(term, total, self.scorer)
        return (None, wrong) if wrong else (total, None)

    def dosed(self, event: Event, term: Term, fields: Fields) -> Event:
        dose: Quantity | None = fields.get("dose")
        amount: Quantity | None = fields.get("amount")
        changes: dict[str, Amount] = {}
        if dose is not None:
            said = f"{dose.number} {dose.unit}"
            given, wrong = dose_for(term, dose_of(dose.number, dose.unit), said)
            # Whoever takes it takes it, in whatever unit the dose is written: only the dose is unknown.
            event = msgspec.structs.replace(event, dose=given, dose_set_aside=wrong)
        if amount is not None:
            made = amount_of(amount.number, amount.unit)
            if made is None:
                return set_aside(
                    event, f"the amount '{amount.number} {amount.unit}' is neither grams nor millilitres"
                )
            changes["amount"] = made
        return msgspec.structs.replace(event, **changes) if changes else event

    # -- words

    def listed_word(self, name: str, word: str, path: Path_) -> str:
        """*word* as the vocabulary's list for this field spells it; else as it is, and listed as not understood."""
        term = self.vocabulary.terms.get(_ANSWER_LISTS[name])
        listed = as_listed(self.vocabulary, _ANSWER_LISTS[name], word)
        if term is None or listed is not None:
            return listed or word
        near = perhaps_meant(word, term.values)
        mend = f"; did you mean {near}?" if near else ""
        self.unused.setdefault(
            (name, word),
            Unused(f"{name}: {word}", f"kept as text, no known word{mend}", self.origin((*path, name))),
        )
        return word

    # -- shapes: each gives the value read, or None after noting what is wrong

    def day(self, given: Any, path: Path_) -> Day | None:
        text = given.isoformat()[:10] if isinstance(given, date) else str(given)
        day = parse_day(text) if not isinstance(given, bool) else None
        if day is None:
            self.wrong(
                path, f"{text!r} is no day.", "Write 2026-11-02, or 2026-11 or 2026 where no more is known."
            )
        return day

    def text(self, given: Any, path: Path_) -> str | None:
        if isinstance(given, str):
            return given
        if isinstance(given, int | Decimal) and not isinstance(given, bool):
            return str(given)
        self.wrong(path, "is no text.", "Write words, in quotes if need be.")
        return None

    def words(self, given: Any, path: Path_) -> tuple[str, ...] | None:
        if isinstance(given, list) and all(isinstance(word, str) for word in given):
            return tuple(given)
        self.wrong(path, "is no list of words.", "Write `[hands, trunk]`.")
        return None

    def label(self, given: Any, path: Path_) -> tuple[str, ...] | None:
        """A list of ingredients, or a text that is one."""
        return listed(given) if isinstance(given, str) else self.words(given, path)

    def choice(self, given: Any, key: Key, path: Path_) -> str | None:
        if given in key.choices:
            return str(given)
        near = perhaps_meant(str(given), key.choices)
        mend = f"Did you mean {near}?" if near else f"It is one of: {', '.join(key.choices)}."
        self.wrong(path, f"{given!r} is not one of its values.", mend)
        return None

    def presence_of(self, given: Any, path: Path_) -> bool | str | None:
        if isinstance(given, bool) or given == _NOT_ASKED:
            return bool(given) if given != _NOT_ASKED else _NOT_ASKED
        self.wrong(path, f"{given!r} does not say whether.", "Write `true`, `false` or `not asked`.")
        return None

    def adherence(self, given: Any, key: Key, path: Path_) -> str | None:
        if isinstance(given, str) and _PERCENT.match(given):
            return given
        return self.choice(given, key, path)

    def death(self, given: Any, path: Path_) -> bool | Day | None:
        return given if isinstance(given, bool) else self.day(given, path)

    def number(self, given: Any, path: Path_) -> Quantity | None:
        """A bare number, or one written as text; a unit of points is let pass."""
        if isinstance(given, int | Decimal) and not isinstance(given, bool):
            return Quantity(Decimal(given), "")
        quantity = parse_quantity(given) if isinstance(given, str) else None
        if quantity is None:
            self.wrong(path, f"{given!r} is no number.", "Write a number such as 28.4, with a point.")
        return quantity

    def quantity(self, given: Any, key: Key, path: Path_) -> Quantity | None:
        quantity = parse_quantity(given) if isinstance(given, str) else None
        if quantity is None or not quantity.unit or quantity.limit or not sane(quantity.number):
            self.wrong(path, f"{given!r} is no number with a unit.", f"Write {key.doc}.")
            return None
        return quantity

    def value(self, given: Any, path: Path_) -> Quantity | str | None:
        """A number with or without unit, or an answer in words; a decimal comma is asked about, not guessed."""
        if isinstance(given, bool):
            return "true" if given else "false"
        if not isinstance(given, str):
            return self.number(given, path)
        if re.match(r"[-+]?\d+,\d", given.strip()):
            self.wrong(
                path,
                f"{given!r} has a comma.",
                "Write the number with a point, without thousands separators.",
            )
            return None
        return given

    def count(self, given: Any, path: Path_) -> int | None:
        if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST_DAYS:
            return given
        mend = f"Write for example 56, at most {MOST_DAYS}."
        self.wrong(path, f"{given!r} is no whole number of days.", mend)
        return None

    def items(self, given: Any, path: Path_) -> dict[str, Any] | None:
        if isinstance(given, dict) and given:
            return given
        self.wrong(path, "are no items.", "Write `{item: number, ...}`; `atopy score` names the items.")
        return None


_SHAPES: dict[str, Callable[[_Reader, Any, Key, Path_], Any]] = {
    "text": lambda r, given, _, path: r.text(given, path),
    "words": lambda r, given, _, path: r.words(given, path),
    "label": lambda r, given, _, path: r.label(given, path),
    "day": lambda r, given, _, path: r.day(given, path),
    "choice": lambda r, given, key, path: r.choice(given, key, path),
    "presence": lambda r, given, _, path: r.presence_of(given, path),
    "death": lambda r, given, _, path: r.death(given, path),
    "adherence": lambda r, given, key, path: r.adherence(given, key, path),
    "quantity": lambda r, given, key, path: r.quantity(given, key, path),
    "value": lambda r, given, _, path: r.value(given, path),
    "number": lambda r, given, _, path: r.number(given, path),
    "count": lambda r, given, _, path: r.count(given, path),
    "items": lambda r, given, _, path: r.items(given, path),
}


def _ages(patient: Patient, on: date | None) -> list[int | None]:
    """Every number of completed years that the patient can have had on that day; [None] when untold."""
    lived = None if on is None else months_lived(patient, on)
    if lived is None:
        return [None]
    least, most = lived.years
    return list(range(max(least, 0), max(most, 0) + 1))


def _done_once(fields: Fields) -> bool:
    """Whether only a day is given, of something that does not go on."""
    if "from" in fields or "days" in fields or "date" not in fields:
        return False
    return fields.get("status") in (None, "past")


def _kind_of(term: Term, chosen: str, verb: Verb) -> str:
    if chosen == "plan":
        return "life_event"
    if chosen == "procedure" and term.kind == "therapy":
        return "treatment"
    return term.kind if term.kind in OWN_KINDS else verb.makes


def _unit_forgotten(term: Term, value: Quantity | str) -> bool:
    """Whether *value* is a bare number of something that has a unit."""
    if not needs_unit(term):
        return False
    if isinstance(value, str):
        bare = parse_quantity(value)
        return bare is not None and not bare.unit and answer_of(term, value) is None
    return not value.unit


def _kind(term: Term) -> str:
    return term.kind.replace("_", " ")


def _mend_verb(term: Term, chosen: str) -> str:
    """Which verbs take the term."""
    verbs = [name for name, verb in VERBS.items() if term.kind in verb.words]
    if not verbs:
        return f"`{chosen}` does not take it."
    return f"Write `{verbs[0]}: {term.id}`" + (f" (or {', '.join(verbs[1:])})." if len(verbs) > 1 else ".")
