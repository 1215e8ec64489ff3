"""A patient's dated events, with who said them, read from YAML, JSON or FHIR R4; nothing interpreted."""

from atopy.record.dates import by_months
from atopy.record.days import day_words, event_date, event_day
from atopy.record.lived import Lived, months_lived
from atopy.record.model import Amount, Attestation, Event, Kind, Origin, Patient, Record, Unused
from atopy.record.reading import read, read_bytes, read_data, read_ndjson_patients
from atopy.record.report import Report, check
from atopy.record.schema import json_schema
from atopy.record.scorer import Scorer
from atopy.record.units import convert as convert_unit
from atopy.record.units import unit_words
from atopy.record.vocabulary import Code, Crossing, Term, Vocabulary, vocabulary

__all__ = [
    "Amount",
    "Attestation",
    "Code",
    "Crossing",
    "Event",
    "Kind",
    "Lived",
    "Origin",
    "Patient",
    "Record",
    "Report",
    "Scorer",
    "Term",
    "Unused",
    "Vocabulary",
    "by_months",
    "check",
    "convert_unit",
    "day_words",
    "event_date",
    "event_day",
    "json_schema",
    "months_lived",
    "read",
    "read_bytes",
    "read_data",
    "read_ndjson_patients",
    "unit_words",
    "vocabulary",
]
