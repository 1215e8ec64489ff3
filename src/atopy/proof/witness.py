"""A patient for whom a claim is true, with as few known facts as may be."""

from datetime import date
from decimal import Decimal

import z3

from atopy.criteria import Day, Ref, Value
from atopy.proof.logic import Formula, Rails
from atopy.proof.space import Amount, Choice, Space

Patient = dict[str, Value]
"""By the key of a fact straight from the record: what it is worth. All others are unknown."""


def witness(solver: z3.Solver, space: Space, formula: Formula, rests_on: list[Ref]) -> Patient:
    """A patient that meets the formula. Each fact stays unknown unless the claim cannot do without it."""
    solver.push()
    try:
        if not isinstance(formula, bool):
            solver.add(formula)
        assert solver.check() == z3.sat
        model = solver.model()
        known = [ref for ref in rests_on if ref.key in space.free and _value(space, ref, model) is not None]
        for ref in known:
            unknown = z3.Not(_as_formula(space.known(ref)))
            if solver.check(unknown) == z3.sat:
                solver.add(unknown)
        assert solver.check() == z3.sat
        model = solver.model()
        found = {ref.key: _value(space, ref, model) for ref in known}
        return {key: value for key, value in found.items() if value is not None}
    finally:
        solver.pop()


def _as_formula(formula: Formula) -> z3.BoolRef:
    return z3.BoolVal(formula) if isinstance(formula, bool) else formula


def _holds(formula: Formula, model: z3.ModelRef) -> bool:
    return formula if isinstance(formula, bool) else z3.is_true(model.eval(formula, model_completion=True))


def _value(space: Space, ref: Ref, model: z3.ModelRef) -> Value:
    """What a free term is worth in a model."""
    term = space.term(ref)
    if isinstance(term, Rails):
        return True if _holds(term.true, model) else False if _holds(term.false, model) else None
    if isinstance(term, Choice):
        return next((value for value, holds in term.of.items() if _holds(holds, model)), None)
    assert isinstance(term, Amount)
    (known, value), *_ = term.pieces
    if not _holds(known, model):
        return None
    number = _number(model.eval(value, model_completion=True))
    if isinstance(space.rules.facts[ref.name].signature.type, Day):
        return date.fromordinal(int(number))
    return number


def _number(value: z3.ExprRef) -> Decimal:
    if isinstance(value, z3.IntNumRef):
        return Decimal(value.as_long())
    if isinstance(value, z3.AlgebraicNumRef):
        value = value.approx(9)
    assert isinstance(value, z3.RatNumRef)
    return Decimal(value.numerator_as_long()) / Decimal(value.denominator_as_long())
