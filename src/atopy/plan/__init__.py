"""From findings to one plan: urgent, assess, correct first, ladder, drugs taken, calendar, referral, missing facts.

Decides nothing itself: every status comes from a decision table of the content.
"""

from atopy.plan.case import Case, Guidance
from atopy.plan.make import headline, make_plan, verdicts, with_override
from atopy.plan.model import (
    Cited,
    EventRef,
    Headline,
    Line,
    Plan,
    Provenance,
    Section,
    SourceLine,
    Summary,
    Trace,
    Value,
    json_schema,
)

__all__ = [
    "Case", "Cited", "EventRef", "Guidance", "Headline", "Line", "Plan", "Provenance", "Section", "SourceLine",
    "Summary", "Trace", "Value", "headline", "json_schema", "make_plan", "verdicts", "with_override",
]  # fmt: skip
