"""What tells whose a resource is must be readable: everything that is not is named, where it is and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.record.words import WORDS

from atopy.record import read_ndjson_patients
from atopy.record.reading import read_bytes
from atopy.yaml_source import SourceError

PATIENT = {"resourceType": "Patient", "id": "a"}
OBSERVATION = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "weight"}}
DEEP = "[" * 100_000


def bundle(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": list(entries), **more}


def refused(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        read_bytes(text.encode(), WORDS, file="r")
    return str(caught.value)


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        (
            bundle({"resource": PATIENT}, {"resource": {**OBSERVATION, "subject": {"reference": 5}}}),
            "r at Observation/o.subject.reference: is no text. Write it as `Patient/a1`.",
        ),
        (
            bundle({"resource": PATIENT}, {"resource": {**OBSERVATION, "subject": {"reference": ["a"]}}}),
            "r at Observation/o.subject.reference: is no text.",
        ),
        (
            bundle({"resource": {**OBSERVATION, "patient": {"reference": {}}}}),
            "r at Observation/o.patient.reference: is no text.",
        ),
        (bundle({"fullUrl": 5, "resource": PATIENT}), "r at Patient/a.fullUrl: is no text. Write an address"),
        (
            bundle({"resource": {**PATIENT, "id": [1]}}),
            "r at Patient/#1.id: is no text. Write it in quotation marks",
        ),
        (
            bundle({"request": "x", "resource": PATIENT}),
            "r at entry[0].request: is no object. Write `{method",
        ),
        (bundle({"resource": PATIENT}, link=5), "r at link: is no list. A FHIR Bundle has a list of links."),
        ({**PATIENT, "address": 5}, "r at Patient/a.address: is no list. Write a list of addresses"),
    ],
)
def test_it_is_refused_in_words(resource: dict[str, Any], said: str) -> None:
    assert refused(json.dumps(resource)).startswith(said)


def test_an_export_of_many_patients_is_looked_at_too(tmp_path: Path) -> None:
    file = tmp_path / "x.ndjson"
    file.write_text(json.dumps({**PATIENT, "address": 5}) + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"Patient/a\.address: is no list"):
        list(read_ndjson_patients([file], WORDS))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DEEP, "r: is not JSON: it is nested deeper than can be read."),
        ('{"resourceType": "Patient", "a": ' + DEEP, "r: is not JSON: it is nested deeper"),
        (json.dumps(PATIENT) + "\n" + DEEP, "r:2: is not JSON: it is nested deeper"),
        (
            '{"resourceType": "Patient", "a": ' + "9" * 5000 + "}",
            "r: is not JSON: Integer value out of range",
        ),
        ('{"atopy": 1, "a": ' + DEEP, "r: is not JSON: it is nested deeper"),
    ],
    ids=["list", "fhir", "ndjson", "digits", "own"],
)
def test_too_deep_or_too_long_is_refused(text: str, said: str) -> None:
    assert refused(text).startswith(said)


def test_an_id_that_is_a_list_is_no_id() -> None:
    text = (
        '{"atopy": 1, "events": [{"id": [1], "date": "2026-11-02", "observe": "weight", "value": "62 kg"}]}'
    )
    assert refused(text).startswith("r:1 at events[0].id: is no text.")


def test_an_age_without_a_unit_says_that_and_no_more() -> None:
    said = refused("atopy: 1\npatient: {age: 5, age_at: 2026-01-01}\n")
    assert len(said.splitlines()) == 1 and "patient.age" in said
    assert "go together" in refused("atopy: 1\npatient: {age: 5 years}\n")
    assert "go together" in refused("atopy: 1\npatient: {age_at: 2026-01-01}\n")


@pytest.mark.parametrize("days", ["36501", "99999999999"])
def test_no_course_is_longer_than_a_life(days: str) -> None:
    text = f"atopy: 1\nevents:\n  - {{date: 2026-01-01, treat: ciclosporin, days: {days}}}\n"
    assert f"{days} is no whole number of days. Write for example 56, at most 36500." in refused(text)
