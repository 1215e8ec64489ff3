"""One file in: which kind it is, read as text, and handed to who knows the kind."""

from pathlib import Path

from atopy.guideline.imports.csl import Fields
from atopy.guideline.imports.found import Import
from atopy.guideline.load import Content
from atopy.yaml_source import Problem, SourceError

KINDS = {".ris": "RIS", ".bib": "BibTeX", ".bibtex": "BibTeX", ".csv": "CSV"}


def import_file(path: Path, content: Content) -> Import:
    """What a file of references (.ris, .bib) or of trial arms (.csv) would add to *content*. Nothing is written.

    Raises SourceError with every row that is wrong, and for a file that cannot be read.
    """
    if content.problems:
        raise SourceError(content.problems)
    name, kind = path.name, KINDS.get(path.suffix.lower())
    if kind is None:
        mend = f"Write references to .ris or .bib, arms of trials to .csv; this is '{path.suffix}'."
        raise SourceError([Problem(str(path), None, "", "is of no kind that can be imported.", mend)])
    text = _text(path)
    if kind == "CSV":
        from atopy.guideline.imports.trials import import_trials

        return import_trials(text, content, name)
    from atopy.guideline.imports.references import import_references

    fields, problems = _references(kind, text, name)
    folder = Path(content.folder)
    held = [_held(folder / file) for file in ("sources.yaml", "references.json")]
    return import_references(fields, problems, content, name, *held)


def _references(kind: str, text: str, name: str) -> tuple[list[Fields], list[Problem]]:
    if kind == "RIS":
        from atopy.guideline.imports.ris import read_ris

        return read_ris(text, name)
    from atopy.guideline.imports.bibtex import read_bibtex

    return read_bibtex(text, name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError([Problem(str(path), None, "", f"cannot be opened: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        mend = "Save it as UTF-8."
        raise SourceError(
            [Problem(str(path), None, "", f"is not UTF-8 text (byte {error.start}).", mend)]
        ) from None


def _held(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


__all__ = ["KINDS", "import_file"]
