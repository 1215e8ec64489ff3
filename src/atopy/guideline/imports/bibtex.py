"""BibTeX, read by bibtexparser: each entry, and each that cannot be read."""

from collections.abc import Iterable, Iterator
from typing import Any

from atopy.guideline.imports.csl import Fields, person
from atopy.yaml_source import Problem

_TYPES = {
    "article": "article-journal", "inproceedings": "article-journal", "conference": "article-journal",
    "book": "book", "inbook": "chapter", "incollection": "chapter", "techreport": "report", "report": "report",
    "manual": "report", "misc": "webpage", "online": "webpage", "electronic": "webpage", "dataset": "dataset",
    "patent": "patent",
}  # fmt: skip


def read_bibtex(text: str, file: str) -> tuple[list[Fields], list[Problem]]:
    """Every entry of a BibTeX file, and every block that is none."""
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string

    written = parse_string(text, append_middleware=[middlewares.SeparateCoAuthors()])
    plain = parse_string(text, append_middleware=[middlewares.LatexDecodingMiddleware()])
    names = {entry.start_line: entry.fields_dict.get("author") for entry in written.entries}
    problems = [_failed(block, file) for block in plain.failed_blocks]
    found = [_fields(entry, names.get(entry.start_line)) for entry in plain.entries]
    if not found and not problems:
        problems.append(
            Problem(file, 1, "", "holds no BibTeX entry.", "An entry begins with '@article{key,'.")
        )
    return found, problems


def _failed(block: Any, file: str) -> Problem:
    why = getattr(block.error, "abort_reason", None) or str(block.error) or "it is no entry"
    said = str(why).strip().splitlines()[-1].rstrip(".")
    return Problem(file, block.start_line + 1, "", f"cannot be read: {said}.", "Mend the entry, or its key.")


def _fields(entry: Any, written: Any) -> Fields:
    authors = _people(written.value if written is not None else ())
    said = {field.key.lower(): str(field.value).strip() for field in entry.fields}
    kind = str(entry.entry_type)
    pages = said.get("pages", "").replace("–", "-").replace("--", "-").replace(" ", "")
    venue = next((said[name] for name in ("journal", "journaltitle", "booktitle") if said.get(name)), "")
    from_pubmed = said.get("eprinttype", said.get("archiveprefix", "")).lower() == "pubmed"
    pmid = said.get("pmid", "") or (said.get("eprint", "") if from_pubmed else "")
    return Fields(
        entry.start_line + 1, _TYPES.get(kind), kind, said.get("title", "").replace("{", "").replace("}", ""),
        tuple(authors), venue, said.get("year", "") or said.get("date", ""), said.get("volume", ""),
        said.get("number", "") or said.get("issue", ""), pages,
        said.get("publisher", "") or said.get("institution", ""), "", said.get("doi", ""), pmid,
        said.get("pmcid", ""), said.get("url", ""),
    )  # fmt: skip


def _people(names: Iterable[str]) -> Iterator[dict[str, str]]:
    """Each author, still in LaTeX; one that stands in braces of its own is a body."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    for name in names:
        if name.startswith("{") and name.endswith("}"):
            yield {"literal": _text(name)}
            continue
        parts = parse_single_name_into_parts(name)
        given = _text(" ".join(parts.first))
        yield person(_text(" ".join([*parts.von, *parts.last, *parts.jr])), given)


def _text(latex: str) -> str:
    """LaTeX as the characters that it prints: read as the one field of an entry."""
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string

    decode = middlewares.LatexDecodingMiddleware()
    library = parse_string(f"@misc{{x, field = {{{latex}}}}}", append_middleware=[decode])
    found = next((entry.fields_dict["field"].value for entry in library.entries), latex)
    return str(found).replace("{", "").replace("}", "").strip()


__all__ = ["read_bibtex"]
