"""What a patient reads is plain: US school grade 8 or less, no codes, no words of the trade.

How the grade is counted: ``tests/reading_level.py`` and ``docs/decisions/0010-reading-level.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.reading_level import GRADE, grade, proper_names, syllables, too_hard, words

import atopy
from atopy import render
from atopy.guideline import Compiled, Words, load_guideline
from atopy.plan.plain import plain_names
from atopy.plan.words import to_you

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted(
    [*(ROOT / "examples").glob("*.yaml"), *(ROOT / "tests" / "scenarios" / "bases").glob("*.yaml")]
)

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
    """All of it: texts, names, phrases, the names of the vocabulary and the questions as a patient is asked them."""
    parts = (
        compiled.therapies, compiled.factors, compiled.allergens, compiled.mimics, compiled.red_flags, compiled.topics,
        compiled.disagreements, compiled.phrases, compiled.meta, compiled.judgements, compiled.amounts,
        compiled.access, compiled.instruments,
    )  # fmt: skip
    found = [pair for part in parts for pair in texts(part)]
    asked = [
        (name, fact.question.get("patient") or to_you(fact.question["en"]))
        for name, fact in compiled.facts.items()
        if fact.question
    ]
    plain = plain_names(compiled, "en")
    # An ingredient is named on labels, to be compared; where it has a name for patients, that is measured.
    terms = [t for t in compiled.vocabulary.terms.values() if t.kind != "allergen" or t.id in plain]
    return [*found, *asked, *((t.id, plain.get(t.id) or t.name["en"]) for t in terms)]


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


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("skin", 1), ("doctor", 2), ("eczema", 3), ("patient's", 2), ("creams", 1), ("medicine", 3), ("moisturiser", 4),
        ("scaly", 2), ("14", 1), ("2026-11-20", 1), ("0.005", 1),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_only_full_stops_end_a_sentence() -> None:
    """Neither a colon nor a semicolon makes a long sentence short; a decimal point is none."""
    parts = "use the cream on the red skin twice a day; stop when it is calm: then use it at weekends"
    assert grade(parts) == grade(parts.replace(";", "").replace(":", ""))
    assert grade(parts) > grade(parts.replace(";", ".").replace(":", ".")) + 2
    assert grade("Put on 2.5 g of it a day.") == grade("Put on 25 g of it a day.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Immunosuppressive pharmacotherapy necessitates comprehensive laboratory surveillance.", "grade"),
        ("Lichenification", "long words: Lichenification"),
        ("Medicines which interact with one another may harm your kidneys and elevate blood pressure.", "grade"),
        ("Ciclosporin", None),
        ("Ciclosporin and methylisothiazolinone can both harm you.", None),
    ],
)  # fmt: skip
def test_the_measure_finds_what_is_hard(compiled: Compiled, text: str, says: str | None) -> None:
    found = too_hard(text, proper_names(compiled))
    assert (found or "").startswith(says or "") and (found is None) == (says is None)


def test_names_are_names(compiled: Compiled) -> None:
    """What counts as a name is learned; no common word hides among them."""
    named = proper_names(compiled)
    assert {"ciclosporin", "dupilumab", "hepatitis"} <= named
    assert not named & {
        "medicine",
        "treatment",
        "cream",
        "infection",
        "steroid",
        "injection",
        "allergy",
        "vaccine",
    }


def test_there_is_much_to_read(compiled: Compiled) -> None:
    assert len(spoken(compiled)) > 3000


def test_patients_read_at_grade_8_or_below(compiled: Compiled) -> None:
    named = proper_names(compiled)
    read = [(where, text, too_hard(_NUMBER.sub("2 weeks", text), named)) for where, text in spoken(compiled)]
    hard = [f"{where}: {wrong}: {text}" for where, text, wrong in read if wrong]
    assert not hard, f"above grade {GRADE:g}:\n" + "\n".join(hard)


def test_the_whole_is_well_below(compiled: Compiled) -> None:
    """Half of all sentences are at grade 5 or below: nothing sits just under the limit on purpose."""
    named = proper_names(compiled)
    grades = sorted(grade(_NUMBER.sub("2 weeks", t), named) for _, t in spoken(compiled) if len(words(t)) > 4)
    assert grades[len(grades) // 2] < 5


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
