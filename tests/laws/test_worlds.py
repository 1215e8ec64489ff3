"""Laws of facts and plans, over generated records of the toy."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.plans import compiled, guidance
from tests.laws.generated import TODAY, events, named, records, spread

from atopy.criteria import Ref
from atopy.facts import Rules, World
from atopy.facts.needs import ALWAYS
from atopy.plan import Guidance, Line, make_plan, verdicts
from atopy.record import Record

RULES = Rules(compiled().facts, compiled().vocabulary)
UNSHARED = Rules(compiled().facts, compiled().vocabulary)
UNSHARED.needs.of = lambda ref: ALWAYS  # type: ignore[method-assign]  # as if each record held something for every fact
later = st.integers(1, 400).map(lambda n: TODAY.fromordinal(TODAY.toordinal() + n))


def terms() -> list[Ref]:
    """Every fact of a patient for every member of its domain."""
    found: list[Ref] = []
    for name, fact in compiled().facts.items():
        if fact.signature.event:
            continue
        if not fact.signature.parameters:
            found.append(Ref(name))
        else:
            found += [Ref(name, (m,)) for m in compiled().domains[fact.signature.parameters[0]]]
    return found


TERMS = terms()


def values(record: Record, rules: Rules = RULES) -> dict[str, object]:
    world = World(rules, record, TODAY)
    return {str(ref): world.value(ref) for ref in TERMS}


@given(spread, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_of_the_events_in_the_record_changes_nothing(record: Record, random) -> None:
    listed = list(record.events)
    random.shuffle(listed)
    assert values(msgspec.structs.replace(record, events=tuple(listed))) == values(record)


@given(records)
@settings(max_examples=100)
def test_what_is_shared_between_patients_is_what_each_would_find(record: Record) -> None:
    assert values(record) == values(record, UNSHARED)


@given(records)
@settings(max_examples=100)
def test_every_value_is_of_its_type(record: Record) -> None:
    world = World(RULES, record, TODAY)
    for ref in TERMS:
        value, kind = world.value(ref), compiled().facts[ref.name].signature.type
        members = getattr(kind, "values", ())
        if value is not None and members:
            assert value in members
        elif value is not None:
            expected = {"boolean": "bool", "number": "Decimal", "date": "date"}[kind.__struct_config__.tag]
            assert type(value).__name__ == expected, ref


@given(records, st.lists(events(on=later), max_size=5))
@settings(max_examples=100)
def test_what_has_not_happened_yet_changes_nothing(record: Record, listed: list) -> None:
    more = msgspec.structs.replace(record, events=named([*record.events, *listed]))
    assert verdicts(guidance(), more, TODAY) == verdicts(guidance(), record, TODAY)


@given(records)
@settings(max_examples=60)
def test_the_same_record_gives_the_same_bytes(record: Record) -> None:
    once = msgspec.json.encode(make_plan(guidance(), record, TODAY))
    again = msgspec.json.encode(make_plan(Guidance(compiled()), record, TODAY))
    assert once == again


@given(records)
@settings(max_examples=100)
def test_a_plan_of_any_record_can_be_made_and_keeps_its_promises(record: Record) -> None:
    made = make_plan(guidance(), record, TODAY)
    decided = verdicts(guidance(), record, TODAY)
    assert made.headline.code == decided["headline"]
    for line in made.section("ladder").lines:
        assert line.status == decided[f"option_status({line.id})"]
        if (line.status or "").startswith("recommended"):
            assert not absolutely_barred(line)
            assert decided["headline"] not in ("emergency", "no-hiccups")
    if any(value is True for name, value in decided.items() if name.startswith("red_flag(")):
        assert made.headline.code in ("emergency", "no-hiccups")
    for line in all_lines(made.section("ladder").lines):
        told_by = {n for n in line.parameters if "{" + n + "}" in (line.patient or "")}
        assert not told_by, "every number of the patient's text is filled in"


def absolutely_barred(line: Line) -> bool:
    return any(part.status == "absolute" for part in line.parts)


def all_lines(lines: tuple[Line, ...]) -> list[Line]:
    return [one for line in lines for one in (line, *all_lines(line.parts))]


@given(records)
@settings(max_examples=60)
def test_the_reasons_are_of_this_record(record: Record) -> None:
    """Every event that a trace names is in the record, and is not one that was set aside."""
    known = {event.id: event for event in record.events}
    for section in make_plan(guidance(), record, TODAY).sections:
        for line in all_lines(section.lines):
            for trace in [line.trace, *(line.trace.parts if line.trace else ())]:
                for event in trace.events if trace else ():
                    assert event.id in known
                    assert trace.state == "quarantined" or not known[event.id].quarantined
