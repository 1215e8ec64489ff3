"""Tables of the fields of a Struct, from its source: name, type, default, and the comment or the words given here."""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from .markdown import code, plain, table

_MODULES = tuple(
    import_module(f"atopy.{name}")
    for name in (
        "guideline.schema",
        "guideline.amounts",
        "facts.declare",
        "facts.timing",
        "guideline.compiled",
        "guideline.overlay",
        "guideline.properties",
        "guideline.reviews",
        "guideline.rule_properties",
        "guideline.trials",
        "plan.model",
        "record.vocabulary",
    )
)

# What a field means wherever it stands, when the source has no comment on it.
_SAID = {
    "about": "ids of what it concerns",
    "act": "what to do, as statements",
    "action": "what it asks",
    "after_any_of": "options of which one must have been tried before",
    "after_failure_of": "options of which one must have failed before, or must not be given",
    "authors": "who wrote it",
    "available": "whether it is offered at all",
    "background": "what else is known, as statements",
    "because": "the reason",
    "certainty": "the certainty of the evidence, as the source grades it",
    "clinician_first": "not shown to a patient before a doctor has spoken",
    "clinician": "the clinician's words",
    "patient": "the patient's words",
    "clinician_only": "left out of the patient's plan",
    "comment": "what the reviewer wrote",
    "country": "only there; left out: everywhere",
    "detail": "more on the same line",
    "direction": "what the source says of it: for, against, neither",
    "doi": "its DOI",
    "effective": "the first day on which it is in force",
    "event": "the record's own event",
    "events": "the record's events it rests on",
    "every": "how often",
    "excluded": "a predicate: when it is ruled out",
    "file": "the file it was read from",
    "hash": "the hash of the text that was read (of an overlay: of its file)",
    "high": "the upper end of a range",
    "id": "its name, unique in the whole content; in a file of its own, the file's name",
    "interactions": "what happens with other drugs",
    "kind": "what kind it is",
    "last_updated": "the day of the last change",
    "licence": "what each regulator allows",
    "line": "the line of that file",
    "links": "ids of related items",
    "literature_current_through": "the month through which the literature was looked at",
    "low": "the lower end of a range",
    "maximum": "never more than this",
    "measured": "points, or percent of the earlier value",
    "name": "what it is called",
    "note": "a remark for readers of the file",
    "number": "its number in this plan",
    "numbers": "the figures of the texts, by the name used in {braces}",
    "options": "what the overlay says of each option, by its id",
    "order": "within its list, low first",
    "pack": "the id of the researched statement it was written from",
    "parts": "lines (or steps) inside this one",
    "place": "section, table or number in the source",
    "present": "a predicate: when it is present",
    "read": "whether somebody read it",
    "regimens": "ways of giving it",
    "resource": "the FHIR resource it was read from",
    "review_by": "the day by which it should be read again",
    "review_status": "submitted, under review or approved",
    "says": "what this source says, in our words",
    "scale": "the source's own scale and its own word",
    "sections": "the parts of the plan, in order",
    "source": "the key of a source",
    "sources": "where it comes from",
    "statements": "the statements",
    "status": "how it stands",
    "strength": "the strength, as the source grades it",
    "suspected": "a predicate: when the record holds a clue",
    "text": "the words for each reader",
    "title": "what it is called",
    "trace": "why: what decided it",
    "unit": "the unit of the number",
    "until": "the first day on which it is no longer in force",
    "url": "where it is on the web",
    "value": "the number, where it is one",
    "verified": "somebody read it in that source",
    "when": "a predicate: when it applies",
}
# What a field means in one Struct, when the source has no comment on it.
_SAID_OF = {
    ("Access", "because"): "the reason that the plan shows",
    ("Attestation", "list"): "the list that was declared complete",
    ("Change", "of"): "which events",
    (
        "Change",
        "against",
    ): "which earlier value: the earliest, the one before, the highest, the lowest, or the last before a course",
    ("Check", "test"): "what is tested or looked at",
    ("Cited", "source"): "the key of the source",
    ("Code", "system"): "loinc, snomed, rxnorm, atc, icd10cm, hcpcs, cvx or unii",
    ("Code", "code"): "the code itself",
    ("Contraindication", "severity"): "absolute: not given; relative: only by exception; caution: with care",
    (
        "Contraindication",
        "if_unknown",
    ): "hold: the option needs information first; ask: confirm before giving",
    ("Interval", "at"): "at these times after the first day: 4 weeks, 12 weeks",
    ("Interval", "every"): "again and again, in phases",
    ("Phase", "every"): "so long after it was last done; the first time, after the first day",
    (
        "Timing",
        "counted_from",
    ): "the first day of a course that runs, the last of one that ended, or the plan itself",
    ("Timing", "at"): "at these times after that",
    ("Timing", "every"): "again and again, in phases",
    ("Timing", "covers"): "what in the record counts as done",
    ("Timing", "tolerance"): "how early it counts, and how late it is not yet overdue",
    ("Timing", "id"): "its name, unique in the whole content",
    ("Check", "required"): "the option waits for it; false: advised",
    ("Disagreement", "question"): "what they disagree about",
    ("Disagreement", "side_a"): "one side",
    ("Disagreement", "side_b"): "the other",
    ("Disagreement", "rule"): "what Atopy follows",
    ("Disagreement", "why"): "why it follows that",
    ("Disagreement", "kind"): "dose, order, evidence ...: a word for the list",
    ("Dose", "times"): "how often in all",
    ("EventRef", "what"): "what happened, in words",
    ("EventRef", "date"): "when, as exactly as the record has it",
    ("EventRef", "value"): "what it says",
    ("EventRef", "id"): "the event's id in the record",
    ("Fact", "type"): "what it can be worth",
    ("Fact", "domain"): "the lowest and highest number that makes sense",
    ("Fact", "values"): "the members of a category",
    ("Fact", "ordered"): "the members stand from least to most and may be compared",
    ("Fact", "per"): "of the patient, or of one treatment course",
    ("Fact", "latest"): "the newest value of these events",
    ("Fact", "earliest"): "the oldest",
    ("Fact", "highest"): "the highest",
    ("Fact", "lowest"): "the lowest",
    ("Fact", "count"): "how many there are",
    ("Fact", "sum"): "the sum of their numbers",
    ("Fact", "days_since"): "days since the last of them",
    ("Fact", "change"): "the newest value against an earlier one",
    ("Fact", "age"): "completed years or months",
    ("Fact", "demographic"): "something else of the patient",
    ("Fact", "cases"): "category: a decision table",
    ("Fact", "field"): "what of the event is read; the number or text if not given",
    ("Fact", "attested_for"): "how long an attestation counts",
    ("Fact", "verified"): "somebody read the rule in that source",
    ("Grade", "id"): "its name, unique in the whole content",
    ("Guideline", "format"): "the number of this format: 1",
    ("Guideline", "id"): "the content's name",
    ("Guideline", "version"): "the content's own version",
    ("Guideline", "intended_use"): "for what it is made, for each reader",
    ("Guideline", "disclaimer"): "what it is not, for each reader",
    ("Guideline", "languages"): "the languages of its texts",
    ("Guideline", "rungs"): "the steps of the ladder, in order",
    ("Headline", "code"): "the code of the headline",
    ("Headline", "reason"): "the code of the row that gave it",
    ("Legend", "statuses"): "the words for each status code",
    ("Legend", "actions"): "the words for each action code",
    ("Legend", "rungs"): "the steps of the ladder, in order",
    ("Licence", "status"): "licensed, off label, not marketed, withdrawn",
    ("Licence", "note"): "more on it, in our words",
    ("Interaction", "with_"): "drugs, therapies or classes of the vocabulary; any of them",
    ("Interaction", "because"): "what happens when the two meet, and what to do about it",
    ("Interaction", "action"): "in one word: avoid, reduce, monitor or separate",
    ("Criterion", "met"): "what is said where it holds",
    ("Criterion", "failed"): "what is said where it fails",
    ("Criterion", "unknown"): "what is said where it cannot be decided",
    ("Judgement", "criteria"): "all of them make a trial adequate",
    ("Judgement", "baseline_within"): "how long before a course a score is still that of its start",
    ("Judgement", "settles_within"): "how long after a past course a score still speaks for it",
    ("Limit", "action"): "what becomes of the drug",
    ("Line", "section"): "the section it stands in",
    ("Line", "id"): "its stable id",
    ("Line", "clinician_reason"): "the reason in the clinician's words",
    ("Line", "patient_reason"): "the reason in the patient's words",
    ("Line", "patient_detail"): "the same for the patient",
    ("Line", "parameters"): "every number of the texts, by name",
    ("Line", "review"): "the review state of the item it comes from",
    ("Overlay", "id"): "a name for the overlay",
    ("Overlay", "country"): "the country, where the record names none",
    ("Phrases", "sections"): "the title of each section of the plan",
    ("Phrases", "headlines"): "the words for each headline",
    ("Phrases", "statuses"): "the words for each status",
    ("Phrases", "actions"): "the words for what becomes of a drug being taken",
    ("Phrases", "reasons"): "the words for each reason that a row gives",
    ("Plan", "schema"): "the version of this schema",
    ("Plan", "as_of"): "the day of the plan",
    ("Plan", "headline"): "the one answer",
    ("Plan", "patient"): "who it is for",
    ("Plan", "sources"): "the numbered sources",
    ("Plan", "disclaimer"): "what the plan is not, for the clinician",
    ("Plan", "patient_disclaimer"): "the same for the patient",
    ("Plan", "intended_use"): "for what it is made, for the clinician",
    ("Plan", "patient_intended_use"): "the same for the patient",
    ("Plan", "provenance"): "what made it",
    ("Plan", "legend"): "words for the codes",
    ("Provenance", "engine"): "the version of the program",
    ("Provenance", "content"): "the guideline's name",
    ("Provenance", "content_version"): "its version",
    ("Provenance", "content_hash"): "the hash of every file of it",
    ("Provenance", "record_hash"): "the hash of the record as read",
    ("Provenance", "plan_hash"): "the hash of everything that the plan is a function of",
    ("Provenance", "overlay"): "the overlay's name",
    ("Provenance", "overlay_hash"): "the hash of its file",
    ("Quantity", "value"): "the number, where it is one",
    ("Regimen", "dose"): "the dose",
    ("Regimen", "loading"): "the dose to start",
    ("Row", "then"): 'the outcome where the row is true; "= fact" takes another fact\'s value',
    ("Row", "when"): "a predicate",
    ("Row", "unknown"): "the outcome where it cannot be decided; next goes on to the next row",
    ("RungName", "line"): "first, second or last",
    ("Rung", "line"): "first, second or last",
    ("Section", "lines"): "its lines",
    ("Section", "id"): "its code",
    ("Select", "kind"): "the kind of event",
    ("Select", "code"): "a term or class of the vocabulary, several, or * for all",
    ("Select", "where"): "a predicate over the event",
    ("Select", "within"): "only this far back: 28 days, 3 months, 1 year",
    ("Side", "position"): "what this side says",
    ("SignOff", "id"): "what was read",
    ("SignOff", "state"): "the reviewer's word",
    ("SignOff", "name"): "who read it",
    ("SignOff", "role"): "as what",
    ("SignOff", "date"): "on which day",
    (
        "SourceInfo",
        "kind",
    ): "guideline, trial, label, review ...; memory and derived are no page and cannot be verified",
    ("SourceInfo", "alias_of"): "the work that this is another name, place or copy of",
    ("SourceInfo", "also_jurisdictions"): "where else it holds",
    ("SourceInfo", "status_note"): "more on that",
    ("SourceInfo", "superseded_by"): "keys of what replaced it",
    ("SourceInfo", "supplemented_by"): "keys of what adds to it",
    ("SourceInfo", "strength_scale"): "the scale in which it grades",
    ("SourceInfo", "type_as_stated"): "what it calls itself",
    ("SourceInfo", "read_as"): "what of it was read: whole, abstract, official summary ...",
    ("SourceInfo", "access_note"): "why it was read so",
    ("SourceInfo", "seen"): "the page that was read",
    ("SourceInfo", "seen_is_copy"): "that page is a copy and not the place of publication",
    ("SourceInfo", "reliability"): "how far it is trusted, where that needs saying",
    ("SourceInfo", "supports"): "what a reference of a founding document stands for there",
    ("SourceInfo", "identifier_verified"): "its DOI or number was checked",
    ("SourceInfo", "identifier_from"): "where",
    ("SourceInfo", "kept_for"): "why a source that nothing cites is kept",
    ("SourceInfo", "founding"): "a founding document of this guideline",
    ("SourceInfo", "founding_reference"): "its number in the founding review",
    ("SourceInfo", "machine_written"): "written by a machine",
    ("SourceInfo", "code"): "where its program is published",
    ("SourceInfo", "year"): "the year",
    ("SourceInfo", "jurisdiction"): "us, eu, uk ...",
    ("SourceInfo", "status"): "current, superseded ...; left out: not stated",
    ("SourceLine", "key"): "its key in the content",
    ("SourceLine", "text"): "the reference, in the Vancouver style",
    ("SourceLine", "status"): "current, superseded ...",
    ("SourceLine", "note"): "machine-written, of low reliability and the like",
    ("Statement", "asks"): "what kind of act it is",
    ("Statement", "order"): "within its section, low first",
    ("Stop", "how"): "at once, by tapering, with cover, or the course ends by itself",
    ("Summary", "id"): "the record's name for the patient",
    ("Summary", "age"): "age on that day",
    ("Summary", "sex"): "sex, where the record says it",
    ("Summary", "weight"): "the weight used",
    ("Summary", "country"): "the country used",
    ("Supports", "topic"): "what it stands for there",
    ("Supports", "inferred"): "that follows from its title; it is not cited by number",
    ("Supports", "tags"): "words to find it by",
    ("Term", "kind"): "the kind of event, or drug, allergen, therapy",
    ("Term", "id"): "the word itself, unique",
    ("Term", "patient_name"): "its name for a patient",
    ("Term", "synonyms"): "other words for it",
    ("Term", "route"): "by mouth, on the skin ...",
    ("Term", "codes"): "codes of public systems that mean it",
    ("Therapy", "name"): "what it is called",
    ("Therapy", "recommended"): "what each source says of it",
    ("Therapy", "contraindicated"): "when it is not given",
    ("Therapy", "stop"): "how it is stopped, and what stopping risks",
    ("Therapy", "limits"): "when a drug being taken must change",
    ("Therapy", "before"): "tests before it starts",
    ("Therapy", "monitor"): "tests while it runs",
    ("Therapy", "onset_sources"): "where that comes from",
    ("Therapy", "course_limit"): "how long a course may run",
    ("Therapy", "course_limit_sources"): "where that comes from",
    ("Therapy", "needs_specialist"): "given by a specialist",
    ("Therapy", "unproven"): "without good proof; said in the plan",
    ("Topic", "authors"): "who wrote it; else those of the guideline",
    (
        "Topic",
        "literature_current_through",
    ): "to when literature was searched for it; else as for the guideline",
    ("Topic", "last_updated"): "the day it was last changed; else that of the guideline",
    ("Topic", "section"): "the section of the plan it is shown in",
    ("Trace", "truth"): "met, not met or cannot be decided, where it is a predicate",
    ("Trace", "value"): "its value, where it is none",
    ("Trace", "parts"): "what stands behind it",
    ("Words", "patient"): "the patient's words, by language; left out: this is not for the patient",
    ("Words", "clinician"): "the clinician's words, by language",
}


class Field(NamedTuple):
    """One field as the source writes it."""

    name: str
    type: str
    default: str | None
    comment: str


def struct(name: str) -> Any:
    """The Struct of that name among those that documentation speaks of. Raises KeyError."""
    for module in _MODULES:
        found = vars(module).get(name)
        if isinstance(found, type) and found.__module__ == module.__name__:
            return found
    raise KeyError(name)


def fields(name: str) -> list[Field]:
    """The fields of a Struct in the order of its source."""
    text = inspect.getsource(struct(name))
    (cls,) = ast.parse(text).body
    assert isinstance(cls, ast.ClassDef)
    comments = _comments(text)
    renamed = re.search(r"rename=\{\"(\w+)\": \"(\w+)\"\}", text)
    found = []
    for node in cls.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            shown = renamed[2] if renamed and renamed[1] == node.target.id else node.target.id
            default = ast.unparse(node.value) if node.value is not None else None
            comment = " ".join(
                comments[i] for i in range(node.lineno, (node.end_lineno or 0) + 1) if i in comments
            )
            said = comment or _SAID_OF.get((name, node.target.id)) or _SAID.get(node.target.id, "")
            found.append(Field(shown, ast.unparse(node.annotation), default, said))
    return found


def _comments(text: str) -> dict[int, str]:
    """Comments that stand behind code, by line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {
        t.start[0]: t.string.lstrip("# ")
        for t in tokens
        if t.type == tokenize.COMMENT and t.line.strip() != t.string.strip() and "fmt:" not in t.string
    }


def fields_table(name: str, linked: Collection[str]) -> str:
    """The fields as a table; *linked* are Structs that have a heading on the same page."""
    doc = " ".join((inspect.getdoc(struct(name)) or "").replace("``", "`").split())
    rows = [(code(f.name), _type(f.type, linked), _default(f), plain(f.comment)) for f in fields(name)]
    return f"{doc}\n\n{table(['field', 'holds', 'if left out', ''], rows)}"


def _default(field: Field) -> str:
    if field.default is None:
        return "**required**"
    return {"None": "", "[]": "", "{}": "", "()": "", "''": "", "Legend()": ""}.get(
        field.default, code(field.default.strip("'"))
    )


def _type(text: str, linked: Collection[str]) -> str:
    """A type in a reader's words."""
    return "".join(_spoken(ast.parse(text, mode="eval").body, linked))


def _spoken(node: ast.expr, linked: Collection[str]) -> Iterator[str]:
    if isinstance(node, ast.BinOp):
        sides = [s for s in (node.left, node.right) if not (isinstance(s, ast.Constant) and s.value is None)]
        yield " or ".join("".join(_spoken(s, linked)) for s in sides)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        yield _holder(node.value.id, node.slice, linked)
    elif isinstance(node, ast.Constant):
        yield (
            f"list of [{node.value}](#{str(node.value).lower()})" if node.value in linked else str(node.value)
        )
    else:
        name = ast.unparse(node)
        yield f"[{name}](#{name.lower()})" if name in linked else _NAMES.get(name, name)


def _holder(name: str, inside: ast.expr, linked: Collection[str]) -> str:
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    if name == "Literal":
        return ", ".join(code(p.value) for p in parts if isinstance(p, ast.Constant))
    said = [
        "".join(_spoken(p, linked)) for p in parts if not (isinstance(p, ast.Constant) and p.value is ...)
    ]
    if name == "dict":
        return f"{said[0]} → {said[1]}"
    return (
        f"{' and '.join(said)}" if name == "tuple" and len(parts) == len(said) > 1 else f"list of {said[0]}"
    )


_NAMES = {
    "str": "text",
    "int": "whole number",
    "Decimal": "number",
    "bool": "true or false",
    "Text": "language → text",
    "Country": "`us`, `eu`, `uk`",
    "Asks": "one of the acts",
    "Name": "`met`, `not met`, `cannot be decided`",
    "SectionId": "the code of a section",
    "Kind": "a kind of event",
    "State": "a review state",
}
