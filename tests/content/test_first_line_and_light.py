"""First-line care and light treatment: limits bind the product they are about, and nothing more."""

from __future__ import annotations

from datetime import date

import pytest

from atopy.criteria import Ref
from atopy.facts import Rules, World
from atopy.guideline.bundled import content_folder
from atopy.guideline.compile import compile_folder
from atopy.guideline.compiled import Compiled
from atopy.record import read

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def guidance() -> Compiled:
    return compile_folder(content_folder())


def world(guidance: Compiled, born: str, country: str, *events: str) -> World:
    listed = "\n".join(
        f"  - {{{e}}}" for e in ("date: 2026-11-02, condition: atopic_dermatitis, status: active", *events)
    )
    text = (
        f"atopy: 1\npatient: {{id: t, birth_date: {born}, sex: male, country: {country}}}\n"
        "attested: {medications: 2026-11-02, allergies: 2026-11-02, problems: 2026-11-02}\n"
        f"events:\n{listed}\n"
    )
    return World(Rules(guidance.facts, guidance.vocabulary), read(text, guidance.vocabulary), AS_OF)


def status(w: World, option: str) -> object:
    return w.value(Ref("option_status", (option,)))


def action(w: World, option: str) -> object:
    return w.value(Ref("taken_action", (option,)))


HYDROCORTISONE_ON_FACE = "from: 2026-11-10, treat: hydrocortisone_1, sites: [face], status: current"
CLOBETASOL_ON_FACE = (
    "from: 2026-11-10, treat: clobetasol_propionate_0_05_cream, sites: [face], status: current"
)


def test_the_age_and_face_limits_of_clobetasol_do_not_bar_hydrocortisone(guidance: Compiled) -> None:
    child = world(
        guidance, "2018-04-02", "us", "date: 2026-11-02, score: easi, value: 12", HYDROCORTISONE_ON_FACE
    )
    assert status(child, "topical_corticosteroid") == "in_place"
    assert action(child, "topical_corticosteroid") == "continue"
    assert status(child, "superpotent_topical_corticosteroid") == "contraindicated"


def test_clobetasol_on_the_face_stops_and_other_corticosteroids_go_on(guidance: Compiled) -> None:
    adult = world(
        guidance, "1991-04-02", "uk", "date: 2026-11-02, score: easi, value: 28.4", CLOBETASOL_ON_FACE
    )
    assert action(adult, "superpotent_topical_corticosteroid") == "stop"
    assert action(adult, "topical_corticosteroid") == "continue"


@pytest.mark.parametrize(("start", "expected"), [("2026-11-06", "continue"), ("2026-11-05", "reduce")])
def test_clobetasol_is_stepped_down_after_two_weeks(guidance: Compiled, start: str, expected: str) -> None:
    course = f"from: {start}, treat: clobetasol_propionate_0_05_cream, sites: [trunk], status: current"
    adult = world(guidance, "1991-04-02", "us", "date: 2026-11-02, score: easi, value: 28.4", course)
    assert action(adult, "superpotent_topical_corticosteroid") == expected


def test_suspected_eczema_herpeticum_holds_corticosteroid_and_tacrolimus(guidance: Compiled) -> None:
    child = world(
        guidance, "2020-10-02", "uk", "date: 2026-11-19, find: punched_out_erosions, present: true",
        "from: 2026-06-01, treat: mometasone_furoate, status: current",
        "from: 2026-06-01, treat: tacrolimus_topical, status: current",
    )  # fmt: skip
    assert action(child, "topical_corticosteroid") == "hold"
    assert action(child, "tacrolimus_topical") == "hold"


@pytest.mark.parametrize(("easi", "expected"), [("12", "option"), ("4", "not_now")])
def test_bleach_baths_are_not_for_mild_disease(guidance: Compiled, easi: str, expected: str) -> None:
    adult = world(guidance, "1991-04-02", "us", f"date: 2026-11-02, score: easi, value: {easi}")
    assert status(adult, "bleach_bath") == expected


def test_antibiotics_are_only_for_clinical_infection(guidance: Compiled) -> None:
    easi = "date: 2026-11-02, score: easi, value: 12"
    clean = world(guidance, "1991-04-02", "us", easi)
    infected = world(
        guidance, "1991-04-02", "us", easi, "date: 2026-11-10, find: clinical_infection, present: true"
    )
    assert status(clean, "systemic_antibiotic") == "not_now"
    assert status(infected, "systemic_antibiotic") == "recommended_now"


def test_in_the_uk_antibiotics_wait_for_illness(guidance: Compiled) -> None:
    infected = "date: 2026-11-10, find: clinical_infection, present: true"
    easi = "date: 2026-11-02, score: easi, value: 12"
    ill = world(
        guidance,
        "1991-04-02",
        "uk",
        easi,
        infected,
        "date: 2026-11-19, observe: temperature, value: 38.8 Cel",
    )
    assert ill.value(Ref("contraindicated_relative", ("systemic_antibiotic",))) is False
    unasked = world(guidance, "1991-04-02", "uk", easi, infected)
    assert unasked.value(Ref("safety_to_confirm", ("systemic_antibiotic",))) is True


@pytest.mark.parametrize(
    ("born", "country", "option", "barred"),
    [
        ("2024-11-21", "us", "tacrolimus_topical", True),
        ("2024-11-20", "us", "tacrolimus_topical", False),
        ("2025-11-20", "us", "pimecrolimus", True),
        ("2025-11-20", "eu", "pimecrolimus", False),
        ("2026-08-21", "eu", "pimecrolimus", True),
        ("2026-08-20", "eu", "pimecrolimus", False),
        ("2026-08-20", "us", "crisaborole", False),
        ("2024-11-21", "eu", "crisaborole", True),
    ],
)
def test_lowest_age_by_country(
    guidance: Compiled, born: str, country: str, option: str, barred: bool
) -> None:
    w = world(guidance, born, country, "date: 2026-11-02, score: easi, value: 12")
    assert (w.value(Ref("contraindicated_absolute", (option,))) is True) is barred


def test_ciclosporin_bars_every_ultraviolet_light_at_the_same_time(guidance: Compiled) -> None:
    w = world(
        guidance, "1991-04-02", "uk", "date: 2026-11-02, score: easi, value: 28.4",
        "from: 2026-10-01, treat: ciclosporin, dose: 200 mg/day, status: current",
    )  # fmt: skip
    for light in ("puva", "nbuvb", "bb_uva_uvb", "uva1"):
        assert w.value(Ref("contraindicated_absolute", (light,))) is True


def test_narrowband_is_preferred_among_light_sources(guidance: Compiled) -> None:
    w = world(guidance, "1991-04-02", "us", "date: 2026-11-02, score: easi, value: 28.4")
    assert w.value(Ref("grade", ("nbuvb",))) == "conditional"
    assert w.value(Ref("grade", ("bb_uva_uvb",))) == "none"
    assert w.value(Ref("grade", ("puva",))) == "none"
