"""Laws of the predicate language, over generated predicates and generated knowledge."""

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.generated import (
    LEXICON,
    complete,
    completed,
    knowledge_only,
    predicates,
    text,
    worlds,
)
from tests.spec.engines import Terms, decide

from atopy.criteria import (
    And,
    Is,
    Node,
    Not,
    Or,
    Ref,
    bind,
    children,
    clauses,
    english,
    parse,
    prove,
    refs,
    walk,
)
from atopy.truth import NOT

many = settings(max_examples=300)


def everything(node: Node) -> list[Node]:
    return [node, *(inner for child in children(node) for inner in everything(child))]


def test_every_operation_is_generated() -> None:
    """A law that never meets an operation says nothing about it."""
    met: set[type] = set()
    operators: set[str] = set()

    @given(predicates)
    @many
    def gather(node: Node) -> None:
        met.update(type(part) for part in everything(node))
        operators.update(part.op for part in everything(node) if hasattr(part, "op"))

    gather()
    assert met == set(get_args(Node))
    assert operators == {"=", "<>", "<", "<=", ">", ">="}


@given(predicates, worlds)
@many
def test_the_quick_form_decides_as_the_proof(node: Node, known: dict) -> None:
    truth = prove(node, Terms(known)).truth
    assert decide(node, Terms(known)) is truth
    assert walk(node, Terms(known)) is truth


@given(predicates, worlds)
@many
def test_a_proof_holds_the_proof_of_every_part(node: Node, known: dict) -> None:
    proof = prove(node, Terms(known))
    assert [part.node for part in proof.parts] == list(children(node))
    assert all(part.truth is decide(part.node, Terms(known)) for part in proof.parts)
    assert set(proof.terms) == (set(refs(node)) if not children(node) else set())


@given(predicates, worlds)
@many
def test_what_is_written_is_what_is_meant(node: Node, known: dict) -> None:
    assert decide(parse(text(node), LEXICON), Terms(known)) is decide(node, Terms(known))


@given(predicates, predicates, worlds)
@many
def test_de_morgan(p: Node, q: Node, known: dict) -> None:
    world = Terms(known)
    assert decide(Not(And((p, q))), world) is decide(Or((Not(p), Not(q))), world)
    assert decide(Not(Or((p, q))), world) is decide(And((Not(p), Not(q))), world)


@given(predicates, predicates, predicates, worlds)
@many
def test_and_and_or_are_idempotent_commutative_associative_and_distribute(
    p: Node, q: Node, r: Node, known: dict
) -> None:
    world = Terms(known)
    for join in (And, Or):
        assert decide(join((p, p)), world) is decide(p, world)
        assert decide(join((p, q)), world) is decide(join((q, p)), world)
        assert decide(join((p, join((q, r)))), world) is decide(join((p, q, r)), world)
    assert decide(And((p, Or((q, r)))), world) is decide(Or((And((p, q)), And((p, r)))), world)


@given(predicates, worlds)
@many
def test_twice_not_is_nothing_and_not_is_the_table(p: Node, known: dict) -> None:
    world = Terms(known)
    assert decide(Not(Not(p)), world) is decide(p, world)
    assert decide(Not(p), world) is NOT[decide(p, world)]


@given(predicates, worlds)
@many
def test_exactly_one_state_holds(p: Node, known: dict) -> None:
    states = [decide(Is(p, truth), Terms(known)) for truth in (True, False, None)]
    assert sorted(map(str, states)) == ["False", "False", "True"]


@given(knowledge_only, worlds, complete)
@many
def test_more_knowledge_never_turns_a_verdict(node: Node, known: dict, rest: dict) -> None:
    """What was decided stays so when an unknown becomes known; only IS and IS NULL may ask what is known."""
    before = decide(node, Terms(known))
    if before is not None:
        assert decide(node, Terms(completed(known, rest))) is before


@given(predicates, complete)
@many
def test_where_all_is_known_every_predicate_is_decided(node: Node, known: dict) -> None:
    assert decide(node, Terms(known)) is not None


@given(predicates)
def test_every_predicate_reads_as_english_and_has_clauses(node: Node) -> None:
    assert english(node)
    assert all(not children(clause) for clause in clauses(node))
    assert list(clauses(node))


@given(predicates)
def test_binding_nothing_changes_nothing(node: Node) -> None:
    assert bind(node, {"thing": "cup"}) == node


@given(predicates, worlds, st.sampled_from(["cup", "pot"]))
@many
def test_a_parameter_stands_for_its_member(node: Node, known: dict, member: str) -> None:
    """Putting a member in place of a parameter is the same as having written the member."""

    def opened(part: Ref) -> Ref:
        return Ref(part.name, tuple("$thing" if a == member else a for a in part.args))

    with_parameter = _over_refs(node, opened)
    assert bind(with_parameter, {"thing": member}) == node


def _over_refs(node: Node, change) -> Node:
    """*node* with every term changed; the test's own walk, not the engine's."""
    from msgspec.structs import replace

    if isinstance(node, Ref):
        return change(node)
    changes = {}
    for name in ("left", "right", "ref"):
        if isinstance(getattr(node, name, None), Ref):
            changes[name] = change(getattr(node, name))
    if hasattr(node, "parts"):
        changes["parts"] = tuple(_over_refs(p, change) for p in node.parts)
    if hasattr(node, "part"):
        changes["part"] = _over_refs(node.part, change)
    return replace(node, **changes) if changes else node
