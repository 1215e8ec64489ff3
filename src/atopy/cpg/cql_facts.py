"""A fact measured over events as a CQL expression; or why CQL cannot reasonably derive it, and it is a parameter."""

from collections.abc import Callable, Iterator

from atopy.cpg.cql_nodes import Writer
from atopy.cpg.cql_text import EVENT, name, span, string, strings, type_name
from atopy.criteria import Boolean, Category, Is, Node, Number, Ref, Type, refs
from atopy.facts import (
    Cases,
    ChangeSince,
    CompiledFact,
    CoverOfSites,
    DaysOverdue,
    Derivation,
    Events,
    Observe,
    Rules,
    When,
)
from atopy.facts.fields import FIELDS

_NOT_IN_FHIR = ("override", "patch_test", "preference", "note")
_FIELDS = {
    "number": "E.number", "text": "E.text", "flag": "E.flag", "status": "E.status", "start_date": "E.date",
    "end_date": "E.ended", "days_ago": 'Record."DaysAgo"(E)', "days_since_start": 'Record."DaysSince"(E.date)',
    "days_since_noted": 'Record."DaysSince"(Coalesce(E.recorded, E.date))', "days_long": 'Record."DaysLong"(E)',
    "age_when_begun": 'Record."AgeOn"(E.began)', "age_at_start": 'Record."AgeOn"(E.date)',
    "potency": '"PotencyOf"(E.code)', "potency_at_least": '"LeastPotencyOf"(E.code)', "route": '"RouteOf"(E.code)',
}  # fmt: skip
_WITH_ARGUMENT = ("belongs", "at_site")
_READ = {
    "number": "number",
    "text": "text",
    "flag": "flag",
    "status": "status",
    "date": "date",
    "end": "ended",
}
_MEASURES = ("latest", "earliest", "exists", "count", "highest", "lowest", "days_since", "duration")
_OF_ONE = ("latest", "earliest", "highest", "lowest")  # measures that give what stands in one event
_STATES = ("finding", "condition", "exposure", "allergy", "life_event")
_ASKED = ("finding", "exposure")
_WHY_MEASURE = {
    "sum": "adds up what several courses used, each over its own days",
    "dose": "holds the doses of running courses against each other, in one unit, by the weight at the time",
    "supply_at_most": "adds up what was dispensed, in grams a week",
    "supply_at_least": "adds up what was dispensed, in grams a week",
}
_USE, _LABEL = "how a course was used", "what a label lists, against every known reaction"
_WHY_FIELD = {
    "response": "how a course worked",
    "adherence": _USE,
    "adherence_percent": _USE,
    "days_covered_percent": "how much of a course its dispensings cover",
    "grams_dispensed_per_day": "what was dispensed within a course",
    "stopped_for": "why a course was stopped, in words",
    "reason": "what a course was for, in words",
    "frequency": "how often, in the record's own words",
    "vehicle": "the vehicle of a product",
    "sessions": "how many sessions were given",
    "ingredient": "what a label lists",
    "holds_allergen": _LABEL,
    "may_hold_allergen": _LABEL,
    "said_by": "who said it",
    "amount_g": "an amount, in grams",
    "grams_per_day": "an amount, in grams a day",
}


def why_not(rules: Rules, fact: CompiledFact, derivation: Derivation) -> str | None:
    """Why a fact is not derived in CQL; None where it is."""
    if isinstance(derivation, ChangeSince):
        return "holds a score against an earlier one: the first, the one before, or that before a course"
    if isinstance(derivation, DaysOverdue):
        return "counts from the course, its dose increases and the timetables of several sources"
    if isinstance(derivation, CoverOfSites):
        return "measures the sites of one course against the parts of the body"
    if not isinstance(derivation, Observe):
        return None
    if derivation.measure not in _MEASURES:
        return _WHY_MEASURE[derivation.measure]
    if derivation.events.kind in _NOT_IN_FHIR:
        return f"no FHIR resource that Atopy reads holds {_article(derivation.events.kind)}"
    if derivation.measure in _OF_ONE and fact.absent != "unknown":
        return "the absence of a newest value is given a meaning"
    if derivation.field is not None and derivation.field not in _READ:
        return f"reads {derivation.field.replace('_', ' ')} of an event"
    return _why_not_where(rules, derivation.events.where)


def _article(kind: str) -> str:
    words = kind.replace("_", " ")
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _why_not_where(rules: Rules, where: Node | None) -> str | None:
    for field in sorted(set(fields_of(rules, where))):
        if field not in _FIELDS and field not in _WITH_ARGUMENT:
            return f"asks each event for {_WHY_FIELD.get(field, 'its dose')}"
    return None


def fields_of(rules: Rules, node: Node | None) -> Iterator[str]:
    """The fields of events that a predicate rests on, through the facts of one course."""
    for ref in refs(node) if node is not None else ():
        if not ref.event:
            continue
        if ref.name in FIELDS:
            yield ref.name
            continue
        derivation = rules.facts[ref.name].derivation
        for inner in nodes_of(derivation):
            yield from fields_of(rules, inner)
        if isinstance(derivation, CoverOfSites):
            yield "grams_per_day"


def nodes_of(derivation: Derivation) -> Iterator[Node]:
    """The predicates of a derivation."""
    if isinstance(derivation, When):
        yield derivation.node
    elif isinstance(derivation, Cases):
        for row in derivation.rows:
            yield row.when
            if row.then_value is not None:
                yield row.then_value
    elif isinstance(derivation, Observe) and derivation.events.where is not None:
        yield derivation.events.where


class FactWriter:
    """Writes facts over events, and keeps what they need beside: functions of one event."""

    def __init__(self, rules: Rules, write: Callable[[Ref], str], type_of: Callable[[Ref], Type]) -> None:
        self.rules = rules
        self.functions: dict[str, str] = {}
        self._patient = write
        self.predicate = Writer(self._term, type_of)

    def _term(self, ref: Ref) -> str:
        """A term in a where-clause: of the event ``E``, or of the patient."""
        if not ref.event:
            return self._patient(ref)
        if ref.name == "belongs":
            return f"(E.code in {strings(self.rules.codes(ref.args[0]))})"
        if ref.name == "at_site":
            return f'Record."At"(E, {string(ref.args[0])})'
        if ref.name in _FIELDS:
            self._by_code(ref.name)
            return _FIELDS[ref.name]
        self._course_fact(ref)
        return f"{name(ref.key)}(E)"

    def _course_fact(self, ref: Ref) -> None:
        if ref.key in self.functions:
            return
        fact = self.rules.facts[ref.name]
        derivation = self.rules.derivation(fact, ref.args)
        text = (
            self.table(derivation, fact.signature.type)
            if isinstance(derivation, Cases)
            else self._when(derivation)
        )
        self.functions.pop(ref.key, None)
        self.functions[ref.key] = f"define function {name(ref.key)}(E {EVENT}):\n  {text}"

    def _when(self, derivation: Derivation) -> str:
        assert isinstance(derivation, When)
        return self.predicate(derivation.node)

    def _by_code(self, field: str) -> None:
        """What the vocabulary says of a drug, by its code."""
        titles = {"potency": "PotencyOf", "potency_at_least": "LeastPotencyOf", "route": "RouteOf"}
        if field not in titles or field in self.functions:
            return
        groups: dict[str, list[str]] = {}
        for term in self.rules.vocabulary.terms.values():
            value = self._said_of(term.id, field)
            if value is not None:
                groups.setdefault(value, []).append(term.id)
        arms = "".join(f"\n    when code in {strings(codes)} then {string(v)}" for v, codes in groups.items())
        text = f"case{arms}\n    else null end" if arms else "null as String"
        self.functions[field] = f"define function {name(titles[field])}(code String):\n  {text}"

    def _said_of(self, term: str, field: str) -> str | None:
        from atopy.facts.fields import POTENCY

        terms = self.rules.vocabulary.terms
        own: str | None = getattr(terms[term], "potency" if field == "potency_at_least" else field)
        if own is None or field != "potency_at_least":
            return own
        products = (terms[c].potency for c in self.rules.vocabulary.members.get(term, ()) if c in terms)
        return min((own, *(p for p in products if p)), key=POTENCY.index)

    # -- measures

    def observe(self, fact: CompiledFact, observe: Observe) -> str:
        """A fact of one of the kinds that CQL derives."""
        events = observe.events
        met = "true" if events.where is None else self.predicate(events.where)
        listed = self._candidates(observe, fact)
        judged = f"(({listed}) E return all Tuple {{ event: E, met: {met} }})"
        if observe.measure == "exists":
            return f'Record."Any"({judged}, {self._asked(events)}, {_closed(fact)})'
        if observe.measure == "count":
            return f'Record."Number"({judged}, {_closed(fact)})'
        if observe.measure == "duration":
            return f'Record."DaysRunning"({judged}, {_closed(fact)})'
        if observe.measure == "days_since":
            return f'Record."SinceLast"({judged})'
        if observe.measure in ("highest", "lowest"):
            return f'Record."{observe.measure.capitalize()}"({judged})'
        found = f'Record."{observe.measure.capitalize()}"({judged})'
        return _read(found, fact, observe)

    def _candidates(self, observe: Observe, fact: CompiledFact) -> str:
        events = observe.events
        listed = f'Record."{events.kind}"'
        if events.codes != ("*",):
            listed = f'Record."Of"({listed}, {strings(self.rules.codes_of(events.codes))})'
        limit = events.within or fact.valid_for
        since = f'Record."AsOf" - {span(limit)}' if limit else "null"
        listed = f'Record."{"WithFuture" if events.future else "Within"}"({listed}, {since})'
        if observe.measure == "exists" and events.kind in _ASKED:
            listed = f'Record."Answered"({listed})'
        if observe.measure == "exists" and events.kind in _STATES:
            listed = f'Record."Newest"({listed})'
        return listed

    def _asked(self, events: Events) -> str:
        """Each code with the members of its class: all of these have to be answered before none means no."""
        if events.codes == ("*",):
            return "{ }"
        rows = []
        for code in events.codes:
            parts = self.rules.codes(code)[1:] or (code,)
            rows.append(f"Tuple {{ code: {string(code)}, parts: {strings(parts)} }}")
        return "{ " + ", ".join(rows) + " }"

    # -- tables

    def table(self, table: Cases, kind: Type) -> str:
        """A decision table: the first row that is true, or undecided with an outcome for that."""
        return written_table(table, kind, self.predicate)


def written_table(table: Cases, kind: Type, predicate: Writer) -> str:
    """A decision table: the first row that is true, or undecided with an outcome for that."""
    from atopy.cpg.cql_text import decimal

    arms = []
    for row in table.rows:
        when = predicate(row.when)
        if row.then_value is not None:
            then = predicate.write(row.then_value)
        else:
            then = decimal(row.number) if row.number is not None else string(row.then)
        arms.append(f"\n    when {when} then {then}")
        if row.unknown != "next":
            undecided = predicate(Is(row.when, None))
            arms.append(f"\n    when {undecided} then {string(row.unknown)}")
    otherwise = "null" if table.otherwise is None else string(table.otherwise)
    if not arms:
        return f"null as {type_name(kind)}" if table.otherwise is None else otherwise
    return f"case{''.join(arms)}\n    else {otherwise}\n  end"


def _closed(fact: CompiledFact) -> str:
    """What no event means for this fact."""
    if fact.absent == "unknown":
        return "null"
    if fact.absent == "false":
        return "false"
    listed = fact.absent.removeprefix("attested ")
    return f'Record."Closed"({string(listed)}, Record."AsOf" - {span(fact.attested_for)})'


def _read(found: str, fact: CompiledFact, observe: Observe) -> str:
    """The part of the event that the fact speaks of."""
    kind = fact.signature.type
    given = observe.field or (
        "number" if isinstance(kind, Number) else "text" if isinstance(kind, Category) else "flag"
    )
    value = f"{found}.{_READ[given]}"
    if isinstance(kind, Category):
        said = {**{v: v for v in kind.values}, **fact.value_map}
        return _mapped(value, {k: string(v) for k, v in said.items() if v in kind.values})
    if isinstance(kind, Boolean) and given in ("text", "status"):
        said = {"true": "true", "false": "false", **fact.value_map}
        return _mapped(value, {k: v for k, v in said.items() if v in ("true", "false")})
    return value


def _mapped(value: str, to: dict[str, str]) -> str:
    arms = " ".join(f"when {string(k)} then {v}" for k, v in to.items())
    return f"case {value} {arms} else null end"
