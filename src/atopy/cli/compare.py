"""``atopy compare``: treatments against each other, from the trials of the guideline."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from atopy.cli import terminal
from atopy.yaml_source import InputError

if TYPE_CHECKING:
    from atopy.evidence import Comparison
    from atopy.render import Audience

LINES = ("first", "second", "last")
MODELS = ("random", "fixed")
MEASURES = ("or", "rr", "rd", "md")
PLOTS = ("forest", "network", "ranking")
PICTURES = (".svg", ".png", ".html")


@click.command("compare")
@click.option(
    "--record",
    type=terminal.PATH,
    metavar="RECORD",
    help="A decision aid for this patient instead: the plan's open options side by side.",
)
@terminal.audience_option
@click.option("--as-of", metavar="DATE", help="With --record: the day, as 2026-11-20; today if not given.")
@click.option("--country", metavar="us|eu|uk", help="With --record: whose licences; else the record's own.")
@click.option(
    "--line", metavar="first|second|last", help="With --record: of which line; second if it has any."
)
@click.option(
    "--outcome",
    default="easi75",
    show_default=True,
    metavar="ID",
    help="What is compared: easi75, iga01, ppnrs4 ...",
)
@click.option(
    "--population",
    multiple=True,
    metavar="ID",
    help="adults-mono, adults-tcs, adolescents, children ...; may be given again. All that report it, if not given.",
)
@click.option(
    "--model", default="random", show_default=True, metavar="|".join(MODELS), help="Between trials."
)
@click.option(
    "--measure", metavar="|".join(MEASURES), help="The effect; or for counts, md for means if not given."
)
@click.option(
    "--baseline", metavar="RISK", help="Risk without the treatment, as 0.15 or 15%; else as in the trials."
)
@click.option("--unverified", is_flag=True, help="Let in figures that nobody read; they are marked.")
@click.option("--strict", is_flag=True, help="Leave out arms whose size is only remembered.")
@terminal.format_option("text", "json", "csv", "html")
@click.option(
    "--plot", metavar="|".join(PLOTS), help="A picture instead, into --out FILE.svg, .png or .html."
)
@click.option("--out", type=terminal.PATH, metavar="FILE", help="Write there instead of the terminal.")
@terminal.content_option
def compare(
    record: Path | None,
    audience: str,
    as_of: str | None,
    country: str | None,
    line: str | None,
    outcome: str, population: tuple[str, ...], model: str, measure: str | None, baseline: str | None,
    unverified: bool, strict: bool, style: str, plot: str | None, out: Path | None, content: Path | None,
) -> None:  # fmt: skip
    """Treatments against each other, from the trials of the guideline; or the choices of one patient.

    Try: atopy compare --outcome easi75 --population adults-mono
    or:  atopy compare --record examples/simple-escalation.yaml --for patient
    """
    _check_together()
    if record is not None:
        terminal.write(_aid(record, audience, as_of, country, line, content, style, out is not None), out)
        return
    from atopy.evidence import Asked, Rules, comparison
    from atopy.guideline import load_guideline

    chosen = terminal.choice(model, MODELS, "--model")
    scale = terminal.choice(measure, MEASURES, "--measure") if measure else None
    compiled = load_guideline(content)
    risk = _risk(baseline)
    asked = [
        Asked(outcome, name, chosen, scale, risk, Rules(unverified, strict))  # type: ignore[arg-type]
        for name in population or _populations(compiled, outcome)
    ]
    found = [comparison(compiled, one) for one in asked]
    if plot is not None:
        _drawn(found, terminal.choice(plot, PLOTS, "--plot"), out)
        return
    terminal.write(_written(found, style, out is not None), out)


def _check_together() -> None:
    """Options of which one would be ignored do not go together."""
    of_trials = (
        "--outcome",
        "--population",
        "--model",
        "--measure",
        "--baseline",
        "--unverified",
        "--strict",
    )
    terminal.alone("--record", "--plot", *of_trials)
    terminal.written_as("--record", "text", "json", "html")
    terminal.only_with("--record", "--for", "--as-of", "--country", "--line")
    terminal.alone("--plot", "--format")


def _aid(
    record: Path, audience: str, as_of: str | None, country: str | None, line: str | None, content: Path | None,
    style: str, to_file: bool,
) -> str:  # fmt: skip
    """The options of one patient for one reader."""
    from atopy.evidence import decision_aid
    from atopy.render.view import AUDIENCES

    reader: Audience = terminal.choice(audience, AUDIENCES, "--for")  # type: ignore[assignment]
    if line is not None:
        line = terminal.choice(line, LINES, "--line")
    aid = decision_aid(
        record, as_of=terminal.day(as_of, "--as-of"), country=country, content=content, line=line
    )
    if style == "text":
        from atopy.render import of_aid

        return of_aid.text(aid, reader, 100 if to_file else terminal.width(), terminal.colour(to_file))
    from atopy.render import aid_files

    return aid_files.json(aid) if style == "json" else aid_files.html(aid, reader)


def _populations(compiled: object, outcome: str) -> list[str]:
    """Every population with a trial that reports the outcome; all of them for an outcome that nobody knows."""
    evidence, trials = compiled.trial_data()  # type: ignore[attr-defined]
    told = {t.population for t in trials.values() for r in t.results if r.outcome == outcome}
    named = [n.id for n in evidence.populations if n.compared]
    return [n for n in named if n in told] or named


def _risk(given: str | None) -> float | None:
    """``0.15`` or ``15%``."""
    if given is None:
        return None
    try:
        risk = float(given.rstrip("% ")) / (100 if given.rstrip().endswith("%") else 1)
    except ValueError:
        raise InputError(f"--baseline '{given}' is no risk. Write it as 0.15 or 15%.") from None
    if not 0 < risk < 1:
        raise InputError(f"--baseline '{given}' cannot be: a risk lies between 0 and 1, as 0.15 or 15%.")
    return risk


def _written(found: "list[Comparison]", style: str, to_file: bool) -> str:
    if style == "text":
        from atopy.render import of_comparison

        return of_comparison.text(found, 100 if to_file else terminal.width(), terminal.colour(to_file))
    from atopy.render import comparison_files

    if style == "json":
        return comparison_files.json(found)
    return comparison_files.as_csv(found) if style == "csv" else comparison_files.html(found)


def _drawn(found: "list[Comparison]", kind: str, out: Path | None) -> None:
    """One picture into a file; its ending says as what."""
    from atopy.render import comparison_files, plots

    ending = out.suffix.lower() if out is not None else ""
    if out is None or ending not in PICTURES:
        raise InputError(
            f"--plot needs --out FILE, and FILE ends in {', '.join(PICTURES)}: as what it is drawn."
        )
    if len(found) != 1:
        named = ", ".join(c.population.id for c in found)
        raise InputError(f"--plot draws one population. Write --population with one of: {named}.")
    what: plots.Kind = kind  # type: ignore[assignment]
    if ending == ".png":
        terminal.write_bytes(plots.png(found[0], what), out)
    else:
        terminal.write(
            plots.svg(found[0], what) if ending == ".svg" else comparison_files.plot_page(found[0], what), out
        )
