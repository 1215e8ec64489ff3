"""Whole bundles: the project's own examples, and other people's synthetic patients where they are present."""

from pathlib import Path

import pytest

from atopy.record import Term, Vocabulary, check, read, read_ndjson_patients, vocabulary
from atopy.yaml_source import SourceError, convert, load_yaml_file

CONTENT = "content/atopic-dermatitis/vocabulary"
EXAMPLES = ["adult_severe_refractory", "child_moderate", "eczema_herpeticum_suspected"]
BUNDLES = [f"d{n:03}" for n in range(1, 29)]


@pytest.fixture(scope="module")
def words(repository: Path) -> Vocabulary:
    """The vocabulary of the content."""
    terms: list[Term] = []
    for path in sorted((repository / CONTENT).glob("*.yaml")):
        document = load_yaml_file(path)
        found, problems = convert(document, document.data["terms"], list[Term], ("terms",))
        assert not problems
        terms += found or []
    return vocabulary(terms)


@pytest.mark.parametrize("name", EXAMPLES)
def test_our_examples_are_valid_fhir(repository: Path, name: str) -> None:
    from fhir.resources.R4B.bundle import Bundle

    Bundle.model_validate_json((repository / f"examples/fhir/{name}.json").read_bytes())


@pytest.mark.parametrize("name", EXAMPLES)
def test_of_our_examples_everything_is_used(repository: Path, words: Vocabulary, name: str) -> None:
    report = check(read(repository / f"examples/fhir/{name}.json", words))
    assert report.unused == ()
    assert report.quarantined == ()


def test_the_adult_example(repository: Path, words: Vocabulary) -> None:
    record = read(repository / "examples/fhir/adult_severe_refractory.json", words)
    scores = {event.code: event.number for event in record.events if event.kind == "score"}
    assert {name: str(number) for name, number in scores.items()} == {
        "easi": "28.4", "dlqi": "19", "pp_nrs": "8", "poem": "22"
    }  # fmt: skip
    assert {attested.list for attested in record.attested} == {"allergies", "medications"}
    assert record.patient.country == "eu"


def test_the_suspected_herpeticum_is_suspected(repository: Path, words: Vocabulary) -> None:
    record = read(repository / "examples/fhir/eczema_herpeticum_suspected.json", words)
    (herpeticum,) = (event for event in record.events if event.code == "eczema_herpeticum")
    assert (herpeticum.status, herpeticum.flag) == ("suspected", None)


@pytest.mark.parametrize("name", BUNDLES)
def test_synthetic_bundles_read_and_every_resource_is_accounted_for(
    shared: Path, words: Vocabulary, name: str
) -> None:
    import json

    path = shared / f"fhir-samples/bundles/{name}.json"
    resources = [entry["resource"] for entry in json.loads(path.read_bytes())["entry"]]
    record = read(path, words)
    assert record.patient.birth_date is not None
    told = {event.id.split("#")[0] for event in record.events}
    told |= {attested.origin.resource for attested in record.attested if attested.origin.resource}
    silent = [
        r
        for r in resources
        if f"{r['resourceType']}/{r['id']}" not in told and r["resourceType"] != "Patient"
    ]
    listed = sum(unused.count for unused in record.unused)
    referred = sum(r["resourceType"] == "Medication" for r in resources)
    assert len(silent) <= listed + referred
    assert len(record.unused) < 60


def test_the_patients_of_an_export(shared: Path, words: Vocabulary) -> None:
    folder = shared / "fhir-samples/bulk-ndjson"
    with pytest.raises(SourceError, match="holds 3 patients"):
        read(folder, words)
    found = list(read_ndjson_patients(sorted(folder.glob("*.ndjson")), words))
    assert len(found) == 3
    for record in found:
        chosen = read(folder, words, patient=record.patient.id)
        assert [e.id for e in chosen.events] == [e.id for e in record.events]
        assert record.patient.birth_date is not None
        assert {attested.list for attested in record.attested} == {"medications"}
