"""What a patient reads is plain: US school grade 8 or less by Flesch and Kincaid, no codes, no words of the trade.

The grade counts words, sentences and syllables; syllables are counted by vowel groups, near enough for a limit.
Names of drugs and tests cannot be made shorter and are read as a word of two syllables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import atopy
from atopy import render
from atopy.guideline import Compiled, Words, load_guideline

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted(
    [*(ROOT / "examples").glob("*.yaml"), *(ROOT / "tests" / "scenarios" / "bases").glob("*.yaml")]
)

GRADE = 8.0
SHORTEST = 8  # words: below, one long word makes any grade
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_SENTENCE = re.compile(r"[.!?:;](?:\s|$)")
_NUMBER = re.compile(r"\{[a-z0-9_]+\}")
# Words of the trade that have a plain one; each is a whole word, in any case.
TRADE = (
    "adverse", "aetiology", "atrophy", "bilateral", "comorbidity", "contraindicated", "contraindication",
    "corticosteroid", "cutaneous", "dermatitis", "dermatologist", "efficacy", "emollient", "erythema",
    "erythroderma", "excoriation", "exacerbation", "hypersensitivity", "immunosuppressant",
    "immunosuppressive", "lesion", "lesions", "lichenification", "monotherapy", "oedema", "pruritus",
    "refractory", "sepsis", "subcutaneous", "systemic", "telangiectasia", "titrate", "titration", "topical",
    "urticaria",
)  # fmt: skip


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return load_guideline()


def texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text for patients in the content, with the id of the item that holds it."""
    if isinstance(value, Words):
        if value.patient and value.patient.get("en"):
            yield where, value.patient["en"]
    elif isinstance(value, msgspec.Struct):
        inner = getattr(value, "id", where) or where
        for field in value.__struct_fields__:
            yield from texts(getattr(value, field), inner)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, f"{where}.{key}" if not isinstance(each, msgspec.Struct) else str(key))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each, where)


def spoken(compiled: Compiled) -> list[tuple[str, str]]:
    """All of it, questions included; the founding documents' notes are for clinicians."""
    parts = (
        compiled.therapies, compiled.factors, compiled.allergens, compiled.mimics, compiled.red_flags, compiled.topics,
        compiled.disagreements, compiled.phrases, compiled.meta,
    )  # fmt: skip
    found = [pair for part in parts for pair in texts(part)]
    asked = [
        (name, fact.question["patient"])
        for name, fact in compiled.facts.items()
        if fact.question.get("patient")
    ]
    return [*found, *asked]


def names(compiled: Compiled) -> re.Pattern[str]:
    """The proper names that a text may have to say."""
    terms = compiled.vocabulary.terms.values()
    known = {
        w for t in terms if t.kind in ("drug", "allergen") for w in _WORD.findall(t.name["en"]) if len(w) > 5
    }
    known |= {
        "hepatitis",
        "antihistamine",
        "antihistamines",
        "phototherapy",
        "chlorhexidine",
        "moisturiser",
        "moisturisers",
    }
    return re.compile(
        rf"\b(?:{'|'.join(sorted(map(re.escape, known), key=len, reverse=True))})\b", re.IGNORECASE
    )


def syllables(word: str) -> int:
    """Vowel groups, without a silent e at the end."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", bare))
    silent = bare.endswith(("e", "es", "ed")) and not bare.endswith(
        ("le", "ted", "ded", "ses", "ces", "zes", "ches", "shes")
    )
    return max(1, count - int(silent and count > 1))


def grade(text: str) -> float:
    """The US school grade of a text by Flesch and Kincaid."""
    words = _WORD.findall(text)
    sentences = max(1, len(_SENTENCE.findall(text if _SENTENCE.search(text[-1:]) else text + ".")))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / max(1, len(words)) - 15.59


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The cat sat on the mat.", -5, 2),
        ("Use a cream with no scent each day, and right after each bath.", 0, 5),
        ("Immunosuppressive pharmacotherapy necessitates comprehensive laboratory surveillance.", 15, 60),
    ],
)
def test_the_grade_tells_plain_from_learned(text: str, least: float, most: float) -> None:
    assert least <= grade(text) <= most


def test_there_is_much_to_read(compiled: Compiled) -> None:
    assert len(spoken(compiled)) > 1000


def test_patients_read_at_grade_8_or_below(compiled: Compiled) -> None:
    said = names(compiled)
    hard = []
    for where, text in spoken(compiled):
        plain = said.sub("doctor", _NUMBER.sub("two weeks", text))
        if len(_WORD.findall(plain)) >= SHORTEST and grade(plain) > GRADE:
            hard.append(f"{where}: grade {grade(plain):.1f}: {text}")
    assert not hard, "\n".join(hard)


def test_no_word_of_the_trade_where_there_is_a_plain_one(compiled: Compiled) -> None:
    trade = re.compile(rf"\b(?:{'|'.join(TRADE)})\b", re.IGNORECASE)
    bare = [(where, _NUMBER.sub("", text)) for where, text in spoken(compiled)]
    found = [f"{where}: {m[0]}: {text}" for where, text in bare if (m := trade.search(text))]
    assert not found, "\n".join(found)


def test_no_code_stands_in_a_patients_text(compiled: Compiled) -> None:
    code = re.compile(r"\b[a-z]+_[a-z_0-9]+\b|\b[a-z]+\d{4}\b")
    found = [f"{where}: {text}" for where, text in spoken(compiled) if code.search(_NUMBER.sub("", text))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_patients_page_has_no_arithmetic_and_no_codes(record: Path) -> None:
    page = render.text(atopy.plan(record, as_of="2026-11-20"), "patient", width=100)
    body = page.split("\n atopic-dermatitis 20")[0]  # the provenance at the foot is for whoever checks it
    for wrong in (
        r"/kg",
        r"\b\w+_\w+\b",
        r"\bunknown:",
        r"not read in a source",
        r"\bthe patient\b",
        r"\bNone\b",
        r"\.;",
        r"\?;",
    ):
        found = re.search(wrong, body)
        assert found is None, f"{found}: {body[max(0, found.start() - 80) : found.end() + 40]}"
