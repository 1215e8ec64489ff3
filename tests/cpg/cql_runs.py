"""The exported CQL run by cql-execution beside the reference evaluator, patient by patient."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from tests import node

from atopy.cpg import CqlExport
from atopy.cpg.elm import translate_folder
from atopy.criteria import Ref
from atopy.facts import Observe, Rules, World
from atopy.guideline import Compiled
from atopy.instruments import Scorer
from atopy.record import read_bytes

ENGINE = Path(__file__).resolve().parent / "cql_engine"
AS_OF = date(2026, 11, 20)
CLOSE = 1e-6  # of numbers: CQL keeps eight places, we keep all
Values = dict[str, Any]


class Patient(NamedTuple):
    """A patient with what the reference evaluator says of every exported term, and what the CQL does."""

    id: str
    expected: Values
    found: Values


def elm_of(made: CqlExport) -> Path:
    """A folder with the ELM of the libraries; made once for the same text and translator, by one worker at a time."""
    packages = node.installed(ENGINE)
    texts = [library.text for library in made.libraries]
    lock = (ENGINE / "package-lock.json").read_text(encoding="utf-8")
    digest = hashlib.sha256("\0".join([lock, *texts]).encode()).hexdigest()[:16]
    folder = packages / "elm" / digest
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "alone").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for library in made.libraries:
                (folder / f"{library.name}.cql").write_text(library.text, encoding="utf-8")
            translate_folder(folder, made.libraries[-1].name, packages)
            (folder / "done").touch()
    return folder


def ref_of(key: str) -> Ref:
    """The term that is written so."""
    written = re.fullmatch(r"([^(]+)\((.*)\)", key)
    return Ref(written[1], (written[2],)) if written else Ref(key)


def terms_asked(guideline: Compiled, made: CqlExport) -> set[str]:
    """The words of the vocabulary that exported facts ask about."""
    rules = Rules(guideline.facts, guideline.vocabulary)
    found: set[str] = set()
    for key in made.definitions:
        ref = ref_of(key)
        derivation = rules.derivation(guideline.facts[ref.name], ref.args)
        if isinstance(derivation, Observe):
            found |= {code for each in derivation.events.codes for code in rules.codes(each)}
    return found


def compared(
    guideline: Compiled, made: CqlExport, bundles: Iterable[tuple[str, bytes]], work: Path
) -> list[Patient]:
    """Each bundle by both. Parameters are fed with what our engine finds; the country is the record's."""
    elm, packages = elm_of(made), node.installed(ENGINE)
    rules, scorer = Rules(guideline.facts, guideline.vocabulary), Scorer(guideline.instruments)
    refs = {key: ref_of(key) for key in (*made.definitions, *made.parameters)}
    expected: dict[str, Values] = {}
    with (work / "patients.ndjson").open("w", encoding="utf-8") as out:
        for id_, data in bundles:
            record = read_bytes(data, guideline.vocabulary, scorer=scorer, file=id_)
            world = World(rules, record, AS_OF)
            parameters: Values = {key: _plain(world.value(refs[key])) for key in made.parameters}
            parameters |= {"AsOf": {"date": AS_OF.isoformat()}, "Country": None}
            out.write(json.dumps({"id": id_, "bundle": json.loads(data), "parameters": parameters}) + "\n")
            expected[id_] = {key: _plain(world.value(refs[key])) for key in made.definitions}
    sets = {v.url: {"": [{"system": s, "code": c} for s, c in v.codes]} for v in made.value_sets.values()}
    (work / "value_sets.json").write_text(json.dumps(sets), encoding="utf-8")
    last = made.libraries[-1].name
    node.run(
        work, "node", "--stack-size=4000", str(ENGINE / "run.cjs"), str(packages), str(elm), "value_sets.json",
        "patients.ndjson", "found.ndjson", last, "Rules", "Facts", "Record", "Terms", seconds=1200,
    )  # fmt: skip
    rows = [json.loads(line) for line in (work / "found.ndjson").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == list(expected)
    return [Patient(row["id"], expected[row["id"]], row["values"]) for row in rows]


def differing(patient: Patient) -> list[str]:
    """The terms of which the two say different things; one of which the CQL says nothing at all too."""
    assert patient.expected.keys() <= patient.found.keys()
    return [key for key, value in patient.expected.items() if not _same(value, patient.found[key])]


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict):
        return theirs == ours["date"]
    if isinstance(ours, float) and isinstance(theirs, int | float) and not isinstance(theirs, bool):
        return abs(ours - theirs) <= CLOSE * max(1.0, abs(ours))
    return type(ours) is type(theirs) and ours == theirs
