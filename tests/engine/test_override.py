"""An override lifts one gate, for a while, with a name and a reason; it lifts no contraindication."""

from datetime import date

import pytest
from tests.engine.plans import DAY, HICCUPS, READY, SEVERE, guidance, plan, record
from tests.spec.engines import TOY

from atopy.plan import make_plan, with_override
from atopy.plan.public import plan as easy_plan

FIZZY = "{date: 2026-11-01, exposure: fizzy_drinks, present: true}"
UNHURRIED = "{date: 2026-11-01, exposure: hurried_meals, present: false}"
HELD = (HICCUPS, SEVERE, FIZZY, UNHURRIED)


def test_the_gate_is_lifted() -> None:
    assert plan(*HELD).line("stillin").reason == "correct-first"
    overridden = with_override(record(*HELD), "fizzy_drinks", "never drinks them", DAY, "Dr A")
    made = make_plan(guidance(), overridden, DAY)
    assert made.line("stillin").status == "recommended_now"
    assert made.headline.code == "escalate"
    assert made.line("fizzy_drinks").status == "present", "the factor itself stays what it is"


def test_in_the_record_it_holds_for_ninety_days() -> None:
    told = "{date: 2026-09-01, override: fizzy_drinks, reason: never drinks them, by: Dr A}"
    assert plan(*HELD, told).line("stillin").status == "recommended_now"
    assert plan(*HELD, told.replace("2026-09-01", "2026-08-01")).line("stillin").reason == "correct-first"


def test_another_gate_still_holds() -> None:
    clue = "{date: 2026-11-01, find: chest_pain, present: true}"
    overridden = with_override(record(*HELD, clue), "fizzy_drinks", "never drinks them", DAY, "Dr A")
    line = make_plan(guidance(), overridden, DAY).line("stillin")
    assert line.clinician_reason == "first settle: Tumour in the chest"
    assert line.patient_reason == "other things come first", "not before a doctor has spoken"


def test_an_absolute_contraindication_is_never_lifted() -> None:
    allergy = "{date: 2026-11-01, allergy: menthol}"
    told = "{date: 2026-11-10, override: drops-menthol, reason: wants them, by: Dr A}"
    assert plan(HICCUPS, allergy, told).line("peppermint_drops").status == "contraindicated"


def test_what_is_urgent_is_never_lifted() -> None:
    blue = "{date: 2026-11-01, find: blue_lips, present: true}"
    told = "{date: 2026-11-10, override: choking, reason: looks well, by: Dr A}"
    assert plan(*READY, blue, told).headline.code == "emergency"


REFUSED = [
    ("fizzy_drinks", " ", "The override of 'fizzy_drinks' has no reason. Say why it is set aside."),
    ("choking", "well", "'choking' is an urgent finding; those are never overridden."),
    (
        "drops-menthol",
        "well",
        "'drops-menthol' is no gate. Contraindications and statements are never overridden.",
    ),
    (
        "fizzy_drink",
        "well",
        "'fizzy_drink' is no gate that can be overridden. Did you mean fizzy_drinks? "
        "Gates are the factors and mimics that atopy guideline list shows",
    ),
]


@pytest.mark.parametrize(("gate", "reason", "said"), REFUSED)
def test_what_cannot_be_overridden_is_refused_in_words(gate: str, reason: str, said: str) -> None:
    with pytest.raises(ValueError) as raised:
        easy_plan(record(*HELD), as_of=DAY, content=TOY, override=[(gate, reason)])
    assert str(raised.value).startswith(said)


def test_from_python_with_and_without_a_name() -> None:
    for given in (("fizzy_drinks", "never drinks them"), ("fizzy_drinks", "never drinks them", "Dr A")):
        made = easy_plan(record(*HELD), as_of=date(2026, 11, 20), content=TOY, override=[given])
        assert made.line("stillin").status == "recommended_now"
