"""Three-valued logic (Kleene's, as in SQL and CQL), written out as data.

A truth value is ``True``, ``False`` or ``None`` (unknown). The tables below are the definition: the
evaluator, the manual and the tests all read them.
"""

from collections.abc import Iterable
from typing import Literal

Truth = bool | None

VALUES: tuple[Truth, ...] = (True, False, None)

NOT: dict[Truth, Truth] = {True: False, False: True, None: None}

AND: dict[tuple[Truth, Truth], Truth] = {
    (True, True): True,
    (True, False): False,
    (True, None): None,
    (False, True): False,
    (False, False): False,
    (False, None): False,
    (None, True): None,
    (None, False): False,
    (None, None): None,
}

OR: dict[tuple[Truth, Truth], Truth] = {
    (True, True): True,
    (True, False): True,
    (True, None): True,
    (False, True): True,
    (False, False): False,
    (False, None): None,
    (None, True): True,
    (None, False): None,
    (None, None): None,
}

Name = Literal["met", "not met", "cannot be decided"]

NAMES: dict[Truth, Name] = {True: "met", False: "not met", None: "cannot be decided"}


def every(truths: Iterable[Truth]) -> Truth:
    """Conjunction of any number of truths; of none, true."""
    result: Truth = True
    for truth in truths:
        result = AND[result, truth]
    return result


def some(truths: Iterable[Truth]) -> Truth:
    """Disjunction of any number of truths; of none, false."""
    result: Truth = False
    for truth in truths:
        result = OR[result, truth]
    return result


def at_least(needed: int, truths: Iterable[Truth]) -> Truth:
    """Whether at least *needed* of the truths hold, as far as the unknown ones leave it decided."""
    met = unknown = 0
    for truth in truths:
        met += truth is True
        unknown += truth is None
    if met >= needed:
        return True
    return None if met + unknown >= needed else False
