"""The text of the CQL: what is defined, what is a parameter and why, and how a predicate is written."""

from decimal import Decimal
from pathlib import Path

import pytest
from tools.cql_page import PAGE, filled

from atopy.cpg import CqlExport, cql_export
from atopy.cpg.cql_nodes import Writer
from atopy.cpg.cql_text import decimal, identifier, pascal, string
from atopy.criteria import (
    And,
    AtLeast,
    Boolean,
    Category,
    Compare,
    Constant,
    Day,
    Is,
    Label,
    Missing,
    Node,
    Not,
    Number,
    OneOf,
    Or,
    Quantity,
    Ref,
)  # fmt: skip
from atopy.facts import Observe
from atopy.guideline import load_guideline

TOY = Path(__file__).resolve().parents[1] / "toy" / "hiccups"
LIMIT = 786_000  # bytes: FHIR allows a string of 1 MB, and a library's text stands there in base64

A, B, S, N, D = Ref("a"), Ref("b"), Ref("s"), Ref("n"), Ref("d")
ORDER = ("mild", "moderate", "severe")
TYPES = {"a": Boolean(), "b": Boolean(), "s": Category(ORDER, ordered=True), "n": Number(), "d": Day()}


@pytest.fixture(scope="module")
def toy() -> CqlExport:
    """The toy guideline in CQL."""
    return cql_export(load_guideline(TOY), "https://hiccups.example/fhir")


@pytest.mark.parametrize(
    ("node", "written"),
    [
        (Constant(True), "true"),
        (And((A, Not(B))), '("a" and not "b")'),
        (Or((A, Compare(">=", N, Quantity(Decimal("1.50"))))), '("a" or "n" >= 1.5)'),
        (Not(Compare("=", N, Quantity(Decimal(2)))), 'not ("n" = 2.0)'),
        (Is(A, None), '"a" is null'),
        (Is(Not(A), False), '(not "a") is false'),
        (Is(And((A, B)), True), '("a" and "b") is true'),
        (Missing(N), '"n" is null'),
        (OneOf(S, ("mild", "severe")), "(\"s\" = 'mild' or \"s\" = 'severe')"),
        (Compare(">", S, Label("mild"), ORDER), "(\"s\" = 'moderate' or \"s\" = 'severe')"),
        (Compare("<", S, Label("mild"), ORDER), '(if "s" is null then null else false)'),
        (Compare("<>", S, Label("mild")), "\"s\" != 'mild'"),
        (Compare(">=", D, Label("2026-01-31")), '"d" >= @2026-01-31'),
        (AtLeast(2, (A, B)), '"AtLeast"(2, { Tuple { met: "a" }, Tuple { met: "b" } })'),
    ],
)  # fmt: skip
def test_each_node_has_its_counterpart(node: Node, written: str) -> None:
    assert Writer(lambda ref: f'"{ref}"', lambda ref: TYPES[ref.name])(node) == written


def test_a_long_list_is_no_deep_tree() -> None:
    many = Or(tuple(Ref(f"t{i}") for i in range(300)))
    text = Writer(str, lambda _: Boolean())(many)
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    assert deepest <= 8


def test_literals() -> None:
    assert decimal(Decimal("1E+2")) == "100.0"
    assert decimal(Decimal("0.050")) == "0.05"
    assert string("Crohn's \\") == "'Crohn\\'s \\\\'"
    assert (identifier("pp_nrs (7 days)"), pascal("atopic-dermatitis")) == (
        "pp-nrs-7-days",
        "AtopicDermatitis",
    )


def test_the_libraries_are_a_chain(toy: CqlExport) -> None:
    """An engine keeps what it has worked out once for each library that includes it."""
    names = [library.name for library in toy.libraries]
    assert names == [f"Hiccups{part}" for part in ("Terms", "Record", "Facts", "Rules", "Decisions")]
    assert [library.includes for library in toy.libraries] == [(), *((name,) for name in names[:-1])]


def test_every_rule_and_decision_is_defined_where_it_is_said_to_be(toy: CqlExport) -> None:
    guideline = load_guideline(TOY)
    text = {library.name: library.text for library in toy.libraries}
    assert {f"rule({id_})" for id_ in guideline.facts["rule"].variants} <= toy.definitions.keys()
    assert {f"option_status({id_})" for id_ in guideline.therapies} <= toy.definitions.keys()
    for definition in toy.definitions.values():
        assert text[definition.library].count(f'\ndefine "{definition.name}":') == 1
    for parameter in toy.parameters.values():
        assert f'\nparameter "{parameter.name}" {parameter.type}\n' in text[parameter.library]


def test_nothing_asks_the_clock(toy: CqlExport) -> None:
    for library in toy.libraries:
        assert not {"Now()", "Today()", "TimeOfDay()"} & set(library.text.split())
        assert "Now(" not in library.text and "Today(" not in library.text


def test_every_value_set_that_is_spoken_of_is_there(toy: CqlExport) -> None:
    terms = toy.libraries[0].text
    declared = {
        line.rpartition(": '")[2].rstrip("'") for line in terms.splitlines() if line.startswith("valueset ")
    }
    assert declared == toy.value_sets.keys()
    assert all(url.startswith("https://hiccups.example/fhir/ValueSet/") for url in declared)


def test_the_same_guideline_gives_the_same_text(toy: CqlExport) -> None:
    assert cql_export(load_guideline(TOY), "https://hiccups.example/fhir") == toy


def test_each_library_fits_into_a_resource() -> None:
    made = cql_export(load_guideline())
    assert {
        library.name: len(library.text.encode())
        for library in made.libraries
        if len(library.text.encode()) > LIMIT
    } == {}


def test_the_ledger_of_parameters_is_complete_and_holds_nothing_else() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page, cql_export(load_guideline())) == page, "run: python tools/cql_page.py"


def test_a_stale_entry_of_the_ledger_is_seen(toy: CqlExport) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page, toy) != page
    assert all(parameter.reason for parameter in toy.parameters.values())


def test_what_is_derived_is_no_parameter(toy: CqlExport) -> None:
    """Facts of the kinds latest, earliest, exists, count and age that ask nothing of a course are derived."""
    kinds = ("latest", "earliest", "exists", "count")
    made = cql_export(load_guideline())
    assert not made.definitions.keys() & made.parameters.keys()
    assert {"age_years", "easi", "takes(methotrexate)", "has(asthma)"} <= made.definitions.keys()
    for name, fact in load_guideline(TOY).facts.items():
        plain = isinstance(fact.derivation, Observe) and fact.derivation.measure in kinds
        if plain and fact.derivation.events.where is None and not fact.signature.parameters:
            assert name in toy.definitions, name
