"""``atopy score`` of a record: it says what the plan says, in every format that the plan reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import atopy as library

ITEMS = "{head_neck: {area: 4, erythema: 1, edema_papulation: 1, excoriation: 1, lichenification: 1}," + (
    " upper_limbs: {area: 2, erythema: 1, edema_papulation: 0, excoriation: 1, lichenification: 0},"
    " trunk: {area: 1, erythema: 1, edema_papulation: 0, excoriation: 1, lichenification: 0},"
    " lower_limbs: {area: 2, erythema: 1, edema_papulation: 1, excoriation: 1, lichenification: 0}}"
)


def _record(path: Path, patient: str, *events: str) -> str:
    lines = "".join(f"  - {{date: {event}}}\n" for event in events)
    path.write_text(f"atopy: 1\npatient: {patient}\nevents:\n{lines}", encoding="utf-8")
    return str(path)


def test_a_stated_age_is_the_age_on_the_day_of_the_score(command, tmp_path: Path) -> None:
    """Six years old in 2022 is no child under eight in 2026: the head weighs as an adult's."""
    file = _record(
        tmp_path / "r.yaml", "{age: 6 years, age_at: 2022-01-10}", f"2026-11-02, score: easi, items: {ITEMS}"
    )
    total = next(e.number for e in library.read_record(file).events)
    assert f"EASI {total} points" in command("score", "easi", file).out
    assert f"EASI {total} points" not in command("score", "easi", file, "--age", "6").out


def test_what_is_set_aside_hides_what_is_older(command, tmp_path: Path) -> None:
    file = _record(
        tmp_path / "r.yaml", "{}", "2026-10-02, score: poem, value: 19", "2026-11-02, score: poem, value: 99"
    )
    shown = command("score", "poem", file)
    assert (shown.code, shown.out) == (2, "")
    assert "the newest POEM, of 2 Nov 2026, is set aside: " in shown.err and "0 to 28" in shown.err
    assert "Correct it in the record" in shown.err


def test_two_values_of_one_day_that_disagree_are_no_score(command, tmp_path: Path) -> None:
    file = _record(
        tmp_path / "r.yaml", "{}", "2026-11-02, score: poem, value: 19", "2026-11-02, score: poem, value: 9"
    )
    shown = command("score", "poem", file)
    assert shown.code == 2 and "disagree" in shown.err


def test_the_future_is_no_score(command, tmp_path: Path) -> None:
    file = _record(
        tmp_path / "r.yaml", "{}", "2026-10-02, score: poem, value: 19", "2999-11-02, score: poem, value: 9"
    )
    assert "POEM 19 points" in command("score", "poem", file).out


def _observation(value: int, day: str) -> dict[str, object]:
    coding = {"system": "https://atopy.dev/fhir/CodeSystem/terms", "code": "poem"}
    return {
        "resourceType": "Observation",
        "id": day,
        "status": "final",
        "subject": {"reference": "Patient/a"},
        "code": {"coding": [coding], "text": "POEM"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value},
    }


@pytest.mark.parametrize("many", [True, False], ids=["ndjson", "bundle"])
def test_fhir_is_read_as_the_plan_reads_it(command, tmp_path: Path, many: bool) -> None:
    resources = [
        {"resourceType": "Patient", "id": "a", "birthDate": "1991-04-02"},
        _observation(12, "2026-10-02"),
        _observation(21, "2026-11-02"),
    ]
    file = tmp_path / "r.json"
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    file.write_text("\n".join(map(json.dumps, resources)) if many else json.dumps(bundle), encoding="utf-8")
    assert "POEM 21 points" in command("score", "poem", str(file)).out
    assert "POEM 21 points" in command("score", "poem", "-", stdin=file.read_text(encoding="utf-8")).out


def test_a_file_of_items_is_none_of_a_record(command, tmp_path: Path) -> None:
    file = tmp_path / "items.yaml"
    file.write_text("1: 4\n2: 3\n3: 2\n4: 4\n5: 1\n6: 3\n7: 4\n", encoding="utf-8")
    assert "POEM 21 points" in command("score", "poem", str(file)).out
