"""The whole guideline as rules: every item of the content, section by section, under one pathway."""

from collections.abc import Iterable
from typing import Any

from atopy.cpg.resources.around import (
    disagreement_rule,
    factor_rules,
    mimic_rules,
    red_flag_rules,
    topic_rules,
)
from atopy.cpg.resources.ladder import therapy_rules
from atopy.cpg.resources.strategies import Part
from atopy.cpg.resources.writer import Writer

_TOPICS = ("assessment", "taken_now", "calendar", "referral", "tell")


def write_rules(w: Writer) -> None:
    """Every rule, strategy and activity of the guideline into *w*."""
    c = w.book.compiled
    urgent = [red_flag_rules(w, flag, "section-urgent") for flag in _ordered(c.red_flags)]
    mimics = [mimic_rules(w, mimic, "section-is-it-eczema") for mimic in _ordered(c.mimics)]
    factors = [factor_rules(w, factor, "section-correct-first") for factor in _ordered(c.factors)]
    disagreements = [disagreement_rule(w, d, "section-disagreements") for d in _ordered(c.disagreements)]
    sections = [
        _section(w, "urgent", urgent),
        _topics(w, "assessment"),
        _section(w, "is_it_eczema", mimics),
        _section(w, "correct_first", factors),
        _section(w, "ladder", _rungs(w)),
        *(_topics(w, section) for section in _TOPICS[1:]),
        _section(w, "disagreements", disagreements),
    ]
    meta = c.meta
    title, said = w.book.said(meta.title), w.book.words(meta.intended_use)[0]
    disclaimer = w.book.words(meta.disclaimer)[0]
    w.strategies.pathway("pathway", title, f"{said} {disclaimer}", [s for s in sections if s])


def _ordered(items: dict[str, Any]) -> list[Any]:
    return sorted(items.values(), key=lambda item: (item.order, item.id))


def _topics(w: Writer, section: str) -> Part | None:
    id_ = f"section-{section.replace('_', '-')}"
    found = [t for t in _ordered(w.book.compiled.topics) if t.section == section]
    return _section(w, section, [topic_rules(w, topic, id_) for topic in found])


def _section(w: Writer, section: str, parts: Iterable[Part | None]) -> Part | None:
    """One section of a plan as a strategy."""
    name, patient = w.book.phrase(w.book.compiled.phrases.sections, section)
    id_ = f"section-{section.replace('_', '-')}"
    made = w.strategies.add(id_, name, f"{name}: a section of the plan.", [p for p in parts if p], "pathway")
    return made._replace(patient=patient) if made else None


def _rungs(w: Writer) -> list[Part | None]:
    """The ladder, rung by rung, each with its therapies."""
    found = []
    for rung in w.book.compiled.meta.rungs:
        name, patient = w.book.words(rung.name)
        id_ = f"rung-{rung.id}"
        therapies = [t for t in _ordered(w.book.compiled.therapies) if t.rung == rung.id]
        parts = [therapy_rules(w, t, w.book.guidance.meetings[t.id], id_) for t in therapies]
        said = f"{name}: {rung.line} line."
        made = w.strategies.add(id_, name, said, [p for p in parts if p], "section-ladder")
        found.append(made._replace(patient=patient) if made else None)
    return found


__all__ = ["write_rules"]
