"""What is proved of a guideline: a table of properties, and of each that fails the patient who shows it."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from atopy.guideline.properties import Declared
from atopy.proof import Outcome, Reproduced, Result
from atopy.render.as_markdown import plain
from atopy.render.page import Page, Part

_WIDTHS = (52, 7, 6, 6)
_HEADS = ("property", "queries", "proved", "failed", "seconds")


def table(outcome: Outcome, width: int, colour: bool, options: str = "") -> str:
    """For a terminal: one row for each property, then what failed. *options*: of the command for a plan."""
    page = Page(width, colour)
    meta = outcome.grounds.compiled.meta
    page.put((f"{meta.id} {meta.version}: what holds for every possible patient", "bold"))
    page.gap()
    page.columns("", 0, _WIDTHS, _HEADS, [_row(outcome, id_) for id_ in outcome.seconds])
    page.gap()
    page.put(_summary(outcome))
    for result in outcome.failed:
        _failure(page, outcome, result, options)
    return page.text()


def _row(outcome: Outcome, id_: str) -> list[list[Part]]:
    """What is proved, and how it came out."""
    results = [r for r in outcome.results if r.id == id_]
    failed = sum(r.verdict != "proved" for r in results)
    style = "bold red" if failed else ""
    numbers = (str(len(results)), str(len(results) - failed), str(failed), f"{outcome.seconds[id_]:.1f}")
    cells: list[list[Part]] = [[(n, style)] for n in numbers]
    return [[(f"{id_}: ", "bold"), outcome.says(id_)], *cells]


def _summary(outcome: Outcome) -> str:
    results = outcome.results
    failed = len(outcome.failed)
    structural = sum(r.structural for r in results)
    vacuous = sum(r.vacuous for r in results)
    said = f"{len(outcome.seconds)} properties, {len(results)} queries: {len(results) - failed} proved, {failed} not."
    if structural:
        said += f" {structural} needed no solver: the tables leave nothing open."
    if vacuous:
        said += f" {vacuous} speak of nobody: no patient meets what they presuppose."
    return f"{said} No clinician has reviewed the content."


def _failure(page: Page, outcome: Outcome, result: Result, options: str) -> None:
    """What does not hold, of whom it is asked, and who shows it."""
    about = ", ".join(f"{kind} {name}" for kind, name in result.names.items())
    word = "cannot be decided with the effort given" if result.verdict == "undecided" else "fails"
    page.heading(f"{result.id}: {about or 'the guideline'} {word}")
    for part in outcome.grounds.properties[result.id].predicates():
        kind, _, name = part.part.partition(".")
        if not name or name in result.names.values():
            page.put(f"{kind}: {part.text}")
    page.gap()
    if result.patient is None:
        page.put("" if result.verdict == "undecided" else "No possible patient meets it.")
    elif not result.patient:
        page.put("Anybody shows it, even one of whom nothing is known.")
    else:
        page.put("A patient who shows it; of all else nothing is known:")
        _facts(page, result.patient)
    learned = {k: v for k, v in (result.later or {}).items() if k not in (result.patient or {})}
    if learned:
        page.put("Then is learned:")
        _facts(page, learned)
    if result.record is not None:
        _record(page, result.record, options)


def _facts(page: Page, known: Mapping[str, object]) -> None:
    for key, value in known.items():
        page.put(f"{key}: {said(value)}", left=3, mark="· ")


def _record(page: Page, record: Reproduced, options: str) -> None:
    """The patient as a record, and how to see it for oneself."""
    if record.shows:
        page.put("As a record, of which a plan shows the same:")
        page.verbatim(f"   atopy plan RECORD.yaml --as-of {record.as_of}{options}")
    else:
        page.put(
            "No record was found that shows it: perhaps nobody can have these facts together, and the content "
            "lacks the law that says so (`always` beside a fact). The nearest, as of "
            f"{record.as_of}, differs in {', '.join(record.differs) or 'what its entries settle besides'}:"
        )
    page.gap()
    page.verbatim(record.text)


def said(value: object) -> str:
    """A value as it is written in a record."""
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def as_json(outcome: Outcome) -> str:
    """For a machine: every query with how it came out. The seconds are the only thing that differs between runs."""
    properties: list[dict[str, Any]] = []
    for id_, seconds in outcome.seconds.items():
        results = [r for r in outcome.results if r.id == id_]
        properties.append(
            {
                "id": id_,
                "says": outcome.says(id_),
                "queries": len(results),
                "proved": sum(r.verdict == "proved" for r in results),
                "seconds": round(seconds, 2),
                "results": [msgspec.to_builtins(r, str_keys=True) for r in results],
            }
        )
    meta = outcome.grounds.compiled.meta
    whole = {"guideline": meta.id, "version": meta.version, "properties": properties}
    return json.dumps(whole, indent=2, ensure_ascii=False, default=str) + "\n"


def markdown(outcome: Outcome) -> str:
    """For the documentation: what is proved, why it must hold, how it came out. Only seconds differ between runs."""
    blocks = ["| property | says | queries | proved | seconds |", "|---|---|---:|---:|---:|"]
    for id_ in outcome.seconds:
        results = [r for r in outcome.results if r.id == id_]
        proved = sum(r.verdict == "proved" for r in results)
        row = f"[{id_}](#{id_}) | {plain(outcome.says(id_))} | {len(results)} | {proved}"
        blocks.append(f"| {row} | {outcome.seconds[id_]:.1f} |")
    parts = ["\n".join(blocks), plain(_summary(outcome))]
    for id_ in outcome.seconds:
        parts += [f"### {id_}", *_declared(outcome.grounds.properties[id_])]
    return "\n\n".join(parts) + "\n"


def _declared(declared: Declared) -> list[str]:
    """A property in words: what it says, why, and what it names besides."""
    found = [plain(declared.says["en"]), f"*Why.* {plain(declared.because['en'])}"]
    for head, listed in declared.reasons():
        if listed:
            rows = "\n".join(f"- `{name}`: {plain(why)}" for name, why in listed.items())
            found.append(f"*{head}*\n\n{rows}")
    if declared.sources:
        found.append(f"Sources: {', '.join(f'`{c.source}`' for c in declared.sources)}.")
    return found
