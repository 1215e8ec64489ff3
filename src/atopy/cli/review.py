"""``atopy review``: who has read what, and what they said of it; ``atopy guideline overdue``: what to read again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atopy.cli import terminal
from atopy.cli.group import Group
from atopy.yaml_source import InputError

if TYPE_CHECKING:
    from atopy.guideline.reviews import Word

app = Group(help="Sign-offs: who has read which text, and approved or rejected it. An edit undoes them.")
format_option = terminal.format_option("text", "json", "markdown", "html")


def _who(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every sign-off is made with."""
    for option in (
        click.option("--date", "day", metavar="DATE", help="The day, as 2026-11-20; today if not given."),
        click.option("--role", required=True, metavar="ROLE", help="As what: dermatologist, pharmacist ..."),
        click.option(
            "--name", required=True, metavar="NAME", help="Who signs. Never sign for somebody else."
        ),
        click.argument(
            "id_", metavar="ID", help="An option, factor, topic ..., or one statement or rule of it."
        ),
    ):
        command = option(command)
    return terminal.content_option(command)


@app.command("status")
@click.argument(
    "id_", required=False, metavar="[ID]", help="One item or part with all that was signed on it."
)
@click.option(
    "--state", metavar="STATE", help="Only what is submitted, under-review, approved, rejected, disputed."
)
@format_option
@terminal.content_option
def status(id_: str | None, state: str | None, style: str, content: Path | None) -> None:
    """Where the review stands: how much is approved, by whom, and which sign-offs an edit has undone."""
    from atopy.guideline import content_folder, load_guideline
    from atopy.guideline.reviews import STATES
    from atopy.guideline.signing import piece, read
    from atopy.render import of_reviews, sheet

    chosen = None if state is None else terminal.choice(state.replace("-", " "), STATES, "--state")
    _, found = read(content or content_folder())
    if style == "json":
        one = piece(found, id_) if id_ is not None else None
        terminal.write_json(of_reviews.status_data({one.piece.id: one} if one else found))
        return
    compiled = load_guideline(content)
    shown = of_reviews.status(compiled, found, chosen)
    if id_ is not None:
        shown = of_reviews.history(compiled, piece(found, id_))
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))


@app.command("start")
@_who
def start(id_: str, name: str, role: str, day: str | None, content: Path | None) -> None:
    """Begin to read an item: what stands there now is what can be approved."""
    from atopy.guideline import content_folder
    from atopy.guideline.signing import Reviewer, begin

    folder = content or content_folder()
    _tell(begin(folder, id_, Reviewer(name, role), _day(day)), folder)


@app.command("approve")
@_who
@click.option("--comment", default="", metavar="TEXT", help="What the reviewer wants to be remembered.")
def approve(id_: str, name: str, role: str, day: str | None, comment: str, content: Path | None) -> None:
    """Approve exactly the text that was begun to read; refused where it has changed since."""
    _decide("approved", id_, name, role, day, comment, content)


@app.command("reject")
@_who
@click.option("--comment", default="", metavar="TEXT", help="Why. Must be given.")
def reject(id_: str, name: str, role: str, day: str | None, comment: str, content: Path | None) -> None:
    """Reject the text that was begun to read, and say why."""
    _decide("rejected", id_, name, role, day, comment, content)


def _decide(
    word: "Word", id_: str, name: str, role: str, day: str | None, comment: str, content: Path | None
) -> None:
    from atopy.guideline import content_folder
    from atopy.guideline.signing import Reviewer, decide

    folder = content or content_folder()
    _tell(decide(folder, id_, word, Reviewer(name, role), _day(day), comment), folder)


def _tell(done: Any, folder: Path) -> None:
    from atopy.render.of_reviews import signed

    terminal.write(signed(done, folder.name))


def _day(given: str | None) -> date:
    """The day given, or today. Nobody signs tomorrow."""
    today, day = date.today(), terminal.day(given, "--date")
    if day > today:
        raise InputError(f"--date {given} lies in the future; today is {today}.")
    return day


@click.command("overdue")
@click.option("--as-of", metavar="DATE", help="On which day, as 2026-11-20; today if not given.")
@click.option(
    "--within", metavar="SPAN", help="And what will be due in that time, as '90 days' or '6 months'."
)
@format_option
@terminal.content_option
def overdue(as_of: str | None, within: str | None, style: str, content: Path | None) -> None:
    """What should have been read again by a day, by file and line; every statement has its date."""
    from atopy.guideline import content_folder, load_guideline
    from atopy.guideline.currency import dates
    from atopy.guideline.signing import read
    from atopy.render import of_reviews, sheet

    day = terminal.day(as_of, "--as-of")
    upto = None if within is None else _until(day, within).isoformat()
    written, found = read(content or content_folder())
    every = list(dates(written, found))
    if style == "json":
        last = upto or date.fromordinal(day.toordinal() - 1).isoformat()
        listed = [one for one in every if one.review_by <= last]
        terminal.write_json(of_reviews.overdue_data(listed, day.isoformat()))
        return
    shown = of_reviews.overdue(load_guideline(content), every, day.isoformat(), len(every), upto)
    terminal.write(sheet.written(shown, style, terminal.width(), terminal.colour()))


def _until(day: date, span: str) -> date:
    """The day so long after *day*."""
    from atopy.facts.spans import ahead, check_span

    wrong = check_span(span)
    if wrong:
        raise InputError(f"--within {wrong}")
    try:
        return ahead(day, span)
    except (ValueError, OverflowError):
        raise InputError(
            f"--within '{span}' reaches beyond the calendar. Write less, as '6 months'."
        ) from None
