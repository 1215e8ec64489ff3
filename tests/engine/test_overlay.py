"""A local overlay can bar an option or make it wait; it can neither recommend nor change a word."""

from pathlib import Path

import pytest
from tests.engine.plans import READY, compiled, options, plan

from atopy.guideline.overlay import apply_overlay, read_overlay
from atopy.plan import Guidance, Plan
from atopy.yaml_source import SourceError

RIGHT = """\
overlay: 1
id: village
name: {en: The village's formulary}
country: eu
options:
  stillin:
    because: {clinician: {en: barred in the village}, patient: {en: not offered here}}
    available: false
"""
STEP = """\
overlay: 1
id: town
name: {en: The town's formulary}
options:
  stillin:
    because: {clinician: {en: drops first}, patient: {en: drops come first}}
    after_any_of: [peppermint_drops, breath_holding]
"""


def over(tmp_path: Path, text: str, *events: str, patient: str | None = None) -> Plan:
    """The plan with this overlay."""
    path = tmp_path / "overlay.yaml"
    path.write_text(text)
    overlay = read_overlay(path, compiled())
    local = Guidance(apply_overlay(compiled(), overlay))
    more = {"patient": patient} if patient else {}
    return plan(*events, guidance=local, overlay=(overlay.id, overlay.hash), **more)


def test_an_option_is_barred_here_and_labelled_as_access(tmp_path: Path) -> None:
    made = over(tmp_path, RIGHT, *READY)
    line = made.line("stillin")
    assert (line.status, line.reason) == ("not_available_here", "formulary")
    assert line.access == "barred"
    assert (line.clinician_reason, line.patient_reason) == (
        "barred here: barred in the village",
        "not offered here",
    )


def test_nothing_else_changes(tmp_path: Path) -> None:
    before, after = options(plan(*READY)), options(over(tmp_path, RIGHT, *READY))
    assert {o for o in before if before[o] != after[o]} == {"stillin"}


def test_the_plan_names_the_overlay_and_its_hash(tmp_path: Path) -> None:
    made = over(tmp_path, RIGHT, *READY)
    assert made.provenance.overlay == "village"
    assert len(made.provenance.overlay_hash or "") == 64
    assert made.provenance.plan_hash != plan(*READY).provenance.plan_hash


def test_what_is_already_taken_is_not_barred(tmp_path: Path) -> None:
    made = over(tmp_path, RIGHT, *READY, "{from: 2026-11-01, treat: stillin, status: current}")
    assert made.line("stillin").status == "in_place"


@pytest.mark.parametrize(
    ("course", "status", "reason"),
    [
        (None, "not_now", "step-therapy"),
        (
            "{from: 2026-01-01, to: 2026-02-01, treat: peppermint_drops, response: none}",
            "recommended_now",
            None,
        ),
        (
            "{from: 2026-01-01, to: 2026-02-01, treat: peppermint_drops, response: good}",
            "recommended_now",
            None,
        ),
        ("{from: 2026-11-10, treat: breath_holding, status: current}", "recommended_now", None),
        ("{from: 2026-01-01, to: 2026-02-01, treat: placatol, response: none}", "not_now", "step-therapy"),
    ],
    ids=["nothing tried", "failed", "tried", "taken now", "another tried"],
)
def test_step_therapy_waits_for_one_of_others(
    tmp_path: Path, course: str | None, status: str, reason: str | None
) -> None:
    line = over(tmp_path, STEP, *READY, *([course] if course else [])).line("stillin")
    assert (line.status, line.reason) == (status, reason)
    if reason:
        assert (line.access, line.clinician_reason) == ("barred", "step-therapy: drops first")
    else:
        assert line.access is None


def test_an_absolute_contraindication_still_comes_first(tmp_path: Path) -> None:
    woman = "patient: {birth_date: 1990-01-01, sex: female, country: eu}"
    made = over(tmp_path, RIGHT, *READY, "{date: 2026-11-01, event: pregnancy}", patient=woman)
    assert made.line("stillin").status == "contraindicated"


REASON = "    because: {clinician: {en: barred in the village}, patient: {en: not offered here}}\n"
WRONG = {
    "unknown key": (RIGHT + "recommend: [stillin]\n", "9 at recommend: 'recommend' is not known here."),
    "no reason": (RIGHT.replace(REASON, ""), "6 at options.stillin: 'because' is missing. Add 'because'."),
    "unknown option": (
        RIGHT.replace("  stillin:", "  stilin:"),
        "6 at options.stilin: 'stilin' is not an option.",
    ),
    "unknown first step": (
        STEP.replace("peppermint_drops", "peppermint"),
        "5 at options.stillin: 'peppermint' is not an option.",
    ),
    "a step that waits for itself": (
        STEP.replace("[peppermint_drops, breath_holding]", "[stillin]"),
        "5 at options.stillin: 'stillin' can never be reached: each step that it waits for waits for it, or cannot",
    ),
    "a step that is not to be had here": (
        STEP.replace("[peppermint_drops, breath_holding]", "[placatol]").replace(
            "options:", "country: eu\noptions:"
        ),
        "6 at options.stillin: 'stillin' can never be reached",
    ),
    "unknown format": (
        RIGHT.replace("overlay: 1", "overlay: 2"),
        "1 at overlay: format 2 is not known. Write 'overlay: 1'.",
    ),
    "unknown country": (
        RIGHT.replace("country: eu", "country: fr"),
        "4 at country: Invalid enum value 'fr'. Write one of: us, eu, uk.",
    ),
}


@pytest.mark.parametrize(("text", "problem"), list(WRONG.values()), ids=list(WRONG))
def test_a_wrong_overlay_is_refused_with_the_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(text)
    with pytest.raises(SourceError) as raised:
        read_overlay(path, compiled())
    assert str(raised.value).startswith(f"{path}:{problem}")


def test_two_steps_that_wait_for_each_other_are_both_named(tmp_path: Path) -> None:
    path = tmp_path / "overlay.yaml"
    again = STEP[STEP.index("  stillin:") :].replace("stillin", "peppermint_drops")
    text = STEP.replace("[peppermint_drops, breath_holding]", "[peppermint_drops]")
    path.write_text(text + again.replace("[peppermint_drops, breath_holding]", "[stillin]"))
    with pytest.raises(SourceError) as raised:
        read_overlay(path, compiled())
    assert [p.path for p in raised.value.problems] == ["options.stillin", "options.peppermint_drops"]


def test_a_step_that_may_be_had_elsewhere_in_the_list_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(STEP.replace("[peppermint_drops, breath_holding]", "[placatol, breath_holding]"))
    assert read_overlay(path, compiled()).id == "town"


def test_every_mistake_of_an_overlay_comes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(RIGHT.replace("overlay: 1", "overlay: 2").replace("  stillin:", "  stilin:"))
    with pytest.raises(SourceError) as raised:
        read_overlay(path, compiled())
    assert len(raised.value.problems) == 2
