"""What every resource is made from: the guideline with its words, the base address, and what stands on each."""

from functools import cached_property

import msgspec

from atopy.cpg.cql import CqlExport
from atopy.cpg.resources import codes
from atopy.cpg.resources.canonical import Resource, fhir_id, fhir_name, kept, recommendations_name, url_of
from atopy.cpg.resources.extensions import REVIEW_STATE, extension
from atopy.criteria import Ref
from atopy.guideline import Compiled, Quantity, Words
from atopy.plan import Guidance
from atopy.plan import words as texts
from atopy.plan.case import LANGUAGE
from atopy.plan.references import label

_TITLE = 96
COPYRIGHT = (
    "Guideline content: CC BY 4.0, the Atopy contributors. The publications that it cites belong to their authors and "
    "publishers; nothing of theirs is reproduced."
)


class Book:
    """One guideline on its way to FHIR: ``base`` is the canonical base URL, ``logic`` its CQL."""

    def __init__(self, compiled: Compiled, base: str, logic: CqlExport) -> None:
        self.compiled = compiled
        self.base = base
        self.logic = logic
        self.guidance = Guidance(compiled)
        self.version = compiled.meta.version
        self.id = fhir_id(compiled.meta.id)

    # -- addresses

    def url(self, kind: str, id_: str) -> str:
        """The canonical URL of a resource of this export, without its version."""
        return url_of(self.base, kind, fhir_id(id_))

    def canonical(self, kind: str, id_: str) -> str:
        """The same with the version of the guideline: what one resource names another by."""
        return f"{self.url(kind, id_)}|{self.version}"

    @cached_property
    def recommendations(self) -> str:
        """The name of the CQL library that holds the conditions."""
        return recommendations_name(self.compiled)

    @cached_property
    def review_days(self) -> dict[str, str]:
        """The day by which each piece of the content should be read again."""
        listed = self.compiled.review_by.items()
        return {id_: day for day, ids in listed for id_ in msgspec.msgpack.decode(ids, type=list[str])}

    # -- words

    def words(self, words: Words, numbers: dict[str, Quantity] | None = None) -> tuple[str, str | None]:
        """A text for the clinician and for the patient, numbers filled in."""
        numbers = numbers or {}
        return texts.clinician(words, numbers, LANGUAGE), texts.patient(words, numbers, LANGUAGE)

    def phrase(self, table: dict[str, Words], code: str) -> tuple[str, str | None]:
        """A code of the tables in words; the code itself where nobody gave it any."""
        return self.words(table[code]) if code in table else (code.replace("_", " "), None)

    def said(self, text: dict[str, str], numbers: dict[str, Quantity] | None = None) -> str:
        """A text that is the same for every reader."""
        return texts.fill(text.get(LANGUAGE) or next(iter(text.values()), ""), numbers or {})

    def name(self, words: Words) -> str:
        """What something is called by a clinician."""
        return self.words(words)[0]

    def term(self, id_: str) -> str:
        """What a word of the vocabulary, an option or a factor is called."""
        return self.guidance.wording.title(id_)

    def fact(self, name: str) -> str:
        """What a fact is called."""
        return self.guidance.wording.words(Ref(name))[0]

    def source_label(self, key: str) -> str:
        """Who says it, and when."""
        return label(self.compiled, key)

    # -- what stands on every resource

    def plain(self, description: str) -> Resource:
        """State and origin, as every kind of resource has them, before anything of its own."""
        meta = self.compiled.meta
        return {
            "version": self.version,
            "status": "draft",
            "experimental": True,
            "date": meta.last_updated,
            "publisher": meta.authors[0],
            "description": description,
        }

    def head(
        self, kind: str, id_: str, title: str, description: str, profile: str | None,
        country: str | None = None, level: str = "structured", of: str | None = None,
    ) -> Resource:  # fmt: skip
        """The beginning of a resource of CPG-on-FHIR: profile, capabilities, address, state, where it holds.

        *of* is the item of the content that it is about, where that has another id.
        """
        capabilities = ("shareable", "computable", "publishable")
        state = self.review(id_, of) if kind in REVIEW_STATE.on else None
        return kept(
            resourceType=kind,
            id=fhir_id(id_),
            meta=kept(profile=[profile] if profile else []),
            extension=[
                *({"url": codes.KNOWLEDGE_CAPABILITY, "valueCode": c} for c in capabilities),
                {"url": codes.REPRESENTATION_LEVEL, "valueCode": level},
                *([extension(self.base, REVIEW_STATE, state)] if state else []),
            ],
            url=self.url(kind, id_),
            name=fhir_name(fhir_id(id_)),
            title=title,
            **self.plain(description),
            jurisdiction=[codes.jurisdiction(country)],
            copyright=COPYRIGHT,
        )

    def review(self, id_: str, of: str | None) -> str:
        """The review state of the piece that *id_* names; else of the item *of* which it is, or of the guideline."""
        reviews = self.compiled.reviews
        state = reviews.get(id_) or reviews.get(of or id_) or self.compiled.meta.review_status
        return state.replace(" ", "-")


def ref_of(key: str) -> Ref:
    """A term as the logic names it: ``takes(methotrexate)``."""
    name, _, rest = key.partition("(")
    return Ref(name, tuple(rest.rstrip(")").split(", ")) if rest else ())


def brief(text: str, longest: int = _TITLE) -> str:
    """The first sentence of a text, cut at a word where it is long."""
    first = text.split(". ")[0].rstrip(".")
    return first if len(first) <= longest else first[:longest].rsplit(" ", 1)[0].rstrip(" ,;:(") + "…"


__all__ = ["COPYRIGHT", "Book", "brief", "ref_of"]
