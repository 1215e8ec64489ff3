"""``atopy ask``: a question, a conversation, each reader, each format, and what is wrong said in words."""

import json
from collections.abc import Callable
from typing import Any

Command = Callable[..., Any]
DAY = ("--as-of", "2026-11-20")
ADULT = "examples/adult-severe.yaml"


def test_the_verdict_stands_first(command: Command) -> None:
    done = command("ask", "can clobetasol be used for 4 weeks?", *DAY)
    assert done.code == 0
    assert done.out.startswith(" No: at most 2 consecutive weeks and 50 g a week.")
    assert "submitted: no clinician has reviewed it" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_each_reader_gets_their_words(command: Command) -> None:
    question = "is methotrexate safe in pregnancy?"
    clinician, patient, carer = (
        command("ask", question, "--for", r, *DAY).out for r in ("clinician", "patient", "carer")
    )
    assert "What speaks against it" in clinician
    assert "No doctor has checked this text yet" in patient
    assert "the person you care for" in carer and "the person you care for" not in patient


def test_json_is_the_whole_answer(command: Command) -> None:
    found = json.loads(command("ask", "dupilumab dose", "--country", "eu", "--format", "json", *DAY).out)
    assert (found["behaviour"], found["code"], found["country"]) == ("answer", "dose", "eu")
    assert all(line["sources"] for line in found["lines"])
    plain = json.loads(command("ask", "dupilumab dose", "--for", "patient", "--format", "json", *DAY).out)
    assert not any(x["text"]["clinician"] for x in plain["lines"])


def test_a_record_makes_it_about_that_patient(command: Command) -> None:
    done = command("ask", "why not methotrexate?", "--record", ADULT, *DAY)
    assert done.out.startswith(" Methotrexate, for this patient: contraindicated.")
    assert "By the record: Pregnancy" in done.out


def test_a_conversation_takes_one_question_after_the_other(command: Command) -> None:
    done = command("ask", *DAY, stdin="dupilumab dose\n\nand in pregnancy?\n")
    assert done.code == 0
    assert done.out.startswith(" Dupilumab: ")
    assert "Only by exception: Pregnant or breastfeeding" in done.out


def test_a_conversation_in_json_is_one_answer_after_the_other(command: Command) -> None:
    done = command("ask", "--format", "json", *DAY, stdin="what is EASI\n")
    assert json.loads(done.out)["code"] == "what"


def test_what_cannot_be_used_is_said_with_exit_code_2(command: Command) -> None:
    for words, said in (
        (("ask", " "), "There is no question"),
        (
            ("ask", "x", "--for", "nurse"),
            "--for 'nurse' is not known. Write one of: clinician, patient, carer.",
        ),
        (("ask", "x", "--country", "fr"), "'fr' is not a country"),
        (("ask", "x", "--as-of", "soon"), "'soon' is not a day"),
        (("ask", "x", "--format", "pdf"), "--format 'pdf' is not known"),
        (("ask", "x", "--record", "nowhere.yaml"), "nowhere.yaml"),
        (("ask", "--record", "-"), "Standard input holds the record"),
    ):
        done = command(*words, stdin="{}")
        assert done.code == 2 and said in done.err, (words, done)


def test_a_terminal_is_asked_until_an_empty_line(command: Command, monkeypatch: Any) -> None:
    import io
    import sys

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("what is POEM\n\nnever read\n"))
    done = command("ask", *DAY)
    assert "Patient Oriented Eczema Measure" in done.out.replace("-", " ") and "never read" not in done.out
    assert "A follow-up" in done.err
