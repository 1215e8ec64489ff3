"""``atopy plan``: one record, one plan."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atopy.cli import terminal
from atopy.yaml_source import InputError

if TYPE_CHECKING:
    from atopy.plan.public import Override, Setting
    from atopy.render import Audience


@click.command("plan")
@click.argument(
    "record",
    metavar="RECORD",
    help="Atopy YAML or JSON, a FHIR R4 Bundle or NDJSON; - is standard input.",
)
@click.option("--as-of", metavar="DATE", help="The day of the plan, as 2026-11-20; today if not given.")
@terminal.audience_option
@click.option("--country", metavar="us|eu|uk", help="Whose licences and guidance; else the record's own.")
@click.option(
    "--overlay",
    type=terminal.PATH,
    metavar="FILE",
    help="Local formulary and step-therapy rules: access, not evidence.",
)
@terminal.content_option
@terminal.format_option("text", "json", "markdown", "html", "ics")
@click.option("--out", type=terminal.PATH, metavar="FILE", help="Write there instead of the terminal.")
@click.option("--why", metavar="ID", help="Why: the proof of an option, factor, rule, fact or headline.")
@click.option("--why-not", metavar="ID", help="Why an option stands no better: rows, rules, what is missing.")
@click.option(
    "--override",
    multiple=True,
    metavar="ID",
    help="Set a gate aside; needs --reason. May be given again.",
)
@click.option(
    "--reason",
    multiple=True,
    metavar="TEXT",
    help="Why the gate is set aside, one for each --override.",
)
@click.option("--by", default="", metavar="NAME", help="Who sets it aside.")
@click.option(
    "--what-if",
    multiple=True,
    metavar="FACT=VALUE",
    help="What differs if the fact were so, as pregnant=true. May be given again.",
)
@click.option(
    "--what-would-change",
    is_flag=True,
    help="What each missing fact would change, and the smallest sets of facts that open closed options.",
)
@click.option("--verdicts", is_flag=True, help="Every decision as JSON, without reasons.")
def plan(
    record: str,
    as_of: str | None,
    audience: str,
    country: str | None,
    overlay: Path | None,
    content: Path | None,
    style: str,
    out: Path | None,
    why: str | None,
    why_not: str | None,
    override: tuple[str, ...],
    reason: tuple[str, ...],
    by: str,
    what_if: tuple[str, ...],
    what_would_change: bool,
    verdicts: bool,
) -> None:
    """From one patient's record to a cited, explained plan.

    Try: atopy plan examples/adult-severe.yaml --as-of 2026-11-20
    """
    from atopy.plan.public import setting
    from atopy.render.view import AUDIENCES

    _check_together()
    reader: Audience = terminal.choice(audience, AUDIENCES, "--for")  # type: ignore[assignment]
    case = setting(
        sys.stdin.buffer.read() if record == "-" else Path(record),
        as_of=terminal.day(as_of, "--as-of"), country=country, overlay=overlay, content=content,
        override=_overrides(override, reason, by), file=terminal.STDIN if record == "-" else record,
    )  # fmt: skip
    if verdicts:
        import msgspec

        terminal.write(
            msgspec.json.format(msgspec.json.encode(case.verdicts(), order="sorted")).decode() + "\n", out
        )
    elif what_if or what_would_change:
        terminal.write(_supposing(case, what_if, what_would_change, reader, style, out is not None), out)
    elif why is not None or why_not is not None:
        terminal.write(_reasons(case, why, why_not, out is not None), out)
    else:
        terminal.write(_shown(case, reader, style, out is not None), out)


def _check_together() -> None:
    """Options of which one would be ignored do not go together."""
    supposing = ("--what-if", "--what-would-change")
    terminal.alone("--verdicts", "--why", "--why-not", *supposing, "--for")
    terminal.written_as("--verdicts", "json")
    for why in ("--why", "--why-not"):
        terminal.alone(why, *supposing, "--for")
        terminal.written_as(why, "text")
    for option in supposing:
        terminal.written_as(option, "text", "markdown", "html", "json")
    terminal.only_with("--override", "--by", "--reason")


def _overrides(ids: tuple[str, ...], reasons: tuple[str, ...], by: str) -> "list[Override]":
    if len(ids) != len(reasons):
        raise InputError("Each --override needs its own --reason: say why it is set aside.")
    return [(id_, why, by) for id_, why in zip(ids, reasons, strict=True)]


def _reasons(case: "Setting", why: str | None, why_not: str | None, to_file: bool) -> str:
    from atopy import render

    world = case.case()
    size, colour = terminal.width(), terminal.colour(to_file)
    shown = [render.why(world, why, size, colour)] if why is not None else []
    shown += [render.why_not(world, why_not, size, colour)] if why_not is not None else []
    return "\n".join(shown)


def _supposing(
    case: "Setting",
    what_if: tuple[str, ...],
    would_change: bool,
    reader: "Audience",
    style: str,
    to_file: bool,
) -> str:
    """What if, and what would change the plan; one after the other where both are asked for."""
    from atopy.plan.suppose import gathered
    from atopy.render import of_prospects, of_what_if, sheet

    if what_if and would_change:  # one after the other; a page or a JSON value is one
        terminal.written_as("--what-would-change", "text", "markdown")
    found = case.what_if(gathered(what_if)) if what_if else None
    prospects = case.what_would_change() if would_change else None
    if style == "json":
        return _as_json(found or prospects)
    shown = [of_what_if.sheet(found, reader)] if found else []
    shown += [of_prospects.sheet(prospects, reader)] if prospects else []
    size, colour = 100 if to_file else terminal.width(), terminal.colour(to_file)
    return "\n".join(sheet.written(one, style, size, colour) for one in shown)


def _as_json(found: object) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(found, order="sorted"), indent=2).decode() + "\n"


def _shown(case: "Setting", reader: "Audience", style: str, to_file: bool) -> str:
    from atopy import render

    made = case.plan()
    if style == "json":
        return render.json(made)
    if style == "markdown":
        return render.markdown(made, reader)
    if style == "html":
        return render.html(made, reader)
    if style == "ics":
        return render.ics(made, reader)
    return render.text(made, reader, 100 if to_file else terminal.width(), terminal.colour(to_file))
