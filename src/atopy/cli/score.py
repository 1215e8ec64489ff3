"""``atopy score``: an instrument's score from its items or total, its bands, and change since a baseline."""

import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atopy.cli import terminal
from atopy.yaml_source import InputError, Problem, SourceError, bytes_of, load_yaml_bytes

if TYPE_CHECKING:
    from atopy.instruments import Instrument, Score
    from atopy.render.page import Page

_BLANK = ("", "-", "none", "null")
# A key that every record has in any of its formats, and no file of items.
_OF_A_RECORD = re.compile(rb"""(?:^|[{,\s])["']?(?:atopy|resourceType)["']?\s*:""")


@click.command("score")
@click.argument(
    "instrument",
    required=False,
    metavar="[INSTRUMENT]",
    help="easi, scorad, poem ...; alone, lists them all.",
)
@click.argument(
    "given",
    nargs=-1,
    metavar="[FILE] [ITEM=VALUE ...]",
    help="A file of items or a record, items, or the total.",
)
@click.option("--baseline", metavar="VALUE|FILE", help="The total before, or a file: change and response.")
@click.option("--age", metavar="YEARS", help="Completed years, where weights depend on age.")
@click.option("--bands", metavar="all|STUDY", help="The bands of every study, or of this one.")
@click.option("--respondent", default="", metavar="self|proxy", help="Who answered, where the bands differ.")
@terminal.format_option("text", "json")
def score(
    instrument: str | None,
    given: tuple[str, ...],
    baseline: str | None,
    age: str | None,
    bands: str | None,
    respondent: str,
    style: str,
) -> None:
    """Score an instrument: value, band with the study that set it, important change, response, missing items.

    Try: atopy score dlqi 19 --baseline 24    or: atopy score poem 1=4 2=3 3=2 4=4 5=1 6=3 7=4
    """
    from atopy.guideline import load_guideline
    from atopy.plan.public import instrument_of
    from atopy.plan.public import score as score_items

    if instrument is None:
        terminal.write(_listed(load_guideline().instruments.instruments))
        return
    found = instrument_of(instrument)
    study = None if bands in (None, "all") else bands

    def scored(words: list[str]) -> "Score":
        items = _items(found, words, age is not None)
        return score_items(found.id, items, age_years=age, source=study, respondent=respondent)

    made = scored(list(given))
    before = None if baseline is None else scored([baseline])
    if style == "json":
        _write_json(found, made, before, bands)
    else:
        terminal.write(_text(found, made, before, bands))


def _listed(instruments: "tuple[Instrument, ...]") -> str:
    """Every instrument, one line each."""
    rows = [
        f"{i.id:<18}{i.short:<18}{i.name}, {i.range[0]} to {i.range[1]}, by {i.completed_by}"
        for i in instruments
    ]
    return "\n".join(row[: terminal.width()] for row in rows) + "\n"


# -- what was given


def _items(instrument: "Instrument", given: list[str], age_given: bool) -> Any:
    """Items by name, a list of them, or a total: from the command line, or from one file."""
    pairs = [g.partition("=") for g in given if "=" in g]
    rest = [g for g in given if "=" not in g]
    if pairs and not rest:
        return {name: None if value.strip().lower() in _BLANK else value for name, _, value in pairs}
    if len(rest) == 1 and not pairs:
        total = _number(rest[0])
        return total if total is not None else _from_file(instrument, rest[0], age_given)
    if len(rest) > 1 and not pairs and all(_number(r) is not None or r.lower() in _BLANK for r in rest):
        return [_number(r) for r in rest]
    raise InputError(f"{instrument.short} needs one of: {_expected(instrument)}.")


def _expected(instrument: "Instrument") -> str:
    names = ", ".join(list(instrument.paths)[:3])
    return f"items as name=value ({names} ...), all values in order, a total, or a file"


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    return value if value.is_finite() else None


def _from_file(instrument: "Instrument", name: str, age_given: bool) -> Any:
    """The items in a YAML or JSON file, or the newest such score of a record."""
    if name != "-" and not Path(name).exists():
        raise InputError(f"'{name}' is neither a number nor a file. Write {_expected(instrument)}.")
    if name != "-" and Path(name).is_dir():
        return _from_record(instrument, Path(name), name, age_given)
    file = terminal.STDIN if name == "-" else name
    data = sys.stdin.buffer.read() if name == "-" else bytes_of(Path(name))
    return (
        _from_record(instrument, data, file, age_given)
        if _OF_A_RECORD.search(data)
        else _from_items(instrument, data, file)
    )


def _from_items(instrument: "Instrument", given: bytes, file: str) -> Any:
    data = load_yaml_bytes(given, file).data
    if isinstance(data, dict):
        return data.get("items", data.get("value", data))
    if isinstance(data, list | int | Decimal):
        return data
    mend = "Write `erythema: 2` and the like, a list, or `value: 19`."
    raise SourceError([Problem(file, 1, "", f"holds no items of {instrument.short}.", mend)])


def _from_record(instrument: "Instrument", source: Path | bytes, file: str, age_given: bool) -> Any:
    """The newest score of a record up to today, as the plan takes it: its total, or its items for the age given."""
    from atopy.plan.public import read_record
    from atopy.record.days import event_day

    day = date.today()
    told = [
        e
        for e in read_record(source, file=file).events
        if e.code == instrument.id and e.date is not None and e.date <= day
        if e.quarantined is not None or e.number is not None
    ]
    if not told:
        raise InputError(f"{file} holds no usable score of {instrument.short} up to {day}.")
    last = max(e.date for e in told if e.date)
    newest = [e for e in told if e.date == last]
    for event in newest:
        if event.quarantined is not None:  # it hides what is older: which is right, nobody here knows
            raise InputError(
                f"{file}: the newest {instrument.short}, of {event_day(event)}, is set aside: "
                f"{event.quarantined.rstrip('.')}. Correct it in the record, or give the items and --age here."
            )
    event = newest[-1]
    return event.items if age_given and event.items else event.number


# -- what is shown


def _text(instrument: "Instrument", made: "Score", before: "Score | None", bands: str | None) -> str:
    from atopy.render.page import Page

    page = Page(terminal.width(), terminal.colour())
    if made.reported is None:
        page.put((f"{instrument.short}: no score", "bold yellow"))
        page.put(made.absent_because)
    else:
        page.put(
            (f"{instrument.short} {made.reported} {instrument.unit}", "bold"),
            f"  ({instrument.range[0]} to {instrument.range[1]})",
        )
        _bands(page, instrument, made, bands)
    if made.parts:
        page.put(
            "Parts: "
            + ", ".join(
                f"{name} {value if value is not None else 'missing'}" for name, value in made.parts.items()
            )
        )
    for note in made.notes:
        page.put(note, mark="! ")
    if before is not None:
        _response(page, instrument, before, made)
    _rules(page, instrument)
    return page.text()


def _bands(page: "Page", instrument: "Instrument", made: "Score", bands: str | None) -> None:
    from atopy.instruments import bands_for

    readings = bands_for(instrument, made.value) if bands == "all" and made.value is not None else [made.band]
    shown = [r for r in readings if r is not None]
    if not shown:
        page.put(f"No band: {instrument.no_default_because or 'no study set bands for it.'}")
    for r in shown:
        marks = [
            "" if r.verified else "not verified",
            "default" if r.default and bands == "all" else "",
            r.population,
        ]
        said = "; ".join(m for m in marks if m)
        page.put(
            (r.label or "no band", "bold green"),
            f" by {r.source}: {r.limits}" if r.limits else f" by {r.source}",
            f" ({said})" if said else "",
        )
        page.put(r.note, left=3, style="dim")


def _response(page: "Page", instrument: "Instrument", before: "Score", made: "Score") -> None:
    from atopy.instruments import response

    page.gap()
    found = response(instrument, before.value, made.value)
    if found.improvement is None:
        page.put("Change: not known, for one of the two scores is absent.")
        return
    percent = f" ({found.percent_reported} %)" if found.percent_reported is not None else ""
    word = "better" if found.improvement > 0 else "worse" if found.improvement < 0 else "no change"
    amount = f" by {abs(found.improvement)} points{percent}" if found.improvement else ""
    page.put((f"Since the baseline of {before.reported}: {word}{amount}", "bold"))
    for d in found.definitions:
        state = {True: "met", False: "not met", None: "cannot be decided"}[d.met]
        page.put(f"{d.name}: {state}", f" ({d.source})" if d.source else "", f". {d.because}", mark="· ")
    for c in found.important:
        state = {True: "reached", False: "not reached", None: "not decided"}[c.reached]
        said = f"Important change, {c.threshold} ({c.source}): {state}{f', {c.meaning}' if c.meaning else ''}"
        page.put(
            said,
            ". Within the error of measurement" if c.within_error else "",
            "" if c.verified else " (not verified)",
            mark="· ",
        )


def _rules(page: "Page", instrument: "Instrument") -> None:
    """What is known of the instrument itself: important change, and what a missing item does."""
    page.gap()
    for change in instrument.important_changes:
        size = (
            change.value
            if change.value is not None
            else f"{change.low} to {change.high}"
            if change.low is not None
            else ""
        )
        if size != "":
            mark = "" if change.verified else ", not verified"
            page.put(
                f"Minimal important change: {size} {change.unit} ({change.source}{mark}). {change.population}".rstrip(),
                style="dim",
            )
    published = "" if instrument.missing.published else " No rule was published; this is the safe behaviour."
    page.put(f"A missing item: {instrument.missing.text.rstrip('.')}.{published}", style="dim")
    page.put(f"Formula: {instrument.formula_text}", style="dim")


def _write_json(instrument: "Instrument", made: "Score", before: "Score | None", bands: str | None) -> None:
    import msgspec

    from atopy.instruments import bands_for, response

    data: dict[str, object] = {"score": made}
    if bands == "all" and made.value is not None:
        data["bands"] = bands_for(instrument, made.value)
    if before is not None:
        data["response"] = response(instrument, before.value, made.value)
    terminal.write(msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=2).decode() + "\n")
