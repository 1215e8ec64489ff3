"""From findings to one plan: urgent, assess, correct first, ladder, drugs taken, calendar, referral, missing facts.

Decides nothing itself: every status comes from a decision table of the content.

The package is also its own main function: ``atopy.plan(record, as_of=...)`` (see ``atopy.plan.easy``).
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from inspect import Signature


class _Callable(ModuleType):
    """Importing any part of this package binds it as ``atopy.plan``; so the package itself can be called.

    Whoever looks it up is shown the function.
    """

    def __call__(self, *args: Any, **named: Any) -> Plan:
        return _function()(*args, **named)

    @property
    def __signature__(self) -> "Signature":
        from inspect import signature

        return signature(_function())

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return _function().__doc__


def _function() -> Callable[..., Plan]:
    from atopy.plan.easy import plan

    return plan


sys.modules[__name__].__class__ = _Callable
