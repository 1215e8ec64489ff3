"""``atopy plan --what-if`` and ``--what-would-change`` as they are typed, for both readers, in every format."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "examples" / "simple-escalation.yaml")
EMERGENCY = str(ROOT / "examples" / "emergency-herpeticum.yaml")
DAY = ("--as-of", "2026-11-20")


@pytest.fixture
def atopy(command):
    """Type words after `atopy`."""
    return command


def test_the_difference_is_told_from_the_headline_down(atopy) -> None:
    code, out, _ = atopy("plan", EXAMPLE, *DAY, "--what-if", "pregnant=true")
    assert code == 0
    assert out.startswith(" What if: Is the patient pregnant (test of the last 14 days)? yes")
    words = " ".join(out.split())
    assert "(as before)" in words
    assert "Methotrexate: needs information → contraindicated methotrexate" in words
    assert words.index("Dupilumab: recommended now → option") < words.index("Methotrexate:")
    assert max(len(line) for line in out.splitlines()) <= 100


def test_a_headline_that_changes_shows_both(atopy) -> None:
    _, out, _ = atopy("plan", EXAMPLE, *DAY, "--what-if", "hsv_pcr_positive=yes")
    assert re.search(r"Headline: .* → Emergency", out)


def test_several_facts_at_once(atopy) -> None:
    _, out, _ = atopy("plan", EXAMPLE, *DAY, "--what-if", "pregnant=true", "--what-if", "weight_kg=70 kg")
    assert "70 kg (in the record: 81 kg)" in " ".join(out.split())


def test_nothing_changed_is_said(atopy) -> None:
    _, out, _ = atopy("plan", EXAMPLE, *DAY, "--what-if", "pregnant=false")
    assert "Nothing in the plan changes." in out


@pytest.mark.parametrize("style", ["text", "markdown", "html", "json"])
@pytest.mark.parametrize("asked", [("--what-if", "pregnant=true"), ("--what-would-change",)])
@pytest.mark.parametrize("reader", ["clinician", "patient"])
def test_every_format_for_both_readers(atopy, style: str, asked: tuple[str, ...], reader: str) -> None:
    code, out, _ = atopy("plan", EXAMPLE, *DAY, *asked, "--format", style, "--for", reader)
    assert code == 0
    if style == "json":
        assert json.loads(out)["as_of"] == "2026-11-20"
    if style == "html":
        assert out.startswith("<!doctype html>")
        assert "<script" not in out
    if style == "markdown":
        assert out.startswith("# What")


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("asked", [("--what-if", "pregnant=true"), ("--what-would-change",)])
@pytest.mark.parametrize("record", [EXAMPLE, EMERGENCY])
def test_the_patients_numbers_are_the_clinicians(atopy, asked: tuple[str, ...], record: str) -> None:
    _, clinician, _ = atopy("plan", record, *DAY, *asked, "--format", "markdown")
    _, patient, _ = atopy("plan", record, *DAY, *asked, "--format", "markdown", "--for", "patient")
    assert numbers(patient) <= numbers(clinician)


def test_a_patient_meets_no_id_and_no_code(atopy) -> None:
    _, out, _ = atopy("plan", EXAMPLE, *DAY, "--what-would-change", "--for", "patient")
    assert "_" not in out
    assert "(would have to change)" not in out


BAD = [
    ("pregnat=true", "Did you mean pregnant"),
    ("pregnant=perhaps", "neither true nor false"),
    ("pregnant", "Write FACT=VALUE"),
    ("weight_kg=-3", "cannot be"),
    ("takes(neorall)=yes", "Did you mean neoral"),
    ("headline=escalate", "is decided by the guideline"),
    ("weight_kg=5 mmol/L", "'mmol/L' does not convert. Write a number in kg."),
    ("easi=20,5", "'20,5' is not a number. Write a number in points"),
    ("easi=<5", "is not a number"),
    ("easi=73", "lies outside 0 to 72"),
    ("severity=awful", "is not one of clear, almost_clear, mild"),
    ("country=fr", "is not one of us, eu, uk"),
    ("attested(wishes)=true", "is no list of a record"),
    # several at once, which cannot all be so
    ("pregnant=true pregnant=false", "pregnant is supposed twice"),
    ("takes(neoral)=yes takes(ciclosporin)=no", "takes(ciclosporin) is supposed twice"),
    ("sex=male pregnant=true", "pregnant=true and sex=male cannot all be so"),
    ("infant=true age_years=40", "age_years=40 and infant=true cannot all be so"),
    ("age_years=5 age_months=72", "age_months=72 and age_years=5 cannot all be so"),
    ("takes(dupilumab)=true takes(biologic_ad)=false", "takes(biologic_ad)=false and takes(dupilumab)=true cannot"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "said"), BAD)
def test_what_cannot_be_supposed_ends_with_two(atopy, asked: str, said: str) -> None:
    one_by_one = asked.split(" ") if asked.count("=") > 1 else [asked]
    code, out, err = atopy("plan", EXAMPLE, *DAY, *(w for fact in one_by_one for w in ("--what-if", fact)))
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("asked", ["weight_kg=70 kg", "weight_kg=70kg", "weight_kg=70000 g", "weight_kg=70"])
def test_a_unit_that_converts_is_converted(atopy, asked: str) -> None:
    _, out, _ = atopy("plan", EXAMPLE, *DAY, "--what-if", asked)
    assert "70 kg (in the record: 81 kg)" in " ".join(out.split())


def test_an_age_in_months_beside_the_same_age_in_years_is_no_contradiction(atopy) -> None:
    code, _, _ = atopy("plan", EXAMPLE, *DAY, "--what-if", "age_years=5", "--what-if", "age_months=71")
    assert code == 0


def test_a_supposed_age_counts_in_months_too(atopy) -> None:
    """Else a child supposed would still be an adult to every rule that counts months."""

    def changes(*facts: str) -> list[dict]:
        words = [w for fact in facts for w in ("--what-if", fact)]
        return json.loads(atopy("plan", EXAMPLE, *DAY, *words, "--format", "json")[1])["changes"]

    assert changes("age_years=5") == changes("age_years=5", "age_months=60")
