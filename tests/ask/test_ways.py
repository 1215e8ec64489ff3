"""Each way from a question to an answer, on the toy: the engine knows no disease."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import atopy
from atopy.ask import Answer, Conversation
from atopy.ask.engine import MAKERS, Engine
from atopy.ask.public import engine
from atopy.ask.quantities import Amount, amounts
from atopy.ask.tokens import phrase, tokens
from atopy.guideline import load_guideline
from atopy.plan import Guidance
from atopy.render.of_ask import text

TOY = Path(__file__).resolve().parents[1] / "toy" / "hiccups"
DAY = "2026-11-20"
RECORD = {
    "atopy": 1,
    "attested": {"medications": "2026-11-01", "allergies": "2026-11-01", "problems": "2026-11-01"},
    "patient": {"birth_date": "1990-01-01", "sex": "female", "country": "eu"},
    "events": [
        {"date": "2026-11-01", "condition": "hiccups", "status": "active"},
        {"date": "2026-11-15", "score": "hics", "value": 15},
        {"date": "2026-11-15", "condition": "reflux", "status": "active"},
        {"date": "2026-11-01", "exposure": "fizzy_drinks", "present": False},
        {"date": "2026-11-01", "exposure": "hurried_meals", "present": False},
    ],
}

# What is asked, who answers (the verdict's id), and what must be shown.
WAYS = [
    ("dose of peppermint drops", "dose", ["drops-dose"]),
    ("peppermint drops 50 mg", "dose-beyond", ["drops-dose"]),
    ("peppermint drops 5 mg", "dose-held", ["drops-dose"]),
    ("peppermint drops 7 mg", "dose-other", ["drops-dose"]),
    ("dose of breath holding", "dose-none", []),
    ("how much rub on both arms of a 5 year old", "amount", ["amount-rub-1", "amount-rub-2"]),
    ("how much rub on the arms", "amount-asked", []),
    ("stillin without tonic in pregnancy", "may-no", ["stillin-pregnancy"]),
    ("stillin or peppermint drops", "compare", ["stillin", "peppermint_drops"]),
    ("how well does stillin work", "works", ["trials-quiet-grown"]),
    ("peppermint drops for 8 weeks", "limit-beyond", ["peppermint_drops-course-limit"]),
    ("can peppermint drops be used for 3 weeks", "limit-within", ["peppermint_drops-course-limit"]),
    ("maximum of peppermint drops", "limit", ["peppermint_drops-course-limit"]),
    ("maximum of placatol", "limit-none", []),
    ("how long stillin", "how-long", ["stillin-stop"]),
    ("can stillin be taken in pregnancy", "may-no", ["stillin-pregnancy"]),
    ("can I take peppermint drops with reflux", "may-caution", ["drops-reflux"]),
    ("is it safe: stillin", "may-general", ["stillin-pregnancy"]),
    ("can I take placatol in pregnancy", "may-silent", []),
    ("why not stillin", "why-not", ["stillin-pregnancy"]),
    ("stillin versus placatol", "compare", ["stillin", "placatol"]),
    ("monitoring of peppermint drops", "monitor", ["drops-teeth"]),
    ("monitoring of breath holding", "no-tests", ["breath-how"]),
    ("why peppermint drops", "why", ["drops-handbook"]),
    ("is peppermint drops recommended", "recommended", ["drops-handbook", "disagreement-drops"]),
    ("is placatol licensed", "licence", ["placatol-licence-1"]),
    ("what is breath holding", "what", ["breath_holding", "breath-how"]),
    ("how to do breath holding", "how", ["breath-how"]),
    ("how do I stop peppermint drops", "stop", ["peppermint_drops-stop"]),
    ("when does it work: peppermint drops", "when-works", ["peppermint_drops-onset"]),
    ("side effects of tonic", "silent", []),
    ("what is HICS", "what", ["hics"]),
    ("hurried meals", "of-thing", []),
    ("rest in a quiet room with hiccups", "found", ["advice-quiet"]),
    ("hiccups of the moon", "nothing-held", []),
    ("bicycle repair shop", "not-covered", []),
    ("upside down with hiccups", "answer-upside-down", ["breath-how"]),
    ("a flat tyre", "answer-flat-tyre", []),
    ("what next", "answer-next", ["choking"]),
]


def asked(question: str, **more: object) -> Answer:
    return atopy.ask(question, as_of=DAY, content=TOY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("question", "code", "shows"), WAYS, ids=[w[0] for w in WAYS])
def test_who_answers(question: str, code: str, shows: list[str]) -> None:
    answer = asked(question)
    assert answer.code == code, (answer.code, answer.verdict, answer.ids())
    assert set(shows) <= set(answer.ids()), answer.ids()
    assert answer.verdict.clinician and answer.verdict.patient


def test_every_want_is_asked_of_every_option_without_a_stumble() -> None:
    says = {i.wants: i.says[0] for i in engine(TOY).asking.intents}
    for option in load_guideline(TOY).therapies:
        for wants in MAKERS:
            if wants in says:
                for more in ("", " in pregnancy", " for children", " 5 mg", " for 3 weeks", " and stillin"):
                    answer = asked(f"{says[wants]} {option.replace('_', ' ')}{more}")
                    assert text(answer, "patient", 80) and text(answer, "clinician", 80)


def test_the_country_selects_doses_and_statements() -> None:
    assert "stillin-society" not in asked("is stillin recommended").ids()  # no longer in force
    assert [x.id for x in asked("is stillin licensed", country="us").lines if x.role == "licence"] == [
        "stillin-licence-2"
    ]


def test_the_day_selects_what_is_in_force() -> None:
    then = atopy.ask("is stillin recommended", as_of="2024-06-01", content=TOY)
    assert "stillin-society" in then.ids()


# -- reading


def test_words_and_numbers_come_apart() -> None:
    assert tokens("90mg UVA1, athlete’s 1,000 Zürich") == ["90", "mg", "uva1", "athlete", "1000", "zurich"]
    assert phrase("Tests, testing and studies") == ("test", "test", "and", "study")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("a 5 month old", Amount("age", Decimal(5), "months")),
        ("aged 7", Amount("age", Decimal(7), "years")),
        ("under 2 years", Amount("age", Decimal(1), "years")),
        ("34 y", Amount("age", Decimal(34), "years")),
        ("20 kg", Amount("weight", Decimal(20), "kg")),
        ("90 mg a day", Amount("dose", Decimal(90), "mg", "day")),
        ("300 mg every 2 weeks", Amount("dose", Decimal(300), "mg", "2 weeks")),
        ("5 grams", Amount("dose", Decimal(5), "g")),
        ("3 mg per kg", Amount("dose", Decimal(3), "mg", None)),
        ("three weeks", Amount("time", Decimal(3), "weeks")),
        ("30 % of the body", Amount("share", Decimal(30), "%")),
        ("10 of the white tablets", Amount("count", Decimal(10), "of")),
    ],
)
def test_a_number_is_what_the_words_around_it_say(said: str, what: Amount) -> None:
    found = amounts(list(phrase(said)))
    assert found[:1] == (what,), found


def test_a_misspelt_name_is_read_and_said() -> None:
    answer = asked("dose of pepermint drops")
    assert answer.code == "dose"
    assert answer.understood.spelling == {"pepermint": "peppermint"}
    assert "Read “pepermint” as peppermint." in text(answer)


def test_a_source_that_is_held_is_no_invention() -> None:
    assert asked("according to the 2030 Tyre study drops are best").code == "answer-unknown-source"
    assert asked("according to Smith 2031: drops?").code == "answer-unknown-source"
    assert asked("doi 10.9999/none.1 on drops").code == "answer-unknown-source"
    assert asked("what does the handbook say about peppermint drops").code != "answer-unknown-source"


# -- conversation


def test_a_follow_up_takes_over_what_it_leaves_unsaid() -> None:
    talk = Conversation(as_of=DAY, content=TOY)
    assert talk.ask("dose of stillin").understood.things[:1] == ("stillin",)
    answer = talk.ask("and in pregnancy?")
    assert (answer.code, answer.understood.from_before[0]) == ("may-no", "stillin")
    assert talk.ask("what about placatol?").understood.things[0] == "placatol"
    assert len(talk.history) == 3


def test_a_question_of_its_own_takes_nothing_over() -> None:
    talk = Conversation(as_of=DAY, content=TOY)
    talk.ask("can stillin be taken in pregnancy")
    assert talk.ask("dose of peppermint drops").understood.from_before == ()


def test_history_is_a_list_of_questions_too() -> None:
    answer = asked("and in pregnancy?", history=["dose of stillin"])
    assert answer.code == "may-no"


def test_nothing_asked_is_said_so() -> None:
    with pytest.raises(ValueError, match="There is no question"):
        asked("   ")


def test_a_guideline_without_words_for_questions_cannot_be_asked() -> None:
    compiled = load_guideline(TOY)
    import msgspec

    silent = msgspec.structs.replace(compiled, asking=msgspec.Raw(b"\x80"))
    with pytest.raises(ValueError, match="has no folder ask/"):
        Engine(Guidance(silent))


def test_without_a_day_the_contents_own_last_change_counts() -> None:
    assert atopy.ask("dose of stillin", content=TOY).as_of == "2026-01-15"


# -- about the patient of a record


def test_an_option_stands_as_in_the_plan_of_the_record() -> None:
    plan = atopy.plan(RECORD, as_of=DAY, content=TOY)
    answer = asked("can I take peppermint drops?", record=RECORD)
    assert answer.of_record and answer.code in ("of-record", "of-record-dose")
    assert plan.line("peppermint_drops").status == "recommended_now"
    assert "recommended now" in answer.verdict.clinician


def test_the_dose_of_an_option_is_the_plans() -> None:
    answer = asked("dose of peppermint drops", record=RECORD)
    assert answer.code == "of-record-dose"
    assert "5 mg a day" in answer.verdict.clinician


def test_what_next_is_the_headline() -> None:
    plan = atopy.plan(RECORD, as_of=DAY, content=TOY)
    assert asked("what next", record=RECORD).verdict.clinician == plan.headline.clinician


def test_doses_in_general_are_those_of_what_is_due() -> None:
    assert asked("which dose", record=RECORD).code in ("of-record-doses", "of-record-no-dose")


def test_a_supposition_is_answered_by_the_plan_of_it() -> None:
    talk = Conversation(as_of=DAY, content=TOY, record=RECORD)
    talk.ask("can she take stillin?")
    answer = talk.ask("and in pregnancy?")
    assert "contraindicated" in answer.verdict.clinician or "not" in answer.verdict.clinician


def test_what_is_dangerous_stays_first_with_a_record() -> None:
    assert asked("upside down with hiccups", record=RECORD).code == "answer-upside-down"


def test_the_same_day_whether_a_date_or_its_words() -> None:
    assert atopy.ask("dose of stillin", as_of=date(2026, 11, 20), content=TOY) == asked("dose of stillin")
