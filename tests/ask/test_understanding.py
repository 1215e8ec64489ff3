"""What a question says is not so, whom a dose is for, two options in one question, an option with a condition."""

from __future__ import annotations

import re

import pytest
from benchmarks.questions import AS_OF

import atopy
from atopy.ask import Answer
from atopy.ask.public import engine
from atopy.criteria import Ref


def asked(question: str) -> Answer:
    return atopy.ask(question, as_of=AS_OF)


@pytest.mark.parametrize(
    ("question", "denied"),
    [
        ("can upadacitinib be given to a woman who is not pregnant", {"in_pregnancy", "pregnancy"}),
        ("patient not on methotrexate: live vaccine?", {"methotrexate"}),
        ("she takes no methotrexate, ciclosporin dose?", {"methotrexate"}),
        (
            "creams without steroid for the face",
            {"corticosteroid", "topical_corticosteroid", "plain_steroid_cream"},
        ),
        ("upadacitinib in a man without tuberculosis", {"tuberculosis", "has_tuberculosis"}),
        ("he no longer takes azathioprine, methotrexate dose?", {"azathioprine"}),
        # what only sounds like a denial
        ("why not methotrexate?", set()),
        ("why should I not take methotrexate?", set()),
        ("should pregnant women not take methotrexate?", set()),
        ("isn't methotrexate dangerous in pregnancy?", set()),
        ("he is not responding to dupilumab", set()),
        ("methotrexate is not working, ciclosporin dose?", set()),
    ],
)
def test_what_a_question_says_is_not_so(question: str, denied: set[str]) -> None:
    understood = asked(question).understood
    assert set(understood.denied) & denied == set(understood.denied)
    assert bool(understood.denied) == bool(denied)
    assert not set(understood.denied) & set(understood.things)


def test_what_calls_for_help_is_answered_however_it_is_said() -> None:
    assert asked("my baby has no painful blisters").behaviour == "refuse_and_redirect"


def test_a_denial_changes_the_answer_and_is_told() -> None:
    barred, open_ = (
        asked("upadacitinib for a pregnant woman"),
        asked("upadacitinib for a woman who is not pregnant"),
    )
    assert barred.code == "may-no"
    assert open_.code != "may-no"
    assert "upadacitinib-pregnant" not in open_.ids()  # it is settled
    assert any("not so" in n.clinician for n in open_.notes)


@pytest.mark.parametrize("option", sorted(engine().compiled.therapies))
def test_a_denial_never_opens_what_the_rest_of_the_question_bars(option: str) -> None:
    """Whoever is pregnant and does not smoke is pregnant."""
    name = option.replace("_", " ")
    plain, more = (
        asked(f"can {name} be used in pregnancy"),
        asked(f"can {name} be used in pregnancy, without asthma"),
    )
    if plain.code in ("may-no", "may-relative", "may-caution"):
        assert more.code == plain.code


def test_an_age_that_no_dose_is_for_is_told_so() -> None:
    for option in engine().compiled.therapies.values():
        doses = [r for r in option.regimens if r.bands]
        if len(doses) != len(option.regimens) or not doses or option.contraindicated == []:
            continue
        lows = [b.low for r in doses for f, b in r.bands.items() if f == "age_years"]
        if len(lows) == len(doses) and None not in lows and min(lows) > 2:
            answer = asked(f"can {option.id.replace('_', ' ')} be given to a 1 year old")
            assert answer.code in ("may-undosed", "may-no", "may-relative") or answer.behaviour != "answer", (
                option.id
            )


def test_a_dose_for_an_age_that_has_none_is_refused() -> None:
    answer = asked("my daughter is 3, can she have 15 mg of rinvoq")
    assert (answer.code, answer.behaviour) == ("dose-undosed", "refuse_and_redirect")
    assert answer.verdict.patient is not None
    assert re.match(r"No\b.*age 12", answer.verdict.patient, re.IGNORECASE)


def test_a_dose_by_weight_is_refused_with_the_most_that_is_given_by_weight() -> None:
    answer = asked("Can I give my 2 year old ciclosporin 10 mg/kg?")
    assert answer.behaviour == "refuse_and_redirect"
    assert "at most 6 mg/kg/day" in (answer.verdict.patient or "")
    assert "ciclosporin-aad-child" in answer.ids()


def test_two_options_that_nothing_keeps_apart_are_told_with_the_advice_against_one() -> None:
    answer = asked("is abrocitinib ok with prednisolone")
    assert answer.code == "may-beside"
    assert "Systemic corticosteroid" in answer.verdict.clinician
    assert any(x.role == "recommendation" for x in answer.lines)
    assert asked("abrocitinib with ciclosporin").code in ("may-no", "may-relative", "may-caution")


def test_of_two_options_that_are_alternatives_each_is_told_by_itself() -> None:
    answer = asked("can I take ciclosporin or methotrexate in pregnancy")
    assert answer.code == "may-no"
    assert re.search("Ciclosporin: Nothing in this content bars.*Methotrexate: No:", answer.verdict.clinician)
    assert not [x for x in answer.lines if x.role == "interaction"]  # they are not taken together
    together = asked("can I take ciclosporin with methotrexate")
    assert [x for x in together.lines if x.role == "interaction"]


def test_another_of_the_same_class_is_taken_beside_it() -> None:
    answer = asked("upadacitinib with another JAK inhibitor")
    assert [x for x in answer.lines if x.role == "interaction"]


def test_what_is_taken_beside_either_counts_for_each() -> None:
    answer = asked("dupilumab or upadacitinib with clarithromycin?")
    assert "upadacitinib-inhibitors" in answer.ids()


def test_a_condition_that_bars_nothing_here_is_told_with_what_it_does_bar() -> None:
    """Read from the rules themselves: who is named is barred, and nobody else."""
    answer = asked("dupixent with TB")
    assert answer.code == "may-silent"
    note = next(n.clinician for n in answer.notes if "does bar" in n.clinician)
    w = engine()._wanted(engine().read("dupixent with TB"), atopy.ask.Conversation(as_of=AS_OF).as_of, None)
    for t in engine().compiled.therapies.values():
        grave = [c for c in t.contraindicated if c.severity == "absolute"]
        barred = any(
            w.case.rule(c.id) is True and w.blank.rule(c.id) is not True
            for c in grave
            if Ref("rule", (c.id,))
        )
        assert (t.name.clinician["en"] in note) == barred, t.id
    assert "Upadacitinib" in note


def test_a_blood_clot_asks_for_no_blood_test() -> None:
    assert asked("abrocitinib or upadacitinib after a blood clot").understood.wants != "monitor"
    assert asked("bloods on methotrexate").understood.wants == "monitor"


def test_milligrams_are_no_magnesium() -> None:
    assert "magnesium" not in asked("ciclosporin 10 mg/kg").understood.things
    assert "magnesium" in asked("ciclosporin with magnesium").understood.things


def test_a_bleach_bath_is_no_bath() -> None:
    assert "bathing" not in asked("are bleach baths worth it").understood.things
