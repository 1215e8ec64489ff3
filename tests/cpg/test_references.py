"""Nothing points outside: each canonical, expression and extension stands in the export or in a standard."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from tests.cpg.conftest import BASE, Exported

from atopy.cpg.resources import Resource
from atopy.cpg.resources.manifest import NEEDED

STANDARDS = (
    "http://hl7.org/fhir/",
    "http://terminology.hl7.org/",
    "http://unstats.un.org/",
    "urn:iso:std:iso:3166",
)
PUBLIC = (
    "http://snomed.info/sct", "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc",
    "http://hl7.org/fhir/sid/", "http://unitsofmeasure.org", "http://fdasis.nlm.nih.gov", "https://www.cms.gov/",
)  # fmt: skip
CANONICALS = ("definitionCanonical", "valueCanonical", "resource", "reference", "valueSet")


def parts(value: object, name: str = "") -> Iterable[tuple[str, object]]:
    """Every element of a resource with its name."""
    yield name, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from parts(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from parts(part, name)


def addresses(exported: Exported) -> set[str]:
    return {r["url"] for r in exported.resources}


def test_every_canonical_resolves(exported: Exported) -> None:
    known, version = addresses(exported), exported.compiled.meta.version
    elsewhere = {url for _, url in NEEDED}
    for resource in exported.resources:
        named = [v for n, v in parts(resource) if isinstance(v, str) and (n in CANONICALS or n == "library")]
        for canonical in named:
            url, _, of = canonical.partition("|")
            assert canonical in elsewhere or url in known, (resource["id"], canonical)
            assert canonical in elsewhere or of in ("", version), (resource["id"], canonical)


def test_every_extension_and_profile_is_known(exported: Exported) -> None:
    known = addresses(exported)
    for resource in exported.resources:
        assert (
            all(p.startswith(STANDARDS) for p in resource["meta"]["profile"]) if "meta" in resource else True
        )
        for name, value in parts(resource):
            if name == "extension" and isinstance(value, dict):
                url = str(value["url"])
                assert url in known or url.startswith(STANDARDS), (resource["id"], url)


def test_every_code_system_is_known(exported: Exported) -> None:
    known = addresses(exported)
    named = {str(v) for r in exported.resources for n, v in parts(r) if n == "system"}
    assert [s for s in named if s not in known and not s.startswith((*STANDARDS, *PUBLIC))] == []


def test_our_codes_are_in_our_code_systems(exported: Exported) -> None:
    held = {s["url"]: {c["code"] for c in s["concept"]} for s in exported.of("CodeSystem")}
    for value_set in exported.of("ValueSet"):
        for include in value_set["compose"]["include"]:
            if include.get("system") in held:
                missing = {c["code"] for c in include["concept"]} - held[include["system"]]
                assert not missing, (value_set["id"], missing)


def test_a_class_of_words_that_a_fact_looks_for_is_the_union_of_its_members(eczema: Exported) -> None:
    group = eczema.one("ValueSet", "group-topical-calcineurin-inhibitor")
    named = [include["valueSet"] for include in group["compose"]["include"]]
    ids = {url.rsplit("/", 1)[1].partition("|")[0] for (url,) in named}
    members = eczema.compiled.vocabulary.members["topical_calcineurin_inhibitor"]
    assert {m.replace("_", "-") for m in members} <= ids


def cql(library: Resource) -> str:
    """The text of a library."""
    return base64.b64decode(library["content"][0]["data"]).decode()


def defined(text: str) -> set[str]:
    """The names that a library defines."""
    return set(re.findall(r'^define "((?:[^"\\]|\\.)*)":', text, re.MULTILINE))


def texts(exported: Exported) -> dict[str, str]:
    """Each library by its address."""
    written = {f"{BASE}/Library/{x.name}": x.text for x in exported.logic.libraries}
    logic = [x for x in exported.of("Library") if x["url"] not in written and "content" in x]
    return written | {x["url"]: cql(x) for x in logic}


def test_every_expression_is_defined_in_the_library_it_names(exported: Exported) -> None:
    names = {url: defined(text) for url, text in texts(exported).items()}
    seen = 0
    for resource in exported.resources:
        for name, value in parts(resource):
            if name in ("expression", "valueExpression") and isinstance(value, dict):
                if value["language"] == "text/cql-identifier":
                    seen += 1
                    assert value["expression"] in names[value["reference"]], (resource["id"], value)
    assert seen > 50


def test_a_rule_takes_its_conditions_from_the_library_it_names(exported: Exported) -> None:
    for plan in exported.of("PlanDefinition"):
        named = {
            v["reference"]
            for n, v in parts(plan)
            if n == "expression" and isinstance(v, dict) and "reference" in v
        }
        assert named <= {url.partition("|")[0] for url in plan.get("library", [])}


def test_the_conditions_speak_only_of_what_the_logic_defines(exported: Exported) -> None:
    recommendations = next(x for x in exported.of("Library") if x["id"].endswith("Recommendations"))
    text, stem = cql(recommendations), recommendations["id"].removesuffix("Recommendations")
    inside = {
        x.name.removeprefix(stem): defined(x.text) | parameters(x.text) for x in exported.logic.libraries
    }
    used = re.findall(r'\b(\w+)\."((?:[^"\\]|\\.)*)"', text)
    assert used
    assert [u for u in used if u[1] not in inside[u[0]]] == []
    included = set(re.findall(r"^include \w+ version '[^']*' called (\w+)$", text, re.MULTILINE))
    assert included == {u[0] for u in used}


def parameters(text: str) -> set[str]:
    """The parameters of a library."""
    return set(re.findall(r'^parameter "([^"]+)"', text, re.MULTILINE))


def test_a_library_says_what_it_depends_on_and_must_be_given(exported: Exported) -> None:
    urls = {x.name: f"{BASE}/Library/{x.name}" for x in exported.logic.libraries}
    for library in exported.logic.libraries:
        made = exported.one("Library", library.name)
        needs = {a["resource"].partition("|")[0] for a in made.get("relatedArtifact", [])}
        assert {urls[name] for name in library.includes} <= needs
        sets = set(re.findall(r"^valueset \"[^\"]+\": '([^']+)'", library.text, re.MULTILINE))
        assert sets <= needs
        given = {p["name"] for p in made.get("parameter", []) if p["use"] == "in"}
        assert given == parameters(library.text)


def test_the_last_library_says_what_the_whole_logic_reads_and_must_be_given(exported: Exported) -> None:
    last = next(x for x in exported.of("Library") if x["id"].endswith("Recommendations"))
    given = {p["name"] for p in last["parameter"]}
    assert given == {name for x in exported.logic.libraries for name in parameters(x.text)}
    assert {"AsOf", "Country"} <= given
    assert {"Observation", "Condition", "MedicationStatement"} <= {r["type"] for r in last["dataRequirement"]}


def test_the_table_of_contents_names_everything_once(exported: Exported) -> None:
    contents = exported.one("Library", exported.compiled.meta.id)
    listed = [a["resource"] for a in contents["relatedArtifact"] if a["type"] == "composed-of"]
    assert sorted(listed) == sorted(
        f"{r['url']}|{r['version']}" for r in exported.resources if r is not contents
    )


def test_the_pathway_reaches_every_rule_and_every_activity(exported: Exported) -> None:
    by_url = {r["url"]: r for r in exported.resources}
    start = exported.one("PlanDefinition", "pathway")
    reached, pending = {start["url"]}, [start]
    while pending:
        for name, value in parts(pending.pop()):
            if name == "definitionCanonical":
                url = str(value).partition("|")[0]
                if url not in reached:
                    reached.add(url)
                    pending.append(by_url[url])
    wanted = {
        r["url"] for r in exported.resources if r["resourceType"] in ("PlanDefinition", "ActivityDefinition")
    }
    assert wanted - reached == set()


def test_what_is_part_of_a_strategy_is_named_by_it(exported: Exported) -> None:
    by_url = {r["url"]: r for r in exported.resources}
    for plan in exported.of("PlanDefinition"):
        for extension in plan["extension"]:
            if extension["url"].endswith("/cpg-partOf"):
                over = by_url[extension["valueCanonical"].partition("|")[0]]
                named = {str(v).partition("|")[0] for n, v in parts(over) if n == "definitionCanonical"}
                assert plan["url"] in named, plan["id"]
