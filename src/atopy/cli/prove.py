"""``atopy guideline prove``: what holds for every possible patient."""

import sys
from pathlib import Path

import click

from atopy.cli import terminal
from atopy.yaml_source import InputError


@click.command("prove")
@click.option("--property", "property_", metavar="ID", help="Only this property.")
@terminal.format_option("text", "json", "markdown")
@terminal.content_option
def prove(property_: str | None, style: str, content: Path | None) -> None:
    """Prove the guideline's properties for every possible patient. Exit code 1 when one fails, with a patient."""
    from atopy.guideline import load_guideline

    try:
        from atopy.proof import Prover, prove_side_by_side
    except ModuleNotFoundError as error:
        raise InputError(
            f"a proof needs the solver, and '{error.name}' is not installed: pip install 'atopy[proof]'."
        ) from None
    from atopy.render import of_proofs

    compiled = load_guideline(content)
    if property_ is None:
        outcome = prove_side_by_side(compiled, progress=_told)
    else:
        prover = Prover(compiled)
        if property_ not in prover.grounds.properties:
            terminal.choice(property_, prover.grounds.properties, "--property")
        outcome = prover.prove([property_], progress=_told)
    if style == "json":
        terminal.write(of_proofs.as_json(outcome))
    elif style == "markdown":
        terminal.write(of_proofs.markdown(outcome))
    else:
        options = f" --content {content}" if content is not None else ""
        terminal.write(of_proofs.table(outcome, terminal.width(), terminal.colour(), options))
    if outcome.failed:
        raise click.exceptions.Exit(1)


def _told(id_: str, done: int, of: int) -> None:
    """How far it is, on one line of a terminal that is written over."""
    if sys.stderr.isatty():
        line = f"{id_}: {done} of {of}" if done < of else ""
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
