"""``atopy amount``: how much cream an area needs at an age, and how much bleach makes a bath."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from atopy.cli import terminal

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="How much: cream for an area and age, bleach for a bath.",
)
Reader = Annotated[str, typer.Option("--for", metavar="clinician|patient", help="For whom it is written.")]
Content = Annotated[
    Path | None, typer.Option("--content", metavar="DIR", help="Another guideline's content folder.")
]


@app.command("topical")
def topical(
    age: Annotated[str, typer.Option(metavar="YEARS|MONTHSm", help="Completed years, or months as 8m.")],
    area: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Of the body surface; one palm is about one.")
    ] = None,
    site: Annotated[
        list[str] | None, typer.Option(metavar="SITE", help="face, hands, trunk ...; may be repeated.")
    ] = None,
    times: Annotated[
        list[int] | None, typer.Option(metavar="N", help="Applications a day: 1 or 2; both if not given.")
    ] = None,
    reader: Reader = "clinician",
    content: Content = None,
) -> None:
    """Fingertip units, grams a day and a week, with the arithmetic. Try: atopy amount topical --area 9 --age 34"""
    from atopy.guideline import load_guideline
    from atopy.render.amounts import topical as said

    share = _number(area, "--area")
    clinical = _clinical(reader)
    terminal.write(said(load_guideline(content), age, share, site or [], times or [1, 2], clinical))


@app.command("bleach-bath")
def bleach_bath(
    stock: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Strength of the bleach, from its label.")
    ] = None,
    volume: Annotated[
        str | None, typer.Option(metavar="LITRES", help="What the bath holds, filled as it is used.")
    ] = None,
    reader: Reader = "clinician",
    content: Content = None,
) -> None:
    """How much bleach makes the bath. Try: atopy amount bleach-bath --stock 5 --volume 150

    Without the strength or the volume there is no recipe, and the exit code is 2.
    """
    from atopy.guideline import load_guideline
    from atopy.render.amounts import bleach_bath as said

    strength, litres = _number(stock, "--stock"), _number(volume, "--volume")
    text, recipe = said(load_guideline(content), strength, litres, _clinical(reader))
    terminal.write(text)
    if not recipe:
        raise typer.Exit(2)


@app.command("potency")
def potency(
    word: Annotated[
        str | None, typer.Argument(metavar="[WORD]", help="Part of a name: mometasone, clobetasol ...")
    ] = None,
    content: Content = None,
) -> None:
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
        raise ValueError(f"{option} '{given}' is not a number.") from None
    if not number.is_finite():
        raise ValueError(f"{option} '{given}' is not a number.")
    return number
