"""The plan as a whole: its sections, words, doses, sources, missing facts and disagreements."""

import re

import msgspec
import pytest
from jsonschema import Draft202012Validator
from tests.engine.plans import DAY, HICCUPS, READY, SEVERE, compiled, guidance, ids, plan, record
from tests.spec.engines import TOY

from atopy.plan import Guidance, Line, Plan, json_schema, make_plan
from atopy.plan.public import plan as easy_plan

DROPS = "{from: 2026-11-01, treat: peppermint_drops, status: current, dose: 10 mg/day, amount: 30 g/month}"
WOMAN = "patient: {birth_date: 1990-01-01, sex: female, country: eu}"


def every_line(made: Plan) -> list[Line]:
    def walk(lines: tuple[Line, ...]) -> list[Line]:
        return [one for line in lines for one in (line, *walk(line.parts))]

    return [line for section in made.sections for line in walk(section.lines)]


# -- the frame


def test_the_sections_stand_in_one_order_empty_or_not() -> None:
    expected = [
        "urgent", "assessment", "is_it_eczema", "correct_first", "ladder", "taken_now", "calendar", "referral", "tell",
        "missing", "quarantined", "disagreements",
    ]  # fmt: skip
    for made in (plan(), plan(*READY)):
        assert [section.id for section in made.sections] == expected
    assert plan().section("ladder").clinician == "The ladder"
    assert plan().section("urgent").clinician == plan().section("urgent").patient == "urgent", (
        "nobody has named it"
    )
    with pytest.raises(KeyError):
        plan().section("appendix")
    with pytest.raises(KeyError):
        plan().line("no-such-line")


def test_every_line_has_an_id_of_its_own() -> None:
    told = ids(tuple(every_line(plan(*READY, DROPS))))
    assert len(told) == len(set(told))


def test_who_it_is_for() -> None:
    weighed = plan(
        *READY,
        "{date: 2026-11-01, observe: weight, value: 60.50 kg}",
        patient="patient: {id: p1, age: 30 years, age_at: 2026-01-01, sex: female}",
    )
    assert (weighed.patient.id, weighed.patient.age, weighed.patient.weight) == (
        "p1",
        "30 or 31 y",
        "60.5 kg",
    )
    assert plan(patient="patient: {birth_date: 2025-08-01}").patient.age == "15 months"
    assert plan(patient="patient: {birth_date: 2026-10-02}").patient.age == "1 month"
    assert plan(patient="patient: {}").patient.age is None


def test_it_says_what_made_it() -> None:
    made = plan(*READY)
    assert made.provenance.content == "hiccups"
    assert made.provenance.content_hash == compiled().hash
    assert made.provenance.review_status == "submitted"
    assert made.disclaimer == made.patient_disclaimer == "Invented; no word of it is medical advice."
    assert made.patient_intended_use == "Not for patients."


def test_it_follows_its_published_schema() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(msgspec.json.decode(msgspec.json.encode(plan(*READY, DROPS))))


# -- sections around the ladder


def test_scores_carry_their_band_its_study_and_the_trend() -> None:
    def detail(*events: str) -> str:
        told = plan(HICCUPS, *events).line("score-hics").detail or ""
        return re.sub(r"\(.*? \[1\]: ", "(STUDY [1]: ", told, count=1)

    before = "{date: 2026-10-01, score: hics, value: %s}"
    assert detail(before % 10, SEVERE) == (
        "severe (STUDY [1]: 12-20); 4 points worse than on 1 Oct 2026; 1 Nov 2026"
    )
    assert "5 points better than on 1 Oct 2026, an important change (" in detail(before % 19, SEVERE)
    assert detail(before % 14, SEVERE) == "severe (STUDY [1]: 12-20); 1 Nov 2026"
    assert detail("{date: 2026-01-01, score: hics, value: 14}") == (
        "severe (STUDY [1]: 12-20); out of date: 1 Jan 2026"
    )
    assert plan(HICCUPS, SEVERE).line("score-hics").status == "severe"
    assert plan(HICCUPS, "{date: 2026-01-01, score: hics, value: 14}").line("score-hics").status == "stale"


def test_severe_and_refractory_are_two_findings() -> None:
    made = plan(HICCUPS, SEVERE)
    assert made.line("finding-severe").status == "met"
    assert made.line("finding-severe").clinician == "severe disease: yes"
    assert made.line("finding-refractory").status == "cannot be decided"
    assert made.line("finding-severity").status == "severe"
    findings = [line for line in made.section("assessment").lines if line.group == "finding"]
    assert not any("None" in (line.patient or "") for line in findings)


def test_courses_are_listed_with_their_dates() -> None:
    made = plan(
        HICCUPS,
        "{from: 2026-01-01, to: 2026-02-01, treat: stillin, response: partial}",
        "{from: 2026-03-01, status: past, treat: tonic}",
        "{status: current, treat: peppermint_drops}",
        "{from: 2026-05-01, status: declined, treat: placatol}",
        "{from: 2026-05-01, status: current, treat: stillin, dose: 9 apples}",
    )
    told = [line for line in made.section("assessment").lines if line.group == "course"]
    assert [(line.clinician, line.detail) for line in told][:3] == [
        ("Stillin, 1 Jan 2026 to 1 Feb 2026", "response: partial"),
        ("Old tonic, 1 Mar 2026 to a day not recorded", "response: not recorded"),
        (
            "Drops, no date to now",
            "response: not recorded; adequacy not known (its length is not known; use not known)",
        ),
    ]


def test_a_factor_shows_how_to_check_it_and_how_to_correct_it() -> None:
    present = plan(HICCUPS, "{date: 2026-11-01, exposure: fizzy_drinks, present: true}").line("fizzy_drinks")
    assert (present.action, present.status, ids(present.parts)) == (
        "optimise",
        "present",
        ["fizzy-stop", "fizzy-ask", "fizzy-why"],
    )
    unchecked = plan(HICCUPS).line("fizzy_drinks")
    assert (unchecked.action, unchecked.status, ids(unchecked.parts)) == (
        "assess",
        "not_assessed",
        ["fizzy-ask", "fizzy-why"],
    )
    excluded = plan(HICCUPS, "{date: 2026-11-01, exposure: fizzy_drinks, present: false}").line(
        "fizzy_drinks"
    )
    assert (excluded.status, excluded.parts) == ("excluded", ())


def test_factors_stand_with_the_present_first() -> None:
    made = plan(HICCUPS, "{date: 2026-11-01, exposure: hurried_meals, present: true}")
    assert ids(made.section("correct_first").lines) == ["hurried_meals", "fizzy_drinks"]


def test_another_disease_is_shown_only_when_raised_and_to_the_patient_only_after_the_doctor() -> None:
    assert plan(HICCUPS).section("is_it_eczema").lines == ()
    made = plan(
        HICCUPS,
        "{date: 2026-11-01, find: chest_pain, present: true}",
        "{date: 2026-11-01, find: hoarseness, present: true}",
    )
    tumour, cough = made.section("is_it_eczema").lines
    assert (tumour.id, tumour.status, tumour.patient, tumour.clinician_first) == (
        "hidden_tumour",
        "suspected",
        None,
        True,
    )
    assert ids(tumour.parts) == ["tumour-xray", "tumour-wait"]
    assert (cough.id, cough.patient) == ("cough", "A cough")
    confirmed = (
        plan(HICCUPS, "{date: 2026-11-01, condition: tumour, status: active}").section("is_it_eczema").lines
    )
    assert [line.status for line in confirmed] == ["present"]


def test_what_is_urgent_says_what_to_do() -> None:
    (line,) = plan(HICCUPS, "{date: 2026-11-01, find: blue_lips, present: true}").section("urgent").lines
    assert (line.id, line.patient, ids(line.parts)) == ("choking", "You cannot breathe", ["choking-call"])


def test_advice_stands_in_its_order_and_only_where_it_applies() -> None:
    made = plan(*READY)
    assert ids(made.section("tell").lines) == ["advice-quiet", "advice-calm"]
    quiet = made.line("advice-quiet")
    assert (quiet.patient, quiet.clinician_first) == (None, True)
    assert made.section("referral").lines == ()
    failed = plan(*READY, "{from: 2026-01-01, to: 2026-02-01, treat: strong_drops, response: none}")
    assert ids(failed.section("referral").lines) == ["referral-refractory"]


# -- the ladder


def test_the_ladder_stands_by_rung_then_status_then_wish_then_strength_and_licence() -> None:
    assert ids(plan(*READY, country="us").section("ladder").lines) == [
        "breath_holding", "peppermint_drops", "stillin", "placatol", "tonic",
    ]  # fmt: skip
    wished = plan(*READY, "{date: 2026-11-01, prefers: oral}")
    assert ids(wished.section("ladder").lines)[:2] == ["breath_holding", "peppermint_drops"]


def test_a_wish_orders_only_what_is_tied() -> None:
    def wish(option: str, *events: str) -> str | None:
        return plan(HICCUPS, *events).line(option).preference

    assert wish("placatol") is None and wish("stillin") is None
    assert wish("placatol", "{date: 2026-11-01, prefers: no_injections}") == "unwished"
    assert wish("stillin", "{date: 2026-11-01, prefers: no_injections}") is None
    assert wish("stillin", "{date: 2026-11-01, prefers: oral}") == "wished"


def test_a_dose_by_weight_shows_its_arithmetic() -> None:
    weighed = plan(*READY, "{date: 2026-11-01, observe: weight, value: 60 kg}").line("stillin-by-weight")
    assert weighed.detail == (
        "1 mg/kg x 60 kg = 60 mg; rounded down to 50 mg (tablets of 25 and 50 mg) once to start, then 2 to 3 mg/kg/day "
        "x 60 kg = 120 to 180 mg/day, in 2 doses of 60 to 90 mg; rounded down to 150 mg/day: 2 x 75 mg (tablets of 25 "
        "and 50 mg) (with food); at most 300 mg/day"
    )
    light = plan(*READY, "{date: 2026-11-01, observe: weight, value: 4.36 kg}").line("stillin-by-weight")
    assert "1 mg/kg x 4.36 kg = 4.36 mg; too small for tablets of 25 and 50 mg" in (light.detail or "")
    unweighed = plan(*READY).line("stillin-by-weight")
    assert "2 to 3 mg/kg/day (weight needed: no dose worked out)" in (unweighed.detail or "")
    assert unweighed.patient_detail == "the doctor works the dose out from the weight"


def test_a_dose_nobody_read_says_check_the_label() -> None:
    line = plan(*READY, country="us").line("stillin-us")
    assert line.detail == "up to 100 mg every 2 weeks, 4 times (check the label: not read in a source)"


def test_a_regimen_in_words_only() -> None:
    child = "patient: {birth_date: 2016-01-01, sex: male}"
    made = plan(HICCUPS, patient=child)
    assert made.line("drops-children").clinician == "Dilute in water."
    assert made.line("drops-children").patient == "Mix with water."
    assert made.line("drops-dose").clinician == "Usual dose"
    assert made.line("drops-dose").detail == "5 mg a day, in 2 doses a day; at most 20 mg/day"


def test_both_readers_get_the_same_numbers() -> None:
    line = plan(HICCUPS).line("breath-how")
    assert line.clinician == "Hold the breath for 10 to 20 seconds, 3 times a day."
    assert line.patient == "Hold your breath for 10 to 20 seconds."
    assert sorted(line.parameters) == ["seconds", "times"]


def test_work_up_is_done_or_to_do() -> None:
    assert plan(*READY).line("stillin-test").status == "to do"
    assert (
        plan(*READY, "{date: 2026-11-01, lab: potassium, value: 4 mmol/L}").line("stillin-test").status
        == "done"
    )


def test_in_use_it_is_monitored_instead() -> None:
    made = plan(HICCUPS, SEVERE, DROPS)
    line = made.line("peppermint_drops")
    assert "drops-teeth" in ids(line.parts)
    assert made.line("drops-teeth").detail == "every 6 months"
    assert ids(made.line("drops-teeth").parts) == ["drops-teeth-act"]
    assert made.line("peppermint_drops-onset").clinician == "Judge its effect after: 1 week"
    assert made.line("peppermint_drops-course-limit").clinician == "Longest course: 4 to 6 weeks"


def test_cautions_and_open_questions_stand_in_order() -> None:
    made = plan(HICCUPS, SEVERE, "{date: 2026-11-01, condition: reflux, status: active}", patient=WOMAN)
    assert [(p.id, p.status) for p in made.line("stillin").parts if p.group == "safety"] == [
        ("stillin-pregnancy", "to know first"),
        ("stillin-potassium", "confirm before giving"),
    ]
    assert [(p.id, p.status) for p in made.line("peppermint_drops").parts if p.group == "safety"] == [
        ("drops-reflux", "caution"),
        ("drops-menthol", "confirm before giving"),
    ]


# -- what is taken


def test_what_is_taken_says_what_to_do_and_how_to_stop() -> None:
    made = plan(HICCUPS, SEVERE, "{from: 2026-01-01, treat: peppermint_drops, status: current}")
    line = made.line("taken-peppermint_drops")
    assert (line.action, line.clinician_reason) == ("reduce", "used for more than 28 days")
    assert ids(line.parts) == ["peppermint_drops-stop", "taken-drops-too-long"]
    assert made.line("peppermint_drops-stop").clinician == (
        "Should it have to end, how to stop (taper): Halve the dose for 7 days."
    )
    assert line.detail == "Drops since 1 Jan 2026"


def test_a_course_is_shown_with_its_dose() -> None:
    line = plan(HICCUPS, SEVERE, DROPS).line("taken-peppermint_drops")
    assert line.detail == "Drops, 10 mg/day, 30 g/month since 1 Nov 2026"
    assert (line.action, line.clinician_reason, line.parts) == ("continue", None, ())


def test_every_running_course_of_a_class_is_judged_once() -> None:
    several = [f"{{from: 2026-11-{day:02}, treat: peppermint_drops, status: current}}" for day in range(1, 6)]
    made = plan(HICCUPS, *several)
    assert ids(made.section("taken_now").lines) == ["taken-peppermint_drops"]


def test_a_drug_that_the_guideline_does_not_judge_is_not_passed_over() -> None:
    made = plan(
        HICCUPS,
        "{from: 2026-11-01, treat: aspirin, status: current}",
        "{from: 2026-11-01, treat: stillin, status: current}",
    )
    assert ids(made.section("taken_now").lines) == ["taken-stillin", "taken-event-e2"]
    line = made.line("taken-event-e2")
    assert (line.status, line.clinician_reason) == ("not_judged", "Not judged by this guideline")


def test_a_drug_to_be_stopped_without_a_word_on_how_is_still_named() -> None:
    made = plan(
        HICCUPS,
        "{from: 2026-11-01, treat: stillin, status: current}",
        "{date: 2026-11-01, lab: potassium, value: 2 mmol/L}",
    )
    assert made.line("stillin-stop").patient is None


# -- missing, quarantined, disagreements, sources


def test_missing_facts_come_the_weightiest_first_with_what_they_could_change() -> None:
    made = plan(patient="patient: {}")
    first = made.section("missing").lines[0]
    assert (first.id, first.status) == ("missing-hiccups_present", "undecided")
    assert first.clinician == "Are these hiccups?"
    assert first.clinician_reason == "not recorded; could change: the state of the disease"
    weights = [int(line.group or 0) for line in made.section("missing").lines]
    assert weights == sorted(weights, reverse=True)


def test_a_missing_fact_says_if_it_is_stale_or_set_aside() -> None:
    stale = plan(HICCUPS, "{date: 2026-01-01, score: hics, value: 14}").line("missing-hics")
    assert stale.status == "stale"
    assert (stale.clinician_reason or "").startswith("out of date (last 1 Jan 2026); could change: ")
    aside = plan(HICCUPS, "{date: 2026-11-01, score: hics, value: 140}").line("missing-hics")
    assert (aside.clinician_reason or "").startswith("set aside; could change: ")


def test_a_question_without_words_of_its_own_is_asked_by_the_facts_name() -> None:
    assert plan(*READY).line("missing-potassium").clinician == "Potassium?"
    assert plan(HICCUPS).line("missing-exposed(hurried_meals)").clinician == "Meets: Hurried meals?"
    assert plan(HICCUPS, SEVERE).line("missing-finds(blue_lips)").clinician == "Is this present: Blue lips?"


def test_a_patient_is_asked_in_words_of_their_own() -> None:
    line = plan(HICCUPS, SEVERE).line("missing-finds(blue_lips)")
    assert (line.clinician, line.patient) == (
        "Is this present: Blue lips?",
        "Is this present: lips that turn blue?",
    )
    assert plan(*READY, patient=WOMAN).line("missing-pregnant").patient == "Are you pregnant?"
    grouped = msgspec.structs.replace(
        compiled().phrases, groups={"blue_lips": compiled().therapies["tonic"].name}
    )
    asking = Guidance(msgspec.structs.replace(compiled(), phrases=grouped))
    assert (
        plan(HICCUPS, SEVERE, guidance=asking).line("missing-finds(blue_lips)").patient
        == "Is this present: Old tonic?"
    )


def test_what_two_facts_would_ask_is_asked_once_and_no_more_than_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [line.clinician for line in plan(*READY, patient="patient: {}").section("missing").lines]
    assert len(asked) == len(set(asked)) > 2
    monkeypatch.setattr("atopy.plan.missing.SHOWN", 2)
    *kept, left_out = plan(*READY, patient="patient: {}").section("missing").lines
    said = [line.clinician for line in kept]
    assert said == [question for question in asked if question in said], "in the same order"
    assert said[:2] == asked[:2]
    assert "Is this present: Blue lips?" in said, "a question of safety is asked however many there are"
    assert left_out.id == "missing-left-out"
    assert left_out.group == str(len(asked) - len(said)) != "0"


def test_what_is_known_is_not_asked() -> None:
    asked = ids(plan(*READY, "{date: 2026-11-01, lab: potassium, value: 4 mmol/L}").section("missing").lines)
    assert "missing-potassium" not in asked
    assert "missing-hics" not in asked
    assert "missing-hiccups_present" not in asked


def test_a_list_that_would_settle_it_is_asked_for_where_the_content_has_words_for_it() -> None:
    words = compiled().meta.disclaimer
    phrases = msgspec.structs.replace(compiled().phrases, lists={"allergies": words})
    asking = Guidance(msgspec.structs.replace(compiled(), phrases=phrases))
    made = plan(HICCUPS, patient="patient: {birth_date: 1990-01-01}", guidance=asking)
    assert "missing-attested(allergies)" in ids(made.section("missing").lines)
    assert "missing-allergic_to(menthol)" not in ids(made.section("missing").lines)
    assert "missing-allergic_to(menthol)" in ids(
        plan(HICCUPS, patient="patient: {birth_date: 1990-01-01}").section("missing").lines
    )


def test_what_is_set_aside_is_listed_with_the_reason() -> None:
    (line,) = plan(HICCUPS, "{date: 2026-11-02, score: hics, value: 140}").section("quarantined").lines
    assert line.clinician == "HICS (2 Nov 2026): 140 points cannot be: hics is between 0 and 20 points"
    assert line.detail == "record:6"


def test_a_disagreement_shows_both_sides_and_the_rule_followed() -> None:
    made = plan(HICCUPS, DROPS)
    assert ids(made.section("disagreements").lines) == ["disagreement-measuring_scales", "disagreement-drops"]
    line = made.line("disagreement-drops")
    assert line.clinician == "How long may drops be used? The handbook is followed."
    assert (line.patient, line.clinician_reason) == ("Not for long.", "It is newer.")
    assert [part.clinician for part in line.parts] == ["For 28 days.", "As long as they help."]
    assert made.line("disagreement-measuring_scales").patient is None
    assert "disagreement-drops" not in ids(plan(HICCUPS).section("disagreements").lines)


def test_sources_are_numbered_as_they_appear_and_an_alias_has_the_number_of_its_work() -> None:
    made = plan(*READY, DROPS)
    assert [s.number for s in made.sources] == list(range(1, len(made.sources) + 1))
    by_key = {s.key: s.number for s in made.sources}
    assert "handbook_table_two" not in by_key
    (cited,) = made.line("breath-how").sources
    assert (cited.source, cited.place) == ("handbook", "row one")
    appeared = dict.fromkeys(c.source for line in every_line(made) for c in line.sources)
    assert set(appeared) <= set(by_key)
    assert [by_key[key] for key in appeared] == sorted(by_key[key] for key in appeared)


def test_sources_read_as_references() -> None:
    by_key = {s.key: s for s in plan(*READY, DROPS).sources}
    book = by_key["handbook"]
    assert book.text == "Toy AB, Hiccup Study Group. The toy handbook of hiccups. Toy Press. 2025;3(2):10–2."
    assert (book.doi, book.read, book.status) == ("10.5555/toy", True, "current")
    society = by_key["society"]
    assert society.text == "A AA, B, C C, D D, E E, F JL, et al. Position on hiccups."
    assert society.note == "machine-written; low; replaced by the handbook"
    assert by_key["label"].text == "label"
    assert by_key["memory"].text == "Remembered, not read"


def test_a_grade_is_shown_in_its_own_scale() -> None:
    (cited,) = plan(HICCUPS).line("breath_holding").sources
    assert (cited.direction, cited.strength, cited.certainty, cited.scale) == (
        "for",
        "strong",
        "low",
        "toy scale",
    )


def test_what_is_verified_stands_first() -> None:
    assert [(c.source, c.verified) for c in plan(*READY).line("stillin").sources] == [
        ("handbook", True),
        ("memory", False),
    ]


def test_from_python_it_is_the_same_plan() -> None:
    made = easy_plan(record(*READY), as_of="2026-11-20", content=TOY)
    assert made == make_plan(guidance(), record(*READY), DAY, "eu")
