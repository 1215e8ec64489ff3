"""Facts of one treatment course that follow from ``courses/``: whether it was an adequate trial, and what it lacked."""

from collections.abc import Iterable
from typing import NamedTuple

from atopy.criteria import Boolean, Is, Node, Not, Ref, Signature, conjunction, disjunction
from atopy.guideline.generate import Generated
from atopy.guideline.schema import Criterion

ADEQUATE = "trial_adequate"
LABELS = {
    ADEQUATE: "was an adequate trial",
    "trial_inadequate": "was not an adequate trial",
    "trial_too_short": "was not long enough to be judged, and lacked nothing else that is known",
    "trial_judged": "is one of the treatments whose trials are judged",
}


class CourseCriterion(NamedTuple):
    """One criterion, its predicate parsed."""

    written: Criterion
    node: Node


class Judged(NamedTuple):
    """Which courses are judged, and by what."""

    of: Node
    criteria: tuple[CourseCriterion, ...]


def signatures() -> dict[str, Signature]:
    """The generated names, so that content may speak of them before they are made."""
    return {name: Signature(Boolean(), event=True) for name in LABELS}


def course_rules(made: Generated, listed: Iterable[Judged]) -> None:
    """Of each kind of course: every criterion holds, one fails, or only time is lacking.

    A course that nothing judges is neither adequate nor inadequate: both are false.
    """
    adequate: list[Node] = []
    inadequate: list[Node] = []
    short: list[Node] = []
    of_any: list[Node] = []
    for judged in listed:
        refs = [(_fact(made, c), c.written.grows) for c in judged.criteria]
        lacks_time = disjunction([Not(ref) for ref, grows in refs if grows])
        rest = [Not(Is(ref, False)) for ref, grows in refs if not grows]
        adequate.append(conjunction([judged.of, *(ref for ref, _ in refs)]))
        inadequate.append(conjunction([judged.of, disjunction([Not(ref) for ref, _ in refs])]))
        short.append(conjunction([judged.of, lacks_time, *rest]))
        of_any.append(judged.of)
    for name, nodes in zip(LABELS, (adequate, inadequate, short, of_any), strict=True):
        made.course_fact(name, disjunction(nodes), LABELS[name])


def _fact(made: Generated, criterion: CourseCriterion) -> Ref:
    """The fact of one course that a criterion becomes."""
    written = criterion.written
    made.course_fact(written.fact, criterion.node, next(iter(written.met.clinician.values())))
    return Ref(written.fact, event=True)


__all__ = ["ADEQUATE", "LABELS", "CourseCriterion", "Judged", "course_rules", "signatures"]
