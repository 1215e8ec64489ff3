"""The shipped guideline is proved and its page says so; a property that does not hold is caught on a record."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from tests.cli.conftest import command as command
from tests.proof.asked import Answer, asked
from tests.proof.evaluated import Evaluated
from tests.scenarios.scenario import data_of, read_record, scenarios
from tests.spec.engines import TOY
from tools import proofs

import atopy
from atopy.criteria import Ref, bind, prove
from atopy.facts import Rules, World
from atopy.guideline import load_guideline
from atopy.guideline.compile import compile_folder
from atopy.proof import Outcome, Prover, meets, prove_side_by_side
from atopy.proof.reproduce import Reproduced, reproduce
from atopy.record import read_data


def test_every_property_holds_of_every_possible_patient(proved: Outcome) -> None:
    assert [(r.id, r.names) for r in proved.failed] == []
    assert set(proved.seconds) == set(proved.grounds.properties)


def test_no_property_speaks_of_nobody(proved: Outcome) -> None:
    for id_ in proved.seconds:
        assert not all(r.vacuous for r in proved.results if r.id == id_), id_


def test_side_by_side_is_one_after_the_other() -> None:
    together, alone = prove_side_by_side(load_guideline(TOY)), Prover(load_guideline(TOY)).prove()
    assert together.results == alone.results
    assert together.again == alone.again == frozenset(together.asked)
    for key, (predicates, rests_on) in alone.asked.items():
        assert together.asked[key][0] == predicates
        terms = {str(ref) for ref in alone.cones.terms(rests_on)}
        assert {str(ref) for ref in together.cones.terms(together.asked[key][1])} == terms


def test_the_page_is_current(proved: Outcome) -> None:
    """Else: .venv/bin/python tools/proofs.py"""
    page = proofs.PAGE.read_text(encoding="utf-8")
    assert proofs.timeless(proofs.filled(page, proved)) == proofs.timeless(page)


# -- what is taken for granted of every patient


def test_the_declared_laws_hold_of_every_scenario() -> None:
    """``always`` beside a fact is so in every record of the scenarios, for everything that the record speaks of."""
    compiled = load_guideline()
    rules = Rules(compiled.facts, compiled.vocabulary)
    lawful = [fact for fact in compiled.facts.values() if fact.always]
    kin: dict[str, list[str]] = {}
    for group, members in compiled.vocabulary.members.items():
        for member in members:
            kin.setdefault(member, []).append(group)
    assert len(lawful) > 10
    held = 0
    for scenario in scenarios().values():
        record = read_record(data_of(scenario.record))
        world = World(rules, record, atopy_day(scenario.as_of), scenario.country)
        said = {code for e in record.events for code in (e.code, *kin.get(e.code, ()))}
        for fact in lawful:
            of = fact.signature.parameters
            for member in said.intersection(compiled.domains[of[0]]) if of else [""]:
                for law in fact.always:
                    assert prove(bind(law, {of[0]: member} if of else {}), world).truth is True, (
                        fact.name,
                        member,
                    )
                    held += 1
    assert held > 10_000


def atopy_day(text: str) -> date:

    return date.fromisoformat(text)


# -- what does not hold is caught


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """The toy guideline, free to be spoiled."""
    return Path(shutil.copytree(TOY, tmp_path / "hiccups"))


def spoil(folder: Path, file: str, find: str, instead: str) -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(find) == 1, find
    path.write_text(text.replace(find, instead), encoding="utf-8")
    return folder


BARRED = (
    "    - {when: contraindicated_absolute(option), then: contraindicated, "
    "unknown: next, because: contraindicated}\n"
)
TAKEN = "    - {when: taking(option) AND (must"
SPOILT = [
    pytest.param(
        "no-option-while-contraindicated", "decisions/options.yaml", BARRED + TAKEN, TAKEN,
        id="a bar that no row reads",
    ),
    pytest.param(
        "one-more-bar-opens-nothing", "decisions/options.yaml",
        BARRED + TAKEN, BARRED.replace("then: contraindicated", "then: second_choice") + TAKEN, id="a bar that opens",
    ),
    pytest.param(
        "a-bar-stays", "ladder/stillin.yaml", "    when: pregnant\n", "    when: pregnant IS NOT FALSE\n",
        id="a bar that holds only while nobody asks",
    ),
    pytest.param(
        "one-bar-reaches-others-only-so", "decisions/states.yaml",
        "when: (any_of(factor_holds)", "when: contraindicated_absolute(stillin) OR (any_of(factor_holds)",
        id="a bar of one that holds all",
    ),
    pytest.param(
        "every-factor-says-what-to-do", "factors/hurried_meals.yaml",
        "text: {clinician: {en: Ask about meals", "when: severe\n    text: {clinician: {en: Ask about meals",
        id="a factor without advice",
    ),
    pytest.param(
        "the-chosen-rule-is-followed", "properties/rules.yaml", "IS NOT NULL", "= 'optimise'", id="another rule",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "file", "find", "instead"), SPOILT)
def test_a_property_that_does_not_hold_fails(toy: Path, id_: str, file: str, find: str, instead: str) -> None:
    assert not Prover(compile_folder(toy)).prove().failed
    outcome = Prover(compile_folder(spoil(toy, file, find, instead))).prove()
    assert id_ in {r.id for r in outcome.failed}


def test_who_shows_that_a_property_fails_is_a_record_that_the_plan_shows_too(
    toy: Path, tmp_path: Path, command: Callable[..., Any]
) -> None:
    _, file, find, instead = SPOILT[0].values
    spoil(toy, file, find, instead)
    typed = command(
        "guideline", "prove", "--content", str(toy), "--property", "no-option-while-contraindicated"
    )
    assert typed.code == 1
    assert "when: rule(contraindication)" in typed.out
    asked = re.search(r"atopy (plan) RECORD.yaml (--as-of) (\S+) (--content) (\S+)\n", typed.out)
    assert asked is not None, typed.out
    printed = tmp_path / "printed.yaml"
    printed.write_text(typed.out[typed.out.index("\natopy: 1") :].partition("\n\n")[0], encoding="utf-8")
    assert command(asked[1], str(printed), *asked.groups()[1:]).code == 0
    outcome = Prover(compile_folder(toy)).prove(["no-option-while-contraindicated"])
    for result in outcome.failed:
        assert result.record is not None and result.record.shows, result.record
        path = tmp_path / "patient.yaml"
        path.write_text(result.record.text, encoding="utf-8")
        line = atopy.plan(path, as_of=result.record.as_of, content=toy).line(result.names["option"])
        assert line is not None
        assert line.status in ("recommended_now", "option", "recommended_once_checked", "needs_information")


WANTED = [
    "option_status(dupilumab) = 'needs_information'",
    "red_flag(eczema_herpeticum) AND headline = 'emergency'",
    "taken_action(azathioprine) = 'reduce' AND above_maximum(azathioprine)",
    "option_status(ciclosporin) = 'option' AND country = 'uk'",
    "headline = 'prevent' AND age_years < 2",
    "contraindicated_absolute(methotrexate) AND country = 'us'",
    "hsv_by_swab",
    "treatment_with_allergen AND allergy_to_product_recorded AND exposure_with_allergen",
]


def test_every_red_flag_and_every_absolute_bar_can_be_shown_on_a_record() -> None:
    """Whatever a proof of them finds, a reader gets as a record, and no writer of one kind of entry is forgotten."""
    compiled = load_guideline()
    bars = [c.id for t in compiled.therapies.values() for c in t.contraindicated if c.severity == "absolute"]
    claims = [f"red_flag({flag})" for flag in compiled.red_flags]
    claims += [f"rule({bar})" for bar in bars]
    claims += [f"mimic_present({mimic})" for mimic in compiled.mimics]
    claims += [f"factor_present({factor})" for factor in compiled.factors]
    shown = {claim: answer.record for claim, answer in asked(claims).items()}
    assert len(bars) > 150
    assert [claim for claim, record in shown.items() if record is None or not record.shows] == []


@pytest.fixture(scope="module")
def patients() -> dict[str, Answer]:
    return asked(WANTED)


@pytest.mark.parametrize("wanted", WANTED)
def test_patients_of_the_shipped_guideline_become_records(wanted: str, patients: dict[str, Answer]) -> None:
    """Whom the solver finds is written, read again, and is who he should be."""
    found = patients[wanted]
    assert found.verdict == "failed" and found.record is not None
    assert found.record.shows, found
    compiled = load_guideline()
    grounds = Prover(compiled).grounds
    record = read_data(yaml.safe_load(found.record.text), compiled.vocabulary)
    world = World(grounds.rules, record, atopy_day(found.record.as_of))
    assert prove(grounds.predicate(wanted), world).truth is True


def test_where_no_record_can_be_written_of_one_patient_another_is_sought(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As of 1 kg at 2 years: whom the solver finds first must not decide whether a reader sees a record."""
    sought: list[dict[str, Any]] = []

    def no_record_of_the_first_two(compiled: Any, patient: dict[str, Any], *rest: Any) -> Reproduced:
        sought.append(patient)
        found = reproduce(compiled, patient, *rest)
        return found if len(sought) > 2 else Reproduced(found.text, found.as_of, False, ("weight_kg",))

    monkeypatch.setattr("atopy.proof.prover.reproduce", no_record_of_the_first_two)
    prover = Prover(load_guideline())
    node = prover.grounds.predicate("weight_kg < 400 AND age_years >= 18")
    result = prover.ask("wanted", meets({}, prover.grounds.predicate("TRUE"), node))
    assert result.record is not None and result.record.shows
    assert len(sought) > 2 and result.patient == sought[-1]
    for before, after in combinations((patient["weight_kg"] for patient in sought), 2):
        assert not before / 2 <= after <= before * 2


def test_a_patient_who_cannot_be_is_said_to_be_irreproducible() -> None:
    """Too long since the last use, and in use: the facts allow it, records do not."""
    prover = Prover(load_guideline())
    node = prover.grounds.predicate("takes(methotrexate) AND days_since_use(methotrexate) > 30")
    result = prover.ask("wanted", meets({}, prover.grounds.predicate("TRUE"), node))
    assert result.record is not None and not result.record.shows
    assert result.record.differs


# -- after a change


def test_only_what_rests_on_a_change_is_proved_again(toy: Path) -> None:
    base = Prover(compile_folder(toy)).prove()
    assert len(base.again) == len(base.results)
    same = Prover(compile_folder(toy)).prove(since=base)
    assert not same.again and same.results == base.results
    spoil(toy, "ladder/stillin.yaml", "    when: potassium < 3.5\n", "    when: potassium < 3.4\n")
    changed = Prover(compile_folder(toy)).prove(since=base)
    assert changed.again and len(changed.again) < len(base.results)
    assert {key[0] for key in changed.again} >= {"one-more-bar-opens-nothing"}
    whole = Prover(compile_folder(toy)).prove()
    assert {r.key: r.verdict for r in changed.results} == {r.key: r.verdict for r in whole.results}


def test_what_is_proved_does_not_depend_on_what_was_asked_before(toy: Path) -> None:
    prover = Prover(compile_folder(toy))
    together = {r.key: r for r in prover.prove().results}
    for id_ in reversed(list(prover.grounds.properties)):
        for result in Prover(compile_folder(toy)).prove([id_]).results:
            assert together[result.key].verdict == result.verdict


# -- the command


def test_the_table_and_the_other_formats(command: Callable[..., Any]) -> None:
    text = command("guideline", "prove", "--content", str(TOY))
    assert text.code == 0 and text.err == ""
    assert max(map(len, text.out.splitlines())) <= 100
    assert "35 queries: 35 proved, 0 not" in text.out
    whole = msgspec.json.decode(command("guideline", "prove", "--content", str(TOY), "--format", "json").out)
    assert [p["proved"] for p in whole["properties"]] == [p["queries"] for p in whole["properties"]]
    page = command("guideline", "prove", "--content", str(TOY), "--format", "markdown").out
    assert "| [a-bar-stays](#a-bar-stays) |" in page and "- `country`:" in page


def test_wrong_words_are_named(command: Callable[..., Any]) -> None:
    typed = command("guideline", "prove", "--content", str(TOY), "--property", "nothing")
    assert typed.code == 2 and "--property 'nothing' is not known. Write one of:" in typed.err


def test_without_the_solver_it_says_what_to_install(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in [n for n in sys.modules if n == "z3" or n.startswith(("z3.", "atopy.proof"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    typed = command("guideline", "prove", "--content", str(TOY))
    assert typed.code == 2 and "pip install 'atopy[proof]'" in typed.err


def test_an_evaluated_patient_is_one_patient() -> None:
    """The helper of these tests is itself able to fail."""
    prover = Prover(load_guideline(TOY))
    space = prover.worlds.now
    one = Evaluated(space, {"potassium": None, "age_years": None})
    assert one.value(Ref("pregnant")) is None
