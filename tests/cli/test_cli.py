"""The command line as it is typed: what it prints, where, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from atopy.cli import terminal

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "examples" / "adult-severe.yaml")
EMPTY = str(ROOT / "examples" / "empty.yaml")
DAY = ("--as-of", "2026-11-20")


@pytest.fixture
def atopy(command):
    """Type words after `atopy`."""
    return command


# -- plan


def test_a_plan_for_each_reader(atopy) -> None:
    clinician = atopy("plan", EXAMPLE, *DAY)
    assert clinician.code == 0
    assert clinician.out.startswith(" Woman, 35 y, 62 kg · as of 20 Nov 2026 · EU")
    assert "Correct first: something may be keeping this eczema going" in clinician.out
    assert "\x1b[" not in clinician.out
    patient = atopy("plan", EXAMPLE, *DAY, "--for", "patient")
    assert "First put right what may be keeping your eczema going" in patient.out


def test_the_day_is_today_when_not_given(atopy) -> None:
    from datetime import UTC, datetime, timedelta

    now = datetime.now(tz=UTC)  # noqa: TID251  (the command reads the clock, so its test does)
    near = {(now + timedelta(hours=h)).date().isoformat() for h in (-15, 0, 15)}
    assert json.loads(atopy("plan", EMPTY, "--format", "json").out)["as_of"] in near


@pytest.mark.parametrize(
    ("style", "begins"), [("json", "{"), ("markdown", "# "), ("html", "<!doctype html>")]
)
def test_formats_and_files(atopy, tmp_path: Path, style: str, begins: str) -> None:
    shown = atopy("plan", EXAMPLE, *DAY, "--format", style)
    assert shown.out.startswith(begins)
    out = tmp_path / "plan"
    assert atopy("plan", EXAMPLE, *DAY, "--format", style, "--out", str(out)).out == ""
    assert out.read_text(encoding="utf-8") == shown.out


def test_standard_input(atopy) -> None:
    text = Path(EXAMPLE).read_text(encoding="utf-8")
    shown = atopy("plan", "-", *DAY, "--why", "triggers", stdin=text)
    assert "Wet work, 2 Nov 2026" in shown.out
    assert "standard input:29" in shown.out


def test_why_and_why_not(atopy) -> None:
    both = atopy("plan", EXAMPLE, *DAY, "--why", "headline", "--why-not", "methotrexate")
    assert "Headline: Correct first" in both.out
    assert "What speaks against it" in both.out


def test_verdicts(atopy) -> None:
    found = json.loads(atopy("plan", EXAMPLE, *DAY, "--verdicts").out)
    assert found["headline"] == "correct-first"
    assert found["option_status(methotrexate)"] == "contraindicated"


def test_overrides_need_reasons(atopy) -> None:
    assert "its own --reason" in atopy("plan", EXAMPLE, *DAY, "--override", "triggers").err
    done = atopy(
        "plan",
        EXAMPLE,
        *DAY,
        "--override",
        "triggers",
        "--reason",
        "nothing to avoid",
        "--by",
        "Dr Example",
        "--verdicts",
    )
    assert (
        json.loads(done.out)["factor_holds(triggers)"] is False
        if "factor_holds(triggers)" in done.out
        else done.code == 0
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "nowhere.yaml"), "nowhere.yaml: cannot be opened"),
        (("plan", EXAMPLE, "--as-of", "tomorrow"), "Write it as 2026-11-20"),
        (("plan", EXAMPLE, "--for", "nurse"), "--for 'nurse' is not known"),
        (("plan", EXAMPLE, "--format", "pdf"), "--format 'pdf' is not known"),
        (("plan", EXAMPLE, "--country", "fr"), "Known are: us, eu, uk"),
        (("plan", EXAMPLE, "--why", "cyclosporin"), "Did you mean ciclosporin"),
        (("plan", EXAMPLE, "--content", "/nowhere"), "holds no guideline.yaml"),
        (("plan", EXAMPLE, "--out", "/nowhere/plan.txt"), "cannot be written"),
        (("plan", EXAMPLE, "--overlay", "/nowhere.yaml"), "cannot be opened"),
        (("plan",), "RECORD"),
        (("plan", EXAMPLE, "--nonsense"), "nonsense"),
        (("nonsense",), "nonsense"),
        (("record", "check", "nowhere.yaml"), "cannot be opened"),
        (("score", "easy", "3"), "Did you mean easi"),
        (("score", "dlqi", "31"), "31"),
        (("score", "dlqi"), "needs one of"),
        (("score", "dlqi", "a", "b"), "needs one of"),
        (("score", "dlqi", "19", "--bands", "nobody2001"), "Studies with bands are: hongbo2005"),
        (("score", "poem", "itchy=3"), "is not an item"),
        (("guideline", "show", "cyclosporin"), "Did you mean ciclosporin"),
        (("guideline", "list", "nonsense"), "Write one of: options"),
        (("guideline", "facts", "zzzz"), "No fact has"),
        (("guideline", "sources", "aad-2024-sistemic"), "Did you mean"),
        (("guideline", "check", "/nowhere"), "holds no guideline.yaml"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(atopy, words: tuple[str, ...], says: str) -> None:
    done = atopy(*words, *(DAY if words[0] == "plan" and len(words) > 1 and "--as-of" not in words else ()))
    assert done.code == 2
    assert says in " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.err).split())
    assert done.out == ""


def test_every_mistake_of_a_record_at_once(atopy, tmp_path: Path) -> None:
    record = tmp_path / "wrong.yaml"
    record.write_text(
        "atopy: 1\npatient: {sex: womann}\nevents:\n"
        "  - {date: 2026-11-02, observe: weight}\n  - {date: 2026-13-02, score: easi, value: 3}\n",
        encoding="utf-8",
    )
    done = atopy("plan", str(record), *DAY)
    assert done.code == 2
    assert [f"{record}:{line}" in done.err for line in (2, 4, 5)] == [True] * 3
    assert "3 problems. Nothing was computed." in done.err


def test_an_error_nobody_foresaw_is_said_without_a_traceback(atopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atopy.plan.public.setting", lambda *_, **__: 1 / 0)
    done = atopy("plan", EXAMPLE)
    assert done.code == 1
    assert "this should not happen (ZeroDivisionError" in done.err
    monkeypatch.setenv("ATOPY_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        atopy("plan", EXAMPLE)


def test_an_interrupt_ends_quietly(atopy, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("atopy.cli.app.app", interrupted)
    assert atopy("plan", EXAMPLE).code == 130


def test_a_reader_who_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m atopy.cli guideline facts | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_same_input_gives_the_same_bytes() -> None:
    """Whatever the hash seed, the time zone and the locale."""
    outputs = set()
    for seed, zone, locale in (("1", "UTC", "C"), ("2", "Pacific/Auckland", "C.UTF-8")):
        for style in ("text", "json"):
            done = subprocess.run(
                [sys.executable, "-m", "atopy.cli", "plan", EXAMPLE, *DAY, "--format", style],
                capture_output=True, check=True, timeout=60,
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"},
            )  # fmt: skip
            outputs.add((style, done.stdout))
    assert len(outputs) == 2


# -- score


def test_a_total_with_its_band_and_response(atopy) -> None:
    shown = atopy("score", "dlqi", "19", "--baseline", "24").out
    for said in (
        "DLQI 19",
        "very large effect by hongbo2005: 11-20",
        "better by 5 points (20.8 %)",
        "DLQI fall of 4: met",
        "Minimal important change: 4 points (basra2015)",
        "A missing item: One question unanswered counts 0",
    ):
        assert said in shown


def test_items_by_name_and_in_order(atopy) -> None:
    named = atopy("score", "poem", "1=4", "2=3", "3=2", "4=4", "5=1", "6=3", "7=-").out
    assert "POEM 17" in named
    assert "was not answered and counts 0" in named
    assert "POEM 21" in atopy("score", "poem", "4", "3", "2", "4", "1", "3", "4").out
    assert "POEM: no score" in atopy("score", "poem", "1=4").out
    assert "Change: not known" in atopy("score", "poem", "1=4", "--baseline", "20").out


def test_items_from_files(atopy, tmp_path: Path) -> None:
    items = tmp_path / "poem.yaml"
    items.write_text("[4, 3, 2, 4, 1, 3, 4]\n", encoding="utf-8")
    assert "POEM 21" in atopy("score", "poem", str(items)).out
    items.write_text("value: 21\n", encoding="utf-8")
    assert "POEM 21" in atopy("score", "poem", str(items)).out
    assert "better by 1 points" in atopy("score", "poem", "20", "--baseline", str(items)).out
    assert "worse by 2 points" in atopy("score", "poem", "23", "--baseline", str(items)).out
    assert "no change" in atopy("score", "poem", "21", "--baseline", str(items)).out
    assert "POEM 21" in atopy("score", "poem", "-", stdin="value: 21\n").out
    items.write_text("just words\n", encoding="utf-8")
    assert "holds no items of POEM" in atopy("score", "poem", str(items)).err


def test_items_from_a_record(atopy) -> None:
    shown = atopy("score", "easi", EXAMPLE, "--age", "35")
    assert "EASI 28.4" in shown.out
    assert "Parts: head_neck" in shown.out
    assert "holds no usable score of HECSI" in atopy("score", "hecsi", EXAMPLE).err


def test_all_bands(atopy) -> None:
    shown = atopy("score", "easi", "28.4", "--bands", "all").out
    assert "by leshem2015" in shown
    assert len(re.findall(r" by \w+\d{4}", shown)) > 1
    one = re.findall(r" by (\w+\d{4}\w*):", shown)[-1]
    assert f"by {one}" in atopy("score", "easi", "28.4", "--bands", one).out


def test_scores_as_json(atopy) -> None:
    found = json.loads(
        atopy("score", "easi", "14.2", "--baseline", "28.4", "--bands", "all", "--format", "json").out
    )
    assert found["score"]["band"]["source"] == "leshem2015"
    assert found["response"]["percent"] in ("50", "50.0", 50)
    assert len(found["bands"]) > 1


def test_an_instrument_without_bands_says_so(atopy) -> None:
    assert "No band" in atopy("score", "sassad", "30").out


def test_the_list_of_instruments(atopy) -> None:
    assert "scorad" in atopy("score").out


# -- record, schemas, guideline


def test_record_check(atopy) -> None:
    assert "29 usable events" in atopy("record", "check", EXAMPLE).out
    assert "0 usable events" in atopy("record", "check", "-", stdin="atopy: 1\n").out


def test_schemas(atopy) -> None:
    assert json.loads(atopy("record", "schema").out)["title"] == "Atopy record"
    assert json.loads(atopy("plan-schema").out)["title"] == "Atopy plan"


def test_a_broken_guideline_is_refused_with_every_place(atopy, tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "tests" / "toy" / "hiccups", tmp_path / "hiccups")
    (folder / "care" / "advice.yaml").write_text("id: advice\n")
    found = atopy("guideline", "check", str(folder))
    assert found.code == 2
    assert "care/advice.yaml:1: 'title' is missing. Add 'title'." in found.err


def test_guideline(atopy) -> None:
    assert "is sound" in atopy("guideline", "check").out
    assert "dupilumab" in atopy("guideline", "list").out
    assert "triggers" in atopy("guideline", "list", "factors").out
    assert "red_flag" not in atopy("guideline", "list", "red_flags").err
    assert "For whom:" in atopy("guideline", "show", "dupilumab").out
    assert "takes(drug)" in atopy("guideline", "facts", "takes").out
    assert "Cited in:" in atopy("guideline", "sources", "aad-2024-systemic").out


def test_version_and_help(atopy) -> None:
    assert re.fullmatch(r"atopy \d+\.\d+\.\d+\n", atopy("--version").out)
    assert "plan" in atopy("--help").out


def test_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "atopy.cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("atopy ")


# -- the terminal


@pytest.mark.parametrize(
    ("tty", "columns", "expected"), [(False, 200, 100), (True, 80, 80), (True, 30, 60), (True, 300, 120)]
)
def test_width(monkeypatch: pytest.MonkeyPatch, tty: bool, columns: int, expected: int) -> None:
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: tty))
    monkeypatch.setattr("shutil.get_terminal_size", lambda _: SimpleNamespace(columns=columns))
    assert terminal.width() == expected


@pytest.mark.parametrize(
    ("tty", "variables", "to_file", "expected"),
    [
        (True, {}, False, True),
        (True, {"NO_COLOR": "1"}, False, False),
        (True, {"TERM": "dumb"}, False, False),
        (True, {}, True, False),
        (False, {}, False, False),
        (False, {"FORCE_COLOR": "1"}, False, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour(
    monkeypatch: pytest.MonkeyPatch, tty: bool, variables: dict[str, str], to_file: bool, expected: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: tty))
    assert terminal.colour(to_file) is expected


def test_any_encoding_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    terminal.write("1 · 2\n")
    out.flush()
    assert out.buffer.getvalue() == b"1 ? 2\n"  # type: ignore[attr-defined]


def test_a_record_gives_the_items_and_the_age_on_that_day(atopy) -> None:
    """The weights of EASI depend on age: a record says both, and `--age` still wins."""
    shown = atopy("score", "easi", "examples/adult-severe.yaml").out
    assert "EASI 28.4" in shown
    as_child = atopy("score", "easi", "examples/adult-severe.yaml", "--age", "7").out
    assert "EASI 28.4" not in as_child


def test_why_an_open_option_is_recommended_names_every_row_and_proves_that_it_suits(atopy) -> None:
    done = atopy("plan", str(ROOT / "examples" / "simple-escalation.yaml"), *DAY, "--why", "dupilumab")
    assert "✗ an absolute contraindication is met: Dupilumab" in done.out
    assert "✓ this option is meant for this patient: Dupilumab" in done.out
    assert "EASI score = 31.2 points" in done.out


def test_a_topic_says_who_wrote_it_how_new_it_is_for_whom_and_what_belongs_to_it(
    atopy, tmp_path: Path
) -> None:
    plain = " ".join(atopy("guideline", "show", "action_plan").out.split())
    assert "by The Atopy contributors · literature to Nov 2025 · updated " in plain
    assert "for clinicians and patients · see also Education and written action plan" in plain
    toy = Path(shutil.copytree(ROOT / "tests" / "toy" / "hiccups", tmp_path / "toy"))
    topic = next(toy.glob("assessment/*.yaml"))
    with topic.open("a", encoding="utf-8") as file:
        file.write(
            "\nauthors: [A. Writer]\nliterature_current_through: 2026-01\nlast_updated: '2026-02-03'\n"
        )
    own = atopy("guideline", "show", topic.stem, "--content", str(toy)).out
    assert "by A. Writer · literature to Jan 2026 · updated 3 Feb 2026 · for" in own
