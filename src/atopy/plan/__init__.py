"""From findings to one plan: urgent, assess, correct first, ladder, drugs taken, calendar, referral, missing facts.

Decides nothing itself: every status comes from a decision table of the content.

The package is also its own main function: ``atopy.plan(record, as_of=...)`` (see ``atopy.plan.public``).
"""

from atopy.callable_package import called_as
from atopy.plan.case import Case, Guidance
from atopy.plan.make import headline, make_plan, make_plans, verdicts, verdicts_of, with_override
from atopy.plan.model import (
    Cited,
    EventRef,
    Headline,
    Legend,
    Line,
    Pair,
    Plan,
    Provenance,
    RungName,
    Section,
    SourceLine,
    Summary,
    Trace,
    Value,
    json_schema,
)

__all__ = [
    "Case", "Cited", "EventRef", "Guidance", "Headline", "Legend", "Line", "Pair", "Plan", "Provenance", "RungName",
    "Section", "SourceLine", "Summary", "Trace", "Value", "headline", "json_schema", "make_plan", "make_plans",
    "verdicts", "verdicts_of", "with_override",
]  # fmt: skip

called_as(__name__, "atopy.plan.public", "plan")
