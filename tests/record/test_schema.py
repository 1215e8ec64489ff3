"""The published schema of the record format agrees with the reader."""

import json

import pytest
from jsonschema import Draft202012Validator
from tests.record.words import WORDS

from atopy.record import json_schema, read
from atopy.yaml_source import SourceError

VALIDATOR = Draft202012Validator(json_schema())
EVENTS = [
    {"date": "2026-11-02", "observe": "weight", "value": "62 kg", "by": "clinician", "id": "w"},
    {"date": "2026-11-02", "observe": "blood_pressure", "value": "172/104 mmHg"},
    {"date": "2026-11-02", "lab": "hbsag", "value": "positive"},
    {"date": "2026-11-02", "score": "dlqi", "value": 19},
    {"date": "2026-11-02", "find": "lichenification", "present": "not asked", "sites": ["hands"]},
    {"date": "2026-11", "condition": "asthma", "status": "active", "since": 1999},
    {"from": "2026-06-01", "treat": "clobetasol", "amount": "100 g/month", "adherence": "80 %", "days": 30},
    {"status": "past", "treat": "ciclosporin", "response": "partial"},
    {"date": "2026-11-02", "dispensed": "clobetasol", "amount": "100 g"},
    {"allergy": "peanut", "status": "refuted"},
    {"date": "2026-11-02", "patch_test": "propylene_glycol", "result": "doubtful"},
    {"date": "2026-11-02", "exposure": "wet_work", "present": True},
    {"date": "2026-11-02", "immunised": "zoster_recombinant"},
    {"date": "2026-11-02", "procedure": "skin_biopsy", "result": "spongiosis"},
    {"from": "2026-11", "event": "pregnancy"},
    {"date": "2027-03", "plan": "pregnancy"},
    {"prefers": "no_injections"},
    {"date": "2026-11-02", "override": "gate", "by": "Dr A", "reason": "known"},
    {"note": "afraid of needles"},
]
RECORD = {
    "atopy": 1,
    "patient": {"id": "x", "age": "35 years", "age_at": "2026-11-02", "sex": "female", "deceased": False},
    "attested": {"medications": "2026-11-02"},
    "events": EVENTS,
}  # fmt: skip
WRONG = [
    {"events": []},
    {"atopy": 2},
    {"atopy": 1, "patients": {}},
    {"atopy": 1, "patient": {"sex": "f"}},
    {"atopy": 1, "attested": {"alergies": "2026-11-02"}},
    {"atopy": 1, "attested": {"allergies": "soon"}},
    *(
        {"atopy": 1, "events": [event]}
        for event in (
            {"date": "2026-11-02"},
            {"observe": "weight", "value": "62 kg"},
            {"date": "2026-11-02", "observe": "weight"},
            {"date": "2026-11-02", "observe": "weight", "value": "62 kg", "colour": "red"},
            {"date": "2026-11-02", "score": "easi"},
            {"treat": "ciclosporin"},
            {"treat": "ciclosporin", "status": "often"},
            {"date": "2026-11-02", "find": "lichenification", "present": "perhaps"},
        )
    ),
]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_a_record_with_every_verb_is_valid_and_reads() -> None:
    assert [e.message for e in VALIDATOR.iter_errors(RECORD)] == []
    record = read(json.dumps(RECORD, indent=1), WORDS)
    assert len(record.events) == len(EVENTS) + 1
    assert not [e for e in record.events if e.quarantined]


@pytest.mark.parametrize("record", WRONG, ids=str)
def test_what_the_schema_refuses_the_reader_refuses(record: object) -> None:
    assert not VALIDATOR.is_valid(record)
    with pytest.raises(SourceError):
        read(json.dumps(record, indent=1), WORDS)
