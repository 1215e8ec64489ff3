"""``atopy guideline``: what the content says, for its readers and editors."""

from pathlib import Path
from typing import Annotated

import typer

from atopy.cli import terminal

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What the guideline says: check, list, show, facts, sources, disagreements.",
)
DISAGREEMENT_FORMATS = ("text", "json", "markdown", "html")
Content = Annotated[
    Path | None, typer.Option("--content", metavar="DIR", help="Another guideline's content folder.")
]


@app.command("check")
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The content folder; the shipped one if not given.")
    ] = None,
) -> None:
    """Check every file of a guideline's content: schema, sources, predicates, links. Exit code 2 with every problem."""
    from atopy.guideline import content_folder
    from atopy.guideline.compile import compile_folder

    chosen = folder or content_folder()
    compiled = compile_folder(chosen)
    from atopy.render.content import counts

    terminal.write(counts(compiled) + "\n")


@app.command("list")
def list_(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]", help="options, factors, mimics, red-flags, topics, disagreements, instruments."
        ),
    ] = None,
    content: Content = None,
) -> None:
    """The ids and names of options by rung, factors, mimics, red flags, topics and disagreements."""
    from atopy.guideline import load_guideline
    from atopy.render.content import KINDS, listing

    chosen = None if kind is None else terminal.choice(kind.replace("_", "-"), KINDS, "kind")
    terminal.write(listing(load_guideline(content), chosen, terminal.width(), terminal.colour()))


@app.command("show")
def show(
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="Any id: an option, statement, contraindication, fact ...")
    ],
    content: Content = None,
) -> None:
    """One item whole: its texts, its predicates in plain English, sources, review state."""
    from atopy.guideline import load_guideline
    from atopy.render.content import item

    terminal.write(item(load_guideline(content), id_, terminal.width(), terminal.colour()))


@app.command("facts")
def facts(
    word: Annotated[
        str | None, typer.Argument(metavar="[WORD]", help="Only facts with this in their name or label.")
    ] = None,
    content: Content = None,
) -> None:
    """The vocabulary of facts: name, type, unit, how long a value counts, what its absence means."""
    from atopy.guideline import load_guideline
    from atopy.render.content import fact_table

    terminal.write(fact_table(load_guideline(content), word, terminal.width(), terminal.colour()))


@app.command("sources")
def sources(
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="[KEY]", help="One source in full, by key or author and year; else all of them."
        ),
    ] = None,
    content: Content = None,
) -> None:
    """The bibliography: each source with its kind, whether somebody read it, and whether it is in force."""
    from atopy.guideline import load_guideline
    from atopy.render.content import bibliography

    terminal.write(bibliography(load_guideline(content), key, terminal.width(), terminal.colour()))


@app.command("disagreements")
def disagreements(
    about: Annotated[
        str | None,
        typer.Option(metavar="WORD", help="Only those about this option, factor, topic or word."),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(DISAGREEMENT_FORMATS), help="How it is written.")
    ] = "text",
    audience: Annotated[
        str, typer.Option("--for", metavar="clinician|patient", help="Who reads it.")
    ] = "clinician",
    content: Content = None,
) -> None:
    """Where sources disagree: both sides with dates and countries, the rule that is followed, and why."""
    from atopy.guideline import load_guideline
    from atopy.render import of_disagreements, sheet
    from atopy.render.view import AUDIENCES

    style = terminal.choice(format_, DISAGREEMENT_FORMATS, "--format")
    reader = terminal.choice(audience, AUDIENCES, "--for")
    chosen = of_disagreements.chosen(load_guideline(content), about)
    if style == "json":
        terminal.write(of_disagreements.as_json(chosen))
        return
    shown = of_disagreements.sheet(chosen, clinical=reader == "clinician")
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))
