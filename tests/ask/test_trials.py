"""Answers that compare treatments say what ``atopy compare`` says, and nothing that it does not."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from benchmarks.questions import AS_OF, invented

import atopy
from atopy.ask import Answer, Line
from atopy.ask.public import engine
from atopy.evidence import compare, interval, of_hundred, sure

TOY = Path(__file__).resolve().parents[1] / "toy" / "hiccups"
OUTCOMES = {"easi75": "EASI 75", "iga01": "IGA", "ppnrs4": "itch", "sae": "serious adverse event"}


def asked(question: str, **more: object) -> Answer:
    return atopy.ask(question, as_of=AS_OF, **more)  # type: ignore[arg-type]


def toy(question: str) -> Answer:
    return atopy.ask(question, as_of=AS_OF, content=TOY)


def every(lines: tuple[Line, ...]) -> list[Line]:
    return [x for line in lines for x in (line, *every(line.parts))]


def networks(answer: Answer) -> list[Line]:
    return [x for x in answer.lines if x.figures is not None and x.figures.treatment is None]


def drugs() -> list[str]:
    """Every option that some arm of a trial got."""
    evidence, _ = engine().compiled.trial_data()
    return sorted({r.therapy for r in evidence.regimens if r.therapy})


@pytest.mark.parametrize("said", OUTCOMES.values(), ids=list(OUTCOMES))
def test_every_number_of_every_pair_is_one_that_the_comparison_prints(said: str) -> None:
    names = [d.replace("_", " ") for d in drugs()]
    for one, other in zip(names, [*names[1:], names[0]], strict=True):
        answer = asked(f"{one} versus {other} for {said}")
        assert answer.code == "compare", (answer.question, answer.code)
        assert [x for x in every(answer.lines) if x.figures]
        assert not invented(answer), (answer.question, invented(answer))


def test_a_number_that_the_comparison_does_not_print_is_found_out() -> None:
    """The check can fail: one figure changed by one is an invention."""
    answer = asked("dupilumab or upadacitinib?")
    whole = answer.lines[0]
    node = whole.parts[0]
    wrong = msgspec.structs.replace(node.text, clinician=re.sub(r"\b68 \(", "69 (", node.text.clinician))
    assert wrong != node.text
    parts = (msgspec.structs.replace(node, text=wrong), *whole.parts[1:])
    spoilt = msgspec.structs.replace(
        answer, lines=(msgspec.structs.replace(whole, parts=parts), *answer.lines[1:])
    )
    assert [e.kind for e in invented(spoilt)] == ["invented citation"]


def test_the_figures_of_a_pair_are_those_of_the_network() -> None:
    c = compare("easi75", "adults-mono")
    said = " ".join(x.text.clinician for x in every(asked("dupilumab or upadacitinib in adults?").lines))
    assert c.network is not None
    for node in ("upa30", "upa15", "dupi300q2w"):
        assert f"{c.of(node).name}: {of_hundred(c.of(node))} of 100" in said
    assert interval(c.network.effect("upa30", "dupi300q2w")) in said


def test_better_is_said_only_where_no_interval_holds_no_difference() -> None:
    for population in ("adults-mono", "adults-tcs"):
        whom = "monotherapy" if population == "adults-mono" else "with topical steroid"
        c = compare("easi75", population)
        doses = {d: [r.id for r in c.ranked if r.therapy == d and r.labelled] for d in drugs()}
        inside = [d for d in drugs() if doses[d]]
        for one, other in pairwise(inside):
            assert c.network is not None
            effects = [c.network.effect(a, b) for a in doses[one] for b in doses[other]]
            said = asked(f"{one} versus {other} {whom} in adults").verdict.clinician
            clear = {e.estimate > 1 for e in effects if sure(e)}
            if len(clear) != 1:
                assert "no clear difference" in said, said
            else:
                winner, loser = (one, other) if clear == {True} else (other, one)
                assert re.search(f"{winner} does better than {loser}", said, re.IGNORECASE), said
                assert ("at some doses" in said) == (not all(sure(e) for e in effects)), said


def test_what_no_number_connects_is_named_and_never_ranked() -> None:
    answer = asked("which works best in adults?")
    assert answer.code == "best"
    for line in networks(answer):
        assert line.figures is not None
        c = compare(line.figures.outcome, line.figures.population)
        apart = next(x for x in line.parts if x.id.endswith("-apart"))
        for b in c.beside:
            assert b.name in apart.text.clinician
            assert not [x for x in line.parts if x.figures and x.figures.treatment == b.therapy]
    both = asked("is methotrexate better than ciclosporin")
    assert both.verdict.clinician.startswith("No number connects Methotrexate and Ciclosporin")
    assert not networks(both)
    assert any("SCORAD" in x.text.clinician for x in every(both.lines))  # what their trials do say


def test_figures_that_nobody_read_stay_out() -> None:
    c = compare("easi75", "adults-mono", unverified=True)
    unread = {u.regimen for e in c.entered for u in e.arms if not u.verified}
    assert unread  # else this shows nothing
    said = " ".join(x.text.clinician for x in every(asked("baricitinib versus abrocitinib in adults").lines))
    rows = compare("easi75", "adults-mono").ranked
    assert all(r.verified for r in rows)
    for r in rows:
        if r.therapy in ("baricitinib", "abrocitinib") and r.labelled:
            assert f"{r.name}: {of_hundred(r)} of 100" in said


@pytest.mark.parametrize(
    ("question", "populations"),
    [
        ("which works best in adults?", {"adults-mono", "adults-tcs"}),
        ("which works best for a teenager?", {"adolescents"}),
        ("which works best in a 7 year old child", {"children"}),
        ("dupilumab versus tralokinumab with topical steroid", {"adults-tcs"}),
        ("dupilumab versus tralokinumab as monotherapy", {"adults-mono"}),
        ("dupilumab versus tralokinumab", {"adults-mono", "adults-tcs", "adolescents", "children"}),
    ],
)
def test_populations_are_kept_apart(question: str, populations: set[str]) -> None:
    shown = [x.figures.population for x in networks(asked(question)) if x.figures]
    assert set(shown) == populations
    assert len(shown) == len(populations)


def test_one_option_is_set_against_what_everybody_else_got() -> None:
    answer = asked("how well does tralokinumab work?")
    c = compare("easi75", "adults-mono")
    assert answer.code == "works"
    assert of_hundred(c.of("tralo300q2w")) in answer.verdict.clinician
    assert f"{c.baseline.risk * 100:.0f} with placebo" in answer.verdict.clinician  # type: ignore[union-attr]


def test_the_dose_that_is_named_is_the_one_that_is_set_out() -> None:
    said = asked("upadacitinib 30 versus dupilumab in adults").verdict.clinician
    assert "Upadacitinib 30 mg daily" in said
    assert "Upadacitinib 15 mg daily" not in said


def test_who_is_barred_is_told_so_first() -> None:
    answer = asked("dupilumab or methotrexate in pregnancy, which works better?")
    assert re.search("Methotrexate is out here", answer.verdict.clinician)


def test_what_the_drug_was_tried_beside_is_no_treatment_that_is_asked_about() -> None:
    answer = asked("how well does nemolizumab work with topical steroid")
    assert answer.understood.things == ("nemolizumab",)
    both = asked("is topical steroid ok with nemolizumab").understood.things
    assert {"nemolizumab", "topical_corticosteroid"} <= set(both)


def test_what_is_out_for_somebody_is_never_called_the_best_for_them() -> None:
    assert asked("best medicine for my baby of 5 months").code == "answer-infant"
    assert asked("which works best in pregnancy").code == "answer-pregnancy"
    baby = asked("my 4 month old baby, dupilumab or tralokinumab?").verdict.clinician
    assert "Dupilumab is out here" in baby
    assert "Tralokinumab is out here" in baby
    child = asked("what works better for my daughter of 8 years, dupilumab or upadacitinib")
    assert "Upadacitinib: no dose of this content fits here" in child.verdict.clinician


@pytest.mark.parametrize("question", ["which cream works best for the face", "which works best in pregnancy"])
def test_trials_of_other_people_and_other_skin_are_no_answer(question: str) -> None:
    assert asked(question).code != "best"


def test_a_class_that_one_of_its_members_stands_for_is_no_third_option() -> None:
    answer = asked("dupilumab or a biologic like tralokinumab?")
    assert {x.id for x in answer.lines if x.role == "option"} == {"dupilumab", "tralokinumab"}


def test_one_option_that_is_compared_is_set_against_placebo() -> None:
    assert asked("is dupilumab more effective than placebo").code == "works"


# -- about the patient of a record

RECORD = Path(__file__).resolve().parents[2] / "examples" / "adult-severe.yaml"


@pytest.mark.parametrize("question", ["dupilumab or upadacitinib?", "is methotrexate better than dupilumab"])
def test_two_options_for_one_patient_are_both_told_as_the_plan_has_them_then_compared(question: str) -> None:
    plan = atopy.plan(RECORD, as_of=AS_OF)
    answer = asked(question, record=RECORD)
    assert answer.of_record
    assert {x.figures.population for x in networks(answer) if x.figures} <= {"adults-mono", "adults-tcs"}
    said = answer.verdict.clinician
    for id_ in [t for t in answer.understood.things if t in engine().compiled.therapies]:
        line = plan.line(id_)
        state = plan.legend.statuses[line.status or ""].clinician
        assert f"{line.clinician}, for this patient: {state}" in said
    assert not invented(answer)


def test_which_works_best_is_told_among_people_like_this_one() -> None:
    answer = asked("which works best?", record=RECORD)
    assert answer.code == "best"
    assert {x.figures.population for x in networks(answer) if x.figures} == {"adults-mono", "adults-tcs"}


# -- on the toy


def test_the_engine_compares_whatever_a_guideline_holds() -> None:
    both = toy("stillin versus tonic")
    assert both.code == "compare"
    assert networks(both)
    assert "Stillin" in both.verdict.clinician
    assert toy("how well does stillin work").code == "works"
    assert toy("works best for hiccups").code == "best"
    apart = toy("peppermint drops versus placatol")
    assert "No number connects" in apart.verdict.clinician
    less = toy("stillin versus tonic: fewer hiccups")
    assert networks(less)[0].figures.outcome == "hiccups_a_day"  # type: ignore[union-attr]
    assert "mean difference" in " ".join(x.text.clinician for x in every(less.lines))


def test_a_question_that_compares_nothing_loads_no_numbers() -> None:
    code = """
import sys, atopy
atopy.ask("can clobetasol be used for 4 weeks?", as_of="2026-11-20")
atopy.ask("dupilumab with tuberculosis", as_of="2026-11-20")
print(sorted({m.partition(".")[0] for m in sys.modules} & {"numpy", "scipy", "altair"}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
