"""``atopy guideline cite`` and ``trace``: from a statement to its references, and back."""

from pathlib import Path

import click

from atopy.cli import terminal

format_option = terminal.format_option("text", "json", "markdown", "html")


@click.command("cite")
@click.argument(
    "id_", metavar="ID", help="A statement, rule, option, fact, instrument, or a source's key, DOI or PMID."
)
@format_option
@terminal.content_option
def cite(id_: str, style: str, content: Path | None) -> None:
    """The references of something in Vancouver style, with where each was read and how it grades."""
    from atopy.guideline import load_guideline
    from atopy.render import of_sources, sheet

    compiled = load_guideline(content)
    if style == "json":
        terminal.write_json(of_sources.cited_data(compiled, id_))
        return
    shown = of_sources.cited(compiled, id_)
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))


@click.command("trace")
@click.argument("ref", metavar="REF", help="A source's key, DOI, PMID, or first author and year.")
@format_option
@terminal.content_option
def trace(ref: str, style: str, content: Path | None) -> None:
    """Everything that rests on a reference, by file and line, and what would be left unsupported without it."""
    from atopy.guideline import content_folder, load_guideline
    from atopy.guideline.load import load
    from atopy.guideline.rests import rests_on
    from atopy.guideline.works import find
    from atopy.render import of_sources, sheet

    written = load(content or content_folder())
    key = find(written.sources, written.references, ref)
    rests, compiled = rests_on(written, key), load_guideline(content)
    if style == "json":
        terminal.write_json(of_sources.traced_data(compiled, key, rests))
        return
    shown = of_sources.traced(compiled, key, rests)
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))
