"""The guideline with everything that a page needs to speak of it: words, predicates in English, citations, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from atopy.criteria import And, Category, Constant, Is, Missing, Node, Not, OneOf, Or, Ref, english, parse
from atopy.facts.lexicon import Lexicon
from atopy.guideline import Citation, Compiled, Dose, Grade, Quantity, Statement, Words, content_folder
from atopy.guideline.generate import signatures
from atopy.guideline.load import Content, load
from atopy.plan import Case, Guidance
from atopy.plan import words as texts
from atopy.plan.dose import stated
from atopy.plan.trace import shown
from atopy.record import Patient, Record

from .markdown import code, listed, plain, spaced

# What the facts that Atopy makes from the content's own files say, of one option, factor, mimic or rule.
GENERATED = {
    "suits": "it is meant for this patient",
    "taking": "it is being taken now",
    "failed_option": "a past course of it did not work",
    "tried_option": "it is or was taken",
    "contraindicated_absolute": "an absolute contraindication is met",
    "contraindicated_relative": "a relative contraindication is met",
    "part_barred": "an absolute contraindication of an option that it is made of is met",
    "safety_unknown": "a contraindication that must be known first cannot be decided",
    "safety_to_confirm": "a contraindication to confirm before giving cannot be decided",
    "licensed": "it is licensed here for this patient",
    "off_label": "its off-label use is described here",
    "outside_licence": "it is licensed here, but not for this patient",
    "undosed": "it is licensed here for this patient, but no source read gives a dose",
    "unavailable": "it is withdrawn or not marketed here",
    "needs_specialist": "it needs a specialist",
    "unproven": "it is unproven",
    "recommended_against": "a source that was read advises against it",
    "excluded_by_group": "another treatment of its group is being taken",
    "duplicated": "another treatment of its group is taken too, not on purpose",
    "barred_here": "the local overlay does not offer it",
    "step_unmet": "the local overlay asks for another treatment first",
    "access_unmet": "a funding rule of this country is not met",
    "asked_by_access": "a rule of access asks for this option before another one",
    "above_maximum": "more of it is recorded than any dose that applies here allows",
    "dose_above": "more of its drug is recorded than this regimen allows, and the regimen applies",
    "must_stop": "its use passes a limit that asks to stop it",
    "must_hold": "its use passes a limit that asks to hold it",
    "must_optimise": "its use passes a limit that asks to change how it is used",
    "must_reduce": "its use passes a limit that asks to reduce it",
    "needs_cover": "its use passes a limit, or meets another drug, that asks for cover",
    "days_overdue": "days since the last day on which a repeated test was in time; negative while it still is",
    "trial_adequate": "(of one course) every criterion of an adequate trial holds",
    "trial_inadequate": "(of one course) a criterion of an adequate trial fails",
    "trial_too_short": "(of one course) it lacks nothing that is known but time",
    "trial_judged": "(of one course) its trials are judged",
    "grade": "the strongest recommendation in force that was read",
    "line": "its line",
    "rung": "its rung",
    "factor_present": "the factor is present",
    "factor_suspected": "the record holds a clue to the factor",
    "factor_excluded": "the factor is excluded",
    "mimic_present": "the diagnosis is confirmed",
    "mimic_suspected": "the record holds a clue to the diagnosis",
    "mimic_excluded": "the diagnosis is excluded",
    "mimic_settled": "the diagnosis is known and stays beside the disease, so that it holds nothing back",
    "red_flag": "the urgent finding is on record",
    "rule": "the rule applies",
}
_SAID = "said"  # a stand-in term whose argument is its wording


class Book:
    """One guideline, ready to be written about. ``depth`` is how far below ``reference/`` the page stands."""

    def __init__(self, compiled: Compiled, folder: Path | None = None) -> None:
        self.compiled = compiled
        self.content: Content = load(folder or content_folder())
        self.case = Case(Guidance(compiled), Record(Patient()), date(2000, 1, 1), None, traced=False)
        known = {name: fact.signature for name, fact in compiled.facts.items()}
        self.patient = Lexicon(known, compiled.domains)
        self.event = Lexicon(known, compiled.domains, for_event=True)
        self.numbers = _numbered(compiled)
        self.made = set(signatures(()))

    # -- words

    def title(self, id_: str) -> str:
        """What an id is called."""
        return self.case.explainer.title(id_)

    def text(self, words: Words, numbers: Mapping[str, Quantity]) -> tuple[str, str]:
        """The clinician's and the patient's text, as Markdown."""
        patient = texts.patient(words, numbers, "en")
        return plain(texts.clinician(words, numbers, "en")), plain(patient or "")

    def file(self, item: object) -> str:
        """Where an item is written, as code, with its review state."""
        c = self.content
        groups = (c.therapies, c.factors, c.allergens, c.mimics, c.red_flags, c.topics, c.disagreements)
        found = next(
            i
            for group in groups
            for i in group.values()
            if i.value.id == item.id and type(i.value) is type(item)
        )  # type: ignore[attr-defined]
        return f"{code(found.document.file)}, {self.case.review(found.id)}"

    def of(self, text: Mapping[str, str], numbers: Mapping[str, Quantity] | None = None) -> str:
        """One text, as Markdown."""
        return plain(texts.fill(text.get("en", ""), numbers or {}))

    def words(self, ref: Ref) -> tuple[str, str | None]:
        """A term in words, with its unit. A parameter (``$option``) is whatever the table is about."""
        if ref.name == _SAID:
            return ref.args[0], None
        args = [a for a in ref.args if not a.startswith("$")]
        if ref.name not in self.made:
            if ref.event or not args:
                fact = self.compiled.facts.get(ref.name)
                named = ", ".join(self.title(a) for a in args)
                label = fact.label.get("en") if fact else None
                unit = getattr(fact.signature.type, "unit", None) if fact else None
                return (label or spaced(ref.name)) + (f" {named}" if named else ""), unit_words(unit)
            label, unit = self.case.explainer.words(ref)
            return label, unit_words(unit)
        said = GENERATED.get(ref.name) or spaced(ref.name)
        if ref.name == "rule":
            return f"rule '{ref.args[0]}' applies", None
        return (f"{said} ({self.title(args[0])})" if args else said), None

    # -- predicates

    def english(self, node: Node) -> str:
        """A predicate in plain English."""
        return english(self.shorter(node), self.words)

    def shorter(self, node: Node) -> Node:
        """*node* with a junction over a whole domain said as "any" or "every"."""
        if isinstance(node, Or | And):
            whole = self._whole_domain(node)
            if whole is not None:
                return whole
            return type(node)(tuple(self.shorter(p) for p in node.parts))
        if isinstance(node, Not) and isinstance(node.part, Missing):
            return Ref(_SAID, (f"{self.words(node.part.ref)[0]} is known",))
        if isinstance(node, Not | Is):
            return msgspec.structs.replace(node, part=self.shorter(node.part))
        return node

    def _whole_domain(self, node: Or | And) -> Node | None:
        terms = [p.ref if isinstance(p, OneOf) else p for p in node.parts]
        first = terms[0]
        fact = (
            self.compiled.facts.get(first.name) if isinstance(first, Ref) and len(first.args) == 1 else None
        )
        if fact is None or not isinstance(first, Ref):
            return None
        (domain,) = fact.signature.parameters
        same = all(isinstance(t, Ref) and t.name == first.name for t in terms)
        if not same or tuple(t.args[0] for t in terms if isinstance(t, Ref)) != self.compiled.domains[domain]:
            return None
        word = "any" if isinstance(node, Or) else "every"
        said = Ref(_SAID, (f"of {word} {spaced(domain)}: {self.words(Ref(first.name, ('$x',)))[0]}",))
        part = node.parts[0]
        if not isinstance(part, OneOf):
            return said
        return (
            OneOf(said, part.values)
            if all(p.values == part.values for p in node.parts if isinstance(p, OneOf))
            else None
        )

    def parsed(self, text: str, event: bool = False, of: str | None = None) -> Node:
        """The tree of a predicate as written."""
        return parse(text, self.event if event else self.patient, {of: of} if of else {})

    def when(self, text: str, event: bool = False, of: str | None = None) -> str:
        """A predicate in English with its own text behind it; nothing where it always holds."""
        node = self.parsed(text, event, of)
        if node == Constant(True):
            return ""
        if node == Constant(False):
            return "never"
        return f"{plain(self.english(node))}<br>{code(text)}"

    # -- sources

    def number(self, key: str) -> int:
        """A source's number in the bibliography; another name for a work has the work's number."""
        info = self.compiled.sources.get(key)
        return self.numbers[info.alias_of if info and info.alias_of else key]

    def cite(self, sources: Iterable[Citation | Grade], up: str = "") -> str:
        """Numbers that lead to the bibliography, with what is particular about each citation."""
        return " ".join(self.one(s, up) for s in sources)

    def one(self, cited: Citation | Grade, up: str = "") -> str:
        """One citation."""
        number = self.number(cited.source)
        marks = [plain(cited.place)] if cited.place else []
        marks += [] if cited.verified else ["not read"]
        if isinstance(cited, Citation):
            graded = [
                x
                for x in (cited.direction, cited.strength, cited.scale, cited.certainty)
                if x and x != "none"
            ]
            marks += [plain(f"{cited.scale}" if cited.scale else ", ".join(graded))] if graded else []
            marks += [f"says: {plain(cited.says)}"] if cited.says else []
        said = f" ({'; '.join(marks)})" if marks else ""
        return f"[\\[{number}\\]]({up}sources.md#s{number}){said}"

    # -- statements

    def statements(self, given: Iterable[Statement], up: str = "") -> str:
        """Statements as a list, in the order in which a plan shows them."""
        return listed(self.statement(s, up) for s in sorted(given, key=lambda s: (s.order, s.id)))

    def statement(self, s: Statement, up: str = "") -> str:
        """One statement with its texts, limits and sources."""
        clinician, patient = self.text(s.text, s.numbers)
        first = " (clinician first: not shown to a patient)" if s.clinician_first else ""
        rest = [f"*Patient:* {patient}{first}" if patient else "", *self.limits_of(s)]
        lines = [
            f"**{spaced(s.asks)}** {clinician} {self.cite(s.sources, up)} {code(s.id)}",
            *(x for x in rest if x),
        ]
        return "<br>\n  ".join(lines)

    def limits_of(self, s: Statement) -> list[str]:
        """Whom and when a statement speaks of."""
        when = self.when(s.when)
        dates = [f"from {s.effective}" if s.effective else "", f"until {s.until}" if s.until else ""]
        where = f"only in {s.country.upper()}" if s.country else ""
        said = "; ".join(x for x in (where, *dates) if x)
        return [f"*When:* {when}" if when else "", f"*In force:* {said}" if said else ""]

    # -- figures

    def quantity(self, q: Quantity | None) -> str:
        """A number or range with its unit."""
        return plain(texts.quantity(q)) if q is not None else ""

    def dose(self, dose: Dose | None) -> str:
        """A dose as the plan says it, before any patient's weight."""
        return plain(stated(dose)) if dose is not None else ""

    def value(self, value: Decimal | str | None) -> str:
        """A number without trailing zeros."""
        return plain(shown(value) or "")

    def kind_of(self, fact: str) -> str:
        """A fact's type in words."""
        kind = self.compiled.facts[fact].signature.type
        if isinstance(kind, Category):
            joined = (" &lt; " if kind.ordered else ", ").join(plain(v) for v in kind.values)
            return joined or "text"
        unit = getattr(kind, "unit", None)
        return {"boolean": "yes or no", "date": "a day"}.get(
            kind.__struct_config__.tag, f"a number{f', {plain(unit_words(unit))}' if unit else ''}"
        )


def unit_words(unit: str | None) -> str | None:
    """A UCUM unit without the braces of its annotations: ``mL/min/1.73 m2``."""
    return re.sub(r"\{(\S+?)\}", lambda m: spaced(m[1]), unit) if unit else unit


def _numbered(compiled: Compiled) -> dict[str, int]:
    """Numbers for all works, by key; other names of a work have none of their own."""
    works = sorted(key for key, info in compiled.sources.items() if info.alias_of is None)
    return {key: number for number, key in enumerate(works, start=1)}
