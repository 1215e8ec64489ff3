"""Scenarios in YAML: a record, a day, and short lines that say what the plan must hold, and why.

The format is described in ``README.md``; what a line may say is in ``grammar.py``.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from atopy.guideline import Compiled, load_guideline
from atopy.guideline.overlay import apply_overlay, read_overlay
from atopy.instruments import Scorer
from atopy.plan import Case, Guidance, Plan, make_plan
from atopy.record import Record, read_data
from atopy.yaml_source import SourceError, convert, load_yaml_file

FOLDER = Path(__file__).resolve().parent
OVERLAYS = FOLDER.parents[1] / "examples" / "overlays"
NOT_SCENARIOS = ("coverage_ledger.yaml", "bullets.yaml", "unused_sources.yaml", "trap_ledger.yaml")


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The record of a scenario: a base with something added, taken away or changed.

    ``remove`` names words: every event of that word goes. ``attested`` adds to the base's; a list with the
    value ``none`` is not attested here.
    """

    based_on: str = "empty"
    patient: dict[str, Any] = {}
    attested: dict[str, str] = {}
    add: list[dict[str, Any]] = []
    remove: list[str] = []


class MustInclude(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One finding of a published case that the plan must hold: by statements, and by the words that carry it."""

    text: str
    verified: bool
    statements: list[str]
    words: list[str]


class MustNotInclude(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a published case's plan must not hold, as lines that say so."""

    text: str
    verified: bool
    expect: list[str]


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a case taken from the literature: its key, and what its readers found."""

    id: str
    source: str
    must_include: list[MustInclude] = []
    must_not_include: list[MustNotInclude] = []


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scenario as written."""

    name: str
    record: Given
    expect: list[str]
    as_of: str = "2026-11-20"
    country: str | None = None
    overlay: str | None = None  # a file of examples/overlays
    why: str | None = None  # the clinical reason, for whoever reads it later
    published: Published | None = None


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record to build on, in Atopy's own format."""

    atopy: int
    patient: dict[str, Any] = {}
    attested: dict[str, str] = {}
    events: list[dict[str, Any]] = []


def expected(scenario: Scenario) -> list[str]:
    """Every line that the plan of a scenario must hold, those of a published case included."""
    return [*scenario.expect, *_of_published(scenario.published)]


def _of_published(case: Published | None) -> list[str]:
    """What a published case asks, as lines of the same grammar."""
    if case is None:
        return []
    lines = [f"statement {s} is shown" for m in case.must_include for s in m.statements]
    for wanted in case.must_include:
        lines += [f'{" or ".join(wanted.statements)} says "{word}"' for word in wanted.words]
    return [*lines, *(line for unwanted in case.must_not_include for line in unwanted.expect)]


def scenario_files() -> list[Path]:
    """Every file of scenarios, in the order of their names."""
    return sorted(p for p in FOLDER.glob("*.yaml") if p.name not in NOT_SCENARIOS)


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario under ``file: name``. Raises SourceError with every mistake of form."""
    found: dict[str, Scenario] = {}
    problems = []
    for path in scenario_files():
        document = load_yaml_file(path, path.name)
        listed, wrong = convert(document, document.data, list[Scenario])
        problems += wrong
        for scenario in listed or []:
            key = f"{path.stem}: {scenario.name}"
            if key in found:
                problems.append(document.problem((), f"two scenarios are called '{scenario.name}'."))
            found[key] = scenario
    if problems:
        raise SourceError(problems)
    return found


@cache
def base(name: str) -> Base:
    """The base *name*. Raises SourceError when it cannot be read."""
    document = load_yaml_file(FOLDER / "bases" / f"{name}.yaml", f"bases/{name}.yaml")
    value, problems = convert(document, document.data, Base)
    if value is None or problems:
        raise SourceError(problems)
    return value


def data_of(given: Given) -> dict[str, Any]:
    """The record of a scenario in Atopy's own format."""
    start = base(given.based_on)
    gone = set(given.remove)
    kept = [e for e in start.events if not gone.intersection(_words(e))]
    unknown = gone - {w for e in start.events for w in _words(e)}
    assert not unknown, f"the base '{given.based_on}' has no {', '.join(sorted(unknown))} to remove"
    attested = {k: v for k, v in (start.attested | given.attested).items() if v != "none"}
    patient = {k: v for k, v in (start.patient | given.patient).items() if v != "none"}
    if "birth_date" in given.patient:
        patient = {k: v for k, v in patient.items() if k not in ("age", "age_at")}
    elif "age" in given.patient:
        patient.pop("birth_date", None)
    return {"atopy": 1, "patient": patient, "attested": attested, "events": [*kept, *given.add]}


def _words(event: dict[str, Any]) -> list[str]:
    return [v for v in event.values() if isinstance(v, str)]


class Seen(msgspec.Struct, frozen=True):
    """A scenario carried out: the record as read, the case with its facts, and the plan."""

    scenario: Scenario
    record: Record
    case: Case
    plan: Plan


class Using(NamedTuple):
    """The content that scenarios are carried out with; with the rules of a place where an overlay is named."""

    plain: Guidance
    placed: dict[str, Guidance]

    def guidance(self, overlay: str | None) -> Guidance:
        """The guideline, ready to run."""
        if overlay is None:
            return self.plain
        if overlay not in self.placed:
            compiled = self.plain.compiled
            rules = read_overlay(OVERLAYS / f"{overlay}.yaml", compiled)
            self.placed[overlay] = Guidance(apply_overlay(compiled, rules))
        return self.placed[overlay]


def using(compiled: Compiled) -> Using:
    """Other content than the shipped, for scenarios to be carried out with."""
    return Using(Guidance(compiled), {})


@cache
def shipped() -> Using:
    """The shipped content."""
    return using(load_guideline())


def guidance(overlay: str | None = None) -> Guidance:
    """The shipped guideline, ready to run; with the rules of a place where an overlay is named."""
    return shipped().guidance(overlay)


def read_record(data: dict[str, Any], name: str = "record", content: Using | None = None) -> Record:
    """*data* through the reader that users have."""
    compiled = (content or shipped()).plain.compiled
    return read_data(data, compiled.vocabulary, scorer=Scorer(compiled.instruments), file=name)


def case_of(scenario: Scenario, content: Using | None = None, record: Record | None = None) -> Case:
    """The facts of a scenario, without its plan. *record*: its record, where somebody has read it already."""
    held = content or shipped()
    read = record or read_record(data_of(scenario.record), scenario.name, held)
    day = date.fromisoformat(scenario.as_of)
    return Case(held.guidance(scenario.overlay), read, day, scenario.country, traced=True)


def carry_out(scenario: Scenario, content: Using | None = None, record: Record | None = None) -> Seen:
    """Read the record and make the plan, with the shipped content or with other."""
    case = case_of(scenario, content, record)
    made = make_plan(case.guidance, case.record, case.as_of, scenario.country)
    return Seen(scenario, case.record, case, made)
