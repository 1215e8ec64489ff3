"""Where output goes and how errors are told: width, colour, files, exit codes."""

import os
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from atopy.yaml_source import InputError, Problem, SourceError

_WIDTH = 100
_Command = TypeVar("_Command", bound=Callable[..., Any])
STDIN = "standard input"

# What several commands take, said once.
PATH = click.Path(path_type=Path)
content_option = click.option(
    "--content", type=PATH, metavar="DIR", help="Another guideline's content folder."
)
audience_option = click.option(
    *("--for", "audience"),
    default="clinician",
    show_default=True,
    metavar="clinician|patient",
    help="Who reads it.",
)


def format_option(*known: str, help_: str = "How it is written.") -> Callable[[_Command], _Command]:
    """``--format``, one of *known*, the first if not given; the command takes it as ``style``."""
    return click.option(
        *("--format", "style"),
        default=known[0],
        show_default=True,
        metavar="|".join(known),
        help=help_,
        callback=lambda _, __, given: choice(given, known, "--format"),
    )


def width() -> int:
    """The columns to write in: the terminal's, within reason; 100 where there is none."""
    if not sys.stdout.isatty():
        return _WIDTH
    import shutil  # brings every compression with it; asked for by a terminal only

    return max(60, min(shutil.get_terminal_size((_WIDTH, 24)).columns, 120))


def colour(to_file: bool = False) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set; anywhere if FORCE_COLOR is."""
    if to_file or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def write(text: str, out: Path | None = None) -> None:
    """Write to a file, or to standard output whatever its encoding."""
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise SourceError(
                [Problem(str(out), None, "", f"cannot be written: {error.strerror}.")]
            ) from None
        return
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has enough


def folded(lines: Iterable[str]) -> str:
    """Lines that fit the width; what goes on below is indented."""
    from atopy.render.page import Page

    page = Page(width(), colour=False)
    for line in lines:
        page.put(line, left=0, hang=2)
    return page.text()


def write_json(value: object, out: Path | None = None) -> None:
    """Write for a machine: keys in one order, laid out to be read as well."""
    import msgspec

    write(msgspec.json.format(msgspec.json.encode(value, order="sorted")).decode() + "\n", out)


def write_bytes(data: bytes, out: Path) -> None:
    """Write a file that is no text."""
    try:
        out.write_bytes(data)
    except OSError as error:
        raise SourceError([Problem(str(out), None, "", f"cannot be written: {error.strerror}.")]) from None


def day(given: str | None, option: str) -> date:
    """The day given to an option, or today where it was not given."""
    from atopy.record.days import day_of

    return date.today() if given is None else day_of(given, option)


def progress(text: str) -> None:
    """One line that is written over, on a terminal's standard error only; nothing wipes it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}\033[K")
        sys.stderr.flush()


def choice(given: str, known: Iterable[str], option: str) -> str:
    """One of *known*, or an error that names them."""
    listed = list(known)
    if given.lower() in listed:
        return given.lower()
    raise InputError(f"{option} '{given}' is not known. Write one of: {', '.join(listed)}.")


def alone(option: str, *others: str) -> None:
    """Refuse *others* typed beside *option*: one of the two would be ignored."""
    typed = _typed()
    for other in others:
        if option in typed and other in typed:
            raise InputError(f"{other} does not go with {option}; leave one out.")


def only_with(option: str, *others: str) -> None:
    """Refuse *others* typed without *option*: they say something of it."""
    typed = _typed()
    for other in others:
        if option not in typed and other in typed:
            raise InputError(f"{other} says nothing without {option}; write both, or leave it out.")


def written_as(option: str, *known: str) -> None:
    """Refuse a ``--format`` typed beside *option* that it is not written in."""
    typed = _typed()
    style = click.get_current_context().params["style"]
    if option in typed and "--format" in typed and style not in known:
        listed = " or ".join([", ".join(known[:-1]), known[-1]] if known[1:] else known)
        raise InputError(f"--format {style} does not go with {option}. {option} writes {listed}.")


def _typed() -> set[str]:
    """The options on the command line, as they are called there."""
    ctx = click.get_current_context()
    given = click.core.ParameterSource.COMMANDLINE
    options = [p for p in ctx.command.params if p.name and ctx.get_parameter_source(p.name) is given]
    return {name for option in options for name in option.opts}


def report(error: Exception) -> int:
    """Tell what went wrong on standard error; the exit code to end with."""
    if isinstance(error, SourceError):
        for problem in error.problems:
            say(str(problem))
        count = len(error.problems)
        say(f"{count} problem{'s' if count != 1 else ''}. Nothing was computed.")
        return 2
    if isinstance(error, InputError):
        say(f"atopy: {error}")
        return 2
    kind = type(error).__name__
    say(f"atopy: this should not happen ({kind}: {error}). Nothing was computed.")
    say("Please report it with the command; ATOPY_DEBUG=1 shows where it happened.")
    return 1


def say(text: str) -> None:
    """One line on standard error, in any encoding."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write((text + "\n").encode(encoding, "replace").decode(encoding))
