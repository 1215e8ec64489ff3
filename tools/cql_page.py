"""Fills docs/cql.md with the facts that are parameters of the exported CQL, and why each is one."""

import re
from pathlib import Path

from atopy.cpg import CqlExport, cql_export
from atopy.guideline import load_guideline

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cql.md"
PLACE = re.compile(r"(<!-- parameters -->\n).*?(<!-- end -->)", re.DOTALL)


def rows(made: CqlExport) -> list[str]:
    """A row for each fact: its name, its type in CQL, why it is not derived."""
    found = {}
    for parameter in made.parameters.values():
        fact, bracket, _ = parameter.key.partition("(")
        written = f"`{fact}(…)`" if bracket else f"`{fact}`"
        found[fact, parameter.reason] = f"| {written} | {parameter.type} | {parameter.reason} |"
    return [found[key] for key in sorted(found)]


def filled(page: str, made: CqlExport) -> str:
    """The page with its table anew."""
    table = "\n".join(["| fact | type | why |", "|---|---|---|", *rows(made)])
    return PLACE.sub(lambda m: f"{m[1]}\n{table}\n\n{m[2]}", page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), cql_export(load_guideline())), encoding="utf-8")
