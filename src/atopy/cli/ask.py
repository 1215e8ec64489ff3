"""``atopy ask``: a question answered from the content; alone, a conversation."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atopy.cli import terminal
from atopy.yaml_source import InputError

if TYPE_CHECKING:
    from atopy.ask import Answer
    from atopy.render.of_ask import Reader

_PROMPT = "? "
_HELLO = "Ask about the disease and its treatment. A follow-up (and in pregnancy?) is understood. An empty line ends."


@click.command("ask")
@click.argument(
    "question", required=False, metavar="[QUESTION]", help="In plain words; none begins a conversation."
)
@click.option(
    "--record", metavar="RECORD", help="Answer about this patient: any record that atopy plan reads."
)
@click.option(
    *("--for", "audience"),
    default="clinician",
    show_default=True,
    metavar="clinician|patient|carer",
    help="Who reads it.",
)
@click.option(
    "--country", metavar="us|eu|uk", help="Whose licences and guidance; else all, or the record's own."
)
@click.option("--as-of", metavar="DATE", help="The day asked about, as 2026-11-20; today if not given.")
@terminal.content_option
@terminal.format_option("text", "json")
def ask(
    question: str | None,
    record: str | None,
    audience: str,
    country: str | None,
    as_of: str | None,
    content: Path | None,
    style: str,
) -> None:
    """A question answered from the guideline: verdict, statements, numbers, sources.

    Try: atopy ask "can clobetasol be used for 4 weeks?"
    """
    from atopy.ask import Conversation
    from atopy.render.of_ask import READERS

    reader: Reader = terminal.choice(audience, READERS, "--for")  # type: ignore[assignment]
    if record == "-" and question is None:
        raise InputError(
            "Standard input holds the record, so the question must be given: atopy ask --record - QUESTION"
        )
    source = sys.stdin.buffer.read() if record == "-" else Path(record) if record else None
    talk = Conversation(as_of=terminal.day(as_of, "--as-of"), record=source, country=country, content=content)
    if question is not None:
        _write(talk.ask(question), reader, style)
        return
    _talk(talk, reader, style)


def _talk(talk: "object", reader: "Reader", style: str) -> None:
    """Question after question, until an empty line or the end of the input."""
    from atopy.ask import Conversation

    assert isinstance(talk, Conversation)
    at_terminal = sys.stdin.isatty()
    if at_terminal:
        terminal.say(_HELLO)
    while True:
        if at_terminal:
            sys.stderr.write(_PROMPT)
            sys.stderr.flush()
        asked = sys.stdin.readline()
        if not asked.strip():
            if not asked or at_terminal:
                return
            continue
        _write(talk.ask(asked), reader, style)
        if style == "text":
            terminal.write("\n")


def _write(answer: "Answer", reader: "Reader", style: str) -> None:
    from atopy.render import of_ask

    if style == "json":
        terminal.write(of_ask.json(answer, reader))
    else:
        terminal.write(of_ask.text(answer, reader, terminal.width(), terminal.colour()))
