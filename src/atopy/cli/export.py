"""``atopy guideline export``: the guideline for engines of other people."""

from collections import Counter
from pathlib import Path

import click

from atopy.cli import terminal


@click.command("export")
@terminal.format_option("cpg", help_="CQL, and FHIR R4 in the profiles of CPG-on-FHIR.")
@click.option("--out", type=terminal.PATH, required=True, metavar="DIR", help="A new or empty folder.")
@click.option(
    "--canonical",
    metavar="URL",
    help="The base of every address; the default, https://atopy.example/fhir, belongs to nobody.",
)
@click.option(
    "--translator",
    type=terminal.PATH,
    metavar="DIR",
    help="A folder with the npm packages @cqframework/cql and cql-exec-fhir: the export then holds ELM too.",
)
@terminal.content_option
def export(
    style: str, out: Path, canonical: str | None, translator: Path | None, content: Path | None
) -> None:
    """Write the guideline as CQL and CPG-on-FHIR. No clinician has reviewed it: every resource is a draft."""
    from atopy.cpg.public import export_cpg
    from atopy.cpg.resources import DEFAULT_CANONICAL

    base = canonical or DEFAULT_CANONICAL
    written = export_cpg(out, canonical=base, content=content, translator=translator)
    counts = Counter(path.relative_to(out).parts[0] for path in written if path.parent != out)
    lines = [f"  {count:>5}  {kind}" for kind, count in sorted(counts.items())]
    if not counts["elm"]:
        lines.append("No ELM: no translator was named (--translator).")
    terminal.write(
        "\n".join(
            [
                f"Written to {out}, with addresses under {base}:",
                *lines,
                f"Read {out / 'README.md'} first.",
                "",
            ]
        )
    )
