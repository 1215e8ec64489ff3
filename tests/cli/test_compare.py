"""``atopy compare`` as it is typed."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import partial
from pathlib import Path

import pytest
from tests.spec.engines import TOY

ROOT = Path(__file__).resolve().parents[2]
RECORD = str(ROOT / "examples" / "simple-escalation.yaml")
REMOTE = re.compile(r"<script|src=|href=\"http|url\(http|@import", re.IGNORECASE)


@pytest.fixture
def compare(command):
    return partial(command, "compare")


@pytest.fixture
def toy(command):
    return partial(command, "compare", "--content", str(TOY), "--outcome", "quiet")


def test_what_it_says(compare) -> None:
    code, out, err = compare("--population", "adults-mono")
    assert (code, err) == (0, "")
    for said in (
        "15 trials, 8258 patients", "Of 100 people with placebo, 12.3", "Ranking by P-score",
        "League: row against column",
        "Do the trials agree?", "Not connected, so not ranked", "How far to trust it", "Trials", "Left out",
        "no clinician has reviewed", "1 Upadacitinib 30 mg daily", "68 (62 to 74)", "15.4 (11.7 to 20.2)",
        "carried from memory, not read in a page: abro2b",
    ):  # fmt: skip
        assert said in out, said


@pytest.mark.parametrize("outcome", ["easi75", "easi_percent_change", "ppnrs4", "sae", "scorad50"])
def test_no_line_is_longer_than_a_hundred_columns(compare, outcome: str) -> None:
    code, out, _ = compare("--outcome", outcome, "--unverified")
    assert code == 0
    assert max(len(line) for line in out.splitlines()) <= 100


def test_every_population_that_reports_it_stands_apart(compare) -> None:
    out = compare().out
    heads = [line for line in out.splitlines() if "────" in line]
    assert len(heads) == 4
    assert [h.split("· ")[1].split(" ──")[0] for h in heads] == [
        "Adults, drug alone", "Adults, with topical corticosteroid", "Adolescents", "Children",
    ]  # fmt: skip


def test_unread_figures_are_marked_when_they_are_in(compare) -> None:
    closed, opened = compare("--outcome", "ppnrs4").out, compare("--outcome", "ppnrs4", "--unverified").out
    assert "u: figures not read" not in closed
    assert "u: figures not read, only remembered" in opened
    assert "decide nothing by them" in opened


def test_csv_is_every_pair(toy) -> None:
    rows = list(csv.DictReader(io.StringIO(toy("--format", "csv").out)))
    assert len(rows) == 3 * 2
    row = next(r for r in rows if (r["treatment"], r["against"]) == ("stillin10", "water"))
    assert float(row["estimate"]) == pytest.approx(3.18, abs=0.01)
    assert (row["people"], row["direct_trials"], row["all_read"]) == ("180", "2", "true")
    assert float(row["of_100"]) == pytest.approx(47.6, abs=0.2)
    assert next(r for r in rows if r["against"] == "tonic1" and r["treatment"] == "water")["of_100"] == ""


def test_json_holds_what_text_says(toy) -> None:
    found = json.loads(toy("--format", "json").out)
    (one,) = found["comparisons"]
    assert found["schema"] == "atopy-comparison 1.0"
    assert (one["trials"], one["people"], one["measure"]) == (2, 440, "or")
    assert {r["id"] for r in one["ranked"]} == {"water", "stillin10", "tonic1"}
    assert one["network"]["heterogeneity"]["total"]["df"] == 1


def test_html_asks_nobody_for_anything(toy) -> None:
    page = toy("--format", "html").out
    assert page.count("<svg") == 3
    assert not REMOTE.search(page)
    assert page.count('<figure role="img" aria-label=') == 3


def test_measures_models_and_baselines(toy) -> None:
    assert "risk ratio" in toy("--measure", "rr").out
    assert "risk difference" in toy("--measure", "rd").out
    assert "common effect (fixed)" in toy("--model", "fixed").out
    assert "50.0 (as you stated; seen: 40 of 180" in toy("--baseline", "50%").out
    assert toy("--baseline", "0.5").out == toy("--baseline", "50%").out


@pytest.mark.parametrize("kind", ["forest", "network", "ranking"])
def test_pictures_in_each_form(toy, tmp_path: Path, kind: str) -> None:
    for ending in ("svg", "png", "html"):
        out = tmp_path / f"it.{ending}"
        assert toy("--population", "grown", "--plot", kind, "--out", str(out)) == (0, "", "")
        if ending == "png":
            assert out.read_bytes().startswith(b"\x89PNG")
        else:
            text = out.read_text(encoding="utf-8")
            assert "Stillin" in text and "10 mg a day" in text and not REMOTE.search(text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--outcome", "easi76"), "'easi76' is no outcome of this guideline. Known are: easi75"),
        (("--population", "men"), "'men' is no population of this guideline. Known are: adults-mono"),
        (("--measure", "hr"), "--measure 'hr' is not known. Write one of: or, rr, rd, md."),
        (("--measure", "md"), "'md' does not fit easi75, which is binary."),
        (("--baseline", "often"), "--baseline 'often' is no risk. Write it as 0.15 or 15%."),
        (("--baseline", "120%"), "--baseline '120%' cannot be: a risk lies between 0 and 1"),
        (("--format", "pdf"), "--format 'pdf' is not known."),
        (("--plot", "forest"), "--plot needs --out FILE, and FILE ends in .svg, .png, .html"),
        (("--plot", "pie", "--out", "x.svg"), "--plot 'pie' is not known."),
        (
            ("--plot", "forest", "--out", "x.svg"),
            "--plot draws one population. Write --population with one of: adults",
        ),
        (("--record", RECORD, "--format", "csv"), "--record writes text, json or html."),
        (
            ("--record", RECORD, "--line", "fourth"),
            "--line 'fourth' is not known. Write one of: first, second, last.",
        ),
        (("--record", RECORD, "--for", "nurse"), "--for 'nurse' is not known."),
        (("--record", "nowhere.yaml"), "nowhere.yaml: cannot be opened"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(compare, words: tuple[str, ...], said: str) -> None:
    code, out, err = compare(*words)
    assert code == 2
    assert out == ""
    assert said in err


def test_a_network_of_nothing_has_no_picture(compare, tmp_path: Path) -> None:
    words = ("--outcome", "sassad_change", "--population", "adults-mono", "--plot", "forest")
    code, _, err = compare(*words, "--out", str(tmp_path / "x.png"))
    assert code == 2
    assert "There is no network of sassad_change in adults-mono to draw" in err


def test_a_file_that_cannot_be_written_is_named(toy, tmp_path: Path) -> None:
    code, _, err = toy("--population", "grown", "--plot", "forest", "--out", str(tmp_path / "no" / "x.png"))
    assert code == 2 and "cannot be written" in err


def test_a_choice_for_one_patient(compare) -> None:
    words = ("--record", RECORD, "--as-of", "2026-11-20")
    clinician, patient = compare(*words), compare(*words, "--for", "patient")
    assert clinician.code == patient.code == 0
    assert "52 of 100 (45 to 58)" in clinician.out.replace("\n   ", " ")
    assert "52 of 100 people" in patient.out
    assert "█" in patient.out and "Your choices side by side" in patient.out
    data = json.loads(compare(*words, "--format", "json").out)
    assert data["schema"] == "atopy-decision-aid 1.0"
    page = compare(*words, "--for", "patient", "--format", "html").out
    assert page.count("<circle") > 200 and not REMOTE.search(page)


def test_the_same_input_gives_the_same_bytes(toy, tmp_path: Path) -> None:
    assert toy("--format", "html").out == toy("--format", "html").out
    names = [tmp_path / "a.png", tmp_path / "b.png"]
    for name in names:
        toy("--population", "grown", "--plot", "network", "--out", str(name))
    assert names[0].read_bytes() == names[1].read_bytes()
