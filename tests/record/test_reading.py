"""One way in: what a source is, is detected; several patients are never mixed."""

import json
from pathlib import Path

import pytest
from tests.record.words import LOINC, PATIENT, WORDS, bundle, concept, observation, quantity, resource

from atopy.record import check, read, read_bytes, read_data, read_ndjson_patients
from atopy.yaml_source import SourceError

EVENT = {"date": "2026-11-02", "observe": "weight", "value": "62 kg"}
OWN = {"atopy": 1, "events": [EVENT]}
WEIGHT = observation(concept(LOINC, "29463-7"), valueQuantity=quantity(62, "kg"))
BUNDLE = bundle(PATIENT, WEIGHT)
NDJSON = "\n".join(json.dumps(r) for r in (PATIENT, WEIGHT)) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "atopy: 1\nevents:\n- {date: 2026-11-02, observe: weight, value: 62 kg}\n",
        "{atopy: 1, patient: {}, events: [{date: 2026-11-02, observe: weight, value: 62 kg}]}",
        json.dumps(OWN),
        json.dumps(OWN, indent=2),
        '{atopy: 1, events: [{date: 2026-11-02, observe: weight, value: 62 kg}]}',
        json.dumps(BUNDLE),
        json.dumps(BUNDLE, indent="\t"),
        json.dumps(WEIGHT),
        json.dumps([PATIENT, WEIGHT]),
        NDJSON,
    ],
    ids=["yaml", "braces", "json", "indented", "flow", "bundle", "tabs", "resource", "list", "ndjson"],
)  # fmt: skip
def test_every_form_is_detected(text: str, tmp_path: Path) -> None:
    path = tmp_path / "record"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    for record in (
        read(path, WORDS),
        read(str(path), WORDS),
        read(text, WORDS),
        read_bytes(text.encode(), WORDS),
    ):
        (event,) = record.events
        assert (event.code, event.number) == ("weight", 62)


def test_a_character_that_json_writes_in_two_escapes() -> None:
    text = json.dumps({"atopy": 1, "events": [{"note": "itch 😀"}]})
    assert "\\ud83d" in text
    assert read(text, WORDS).events[0].text == "itch 😀"
    assert read("atopy: 1", WORDS).events == ()


def test_a_folder_of_ndjson_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "Patient.ndjson").write_text(json.dumps(PATIENT))
    (tmp_path / "Observation.ndjson").write_text(json.dumps(WEIGHT) + "\n\n")
    assert len(read(tmp_path, WORDS).events) == 1
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="is a folder without NDJSON files"):
        read(tmp_path / "empty", WORDS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"resourceType": "Bundle"', "r: is not JSON: Input data was truncated"),
        ("{}", "r: is neither Atopy's format nor FHIR. A record is Atopy YAML or JSON"),
        ("[]", "is neither Atopy's format nor FHIR."),
        ("[1\n]", "is neither Atopy's format nor FHIR."),
        ("{resourceType: Bundle}", "is not JSON"),
        ("a: [1\n", "not readable as YAML"),
        ("a: 1\n", "'atopy' is missing."),
        (NDJSON + "{broken\n{}\n", "r:3: is not JSON"),
        (NDJSON + "{broken\n{}\n", "r:4: has no resourceType."),
    ],
)
def test_what_is_none_of_them_is_refused(text: str, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_bytes(text.encode(), WORDS, file="r")
    assert told in str(caught.value)


def test_a_file_that_cannot_be_opened_or_decoded(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened: No such file or directory"):
        read(tmp_path / "none.yaml", WORDS)
    for text in (b"atopy: \xff", b"{\xff\n}"):
        with pytest.raises(SourceError, match=r"is not UTF-8 text \(byte 7\)|is not JSON"):
            read_bytes(text, WORDS)


def test_data_that_is_no_record() -> None:
    for data in (None, 5, {"a": 1}, ["x"]):
        with pytest.raises(SourceError, match="neither"):
            read_data(data, WORDS)


# -- several patients


OTHER = resource("Patient", "q")


def test_two_patients_are_refused_until_one_is_chosen() -> None:
    both = bundle(PATIENT, OTHER, {**WEIGHT, "subject": {"reference": "Patient/q"}})
    with pytest.raises(SourceError) as caught:
        read_data(both, WORDS)
    assert (
        "holds 2 patients: p, q. A plan is of one patient: leave only one of them in the file, such as p."
        in str(caught.value)
    )
    assert read_data(both, WORDS, patient="p").events == ()
    assert len(read_data(both, WORDS, patient="Patient/q").events) == 1
    with pytest.raises(SourceError, match=r"there is no patient 'z' here\. Here are: p, q"):
        read_data(both, WORDS, patient="z")


def test_resources_about_two_people_without_a_patient_resource() -> None:
    about = [{**WEIGHT, "id": n, "subject": {"reference": f"Patient/{n}"}} for n in "abcdefg"]
    with pytest.raises(SourceError, match="holds 7 patients: a, b, c, d, e and 2 more"):
        read_data(about, WORDS)
    assert [e.id for e in read_data(about, WORDS, patient="b").events] == ["Observation/b"]
    assert len(read_data(about[:1], WORDS).events) == 1


def test_patients_of_an_export_one_by_one(tmp_path: Path) -> None:
    medication = resource("Medication", "m", code={"text": "ciclosporin"})
    order = resource(
        "MedicationRequest", status="active", intent="order", medicationReference={"reference": "Medication/m"},
        subject={"reference": "Patient/q"},
    )  # fmt: skip
    stray = {**WEIGHT, "id": "s", "subject": {"reference": "Patient/z"}}
    files = {"a.ndjson": [PATIENT, OTHER], "b.ndjson": [order, medication, stray]}
    for name, resources in files.items():
        (tmp_path / name).write_text("\n".join(json.dumps(r) for r in resources))
    found = list(read_ndjson_patients(sorted(tmp_path.iterdir()), WORDS))
    assert [(r.patient.id, [e.code for e in r.events]) for r in found] == [
        ("p", []),
        ("q", ["ciclosporin"]),
        ("z", ["weight"]),
    ]
    (alone,) = read_ndjson_patients([_written(tmp_path / "c", [PATIENT])], WORDS)
    assert alone.patient.id == "p"


def _written(path: Path, resources: list[object]) -> Path:
    path.write_text("\n".join(json.dumps(r) for r in resources))
    return path


# -- the report


def test_a_report_of_what_a_record_holds() -> None:
    text = (
        "atopy: 1\nattested: {allergies: 2026-11-02}\nevents:\n"
        "- {date: 2026-11-02, observe: weight, value: 62 kg}\n"
        "- {date: 2026-11-02, score: easi, value: 90}\n"
        "- {date: 2026-11-02, score: dlqi, value: 9}\n"
        "- {date: 2026-11-02, score: dlqi, value: 19}\n"
        "- {from: 2026-11-02, treat: emollient, sites: [nose]}\n"
        "- {from: 2026-11-02, treat: emollient, sites: [nose]}\n"
    )
    report = check(read(text, WORDS, file="r.yaml"))
    assert report.counts == {"measure": 1, "treatment": 2}
    assert report.lines() == [
        "3 usable events: 1 measure, 2 treatment",
        "complete on 2 Nov 2026: allergies",
        "set aside: r.yaml:5: easi 90: 90 cannot be: easi is between 0 and 72",
        "set aside: r.yaml:6 and 1 more: dlqi: 2 values of dlqi on 2 Nov 2026 disagree: 19, 9",
        "not used: sites: nose (kept as text, no known word)",
    ]


def test_a_report_names_each_dose_that_is_not_used() -> None:
    text = (
        "atopy: 1\nevents:\n"
        "- {from: 2026-08-01, treat: ciclosporin, dose: 300 mg/day, status: current}\n"
        "- {from: 2026-10-01, treat: ciclosporin, dose: 100 mg/day}\n"
        "- {from: 2026-10-02, treat: ciclosporin, dose: 2 mL/day, status: current}\n"
        "- {from: 2026-01-01, to: 2026-02-01, treat: ciclosporin, dose: 50 mg/day, status: past}\n"
    )
    doses = [line for line in check(read(text, WORDS, file="r.yaml")).lines() if line.startswith("dose")]
    assert len(doses) == 2
    assert doses[0].startswith(
        "dose set aside: r.yaml:5: ciclosporin: the dose '2 mL/day' is in the wrong unit"
    )
    assert doses[1] == (
        "dose set aside: ciclosporin: two doses at once, 300 mg/day (r.yaml:3) and 100 mg/day (r.yaml:4); "
        "end one of the courses"
    )


def test_one_dose_written_twice_or_after_an_end_is_no_conflict() -> None:
    text = (
        "atopy: 1\nevents:\n"
        "- {from: 2026-08-01, to: 2026-09-01, treat: ciclosporin, dose: 300 mg/day}\n"
        "- {from: 2026-09-02, treat: ciclosporin, dose: 100 mg/day, status: current}\n"
        "- {from: 2026-10-02, treat: ciclosporin, dose: 100 mg/day, status: current}\n"
    )
    assert not [line for line in check(read(text, WORDS, file="r.yaml")).lines() if line.startswith("dose")]


def test_a_report_of_fhir_and_of_nothing() -> None:
    unknown = observation({"text": "Mystery"}, valueString="x")
    bad = observation(concept(LOINC, "29463-7"), name="w", valueQuantity=quantity(62, "m"))
    lines = check(read_data(bundle(unknown, {**unknown, "id": "2"}, bad), WORDS)).lines()
    assert lines[0] == "0 usable events"
    assert lines[1] == "no list is attested complete: what is not recorded stays unknown"
    assert lines[2].startswith("set aside: Observation/w: weight 62 m: 'm' does not convert")
    assert lines[3] == "not used: Observation: Mystery (the vocabulary has no word for it), 2 times"
    (nameless,) = check(read_data({"atopy": 1, "events": [{**EVENT, "value": "9 m"}]}, WORDS)).quarantined
    assert nameless.origin.line is None
    assert (
        "set aside: record: weight"
        in check(read_data({"atopy": 1, "events": [{**EVENT, "value": "9 m"}]}, WORDS)).lines()[2]
    )
