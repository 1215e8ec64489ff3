"""The table of contents: one Library that names every resource of the export, and what it needs from elsewhere."""

from collections.abc import Sequence

from atopy.cpg.resources import codes
from atopy.cpg.resources.book import Book
from atopy.cpg.resources.canonical import Resource

_PROFILE = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-assetcollection"
NEEDED = (
    (
        "Clinical Guidelines (CPG-on-FHIR)",
        "http://hl7.org/fhir/uv/cpg/ImplementationGuide/hl7.fhir.uv.cpg|2.0.0",
    ),
    ("FHIRHelpers", "http://fhir.org/guides/cqf/common/Library/FHIRHelpers|4.0.1"),
)


def manifest(book: Book, made: Sequence[Resource]) -> Resource:
    """The asset collection over *made*."""
    meta = book.compiled.meta
    title = book.said(meta.title)
    said = (
        f"{title}, version {book.version}: everything in this export. Literature to {meta.literature_current_through}. "
        f"{book.words(meta.intended_use)[0]} {book.words(meta.disclaimer)[0]}"
    )
    head = book.head("Library", book.id, title, said, _PROFILE)
    composed = [
        {
            "type": "composed-of",
            "display": f"{one['resourceType']}: {one['title']}",
            "resource": f"{one['url']}|{one['version']}",
        }
        for one in made
    ]
    needed = [{"type": "depends-on", "display": name, "resource": url} for name, url in NEEDED]
    return head | {
        "type": codes.library_type("asset-collection", "Asset Collection"),
        "topic": [codes.topic(book.said(meta.condition))],
        "author": [{"name": name} for name in meta.authors],
        "relatedArtifact": [*composed, *needed],
    }


__all__ = ["NEEDED", "manifest"]
