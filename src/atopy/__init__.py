"""Atopy: an executable, cited guideline for severe, refractory atopic dermatitis.

    import atopy

    plan = atopy.plan("record.yaml", as_of="2026-11-20")
    plan.headline.code                                   # 'correct-first'
    plan.section("ladder").lines[0].status               # 'in_place'
    atopy.score("easi", {"head_neck": {...}, ...}, age_years=35).band.label

The names below are the public interface: within a major version they only grow. Everything is loaded on
first use, so ``import atopy`` costs nothing. What cannot be read raises ``SourceError``, which carries
every problem with its file and line.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atopy.ask.public import Conversation as Conversation
    from atopy.ask.public import ask as ask
    from atopy.cpg.public import export_cpg as export_cpg
    from atopy.evidence.public import compare as compare
    from atopy.evidence.public import decision_aid as decision_aid
    from atopy.guideline import load_guideline as load_guideline
    from atopy.plan.make import ENGINE as __version__
    from atopy.plan.model import Plan as Plan
    from atopy.plan.model import json_schema as plan_schema
    from atopy.plan.public import plan as plan
    from atopy.plan.public import plan_each as plan_each
    from atopy.plan.public import read_record as read_record
    from atopy.plan.public import record_schema as record_schema
    from atopy.plan.public import score as score
    from atopy.plan.public import verdicts as verdicts
    from atopy.plan.public import verdicts_each as verdicts_each
    from atopy.plan.public import what_if as what_if
    from atopy.plan.public import what_would_change as what_would_change
    from atopy.record import Record as Record
    from atopy.render.as_ics import ics as as_ics
    from atopy.render.keeping import changes as changes
    from atopy.render.keeping import cite as cite
    from atopy.render.keeping import overdue as overdue
    from atopy.yaml_source import SourceError as SourceError

# Where each public name lives. ``plan`` is the package of that name, which can be called.
_HOMES = {
    "Conversation": ("atopy.ask", "Conversation"),
    "Plan": ("atopy.plan.model", "Plan"),
    "Record": ("atopy.record", "Record"),
    "SourceError": ("atopy.yaml_source", "SourceError"),
    "__version__": ("atopy.plan.make", "ENGINE"),
    "ask": ("atopy.ask", ""),
    "as_ics": ("atopy.render.as_ics", "ics"),
    "changes": ("atopy.render.keeping", "changes"),
    "cite": ("atopy.render.keeping", "cite"),
    "compare": ("atopy.evidence.public", "compare"),
    "decision_aid": ("atopy.evidence.public", "decision_aid"),
    "export_cpg": ("atopy.cpg.public", "export_cpg"),
    "load_guideline": ("atopy.guideline", "load_guideline"),
    "overdue": ("atopy.render.keeping", "overdue"),
    "plan": ("atopy.plan", ""),
    "plan_each": ("atopy.plan.public", "plan_each"),
    "plan_schema": ("atopy.plan.model", "json_schema"),
    "read_record": ("atopy.plan.public", "read_record"),
    "record_schema": ("atopy.plan.public", "record_schema"),
    "score": ("atopy.plan.public", "score"),
    "verdicts": ("atopy.plan.public", "verdicts"),
    "verdicts_each": ("atopy.plan.public", "verdicts_each"),
    "what_if": ("atopy.plan.public", "what_if"),
    "what_would_change": ("atopy.plan.public", "what_would_change"),
}

__all__ = [
    "Conversation",
    "Plan",
    "Record",
    "SourceError",
    "__version__",
    "as_ics",
    "ask",
    "changes",
    "cite",
    "compare",
    "decision_aid",
    "export_cpg",
    "load_guideline",
    "overdue",
    "plan",
    "plan_each",
    "plan_schema",
    "read_record",
    "record_schema",
    "score",
    "verdicts",
    "verdicts_each",
    "what_if",
    "what_would_change",
]


def __getattr__(name: str) -> Any:
    """PEP 562: load a public name when it is first asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'atopy' has no attribute {name!r}")
    from importlib import import_module

    module = import_module(home[0])
    value = getattr(module, home[1]) if home[1] else module
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
