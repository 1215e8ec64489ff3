"""What an export says of itself: what it is, under which licences, how far it can be trusted, and what is not in it."""

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from atopy.cpg.cql import CqlExport
from atopy.cpg.resources.canonical import DEFAULT_CANONICAL, Resource, fhir_id, recommendations_name
from atopy.cpg.resources.ledger import counts
from atopy.guideline import Compiled
from atopy.plan.case import LANGUAGE

_WHAT = {
    "PlanDefinition": "rules (`eca-rule`), what groups them (`workflow-definition`), the pathway (`clinical-protocol`)",
    "ActivityDefinition": "what a rule asks for: a drug with its regimen, a test, a referral, a message, questions",
    "Library": "the logic as CQL; and the table of contents (`asset-collection`)",
    "ValueSet": "the codes by which a record may say a thing",
    "CodeSystem": "the guideline's own words, for what no public system has a code",
    "Questionnaire": "the questions for what is not known, for the clinician and for the patient",
    "StructureDefinition": "extensions for what FHIR has no element for",
}


def readme(compiled: Compiled, made: Sequence[Resource], logic: CqlExport, canonical: str) -> str:
    """``README.md`` of an export."""
    meta = compiled.meta
    title = meta.title.get(LANGUAGE, meta.id)
    kinds = Counter(one["resourceType"] for one in made)
    rows = [f"| {kind} | {kinds[kind]} | {what} |" for kind, what in _WHAT.items() if kinds[kind]]
    placeholder = (
        "\nThis is the default address, which belongs to nobody. Before you publish, export again with "
        "`--canonical URL`, an address of yours.\n"
        if canonical.rstrip("/") == DEFAULT_CANONICAL
        else ""
    )
    recommendations = recommendations_name(compiled)
    return _template().substitute(
        title=title,
        version=meta.version,
        disclaimer=meta.disclaimer.clinician.get(LANGUAGE, ""),
        literature=meta.literature_current_through,
        updated=meta.last_updated,
        rows="\n".join(rows),
        id=fhir_id(meta.id),
        libraries=", ".join(f"`{name}`" for name in (*(x.name for x in logic.libraries), recommendations)),
        canonical=canonical.rstrip("/"),
        placeholder=placeholder,
        recommendations=recommendations,
        parameters=len(logic.parameters),
    )


def _template() -> Template:
    return Template(files("atopy.cpg.resources").joinpath("readme.md").read_text(encoding="utf-8"))


def ledger_page(compiled: Compiled, logic: CqlExport, made: Sequence[Resource]) -> str:
    """``LEDGER.md`` of an export: each kind of item with its count, what is left out and why, the parameters."""
    account = counts(compiled, made)
    rows = [f"| {c.kind} | {c.items} | {c.exported} |" for c in account]
    left = [f"- **{c.kind}** ({c.items}): {c.reason}" for c in account if c.reason]
    given = [f"- `{p.name}` ({p.type}): {p.reason}" for p in logic.parameters.values()]
    parts = [
        "# What is in this export, and what is not",
        "\n".join(["| kind of item | in the content | exported |", "|---|---:|---:|", *rows]),
        "## Left out\n\n" + "\n".join(left),
    ]
    if given:
        parts.append("## Parameters: facts that CQL does not derive\n\n" + "\n".join(given))
    return "\n\n".join(parts) + "\n"


__all__ = ["ledger_page", "readme"]
