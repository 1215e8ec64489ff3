"""Formulas worked out for one patient, so that they can be held against the reference."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import z3

from atopy.criteria import Day, Ref, Value
from atopy.proof.logic import Formula, Rails
from atopy.proof.space import Amount, Choice, Space
from atopy.truth import Truth


class Evaluated:
    """One patient in a space: each free term has its value, and every formula is then true or false."""

    def __init__(self, space: Space, values: Mapping[str, Value]) -> None:
        self.space = space
        self.values = values
        self.solver = z3.Solver()
        self._settled: set[str] = set()
        self._defined = 0

    def settle(self) -> None:
        """Give their values to the free terms that came up since."""
        for key, ref in list(self.space.free.items()):
            if key not in self._settled:
                self._settled.add(key)
                self.solver.add(self._equations(ref))
        self.solver.add(self.space.definitions[self._defined :])
        self._defined = len(self.space.definitions)
        assert self.solver.check() == z3.sat
        self.model = self.solver.model()

    def _equations(self, ref: Ref) -> list[z3.BoolRef]:
        value, term = self.values.get(ref.key), self.space.term(ref)
        if isinstance(term, Rails):
            return [term.true == (value is True), term.false == (value is False)]
        if isinstance(term, Choice):
            return [holds == (value == member) for member, holds in term.of.items()]
        (known, number), *_ = term.pieces
        given = [] if isinstance(known, bool) else [known == (value is not None)]
        if value is None:
            return [*given, *self.space.bounds[ref.key]]  # any number that it could be, if it were known
        exact = value.toordinal() if isinstance(value, date) else z3.RealVal(str(value))
        return [*given, number == exact]

    def holds(self, formula: Formula) -> bool:
        if isinstance(formula, bool):
            return formula
        return z3.is_true(self.model.eval(formula, model_completion=True))

    def truth(self, rails: Rails) -> Truth:
        true, false = self.holds(rails.true), self.holds(rails.false)
        assert not (true and false), "both rails hold"
        return True if true else False if false else None

    def value(self, ref: Ref) -> Value:
        term = self.space.term(ref)
        if any(key not in self._settled for key in self.space.free):
            self.settle()
        if isinstance(term, Rails):
            return self.truth(term)
        if isinstance(term, Choice):
            found = [member for member, holds in term.of.items() if self.holds(holds)]
            assert len(found) <= 1, f"{ref} has several values"
            return found[0] if found else None
        numbers = [self.model.eval(x, model_completion=True) for when, x in term.pieces if self.holds(when)]
        assert len(numbers) <= 1, f"{ref} has several values"
        kind = self.space.rules.facts[ref.name].signature.type
        return _number(numbers[0], isinstance(kind, Day)) if numbers else None


def _number(value: z3.ExprRef, day: bool) -> Value:
    value = z3.simplify(value)
    if day:
        return date.fromordinal(value.as_long())
    if isinstance(value, z3.IntNumRef):
        return Decimal(value.as_long())
    return Decimal(value.numerator_as_long()) / Decimal(value.denominator_as_long())


__all__ = ["Amount", "Evaluated"]
