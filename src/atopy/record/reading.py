"""One way in: Atopy YAML or JSON, a FHIR Bundle, FHIR NDJSON or one resource; detected, not asked.

The readers of FHIR are imported when there is FHIR: they are a third of this package.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from atopy.record.model import Record
from atopy.record.own import read_own
from atopy.record.schema import FORMAT
from atopy.record.scorer import Scorer
from atopy.record.vocabulary import Vocabulary
from atopy.yaml_source import Document, Problem, SourceError, bytes_of, load_yaml, not_utf8

_SURROGATES = re.compile(r"(?<!\\)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_JSON = msgspec.json.Decoder(float_hook=Decimal)
_EXPECTED = f"A record is Atopy YAML or JSON (`atopy: {FORMAT}`), a FHIR R4 Bundle, FHIR NDJSON, or one FHIR resource."


def read(
    source: Path | str,
    vocabulary: Vocabulary,
    *,
    scorer: Scorer | None = None,
    file: str | None = None,
    patient: str | None = None,
) -> Record:
    """Read one patient's record from a path, or from text in any of the formats.

    A string is text when it has a line break or begins as a record does, else a path; a folder is read as the
    NDJSON files in it. *scorer* validates scores and adds up items. *file* is the name that messages and
    origins use. *patient* chooses one where FHIR holds several.

    Raises SourceError for what cannot be read, and for every mistake of form in Atopy's own format at once.
    Well-formed values that cannot be, or that disagree, are in the record with ``quarantined`` set.
    """
    if isinstance(source, str) and _is_text(source):
        return read_bytes(source.encode(), vocabulary, scorer=scorer, file=file or "record", patient=patient)
    name = file or str(source)
    if not name.strip():
        raise SourceError(
            [Problem("record", None, "", "is neither a path nor a text: it is empty.", _EXPECTED)]
        )
    path = Path(source)
    if path.is_dir():
        from atopy.record.fhir_reading import entries_in, one_patient

        files = [(str(p), bytes_of(p, str(p))) for p in sorted(path.glob("*.ndjson"))]
        entries = entries_in(files, _decode)
        if not entries:
            raise SourceError([Problem(name, None, "", "is a folder without NDJSON files.", _EXPECTED)])
        return one_patient(entries, [], vocabulary, scorer, name, patient)
    return read_bytes(bytes_of(path, name), vocabulary, scorer=scorer, file=name, patient=patient)


def read_bytes(
    data: bytes,
    vocabulary: Vocabulary,
    *,
    scorer: Scorer | None = None,
    file: str = "record",
    patient: str | None = None,
) -> Record:
    """As ``read``, from the bytes of a file."""
    body = data.removeprefix(b"\xef\xbb\xbf").strip()
    if body.startswith((b"{", b"[")):
        try:
            decoded = _decode(body)
        except msgspec.DecodeError as error:
            return _not_one_document(body, vocabulary, scorer, file, patient, str(error))
        if not (isinstance(decoded, dict) and "atopy" in decoded):
            return _data(decoded, vocabulary, scorer, file, patient)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError([not_utf8(file, error)]) from None
    return read_own(load_yaml(_SURROGATES.sub(_joined, text), file), vocabulary, scorer)


def _decode(data: bytes) -> Any:
    """JSON as plain data. Raises DecodeError for what is none, or is none that can be held."""
    try:
        return _JSON.decode(data)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(str(error)) from None
    except RecursionError:
        raise msgspec.DecodeError("it is nested deeper than can be read") from None


def _joined(pair: re.Match[str]) -> str:
    """The one character that two JSON escapes spell; YAML, by which JSON is read here, has no such pairs."""
    high, low = int(pair[1], 16), int(pair[2], 16)
    return chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00)


def read_data(
    data: Any,
    vocabulary: Vocabulary,
    *,
    scorer: Scorer | None = None,
    file: str = "record",
    patient: str | None = None,
) -> Record:
    """As ``read``, from data already parsed: a mapping of Atopy's own format, or FHIR.

    FHIR is a Bundle, one resource, or a list of resources. Errors then have paths but no lines.
    """
    return _data(data, vocabulary, scorer, file, patient)


def read_ndjson_patients(
    paths: Iterable[Path | str], vocabulary: Vocabulary, *, scorer: Scorer | None = None
) -> Iterator[Record]:
    """Every patient of a Bulk Data export, in the order first met; all files are held in memory.

    Resources about no patient (Medication, Organization ...) serve as targets of references only.
    """
    from atopy.record.fhir_reading import each_patient, entries_in

    names = [str(path) for path in paths]
    entries = entries_in([(name, bytes_of(Path(name), name)) for name in names], _decode)
    file = names[0] if len(names) == 1 else f"{len(names)} files"
    yield from each_patient(entries, vocabulary, scorer, file)


def _is_text(source: str) -> bool:
    return "\n" in source or source.lstrip().startswith(("{", "[", "atopy:"))


def _not_one_document(
    body: bytes, vocabulary: Vocabulary, scorer: Scorer | None, file: str, patient: str | None, why: str
) -> Record:
    """Text in braces that is not one JSON value: NDJSON if its first line is, flow-style YAML, or broken."""
    first, _, rest = body.partition(b"\n")
    try:
        line = _decode(first)
    except msgspec.DecodeError:
        line = None
    if isinstance(line, dict) and rest.strip():
        from atopy.record.fhir_reading import entries_in, one_patient

        return one_patient(entries_in([(file, body)], _decode), [], vocabulary, scorer, file, patient)
    try:
        document = load_yaml(body.decode("utf-8"), file)
    except (SourceError, UnicodeDecodeError):
        document = None
    if document is None or not isinstance(document.data, dict) or "resourceType" in document.data:
        raise SourceError([Problem(file, None, "", f"is not JSON: {why}.", _EXPECTED)])
    return read_own(document, vocabulary, scorer)


def _data(data: Any, vocabulary: Vocabulary, scorer: Scorer | None, file: str, patient: str | None) -> Record:
    if isinstance(data, dict) and "atopy" in data and "resourceType" not in data:
        return read_own(Document(file, _exact(data)), vocabulary, scorer)
    listed = (
        isinstance(data, list) and data and all(isinstance(r, dict) and "resourceType" in r for r in data)
    )
    if listed or (isinstance(data, dict) and "resourceType" in data):
        from atopy.record.fhir_reading import of_resources

        return of_resources(data, vocabulary, scorer, file, patient)
    raise SourceError([Problem(file, None, "", "is neither Atopy's format nor FHIR.", _EXPECTED)])


def _exact(data: Any) -> Any:
    """The same data with binary floats as the decimals that were meant."""
    if isinstance(data, float):
        return Decimal(repr(data))
    if isinstance(data, dict):
        return {str(key): _exact(value) for key, value in data.items()}
    return [_exact(value) for value in data] if isinstance(data, list) else data


__all__ = ["read", "read_bytes", "read_data", "read_ndjson_patients"]
