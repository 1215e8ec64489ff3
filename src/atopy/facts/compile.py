"""From declared facts to facts ready to run: predicates parsed and typed, spans and codes checked."""

from collections.abc import Callable
from typing import get_args

from atopy.criteria import Category, Node, Signature, refs
from atopy.facts.compiled import (
    Cases,
    ChangeSince,
    CompiledFact,
    Demographic,
    Derivation,
    Events,
    Greatest,
    Measure,
    Observe,
    TableRow,
    When,
)
from atopy.facts.declare import Fact, Select
from atopy.facts.lexicon import Domains, Lexicon, signature_of
from atopy.facts.spans import check_span
from atopy.record import Vocabulary

SOURCES = (
    "latest", "earliest", "highest", "lowest", "exists", "count", "sum", "days_since", "duration",
    "change", "age", "demographic", "when", "cases", "greatest",
)  # fmt: skip

Report = Callable[[str, str], None]
"""Takes the part of the declaration that is wrong, and the message."""


class FactCompiler:
    """Compiles declarations against one vocabulary and one set of names."""

    def __init__(self, signatures: dict[str, Signature], members: Domains, vocabulary: Vocabulary) -> None:
        self.patient = Lexicon(signatures, members)
        self.event = Lexicon(signatures, members, for_event=True)
        self.vocabulary = vocabulary

    def compile(self, name: str, fact: Fact, report: Report, file: str = "") -> CompiledFact | None:
        """*fact* ready to run, or None with every problem reported."""
        given = [s for s in SOURCES if getattr(fact, s) is not None]
        if len(given) != 1:
            report(
                "",
                f"has {len(given)} sources ({', '.join(given) or 'none'}); give exactly one of {', '.join(SOURCES)}.",
            )
            return None
        for span in (fact.valid_for, fact.attested_for):
            wrong = check_span(span) if span else None
            if wrong:
                report("valid_for", wrong)
        derivation = self._derivation(fact, given[0], report)
        if derivation is None:
            return None
        return CompiledFact(
            name, signature_of(fact), derivation, fact.label, fact.question, fact.valid_for, fact.absent,
            fact.attested_for, fact.value_map, {}, fact.note, fact.source, fact.verified, file, fact.cases is not None,
        )  # fmt: skip

    def _derivation(self, fact: Fact, source: str, report: Report) -> Derivation | None:
        if source == "when":
            node = self.predicate(fact.when or "", fact, report, "when")
            return When(node) if node is not None else None
        if source == "cases":
            return self._cases(fact, report)
        if source == "greatest":
            return self._greatest(fact, report)
        if source in ("age", "demographic"):
            return Demographic(fact.age or fact.demographic or "sex")
        if source == "change":
            return self._change(fact, report)
        events = self._events(getattr(fact, source), fact, report, source)
        measure: Measure = next(m for m in get_args(Measure) if m == source)
        return Observe(measure, events, fact.field) if events else None

    def predicate(
        self, text: str, fact: Fact | None, report: Report, part: str, event: bool = False
    ) -> Node | None:
        """The tree of *text*; problems are reported, not raised."""
        from atopy.criteria.parser import CriteriaError, parse

        on_event = event or (fact is not None and fact.per == "course")
        parameters = {fact.of: fact.of} if fact is not None and fact.of else {}
        try:
            return parse(text, self.event if on_event else self.patient, parameters)
        except CriteriaError as error:
            report(part, f"{error} (in: {text})")
            return None

    def _cases(self, fact: Fact, report: Report) -> Derivation | None:
        rows: list[TableRow] = []
        for i, row in enumerate(fact.cases or ()):
            node = self.predicate(row.when, fact, report, f"cases[{i}]")
            for outcome in (row.then, row.unknown):
                if outcome != "next" and fact.values and outcome not in fact.values:
                    report(f"cases[{i}]", f"'{outcome}' is not one of {', '.join(fact.values)}.")
            if node is not None:
                rows.append(TableRow(node, row.then, row.unknown, row.because))
        return Cases(tuple(rows), fact.otherwise)

    def _greatest(self, fact: Fact, report: Report) -> Derivation:
        for name in fact.greatest or ():
            signature = self.patient.signature(name)
            kind = signature.type if signature else None
            if not isinstance(kind, Category) or not kind.ordered or kind.values != fact.values:
                report("greatest", f"'{name}' is not an ordered category with the same values.")
        return Greatest(tuple(fact.greatest or ()))

    def _change(self, fact: Fact, report: Report) -> Derivation | None:
        assert fact.change is not None
        events = self._events(fact.change.of, fact, report, "change.of")
        course = self._codes(fact.change.course, "treatment", report) if fact.change.course else ()
        percent = fact.change.measured == "percent"
        return ChangeSince(events, fact.change.against, percent, course) if events else None

    def _events(self, select: Select, fact: Fact, report: Report, part: str) -> Events | None:
        wrong = check_span(select.within) if select.within else None
        if wrong:
            report(part, wrong)
        where = self.predicate(select.where, fact, report, part, event=True) if select.where else None
        codes = self._codes(select.code, select.kind, report)
        return Events(select.kind, codes, where, select.within, select.future)

    def _codes(self, code: str | list[str], kind: str, report: Report) -> tuple[str, ...]:
        codes = (code,) if isinstance(code, str) else tuple(code)
        for one in codes:
            known = one in self.vocabulary.terms or one in self.vocabulary.members
            if not known and one != "*" and not one.startswith("$"):
                report("code", f"'{one}' is not a term or class of the vocabulary ({kind}).")
        return codes


def speaks_of(derivation: Derivation) -> list[str]:
    """The names of the facts that a derivation needs, in order."""
    nodes: list[Node] = []
    if isinstance(derivation, When):
        nodes = [derivation.node]
    elif isinstance(derivation, Cases):
        nodes = [r.when for r in derivation.rows]
    elif isinstance(derivation, Observe | ChangeSince) and derivation.events.where is not None:
        nodes = [derivation.events.where]
    elif isinstance(derivation, Greatest):
        return list(derivation.names)
    return list(dict.fromkeys(r.name for n in nodes for r in refs(n)))
