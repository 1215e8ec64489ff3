"""A record from FHIR: which resource is read by whom, one patient of a Bundle or every patient of an export."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from atopy.record import fhir_clinical, fhir_medicines, fhir_observations
from atopy.record.fhir import (
    Entry,
    Json,
    Reader,
    Reading,
    check_form,
    choose_patient,
    decoded_lines,
    entries_of,
    groups_by_patient,
    read_patient,
)
from atopy.record.model import Record
from atopy.record.scorer import Scorer
from atopy.record.vocabulary import Vocabulary

READERS: dict[str, Reader] = {
    "Observation": fhir_observations.observation,
    "QuestionnaireResponse": fhir_observations.questionnaire_response,
    "Condition": fhir_clinical.condition,
    "AllergyIntolerance": fhir_clinical.allergy,
    "Immunization": fhir_clinical.immunisation,
    "Procedure": fhir_clinical.procedure,
    "Encounter": fhir_clinical.encounter,
    "List": fhir_clinical.listed,
    "Composition": fhir_clinical.composition,
    "MedicationStatement": fhir_medicines.statement,
    "MedicationRequest": fhir_medicines.request,
    "MedicationAdministration": fhir_medicines.administration,
    "MedicationDispense": fhir_medicines.dispense,
}


def entries_in(files: Iterable[tuple[str, bytes]], decode: Callable[[bytes], Any]) -> list[Entry]:
    """The resources of NDJSON files, each given as its name and its bytes."""
    return [entry for name, data in files for entry in decoded_lines(data, name, decode)]


def of_resources(
    data: Any, vocabulary: Vocabulary, scorer: Scorer | None, file: str, patient: str | None
) -> Record:
    """One patient's record from a Bundle, from one resource, or from a list of resources."""
    if isinstance(data, list):
        return one_patient([Entry(None, each) for each in data], [], vocabulary, scorer, file, patient)
    if data["resourceType"] != "Bundle":
        return one_patient([Entry(None, data)], [], vocabulary, scorer, file, patient)
    entries, notes = entries_of(data, file)
    return one_patient(entries, notes, vocabulary, scorer, file, patient)


def one_patient(
    entries: list[Entry],
    notes: list[str],
    vocabulary: Vocabulary,
    scorer: Scorer | None,
    file: str,
    patient: str | None,
) -> Record:
    """The record of the one patient whom the entries are about, or of the *patient* chosen."""
    check_form(entries, file)
    resource, mine = choose_patient(entries, patient, file)
    reading = Reading(entries, vocabulary, scorer, file)
    for note in notes:
        reading.list_unused("Bundle", note, "Bundle")
    return reading.record(READERS, mine, read_patient(resource))


def each_patient(
    entries: list[Entry], vocabulary: Vocabulary, scorer: Scorer | None, file: str
) -> Iterator[Record]:
    """Every patient of an export, in the order first met."""
    check_form(entries, file)
    groups, shared = groups_by_patient(entries)
    for subject, own in groups.items():
        resource, mine = _the_patient(own, subject, file)
        reading = Reading(own, vocabulary, scorer, file, shared)
        who = read_patient(resource)
        if resource is None:
            who = msgspec.structs.replace(who, id=subject.removeprefix("Patient/"))
        yield reading.record(READERS, mine, who)


def _the_patient(entries: list[Entry], subject: str, file: str) -> tuple[Json | None, frozenset[str] | None]:
    """The Patient resource of a group and the references that mean it; neither where the export has none."""
    if any(entry.resource.get("resourceType") == "Patient" for entry in entries):
        return choose_patient(entries, subject.removeprefix("Patient/"), file)
    return None, None
