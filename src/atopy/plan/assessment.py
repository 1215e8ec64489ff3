"""Assessment: what was measured, what it comes to, past and present treatment, targets, and what was said."""

from atopy.plan.case import Case
from atopy.plan.courses import courses
from atopy.plan.findings import findings
from atopy.plan.model import Line
from atopy.plan.notes import said
from atopy.plan.scores import scores
from atopy.plan.sections import advice
from atopy.plan.targets import core_sets, targets


def assessment(case: Case) -> tuple[Line, ...]:
    """Scores, the findings they lead to, courses with their response, targets, notes, what is known of measuring."""
    return (
        *scores(case), *findings(case), *courses(case), *targets(case), *core_sets(case), *said(case),
        *advice(case, "assessment"),
    )  # fmt: skip
