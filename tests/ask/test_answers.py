"""What holds of every answer: nothing in it that the content does not hold, and for the patient nothing more."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
import pytest
from benchmarks.questions import (
    AS_OF,
    PARAPHRASES,
    SETS,
    Question,
    invented,
    judged,
    numbers_in,
    paraphrases,
    questions,
)
from jsonschema import Draft202012Validator
from tests.reading_level import grade, proper_names

import atopy
from atopy.ask import Answer, Conversation, Line, json_schema
from atopy.ask.public import engine
from atopy.render.of_ask import for_patient, json, text

ROOT = Path(__file__).resolve().parents[2]
EVERY = [q for file in SETS.values() for q in questions(file)]
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
OPTIONS = sorted(engine().compiled.therapies)
WAYS = (
    "dose of {}", "can {} be used in pregnancy?", "{} in a 3 year old", "why not {}?", "how long may {} be used",
    "monitoring of {}", "side effects of {}", "is {} recommended?", "what is {}?", "how to use {}", "how to stop {}",
    "missed dose of {}", "is {} licensed?", "tests before starting {}", "when does {} start working", "why {}",
    "{} versus dupilumab", "maximum of {}", "{} with ciclosporin", "{} for a breastfeeding mother",
)  # fmt: skip


@cache
def asked(question: str) -> Answer:
    return atopy.ask(question, as_of=AS_OF)


@cache
def answered(question: Question) -> Answer:
    record = ROOT / question.record if question.record else None
    talk = Conversation(as_of=AS_OF, country=question.country, record=record)
    for earlier in question.after:
        talk.ask(earlier)
    return talk.ask(question.q)


Question.__hash__ = lambda self: hash(self.id)  # type: ignore[method-assign, assignment]


@cache
def answers() -> list[Answer]:
    """Of every question of the bench, every paraphrase, and every option asked about in every way."""
    found = [answered(q) for q in EVERY]
    found += [asked(q) for five in paraphrases().values() for q in five]
    return found + [asked(way.format(option.replace("_", " "))) for option in OPTIONS for way in WAYS]


def every_line(lines: tuple[Line, ...]) -> list[Line]:
    return [x for line in lines for x in (line, *every_line(line.parts))]


def numbers(said: str | None) -> set[str]:
    return set(NUMBER.findall(said or ""))


def test_there_are_enough_questions() -> None:
    assert len(EVERY) >= 100
    assert len({q.id for q in EVERY}) == len(EVERY)
    assert {q.kind for q in EVERY} >= {
        "out_of_scope",
        "dangerous",
        "fabricated",
        "follow_up",
        "misspelt",
        "brand",
        "record",
    }
    assert {q.for_ for q in EVERY} == {"clinician", "patient", "carer"}
    assert (ROOT / "benchmarks" / PARAPHRASES).is_file()


@pytest.mark.parametrize("file", [SETS["tuned on"], SETS["seen once"]])
def test_what_was_tuned_on_stays_right(file: str) -> None:
    wrong = {o.question.id: o.errors for o in map(judged, questions(file)) if o.errors}
    assert not wrong


def test_of_what_is_held_out_nothing_is_invented() -> None:
    outcomes = [judged(q) for q in questions(SETS["held out"])]
    assert not [e for o in outcomes for e in o.errors if e.kind == "invented citation"]


def test_every_number_stands_in_the_content_under_the_id_that_is_shown_with_a_source() -> None:
    wrong = {(a.question, e.what) for a in answers() for e in invented(a)}
    assert not wrong


def test_every_number_of_a_verdict_stands_in_the_lines_under_it_or_in_the_answer_that_the_content_wrote() -> (
    None
):
    forms = {f.id: f for f in engine().asking.answers}
    for a in answers():
        lines = every_line(a.lines)
        held = {n for x in lines for n in numbers(x.text.clinician) | numbers(x.text.patient)}
        if a.code in forms:
            held |= {
                format(n.normalize(), "f") for n in numbers_in(msgspec.to_builtins(forms[a.code].numbers))
            }
        named = numbers(" ".join(a.understood.names))
        assert numbers(a.verdict.clinician) <= held | named, (a.question, a.code, a.verdict.clinician)


def test_the_patient_reads_no_line_number_or_source_that_the_clinician_does_not() -> None:
    for a in answers():
        plain = for_patient(a)
        assert {x.id for x in plain.lines} <= {x.id for x in a.lines}
        assert {s.key for s in plain.sources} <= {s.key for s in a.sources}
        whole, part = text(a, "clinician", 10_000), text(plain, "patient", 10_000)
        assert numbers(part) <= numbers(whole), (a.question, numbers(part) - numbers(whole))
        assert text(a, "patient", 10_000) == part


def test_the_patient_gets_a_verdict_in_plain_words() -> None:
    names = proper_names(engine().compiled)
    for a in answers():
        assert re.search("[a-z]{2}", a.verdict.patient or ""), (a.question, a.code)
        assert "{" not in a.verdict.patient + a.verdict.clinician
    for a in answers():
        if a.of_record:
            continue  # the words of a plan, measured with the plans
        said = a.verdict.patient or ""
        assert grade(said, names) <= 8, (a.code, grade(said, names), said)


def test_what_the_content_words_for_patients_is_plain() -> None:
    names = proper_names(engine().compiled)
    asking = engine().asking
    for said in [*(f.verdict for f in asking.answers), *(v.words for v in asking.verdicts)]:
        plain = re.sub(r"\{[a-z_]+\}", "it", (said.patient or {})["en"])
        assert grade(plain, names) <= 8, plain


def test_every_source_is_numbered_once_and_held_by_the_content() -> None:
    known = engine().compiled.sources
    for a in answers():
        assert [s.number for s in a.sources] == list(range(1, len(a.sources) + 1))
        assert all(s.key in known for s in a.sources)
        listed = {s.key for s in a.sources}
        assert all(c.source in listed for x in every_line(a.lines) for c in x.sources)


def test_every_line_names_who_says_it() -> None:
    for a in answers():
        if not a.of_record:
            assert all(x.sources for x in a.lines), (a.question, [x.id for x in a.lines if not x.sources])


def test_what_is_barred_is_never_open() -> None:
    """The gravest thing shown decides the verdict."""
    grave = {"may-open", "may-silent", "may-caution", "dose", "dose-held"}
    for a in answers():
        barred = any(x.role == "contraindication" and (x.note or "").startswith("barred") for x in a.lines)
        if a.code in grave and a.code.startswith("may"):
            assert not barred, a.question


@pytest.mark.parametrize(
    ("question", "code", "never"),
    [
        ("methotrexate 25 mg for a 20 kg child", "dose-beyond", "dults"),  # 0.7 mg/kg come to 14 mg
        ("methotrexate 14 mg once a week for a 20 kg child", "dose-held", "dults"),
        ("ciclosporin 300 mg daily for a 20 kg child", "dose-beyond", "dults"),
        ("dupilumab dose for a child of 12 kg", "dose", "dults"),
    ],
)
def test_a_child_is_never_told_the_dose_of_an_adult(question: str, code: str, never: str) -> None:
    """A weight tells more than the usual age of a child, and leaves it a child."""
    answer = atopy.ask(question)
    assert answer.code == code
    said = [answer.verdict.clinician, *(x.text.clinician for x in every_line(answer.lines))]
    assert not [s for s in said if never in s]  # a source may have it in its title


def test_of_a_drug_in_use_what_to_do_with_it_comes_first() -> None:
    record = {
        "atopy": 1,
        "patient": {"birth_date": "1995-01-01", "sex": "female", "country": "eu"},
        "events": [
            {"date": "2026-10-01", "condition": "atopic_dermatitis", "status": "active"},
            {"from": "2026-05-01", "treat": "upadacitinib", "dose": "15 mg/day", "status": "current"},
            {"date": "2026-11-15", "find": "pregnancy", "present": True},
        ],
    }
    answer = atopy.ask("can I take upadacitinib?", record=record, as_of="2026-11-20")
    assert answer.verdict.clinician.startswith("Upadacitinib, for this patient: Stop, in the way given.")
    assert "how to stop" in (answer.verdict.patient or "")
    shown = text(answer, "clinician", 100)
    assert "15 Nov 2026" in shown
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", shown)  # no code of the plan is left as one


def test_the_same_question_gets_the_same_bytes() -> None:
    for question in ("methotrexate dose", "is dupilumab safe in pregnancy?", "do probiotics help"):
        first = json(atopy.ask(question, as_of=AS_OF))
        atopy.ask("something else: ciclosporin and grapefruit", as_of=AS_OF)
        assert json(atopy.ask(question, as_of=AS_OF)) == first


def test_an_answer_follows_its_schema() -> None:
    check = Draft202012Validator(json_schema())
    for a in answers()[:60]:
        check.validate(msgspec.to_builtins(a, builtin_types=()) if False else msgspec.json.decode(json(a)))


def test_no_line_is_wider_than_the_page() -> None:
    for a in answers()[:150]:
        for reader in ("clinician", "patient", "carer"):
            assert max(map(len, text(a, reader, 80).splitlines())) <= 80  # type: ignore[arg-type]
