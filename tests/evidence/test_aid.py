"""The decision aid: which options, in whose order, with which numbers; what is not known stays unknown."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.reading_level import proper_names, too_hard

import atopy
from atopy.evidence import DecisionAid, compare
from atopy.guideline import load_guideline
from atopy.render import aid_files, of_aid
from atopy.yaml_source import load_yaml_file

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-11-20"
OPEN = {"recommended_now", "recommended_once_checked", "after_specialist_referral", "needs_information", "option",
        "in_place", "optimise"}  # fmt: skip


def record(*wishes: str) -> dict[str, Any]:
    data: dict[str, Any] = load_yaml_file(ROOT / "examples" / "simple-escalation.yaml").data
    said = [{"prefers": w, "date": "2026-11-10"} for w in wishes]
    return {**data, "events": [*data["events"], *said]}


def aid(*wishes: str, **rest: Any) -> DecisionAid:
    return atopy.decision_aid(record(*wishes), as_of=DAY, **rest)


@pytest.fixture(scope="module")
def plain() -> DecisionAid:
    return aid()


def test_the_options_are_the_plans(plain: DecisionAid) -> None:
    plan = atopy.plan(record(), as_of=DAY)
    lines = {r.id: r.line for r in plan.legend.rungs}
    ladder = {x.id: x for x in plan.section("ladder").lines if lines[x.group] == "second"}
    shown = {c.id: c for c in plain.choices}
    for id_, line in ladder.items():
        assert (id_ in shown) == (line.status in OPEN | {"not_now"})
    for id_, choice in shown.items():
        assert (choice.status, choice.name.clinician) == (ladder[id_].status, ladder[id_].clinician)
        assert choice.waits == (choice.status == "not_now")


def test_what_may_not_be_given_is_no_choice() -> None:
    data = record()
    events = [*data["events"], {"allergy": "dupilumab", "date": "2026-11-10"}]
    found = {c.id for c in atopy.decision_aid({**data, "events": events}, as_of=DAY).choices}
    assert "dupilumab" not in found and "tralokinumab" in found


def test_its_numbers_are_those_of_the_comparison(plain: DecisionAid) -> None:
    found = compare("easi75", "adults-mono")
    for choice in plain.choices:
        for chance in choice.chances:
            if chance.outcome == "easi75" and chance.population.clinician == "Adults, drug alone":
                ranked = next(r for r in found.ranked if r.name == chance.treatment)
                assert (chance.risk, chance.low, chance.high) == (
                    ranked.absolute.risk, ranked.absolute.low, ranked.absolute.high,
                )  # fmt: skip
                assert (chance.trials, chance.people) == (ranked.trials, ranked.people)
                assert chance.without == found.baseline.risk * 100


def test_only_trials_of_people_like_this_patient_speak(plain: DecisionAid) -> None:
    assert [p.clinician for p in plain.populations] == [
        "Adults, drug alone",
        "Adults, with topical corticosteroid",
    ]
    child = atopy.decision_aid(ROOT / "examples" / "child-moderate.yaml", as_of=DAY, line="second")
    assert {c.population.clinician for o in child.choices for c in o.chances} <= {"Children"}


def test_a_dose_that_this_patient_would_not_get_does_not_speak_for_the_drug(plain: DecisionAid) -> None:
    dupilumab = next(c for c in plain.choices if c.id == "dupilumab")
    assert {c.treatment for c in dupilumab.chances} == {"Dupilumab 300 mg every 2 weeks"}


def test_what_is_not_known_stays_unknown(plain: DecisionAid) -> None:
    methotrexate = next(c for c in plain.choices if c.id == "methotrexate")
    assert methotrexate.chances == () and methotrexate.cost is None
    shown = of_aid.text(plain, "patient")
    block = shown[
        shown.index("Methotrexate (once a week)  ") if "Methotrexate (once a week)  " in shown else 0 :
    ]
    assert "we have no numbers that we can compare" in block
    assert "Cost: We do not know." in block


# -- order


def first(found: DecisionAid, count: int = 3) -> list[str]:
    return [c.id for c in found.choices[:count]]


def test_without_a_wish_the_order_is_the_plans(plain: DecisionAid) -> None:
    assert plain.wishes == ()
    assert "No preference is on record" in of_aid.text(plain)
    assert [c.status for c in plain.choices] == sorted(
        (c.status for c in plain.choices),
        key=["recommended_now", "option", "needs_information", "not_now"].index,
    )


def test_who_wants_no_injections_meets_injections_last_but_meets_them() -> None:
    found = aid("no_injections")
    kinds = [{r.clinician for r in c.routes} & {"under the skin"} for c in found.choices if not c.waits]
    assert kinds == sorted(kinds, key=bool)
    assert {c.id for c in found.choices} == {c.id for c in aid().choices}
    assert "Preference: No injections, 10 Nov 2026: orders the list by how it is given." in of_aid.text(found)
    assert (
        "You told us: No injections, 10 Nov 2026: so the list is sorted by how it is given."
        in of_aid.text(found, "patient")
    )
    assert "First in the list does not mean best" in of_aid.text(found, "patient").replace("\n ", " ")


def test_who_wants_tablets_meets_tablets_first() -> None:
    assert all("by mouth" in {r.clinician for r in c.routes} for c in aid("oral").choices[:3])


def test_who_wants_it_fast_meets_the_fast_first_and_the_unknown_last() -> None:
    found = [c.onset_weeks for c in aid("fast_relief").choices if not c.waits]
    known = [w for w in found if w is not None]
    assert known == sorted(known)
    assert found[len(known) :] == [None] * (len(found) - len(known))


def test_of_two_wishes_both_count_the_first_said_first() -> None:
    found = [c for c in aid("injection", "no_blood_tests").choices if not c.waits]
    wished = [c.preference == "wished" for c in found]
    assert wished == sorted(wished, reverse=True)
    among = [len(c.monitoring) for c in found if c.preference == "wished"]
    assert among == sorted(among)


def test_a_wish_that_nothing_orders_by_says_so() -> None:
    found = aid("few_visits")
    assert first(found) == first(aid())
    assert "Wants few visits, 10 Nov 2026: nothing here can order by it." in of_aid.text(found)


def test_cost_orders_only_what_a_source_prices() -> None:
    found = [c.cost.tier if c.cost else None for c in aid("low_cost").choices if not c.waits]
    assert found == [t for t in found if t] + [t for t in found if not t]
    for choice in aid().choices:
        if choice.cost is not None:
            assert any(s.verified for s in choice.cost.sources)


# -- both readers


def test_the_patients_numbers_are_the_clinicians(plain: DecisionAid) -> None:
    words, other = of_aid.Words("patient"), of_aid.Words("clinician")
    for choice in plain.choices:
        for chance in choice.chances:
            figures = set(re.findall(r"\d+", words.chance(chance)))
            assert figures <= set(re.findall(r"\d+", f"{other.chance(chance)} 100 {chance.event.patient}"))


def test_the_patient_meets_no_key_and_no_jargon(plain: DecisionAid) -> None:
    shown = of_aid.text(plain, "patient")
    assert not re.search(r"\[[a-z0-9_]+", shown)
    for word in ("EASI", "odds", "interval", "placebo", "NRS", "not read"):
        assert word not in shown


def test_no_line_is_longer_than_a_hundred_columns(plain: DecisionAid) -> None:
    for reader in ("clinician", "patient"):
        assert max(len(line) for line in of_aid.text(plain, reader).splitlines()) <= 100  # type: ignore[arg-type]


def test_an_interval_that_includes_no_difference_says_so(plain: DecisionAid) -> None:
    unsure = [c for o in plain.choices for c in o.chances if not c.certain]
    assert unsure
    for chance in unsure:
        assert "the interval includes no difference" in of_aid.Words("clinician").chance(chance)
        assert of_aid.Words("patient").chance(chance).startswith("We cannot tell yet")


def test_nothing_is_offered_in_an_emergency() -> None:
    found = atopy.decision_aid(ROOT / "examples" / "emergency-herpeticum.yaml", as_of=DAY)
    assert found.urgent and found.choices == ()
    assert "that comes before any choice" in of_aid.text(found)
    assert "this comes first" in aid_files.html(found, "patient")


def test_nothing_is_offered_to_an_empty_record() -> None:
    found = atopy.decision_aid(ROOT / "examples" / "empty.yaml", as_of=DAY)
    assert not [c for c in found.choices if c.status == "recommended_now"]
    assert all(c.chances == () for c in found.choices), "whose trials would they be?"


def test_other_lines_can_be_asked_for() -> None:
    assert {c.line for c in aid(line="first").choices} == {"first"}
    with pytest.raises(ValueError, match="'third' is no line of treatment"):
        aid(line="third")
    with pytest.raises(ValueError, match="'nurse' is no reader"):
        of_aid.text(aid(), "nurse")  # type: ignore[arg-type]


# -- pages


def test_a_hundred_people_are_drawn(plain: DecisionAid) -> None:
    chance = next(c for o in plain.choices for c in o.chances if c.certain and c.better == "higher")
    kinds = [kind for kind, _, _ in aid_files.icons(chance)]
    assert len(kinds) == 100
    assert kinds.count("same") == of_aid.whole(chance.without)
    assert kinds.count("same") + kinds.count("more") == of_aid.whole(chance.risk)


@pytest.mark.parametrize("reader", ["clinician", "patient"])
def test_the_page_asks_nobody_for_anything(plain: DecisionAid, reader: str) -> None:
    page = aid_files.html(plain, reader)  # type: ignore[arg-type]
    assert "<script" not in page and "http" not in page
    assert page.count('role="img"') == sum(
        c.certain and c.better == "higher" for o in plain.choices for c in o.chances
    )


def test_a_second_disease_has_an_aid_too() -> None:
    from tests.spec.engines import TOY
    from tools.reference.blocks import WORKED

    found = atopy.decision_aid(WORKED / "record.yaml", as_of=DAY, content=TOY)
    assert found.choices
    assert of_aid.text(found) and aid_files.html(found, "patient") and aid_files.json(found)


def test_what_the_patient_reads_is_plain(plain: DecisionAid) -> None:
    """Grade 8 or below, text by text, wherever a record leads."""
    names = proper_names(load_guideline())
    words = of_aid.Words("patient")
    found = []
    for one in (plain, aid("no_injections", "few_visits", "low_cost"), aid(line="first")):
        found += [words.title(one), words.bar_legend(), words.no_effect(), *words.order(one)]
        found += [words.of(c) for c in one.cautions]
        for choice in one.choices:
            found += [words.of(choice.name), words.of(choice.state)]
            found += [words.chance(c) for c in choice.chances]
            found += [said for label, said in words.details(choice) if label != "How often"]
    wrong = {text: too_hard(text, names) for text in found if text and too_hard(text, names)}
    assert wrong == {}
