"""Atopy's own record format as a table: which keys there are and what each may hold.

The strict reader and the JSON Schema are both made from this table, so they cannot differ.
"""

from typing import Any, Literal

import msgspec

FORMAT = 1
MOST_DAYS = 36_500  # a hundred years: the calendar ends sooner than some counts would

Shape = Literal[
    "text",  # free words
    "words",  # a list of words
    "label",  # a list of ingredients, or one text as the pack has it
    "day",  # 2026-11-02, or partial: 2026-11, 2026
    "choice",  # one of ``choices``
    "presence",  # true, false, not asked
    "death",  # true, false, or the day
    "adherence",  # one of ``choices``, or a percentage
    "quantity",  # a number with its unit: 62 kg
    "value",  # a number with its unit, a bare number, or an answer in words
    "number",  # a bare number
    "count",  # whole and not negative
    "items",  # the items of an instrument, nested or not
]


class Key(msgspec.Struct, frozen=True):
    """One key of a mapping: what it holds, whether it must be there, and what it is for."""

    shape: Shape
    doc: str
    required: bool = False
    choices: tuple[str, ...] = ()


class Verb(msgspec.Struct, frozen=True):
    """One way to say an event: the kinds of word it takes, the kind it makes, its other keys."""

    doc: str
    words: tuple[str, ...]  # kinds of term it accepts; none: any text
    makes: str  # kind of an event whose word is unknown, or whose term leaves the kind open
    keys: dict[str, Key]
    one_of: tuple[str, ...] = ()  # at least one of these keys must be there


STATED = ("active", "resolved", "refuted", "suspected")
ADHERENCE = ("all days", "most days", "some days", "rarely", "none")
RESPONSE = ("clear", "good", "partial", "none", "worse")
ATTESTABLE = (
    "medications",
    "treatments",
    "allergies",
    "problems",
    "infections",
    "immunisations",
    "procedures",
    "exposures",
    "findings",
    "family_history",
    "dispensing",
)

_DAY = Key("day", "the day it was seen, measured or done; a month or a year where no more is known")
_DATE = msgspec.structs.replace(_DAY, required=True)
_FROM = Key("day", "first day")
_TO = Key("day", "last day")
_SITES = Key("words", "where on the body")
_AMOUNT = Key("quantity", "how much, in g or mL, per period where it is a rate: 100 g/month")
_PRODUCT = Key("text", "the name on the pack")
_INGREDIENTS = Key("label", "everything the label lists, vehicle included, as it is written there")
_ANY = {
    "id": Key("text", "a name for this event, unique in the record; else it is numbered"),
    "by": Key("text", "who said it: clinician, patient, carer, laboratory"),
    "label": Key("text", "the source's own words for it"),
}


def _verb(
    doc: str, words: tuple[str, ...], makes: str, keys: dict[str, Key], one_of: tuple[str, ...] = ()
) -> Verb:
    return Verb(doc, words, makes, {**keys, **_ANY}, one_of)


_SEEN = ("finding", "condition", "exposure", "life_event")
VERBS: dict[str, Verb] = {
    "observe": _verb(
        "a measurement: weight, temperature, blood pressure",
        ("measure", "lab"),
        "measure",
        {"date": _DATE, "value": Key("value", "62 kg; blood pressure as 172/104 mmHg", required=True)},
    ),
    "lab": _verb(
        "a laboratory result",
        ("lab", "measure"),
        "lab",
        {"date": _DATE, "value": Key("value", "71 umol/L, or positive and the like", required=True)},
    ),
    "score": _verb(
        "an instrument's score: its total, its items, or both",
        ("score",),
        "score",
        {"date": _DATE, "value": Key("number", "the total"), "items": Key("items", "the items")},
        one_of=("value", "items"),
    ),
    "find": _verb(
        "a finding: morphology, site, onset, course, history",
        _SEEN,
        "finding",
        {
            "date": _DATE,
            "present": Key("presence", "true, false, or not asked"),
            "value": Key("value", "its grade, where it has one"),
            "sites": _SITES,
        },
        one_of=("present", "value"),
    ),
    "condition": _verb(
        "a diagnosis or problem",
        _SEEN,
        "condition",
        {
            "date": Key("day", "the day it was written down"),
            "status": Key("choice", "how it stands", required=True, choices=STATED),
            "since": Key("day", "when it began"),
            "to": Key("day", "when it ended"),
            "sites": _SITES,
        },
    ),
    "treat": _verb(
        "one course of a drug, a procedure or care",
        ("drug", "therapy", "procedure"),
        "treatment",
        {
            "date": Key("day", "the day, for something done once"),
            "from": _FROM,
            "to": _TO,
            "days": Key("count", "how long it lasted"),
            "sessions": Key("count", "of light treatment: how many were given"),
            "status": Key("choice", "how it stands", choices=("current", "past", "planned", "declined")),
            "dose": Key("quantity", "200 mg/day, 0.1 mg/kg/day, 40 J/cm2"),
            "amount": _AMOUNT,
            "strength": Key("text", "of the product: 0.05 %"),
            "vehicle": Key("text", "cream, ointment, lotion, foam ..."),
            "sites": _SITES,
            "frequency": Key("text", "once daily, every 2 weeks"),
            "adherence": Key(
                "adherence", "how much of it was really used; or a percentage", choices=ADHERENCE
            ),
            "response": Key("choice", "what it did", choices=RESPONSE),
            "stopped_for": Key("text", "why it was stopped"),
            "reason": Key("text", "what it is or was for"),
            "product": _PRODUCT,
            "ingredients": _INGREDIENTS,
        },
        one_of=("date", "from", "to", "status"),
    ),
    "dispensed": _verb(
        "a medicine handed over",
        ("drug", "therapy"),
        "dispensing",
        {
            "date": _DATE,
            "amount": _AMOUNT,
            "days": Key("count", "how long it should last"),
            "strength": Key("text", "of the product: 0.05 %"),
            "vehicle": Key("text", "cream, ointment, lotion, foam ..."),
            "product": _PRODUCT,
            "ingredients": _INGREDIENTS,
        },
    ),
    "allergy": _verb(
        "an allergy or intolerance",
        ("drug", "allergen", "therapy"),
        "allergy",
        {
            "date": Key("day", "the day it was written down or found"),
            "reaction": Key("text", "what happened"),
            "status": Key(
                "choice", "active unless said otherwise", choices=("active", "resolved", "refuted")
            ),
        },
    ),
    "patch_test": _verb(
        "a patch test read",
        ("allergen", "drug"),
        "patch_test",
        {
            "date": _DATE,
            "result": Key(
                "choice", "as read", required=True, choices=("positive", "negative", "doubtful", "irritant")
            ),
            "product": msgspec.structs.replace(
                _PRODUCT, doc="of a test with the patient's own product: its name"
            ),
        },
    ),
    "exposure": _verb(
        "something met at home, at work or in life",
        ("exposure", "finding", "allergen"),
        "exposure",
        {
            "date": _DATE,
            "present": Key("presence", "true, false, or not asked", required=True),
            "product": _PRODUCT,
            "ingredients": _INGREDIENTS,
        },
    ),
    "immunised": _verb("a vaccine given", ("immunisation",), "immunisation", {"date": _DATE}),
    "procedure": _verb(
        "a procedure done",
        ("procedure", "therapy"),
        "procedure",
        {"date": _DATE, "result": Key("text", "what it showed")},
    ),
    "event": _verb(
        "something in life: pregnancy, breastfeeding, hospital admission, travel",
        ("life_event", "encounter", "condition"),
        "life_event",
        {
            "date": _DAY,
            "from": _FROM,
            "to": _TO,
            "present": Key("presence", "false where it is denied"),
            "status": Key("text", "how it stands"),
        },
        one_of=("date", "from", "to"),
    ),
    "plan": _verb(
        "something meant for the future: pregnancy, travel, a vaccine",
        ("life_event", "immunisation", "procedure"),
        "life_event",
        {"date": _DATE, "present": Key("presence", "false where it is denied")},
    ),
    "prefers": _verb("what the patient prefers", ("preference",), "preference", {"date": _DAY}),
    "override": _verb(
        "a gate or sentinel set aside, by whom and why",
        (),
        "override",
        {"date": _DATE, "reason": Key("text", "why", required=True)},
    ),
    "note": _verb("words for the reader; never interpreted", (), "note", {"date": _DAY}),
}
# A word of these kinds keeps its kind whichever of its verbs was used, so that facts look in one place.
OWN_KINDS = (
    "measure",
    "lab",
    "score",
    "finding",
    "condition",
    "exposure",
    "immunisation",
    "life_event",
    "encounter",
    "preference",
)

PATIENT: dict[str, Key] = {
    "id": Key("text", "any name for the patient"),
    "birth_date": Key("day", "day of birth; a month or a year where no more is known"),
    "age": Key("quantity", "35 years, 18 months; needs age_at"),
    "age_at": Key("day", "the day on which the age was so"),
    "sex": Key("choice", "for rules that depend on it", choices=("female", "male", "other")),
    "country": Key("choice", "whose guidelines and licences apply", choices=("us", "eu", "uk")),
    "deceased": Key("death", "true, false, or the day of death"),
}

TOP = ("atopy", "patient", "attested", "events")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of Atopy's own record format. Words of the vocabulary are plain strings."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:atopy:record:1",
        "title": "Atopy record",
        "description": "One patient's dated events. Written in YAML or JSON.",
        "type": "object",
        "required": ["atopy"],
        "additionalProperties": False,
        "properties": {
            "atopy": {"const": FORMAT, "description": "number of this format"},
            "patient": _object(PATIENT),
            "attested": {
                "type": "object",
                "description": "lists that somebody declared complete, and on which day",
                "propertyNames": {"enum": list(ATTESTABLE)},
                "additionalProperties": {"$ref": "#/$defs/day"},
            },
            "events": {"type": "array", "items": {"oneOf": [_event(name) for name in VERBS]}},
        },
        "$defs": {
            "day": {
                "description": "a day, a month or a year",
                "anyOf": [
                    {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
                    {"type": "integer", "minimum": 1000, "maximum": 9999},
                ],
            },
        },
    }


def _event(name: str) -> dict[str, Any]:
    verb = VERBS[name]
    takes = f"a word of the vocabulary ({', '.join(verb.words)})" if verb.words else "text"
    schema = _object(verb.keys)
    schema["description"] = verb.doc
    schema["properties"] = {name: {"type": "string", "description": takes}, **schema["properties"]}
    schema["required"] = [name, *schema.get("required", [])]
    if verb.one_of:
        schema["anyOf"] = [{"required": [key]} for key in verb.one_of]
    return schema


def _object(keys: dict[str, Key]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "additionalProperties": False}
    schema["properties"] = {name: {**_value(key), "description": key.doc} for name, key in keys.items()}
    required = [name for name, key in keys.items() if key.required]
    if required:
        schema["required"] = required
    return schema


def _value(key: Key) -> dict[str, Any]:
    """The schema of what a key holds."""
    if key.shape == "choice":
        return {"enum": list(key.choices)}
    if key.shape == "adherence":
        return {"anyOf": [{"enum": list(key.choices)}, {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"}]}
    return dict(_SHAPES[key.shape])


_SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "words": {"type": "array", "items": {"type": "string"}},
    "label": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]},
    "day": {"$ref": "#/$defs/day"},
    "presence": {"anyOf": [{"type": "boolean"}, {"const": "not asked"}]},
    "death": {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/day"}]},
    "quantity": {"type": "string"},
    "value": {"type": ["string", "number", "boolean"]},
    "number": {"type": ["number", "string"]},
    "count": {"type": "integer", "minimum": 0, "maximum": MOST_DAYS},
    "items": {"type": "object"},
}
