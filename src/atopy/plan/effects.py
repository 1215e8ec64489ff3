"""What a change of the content does to patients: the plans of a cohort by both versions, and where they differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from atopy.guideline import Compiled
from atopy.instruments import Scorer
from atopy.plan.case import Guidance
from atopy.plan.make import make_plans
from atopy.plan.model import Line, Plan
from atopy.plan.what_if import Difference, difference
from atopy.record import Record, read, read_bytes
from atopy.yaml_source import InputError, SourceError

RECORDS = (".yaml", ".yml", ".json", ".ndjson")


class Patient(msgspec.Struct, frozen=True):
    """One record of a cohort: where it came from, and what it holds, read by each version's vocabulary."""

    name: str
    before: Record
    after: Record


class Turn(msgspec.Struct, frozen=True, order=True):
    """An option that stands otherwise."""

    option: str
    before: str
    after: str


class Effects(msgspec.Struct, frozen=True):
    """How many plans there are, which differ and how, and what could not be read."""

    total: int
    changed: tuple[tuple[str, Difference], ...]
    turns: tuple[tuple[Turn, int], ...]  # the most frequent first
    headlines: tuple[tuple[Turn, int], ...]
    unread: tuple[str, ...] = ()


def effects(
    before: Compiled,
    after: Compiled,
    cohort: Sequence[Patient],
    as_of: date,
    country: str | None = None,
    unread: tuple[str, ...] = (),
    told: Callable[[int], None] = lambda _: None,
) -> Effects:
    """The plan of every patient by both versions. *told* is called after each, with how many are done."""
    sides = [
        make_plans(Guidance(side), records, as_of, country, None)
        for side, records in ((before, [p.before for p in cohort]), (after, [p.after for p in cohort]))
    ]
    changed: list[tuple[str, Difference]] = []
    turns: Counter[Turn] = Counter()
    heads: Counter[Turn] = Counter()
    for done, (patient, was, now) in enumerate(zip(cohort, *sides, strict=True), start=1):
        found = difference(was, now)
        if not found.same:
            changed.append((patient.name, found))
        turns.update(_turns(was, now))
        if was.headline.code != now.headline.code:
            heads[Turn("headline", was.headline.clinician, now.headline.clinician)] += 1
        told(done)
    return Effects(len(cohort), tuple(changed), _most(turns), _most(heads), unread)


def _turns(before: Plan, after: Plan) -> Iterator[Turn]:
    was, now = ({line.id: line for line in plan.section("ladder").lines} for plan in (before, after))
    words = {code: pair.clinician for code, pair in (before.legend.statuses | after.legend.statuses).items()}
    for id_ in dict.fromkeys([*now, *was]):
        old, new = was.get(id_), now.get(id_)
        states = [_state(line, words) for line in (old, new)]
        if states[0] != states[1]:
            name = (new or old).clinician  # type: ignore[union-attr]
            yield Turn(name, *states)


def _state(line: Line | None, words: dict[str, str]) -> str:
    if line is None:
        return "not listed"
    code = line.status or "no status"
    return words.get(code, code.replace("_", " "))


def _most(counted: Counter[Turn]) -> tuple[tuple[Turn, int], ...]:
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


# -- a cohort


def cohort(path: Path, before: Compiled, after: Compiled) -> tuple[list[Patient], tuple[str, ...]]:
    """The records of a folder (one a file), or of an NDJSON file (one a line); and each that cannot be read, with why.

    A line of NDJSON is a record of Atopy's own or a FHIR Bundle. Raises ValueError for a path that holds no records.
    """
    found: list[Patient] = []
    unread: list[str] = []
    for name, source in _sources(path):
        try:
            sides = [_read(source, side, name) for side in (before, after)]
        except SourceError as error:
            unread.append(str(error.problems[0]))
            continue
        found.append(Patient(name, *sides))
    if not found and not unread:
        raise InputError(
            f"{path} holds no records: name a folder of {', '.join(RECORDS)} files, or an NDJSON file."
        )
    return found, tuple(unread)


def _read(source: Path | bytes, compiled: Compiled, name: str) -> Record:
    scorer = Scorer(compiled.instruments)
    if isinstance(source, Path):
        return read(source, compiled.vocabulary, scorer=scorer, file=name)
    return read_bytes(source, compiled.vocabulary, scorer=scorer, file=name)


def _sources(path: Path) -> Iterable[tuple[str, Path | bytes]]:
    if path.is_dir():
        return [(p.name, p) for p in sorted(path.iterdir()) if p.is_file() and p.suffix in RECORDS]
    if not path.is_file():
        raise InputError(f"{path} is neither a folder of records nor an NDJSON file.")
    if path.suffix != ".ndjson":
        return [(path.name, path)]
    lines = path.read_bytes().splitlines()
    return [(f"{path.name}:{n}", line) for n, line in enumerate(lines, start=1) if line.strip()]


__all__ = ["Effects", "Patient", "Turn", "cohort", "effects"]
