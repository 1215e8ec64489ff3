"""FHIR's codes: which public system a URL names, what a coded yes or no says, what declares a list complete."""

from collections.abc import Mapping
from typing import Any

OWN_SYSTEM = "urn:atopy:vocabulary"  # a coding in it names a term of the vocabulary by its id

_SYSTEMS = {
    "http://snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "http://loinc.org": "loinc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "http://www.whocc.no/atc": "atc",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "urn:oid:2.16.840.1.113883.6.90": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "urn:oid:2.16.840.1.113883.6.3": "icd10",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "urn:oid:2.16.840.1.113883.12.292": "cvx",
    "http://fdasis.nlm.nih.gov": "unii",
    "http://hl7.org/fhir/sid/ndc": "ndc",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "hcpcs",
    "http://www.ama-assn.org/go/cpt": "cpt",
    OWN_SYSTEM: "atopy",
}
_SNOMED = "http://snomed.info/sct"


def system_name(url: str) -> str:
    """The short name that the vocabulary uses for a code system; the URL itself where it has none."""
    known = _SYSTEMS.get(url)
    if known is not None:
        return known
    bare = url.rstrip("/")
    if bare.startswith(_SNOMED):  # with an edition behind it
        return "snomed"
    return _SYSTEMS.get(bare, bare)


def system_url(name: str) -> str:
    """The URL by which FHIR knows the system of that short name; a name without one stands for itself."""
    return next((url for url, known in _SYSTEMS.items() if known == name), name)


def other_urls() -> list[tuple[str, str]]:
    """The other URLs that name a known system, each with the usual one."""
    return [(url, system_url(name)) for url, name in _SYSTEMS.items() if url != system_url(name)]


def coding_key(coding: Mapping[str, Any]) -> str:
    """``system|code`` as the vocabulary indexes it."""
    system = coding.get("system")
    return f"{system_name(system) if isinstance(system, str) else ''}|{coding.get('code')}"


# Coded answers that many systems share. "unknown" and the like say that nothing is known.
POSITIVE, NEGATIVE, UNKNOWN, UNSURE = "positive", "negative", "unknown", "indeterminate"
_V3_NULL = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
_V2_YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ANSWERS = {
    "snomed|10828004": POSITIVE,
    "snomed|260373001": POSITIVE,  # detected
    "snomed|11214006": POSITIVE,  # reactive
    "snomed|373066001": POSITIVE,  # yes
    "snomed|52101004": POSITIVE,  # present
    "snomed|260385009": NEGATIVE,
    "snomed|260415000": NEGATIVE,  # not detected
    "snomed|131194007": NEGATIVE,  # non-reactive
    "snomed|373067005": NEGATIVE,  # no
    "snomed|2667000": NEGATIVE,  # absent
    "snomed|82334004": UNSURE,  # indeterminate
    "loinc|LA33-6": POSITIVE,  # yes
    "loinc|LA32-8": NEGATIVE,  # no
    "loinc|LA6576-8": POSITIVE,
    "loinc|LA6577-6": NEGATIVE,
    f"{_V2_YES_NO}|Y": POSITIVE,
    f"{_V2_YES_NO}|N": NEGATIVE,
    f"{_INTERPRETATION}|POS": POSITIVE,
    f"{_INTERPRETATION}|DET": POSITIVE,
    f"{_INTERPRETATION}|RR": POSITIVE,
    f"{_INTERPRETATION}|NEG": NEGATIVE,
    f"{_INTERPRETATION}|ND": NEGATIVE,
    f"{_INTERPRETATION}|NR": NEGATIVE,
    f"{_INTERPRETATION}|IND": UNSURE,
    f"{_V3_NULL}|UNK": UNKNOWN,
    f"{_V3_NULL}|NASK": UNKNOWN,
    f"{_V3_NULL}|ASKU": UNKNOWN,
    f"{_ABSENT_REASON}|unknown": UNKNOWN,
    f"{_ABSENT_REASON}|not-asked": UNKNOWN,
    f"{_ABSENT_REASON}|asked-unknown": UNKNOWN,
    "snomed|261665006": UNKNOWN,
}

# Codes by which a record says that a list is complete and empty, and the list they speak of.
_IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
NONE_KNOWN = {
    "snomed|716186003": "allergies",
    "snomed|160244002": "allergies",
    f"{_IPS}|no-known-allergies": "allergies",
    "snomed|787481004": "medications",
    f"{_IPS}|no-known-medications": "medications",
    "snomed|160245001": "problems",
    f"{_IPS}|no-known-problems": "problems",
}
# A procedure by which somebody went through a list and declared it right.
RECONCILED = {"snomed|430193006": "medications"}
# Lists that a List with an empty reason of "nil known" speaks of.
LIST_CODES = {
    "loinc|52472-8": "allergies",
    "loinc|48765-2": "allergies",
    "loinc|10160-0": "medications",
    "loinc|11450-4": "problems",
    "http://terminology.hl7.org/CodeSystem/list-example-use-codes|allergies": "allergies",
    "http://terminology.hl7.org/CodeSystem/list-example-use-codes|medications": "medications",
    "http://terminology.hl7.org/CodeSystem/list-example-use-codes|problems": "problems",
}
