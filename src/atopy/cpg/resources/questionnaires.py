"""The questions for what a record does not hold, in our own words: one form for the clinician, one for the patient.

Scores are asked for as their total; the wording of no licensed instrument is here.
"""

from collections.abc import Iterable
from typing import NamedTuple

from atopy.cpg.resources.book import Book, ref_of
from atopy.cpg.resources.canonical import Resource, kept, url_of
from atopy.cpg.resources.dosage import UCUM, number
from atopy.cpg.resources.writer import QUESTIONS
from atopy.criteria import Boolean, Category, Number, Ref, Type
from atopy.facts import CompiledFact, Demographic, Observe
from atopy.plan import words as texts
from atopy.plan.case import LANGUAGE

_PROFILE = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-shareablequestionnaire"
_FHIR = "http://hl7.org/fhir/StructureDefinition/"
_INITIAL = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression"
_PERSON = "person"


class Asked(NamedTuple):
    """A fact that a record holds as an event or of the person, with its question for each reader."""

    ref: Ref
    fact: CompiledFact
    kind: str
    clinician: str
    patient: str


def questionnaires(book: Book) -> list[Resource]:
    """Both forms. The patient is asked what is answered by yes or no; figures are the clinician's."""
    asked = list(_asked(book))
    plain = [a for a in asked if isinstance(a.fact.signature.type, Boolean)]
    disclaimer = book.compiled.meta.disclaimer
    both = (
        (QUESTIONS, "Questions for the clinician", disclaimer.clinician, [(a, a.clinician) for a in asked]),
        (
            f"{QUESTIONS}-patient",
            "Questions for the patient",
            disclaimer.patient or {},
            [(a, a.patient) for a in plain],
        ),
    )
    return [_form(book, id_, title, said.get(LANGUAGE, ""), items) for id_, title, said, items in both]


def _asked(book: Book) -> Iterable[Asked]:
    """Every recorded fact of the logic that has a question; a question that two facts share is asked once."""
    for key in (*book.logic.definitions, *book.logic.parameters):
        ref = ref_of(key)
        fact = book.compiled.facts.get(ref.name)
        if fact is None or not fact.question:
            continue
        derivation = fact.variants.get(ref.args[0], fact.derivation) if ref.args else fact.derivation
        if isinstance(derivation, Observe):
            yield Asked(ref, fact, derivation.events.kind, *_questions(book, fact, ref))
        elif isinstance(derivation, Demographic):
            yield Asked(ref, fact, _PERSON, *_questions(book, fact, ref))


def _questions(book: Book, fact: CompiledFact, ref: Ref) -> tuple[str, str]:
    """As a plan asks them."""
    asked = fact.question[LANGUAGE]
    plain = fact.question.get("patient") or texts.to_you(asked)
    for id_ in ref.args[:1]:
        asked = f"{asked.rstrip('?')}: {book.term(id_)}?"
        plain = f"{plain.rstrip('?')}: {book.guidance.plain.get(id_) or book.term(id_)}?"
    return asked, plain


def _form(book: Book, id_: str, title: str, said: str, asked: list[tuple[Asked, str]]) -> Resource:
    once: dict[tuple[str, str], Resource] = {}
    for one, text in asked:
        once.setdefault((one.kind, text), _item(book, one, text))
    groups: dict[str, list[Resource]] = {}
    for (kind, _), item in once.items():
        groups.setdefault(kind, []).append(item)
    return book.head(
        "Questionnaire", id_, title, f"{title}: what the guideline asks for. {said}", _PROFILE
    ) | {
        "subjectType": ["Patient"],
        "item": [
            {"linkId": kind, "text": kind.replace("_", " ").capitalize(), "type": "group", "item": items}
            for kind, items in sorted(groups.items())
        ],
    }


def _item(book: Book, one: Asked, text: str) -> Resource:
    """One question; where the record knows the answer it is filled in."""
    found = book.logic.definitions.get(one.ref.key)
    filled = {
        "url": _INITIAL,
        "valueExpression": {
            "language": "text/cql-identifier",
            "expression": found.name,
            "reference": url_of(book.base, "Library", found.library),
        },
    } if found else None  # fmt: skip
    type_ = one.fact.signature.type
    return kept(
        extension=[*(_limits(type_) if isinstance(type_, Number) else []), *([filled] if filled else [])],
        linkId=one.ref.key,
        text=text,
        type=_type(type_),
        required=False,
        answerOption=[{"valueString": v} for v in type_.values] if isinstance(type_, Category) else [],
    )


def _type(type_: Type) -> str:
    if isinstance(type_, Category):
        return "choice" if type_.values else "string"
    if isinstance(type_, Number):
        return "decimal"
    return "boolean" if isinstance(type_, Boolean) else "date"


def _limits(type_: Number) -> list[Resource]:
    """The unit of a number, and between which values it can be."""
    found: list[Resource] = []
    if type_.unit:
        found.append(
            {"url": f"{_FHIR}questionnaire-unit", "valueCoding": {"system": UCUM, "code": type_.unit}}
        )
    ends = (("minValue", type_.low), ("maxValue", type_.high))
    return found + [{"url": f"{_FHIR}{name}", "valueDecimal": number(v)} for name, v in ends if v is not None]


__all__ = ["questionnaires"]
