"""From declared facts to facts ready to run: predicates parsed and typed, spans and codes checked."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import get_args

from atopy.criteria import Category, Node, Number, Ref, Signature, refs
from atopy.facts.compiled import (
    Cases,
    ChangeSince,
    CompiledFact,
    CoverOfSites,
    Demographic,
    Derivation,
    Events,
    Greatest,
    Measure,
    Observe,
    Product,
    TableRow,
    When,
)
from atopy.facts.declare import Fact, Row, Select
from atopy.facts.lexicon import Domains, Lexicon, signature_of
from atopy.facts.spans import check_span
from atopy.nearest import did_you_mean
from atopy.record import Vocabulary
from atopy.record.schema import ATTESTABLE

SOURCES = (
    "latest", "earliest", "highest", "lowest", "exists", "count", "sum", "days_since", "duration",
    "dose", "supply_at_most", "supply_at_least", "change", "product", "age", "demographic", "when", "cases", "greatest",
)  # fmt: skip

_TYPES = {
    "exists": "boolean", "when": "boolean", "greatest": "category", "count": "number", "sum": "number",
    "days_since": "number", "duration": "number", "change": "number", "age": "number", "product": "number",
    "supply_at_most": "number", "supply_at_least": "number", "dose": "number",
}  # fmt: skip
"""The type that a source can only give; of the others the declaration says it."""

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
        for part, wrong in self._wrong(fact, given[0]):
            report(part, wrong)
        derivation = self._derivation(fact, given[0], report)
        if derivation is None:
            return None
        return CompiledFact(
            name, signature_of(fact), derivation, fact.label, fact.question, fact.valid_for, fact.absent,
            fact.attested_for, fact.value_map, {}, fact.note, fact.source, fact.verified, file, fact.cases is not None,
            fact.fixed, self._always(fact, report), fact.partial,
        )  # fmt: skip

    def _always(self, fact: Fact, report: Report) -> tuple[Node, ...]:
        nodes = (self.predicate(t, fact, report, f"always[{i}]") for i, t in enumerate(fact.always))
        return tuple(node for node in nodes if node is not None)

    def _wrong(self, fact: Fact, source: str) -> Iterator[tuple[str, str]]:
        """What is wrong with a declaration beside its predicates and codes: the part, and the message."""
        wanted = _TYPES.get(source, fact.type)
        if fact.type != wanted:
            yield "is", f"'{source}' gives a {wanted}, not a {fact.type}."
        if source == "cases" and fact.type not in ("category", "number"):
            yield "is", f"'cases' gives a category or a number, not a {fact.type}."
        for part, span in (("valid_for", fact.valid_for), ("attested_for", fact.attested_for)):
            wrong = check_span(span) if span else None
            if wrong:
                yield part, wrong
        if fact.of is not None and fact.of not in self.patient.domains():
            yield "of", f"'{fact.of}' is not a domain.{did_you_mean(fact.of, self.patient.domains())}"
        yield from self._wrong_absence(fact, source)
        yield from self._wrong_unit(fact, source)
        for outcome in fact.value_map.values():
            if fact.values and outcome not in fact.values:
                yield "value_map", f"'{outcome}' is not one of {', '.join(fact.values)}."

    def _wrong_unit(self, fact: Fact, source: str) -> Iterator[tuple[str, str]]:
        """A number is read as it stands in the record, so its unit is the vocabulary's."""
        if source not in ("latest", "earliest", "highest", "lowest") or fact.field not in (None, "number"):
            return
        code = getattr(fact, source).code
        for one in (code,) if isinstance(code, str) else code:
            term = self.vocabulary.terms.get(one)
            if fact.type == "number" and term is not None and term.unit not in (None, fact.unit):
                yield "unit", f"the vocabulary keeps '{one}' in {term.unit}, not in {fact.unit}."

    @staticmethod
    def _wrong_absence(fact: Fact, source: str) -> Iterator[tuple[str, str]]:
        """Absence means false, or none of a number; of other facts it cannot mean anything."""
        listed = fact.absent.removeprefix("attested ")
        if fact.absent not in ("unknown", "false") and listed == fact.absent:
            yield "absent", f"'{fact.absent}' is not a meaning of absence: unknown, false or attested <list>."
        elif fact.absent.startswith("attested ") and listed not in ATTESTABLE:
            yield (
                "absent",
                f"'{listed}' is not a list that can be attested.{did_you_mean(listed, ATTESTABLE)}",
            )
        if fact.absent != "unknown" and fact.type != "boolean" and source not in ("count", "sum", "duration"):
            yield "absent", f"no event cannot make a {fact.type} false; write 'absent: unknown'."

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
        if source == "product":
            return self._product(fact, report)
        events = self._events(getattr(fact, source), fact, report, source)
        measure: Measure = next(m for m in get_args(Measure) if m == source)
        if source == "dose":
            return self._dose(events, fact, report)
        return Observe(measure, events, fact.field) if events else None

    def _dose(self, events: Events | None, fact: Fact, report: Report) -> Derivation | None:
        """What is taken of one drug, in the fact's unit."""
        if fact.unit is None:
            report("unit", "a dose needs a unit, such as mg/day.")
        weight = self.patient.signature(fact.weight) if fact.weight else None
        if fact.weight and not (weight and isinstance(weight.type, Number) and weight.type.unit == "kg"):
            report("weight", f"'{fact.weight}' is not a fact in kg.")
        if events is None:
            return None
        return Observe("dose", events, fact.unit, Ref(fact.weight) if fact.weight else None)

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
            node = self.predicate(row.when, fact, report, f"cases[{i}].when")
            passed = self._passed_on(row.then, fact, report, f"cases[{i}].then")
            outcomes = [("unknown", row.unknown)]
            if not row.then.startswith("="):
                outcomes.insert(0, ("then", row.then))
            number = None
            if fact.type == "number":
                number = _numbers(row, report, f"cases[{i}]")
            else:
                self._outcomes(outcomes, fact, report, f"cases[{i}]")
            if node is not None:
                made = TableRow(node, row.then, row.unknown, row.because, row.unknown_because, passed, number)
                rows.append(made)
        if fact.otherwise is not None and fact.otherwise not in fact.values:
            report(
                "otherwise",
                f"'{fact.otherwise}' is not one of {', '.join(fact.values) or 'none: a number has no otherwise'}.",
            )
        return Cases(tuple(rows), fact.otherwise)

    @staticmethod
    def _outcomes(outcomes: list[tuple[str, str]], fact: Fact, report: Report, where: str) -> None:
        for part, outcome in outcomes:
            if not (part == "unknown" and outcome == "next") and outcome not in fact.values:
                report(f"{where}.{part}", f"'{outcome}' is not one of {', '.join(fact.values)}.")

    def _product(self, fact: Fact, report: Report) -> Derivation:
        """Each factor is a number of the patient; nothing is divided by nought."""
        assert fact.product is not None
        for part, names in (("of", fact.product.of), ("over", fact.product.over)):
            for i, name in enumerate(names):
                signature = self.patient.signature(name)
                if signature is None or not isinstance(signature.type, Number) or signature.parameters:
                    near = did_you_mean(name, self.patient.known())
                    report(f"product.{part}[{i}]", f"'{name}' is not a number of the patient.{near}")
        if not fact.product.per:
            report("product.per", "nothing can be divided by nought.")
        made = fact.product
        return Product(tuple(made.of), tuple(made.over), made.times, made.per)

    def _passed_on(self, then: str, fact: Fact, report: Report, part: str) -> Ref | None:
        """The fact whose value is the outcome, where a row says ``then: "= fact"``."""
        from atopy.criteria.parser import CriteriaError, parse_term

        if not then.startswith("="):
            return None
        if fact.per == "course":
            report(part, "a table of one course cannot pass on another fact; name the outcome.")
            return None
        parameters = {fact.of: fact.of} if fact.of else {}
        try:
            ref, signature = parse_term(then.removeprefix("="), self.patient, parameters)
        except CriteriaError as error:
            report(part, str(error))
            return None
        kind = signature.type
        if fact.type == "number":
            if not isinstance(kind, Number) or kind.unit != fact.unit:
                report(part, f"'{ref}' is no number in {fact.unit or 'the same unit'}.")
        elif not isinstance(kind, Category) or not set(kind.values) & set(fact.values):
            report(part, f"'{ref}' shares no value with this table.")
        return ref

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
        named = fact.change.course
        course = self._codes(named, fact, report, "change.course") if named else ()
        if fact.change.against == "before_course" and not named:
            report("change", "'before_course' needs 'course': the drug or class whose start is the baseline.")
        percent = fact.change.measured == "percent"
        spans = (fact.change.baseline_within, fact.change.counts_from)
        for part, span in zip(("baseline_within", "counts_from"), spans, strict=True):
            wrong = check_span(span) if span else None
            if wrong:
                report(f"change.{part}", wrong)
        if events is None:
            return None
        return ChangeSince(events, fact.change.against, percent, course, *spans, fact.change.before_newest)

    def _events(self, select: Select, fact: Fact, report: Report, part: str) -> Events | None:
        wrong = check_span(select.within) if select.within else None
        if wrong:
            report(f"{part}.within", wrong)
        where = None
        if select.where:
            where = self.predicate(select.where, fact, report, f"{part}.where", event=True)
        codes = self._codes(select.code, fact, report, f"{part}.code")
        return Events(select.kind, codes, where, select.within, select.future)

    def _codes(self, code: str | list[str], fact: Fact, report: Report, part: str) -> tuple[str, ...]:
        codes = (code,) if isinstance(code, str) else tuple(code)
        known = [*self.vocabulary.terms, *self.vocabulary.members]
        for one in codes:
            if one.startswith("$"):
                if one[1:] != fact.of:
                    report(part, f"'{one}' is not the argument of this fact; write 'of: {one[1:]}'.")
            elif one != "*" and one not in known:
                report(part, f"'{one}' is not a term or class of the vocabulary.{did_you_mean(one, known)}")
        return codes


def _numbers(row: Row, report: Report, where: str) -> Decimal | None:
    """The outcome of a row in a table of numbers; none where it passes on a fact."""
    if row.unknown != "next":
        report(
            f"{where}.unknown", f"'{row.unknown}' is no outcome of a table of numbers; write 'unknown: next'."
        )
    if row.then.startswith("="):
        return None
    try:
        return Decimal(row.then)
    except InvalidOperation:
        report(f"{where}.then", f"'{row.then}' is not a number.")
        return None


def speaks_of(derivation: Derivation) -> list[Ref]:
    """The facts that a derivation needs, in order, once each."""
    nodes: list[Node] = []
    if isinstance(derivation, When):
        nodes = [derivation.node]
    elif isinstance(derivation, Cases):
        nodes = [n for r in derivation.rows for n in (r.when, r.then_value) if n is not None]
    elif isinstance(derivation, Observe) and derivation.weight is not None:
        nodes = [n for n in (derivation.events.where,) if n is not None]
        return list(dict.fromkeys([*(ref for node in nodes for ref in refs(node)), derivation.weight]))
    elif isinstance(derivation, Observe | ChangeSince) and derivation.events.where is not None:
        nodes = [derivation.events.where]
    elif isinstance(derivation, Greatest):
        return [Ref(name) for name in derivation.names]
    elif isinstance(derivation, CoverOfSites):
        return [Ref(derivation.whole)]
    elif isinstance(derivation, Product):
        return [Ref(name) for name in (*derivation.names, *derivation.over)]
    return list(dict.fromkeys(ref for node in nodes for ref in refs(node)))
