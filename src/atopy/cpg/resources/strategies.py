"""What groups the rules: a strategy for each item of the content, rung and section; and the pathway over them."""

from collections.abc import Sequence
from typing import NamedTuple

from atopy.cpg.resources import codes
from atopy.cpg.resources.book import Book
from atopy.cpg.resources.canonical import Resource, kept
from atopy.cpg.resources.extensions import PATIENT_TEXT, extension

_STRUCTURES = "http://hl7.org/fhir/uv/cpg/StructureDefinition/"


class Part(NamedTuple):
    """One thing in a strategy: a rule, another strategy, or a group of these."""

    title: str
    said: str
    process: str
    definition: str | None = None  # id of a PlanDefinition of this export
    parts: tuple["Part", ...] = ()
    patient: str | None = None


class Strategies:
    """Collects strategies and the pathway."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.made: dict[str, Resource] = {}

    def add(
        self,
        id_: str,
        title: str,
        said: str,
        parts: Sequence[Part],
        part_of: str | None = None,
        of: str | None = None,
    ) -> Part | None:
        """Keep one strategy and answer it as a part of the next; None where nothing is in it. *of* is its item's id."""
        if not parts:
            return None
        made = self._made(
            id_, title, said, "workflow-definition", "cpg-strategydefinition", parts, part_of, of
        )
        self.made[id_] = made
        return Part(title, said, parts[0].process, id_)

    def pathway(self, id_: str, title: str, said: str, parts: Sequence[Part]) -> None:
        """Keep the pathway over all strategies."""
        self.made[id_] = self._made(
            id_, title, said, "clinical-protocol", "cpg-pathwaydefinition", parts, None, None
        )

    def _made(
        self, id_: str, title: str, said: str, kind: str, profile: str, parts: Sequence[Part], part_of: str | None,
        of: str | None,
    ) -> Resource:  # fmt: skip
        book = self.book
        head = book.head("PlanDefinition", id_, title, said, f"{_STRUCTURES}{profile}", of=of)
        if part_of:
            head["extension"].append(
                {"url": codes.PART_OF, "valueCanonical": book.canonical("PlanDefinition", part_of)}
            )
        return head | kept(
            type=codes.plan_type(kind),
            topic=[codes.topic(book.said(book.compiled.meta.condition))],
            author=[{"name": name} for name in book.compiled.meta.authors],
            action=[self._action(part) for part in parts],
        )

    def _action(self, part: Part) -> Resource:
        book = self.book
        return kept(
            extension=[extension(book.base, PATIENT_TEXT, part.patient)] if part.patient else [],
            title=part.title,
            description=part.said,
            code=[codes.process(part.process)],
            definitionCanonical=book.canonical("PlanDefinition", part.definition)
            if part.definition
            else None,
            action=[self._action(inner) for inner in part.parts],
        )


__all__ = ["Part", "Strategies"]
