"""Every possible patient as formulas: each term of the guideline by what is straight from a record, for Z3.

A fact straight from a record is a *free* variable with its domain; what predicates, tables and products make of it is
a formula over those. So a formula that no assignment makes true is true of no patient. The values of a category are
one Boolean each, a number is a real (or whole) number beside the formula that says when it is known.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import z3

from atopy.criteria import (
    And,
    AtLeast,
    Boolean,
    Category,
    Compare,
    Constant,
    Day,
    Is,
    Label,
    Missing,
    Node,
    Not,
    Number,
    OneOf,
    Or,
    Quantity,
    Ref,
)
from atopy.facts import (
    Cases,
    CompiledFact,
    DaysOverdue,
    Demographic,
    Derivation,
    Greatest,
    Observe,
    Product,
    Rules,
    When,
)
from atopy.proof.logic import (
    FALSE,
    TRUE,
    Formula,
    Rails,
    at_least,
    conjunction,
    disjunction,
    every,
    negation,
    some,
    sure,
)


class Choice(NamedTuple):
    """A category: when it has each of its values. Two never hold at once; where none does it is unknown."""

    of: dict[str, Formula]

    @property
    def known(self) -> Formula:
        return disjunction(self.of.values())


class Amount(NamedTuple):
    """A number (or a day, as its ordinal): in each piece, when it holds and what it is then."""

    pieces: tuple[tuple[Formula, z3.ArithRef], ...]

    @property
    def known(self) -> Formula:
        return disjunction(when for when, _ in self.pieces)


Term = Rails | Choice | Amount

_LAST_DAY = date(2199, 12, 31).toordinal()
_FIRST_DAY = date(1900, 1, 1).toordinal()
_WHOLE = ("count", "days_since", "duration")
_ONE_OF_THEM = ("latest", "earliest", "highest", "lowest")


class Space:
    """The terms of one guideline as formulas, each made when it is first asked for."""

    def __init__(self, rules: Rules, mark: str = "") -> None:
        self.rules = rules
        self.mark = mark  # tells the variables of one patient from those of another
        self.terms: dict[str, Term] = {}
        self.free: dict[str, Ref] = {}  # by key: the terms that are variables
        self.bounds: dict[str, list[z3.BoolRef]] = {}  # by key of a free term: what its variables always obey
        self.definitions: list[z3.BoolRef] = []  # of the variables that stand for derived terms
        self._numbers: dict[Decimal, z3.ArithRef] = {}

    # -- terms

    def term(self, ref: Ref) -> Term:
        """A term as formulas."""
        known = self.terms.get(ref.key)
        if known is None:
            fact = self.rules.facts[ref.name]
            known = self.terms[ref.key] = self._made(ref, fact, self.rules.derivation(fact, ref.args))
        return known

    def rails(self, ref: Ref) -> Rails:
        """A term that is true or false."""
        term = self.term(ref)
        assert isinstance(term, Rails), f"{ref} is not true or false"
        return term

    def choice(self, ref: Ref) -> Choice:
        """A term that is a category."""
        term = self.term(ref)
        assert isinstance(term, Choice), f"{ref} is no category"
        return term

    def amount(self, ref: Ref) -> Amount:
        """A term that is a number or a day."""
        term = self.term(ref)
        assert isinstance(term, Amount), f"{ref} is no number"
        return term

    def known(self, ref: Ref) -> Formula:
        """When a term has a value."""
        term = self.term(ref)
        return disjunction(term) if isinstance(term, Rails) else term.known

    def derivation(self, ref: Ref) -> Derivation:
        """How a term is derived."""
        return self.rules.derivation(self.rules.facts[ref.name], ref.args)

    def _made(self, ref: Ref, fact: CompiledFact, derivation: Derivation) -> Term:
        if isinstance(derivation, When):
            return self._named(ref, self.truth(derivation.node))
        if isinstance(derivation, Cases):
            return self._named(ref, self._table(derivation, fact))
        if isinstance(derivation, Greatest):
            assert isinstance(fact.signature.type, Category)
            return self._named(ref, self._greatest(derivation, fact.signature.type.values))
        if isinstance(derivation, Product):
            return self._product(derivation)
        return self._variable(ref, fact, derivation)

    def _named(self, ref: Ref, term: Term) -> Term:
        """The term by variables of its own, each defined once: what one query has shown of it serves the next."""
        if isinstance(term, Rails):
            return Rails(
                self._defined(f"{ref.key} holds", term.true), self._defined(f"{ref.key} fails", term.false)
            )
        if isinstance(term, Choice):
            return Choice({value: self._defined(f"{ref.key} is {value}", f) for value, f in term.of.items()})
        return term

    def _defined(self, name: str, formula: Formula) -> Formula:
        if isinstance(formula, bool) or not formula.num_args():
            return formula
        variable = self._boolean(name)
        self.definitions.append(variable == formula)
        return variable

    # -- free terms

    def _variable(self, ref: Ref, fact: CompiledFact, derivation: Derivation) -> Term:
        self.free[ref.key] = ref
        kind = fact.signature.type
        if isinstance(kind, Boolean):
            true, false = self._boolean(f"{ref.key}"), self._boolean(f"not {ref.key}")
            self.bounds[ref.key] = [z3.Or(z3.Not(true), z3.Not(false))]
            return Rails(true, false)
        if isinstance(kind, Category):
            of = {value: self._boolean(f"{ref.key} = {value}") for value in kind.values}
            self.bounds[ref.key] = [z3.AtMost(*of.values(), 1)] if len(of) > 1 else []
            return Choice(dict(of))
        return self._quantity(ref, kind, derivation)

    def _quantity(self, ref: Ref, kind: Number | Day, derivation: Derivation) -> Amount:
        always = derivation == Demographic("as_of")
        whole = always or isinstance(derivation, DaysOverdue) or (
            isinstance(derivation, Demographic) or (isinstance(derivation, Observe) and derivation.measure in _WHOLE)
        )  # fmt: skip
        value = z3.Int(self.mark + ref.key) if whole else z3.Real(self.mark + ref.key)
        bounds: list[z3.BoolRef] = []
        low: Decimal | int | None
        high: Decimal | int | None
        if isinstance(kind, Day):
            low, high = _FIRST_DAY, _LAST_DAY
        else:
            low, high = kind.low, kind.high
            if isinstance(derivation, Observe):
                low, high = self._plausible(derivation, kind, low, high)
        if low is not None:
            bounds.append(value >= self.number(Decimal(low)))
        if high is not None:
            bounds.append(value <= self.number(Decimal(high)))
        self.bounds[ref.key] = bounds
        return Amount(((True if always else self._boolean(f"{ref.key} is known"), value),))

    def _plausible(
        self, observe: Observe, kind: Number, low: Decimal | None, high: Decimal | None
    ) -> tuple[Decimal | int | None, Decimal | int | None]:
        """What can be: of one measurement what its terms allow, for a record sets aside everything else."""
        if observe.measure in _WHOLE:
            return (0 if low is None else low), high
        terms = [self.rules.vocabulary.terms.get(code) for code in self.rules.codes_of(observe.events.codes)]
        ranges = [t.plausible for t in terms if t is not None and t.plausible and t.unit == kind.unit]
        if observe.measure not in _ONE_OF_THEM or observe.field or not ranges or len(ranges) < len(terms):
            return low, high
        least, most = min(r[0] for r in ranges), max(r[1] for r in ranges)
        return least if low is None else max(low, least), most if high is None else min(high, most)

    def _boolean(self, name: str) -> z3.BoolRef:
        return z3.Bool(self.mark + name)

    def number(self, value: Decimal) -> z3.ArithRef:
        """An exact decimal."""
        known = self._numbers.get(value)
        if known is None:
            known = self._numbers[value] = z3.RealVal(str(value))
        return known

    # -- derived terms

    def _table(self, table: Cases, fact: CompiledFact) -> Term:
        """The first row that is true, or undecided with an outcome for that, wins."""
        won: list[tuple[Formula, int, bool]] = []
        left: Formula = True
        for place, row in enumerate(table.rows):
            rails = self.truth(row.when)
            won.append((conjunction([left, rails.true]), place, True))
            if row.unknown == "next":
                left = conjunction([left, negation(rails.true)])
            else:
                won.append((conjunction([left, rails.unknown]), place, False))
                left = conjunction([left, rails.false])
            if left is False:
                break
        if isinstance(fact.signature.type, Category):
            return self._outcomes(table, won, left)
        return self._numbers_of(table, won)

    def _outcomes(self, table: Cases, won: list[tuple[Formula, int, bool]], left: Formula) -> Choice:
        found: dict[str, list[Formula]] = {}
        for when, place, decided in won:
            row = table.rows[place]
            if when is False:
                continue
            if not decided:
                found.setdefault(row.unknown, []).append(when)
            elif row.then_value is None:
                found.setdefault(row.then, []).append(when)
            else:
                for value, holds in self.choice(row.then_value).of.items():
                    found.setdefault(value, []).append(conjunction([when, holds]))
        if table.otherwise is not None:
            found.setdefault(table.otherwise, []).append(left)
        made = {value: disjunction(parts) for value, parts in found.items()}
        return Choice({value: formula for value, formula in made.items() if formula is not False})

    def _numbers_of(self, table: Cases, won: list[tuple[Formula, int, bool]]) -> Amount:
        pieces: list[tuple[Formula, z3.ArithRef]] = []
        for when, place, decided in won:
            row = table.rows[place]
            if when is False or not decided:
                continue
            if row.then_value is None:
                assert row.number is not None
                pieces.append((when, self.number(row.number)))
            else:
                pieces += [(conjunction([when, w]), v) for w, v in self.amount(row.then_value).pieces]
        return Amount(tuple(pieces))

    def _greatest(self, derivation: Greatest, order: tuple[str, ...]) -> Choice:
        parts = [self.choice(Ref(name)) for name in derivation.names]
        found: dict[str, Formula] = {}
        above: list[Formula] = []
        for value in reversed(order):
            here = disjunction(p.of.get(value, False) for p in parts)
            found[value] = conjunction([here, *(negation(a) for a in above)])
            above.append(here)
        return Choice({value: found[value] for value in order if found[value] is not False})

    def _product(self, derivation: Product) -> Amount:
        pieces: list[tuple[Formula, z3.ArithRef]] = [
            (True, self.number(derivation.times) / self.number(derivation.per))
        ]
        for name in derivation.names:
            others = self.amount(Ref(name)).pieces
            pieces = [(conjunction([a, b]), x * y) for a, x in pieces for b, y in others]
        for name in derivation.over:
            others = self.amount(Ref(name)).pieces
            pieces = [(conjunction([a, b, y != 0]), x / y) for a, x in pieces for b, y in others]
        return Amount(tuple((when, z3.simplify(value)) for when, value in pieces if when is not False))

    # -- predicates

    def truth(self, node: Node) -> Rails:
        """When a predicate is true, and when it is false."""
        if isinstance(node, Ref):
            return self.rails(node)
        if isinstance(node, And):
            return every(self.truth(part) for part in node.parts)
        if isinstance(node, Or):
            return some(self.truth(part) for part in node.parts)
        if isinstance(node, Not):
            return ~self.truth(node.part)
        if isinstance(node, AtLeast):
            return at_least(node.needed, [self.truth(part) for part in node.parts])
        if isinstance(node, Is):
            inner = self.truth(node.part)
            return sure(inner.unknown if node.truth is None else inner.true if node.truth else inner.false)
        if isinstance(node, Missing):
            return sure(negation(self.known(node.ref)))
        if isinstance(node, Constant):
            return TRUE if node.truth else FALSE
        return self._one_of(node) if isinstance(node, OneOf) else self._compare(node)

    def _one_of(self, node: OneOf) -> Rails:
        of = self.choice(node.ref).of
        return Rails(
            disjunction(holds for value, holds in of.items() if value in node.values),
            disjunction(holds for value, holds in of.items() if value not in node.values),
        )

    def _compare(self, node: Compare) -> Rails:
        left = self.term(node.left)
        if isinstance(left, Choice):
            return self._compare_labels(node, left)
        assert isinstance(left, Amount)
        right = self._right(node.right)
        true: list[Formula] = []
        false: list[Formula] = []
        for here, x in left.pieces:
            for there, y in right.pieces:
                holds = _ORDER[node.op](x, y)
                true.append(conjunction([here, there, holds]))
                false.append(conjunction([here, there, z3.Not(holds)]))
        return Rails(disjunction(true), disjunction(false))

    def _right(self, right: Ref | Quantity | Label) -> Amount:
        if isinstance(right, Ref):
            return self.amount(right)
        if isinstance(right, Quantity):
            return Amount(((True, self.number(right.value)),))
        return Amount(((True, z3.IntVal(date.fromisoformat(right.value).toordinal())),))

    def _compare_labels(self, node: Compare, left: Choice) -> Rails:
        right: dict[str, Formula]
        if isinstance(node.right, Ref):
            right = self.choice(node.right).of
        else:
            assert isinstance(node.right, Label)
            right = {node.right.value: True}
        true: list[Formula] = []
        false: list[Formula] = []
        for one, here in left.of.items():
            for other, there in right.items():
                holds = _holds(node, one, other)
                (true if holds else false).append(conjunction([here, there]))
        return Rails(disjunction(true), disjunction(false))


class Supposed(Space):
    """The same patients with some terms worth something else; what does not rest on these is the same formula."""

    def __init__(
        self, of: Space, mark: str, given: Mapping[Ref, Term], touched: Callable[[Ref], bool]
    ) -> None:
        super().__init__(of.rules, mark)
        self.of = of
        self.definitions = of.definitions
        self.terms = {ref.key: term for ref, term in given.items()}
        self._touched = touched

    def term(self, ref: Ref) -> Term:
        if ref.key not in self.terms and not self._touched(ref):
            return self.of.term(ref)
        return super().term(ref)


def _holds(node: Compare, one: str, other: str) -> bool:
    if node.order:
        return bool(_ORDER[node.op](node.order.index(one), node.order.index(other)))
    return bool(_ORDER[node.op](one, other))


_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
