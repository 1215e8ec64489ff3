"""The exported CQL, translated by the official translator and run by cql-execution, says what our engine says.

Of every rule (true, false or unknown), and of every other exported definition: on other people's synthetic patients, on
our own FHIR examples, on 500 made-up patients, and on the invented disease. Known differences are a ledger
(cql_differences.yaml); a difference that is not in it fails, and an entry that no longer differs does too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace
from tests import node
from tests.cpg.conftest import Exported
from tests.cpg.cql_runs import ENGINE, Patient, compared, differing, elm_of, ref_of, terms_asked
from tests.cpg.varied import varied

from atopy.cpg.elm import VARIABLE, find_translator, translate
from atopy.cpg.public import with_recommendations
from atopy.record.codings import OWN_SYSTEM

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples" / "fhir"
MADE_UP = 500
PARTS = 2  # of the made-up patients, so that two workers share them
RULES_TRUE, RULES_UNKNOWN = 0.6, 0.5  # of the rules: how many are so at least for one patient of a part
LEDGER = yaml.safe_load((HERE / "cql_differences.yaml").read_text(encoding="utf-8"))


def known_differences(patients: list[Patient]) -> dict[str, list[str]]:
    """The ledger, as far as it speaks of these patients."""
    here = {patient.id for patient in patients}
    found: dict[str, list[str]] = {}
    for entry in LEDGER:
        for id_, terms in entry["patients"].items():
            if id_ in here:
                found[id_] = sorted([*found.get(id_, []), *terms])
    return found


def assert_as_the_ledger_has_it(patients: list[Patient]) -> None:
    found = {p.id: sorted(terms) for p in patients if (terms := differing(p))}
    assert found == known_differences(patients)


@pytest.fixture(scope="session")
def run(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Exported, list[tuple[str, bytes]]], list[Patient]]:
    """Both engines over bundles."""

    def both(exported: Exported, bundles: list[tuple[str, bytes]]) -> list[Patient]:
        return compared(exported.compiled, exported.logic, bundles, tmp_path_factory.mktemp("cql"))

    return both


def test_the_engine_knows_no_disease(toy: Exported, run: Callable[..., list[Patient]]) -> None:
    made = varied(toy.compiled, terms_asked(toy.compiled, toy.logic), 60)
    patients = run(toy, [(f"v{i}", bundle) for i, bundle in enumerate(made)])
    assert_as_the_ledger_has_it(patients)
    assert {type(v) for p in patients for v in p.expected.values()} >= {bool, float, str, type(None)}


def test_other_peoples_patients(eczema: Exported, shared: Path, run: Callable[..., list[Patient]]) -> None:
    files = sorted((shared / "fhir-samples" / "bundles").glob("*.json"))
    assert len(files) == 28
    assert_as_the_ledger_has_it(run(eczema, [(path.stem, path.read_bytes()) for path in files]))


def measured(id_: str, code: str, unit: str, *said: tuple[str, object]) -> tuple[str, bytes]:
    """A patient with values of one thing, each on its day."""
    who = {"resourceType": "Patient", "id": id_, "birthDate": "1990-05-01", "gender": "female"}
    taken = [
        {
            "resourceType": "Observation", "id": f"{id_}-{n}", "status": "final", "effectiveDateTime": day,
            "code": {"coding": [{"system": OWN_SYSTEM, "code": code}]},
            "subject": {"reference": f"Patient/{id_}"},
            "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
        }
        for n, (day, value) in enumerate(said)
    ]  # fmt: skip
    entries = [{"resource": one} for one in (who, *taken)]
    return id_, json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


FEVERS = (
    measured("fever-two", "temperature", "Cel", ("2026-11-19", 39.2), ("2026-11-20", 37.1)),
    measured("fever-old", "temperature", "Cel", ("2020-11-19", 39.2)),
    measured("fever-none", "temperature", "Cel"),
)  # no made-up patient has a temperature of these days
PRESSURES = (
    measured("pressure-kpa", "systolic_bp", "kPa", ("2026-11-19", 16.13)),
    measured("pressure-pa", "systolic_bp", "Pa", ("2026-11-19", 16130)),
)  # a factor with so many places is easily too much for an engine


def test_our_own_examples(eczema: Exported, run: Callable[..., list[Patient]]) -> None:
    files = sorted(EXAMPLES.glob("*.json"))
    patients = run(eczema, [*((path.stem, path.read_bytes()) for path in files), *FEVERS, *PRESSURES])
    assert_as_the_ledger_has_it(patients)
    fever = {p.id: p.found["highest_temperature_c"] for p in patients if p.id.startswith("fever")}
    assert fever == {"fever-two": 39.2, "fever-old": None, "fever-none": None}
    assert {round(p.found["systolic_bp_mmhg"], 2) for p in patients if p.id.startswith("pressure")} == {
        120.98
    }
    named = {id_ for entry in LEDGER for id_ in entry["patients"]}
    assert named <= {path.stem for path in files} | {f"d{n:03}" for n in range(1, 29)}


def measure_of(exported: Exported, key: str) -> str | None:
    """How a term is measured over events, where it is."""
    ref, facts = ref_of(key), exported.compiled.facts
    return getattr(facts[ref.name].derivation, "measure", None) if ref.name in facts else None


@pytest.mark.parametrize("part", range(PARTS))
def test_made_up_patients(eczema: Exported, part: int, run: Callable[..., list[Patient]]) -> None:
    made = varied(eczema.compiled, terms_asked(eczema.compiled, eczema.logic), MADE_UP)
    patients = run(eczema, [(f"v{i}", made[i]) for i in range(part, MADE_UP, PARTS)])
    assert len(patients) == MADE_UP // PARTS
    assert_as_the_ledger_has_it(patients)
    verdicts = Counter(
        (key, value) for p in patients for key, value in p.found.items() if key.startswith("rule(")
    )
    rules = {key for key in eczema.logic.definitions if key.startswith("rule(")}
    assert len([key for key in rules if verdicts[key, True]]) >= RULES_TRUE * len(rules)
    assert len([key for key in rules if verdicts[key, None]]) >= RULES_UNKNOWN * len(rules)
    numbers = {
        measure_of(eczema, key) for p in patients for key, v in p.found.items() if isinstance(v, int | float)
    }
    assert numbers >= {"latest", "count", "days_since", "duration"}


def test_a_changed_expression_is_seen(toy: Exported, run: Callable[..., list[Patient]]) -> None:
    """The comparison can fail: the body of one definition of the CQL is denied, and its patients are named."""
    made = varied(toy.compiled, terms_asked(toy.compiled, toy.logic), 20)
    bundles = [(f"v{i}", bundle) for i, bundle in enumerate(made)]
    changed = "rule(stillin-old)"
    library = next(x for x in toy.logic.libraries if f'define "{changed}":\n' in x.text)
    text = library.text.replace(f'define "{changed}":\n', f'define "{changed}":\n  not ', 1)
    libraries = tuple(replace(x, text=text) if x is library else x for x in toy.logic.libraries)
    patients = run(toy._replace(logic=replace(toy.logic, libraries=libraries)), bundles)
    differ = {p.id for p in patients if changed in differing(p)}
    assert differ == {p.id for p in patients if p.expected[changed] is not None} != set()
    with pytest.raises(AssertionError):
        assert_as_the_ledger_has_it(patients)


def test_an_entry_of_the_ledger_that_no_longer_differs_fails() -> None:
    named = {id_: terms for entry in LEDGER for id_, terms in entry["patients"].items()}
    assert named
    for id_, terms in named.items():
        same = Patient(id_, dict.fromkeys(terms, True), dict.fromkeys(terms, True))
        with pytest.raises(AssertionError):
            assert_as_the_ledger_has_it([same])


def test_elm_is_made_where_the_translator_is(
    toy: Exported, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = node.installed(ENGINE)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert find_translator() is None
    monkeypatch.setenv(VARIABLE, str(packages))
    assert find_translator() == packages
    with pytest.raises(ValueError, match="npm install"):
        find_translator(tmp_path)
    elm = translate(with_recommendations(toy.logic, toy.resources), packages)
    named = [library.name for library in toy.logic.libraries]
    assert list(elm) == [*named, "HiccupsRecommendations"]
    assert {f"{name}.json" for name in named} == {path.name for path in elm_of(toy.logic).glob("*.json")}
    wrong = toy.logic.libraries[0].text.replace("context Patient", "context Patient\n\ndefine \"x\": 1 + 'a'")
    libraries = (type(toy.logic.libraries[0])(toy.logic.libraries[0].name, "1", wrong, ()),)
    with pytest.raises(ValueError, match="the translator refuses HiccupsTerms"):
        translate(type(toy.logic)(libraries, {}, {}, {}), packages)
