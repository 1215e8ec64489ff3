"""Properties of rules, tables and doses: each form proves what is so of the toy, and names what is not."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.spec.engines import TOY

from atopy.guideline import Dose, Regimen, load_guideline
from atopy.guideline.compile import compile_folder
from atopy.plan.dose import Setting, amounts
from atopy.proof import Prover, Result
from atopy.proof.dose_limits import above_a_maximum

WEIGHTS = Decimal("0.3"), Decimal(400)


@pytest.fixture
def toy(tmp_path: Path) -> Callable[..., list[Result]]:
    """Prove one property over the toy with some text of it changed; what does not hold."""

    def failed(form: str, *changes: tuple[str, str, str], **said: str) -> list[Result]:
        for path in TOY.rglob("*"):
            if path.is_file():
                copy = tmp_path / path.relative_to(TOY)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        for name, old, new in changes:
            file = tmp_path / name
            assert old in file.read_text()
            file.write_text(file.read_text().replace(old, new, 1))
        lines = [f"  {k}: {v}" for k, v in said.items()]
        text = "\n".join(["it:", f"  form: {form}", "  says: {en: x.}", "  because: {en: x.}", *lines])
        (tmp_path / "properties" / "it.yaml").write_text(text + "\n")
        return list(Prover(compile_folder(tmp_path)).prove(["it"]).failed)

    return failed


def test_a_rule_that_nobody_can_meet_is_named(toy: Callable[..., list[Result]]) -> None:
    said = {"each": "[contraindication]", "some": "rule(contraindication)"}
    assert toy("possible", **said) == []
    never = ("ladder/stillin.yaml", "when: potassium < 3.5", "when: potassium < 3.5 AND potassium > 4")
    assert [r.names["contraindication"] for r in toy("possible", never, **said)] == ["stillin-potassium"]


def test_a_rule_that_fires_on_nothing_is_named(toy: Callable[..., list[Result]]) -> None:
    said = {"each": "[contraindication]", "silent": "rule(contraindication)"}
    assert toy("silent", **said) == []
    always = ("ladder/stillin.yaml", "when: potassium < 3.5", "when: (potassium < 3.5) IS NOT TRUE")
    assert [r.names["contraindication"] for r in toy("silent", always, **said)] == ["stillin-potassium"]


def test_a_rule_that_repeats_another_says_so(toy: Callable[..., list[Result]]) -> None:
    file = "ladder/stillin.yaml"
    assert toy("alone", of="contraindications") == []
    repeats = (file, "when: potassium < 3.5", "when: age_years >= 70 AND has(reflux)")
    assert [r.names["rule"] for r in toy("alone", repeats, of="contraindications")] == ["stillin-potassium"]
    told = (file, "  - id: stillin-potassium\n", "  - id: stillin-potassium\n    case_of: [stillin-old]\n")
    assert toy("alone", repeats, told, of="contraindications") == []
    assert [r.names.get("case_of") for r in toy("alone", told, of="contraindications")] == ["stillin-old"]


def test_a_recommendation_that_a_source_makes_twice_is_named(toy: Callable[..., list[Result]]) -> None:
    file = "ladder/stillin.yaml"
    assert toy("alone", of="recommendations") == []
    grade = (TOY / file).read_text().partition("recommended:\n")[2].partition("\n")[0]
    again = grade.replace("id: ", "id: again-") + "\n"
    twice = (file, "recommended:\n", f"recommended:\n{again}")
    assert len(toy("alone", twice, of="recommendations")) == 2


def test_a_statement_in_the_same_words_is_named_where_it_tells_nobody_more(
    toy: Callable[..., list[Result]],
) -> None:
    file = "ladder/stillin.yaml"
    assert toy("alone", of="statements") == []
    words = "text: {clinician: {en: Take it with water.}, patient: {en: Take it with water.}}"
    rest = "asks: note, sources: [{source: label, verified: true}], " + words
    one, old = f"  - {{id: one, {rest}}}\n", f"  - {{id: two, when: age_years >= 70, {rest}}}\n"
    young = f"  - {{id: three, when: age_years < 70, {rest}}}\n"
    repeated = (file, "statements:\n", f"statements:\n{one}{old}")
    assert [r.names["rule"] for r in toy("alone", repeated, of="statements")] == ["two"]
    parted = (file, "statements:\n", f"statements:\n{young}{old}")
    assert toy("alone", parted, of="statements") == []


LIFTED = {
    "each": "[contraindication]", "when": "rule(contraindication)", "never": "rule(contraindication) IS NOT TRUE",
}  # fmt: skip


def test_a_fact_that_lifts_a_bar_is_named_unless_the_bar_asks_it(toy: Callable[..., list[Result]]) -> None:
    assert {r.names["contraindication"] for r in toy("learned", **LIFTED)} == {"stillin-ulcer-us"}
    assert toy("learned", **LIFTED, asked_by="rule(contraindication)") == []
    assert toy("learned", **LIFTED, apart_from="{country: x}") == []


def test_an_exception_that_is_none_is_named(toy: Callable[..., list[Result]]) -> None:
    (found,) = toy("learned", **LIFTED, apart_from="{country: x, potassium: x}")
    assert found.names == {"apart_from": "potassium"}


def test_what_a_bar_does_not_ask_may_not_lift_it(toy: Callable[..., list[Result]]) -> None:
    """A table of options that lets somebody past a bar once his sodium is known: the bar does not speak of it."""
    said = {
        "each": "[contraindication]", "among": "{severity: [absolute]}", "when": "rule(contraindication)",
        "never": "option_status(option) IN ('recommended_now', 'option')", "asked_by": "rule(contraindication)",
    }  # fmt: skip
    assert toy("learned", **said) == []
    barred = "{when: contraindicated_absolute(option), then: contraindicated"
    let_past = (
        "decisions/options.yaml", barred,
        barred.replace("contraindicated_absolute(option)", "contraindicated_absolute(option) AND potassium IS NULL"),
    )  # fmt: skip
    assert toy("learned", let_past, **said)


def test_a_row_in_the_shade_is_named(toy: Callable[..., list[Result]]) -> None:
    said = {"tables": "[score_band]"}
    assert toy("reached", **said) == []
    file = "facts/disease.yaml"
    shade = (file, "{when: hics >= 6, then: moderate", "{when: hics >= 13, then: moderate")
    lints = (file, "  source: handbook\n  verified: true\n", "")
    assert [r.names["row"] for r in toy("reached", shade, lints, **said)] == ["score_band[1]"]


def test_an_undecided_row_that_is_always_decided_is_named(toy: Callable[..., list[Result]]) -> None:
    known = ("facts/disease.yaml", "{when: hics < 6, then: mild, unknown: next}",
             "{when: hics IS NULL, then: mild, unknown: mild}")  # fmt: skip
    lints = ("facts/disease.yaml", "  source: handbook\n  verified: true\n", "")
    assert [r.names["row"] for r in toy("reached", known, lints, tables="[score_band]")] == [
        "score_band[2].unknown"
    ]


def test_a_table_with_a_hole_is_named_unless_it_says_why(toy: Callable[..., list[Result]]) -> None:
    file = "facts/disease.yaml"
    said = {"tables": "[score_band]"}
    assert toy("complete", **said) == []
    hole = (file, "{when: hics < 6, then: mild", "{when: hics < 4, then: mild")
    lints = (file, "  source: handbook\n  verified: true\n", "")
    partial = (file, "  source: handbook\n  verified: true\n", "  partial: Nobody knows.\n")
    assert [r.names["table"] for r in toy("complete", hole, lints, **said)] == ["score_band"]
    assert toy("complete", hole, partial, **said) == []
    assert [r.names["table"] for r in toy("complete", partial, **said)] == ["score_band"]


def test_a_gap_between_bands_is_named_unless_it_says_so(toy: Callable[..., list[Result]]) -> None:
    file = "ladder/stillin.yaml"
    said = {"when": "licensed(option)"}
    assert toy("dosed", **said) == []
    gap = (file, "bands: {age_years: {low: 12}}", "bands: {age_years: {low: 14}}")
    (found,) = toy("dosed", gap, **said)
    assert found.names == {"option": "stillin"} and found.patient is not None
    assert 12 <= Decimal(str(found.patient["age_years"])) < 14
    label = "sources: [{source: label, verified: true}]"
    none = "undosed: [{id: stillin-none, when: age_years < 14, because: {en: x}, " + label + "}]"
    told = (file, "regimens:\n", f"{none}\nregimens:\n")
    assert toy("dosed", gap, told, **said) == []
    assert [r.names.get("undosed") for r in toy("dosed", told, **said)] == ["stillin-none"]


def test_two_doses_at_once_are_named_unless_they_say_so(toy: Callable[..., list[Result]]) -> None:
    file = "ladder/stillin.yaml"
    said = {"when": "country = 'us'"}
    (found,) = toy("one_dose", **said)
    assert found.names == {"option": "stillin", "regimen": "stillin-by-weight", "other": "stillin-us"}
    told = (file, "  - id: stillin-us\n", "  - id: stillin-us\n    beside: [stillin-by-weight]\n")
    assert toy("one_dose", told, **said) == []
    apart = (file, "    dose: {high: 100", "    when: age_years < 12\n    dose: {high: 100")
    assert toy("one_dose", apart, **said) == []
    assert len(toy("one_dose", told, apart, **said)) == 1


def test_a_dose_is_held_to_its_maximum_by_the_plan(toy: Callable[..., list[Result]]) -> None:
    assert toy("within_maximum") == []


def test_a_dose_above_its_maximum_is_found_at_a_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that forgot to hold its doses: the first weight at which one passes the maximum is found, and no other."""
    read = load_guideline().therapies["methotrexate"].regimens[0].sources
    regimen = Regimen("x", read, dose=Dose("mg/kg/day", Decimal(3)), maximum=Dose("mg/day", Decimal(100)))
    assert above_a_maximum(regimen, Setting(), WEIGHTS) is None
    forgetful = lambda r, s: amounts(replace(r, maximum=None), s)  # noqa: E731
    monkeypatch.setattr("atopy.proof.dose_limits.amounts", forgetful)
    found = above_a_maximum(regimen, Setting(), WEIGHTS)
    assert found is not None and 0 < found.weight * 3 - 100 < Decimal("1e-7")
    small = Decimal("0.3"), Decimal(33)
    assert above_a_maximum(regimen, Setting(), small) is None
