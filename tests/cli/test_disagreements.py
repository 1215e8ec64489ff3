"""``atopy guideline disagreements`` as it is typed."""

from __future__ import annotations

import json
from functools import partial

import pytest


@pytest.fixture
def atopy(command):
    """Type words after `atopy guideline disagreements`."""
    return partial(command, "guideline", "disagreements")


def test_all_of_them(atopy) -> None:
    code, out, _ = atopy()
    assert code == 0
    assert out.startswith(" Where sources disagree\n")
    for said in ("One side: ", "The other: ", "Followed here: ", "Why: ", "Matters when: "):
        assert said in out


def test_about_one_thing(atopy) -> None:
    _, out, _ = atopy("--about", "alitretinoin", "--format", "json")
    found = json.loads(out)
    assert found
    assert all("alitretinoin" in json.dumps(d).lower() for d in found)


def test_an_id_is_a_subject_too(atopy) -> None:
    _, out, _ = atopy("--about", "easi-cutoffs", "--format", "json")
    assert [d["id"] for d in json.loads(out)] == ["easi-cutoffs"]


def test_both_sides_have_who_when_and_where(atopy) -> None:
    _, out, _ = atopy("--about", "jak-versus-biologic-order", "--format", "json")
    (found,) = json.loads(out)
    said = [s for side in ("side_a", "side_b") for s in found[side]["sources"]]
    assert {"us", "uk", "eu"} <= {c for s in said for c in s.get("countries", [])}
    assert all(s["label"] for s in said)


def test_what_is_unknown_is_refused_with_the_nearest(atopy) -> None:
    code, out, err = atopy("--about", "methotrexat5")
    assert (code, out) == (2, "")
    assert "Did you mean methotrexate" in err


@pytest.mark.parametrize("style", ["markdown", "html", "text"])
def test_a_patient_meets_what_is_followed(atopy, style: str) -> None:
    code, out, _ = atopy("--for", "patient", "--format", style, "--about", "easi")
    assert code == 0
    assert "There is no single score that means severe eczema." in " ".join(out.split())
