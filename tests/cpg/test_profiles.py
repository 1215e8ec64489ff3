"""What the profiles of CPG-on-FHIR 2.0.0 ask beyond FHIR, as read in their source (HL7/cqf-recommendations, input/fsh).

No package of npm or PyPI carries these profiles, so what they constrain is written out here, rule by rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from tests.cpg.conftest import Exported

from atopy.cpg.resources import Resource

CPG = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-"
Check = Callable[[Resource], bool]


def every_action(plan: Resource) -> list[Resource]:
    found, pending = [], list(plan["action"])
    while pending:
        found.append(pending.pop(0))
        pending += found[-1].get("action", [])
    return found


def has(*names: str) -> Check:
    """Each of these elements is there."""
    return lambda r: all(name in r for name in names)


def lacks(*names: str) -> Check:
    """None of these elements is there."""
    return lambda r: not any(name in r for name in names)


def actions(check: Check) -> Check:
    """Each action does so."""
    return lambda plan: all(check(action) for action in every_action(plan))


def defined_by(kind: str) -> Check:
    """An action names only definitions of one kind."""
    return lambda action: f"/{kind}/" in action.get("definitionCanonical", f"/{kind}/")


def typed(code: str) -> Check:
    return lambda plan: plan["type"]["coding"][0]["code"] == code


def fixed(kind: str, profile: str) -> Check:
    """What an activity becomes."""
    return lambda a: (a["kind"], a["profile"], a["intent"]) == (kind, f"{CPG}{profile}", "proposal")


def capable(resource: Resource) -> bool:
    said = {e["valueCode"] for e in resource["extension"] if e["url"].endswith("/cqf-knowledgeCapability")}
    return said == {"shareable", "computable", "publishable"}


WHO = ("url", "version", "name", "title", "status", "experimental", "publisher", "description")
SHAREABLE = {
    "says who, what and which": has(*WHO),
    "has its capabilities": capable,
    "is dated": has("date", "copyright", "jurisdiction"),
    "shows each related artifact": lambda r: all("display" in a for a in r.get("relatedArtifact", ())),
}
COMPUTABLE_PLAN = {
    "has actions": has("type", "action"),
    "one library at most": lambda p: len(p.get("library", [])) <= 1,
}
BEHAVIOUR = ("type", "groupingBehavior", "requiredBehavior", "precheckBehavior", "cardinalityBehavior")
GROUPING = {
    "its actions say what they are": actions(has("title", "description", "code")),
    "they leave to rules what is a rule's": actions(lacks(*BEHAVIOUR, "dynamicValue", "transform")),
    "they name plans alone": actions(defined_by("PlanDefinition")),
}
ACTIVITY = {"does or does not": has("kind", "profile", "intent", "doNotPerform")}
PROFILES: dict[str, dict[str, Check]] = {
    "recommendationdefinition": COMPUTABLE_PLAN
    | {
        "is a rule": typed("eca-rule"),
        "its actions name activities alone": actions(defined_by("ActivityDefinition")),
    },
    "strategydefinition": COMPUTABLE_PLAN | GROUPING | {"is a workflow": typed("workflow-definition")},
    "pathwaydefinition": COMPUTABLE_PLAN
    | GROUPING
    | {
        "is a protocol": typed("clinical-protocol"),
        "selects nothing": actions(lacks("selectionBehavior", "input", "output")),
    },
    "medicationrequestactivity": ACTIVITY | {"orders": fixed("MedicationRequest", "medicationrequest")},
    "servicerequestactivity": ACTIVITY | {"orders": fixed("ServiceRequest", "servicerequest")},
    "communicationactivity": ACTIVITY | {"tells": fixed("CommunicationRequest", "communicationrequest")},
    "collectinformationactivity": ACTIVITY | {"asks": fixed("Task", "questionnairetask")},
    "recorddetectedissueactivity": ACTIVITY | {"records": fixed("Task", "recorddetectedissuetask")},
    "computablelibrary": {
        "holds its CQL": lambda x: (
            [("data" in c) for c in x["content"] if c["contentType"] == "text/cql"] == [True]
        ),
        "names what it depends on": lambda x: all("resource" in a for a in x.get("relatedArtifact", ())),
    },
    "assetcollection": {
        "is a collection": lambda x: x["type"]["coding"][0]["code"] == "asset-collection",
        "holds nothing itself": lacks("parameter", "dataRequirement", "content"),
    },
    "computablevalueset": {"lists its codes": has("compose")},
    "shareablecodesystem": {
        "is complete": lambda s: s["content"] == "complete" and s["count"] == len(s["concept"])
    },
    "shareablequestionnaire": {"has items": has("item")},
}


def claiming(exported: Exported, profile: str) -> Iterable[Resource]:
    return (r for r in exported.resources if f"{CPG}{profile}" in r.get("meta", {}).get("profile", ()))


@pytest.mark.parametrize("profile", list(PROFILES))
def test_what_claims_a_profile_keeps_it(profile: str, exported: Exported) -> None:
    claimed = list(claiming(exported, profile))
    assert claimed, "nothing claims it"
    for resource in claimed:
        failed = [said for said, check in (SHAREABLE | PROFILES[profile]).items() if not check(resource)]
        assert not failed, (resource["id"], failed)


def test_every_profile_that_is_claimed_is_looked_at(exported: Exported) -> None:
    claimed = {p for r in exported.resources for p in r.get("meta", {}).get("profile", ())}
    assert claimed == {f"{CPG}{profile}" for profile in PROFILES}


def test_only_extensions_of_ours_claim_none(exported: Exported) -> None:
    assert {r["resourceType"] for r in exported.resources if "meta" not in r} == {"StructureDefinition"}


@pytest.mark.parametrize(
    ("profile", "broken"),
    [
        ("recommendationdefinition", {"action": [{"definitionCanonical": "https://x/PlanDefinition/y"}]}),
        ("strategydefinition", {"action": [{"title": "a", "description": "b"}]}),
        ("pathwaydefinition", {"action": [{"selectionBehavior": "any"}]}),
        ("medicationrequestactivity", {"intent": "order"}),
        ("computablelibrary", {"content": []}),
    ],
)
def test_a_breach_is_found(profile: str, broken: Resource, toy: Exported) -> None:
    resource = next(iter(claiming(toy, profile))) | broken
    assert not all(check(resource) for check in PROFILES[profile].values())
