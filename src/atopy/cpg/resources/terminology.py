"""The words of the guideline: one CodeSystem of our own, and a ValueSet for each set of codes that the logic reads."""

from itertools import groupby

from atopy.cpg.cql_terms import ValueSetCodes
from atopy.cpg.resources.book import COPYRIGHT, Book, ref_of
from atopy.cpg.resources.canonical import Resource, fhir_id, fhir_name, kept
from atopy.plan.case import LANGUAGE
from atopy.record import Term
from atopy.record.codings import OWN_SYSTEM, system_name

SYSTEM_ID = "vocabulary"
_CODE_SYSTEM = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-shareablecodesystem"
_VALUE_SET = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-computablevalueset"
_NOTICES = {
    "snomed": (
        "Includes codes of SNOMED CT, which is copyright of SNOMED International; its use needs an affiliate licence "
        "or use in a member country."
    ),
    "loinc": (
        "Includes codes of LOINC (http://loinc.org), copyright Regenstrief Institute, Inc. and the LOINC Committee, "
        "available at no cost under the licence at http://loinc.org/license."
    ),
    "rxnorm": "Includes codes of RxNorm, courtesy of the US National Library of Medicine, which endorses nothing here.",
    "atc": "Includes codes of the ATC classification of the WHO Collaborating Centre for Drug Statistics Methodology.",
    "icd10cm": "Includes codes of ICD-10-CM, maintained by the US National Center for Health Statistics.",
    "cvx": "Includes codes of CVX, maintained by the US Centers for Disease Control and Prevention.",
    "hcpcs": "Includes codes of HCPCS Level II, maintained by the US Centers for Medicare and Medicaid Services.",
}
"""Whose codes a value set holds. No name of theirs is shown: each concept is called what this guideline calls it."""


def code_system(book: Book) -> Resource:
    """Every word of the vocabulary under its own id: also those for which no public system has a code."""
    said = (
        "The words of the guideline by id: drugs, conditions, findings, exposures, tests, scores and answers."
    )
    head = book.head("CodeSystem", SYSTEM_ID, "Vocabulary of the guideline", said, _CODE_SYSTEM)
    head["url"] = OWN_SYSTEM
    terms = sorted(book.compiled.vocabulary.terms.values(), key=lambda term: term.id)
    return head | {
        "caseSensitive": True,
        "content": "complete",
        "count": len(terms),
        "property": [
            {
                "code": "kind",
                "type": "string",
                "description": "what kind of word: drug, condition, finding ...",
            },
            {"code": "class", "type": "string", "description": "a class that it belongs to"},
        ],
        "concept": [_concept(term) for term in terms],
    }


def _concept(term: Term) -> Resource:
    plain = term.patient_name.get(LANGUAGE)
    return kept(
        code=term.id,
        display=term.name.get(LANGUAGE) or term.id,
        definition=term.note,
        designation=[{"language": LANGUAGE, "use": {"display": "for the patient"}, "value": plain}]
        if plain
        else [],
        property=[
            {"code": "kind", "valueString": term.kind},
            *({"code": "class", "valueString": group} for group in term.classes),
        ],
    )


def word_systems(book: Book) -> list[Resource]:
    """A CodeSystem for each system under this export's address that value sets hold codes of: words of records."""
    found: dict[str, set[str]] = {}
    for made in book.logic.value_sets.values():
        for system, code in made.codes:
            if system.startswith(f"{book.base}/CodeSystem/"):
                found.setdefault(system, set()).add(code)
    return [_words(book, url, sorted(words)) for url, words in sorted(found.items())]


def _words(book: Book, url: str, words: list[str]) -> Resource:
    said = "Names and synonyms of the guideline's words, in small letters: what a record without a code is read by."
    head = book.head("CodeSystem", url.rpartition("/")[2], "Words of records", said, _CODE_SYSTEM)
    return head | {
        "caseSensitive": False,
        "content": "complete",
        "count": len(words),
        "concept": [{"code": word, "display": word} for word in words],
    }


def value_set(book: Book, made: ValueSetCodes) -> Resource:
    """One set of codes, listed by system, with the expansion that an engine without a terminology server needs."""
    said = f"The codes by which a record may say: {made.title}."
    head = book.head("ValueSet", made.id, made.title, said, _VALUE_SET)
    head["name"] = fhir_name(f"value-set-{made.id}")
    systems = [
        (system, [code for _, code in codes]) for system, codes in groupby(sorted(made.codes), lambda c: c[0])
    ]
    notices = [_NOTICES[known] for system, _ in systems if (known := system_name(system)) in _NOTICES]
    head["copyright"] = " ".join([COPYRIGHT, *notices])
    terms = book.compiled.vocabulary.terms

    def named(system: str, code: str) -> Resource:
        term = terms.get(code) if system == OWN_SYSTEM else None
        return kept(code=code, display=term.name.get(LANGUAGE) if term else None)

    return head | {
        "compose": {
            "include": [
                {"system": system, "concept": [named(system, code) for code in codes]}
                for system, codes in systems
            ]
        },
        "expansion": {
            "timestamp": f"{book.compiled.meta.last_updated}T00:00:00Z",
            "total": len(made.codes),
            "contains": [{"system": s, **named(s, code)} for s, codes in systems for code in codes],
        },
    }


def groups(book: Book) -> list[Resource]:
    """A value set for each class of words that a fact looks for: all sets of its members together."""
    held = {made.id for made in book.logic.value_sets.values()}
    members = book.compiled.vocabulary.members
    found = {}
    for code in sorted(_looked_for(book)):
        inside = [i for word in (code, *members.get(code, ())) if (i := fhir_id(word)) in held]
        if code in members and inside:
            found[code] = _group(book, code, inside)
    return list(found.values())


def _group(book: Book, code: str, inside: list[str]) -> Resource:
    title = book.term(code)
    head = book.head("ValueSet", f"group-{code}", title, f"Every word that counts as: {title}.", _VALUE_SET)
    # Sets within one include are intersected; each in an include of its own, they are united.
    return head | {"compose": {"include": [{"valueSet": [book.canonical("ValueSet", i)]} for i in inside]}}


def _looked_for(book: Book) -> set[str]:
    """The codes of the events that the facts of the logic select: words and classes."""
    found: set[str] = set()
    rules = book.guidance.rules
    for key in (*book.logic.definitions, *book.logic.parameters):
        ref = ref_of(key)
        derivation = rules.derivation(book.compiled.facts[ref.name], ref.args)
        events = getattr(derivation, "events", None)
        if events is not None:
            found |= {code for code in events.codes if code != "*"}
    return found


__all__ = ["SYSTEM_ID", "code_system", "groups", "value_set", "word_systems"]
