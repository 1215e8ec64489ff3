"""``atopy amount``: how much cream an area needs at an age, and how much bleach makes a bath."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from atopy.cli import terminal
from atopy.cli.group import Group
from atopy.yaml_source import InputError

app = Group(help="How much: cream for an area and age, bleach for a bath.")
reader_option = click.option(
    *("--for", "reader"),
    default="clinician",
    show_default=True,
    metavar="clinician|patient",
    help="For whom it is written.",
)


@app.command("topical")
@click.option("--age", required=True, metavar="YEARS|MONTHSm", help="Completed years, or months as 8m.")
@click.option("--area", metavar="PERCENT", help="Of the body surface; one palm is about one.")
@click.option("--site", multiple=True, metavar="SITE", help="face, hands, trunk ...; may be repeated.")
@click.option(
    "--times", multiple=True, type=int, metavar="N", help="Applications a day: 1 or 2; both if not given."
)
@reader_option
@terminal.content_option
def topical(
    age: str,
    area: str | None,
    site: tuple[str, ...],
    times: tuple[int, ...],
    reader: str,
    content: Path | None,
) -> None:
    """Fingertip units, grams a day and a week, with the arithmetic. Try: atopy amount topical --area 9 --age 34"""
    from atopy.guideline import load_guideline
    from atopy.render.amounts import topical as said

    share = _number(area, "--area")
    clinical = _clinical(reader)
    terminal.write(said(load_guideline(content), age, share, list(site), list(times) or [1, 2], clinical))


@app.command("bleach-bath")
@click.option("--stock", metavar="PERCENT", help="Strength of the bleach, from its label.")
@click.option("--volume", metavar="LITRES", help="What the bath holds, filled as it is used.")
@reader_option
@terminal.content_option
def bleach_bath(stock: str | None, volume: str | None, reader: str, content: Path | None) -> None:
    """How much bleach makes the bath. Try: atopy amount bleach-bath --stock 5 --volume 150

    Without the strength or the volume there is no recipe, and the exit code is 2.
    """
    from atopy.guideline import load_guideline
    from atopy.render.amounts import bleach_bath as said

    strength, litres = _number(stock, "--stock"), _number(volume, "--volume")
    text, recipe = said(load_guideline(content), strength, litres, _clinical(reader))
    terminal.write(text)
    if not recipe:
        raise click.exceptions.Exit(2)


@app.command("potency")
@click.argument("word", required=False, metavar="[WORD]", help="Part of a name: mometasone, clobetasol ...")
@terminal.content_option
def potency(word: str | None, content: Path | None) -> None:
    """How strong each steroid cream is, US and UK classes side by side, with the source of each."""
    from atopy.guideline import load_guideline
    from atopy.render.amounts import potency as said

    terminal.write(said(load_guideline(content), word))


def _clinical(reader: str) -> bool:
    return terminal.choice(reader, ("clinician", "patient"), "--for") == "clinician"


def _number(given: str | None, option: str) -> Decimal | None:
    """An exact number, with or without a percent sign or a litre's."""
    if given is None:
        return None
    try:
        number = Decimal(given.strip().rstrip("%lL").strip())
    except InvalidOperation:
        raise InputError(f"{option} '{given}' is not a number.") from None
    if not number.is_finite():
        raise InputError(f"{option} '{given}' is not a number.")
    return number
