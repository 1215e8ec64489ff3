"""What FHIR has no element for, as extensions of our own: each with the StructureDefinition that says what it means."""

from typing import Any, NamedTuple

from atopy.cpg.resources.canonical import Resource, fhir_name, url_of


class Own(NamedTuple):
    """One extension: what it may stand on, the type of its value, and what it says."""

    id: str
    type: str
    on: tuple[str, ...]
    title: str
    description: str


PATIENT_TEXT = Own(
    "patient-text", "markdown", ("PlanDefinition.action", "ActivityDefinition"), "In plain words for the patient",
    "The same statement for the patient, with the same numbers. Absent where there is none, or a doctor speaks first.",
)  # fmt: skip
SOURCE_VERIFIED = Own(
    "source-verified", "boolean", ("RelatedArtifact",), "Read in the source",
    "True where somebody read the statement in this source; false where it is only recalled and must be checked.",
)  # fmt: skip
REVIEW_STATE = Own(
    "review-state", "code", ("PlanDefinition", "ActivityDefinition"), "Review state",
    "submitted, under-review, approved, rejected or disputed: what clinicians have signed of what stands here.",
)  # fmt: skip
IF_UNKNOWN = Own(
    "if-unknown", "code", ("PlanDefinition.action",), "What an undecided contraindication does",
    "hold: the treatment waits until it is known; ask: it is confirmed before giving and holds nothing back.",
)  # fmt: skip
ALL = (PATIENT_TEXT, SOURCE_VERIFIED, REVIEW_STATE, IF_UNKNOWN)


def extension(base: str, own: Own, value: bool | str) -> Resource:
    """One value of an extension of ours."""
    name = f"value{own.type[:1].upper()}{own.type[1:]}"
    return {"url": url_of(base, "StructureDefinition", own.id), name: value}


def definition(base: str, own: Own, metadata: Resource) -> Resource:
    """The StructureDefinition of one extension; *metadata* is that of every resource."""
    url = url_of(base, "StructureDefinition", own.id)
    element: list[dict[str, Any]] = [
        {
            "id": "Extension",
            "path": "Extension",
            "short": own.title,
            "definition": own.description,
            "max": "1",
        },
        {"id": "Extension.extension", "path": "Extension.extension", "max": "0"},
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
        {"id": "Extension.value[x]", "path": "Extension.value[x]", "min": 1, "type": [{"code": own.type}]},
    ]
    return {
        "resourceType": "StructureDefinition",
        "id": own.id,
        "url": url,
        "name": fhir_name(own.id),
        "title": own.title,
        "description": own.description,
        **metadata,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": place} for place in own.on],
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": element},
    }


__all__ = [
    "ALL",
    "IF_UNKNOWN",
    "PATIENT_TEXT",
    "REVIEW_STATE",
    "SOURCE_VERIFIED",
    "Own",
    "definition",
    "extension",
]
