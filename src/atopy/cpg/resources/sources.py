"""Who says it: each source of a statement as a RelatedArtifact, with what that source itself grades.

Several sources grade one statement in scales of their own. So strength and certainty stand on each citation, and
on the statement only where one source alone speaks, or all say the same: nobody's grades are averaged.
"""

from collections.abc import Iterable, Sequence

from atopy.cpg.resources import codes
from atopy.cpg.resources.book import Book
from atopy.cpg.resources.canonical import Resource, kept
from atopy.cpg.resources.extensions import SOURCE_VERIFIED, extension
from atopy.guideline import Citation, Grade
from atopy.plan.references import label

Sourced = Citation | Grade


def artifacts(book: Book, sources: Iterable[Sourced]) -> list[Resource]:
    """The sources of a statement, in its order; one that says two things stands twice."""
    return [_artifact(book, source) for source in sources]


def _artifact(book: Book, source: Sourced) -> Resource:
    key = book.guidance.key(source.source)
    entry = book.compiled.csl(source.source)
    info = book.compiled.sources.get(source.source)
    extensions = [extension(book.base, SOURCE_VERIFIED, source.verified), *graded(source)]
    place = f", {source.place}" if source.place else ""
    note = getattr(source, "note", None) or (info.note if info else None)
    if entry is None:  # memory, our own derivation, a convention: said, but no publication
        said = "; ".join(x for x in (f"not a publication: {key}", note) if x)
        return kept(extension=extensions, type="justification", label=key, display=said)
    numbers = [f"{name}: {entry[name]}." for name in ("DOI", "PMID") if entry.get(name)]
    return kept(
        extension=extensions,
        type="citation",
        label=key,
        display=f"{label(book.compiled, source.source)}{place}",
        citation=" ".join([book.compiled.bibliography[key], *numbers]),
        url=f"https://doi.org/{entry['DOI']}" if entry.get("DOI") else entry.get("URL"),
    )


def graded(source: Sourced) -> list[Resource]:
    """What one source grades, as extensions: strength in its own words, certainty."""
    found: list[Resource] = []
    if source.strength and source.strength != "none":
        said = (
            f"{source.strength} {source.direction}"
            if source.direction in ("for", "against")
            else source.strength
        )
        text = f"{said} ({source.scale})" if source.scale else said
        found.append({"url": codes.STRENGTH, "valueCodeableConcept": codes.strength(source.strength, text)})
    if source.certainty:
        found.append({"url": codes.CERTAINTY, "valueCodeableConcept": codes.certainty(source.certainty)})
    return found


def of_statement(sources: Sequence[Sourced]) -> list[Resource]:
    """Strength, certainty and direction of a whole statement: only where the sources that grade it agree."""
    read = [s for s in sources if s.verified]
    found: list[Resource] = []
    strong = {s.strength for s in read if s.strength and s.strength != "none"}
    if len(strong) == 1 and len({s.scale for s in read if s.strength in strong}) == 1:
        found += [
            e for e in graded(next(s for s in read if s.strength in strong)) if e["url"] == codes.STRENGTH
        ]
    certain = {s.certainty for s in read if s.certainty}
    if len(certain) == 1:
        found.append({"url": codes.CERTAINTY, "valueCodeableConcept": codes.certainty(certain.pop())})
    ways = {s.direction for s in read if s.direction in ("for", "against")}
    if len(ways) == 1:
        found.append({"url": codes.DIRECTION, "valueCodeableConcept": codes.direction(ways.pop())})
    return found


__all__ = ["Sourced", "artifacts", "graded", "of_statement"]
