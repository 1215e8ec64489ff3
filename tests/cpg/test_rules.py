"""What a rule of the content becomes: the same words, numbers, sources and grades; nothing proposes on its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from tests.cpg.conftest import Exported
from tests.cpg.test_references import parts

from atopy.cpg.resources import Resource

STRENGTH = "http://hl7.org/fhir/StructureDefinition/cqf-strengthOfRecommendation"
CERTAINTY = "http://hl7.org/fhir/StructureDefinition/cqf-qualityOfEvidence"
DIRECTION = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-directionOfRecommendation"


def extensions(element: Resource) -> dict[str, Any]:
    """The values of an element's extensions, by the last part of the address."""
    return {
        e["url"].rsplit("/", 1)[1]: next(v for n, v in e.items() if n != "url")
        for e in element.get("extension", ())
    }


def actions(plan: Resource) -> Iterable[Resource]:
    """Every action of a plan, those inside others too."""
    pending = list(plan["action"])
    while pending:
        action = pending.pop(0)
        yield action
        pending += action.get("action", [])


def expressions(action: Resource) -> list[str]:
    return [c["expression"]["expression"] for c in action.get("condition", ())]


def logic(exported: Exported) -> dict[str, str]:
    """The conditions by name, in CQL, without the libraries in which their terms stand."""
    from tests.cpg.test_references import cql

    library = next(x for x in exported.of("Library") if x["id"].endswith("Recommendations"))
    text = re.sub(r'\b\w+\.(?=")', "", cql(library))
    return dict(re.findall(r'^define "([^"]+)":\n  (.*)$', text, re.MULTILINE))


# -- who proposes


def test_only_the_rule_that_starts_a_therapy_proposes_one(exported: Exported) -> None:
    for plan in exported.of("PlanDefinition"):
        for action in actions(plan):
            if "definitionCanonical" in action and "/ActivityDefinition/" in action["definitionCanonical"]:
                id_ = action["definitionCanonical"].rsplit("/", 1)[1].partition("|")[0]
                activity = exported.one("ActivityDefinition", id_)
                gives = activity["kind"] == "MedicationRequest" and not activity["doNotPerform"]
                assert not gives or plan["id"].endswith("-start"), (plan["id"], id_)


def test_a_therapy_is_started_by_the_table_of_options_alone(exported: Exported) -> None:
    defined = logic(exported)
    for option in exported.compiled.therapies:
        plan = next(
            p for p in exported.of("PlanDefinition") if p["id"] == f"{option.replace('_', '-')}-start"
        )
        now, possible = plan["action"]
        assert defined[expressions(now)[0]] == f"\"option_status({option})\" = 'recommended_now'"
        assert "'recommended_now'" not in defined[expressions(possible)[0]]
        for action in (now, possible):
            inner = action.get("action", [])
            assert inner or "definitionCanonical" in action
            assert all(len(expressions(part)) == 1 for part in inner)


def test_what_stands_in_every_request_is_a_proposal(exported: Exported) -> None:
    assert {a["intent"] for a in exported.of("ActivityDefinition")} == {"proposal"}


def test_an_absolute_contraindication_says_not_to_give_and_asks_where_it_is_unknown(eczema: Exported) -> None:
    met, unknown = eczema.one("PlanDefinition", "dupilumab-age")["action"]
    assert met["definitionCanonical"].startswith(
        "https://guidelines.test/fhir/ActivityDefinition/dupilumab-avoid|"
    )
    avoid = eczema.one("ActivityDefinition", "dupilumab-avoid")
    assert avoid["doNotPerform"] is True
    assert {"system": "urn:atopy:vocabulary", "code": "dupilumab", "display": "Dupilumab"} in avoid[
        "productCodeableConcept"
    ]["coding"]
    assert logic(eczema)[expressions(unknown)[0]].startswith('("rule(dupilumab-age)" is null and ')
    assert unknown["definitionCanonical"].startswith(
        "https://guidelines.test/fhir/ActivityDefinition/ask-questions|"
    )
    ask = eczema.one("ActivityDefinition", "ask-questions")
    assert (
        extensions(ask)["cpg-collectWith"] == "https://guidelines.test/fhir/Questionnaire/questions|2026.11"
    )


def test_a_caution_is_recorded_and_never_asked_for(eczema: Exported) -> None:
    (only,) = eczema.one("PlanDefinition", "dupilumab-eyes")["action"]
    assert only["definitionCanonical"].startswith(
        "https://guidelines.test/fhir/ActivityDefinition/safety-issue|"
    )
    assert only["dynamicValue"][0]["path"] == "description"
    assert "if-unknown" not in extensions(only)


def test_each_contraindication_says_what_it_does_unknown(exported: Exported) -> None:
    for therapy in exported.compiled.therapies.values():
        for c in therapy.contraindicated:
            plan = next(
                p for p in exported.of("PlanDefinition") if p["url"].endswith(f"/{c.id.replace('_', '-')}")
            )
            wanted = {"if-unknown": c.if_unknown} if c.severity != "caution" else {}
            said = extensions(plan["action"][0])
            assert {k: v for k, v in said.items() if k == "if-unknown"} == wanted, c.id


def test_what_a_limit_asks_for_holds_only_while_the_therapy_is_taken(exported: Exported) -> None:
    defined = logic(exported)
    for option, therapy in exported.compiled.therapies.items():
        for limit in therapy.limits:
            assert defined[limit.id] == f'("taking({option})" and "rule({limit.id})")'


# -- in whose words, on whose authority


def test_a_grade_keeps_direction_strength_certainty_and_the_words_of_its_source(eczema: Exported) -> None:
    plan = eczema.one("PlanDefinition", "dupilumab-aad24-dupilumab")
    said = extensions(plan["action"][0])
    assert said["cpg-directionOfRecommendation"]["coding"][0]["code"] == "for"
    assert said["cqf-strengthOfRecommendation"]["coding"][0]["code"] == "strong"
    assert "GRADE as used by the AAD" in said["cqf-strengthOfRecommendation"]["text"]
    assert said["cqf-qualityOfEvidence"]["coding"][0]["code"] == "moderate"
    assert plan["effectivePeriod"] == {"start": "2024-01-01"}
    assert "definitionCanonical" not in plan["action"][0]


def test_where_sources_disagree_the_rule_has_no_strength_of_its_own(eczema: Exported) -> None:
    plan = eczema.one("PlanDefinition", "azathioprine-start")
    assert (
        not {"cqf-strengthOfRecommendation", "cpg-directionOfRecommendation"}
        & extensions(plan["action"][0]).keys()
    )
    told = {
        extensions(a).get("cqf-strengthOfRecommendation", {}).get("text", "") for a in plan["relatedArtifact"]
    }
    assert any(t.startswith("conditional for") for t in told) and any(
        t.startswith("conditional against") for t in told
    )


def test_what_was_not_read_says_so_and_gives_no_strength_to_its_rule(exported: Exported) -> None:
    for therapy in exported.compiled.therapies.values():
        for grade in therapy.recommended:
            plan = next(p for p in exported.of("PlanDefinition") if p["id"] == grade.id.replace("_", "-"))
            (source,) = plan["relatedArtifact"]
            assert extensions(source)["source-verified"] is grade.verified
            if not grade.verified:
                assert (
                    not {"cqf-strengthOfRecommendation", "cqf-qualityOfEvidence"}
                    & extensions(plan["action"][0]).keys()
                )


def test_a_citation_is_a_publication_in_vancouver_style(eczema: Exported) -> None:
    for resource in eczema.resources:
        for source in resource.get("relatedArtifact", ()):
            if source["type"] == "citation":
                assert source["citation"].startswith(eczema.compiled.bibliography[source["label"]])
            elif source["type"] == "justification":
                assert eczema.compiled.csl(source["label"]) is None


def test_a_citation_has_the_address_and_the_numbers_that_are_known(eczema: Exported) -> None:
    (source,) = eczema.one("PlanDefinition", "azathioprine-aad14-azathioprine")["relatedArtifact"]
    entry = eczema.compiled.csl("aad-2014-s3") or {}
    assert source["url"] == f"https://doi.org/{entry['DOI']}"
    assert source["citation"].endswith(f" DOI: {entry['DOI']}. PMID: {entry['PMID']}.")


def test_both_readers_have_their_words(eczema: Exported) -> None:
    plan = eczema.one("PlanDefinition", "methotrexate-weekly")
    (action,) = plan["action"]
    assert action["description"].startswith("ONCE A WEEK.")
    assert (
        extensions(action)["patient-text"]
        == "Take it once a week, on the same day. Taking it daily can kill."
    )
    told = eczema.one("ActivityDefinition", "methotrexate-weekly")
    assert told["kind"] == "CommunicationRequest"
    assert told["dynamicValue"][0]["expression"]["expression"] == f"'{extensions(action)['patient-text']}'"


def test_what_a_doctor_says_first_is_in_no_words_for_the_patient(eczema: Exported) -> None:
    first = [m for m in eczema.compiled.mimics.values() if m.clinician_first]
    assert first
    for mimic in first:
        for s in (*mimic.test, *mimic.meanwhile, *mimic.background):
            plan = eczema.one("PlanDefinition", s.id.replace("_", "-"))
            assert not any("patient-text" in extensions(a) for a in actions(plan)), s.id


def test_numbers_are_filled_in_everywhere(exported: Exported) -> None:
    left = re.compile(r"\{[a-z0-9_]+\}")
    for resource in exported.resources:
        if resource["resourceType"] in ("PlanDefinition", "ActivityDefinition", "Questionnaire"):
            for name, value in parts(resource):
                if isinstance(value, str) and name in ("title", "description", "text", "valueMarkdown"):
                    assert not left.search(value), (resource["id"], value)


def test_the_patients_numbers_are_the_clinicians(exported: Exported) -> None:
    for plan in exported.of("PlanDefinition"):
        for action in actions(plan):
            plain = extensions(action).get("patient-text", "")
            shown = set(re.findall(r"\d+(?:\.\d+)?", plain))
            assert shown <= set(re.findall(r"\d+(?:\.\d+)?", action["description"])), plan["id"]


# -- where and when


@pytest.mark.parametrize(
    ("id_", "code"),
    [
        ("dupilumab-weight", "US"),
        ("dupilumab-nice", "GB"),
        ("dupilumab-ta534-dupilumab", "GB"),
        ("dupilumab-age", "001"),
    ],
)
def test_a_rule_of_one_country_says_which(id_: str, code: str, eczema: Exported) -> None:
    assert eczema.one("PlanDefinition", id_)["jurisdiction"][0]["coding"][0]["code"] == code


def test_a_regimen_holds_in_its_country(eczema: Exported) -> None:
    for therapy in eczema.compiled.therapies.values():
        for regimen in therapy.regimens:
            if regimen.country and (regimen.dose or regimen.loading or regimen.then):
                made = eczema.one("ActivityDefinition", regimen.id.replace("_", "-"))
                said = made["jurisdiction"][0]["coding"][0]["code"]
                assert said == {"us": "US", "uk": "GB", "eu": "EU"}[regimen.country]


def test_a_repeated_test_has_its_timetable(eczema: Exported) -> None:
    checks = [c for t in eczema.compiled.therapies.values() for c in t.monitor if c.timing]
    assert checks
    for check in checks:
        action = eczema.one("PlanDefinition", check.id.replace("_", "-"))["action"][0]
        assert "every " in action["description"] or "at " in action["description"], check.id


# -- questions


def test_the_wording_of_no_licensed_instrument_is_asked(eczema: Exported) -> None:
    """Scores are asked for as one figure: no item of a questionnaire has answers like those of DLQI or POEM."""
    for form in eczema.of("Questionnaire"):
        for name, value in parts(form):
            if name == "text" and isinstance(value, str):
                assert not re.search(
                    r"over the last week|no days|very much|a lot|not at all", value, re.IGNORECASE
                )


def test_the_patient_is_asked_in_plain_words_and_for_no_figure(eczema: Exported) -> None:
    plain, full = eczema.one("Questionnaire", "questions-patient"), eczema.one("Questionnaire", "questions")
    items = [item for group in plain["item"] for item in group["item"]]
    assert {item["type"] for item in items} == {"boolean"}
    assert not any("the patient" in item["text"] for item in items)
    assert len(items) <= sum(len(group["item"]) for group in full["item"])


def test_a_question_for_a_figure_has_its_unit(eczema: Exported) -> None:
    items = [i for group in eczema.one("Questionnaire", "questions")["item"] for i in group["item"]]
    weight = next(i for i in items if i["linkId"] == "weight_kg")
    said = extensions(weight)
    assert said["questionnaire-unit"]["code"] == "kg" and weight["type"] == "decimal"
    assert said["sdc-questionnaire-initialExpression"]["expression"] == "weight_kg"
