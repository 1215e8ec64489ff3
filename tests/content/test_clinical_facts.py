"""What counts as a clue, for how long, and what a record must say before a state is true: one small table each."""

from __future__ import annotations

from datetime import date

import pytest

from atopy.criteria import Ref, Value
from atopy.facts import Rules, World
from atopy.guideline.bundled import content_folder
from atopy.guideline.compile import compile_folder
from atopy.guideline.compiled import Compiled
from atopy.record import read

AS_OF = date(2026, 11, 20)
AD = "condition: atopic_dermatitis, status: active, since: 2000"
STEROID = "treat: mometasone_furoate, from: 2026-09-01, to: 2026-10-15"


@pytest.fixture(scope="module")
def guidance() -> Compiled:
    return compile_folder(content_folder())


def fact(
    guidance: Compiled, name: str, *events: str, patient: str = "age: 35 years, sex: female", **attested: str
) -> Value:
    """The value of ``name`` or ``name(argument)`` for an adult woman with these events."""
    term, _, argument = name.removesuffix(")").partition("(")
    text = f"atopy: 1\npatient: {{{patient}, age_at: 2026-11-20}}\n"
    text += f"attested: {{{', '.join(f'{k}: {v}' for k, v in attested.items())}}}\n" if attested else ""
    text += "events:\n" + "".join(f"  - {{{e}}}\n" for e in events) if events else ""
    world = World(Rules(guidance.facts, guidance.vocabulary), read(text, guidance.vocabulary), AS_OF)
    return world.value(Ref(term, (argument,) if argument else ()))


INFANT = "age: 2 months, sex: male"
RED_FLAGS: list[tuple[str, str, list[str], Value]] = [
    (
        "punched-out erosions alone",
        "eczema_herpeticum",
        ["date: 2026-11-18, find: punched_out_erosions, present: true"],
        True,
    ),
    (
        "the same five weeks ago",
        "eczema_herpeticum",
        ["date: 2026-10-14, find: punched_out_erosions, present: true"],
        None,
    ),
    (
        "vesicles without more",
        "eczema_herpeticum",
        ["date: 2026-11-18, find: clustered_vesicles, present: true"],
        None,
    ),
    (
        "vesicles with pain",
        "eczema_herpeticum",
        [
            "date: 2026-11-18, find: clustered_vesicles, present: true",
            "date: 2026-11-18, score: pain_nrs, value: 8",
        ],
        True,
    ),
    (
        "the diagnosis suspected",
        "eczema_herpeticum",
        ["date: 2026-11-18, condition: eczema_herpeticum, status: suspected"],
        True,
    ),
    ("red all over", "erythroderma", ["date: 2026-11-18, find: erythroderma, present: true"], True),
    (
        "red all over on a biologic, well: the diagnosis leads",
        "erythroderma",
        [
            "date: 2026-11-18, find: erythroderma, present: true",
            "from: 2026-09-10, treat: dupilumab, status: current",
        ],
        None,
    ),
    (
        "red all over on a biologic, with fever",
        "erythroderma",
        [
            "date: 2026-11-18, find: erythroderma, present: true",
            "from: 2026-09-10, treat: dupilumab, status: current",
            "date: 2026-11-19, observe: temperature, value: 39 Cel",
        ],
        True,
    ),
    (
        "redness that spreads and hurts",
        "sepsis_or_cellulitis",
        ["date: 2026-11-15, find: spreading_erythema_pain, present: true"],
        True,
    ),
    (
        "few neutrophils on azathioprine",
        "marrow_failure",
        [
            "from: 2026-09-01, treat: azathioprine, status: current",
            "date: 2026-11-18, lab: neutrophils, value: 0.6 10*9/L",
        ],
        True,
    ),
    (
        "few neutrophils, drugs unknown",
        "marrow_failure",
        ["date: 2026-11-18, lab: neutrophils, value: 0.6 10*9/L"],
        None,
    ),
    (
        "vomiting after a long course of prednisolone",
        "adrenal_crisis",
        [
            "from: 2026-09-01, to: 2026-11-10, treat: prednisolone, status: past",
            "date: 2026-11-18, find: vomiting, present: true",
        ],
        True,
    ),
    ("eye pain", "eye_emergency", ["date: 2026-11-18, find: eye_pain_or_vision_change, present: true"], True),
    (
        "skin that detaches",
        "severe_drug_reaction",
        ["date: 2026-11-18, find: skin_detachment, present: true"],
        True,
    ),
    (
        "thoughts of ending life",
        "self_harm",
        ["date: 2026-11-18, find: suicidal_thoughts, present: true"],
        True,
    ),
    ("the same in spring", "self_harm", ["date: 2026-04-18, find: suicidal_thoughts, present: true"], None),
]


@pytest.mark.parametrize(
    ("flag", "events", "expected"), [r[1:] for r in RED_FLAGS], ids=[r[0] for r in RED_FLAGS]
)
def test_red_flag(guidance: Compiled, flag: str, events: list[str], expected: Value) -> None:
    assert fact(guidance, f"red_flag({flag})", AD, *events) is expected


def test_red_all_over_since_adult_life_is_urgent_with_fever_and_led_by_the_diagnosis_without(
    guidance: Compiled,
) -> None:
    late = "date: 2026-11-18, condition: atopic_dermatitis, status: active, since: 2015"
    red = "date: 2026-11-18, find: erythroderma, present: true"
    fever = "date: 2026-11-19, observe: temperature, value: 38.6 Cel"
    assert fact(guidance, "red_flag(erythroderma)", late, red, fever) is True
    assert fact(guidance, "red_flag(erythroderma)", late, red) is None
    assert fact(guidance, "mimic_status(ctcl)", late, red) == "suspected"


def test_a_febrile_baby_is_urgent_and_an_adult_is_not_a_sick_infant(guidance: Compiled) -> None:
    fever = "date: 2026-11-19, observe: temperature, value: 38.6 Cel"
    assert fact(guidance, "red_flag(sick_infant)", fever, patient=INFANT) is True
    assert fact(guidance, "red_flag(sick_infant)", fever) is False


GLOVES = "date: 2026-11-02, find: glove_worsening, present: true"
STATUSES: list[tuple[str, str, list[str], str]] = [
    ("nothing on record", "factor_status(non_adherence)", [], "not_assessed"),
    (
        "said to be used on most days",
        "factor_status(non_adherence)",
        [f"{STEROID}, adherence: most days"],
        "not_assessed",
    ),
    ("used rarely", "factor_status(non_adherence)", [f"{STEROID}, adherence: rarely"], "present"),
    (
        "fear of steroids",
        "factor_status(non_adherence)",
        ["date: 2026-11-02, find: fear_of_steroids, present: true"],
        "suspected",
    ),
    (
        "crusts",
        "factor_status(secondary_infection)",
        ["date: 2026-11-02, find: weeping_crusts, present: true"],
        "suspected",
    ),
    (
        "infection denied",
        "factor_status(secondary_infection)",
        ["date: 2026-11-02, find: clinical_infection, present: false"],
        "excluded",
    ),
    (
        "impetigo",
        "factor_status(secondary_infection)",
        ["date: 2026-11-10, condition: impetigo, status: active"],
        "present",
    ),
    (
        "worse with a cream",
        "factor_status(topical_hypersensitivity)",
        ["date: 2026-11-02, find: worsening_after_topical, present: true"],
        "suspected",
    ),
    (
        "worse with a cream, patch tests negative",
        "factor_status(topical_hypersensitivity)",
        [
            "date: 2026-11-02, find: worsening_after_topical, present: true",
            "date: 2026-11-05, patch_test: propylene_glycol, result: negative",
        ],
        "excluded",
    ),
    (
        "vehicle allergen positive",
        "factor_status(topical_hypersensitivity)",
        ["date: 2026-11-05, patch_test: propylene_glycol, result: positive"],
        "present",
    ),
    (
        "wet work",
        "factor_status(triggers)",
        ["date: 2026-11-02, exposure: wet_work, present: true"],
        "present",
    ),
    (
        "stress",
        "factor_status(triggers)",
        ["date: 2026-11-02, exposure: psychological_stress, present: true"],
        "suspected",
    ),
    ("worse in gloves", "mimic_status(contact_dermatitis)", [GLOVES], "suspected"),
    (
        "worse in gloves, tested",
        "mimic_status(contact_dermatitis)",
        [GLOVES, "date: 2026-11-05, patch_test: thiuram_mix, result: negative"],
        "excluded",
    ),
    (
        "thiuram positive",
        "mimic_status(contact_dermatitis)",
        ["date: 2026-11-05, patch_test: thiuram_mix, result: positive"],
        "present",
    ),
    (
        "adult onset alone",
        "mimic_status(ctcl)",
        ["date: 2026-11-02, find: onset_adult, present: true"],
        "not_assessed",
    ),
    (
        "worse on a biologic",
        "mimic_status(ctcl)",
        ["date: 2026-11-02, find: worsening_on_biologic, present: true"],
        "suspected",
    ),
    (
        "itch at home",
        "mimic_status(scabies)",
        ["date: 2026-11-02, find: household_itch, present: true"],
        "suspected",
    ),
    (
        "itch at home not asked",
        "mimic_status(scabies)",
        ["date: 2026-11-02, find: household_itch, present: not asked"],
        "not_assessed",
    ),
    (
        "a ring under steroid",
        "mimic_status(tinea_incognita)",
        [
            "date: 2026-11-02, find: annular_scaly_border, present: true",
            "treat: clobetasol_propionate, from: 2026-10-01, status: current",
        ],
        "suspected",
    ),
]


@pytest.mark.parametrize(
    ("name", "events", "expected"), [s[1:] for s in STATUSES], ids=[s[0] for s in STATUSES]
)
def test_status(guidance: Compiled, name: str, events: list[str], expected: str) -> None:
    assert fact(guidance, name, AD, *events) == expected


SEVERE = "date: 2026-11-10, score: easi, value: 32"
AREA = "date: 2026-11-10, score: bsa, value: 45"
FULL = f"{STEROID}, amount: 250 g/month, adherence: all days, response: partial"
REFRACTORY: list[tuple[str, list[str], Value]] = [
    ("nothing tried on record", [SEVERE], None),
    ("tried, undocumented", [SEVERE, STEROID], None),
    ("a full trial of a potent steroid, partly effective", [SEVERE, AREA, FULL], True),
    (
        "the same without the amount",
        [SEVERE, AREA, f"{STEROID}, adherence: all days, response: partial"],
        None,
    ),
    (
        "too little of it",
        [SEVERE, AREA, f"{STEROID}, amount: 30 g/month, adherence: all days, response: none"],
        False,
    ),
    (
        "too weak",
        [
            SEVERE,
            AREA,
            "treat: hydrocortisone_topical, from: 2026-09-01, to: 2026-10-15, adherence: all days, response: none",
        ],
        False,
    ),
    (
        "rarely used",
        [SEVERE, AREA, f"{STEROID}, amount: 250 g/month, adherence: rarely, response: none"],
        False,
    ),
]


@pytest.mark.parametrize(("events", "expected"), [r[1:] for r in REFRACTORY], ids=[r[0] for r in REFRACTORY])
def test_refractory_needs_an_adequate_trial(guidance: Compiled, events: list[str], expected: Value) -> None:
    assert fact(guidance, "refractory", AD, *events) is expected


SEVERITY: list[tuple[str, list[str], str | None]] = [
    ("edge of moderate", ["date: 2026-11-10, score: easi, value: 21.0"], "moderate"),
    ("edge of severe", ["date: 2026-11-10, score: easi, value: 21.1"], "severe"),
    ("SCORAD of exactly 50", ["date: 2026-11-10, score: scorad, value: 50"], "moderate"),
    (
        "the most severe counts",
        ["date: 2026-11-10, score: easi, value: 5", "date: 2026-11-10, score: poem, value: 20"],
        "severe",
    ),
    ("stale after 60 days", ["date: 2026-09-01, score: easi, value: 30"], None),
    ("widespread without a score", ["date: 2026-11-10, find: widespread_lesions, present: true"], "severe"),
    (
        "disabling, whatever the score",
        [
            "date: 2026-11-10, score: easi, value: 5",
            "date: 2026-11-10, find: emotionally_disabling, present: true",
        ],
        "severe",
    ),
]


@pytest.mark.parametrize(("events", "expected"), [s[1:] for s in SEVERITY], ids=[s[0] for s in SEVERITY])
def test_severity(guidance: Compiled, events: list[str], expected: str | None) -> None:
    assert fact(guidance, "severity", AD, *events) == expected


def test_moderate_signs_with_heavy_burden_are_severe(guidance: Compiled) -> None:
    moderate = "date: 2026-11-10, score: easi, value: 15"
    assert fact(guidance, "severe", AD, moderate) is None
    assert fact(guidance, "severe", AD, moderate, "date: 2026-11-10, score: pp_nrs, value: 8") is True
    light = ["date: 2026-11-10, score: pp_nrs, value: 3", "date: 2026-11-10, score: dlqi, value: 4"]
    assert fact(guidance, "severe", AD, moderate, *light) is False


PREGNANCY: list[tuple[str, str, list[str], Value]] = [
    ("a man", "age: 35 years, sex: male", [], False),
    ("a girl of 9", "age: 9 years, sex: female", [], False),
    ("a woman of 60", "age: 60 years, sex: female", [], False),
    ("a woman of 35, nothing known", "age: 35 years, sex: female", [], None),
    (
        "a negative test of last week",
        "age: 35 years, sex: female",
        ["date: 2026-11-13, lab: pregnancy_test, value: negative"],
        False,
    ),
    (
        "a negative test of last month",
        "age: 35 years, sex: female",
        ["date: 2026-10-13, lab: pregnancy_test, value: negative"],
        None,
    ),
    (
        "a positive test",
        "age: 35 years, sex: female",
        ["date: 2026-11-13, lab: pregnancy_test, value: positive"],
        True,
    ),
    (
        "denied this month",
        "age: 35 years, sex: female",
        ["date: 2026-11-13, event: pregnancy, present: false"],
        False,
    ),
    ("pregnant", "age: 35 years, sex: female", ["date: 2026-08-13, event: pregnancy"], True),
    (
        "a birth since",
        "age: 35 years, sex: female",
        ["date: 2026-03-13, event: pregnancy", "date: 2026-11-01, event: childbirth"],
        False,
    ),
    ("planned for next year", "age: 35 years, sex: female", ["date: 2027-03, plan: pregnancy"], None),
    ("sex unknown", "age: 35 years", [], None),
]


@pytest.mark.parametrize(
    ("patient", "events", "expected"), [p[1:] for p in PREGNANCY], ids=[p[0] for p in PREGNANCY]
)
def test_pregnant(guidance: Compiled, patient: str, events: list[str], expected: Value) -> None:
    assert fact(guidance, "pregnant", *events, patient=patient) is expected


def test_pregnancy_planned(guidance: Compiled) -> None:
    assert fact(guidance, "planning_pregnancy", "date: 2027-03, plan: pregnancy") is True
    assert fact(guidance, "planning_pregnancy") is None


def pressure(day: int, value: str) -> str:
    return f"date: 2026-11-{day:02}, observe: blood_pressure, value: {value} mmHg"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], None),
        ([pressure(4, "168/101"), pressure(18, "172/104")], True),
        ([pressure(18, "172/104")], None),
        ([pressure(4, "168/101"), pressure(18, "128/80")], False),
    ],
    ids=["never measured", "raised twice", "raised once", "normal since"],
)
def test_uncontrolled_hypertension_needs_two_readings(
    guidance: Compiled, events: list[str], expected: Value
) -> None:
    assert fact(guidance, "hypertension_uncontrolled", *events) is expected


def test_waiting_is_costly_on_continuous_systemic_steroid(guidance: Compiled) -> None:
    long = "from: 2026-09-01, treat: prednisolone, status: current"
    short = "from: 2026-11-10, treat: prednisolone, status: current"
    assert fact(guidance, "costly_to_wait", long) is True
    assert fact(guidance, "costly_to_wait", short) is None
    assert (
        fact(guidance, "costly_to_wait", "date: 2026-11-18, find: sleep_loss_every_night, present: true")
        is True
    )


def test_a_complete_list_decides_and_a_missing_one_does_not(guidance: Compiled) -> None:
    assert fact(guidance, "immunocompromised") is None
    assert fact(guidance, "immunocompromised", problems="2026-11-02", medications="2026-11-02") is False
    assert fact(guidance, "hypersensitive_to(propylene_glycol)", allergies="2026-11-02") is False
    assert fact(guidance, "hypersensitive_to(propylene_glycol)", allergies="2026-01-02") is None  # too old


def test_a_childs_weight_ages_faster_than_an_adults(guidance: Compiled) -> None:
    weight = "date: 2026-06-01, observe: weight, value: 30 kg"
    assert fact(guidance, "weight_kg", weight) is not None
    assert fact(guidance, "weight_kg", weight, patient="age: 8 years, sex: male") is None
