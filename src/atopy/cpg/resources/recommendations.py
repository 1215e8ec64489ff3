"""One eca-rule for each rule of the content: when it applies, what it says, on whose word, what it asks for."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from atopy.cpg.cql_text import string
from atopy.cpg.resources import codes
from atopy.cpg.resources.activities import Activities
from atopy.cpg.resources.book import Book, brief
from atopy.cpg.resources.canonical import Resource, fhir_id, kept, url_of
from atopy.cpg.resources.conditions import Conditions
from atopy.cpg.resources.extensions import PATIENT_TEXT, extension
from atopy.cpg.resources.sources import Sourced, artifacts, of_statement
from atopy.criteria import Node

PROFILE = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-recommendationdefinition"


class Step(NamedTuple):
    """One action of a rule: when (beside the rule's own condition), what is said, what is asked for."""

    title: str
    said: str
    when: Node | None = None
    patient: str | None = None
    definition: str | None = None  # canonical of an ActivityDefinition
    issue: bool = False  # the activity is told what to record
    extensions: tuple[Resource, ...] = ()
    steps: tuple["Step", ...] = ()
    selection: str | None = None
    timing: Resource | None = None
    name: str | None = None  # of its condition; else that of the rule, and its place in it


class Dates(NamedTuple):
    """From when until when a rule is in force."""

    effective: str | None = None
    until: str | None = None


NO_DATES = Dates()


class Recommendations:
    """Collects the rules; each is named by the id that it has in the content."""

    def __init__(self, book: Book, conditions: Conditions, activities: Activities) -> None:
        self.book = book
        self.conditions = conditions
        self.activities = activities
        self.made: dict[str, Resource] = {}  # id of the rule -> PlanDefinition

    def add(
        self, id_: str, title: str, process: str, steps: Sequence[Step], sources: Iterable[Sourced] = (),
        country: str | None = None, dates: Dates = NO_DATES, part_of: str | None = None, of: str | None = None,
    ) -> None:  # fmt: skip
        """Keep one rule as a PlanDefinition. *part_of* is its strategy, *of* the item of content it is in."""
        if id_ in self.made:
            raise ValueError(f"the rule '{id_}' is exported twice")
        book, cited = self.book, list(sources)
        made = book.head("PlanDefinition", id_, title, steps[0].said, PROFILE, country, of=of)
        if part_of:
            made["extension"].append(
                {"url": codes.PART_OF, "valueCanonical": book.canonical("PlanDefinition", part_of)}
            )
        graded = of_statement(cited)
        self.made[id_] = made | kept(
            type=codes.plan_type("eca-rule"),
            usage=f"To be read again by {day}." if (day := book.review_days.get(id_)) else None,
            effectivePeriod=_period(dates),
            topic=[codes.topic(book.said(book.compiled.meta.condition))],
            author=[{"name": name} for name in book.compiled.meta.authors],
            relatedArtifact=artifacts(book, cited),
            library=[f"{url_of(book.base, 'Library', book.recommendations)}|{book.version}"],
            action=[
                self._action(id_ if place == 1 else f"{id_}, {place}", step, process, graded)
                for place, step in enumerate(steps, 1)
            ],
        )

    def _action(self, name: str, step: Step, process: str, graded: list[Resource]) -> Resource:
        book = self.book
        extensions = [*graded, *step.extensions]
        if step.patient:
            extensions.append(extension(book.base, PATIENT_TEXT, step.patient))
        inner = [self._action(f"{name}: {part.title}", part, process, []) for part in step.steps]
        value = {
            "path": "description",
            "expression": {"language": "text/cql-expression", "expression": string(step.said)},
        }
        return kept(
            extension=extensions,
            title=step.title,
            description=step.said,
            code=[codes.process(process)],
            condition=[self.conditions.condition(step.name or name, step.when)]
            if step.when is not None
            else [],
            **(step.timing or {}),
            type=_CREATE if step.definition else None,
            selectionBehavior=step.selection,
            definitionCanonical=step.definition,
            dynamicValue=[value] if step.issue else [],
            action=inner,
        )


_CREATE = codes.concept(codes.coding("http://terminology.hl7.org/CodeSystem/action-type", "create", "Create"))


def _period(dates: Dates) -> Resource:
    return kept(start=dates.effective, end=dates.until)


__all__ = ["NO_DATES", "PROFILE", "Dates", "Recommendations", "Step", "brief", "fhir_id"]
