"""The public function of ``import atopy`` over the export: export_cpg."""

from pathlib import Path

from atopy.cpg.cql import cql_export
from atopy.cpg.elm import read_elm
from atopy.cpg.folder import write_folder
from atopy.cpg.resources import DEFAULT_CANONICAL, files_of, make_resources
from atopy.cpg.resources.canonical import checked_base, recommendations_name
from atopy.guideline import load_guideline


def export_cpg(
    out: Path | str,
    *,
    canonical: str = DEFAULT_CANONICAL,
    content: Path | str | None = None,
    elm: Path | str | None = None,
) -> list[Path]:
    """Write the guideline as CQL and as FHIR R4 in the profiles of CPG-on-FHIR into the folder *out*.

    *canonical* is the base of every address; the default belongs to nobody. *content* is another guideline's folder.
    *elm* is a folder of translations of the libraries (``{library}.json``), to be attached. The answer is every path
    written. The same content and address give the same bytes.

    Raises ValueError for an address that cannot be a base, SourceError for content with problems, a folder that holds
    something else, and where it cannot be written.
    """
    base = checked_base(canonical)
    compiled = load_guideline(Path(content) if content is not None else None)
    logic = cql_export(compiled, base)
    names = [*(library.name for library in logic.libraries), recommendations_name(compiled)]
    translated = read_elm(Path(elm), names, compiled.meta.version) if elm is not None else {}
    made = make_resources(compiled, logic, base, translated)
    files = {Path("cql", f"{library.name}.cql"): library.text.encode() for library in logic.libraries}
    files |= {Path("elm", f"{name}.json"): text for name, text in translated.items()}
    return write_folder(Path(out), files | files_of(compiled, logic, made, base))


__all__ = ["export_cpg"]
