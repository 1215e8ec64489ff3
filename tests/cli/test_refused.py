"""What cannot be used ends with exit code 2 and words that say how to mend it; a fault of ours is called one."""

from __future__ import annotations

from pathlib import Path

import pytest

from atopy.cli import terminal
from atopy.record.days import day_of
from atopy.yaml_source import InputError, SourceError

EXAMPLE = str(Path(__file__).resolve().parents[2] / "examples" / "adult-severe.yaml")
LIFE = "is no day of a patient's life. Write one between 1880 and 2999."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("plan", EXAMPLE, "--as-of", "0001-01-01"), f"--as-of '0001-01-01' {LIFE}"),
        (("plan", EXAMPLE, "--as-of", "9999-12-31"), f"--as-of '9999-12-31' {LIFE}"),
        (("plan", EXAMPLE, "--as-of", ""), "--as-of '' is not a day. Write it as 2026-11-20."),
        (("ask", "emollient?", "--as-of", ""), "--as-of '' is not a day."),
        (("compare", "--record", EXAMPLE, "--as-of", ""), "--as-of '' is not a day."),
        (("guideline", "overdue", "--as-of", ""), "--as-of '' is not a day."),
        (("guideline", "overdue", "--within", "999999999 days"), "reaches beyond the calendar. Write less"),
        (("guideline", "overdue", "--within", "99999 years"), "reaches beyond the calendar. Write less"),
        (("guideline", "overdue", "--within", "soon"), "--within 'soon' is not a span: write for example"),
        (("score", "easi", "1e400"), "EASI 1E+400 cannot be: the scale runs from 0 to 72."),
        (("score", "easi", "1e-999999999"), "EASI 1E-999999999 cannot be"),
        (
            ("score", "dlqi", "abc"),
            "'abc' is neither a number nor a file. Write items as name=value (symptoms",
        ),
        (("score", "dlqi", "3", "--age", "old"), "age_years: is not an age. Expected: years, 0 to 150."),
        (
            ("plan", EXAMPLE, "--why", "takes(zzzz)"),
            "'zzzz' is no known drug. atopy guideline list and the content's vocabulary folder name them.",
        ),
        (
            ("plan", EXAMPLE, "--override", "nonsense", "--reason", "so"),
            "Gates are the factors and mimics that atopy guideline list shows, and change_of_course",
        ),
        (("score", "dlqi", "3", "--respondent", "dog"), "'dog' is no respondent. Write self or proxy"),
    ],
)
def test_the_words(command, typed: tuple[str, ...], said: str) -> None:
    shown = command(*typed)
    assert (shown.code, shown.out) == (2, "")
    assert said in shown.err and "should not happen" not in shown.err


def test_bytes_that_are_no_text(command, tmp_path: Path) -> None:
    file = tmp_path / "noise"
    file.write_bytes(b"\xff\x00\x9c")
    shown = command("score", "poem", str(file))
    assert shown.code == 2 and "is not UTF-8 text (byte 0). Save it as UTF-8." in shown.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ": is empty. Write keys with their values"),
        (
            "overlay: 1\nid: x\nname: {en: X}\noptions:\n  emollient: {available: no}\n",
            ".available: Expected `bool`, got `str`. Write true or false, without quotes.",
        ),
        (
            "overlay: 1\nid: x\nname: {en: X}\ncountry: de\noptions: {}\n",
            ":4 at country: Invalid enum value 'de'. Write one of: us, eu, uk.",
        ),
    ],
)
def test_an_overlay_says_how_to_mend_it(command, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "overlay.yaml"
    file.write_text(text, encoding="utf-8")
    shown = command("plan", EXAMPLE, "--overlay", str(file))
    assert shown.code == 2 and said in shown.err


def test_only_what_was_given_can_be_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that nobody foresaw is ours, whatever its class."""
    assert terminal.report(InputError("It cannot be. Write another.")) == 2
    assert capsys.readouterr().err == "atopy: It cannot be. Write another.\n"
    assert terminal.report(SourceError([])) == 2
    capsys.readouterr()
    for error in (ValueError("list.remove(x): x not in list"), KeyError("easi")):
        assert terminal.report(error) == 1
        assert "this should not happen" in capsys.readouterr().err


def test_a_moment_is_its_day() -> None:
    from datetime import date, datetime

    assert day_of(datetime(2026, 11, 20, 13, 5)) == date(2026, 11, 20)  # noqa: DTZ001  (no zone is asked for)
    with pytest.raises(InputError, match=r"^'x' is not a day\. Write it as 2026-11-20\.$"):
        day_of("x")
    with pytest.raises(InputError, match=r"^'5' is not a day\."):
        day_of(5)  # type: ignore[arg-type]


RECORD = ("plan", EXAMPLE, "--as-of", "2026-11-20")
AID = ("compare", "--record", EXAMPLE, "--as-of", "2026-11-20")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            (*RECORD, "--why", "dupilumab", "--what-if", "pregnant=true"),
            "--what-if does not go with --why; leave one out.",
        ),
        ((*RECORD, "--why-not", "dupilumab", "--what-would-change"), "--what-would-change does not go with"),
        ((*RECORD, "--why", "dupilumab", "--for", "patient"), "--for does not go with --why; leave one out."),
        (
            (*RECORD, "--why", "dupilumab", "--format", "json"),
            "--format json does not go with --why. --why writes text.",
        ),
        (
            (*RECORD, "--verdicts", "--format", "html"),
            "--format html does not go with --verdicts. --verdicts writes json.",
        ),
        ((*RECORD, "--verdicts", "--why", "dupilumab"), "--why does not go with --verdicts; leave one out."),
        (
            (*RECORD, "--what-if", "pregnant=true", "--format", "ics"),
            "--format ics does not go with --what-if",
        ),
        (
            (*RECORD, "--what-if", "pregnant=true", "--what-would-change", "--format", "json"),
            "--format json does not go with --what-would-change. --what-would-change writes text or markdown.",
        ),
        ((*RECORD, "--by", "me"), "--by says nothing without --override; write both, or leave it out."),
        ((*RECORD, "--reason", "so"), "--reason says nothing without --override"),
        ((*AID, "--plot", "forest", "--out", "x.svg"), "--plot does not go with --record; leave one out."),
        ((*AID, "--baseline", "15%"), "--baseline does not go with --record; leave one out."),
        (
            (*AID, "--format", "csv"),
            "--format csv does not go with --record. --record writes text, json or html.",
        ),
        (("compare", "--for", "dog"), "--for says nothing without --record; write both, or leave it out."),
        (
            ("compare", "--plot", "forest", "--format", "csv"),
            "--format does not go with --plot; leave one out.",
        ),
    ],
)
def test_no_option_is_ignored_in_silence(command, typed: tuple[str, ...], said: str) -> None:
    shown = command(*typed)
    assert (shown.code, shown.out) == (2, "")
    assert said in shown.err


def test_what_if_and_what_would_change_are_both_shown(command) -> None:
    for style in ("text", "markdown"):
        both = command(*RECORD, "--what-if", "pregnant=true", "--what-would-change", "--format", style).out
        apart = [
            command(*RECORD, *one, "--format", style).out
            for one in (("--what-if", "pregnant=true"), ("--what-would-change",))
        ]
        assert both == "\n".join(apart)


def test_verdicts_are_json_when_it_is_said_too(command) -> None:
    assert command(*RECORD, "--verdicts", "--format", "json").out == command(*RECORD, "--verdicts").out
