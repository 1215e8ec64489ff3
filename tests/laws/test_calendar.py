"""Laws of the calendar: what is done is never overdue, and time alone never turns late into due."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

import atopy
from atopy.facts.spans import ahead, back
from atopy.facts.timing import Phase, Timetable, next_due, planned, strictest
from atopy.plan.calendar import status_of

START = date(2026, 1, 31)
days = st.integers(0, 900).map(lambda n: START + timedelta(days=n))
numbers = st.integers(1, 6)
units = st.sampled_from(["days", "weeks", "months"])
spans = st.builds(lambda n, u: f"{n} {u}", numbers, units)
tolerances = st.one_of(st.none(), st.integers(0, 20).map(lambda n: f"{n} days"))


@st.composite
def phases(draw: st.DrawFn) -> tuple[Phase, ...]:
    ends = sorted(draw(st.lists(st.integers(1, 24), max_size=2, unique=True)))
    made = []
    for end in [*ends, None]:
        every = draw(spans)
        longest = draw(st.booleans())
        up_to = f"{end} months" if end else None
        made.append(
            Phase(every, f"{int(every.split()[0]) + 7} months" if longest else None, up_to, draw(tolerances))
        )
    return tuple(made)


tables = st.builds(
    Timetable,
    at=st.lists(spans, max_size=2).map(tuple),
    every=st.one_of(st.just(()), phases()),
    after_increase=st.one_of(st.none(), spans),
    tolerance=tolerances,
)
results = st.lists(days, max_size=8).map(sorted)
increases = st.lists(days, max_size=2).map(lambda d: tuple(sorted(d)))


def asked(table: Timetable, raised: tuple[date, ...], known: list[date], as_of: date):
    done = [d for d in known if d <= as_of]
    return next_due(table, START, tuple(d for d in raised if d <= as_of), done[-1] if done else None)


@given(tables, results, days, st.integers(0, 400))
def test_time_alone_never_makes_what_is_late_due(
    table: Timetable, known: list[date], as_of: date, more: int
) -> None:
    """Without a new result the same thing stays asked for, and late stays late."""
    known = [d for d in known if d <= as_of]
    later = as_of + timedelta(days=more)
    now, then = asked(table, (), known, as_of), asked(table, (), known, later)
    assert now == then
    order = ("planned", "due", "overdue")
    if now is not None:
        assert order.index(status_of(now, as_of)) <= order.index(status_of(now, later))


@given(tables, days)
def test_what_is_done_on_its_day_is_not_asked_for_again_on_it(table: Timetable, _: date) -> None:
    """Done within its window, the same item never comes back; the next one is later."""
    first = next_due(table, START, (), None)
    if first is None:
        return
    for done in {first.earliest, first.due, first.latest}:
        if done < START:
            continue
        after = next_due(table, START, (), done)
        assert after is None or after.due > done or (table.at and after.due >= first.due)
        if after is not None and done == first.due and not table.at:
            assert status_of(after, done) != "overdue"


@given(tables, increases, results, days)
def test_the_days_of_an_item_stand_in_order(
    table: Timetable, raised: tuple[date, ...], known: list[date], as_of: date
) -> None:
    found = asked(table, raised, known, as_of)
    if found is not None:
        assert found.earliest <= found.due <= found.latest
        assert status_of(found, found.latest) == "due"
        assert status_of(found, found.latest + timedelta(days=1)) == "overdue"
        assert status_of(found, found.earliest) == "due"
        assert status_of(found, found.earliest - timedelta(days=1)) == "planned"


@given(st.lists(tables, min_size=1, max_size=3), results, days)
def test_the_strictest_source_is_kept(several: list[Timetable], known: list[date], as_of: date) -> None:
    done = [d for d in known if d <= as_of]
    last = done[-1] if done else None
    kept = strictest(several, START, (), last)
    single = [d for d in (next_due(t, START, (), last) for t in several) if d is not None]
    assert (kept is None) is (not single)
    if kept is not None:
        assert kept[1].due == min(d.due for d in single)


@given(st.lists(tables, min_size=1, max_size=2))
def test_what_is_planned_goes_on_and_ends(several: list[Timetable]) -> None:
    first = strictest(several, START, (), None)
    if first is None:
        return
    listed = planned(several, START, first[1], ahead(START, "1 year"))
    found = [first[1].due, *(d.due for d in listed)]
    assert found == sorted(set(found))
    assert all(d <= ahead(START, "1 year") for d in found[1:])


@given(days, numbers, st.sampled_from(["days", "weeks"]))
def test_ahead_and_back_meet(day: date, number: int, unit: str) -> None:
    assert back(ahead(day, f"{number} {unit}"), f"{number} {unit}") == day


@given(days, numbers)
def test_months_stay_in_their_month(day: date, number: int) -> None:
    """A month ahead lands in that month, on the same day or its last."""
    found = ahead(day, f"{number} months")
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == number
    assert found.day == day.day or (found + timedelta(days=1)).month != found.month


DRUGS = (
    "azathioprine",
    "ciclosporin",
    "methotrexate",
    "leflunomide",
    "upadacitinib",
    "baricitinib",
    "dupilumab",
)
LABS = (
    ("haemoglobin", "13.2 g/dL"), ("neutrophils", "4.1 10*9/L"), ("lymphocytes", "1.9 10*9/L"), ("alt", "24 U/L"),
    ("platelets", "250 10*9/L"), ("creatinine", "70 umol/L"), ("potassium", "4.1 mmol/L"), ("ldl", "100 mg/dL"),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(DRUGS),
    st.lists(st.tuples(st.sampled_from(LABS), days), max_size=12),
    days,
    st.integers(1, 200),
)
def test_in_whole_plans_too(
    drug: str, found: list[tuple[tuple[str, str], date]], as_of: date, more: int
) -> None:
    """No item is done and overdue at once, and what is overdue stays so until something new is known."""
    later = as_of + timedelta(days=more)
    events = [{"from": START.isoformat(), "treat": drug, "status": "current"}]
    events += [{"date": d.isoformat(), "lab": lab, "value": value} for (lab, value), d in found if d <= as_of]
    record = {"atopy": 1, "patient": {}, "events": events}
    stands = []
    for day in (as_of, later):
        lines = atopy.plan(record, as_of=day).section("calendar").lines
        stands.append({x.uid: x.status for x in lines if x.uid and x.group == "monitoring"})
        assert len(stands[-1]) == sum(1 for x in lines if x.uid and x.group == "monitoring")
    assert all(stands[1].get(uid) == "overdue" for uid, status in stands[0].items() if status == "overdue")
