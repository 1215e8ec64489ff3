"""Why: from each line of a plan down to the record's own events, pruned to what decided, or whole."""

from tests.engine.plans import DAY, HICCUPS, READY, SEVERE, guidance, plan, record

from atopy.criteria import Compare, Quantity, Ref
from atopy.plan import Case, Trace

D = "{date: 2026-11-01, exposure: fizzy_drinks, present: true}"


def case(*events: str) -> Case:
    return Case(guidance(), record(*events), DAY, None, traced=True)


def walk(trace: Trace) -> list[Trace]:
    return [trace, *(inner for part in trace.parts for inner in walk(part))]


def facts(trace: Trace | None) -> list[str]:
    """The recorded facts that a pruned trace names."""
    assert trace is not None
    return [part.id or "" for part in trace.parts]


def test_a_status_is_traced_to_the_event_that_decided_it() -> None:
    trace = plan(HICCUPS, SEVERE, D).line("stillin").trace
    assert trace is not None
    assert trace.value == "not_now"
    assert "exposed(fizzy_drinks)" in facts(trace)
    drink = next(part for part in trace.parts if part.id == "exposed(fizzy_drinks)")
    assert (drink.truth, drink.state) == ("met", "found")
    (event,) = drink.events
    assert (event.what, event.date, event.value) == ("Fizzy drinks", "2026-11-01", "present")
    assert (event.file, event.line) == ("record", 7)


def test_of_an_or_only_the_true_part_is_named() -> None:
    named = facts(plan(HICCUPS, SEVERE, D).headline.trace)
    assert "exposed(fizzy_drinks)" in named
    assert "finds(burping)" not in named
    assert "exposed(hurried_meals)" not in named


def test_of_an_and_that_cannot_be_decided_only_the_unknown_part_is_named() -> None:
    assert facts(case(HICCUPS).explainer.term(Ref("suits", ("stillin",)))) == ["severity"]


def test_a_value_says_what_it_is_and_where_it_stands() -> None:
    trace = case(*READY).explainer.term(Ref("hics"))
    assert (trace.what, trace.value, trace.unit, trace.truth) == ("HICS", "14", "points", None)
    assert [e.value for e in trace.events] == ["14 points"]


def test_the_greatest_is_traced_to_the_one_that_is_greatest() -> None:
    loud = "{date: 2026-11-01, find: loudness, value: severe}"
    mild = "{date: 2026-11-01, score: hics, value: 2}"
    explainer = case(HICCUPS, loud, mild).explainer
    assert facts(explainer.term(Ref("severity"))) == ["loudness"]
    whole = explainer.term(Ref("severity"), pruned=False)
    assert [part.id for part in whole.parts] == ["score_band", "loudness"]


def test_the_greatest_of_nothing_known_names_all() -> None:
    explainer = case(HICCUPS).explainer
    assert facts(explainer.term(Ref("severity"))) == [], "the fact itself is the one to ask for"
    whole = explainer.term(Ref("severity"), pruned=False)
    assert [part.id for part in whole.parts] == ["score_band", "loudness"]


def test_a_whole_trace_shows_the_rows_before_the_one_that_won() -> None:
    whole = case(HICCUPS, D, SEVERE).explainer.term(Ref("standing", ("stillin",)), pruned=False)
    assert whole.value == "correct_first"
    assert len(whole.parts) == 12
    assert whole.parts[-1].truth == "met"
    assert {part.truth for part in whole.parts[:-1]} <= {"not met", "cannot be decided"}
    assert any(inner.id == "exposed(fizzy_drinks)" and inner.events for inner in walk(whole))


def test_a_whole_trace_of_a_table_where_no_row_won_shows_all_rows() -> None:
    whole = case(*READY).explainer.term(Ref("standing", ("stillin",)), pruned=False)
    assert whole.value == "open"
    assert len(whole.parts) == 20


def test_a_whole_trace_follows_a_predicate_part_by_part() -> None:
    whole = case(HICCUPS, D, SEVERE).explainer.term(Ref("second_line_held"), pruned=False)
    assert [part.truth for part in whole.parts] == ["met", "met"]
    not_true = whole.parts[1]
    assert not_true.what == "not known to hold: waiting costs"
    single = case(HICCUPS).explainer.term(Ref("uncontrolled"), pruned=False)
    assert [part.what for part in single.parts] == ["severity is at least moderate"]


def test_any_predicate_can_be_explained() -> None:
    explainer = case(*READY).explainer
    node = Compare(">", Ref("hics"), Quantity(12))  # type: ignore[arg-type]
    pruned, whole = explainer.predicate(node), explainer.predicate(node, pruned=False)
    assert pruned.what == whole.what == "HICS is above 12 points"
    assert pruned.truth == whole.truth == "met"
    assert facts(pruned) == facts(whole) == ["hics"]


def test_states_of_what_is_not_there() -> None:
    explainer = case(
        "{date: 2020-01-01, score: hics, value: 14}", "{date: 2026-11-01, lab: potassium, value: 99 mmol/L}"
    ).explainer
    assert explainer.term(Ref("hics")).state == "stale"
    assert [e.date for e in explainer.term(Ref("hics")).events] == ["2020-01-01"]
    assert explainer.term(Ref("potassium")).state == "quarantined"
    assert explainer.term(Ref("takes", ("stillin",))).state == "attested absent"
    assert explainer.term(Ref("takes", ("stillin",))).what == "is being treated with: Stillin"
    assert explainer.term(Ref("weight_kg")).state == "not recorded"


def test_rules_are_called_by_their_own_words() -> None:
    explainer = case(*READY).explainer
    assert explainer.words(Ref("rule", ("stillin-potassium",))) == ("potassium below 3.5 mmol/L", None)
    assert explainer.words(Ref("rule", ("stillin-now",))) == ("stillin-now", None)
    assert explainer.words(Ref("not_a_fact"))[0] == "not_a_fact"
    assert explainer.title("no_such_word") == "no such word"


def test_dates_are_shown_as_exact_as_they_were_written() -> None:
    made = plan(
        "{date: 2026, condition: hiccups, status: active}", "{from: 2026-03, to: 2026-04-02, treat: tonic}"
    )
    assert made.line("course-e2").clinician == "Old tonic, Mar 2026 to 2 Apr 2026"
    trace = case("{date: 2026, condition: hiccups, status: active}").explainer.term(Ref("has", ("hiccups",)))
    assert [e.date for e in trace.events] == ["2026"]
