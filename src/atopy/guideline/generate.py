"""Facts that follow from the content's own files: one ``rule`` per predicate, and for each therapy what its
contraindications, licences and grades come to. The tables in ``decisions/`` speak of these.

Only *combination* happens here (any of, in force, for this country); what it leads to is content.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from atopy.criteria import (
    Boolean,
    Category,
    Compare,
    Constant,
    Is,
    Label,
    Missing,
    Node,
    Not,
    Number,
    Quantity,
    Ref,
    Signature,
    conjunction,
    disjunction,
)
from atopy.facts import Cases, CompiledFact, DaysOverdue, Derivation, TableRow, When
from atopy.guideline.interactions import Meeting
from atopy.guideline.schema import (
    Contraindication,
    Dose,
    Grade,
    Guideline,
    Licence,
    Regimen,
    Statement,
    Therapy,
)

Predicate = Callable[[str, str], Node | None]
"""Parses a predicate's text; the first argument names the part for the report."""

GRADES = ("against", "none", "conditional", "strong")
LINES = ("first", "second", "last")


LABELS = {
    "suits": "this option is meant for this patient",
    "taking": "this option is being taken",
    "failed_option": "this option was tried without effect",
    "tried_option": "this option is being taken or was",
    "contraindicated_absolute": "an absolute contraindication is met",
    "contraindicated_relative": "a relative contraindication is met",
    "part_barred": "an absolute contraindication of a part of it is met",
    "safety_unknown": "a contraindication that must be known first cannot be decided",
    "safety_to_confirm": "a contraindication is still to be confirmed before giving",
    "licensed": "licensed here for this patient",
    "off_label": "used here outside its licence",
    "outside_licence": "licensed here, but not for this patient",
    "undosed": "inside the licence, but no source read gives this patient a dose",
    "unavailable": "not marketed here, or withdrawn",
    "needs_specialist": "begun by a specialist",
    "unproven": "unproven",
    "recommended_against": "a source in force advises against it",
    "excluded_by_group": "another option of its group is being taken",
    "barred_here": "barred by the local formulary",
    "step_unmet": "the local step before it has not been tried",
    "access_unmet": "a rule of access of this country is not met",
    "asked_by_access": "a rule of access asks for this option before another",
    "must_stop": "its use passes a limit at which it has to stop",
    "must_hold": "its use passes a limit at which it has to pause",
    "must_reduce": "its use passes a limit at which it has to be reduced",
    "must_optimise": "its use falls short",
    "needs_cover": "it goes on only under cover",
    "above_maximum": "the recorded dose is above every maximum that applies",
    "dose_above": "the recorded dose is above the maximum of this regimen",
    "factor_present": "this factor is shown to be present",
    "factor_suspected": "the record holds a clue to this factor",
    "factor_excluded": "this factor is ruled out",
    "mimic_present": "this other diagnosis is confirmed",
    "mimic_suspected": "the record holds a clue to this other diagnosis",
    "mimic_excluded": "this other diagnosis is ruled out",
    "mimic_settled": "this other diagnosis is known and stays beside the disease",
    "red_flag": "this needs action today",
    "duplicated": "taken together with another option of its group",
    "grade": "the strongest recommendation in force",
    "line": "line of treatment",
    "rung": "rung of the ladder",
    "days_overdue": "days since the last day for this test",
}
"""What each generated fact is called in a sentence; the thing it speaks of follows after a colon."""


def signatures(rungs: tuple[str, ...]) -> dict[str, Signature]:
    """The generated names, so that content may speak of them before they are made."""

    def yes(domain: str) -> Signature:
        return Signature(Boolean(), (domain,))

    option_facts = (
        "suits", "taking", "failed_option", "contraindicated_absolute", "contraindicated_relative", "part_barred",
        "safety_unknown", "safety_to_confirm", "licensed", "off_label", "outside_licence", "unavailable",
        "needs_specialist", "unproven", "recommended_against", "excluded_by_group", "tried_option", "barred_here",
        "step_unmet", "access_unmet", "asked_by_access", "above_maximum", "must_stop", "must_hold", "must_reduce",
        "must_optimise", "needs_cover", "duplicated", "undosed",
    )  # fmt: skip
    made = {name: yes("option") for name in option_facts}
    made |= {name: yes("factor") for name in ("factor_present", "factor_suspected", "factor_excluded")}
    made |= {
        name: yes("mimic") for name in ("mimic_present", "mimic_suspected", "mimic_excluded", "mimic_settled")
    }
    made |= {"red_flag": yes("red_flag"), "rule": yes("rule"), "dose_above": yes("rule")}
    made["days_overdue"] = Signature(Number("days"), ("check",))
    made["grade"] = Signature(Category(GRADES, ordered=True), ("option",))
    made["line"] = Signature(Category(LINES, ordered=True), ("option",))
    made["rung"] = Signature(Category(rungs, ordered=True), ("option",))
    return made


def in_country(country: str | None) -> Node:
    """True here, and where the country is not given (the strictest then applies)."""
    if country is None:
        return Constant(True)
    here = Compare("=", Ref("country"), Label(country))
    return disjunction([here, Missing(Ref("country"))])


def not_in_country(country: str) -> Node:
    """True in another country; false where the country is not given, for then everything applies."""
    here = Ref("country")
    return conjunction([Not(Missing(here)), Not(Compare("=", here, Label(country)))])


def in_force(effective: str | None, until: str | None) -> list[Node]:
    """The as-of date selects the statements in force."""
    nodes: list[Node] = []
    if effective:
        nodes.append(Compare(">=", Ref("as_of"), Label(effective)))
    if until:
        nodes.append(Compare("<", Ref("as_of"), Label(until)))
    return nodes


def all_of(nodes: Iterable[Node]) -> Node:
    """Conjunction without the constants that change nothing."""
    kept = [n for n in nodes if n != Constant(True)]
    return conjunction(kept)


class Generated:
    """Collects the variants of each generated fact."""

    def __init__(self, meta: Guideline, doses: Mapping[str, str] | None = None) -> None:
        self.meta = meta
        self.doses = doses or {}  # by unit: the fact that says what is taken of a drug
        self.variants: dict[str, dict[str, Derivation]] = {}
        self.labels: dict[str, str] = {}
        self.signatures = signatures(tuple(r.id for r in meta.rungs))
        self.of_courses: dict[str, CompiledFact] = {}

    def set(self, fact: str, member: str, node: Node | When | Cases | DaysOverdue) -> None:
        made = node if isinstance(node, When | Cases | DaysOverdue) else When(node)
        self.variants.setdefault(fact, {})[member] = made

    def rule(self, id_: str, *nodes: Node | None) -> Ref:
        """Keep a predicate under its id; other facts refer to it, so its truth and reason are found once."""
        self.set("rule", id_, all_of(n for n in nodes if n is not None))
        return Ref("rule", (id_,))

    def course_fact(self, name: str, node: Node, label: str) -> None:
        """Keep a fact of one treatment course."""
        signature = Signature(Boolean(), event=True)
        self.of_courses[name] = CompiledFact(name, signature, When(node), {"en": label})

    def facts(self) -> dict[str, CompiledFact]:
        """Every generated fact, ready to run."""
        label = {name: {"en": LABELS.get(name, name.replace("_", " "))} for name in self.signatures}
        never, unknown = When(Constant(False)), Cases((), None)
        return {
            name: CompiledFact(
                name, signature, unknown if name == "days_overdue" else never, label[name],
                variants=self.variants.get(name, {}),
            )
            for name, signature in self.signatures.items()
        } | self.of_courses  # fmt: skip


def statement_rules(made: Generated, statements: Iterable[Statement], parse: Predicate) -> None:
    """One rule for each statement: in force, in this country, and what it says of itself."""
    for s in statements:
        limits = [*in_force(s.effective, s.until), in_country(s.country)]
        made.rule(s.id, *limits, parse(s.id, s.when))
        for timing in s.timing:
            made.rule(timing.id, *limits, parse(timing.id, timing.when or s.when))


def therapy_rules(made: Generated, therapy: Therapy, parse: Predicate, met: Iterable[Meeting] = ()) -> None:
    """All generated facts of one option. *met* are its interactions, and those of others with it."""
    t = therapy.id
    made.set("suits", t, parse("suits", therapy.suits) or Constant(False))
    made.set("taking", t, disjunction([Ref("takes", (d,)) for d in therapy.treats_with]))
    made.set("failed_option", t, disjunction([Ref("failed", (d,)) for d in therapy.treats_with]))
    made.set("tried_option", t, disjunction([Ref("tried", (d,)) for d in therapy.treats_with]))
    interactions = _interactions(made, met, parse)
    _safety(made, therapy, interactions, parse)
    _licences(made, therapy, parse)
    _access(made, therapy, parse)
    _grades(made, t, therapy.recommended, parse)
    rung = next((r for r in made.meta.rungs if r.id == therapy.rung), None)
    made.set("line", t, Cases((), rung.line if rung else None))
    made.set("rung", t, Cases((), therapy.rung))
    made.set("needs_specialist", t, Constant(therapy.needs_specialist))
    made.set("unproven", t, Constant(therapy.unproven))
    statement_rules(made, therapy.statements, parse)
    _limits(made, therapy, interactions, parse)
    made.rule(f"{t}-course-limit", parse("course_limit_when", therapy.course_limit_when))
    for regimen in therapy.regimens:
        _regimen(made, regimen, parse)
    undosed = [made.rule(u.id, in_country(u.country), parse(u.id, u.when)) for u in therapy.undosed]
    made.set("undosed", t, disjunction([*undosed]))
    _above_maximum(made, therapy)
    for check in (*therapy.before, *therapy.monitor):
        made.rule(check.id, in_country(check.country), parse(check.id, check.when))
        made.rule(f"{check.id}-done", parse(check.id, check.done))
        statement_rules(made, check.act, parse)


def _regimen(made: Generated, regimen: Regimen, parse: Predicate) -> None:
    """Whom a regimen is for; and beside its bands, so that a plan can say that only the band does not fit."""
    here, when = in_country(regimen.country), parse(regimen.id, regimen.when)
    bands = [parse(regimen.id, text) for text in in_bands(regimen)]
    made.rule(regimen.id, here, *bands, when)
    if bands:
        made.rule(f"{regimen.id}-beside-bands", here, when)


def _above_maximum(made: Generated, therapy: Therapy) -> None:
    """Whether more is taken than any regimen that applies allows, or than a ceiling that applies."""
    ceilings: list[Node] = []
    rules: list[Node] = []
    all_above: list[Node] = []
    for regimen in therapy.regimens:
        top = top_dose(regimen)
        fact = made.doses.get(top[1]) if top else None
        if top is None or fact is None:
            continue
        rule = Ref("rule", (regimen.id,))
        drugs = regimen.of or therapy.treats_with
        more = disjunction([Compare(">", Ref(fact, (d,)), Quantity(top[0])) for d in drugs])
        above = Ref("dose_above", (regimen.id,))
        made.set("dose_above", regimen.id, conjunction([rule, more]))
        if regimen.loading is None and regimen.dose is None:
            ceilings.append(above)
        else:
            rules.append(rule)
            all_above.append(disjunction([Not(rule), more]))
    beyond = [conjunction([disjunction(rules), *all_above])] if rules else []
    made.set("above_maximum", therapy.id, disjunction([*ceilings, *beyond]))


def top_dose(regimen: Regimen) -> tuple[Decimal, str] | None:
    """The most that a regimen allows, in milligrams: its maximum, or else the largest of its doses."""
    given = [d for d in (regimen.loading, regimen.dose, *regimen.then) if d is not None]
    tops = [
        t for d in ([regimen.maximum] if regimen.maximum else given) if (t := in_milligrams(d)) is not None
    ]
    units = {unit for _, unit in tops}
    return max(tops) if len(units) == 1 else None


def in_milligrams(dose: Dose) -> tuple[Decimal, str] | None:
    """The most that a dose says, in milligrams and what they are per; None where it is no mass."""
    top = dose.value if dose.value is not None else dose.high
    counted, *rest = dose.unit.split("/")
    if top is None or counted not in ("mg", "g"):
        return None
    return top * (1000 if counted == "g" else 1), "/".join(["mg", *rest])


def in_bands(regimen: Regimen) -> list[str]:
    """The bands as predicates; half-open, so that what lies on a border is in the upper one."""
    ends = [(f, ">=", b.low) for f, b in regimen.bands.items()] + [
        (f, "<", b.high) for f, b in regimen.bands.items()
    ]
    return [f"{fact} {sign} {end}" for fact, sign, end in ends if end is not None]


_ACTIONS = {
    "stop": "must_stop",
    "hold": "must_hold",
    "reduce": "must_reduce",
    "optimise": "must_optimise",
    "continue_with_cover": "needs_cover",
}


class _Met(NamedTuple):
    """An interaction with its rules: the other drug is taken, the other drug is planned."""

    meeting: Meeting
    taken: Ref
    planned: Ref


def _interactions(made: Generated, met: Iterable[Meeting], parse: Predicate) -> list[_Met]:
    found = []
    for meeting in met:
        one = meeting.interaction
        where = (in_country(one.country), parse(one.id, one.when))
        takes = disjunction([Ref("takes", (d,)) for d in meeting.drugs])
        to_start = disjunction([Ref("to_start", (d,)) for d in meeting.drugs])
        taken = made.rule(meeting.id, *where, takes)
        found.append(_Met(meeting, taken, made.rule(f"{meeting.id}-planned", *where, to_start)))
    return found


def _limits(made: Generated, therapy: Therapy, met: list[_Met], parse: Predicate) -> None:
    """What a limit that is passed, or another drug, asks of a drug being taken."""
    found: dict[str, list[Node]] = {name: [] for name in _ACTIONS.values()}
    for limit in therapy.limits:
        ref = made.rule(limit.id, in_country(limit.country), parse(limit.id, limit.when))
        found[_ACTIONS[limit.action]].append(ref)
    for meeting, taken, planned in met:
        found[_ACTIONS[meeting.taken]].append(taken)
        found["needs_cover"].append(planned)
    for name, nodes in found.items():
        made.set(name, therapy.id, disjunction(nodes))


def group_rules(made: Generated, therapies: Iterable[Therapy]) -> None:
    """Options of one group exclude each other: taking one bars adding another, and two at once are one too many."""
    listed = list(therapies)
    together = {t.id: t.combines_with for t in listed}
    for therapy in listed:
        others = [o.id for o in listed if o.group and o.group == therapy.group and o.id != therapy.id]
        made.set("excluded_by_group", therapy.id, disjunction([Ref("taking", (o,)) for o in others]))
        meant = [
            o for o in others if o not in therapy.combines_with and therapy.id not in together.get(o, ())
        ]
        made.set("duplicated", therapy.id, disjunction([Ref("taking", (o,)) for o in meant]))


def _safety(made: Generated, therapy: Therapy, met: list[_Met], parse: Predicate) -> None:
    bars: dict[str, list[Node]] = {"absolute": [], "relative": [], "caution": []}
    hold: list[Node] = []
    ask: list[Node] = []
    for c in therapy.contraindicated:
        ref = made.rule(c.id, in_country(c.country), *_narrowed(c, parse))
        bars[c.severity].append(ref)
        if c.severity != "caution":
            (hold if c.if_unknown == "hold" else ask).append(Is(ref, None))
        if c.country is not None and c.warns_elsewhere:
            made.rule(f"{c.id}-elsewhere", not_in_country(c.country), *_narrowed(c, parse))
    new = Not(Is(Ref("taking", (therapy.id,)), True))  # while both are taken, ``taken`` says what to do
    for meeting, taken, _ in met:
        bar, severity = conjunction([new, taken]), meeting.severity
        bars[severity].append(bar)
        if severity != "caution":
            ask.append(Is(bar, None))
    made.set("contraindicated_absolute", therapy.id, disjunction(bars["absolute"]))
    made.set("contraindicated_relative", therapy.id, disjunction(bars["relative"]))
    made.set(
        "part_barred", therapy.id, disjunction([Ref("contraindicated_absolute", (p,)) for p in therapy.parts])
    )
    made.set("safety_unknown", therapy.id, disjunction(hold))
    made.set("safety_to_confirm", therapy.id, disjunction(ask))


def _narrowed(c: Contraindication, parse: Predicate) -> list[Node | None]:
    applies = parse(c.id, c.applies_to) if c.applies_to else None
    return [applies, parse(c.id, c.when)]


def _licences(made: Generated, therapy: Therapy, parse: Predicate) -> None:
    by_status: dict[str, list[Node]] = {}
    for i, licence in enumerate(therapy.licence):
        here = Compare("=", Ref("country"), Label(licence.country))
        who = parse(f"licence[{i}]", licence.when) or Constant(False)
        force = in_force(licence.effective, None)
        by_status.setdefault(licence.status, []).append(all_of([here, *force, who]))
    made.set("licensed", therapy.id, disjunction(by_status.get("licensed", [])))
    made.set("off_label", therapy.id, disjunction(by_status.get("off_label", [])))
    made.set("unavailable", therapy.id, _unavailable(therapy.licence, by_status))
    made.set("outside_licence", therapy.id, _outside(therapy.licence))


def _access(made: Generated, therapy: Therapy, parse: Predicate) -> None:
    """A funding rule counts in its own country only; without a country nobody knows who pays."""
    unmet: list[Node] = []
    for a in therapy.access:
        here = Is(Compare("=", Ref("country"), Label(a.country)), True)
        asked = parse(a.id, a.requires)
        not_met = Not(asked) if asked is not None else None
        unmet.append(
            made.rule(a.id, here, *in_force(a.effective, a.until), parse(f"{a.id}.when", a.when), not_met)
        )
    made.set("access_unmet", therapy.id, disjunction(unmet))


def asked_rules(made: Generated, therapies: Iterable[Therapy]) -> None:
    """What a rule of access that is not met wants tried first: to each such option, the rules that ask for it."""
    asking: dict[str, list[Node]] = {}
    for therapy in therapies:
        for rule in therapy.access:
            for option in rule.asks_for:
                asking.setdefault(option, []).append(Ref("rule", (rule.id,)))
    for option, rules in asking.items():
        made.set("asked_by_access", option, disjunction(rules))


def _unavailable(licences: list[Licence], by_status: dict[str, list[Node]]) -> Node:
    """Withdrawn or not marketed here; without a country, only when that holds in every country listed."""
    gone = [*by_status.get("withdrawn", []), *by_status.get("not_marketed", [])]
    everywhere = bool(licences) and all(x.status in ("withdrawn", "not_marketed") for x in licences)
    return disjunction([*gone, *([Missing(Ref("country"))] if everywhere else [])])


def _outside(licences: list[Licence]) -> Node:
    """Licensed in this country, but known not for this patient, and no off-label use is described."""
    off_label = {x.country for x in licences if x.status == "off_label"}
    only_licensed = dict.fromkeys(x.country for x in licences if x.status == "licensed")
    return disjunction([Compare("=", Ref("country"), Label(c)) for c in only_licensed if c not in off_label])


def _grades(made: Generated, option: str, grades: list[Grade], parse: Predicate) -> None:
    """The strongest verified recommendation in force; recalled ones are shown but decide nothing."""
    found: dict[str, list[Node]] = {"strong": [], "conditional": [], "against": []}
    for g in grades:
        ref = made.rule(g.id, *in_force(g.effective, g.until), parse(g.id, g.when))
        if not g.verified:
            continue
        if g.direction == "against":
            found["against"].append(ref)
        elif g.direction == "for":
            found["strong" if g.strength == "strong" else "conditional"].append(ref)
    rows = tuple(
        TableRow(disjunction(found[k]), k, "next") for k in ("strong", "conditional", "against") if found[k]
    )
    made.set("grade", option, Cases(rows, "none"))
    made.set("recommended_against", option, disjunction(found["against"]))


def outside_licence_needs_not_licensed(made: Generated, option: str) -> None:
    """``outside_licence`` is only true when ``licensed`` is known to be false."""
    current = made.variants["outside_licence"][option]
    assert isinstance(current, When)
    made.set("outside_licence", option, all_of([current.node, Not(Ref("licensed", (option,)))]))


__all__ = [
    "GRADES",
    "LINES",
    "Generated",
    "group_rules",
    "in_country",
    "signatures",
    "statement_rules",
    "therapy_rules",
]
