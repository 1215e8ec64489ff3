"""The public function of ``import atopy`` over the export: export_cpg."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from atopy.cpg.cql import CqlExport, CqlLibrary, cql_export
from atopy.cpg.elm import find_translator, translate
from atopy.cpg.folder import write_folder
from atopy.cpg.resources import DEFAULT_CANONICAL, Resource, files_of, make_resources
from atopy.cpg.resources.canonical import checked_base
from atopy.cpg.resources.export import recommendations_cql
from atopy.guideline import load_guideline

NO_ELM: Mapping[str, bytes] = {}


def export_cpg(
    out: Path | str,
    *,
    canonical: str = DEFAULT_CANONICAL,
    content: Path | str | None = None,
    elm: Mapping[str, bytes] = NO_ELM,
    translator: Path | str | None = None,
) -> list[Path]:
    """Write the guideline as CQL and as FHIR R4 in the profiles of CPG-on-FHIR into the folder *out*.

    *canonical* is the base of every address; the default belongs to nobody. *content* is another guideline's folder.
    *elm* holds translations of the libraries, as JSON by the library's name, to be attached; or *translator* names a
    folder with the npm packages of the official translator, which then makes them. The answer is every path written.
    The same content and address give the same bytes.

    Raises ValueError for an address that cannot be a base and a translator that cannot be run, SourceError for content
    with problems, a folder that holds something else, and where it cannot be written.
    """
    base = checked_base(canonical)
    compiled = load_guideline(Path(content) if content is not None else None)
    logic = cql_export(compiled, base)
    packages = find_translator(Path(translator) if translator is not None else None)
    if packages is not None:
        elm = {
            **elm,
            **translate(with_recommendations(logic, make_resources(compiled, logic, base)), packages),
        }
    made = make_resources(compiled, logic, base, elm)
    files = {Path("cql", f"{library.name}.cql"): library.text.encode() for library in logic.libraries}
    files |= {Path("elm", f"{name}.json"): text for name, text in sorted(elm.items())}
    return write_folder(Path(out), files | files_of(compiled, logic, made, base))


def with_recommendations(logic: CqlExport, made: Sequence[Resource]) -> CqlExport:
    """The logic with the library of conditions at its end, which stands among the resources."""
    name, text = recommendations_cql(made)
    includes = (logic.libraries[-1].name,)
    last = CqlLibrary(name, logic.libraries[-1].version, text.decode(), includes)
    return replace(logic, libraries=(*logic.libraries, last))


__all__ = ["export_cpg", "with_recommendations"]
