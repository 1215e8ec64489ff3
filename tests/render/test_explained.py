"""How a reason reads: words for what is generated, no double negatives, sources by name, evidence of the closed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atopy.criteria import Compare, Is, Label, Missing, Not, OneOf, Quantity, Ref, english
from atopy.guideline import load_guideline
from atopy.guideline.generate import LABELS, signatures
from atopy.plan import missing
from atopy.plan.missing import SHOWN, question, ranked
from atopy.plan.public import setting
from atopy.plan.references import label
from atopy.render import reason, text
from atopy.render.content import bibliography, item

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("adult-severe", "child-moderate", "simple-escalation", "emergency-herpeticum", "empty")


def of(name: str):
    return setting(ROOT / "examples" / f"{name}.yaml", as_of="2026-11-20")


# -- predicates in English

SAID = [
    (Not(Missing(Ref("weight"))), "weight is known"),
    (Missing(Ref("weight")), "weight is not known"),
    (Not(Compare(">", Ref("weight"), Quantity(30))), "weight is at most 30"),
    (Not(Compare("<=", Ref("weight"), Quantity(30))), "weight is above 30"),
    (Not(Compare("=", Ref("sex"), Label("male"))), "sex is not male"),
    (Not(Compare("<>", Ref("sex"), Label("male"))), "sex is male"),
    (Not(OneOf(Ref("sex"), ("male", "other"))), "sex is not male or other"),
    (Not(Not(Ref("pregnant"))), "pregnant"),
    (Not(Ref("pregnant")), "not: pregnant"),
    (Not(Is(Ref("pregnant"), None)), "known either way: pregnant"),
    (Not(Is(Ref("pregnant"), True)), "not known to hold: pregnant"),
]


@pytest.mark.parametrize(("node", "said"), SAID)
def test_what_is_not_so_is_said_without_a_double_negative(node, said: str) -> None:
    assert english(node) == said


def test_no_predicate_of_the_content_reads_as_not_unknown() -> None:
    compiled = load_guideline(None)
    for fact in compiled.facts.values():
        node = getattr(fact.derivation, "node", None)
        if node is not None:
            assert not re.search(r"not: \S+ (is|are) (not )?known", english(node)), fact.name


# -- what is generated has words


def test_every_generated_fact_has_words() -> None:
    made = set(signatures(("first",))) - {"rule"}  # a rule is called what it says
    assert made <= set(LABELS)
    assert not any("_" in said for said in LABELS.values())


def test_a_reason_speaks_in_these_words() -> None:
    said = reason.why_not(of("adult-severe").case(), "methotrexate")
    assert "an absolute contraindication is met: Methotrexate" in said
    assert "contraindicated absolute" not in said


# -- why not


def test_a_closed_option_tells_its_evidence_and_sources() -> None:
    said = " ".join(reason.why_not(of("adult-severe").case(), "rituximab").split())
    assert "What is known of it" in said
    assert "rituximab-" in said.split("What is known of it")[1]


def test_a_closed_option_says_what_would_open_it() -> None:
    said = " ".join(reason.why_not(of("adult-severe").case(), "dupilumab").split())
    assert "What would open it" in said
    assert "patch tests within a year whose results are written down: yes" in said
    said = " ".join(reason.why_not(of("simple-escalation").case(), "dupilumab").split())
    assert "What would open it" not in said


def test_what_nobody_can_change_is_marked() -> None:
    said = " ".join(reason.why_not(of("child-moderate").case(), "tralokinumab").split())
    assert "(nobody can change it)" in said


# -- show


@pytest.mark.parametrize(
    ("id_", "wanted"),
    [
        ("ciclosporin", ("Licence EU: licensed", "How to stop: taper", "Longest course: 12 months", "Made as: caps")),
        ("dupilumab", ("Licence US: licensed", "How to stop:", "Judge its effect after:")),
        ("ciclosporin-low-start", ("Loading: 2.5 to 3 mg/kg/day", "At most: 5 mg/kg/day", "Band: age in years from")),
    ],
)  # fmt: skip
def test_an_item_shows_licence_dose_and_end(id_: str, wanted: tuple[str, ...]) -> None:
    said = " ".join(item(load_guideline(None), id_, 100, False).split())
    for words in wanted:
        assert words in said


@pytest.mark.parametrize("option", sorted(load_guideline(None).therapies))
def test_every_option_shows_all_its_licences_doses_and_how_it_stops(option: str) -> None:
    compiled = load_guideline(None)
    therapy = compiled.therapies[option]
    said = " ".join(item(compiled, option, 100, False).split())
    assert said.count("Licence ") >= len(therapy.licence)
    assert ("How to stop: " in said) is (therapy.stop is not None)
    for regimen in therapy.regimens:
        assert regimen.id in said


# -- sources by name


def test_a_source_is_called_by_who_and_when() -> None:
    compiled = load_guideline(None)
    assert label(compiled, "etfad-pregnancy-2019") == "Vestergaard et al 2019"
    assert label(compiled, "nice-ta814") == "National Institute for Health and Care Excellence 2022"
    assert label(compiled, "jtf-2023").endswith("2023")
    for key in compiled.sources:
        assert label(compiled, key)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_sources_of_a_plan_in_a_terminal_are_names_not_keys(name: str) -> None:
    made = of(name).plan()
    shown = text(made).split("Sources ─")[-1]
    for source in made.sources:
        assert source.label
        if "-" in source.key and source.key != source.label:
            assert not re.search(rf"\] {re.escape(source.key)}( ·|$)", shown)


def test_a_source_is_found_by_its_name() -> None:
    compiled = load_guideline(None)
    assert "etfad-pregnancy-2019" in bibliography(compiled, "Vestergaard 2019", 100, False)
    with pytest.raises(ValueError, match="is no source of this guideline"):
        bibliography(compiled, "nobody 1066", 100, False)


# -- missing facts


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_question_of_safety_is_left_out(name: str) -> None:
    chosen = of(name)
    lines = chosen.plan().section("missing").lines
    asked = {line.clinician for line in lines}
    case = chosen.case()
    for one in ranked(case):
        if one.safety:
            assert question(case, one.ref)[0] in asked
    useful = [x for x in ranked(case)[:SHOWN] if not x.safety]
    assert all(question(case, x.ref)[0] in asked for x in useful)


def test_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "SHOWN", 0)
    case = of("adult-severe").case()
    lines = missing.missing(case)
    useful = {x.ref for x in ranked(case) if not x.safety}
    assert useful
    assert lines[-1].id == missing.LEFT_OUT
    assert re.match(r"\d+ more questions? of less weight", lines[-1].clinician)
    assert int(lines[-1].group or 0) <= len(useful)
    assert lines[-1].patient is None
    assert all(f"missing-{x.ref}" not in {line.id for line in lines} for x in ranked(case) if not x.safety)
