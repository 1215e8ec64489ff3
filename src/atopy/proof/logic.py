"""Kleene's three-valued logic over Z3: a truth is a pair of formulas, when it is true and when it is false.

Where neither holds it is unknown; both never hold. The tables are those of ``atopy.truth``; a test holds the two
equal. Constants are folded while a formula is built, so that what the content leaves fixed costs the solver nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import z3

Formula: TypeAlias = z3.BoolRef | bool


def negation(part: Formula) -> Formula:
    """The opposite of a formula."""
    if isinstance(part, bool):
        return not part
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def conjunction(parts: Iterable[Formula]) -> Formula:
    """All of the parts; of none, true."""
    kept: dict[int, z3.BoolRef] = {}
    for part in parts:
        if isinstance(part, bool):
            if not part:
                return False
        else:
            kept[part.get_id()] = part
    if not kept:
        return True
    listed = list(kept.values())
    return listed[0] if len(listed) == 1 else z3.And(listed)


def disjunction(parts: Iterable[Formula]) -> Formula:
    """Any of the parts; of none, false."""
    kept: dict[int, z3.BoolRef] = {}
    for part in parts:
        if isinstance(part, bool):
            if part:
                return True
        else:
            kept[part.get_id()] = part
    if not kept:
        return False
    listed = list(kept.values())
    return listed[0] if len(listed) == 1 else z3.Or(listed)


class Rails(NamedTuple):
    """When something is true, and when it is false."""

    true: Formula
    false: Formula

    @property
    def unknown(self) -> Formula:
        """When it is neither."""
        return conjunction([negation(self.true), negation(self.false)])

    def __invert__(self) -> "Rails":
        return Rails(self.false, self.true)


TRUE = Rails(True, False)
FALSE = Rails(False, True)
UNKNOWN = Rails(False, False)


def sure(formula: Formula) -> Rails:
    """What is never unknown."""
    return Rails(formula, negation(formula))


def every(parts: Iterable[Rails]) -> Rails:
    """Conjunction: one false decides it, whatever is unknown."""
    listed = list(parts)
    return Rails(conjunction(p.true for p in listed), disjunction(p.false for p in listed))


def some(parts: Iterable[Rails]) -> Rails:
    """Disjunction: one true decides it, whatever is unknown."""
    listed = list(parts)
    return Rails(disjunction(p.true for p in listed), conjunction(p.false for p in listed))


def at_least(needed: int, parts: Iterable[Rails]) -> Rails:
    """At least *needed* of the parts, as far as the unknown ones leave it decided."""
    listed = list(parts)
    possible = _counted(needed, [negation(p.false) for p in listed])
    return Rails(_counted(needed, [p.true for p in listed]), negation(possible))


def _counted(needed: int, parts: list[Formula]) -> Formula:
    """At least so many of the formulas, by counting upward: ``reached[n]`` is that n of those seen so far hold."""
    reached: list[Formula] = [True, *([False] * needed)]
    for part in parts:
        for n in range(needed, 0, -1):
            reached[n] = disjunction([reached[n], conjunction([reached[n - 1], part])])
    return reached[needed]
