"""General forms of properties about rules, tables and doses, beside those of ``properties``; proved in ``atopy.proof``.

A content may say that an exception is meant: ``case_of`` beside a rule, ``partial`` beside a table, ``beside`` at a
regimen and ``undosed`` in a therapy. What is said so is proved too: an exception that is none fails.
"""

from typing import Literal

from msgspec import field

from atopy.guideline.properties import FORMS, Declared


class Possible(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Some patient meets ``some``: asked for each member of ``each``, whose names the predicate may use."""

    each: list[str] = field(default_factory=list)  # option, factor, contraindication ...: see ``sets``
    among: dict[str, list[str]] = field(
        default_factory=dict
    )  # only members that have one of these for an attribute
    some: str  # what somebody meets
    false_as_written: bool = False  # whether a rule whose predicate is FALSE as it stands is left out


class Silent(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Of a record that holds nothing, on no day, ``silent`` is true."""

    each: list[str] = field(default_factory=list)  # as of Possible
    among: dict[str, list[str]] = field(default_factory=dict)  # as of Possible
    silent: str  # what an empty record never meets


class Alone(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Of the rules of one therapy with one effect each can be true alone, or says of which it is a case."""

    of: Literal["contraindications", "limits", "interactions"]  # which rules of a therapy


class Reached(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Each row of each decision table wins for somebody, and so does what it says for the undecided."""

    tables: list[str] = field(default_factory=list)  # all of them, where none is named
    apart_from: dict[str, str] = field(default_factory=dict)  # rows, as ``table[number]``, that cannot; why


class Complete(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """No decision table leaves a patient without an outcome, of whom all that its rows ask is known.

    A table that is meant to says so with ``partial``.
    """

    tables: list[str] = field(default_factory=list)  # as of Reached


class Dosed(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Whoever meets ``when``, all known that the regimens ask, has a dose, or is said to be ``undosed``."""

    when: str  # over option: whom a dose is owed


class OneDose(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """No two regimens with different doses apply to one patient who meets ``when``, unless they say so (``beside``)."""

    when: str  # over option: whom they are for


class WithinMaximum(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """No dose that a plan works out is above a maximum that applies, whatever the weight, rounded to what is made."""


FORMS.update(
    possible=Possible,
    silent=Silent,
    alone=Alone,
    reached=Reached,
    complete=Complete,
    dosed=Dosed,
    one_dose=OneDose,
    within_maximum=WithinMaximum,
)

__all__ = [
    "FORMS", "Alone", "Complete", "Dosed", "OneDose", "Possible", "Reached", "Silent", "WithinMaximum",
]  # fmt: skip
