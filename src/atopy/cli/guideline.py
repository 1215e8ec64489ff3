"""``atopy guideline``: what the content says, for its readers and editors."""

from pathlib import Path

import click

from atopy.cli import terminal
from atopy.cli.group import Group

app = Group(
    help="What the guideline says, how it is kept, and what is proved of it: check, list, show, cite, prove ...",
    homes={
        "cite": "atopy.cli.sources:cite",
        "trace": "atopy.cli.sources:trace",
        "prove": "atopy.cli.prove:prove",
        "overdue": "atopy.cli.review:overdue",
        "diff": "atopy.cli.diff:diff",
        "whats-new": "atopy.cli.diff:whats_new",
        "export": "atopy.cli.export:export",
        "import": "atopy.cli.imports:import_",
    },
)


@app.command("check")
@click.argument(
    "folder",
    required=False,
    type=terminal.PATH,
    metavar="[DIR]",
    help="The content folder; the shipped one if not given.",
)
def check(folder: Path | None) -> None:
    """Check every file of a guideline's content: schema, sources, predicates, links. Exit code 2 with every problem."""
    from atopy.guideline import content_folder
    from atopy.guideline.compile import compile_folder

    chosen = folder or content_folder()
    compiled = compile_folder(chosen)
    from atopy.render.content import counts

    terminal.write(terminal.folded(counts(compiled).splitlines()))


@app.command("list")
@click.argument(
    "kind",
    required=False,
    metavar="[KIND]",
    help="options, factors, mimics, red-flags, allergens, topics, amounts, disagreements, instruments, trials.",
)
@terminal.content_option
def list_(kind: str | None, content: Path | None) -> None:
    """The ids and names of options by rung, factors, mimics, red flags, topics, disagreements, trials ..."""
    from atopy.guideline import load_guideline
    from atopy.render.content import KINDS, listing

    chosen = None if kind is None else terminal.choice(kind.replace("_", "-"), KINDS, "kind")
    terminal.write(listing(load_guideline(content), chosen, terminal.width(), terminal.colour()))


@app.command("show")
@click.argument("id_", metavar="ID", help="Any id: an option, statement, contraindication, fact, trial ...")
@terminal.content_option
def show(id_: str, content: Path | None) -> None:
    """One item whole: its texts, its predicates in plain English, sources, review; or a trial, and what rests on it."""
    from atopy.guideline import load_guideline
    from atopy.render.content import item

    terminal.write(item(load_guideline(content), id_, terminal.width(), terminal.colour()))


@app.command("facts")
@click.argument("word", required=False, metavar="[WORD]", help="Only facts with this in their name or label.")
@terminal.content_option
def facts(word: str | None, content: Path | None) -> None:
    """The vocabulary of facts: name, type, unit, how long a value counts, what its absence means."""
    from atopy.guideline import load_guideline
    from atopy.render.content import fact_table

    terminal.write(fact_table(load_guideline(content), word, terminal.width(), terminal.colour()))


@app.command("sources")
@click.argument(
    "key",
    required=False,
    metavar="[KEY]",
    help="One source in full, by key or author and year; else all of them.",
)
@terminal.content_option
def sources(key: str | None, content: Path | None) -> None:
    """The bibliography: each source with its kind, whether somebody read it, and whether it is in force."""
    from atopy.guideline import load_guideline
    from atopy.render.content import bibliography

    terminal.write(bibliography(load_guideline(content), key, terminal.width(), terminal.colour()))


@app.command("disagreements")
@click.option("--about", metavar="WORD", help="Only those about this option, factor, topic or word.")
@terminal.format_option("text", "json", "markdown", "html")
@terminal.audience_option
@terminal.content_option
def disagreements(about: str | None, style: str, audience: str, content: Path | None) -> None:
    """Where sources disagree: both sides with dates and countries, the rule that is followed, and why."""
    from atopy.guideline import load_guideline
    from atopy.render import of_disagreements, sheet
    from atopy.render.view import AUDIENCES

    reader = terminal.choice(audience, AUDIENCES, "--for")
    chosen = of_disagreements.chosen(load_guideline(content), about)
    if style == "json":
        terminal.write(of_disagreements.as_json(chosen))
        return
    shown = of_disagreements.sheet(chosen, clinical=reader == "clinician")
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))
