"""Whatever the patient weighs: no dose above its maximum, no equation that is wrong, no number from nowhere."""

import re
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atopy.guideline import Dose, Quantity, Regimen, Strengths, Therapy, load_guideline
from atopy.plan.dose import Setting, amounts, doses_said
from atopy.plan.dose_amount import Span, in_unit, most, span_of, to_strengths, unit_of

THERAPIES = [t for t in load_guideline().therapies.values() if any(r.dose or r.loading for r in t.regimens)]
BY_WEIGHT = [
    t for t in THERAPIES if any(d and "/kg" in d.unit for r in t.regimens for d in (r.dose, r.loading))
]
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])")
EQUATION = re.compile(
    r"([\d.]+)(?: to ([\d.]+))? (?:mg|g)/kg\S* x ([\d.]+) kg = ([\d.]+)(?: to ([\d.]+))? (?:mg|g)"
)
weights = st.decimals(Decimal(2), Decimal(250), places=1)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Therapy, Regimen, Setting]:
    """A regimen of the shipped content, and a patient on whom everything may bear that the therapy has."""
    therapy = draw(st.sampled_from(BY_WEIGHT + THERAPIES))
    regimen = draw(st.sampled_from(therapy.regimens))
    ceilings = [r.maximum for r in therapy.regimens if r.maximum and r.dose is None and r.loading is None]
    shares = [r.share for r in therapy.regimens if r.share]
    setting = Setting(
        draw(st.one_of(st.none(), weights)),
        tuple(c for c in ceilings if draw(st.booleans())),
        tuple(s for s in shares if draw(st.integers(0, 3)) == 0),
        therapy.made_as[0] if therapy.made_as and draw(st.booleans()) else None,
    )
    return therapy, regimen, setting


def limits(regimen: Regimen, setting: Setting) -> list[Dose]:
    return [*([regimen.maximum] if regimen.maximum else []), *setting.ceilings]


@given(cases())
@settings(max_examples=400)
def test_no_dose_is_above_a_stated_maximum(case: tuple[Therapy, Regimen, Setting]) -> None:
    _, regimen, setting = case
    for span, unit in amounts(regimen, setting):
        for limit in limits(regimen, setting):
            allowed = most(limit, setting.weight)
            top = in_unit(allowed[0], allowed[1]._replace(body=None), unit) if allowed else None
            given_ = span.high if span.high is not None else span.low
            assert top is None or given_ is None or given_ <= top


@given(cases())
@settings(max_examples=400)
def test_the_arithmetic_is_right_and_nothing_unread_is_multiplied(
    case: tuple[Therapy, Regimen, Setting],
) -> None:
    _, regimen, setting = case
    said = doses_said(regimen, setting)
    if not all(s.verified for s in regimen.sources):
        assert " x " not in said.clinician and " = " not in said.clinician
        assert NUMBER.findall(said.patient) == []
    for low, high, kilograms, total, top in EQUATION.findall(said.clinician):
        assert Decimal(low) * Decimal(kilograms) == Decimal(total)
        assert not high or Decimal(high) * Decimal(kilograms) == Decimal(top)
    if setting.weight is None:
        assert "kg =" not in said.clinician


@given(cases())
@settings(max_examples=400)
def test_nobody_is_told_an_amount_that_cannot_be_taken(case: tuple[Therapy, Regimen, Setting]) -> None:
    """Each dose is so many of the smallest strength; what is smaller than that is no dose, for either reader."""
    _, regimen, setting = case
    said = doses_said(regimen, setting)
    given_ = amounts(regimen, setting)
    asked = [d for d in (regimen.loading, regimen.dose, *regimen.then) if d]
    if setting.made is None or not all(s.verified for s in regimen.sources) or len(given_) < len(asked):
        assert "too small for" not in said.clinician or NUMBER.findall(said.patient) == []
        return
    smallest = min(setting.made.strengths)
    for dose, (span, unit) in zip(asked, given_, strict=True):
        for end in (e for e in span if e is not None):
            whole = in_unit(end, unit._replace(period=None), unit_of(setting.made.unit))
            assert whole is None or (whole >= smallest * (dose.divided or 1) and whole % smallest == 0)


@given(cases())
@settings(max_examples=400)
def test_every_number_is_the_contents_or_worked_out_here(case: tuple[Therapy, Regimen, Setting]) -> None:
    _, regimen, setting = case
    said = doses_said(regimen, setting)
    known = stated(regimen, setting)
    for number in NUMBER.findall(said.clinician):
        shown = f"= {number}" in said.clinician or any(
            re.search(rf"{before}(?:[\d.]+ (?:to|x) )*{re.escape(number)}\b", said.clinician)
            for before in ("= ", "rounded to ", "rounded down to ", "doses of ", ": ", " x ", r" \+ ")
        )
        assert shown or Decimal(number) in known, (number, said.clinician)
    assert set(NUMBER.findall(said.patient)) <= set(NUMBER.findall(said.clinician))


def stated(regimen: Regimen, setting: Setting) -> set[Decimal]:
    """Every number that the content gives for this, and the weight."""
    given_ = [regimen.loading, regimen.dose, *regimen.then, *limits(regimen, setting)]
    found: set[Decimal | None] = {setting.weight}
    for dose in (d for d in given_ if d is not None):
        found |= set(span_of(dose)) | {Decimal(n) for n in (dose.divided, dose.times) if n is not None}
        found |= {Decimal(n) for n in re.findall(r"\d+", dose.every or "")}
    for share in setting.shares:
        found |= ends(share)
    found |= set(setting.made.strengths) if setting.made else set()
    return {n for n in found if n is not None}


def ends(share: Quantity) -> set[Decimal | None]:
    return {share.value, share.low, share.high}


totals = st.decimals(Decimal("0.5"), Decimal(2000), places=1)
strengths = st.lists(st.sampled_from([5, 10, 25, 50, 75, 100, 250, 500]), min_size=1, max_size=3, unique=True)


@given(totals, totals, st.integers(1, 4), strengths)
@settings(max_examples=600)
def test_a_days_dose_is_shared_out_as_evenly_as_what_is_made_allows(
    one: Decimal, other: Decimal, parts: int, made: list[int]
) -> None:
    """Above nothing, in existing strengths, one step apart at most, and only where no equal doses reach the range."""
    low, high = sorted((one, other))
    step = Decimal(min(made))
    known = Strengths({"en": "tablets"}, [Decimal(n) for n in made], "mg", [])
    found = to_strengths(Span(low, high), parts, "mg", known)
    assert found is not None and len(found.doses) == parts
    for end in (0, 1):
        assert sum(dose[end] or 0 for dose in found.doses) == found.total[end], "the doses are the total"
        assert (found.total[end] or 0) <= high, "never above"
    top = [dose.high or Decimal(0) for dose in found.doses]
    assert all(n % step == 0 for n in top), "made of what exists"
    assert max(top) - min(top) in (0, step), "as little apart as can be"
    if found.nothing:
        assert high < step * parts, "too small for one of the smallest strength in each dose"
        return
    alike = [n * step * parts for n in range(1, int(high / (step * parts)) + 1)]
    if found.uneven:
        assert low == high or not any(low <= n for n in alike), "equal doses would do"
        assert max(alike) < (found.total.high or 0), "equal doses are as near"
        assert high - (found.total.high or 0) < step, "nothing made is nearer"
    assert found.below is (low != high and (found.total.low or 0) < low), "what is below the range says so"


@pytest.mark.parametrize(
    ("total", "doses", "nearest"),
    [
        ((175, 175), "100 75", 175),  # between two equal splits
        ((155, 186), "100 75", 175),  # only an uneven one is in the range
        ((160, 210), "100 100", 200),  # an equal one is
        ((174, 174), "75 75", 150),  # never above
        ((49, 49), "0 0", 0),  # not enough for two
        ((51, 74), "25 25", 50),  # below the range, and nothing made is in it
    ],
)
def test_ciclosporin_capsules_in_two_doses(total: tuple[int, int], doses: str, nearest: int) -> None:
    made = next(t for t in THERAPIES if t.id == "ciclosporin").made_as[0]
    found = to_strengths(Span(Decimal(total[0]), Decimal(total[1])), 2, "mg", made)
    assert found is not None
    assert [str(dose.high) for dose in found.doses] == doses.split() and found.total.high == nearest


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 1, "once a day"),
        (2, 2, "twice a day"),
        (1, 2, "once or twice a day"),
        (3, 8, "3 to 8 times a day"),
    ],
)
def test_a_patient_uses_a_cream_once_or_twice(low: int, high: int, said: str) -> None:
    one = low == high
    span = {"value": Decimal(low)} if one else {"low": Decimal(low), "high": Decimal(high)}
    dose = Dose("application", every="day", **span)
    cream = next(t for t in THERAPIES if t.id == "tacrolimus_topical")
    regimen = msgspec.structs.replace(cream.regimens[0], dose=dose, maximum=None, loading=None, then=[])
    assert doses_said(regimen, Setting()).patient == said
