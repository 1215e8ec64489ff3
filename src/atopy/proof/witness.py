"""A patient for whom a claim is true, with as few known facts as may be."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import z3

from atopy.criteria import Day, Ref, Value
from atopy.proof.logic import Formula, Rails, disjunction, negation
from atopy.proof.space import Amount, Choice, Space

Patient = dict[str, Value]
"""By the key of a fact straight from the record: what it is worth. All others are unknown."""


def witness(
    solver: z3.Solver, spaces: Sequence[Space], formula: Formula, rests_on: Sequence[Ref], day: date
) -> list[Patient]:
    """A patient that meets the formula, in each of the spaces that it speaks of.

    Each fact stays unknown unless the claim cannot do without it; the day is *day* unless it must be another.
    """
    solver.push()
    try:
        if not isinstance(formula, bool):
            solver.add(formula)
        assert solver.check() == z3.sat
        model = solver.model()
        of = [(space, ref) for space in spaces for ref in rests_on if ref.key in space.free]
        unknown = {(space.mark, ref.key): negation(space.known(ref)) for space, ref in of}
        known = [(space, ref) for space, ref in of if _value(space, ref, model) is not None]
        solver.add([unknown[space.mark, ref.key] for space, ref in of if (space, ref) not in known])
        for space, ref in known:
            if solver.check(unknown[space.mark, ref.key]) == z3.sat:
                solver.add(unknown[space.mark, ref.key])
        for space, ref in of:
            _simplify(solver, space, ref, day)
        assert solver.check() == z3.sat
        model = solver.model()
        found: list[Patient] = []
        for own in spaces:
            values = {ref.key: _value(own, ref, model) for space, ref in known if space is own}
            found.append({key: value for key, value in values.items() if value is not None})
        return found
    finally:
        solver.pop()


def otherwise(space: Space, patient: Patient, keys: Sequence[str]) -> Formula:
    """Somebody of whom one of these facts is worth something else; a number, less than half or over the double."""
    return disjunction(_differs(space.term(space.free[key]), patient[key]) for key in keys)


def _differs(term: Rails | Choice | Amount, value: Value) -> Formula:
    if isinstance(term, Rails):
        return negation(term.true if value else term.false)
    if isinstance(term, Choice):
        return negation(term.of[str(value)])
    (known, number), *_ = term.pieces
    if not isinstance(value, Decimal):
        return False  # a day: any would do
    half, double = sorted((value / 2, value * 2))
    return disjunction((negation(known), number < z3.RealVal(str(half)), number > z3.RealVal(str(double))))


def _simplify(solver: z3.Solver, space: Space, ref: Ref, day: date) -> None:
    """A day like the others, and a number that somebody would write: a whole one, else one of few decimals."""
    term = space.term(ref)
    if not isinstance(term, Amount):
        return
    value = term.pieces[0][1]
    if isinstance(space.rules.facts[ref.name].signature.type, Day):
        wanted = [value == day.toordinal()]
    elif value.is_int():
        return
    else:
        wanted = [z3.IsInt(value * 10**decimals) for decimals in range(3)]
    for one in wanted:
        if solver.check(one) == z3.sat:
            solver.add(one)
            return


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
