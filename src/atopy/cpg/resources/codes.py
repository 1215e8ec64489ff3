"""The codes of FHIR and of CPG-on-FHIR that the export uses, each with its system.

Read from FHIR R4 (4.0.1) and from the implementation guide *Clinical Guidelines* 2.0.0 (http://hl7.org/fhir/uv/cpg).
"""

from typing import Any

CPG = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-"
_CQF = "http://hl7.org/fhir/StructureDefinition/cqf-"
_HL7 = "http://terminology.hl7.org/CodeSystem/"

KNOWLEDGE_CAPABILITY = f"{_CQF}knowledgeCapability"
REPRESENTATION_LEVEL = f"{_CQF}knowledgeRepresentationLevel"
STRENGTH = f"{_CQF}strengthOfRecommendation"
CERTAINTY = f"{_CQF}qualityOfEvidence"
DIRECTION = f"{CPG}directionOfRecommendation"
PART_OF = f"{CPG}partOf"
COLLECT_WITH = f"{CPG}collectWith"

PLAN_TYPES = {
    "eca-rule": "ECA Rule",
    "workflow-definition": "Workflow Definition",
    "clinical-protocol": "Clinical Protocol",
}
PROCESSES = {
    "triage": "Triage",
    "history-and-physical": "History and Physical",
    "provide-counseling": "Provide Counseling",
    "diagnostic-testing": "Conduct Diagnostic Tests",
    "determine-diagnosis": "Determine Diagnosis",
    "guideline-based-care": "Guideline-based Care",
    "dispense-medications": "Dispense Medications",
    "emergency-care": "Emergency Care",
    "discharge-referral-of-patient": "Discharge/Referral of Patient",
    "monitor-and-follow-up-of-patient": "Monitor and Follow-up of Patient",
    "alerts-reminders-education": "Alerts Reminders Education",
}
ACTIVITIES = {
    "send-message": "Send a message",
    "collect-information": "Collect information",
    "order-medication": "Order a medication",
    "order-service": "Order a service",
    "record-detected-issue": "Record a detected issue",
}
_STRENGTHS = {"strong": ("strong", "Strong"), "conditional": ("weak", "Weak")}
_CERTAINTIES = {
    "high": ("high", "High quality"),
    "moderate": ("moderate", "Moderate quality"),
    "low": ("low", "Low quality"),
    "very low": ("very-low", "Very low quality"),
}
_COUNTRIES = {
    "us": ("US", "United States of America"),
    "uk": ("GB", "United Kingdom of Great Britain and Northern Ireland"),
    "eu": ("EU", "European Union"),  # reserved in ISO 3166-1 for the Union, which is no country
}


def coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    """One coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(one: dict[str, str], text: str | None = None) -> dict[str, Any]:
    """A concept of one coding."""
    return {"coding": [one], **({"text": text} if text else {})}


def plan_type(code: str) -> dict[str, Any]:
    """What kind of PlanDefinition."""
    return concept(coding(f"{_HL7}plan-definition-type", code, PLAN_TYPES[code]))


def process(code: str) -> dict[str, Any]:
    """Which common process of care an action belongs to."""
    return concept(
        coding("http://hl7.org/fhir/uv/cpg/CodeSystem/cpg-common-process-cs", code, PROCESSES[code])
    )


def activity(code: str) -> dict[str, Any]:
    """Which type of activity."""
    return concept(
        coding("http://hl7.org/fhir/uv/cpg/CodeSystem/cpg-activity-type-cs", code, ACTIVITIES[code])
    )


def library_type(code: str, display: str) -> dict[str, Any]:
    """What kind of Library."""
    return concept(coding(f"{_HL7}library-type", code, display))


def topic(condition: str) -> dict[str, Any]:
    """What the guideline is about: the treatment of a condition."""
    return concept(coding(f"{_HL7}definition-topic", "treatment", "Treatment"), condition)


def jurisdiction(country: str | None) -> dict[str, Any]:
    """Where a statement holds: a country, the European Union, or everywhere."""
    if country is None:
        return concept(coding("http://unstats.un.org/unsd/methods/m49/m49.htm", "001", "World"))
    code, name = _COUNTRIES[country]
    return concept(coding("urn:iso:std:iso:3166", code, name), name)


def strength(word: str, said: str) -> dict[str, Any] | None:
    """The strength of a recommendation: *said* in the source's own words; coded where FHIR's two codes say it."""
    known = _STRENGTHS.get(word)
    return concept(coding(f"{_HL7}recommendation-strength", *known), said) if known else {"text": said}


def certainty(word: str) -> dict[str, Any]:
    """The certainty of the evidence (FHIR's *quality of evidence*)."""
    return concept(coding(f"{_HL7}evidence-quality", *_CERTAINTIES[word]), f"{word} certainty")


def direction(word: str) -> dict[str, Any]:
    """For or against."""
    system = "http://hl7.org/fhir/uv/cpg/CodeSystem/cpg-recommendation-direction-cs"
    return concept(coding(system, word, word.capitalize()))


__all__ = [
    "CERTAINTY", "COLLECT_WITH", "CPG", "DIRECTION", "KNOWLEDGE_CAPABILITY", "PART_OF", "PROCESSES",
    "REPRESENTATION_LEVEL", "STRENGTH", "activity", "certainty", "coding", "concept", "direction", "jurisdiction",
    "library_type", "plan_type", "process", "strength", "topic",
]  # fmt: skip
