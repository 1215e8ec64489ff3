"""General forms of properties about rules, tables and doses, beside those of ``properties``; proved in ``atopy.proof``.

A content may say that an exception is meant: ``case_of`` beside a rule, ``partial`` beside a table, ``beside`` at a
regimen and ``undosed`` in a therapy. What is said so is proved too: an exception that is none fails.
"""

from collections.abc import Iterator
from typing import Literal

from msgspec import field

from atopy.guideline.properties import FORMS, Declared, Said


class Possible(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Some patient meets ``some``: asked for each member of ``each``, whose names the predicate may use."""

    each: list[str] = field(default_factory=list)  # option, factor, contraindication ...: see ``sets``
    among: dict[str, list[str]] = field(
        default_factory=dict
    )  # only members that have one of these for an attribute
    some: str  # what somebody meets
    false_as_written: bool = False  # whether a rule whose predicate is FALSE as it stands is left out

    def predicates(self) -> Iterator[Said]:
        yield Said("some", self.some, self.each)


class Silent(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Of a record that holds nothing, on no day, ``silent`` is true."""

    each: list[str] = field(default_factory=list)  # as of Possible
    among: dict[str, list[str]] = field(default_factory=dict)  # as of Possible
    silent: str  # what an empty record never meets
    asking: bool = False  # whether what asks nothing of the patient, but the country and the day, is left out
    apart_from: dict[str, str] = field(
        default_factory=dict
    )  # members (``*`` for any letters) of whom it is true all the same, each with the reason; one that is not fails

    def predicates(self) -> Iterator[Said]:
        yield Said("silent", self.silent, self.each)

    def reasons(self) -> Iterator[tuple[str, dict[str, str]]]:
        yield "Apart from", self.apart_from


class Alone(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Of the rules of one therapy with one effect each can be true alone, or says of which it is a case.

    The effect is the severity of a contraindication, the action of a limit, both of an interaction with what is taken;
    source, direction and strength of a recommendation; what a statement asks in which words; which test a check is.
    """

    of: Literal[
        "contraindications",
        "limits",
        "interactions",
        "recommendations",
        "statements",
        "checks_before",
        "monitoring",
    ]  # which rules of a therapy; each kind with an effect of its own: see ``atopy.proof.forms_rules``


class Reached(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Each row of each decision table wins for somebody, and so does what it says for the undecided."""

    tables: list[str] = field(default_factory=list)  # all of them, where none is named
    apart_from: dict[str, str] = field(default_factory=dict)  # rows, as ``table[number]``, that cannot; why

    def reasons(self) -> Iterator[tuple[str, dict[str, str]]]:
        yield "Apart from", self.apart_from


class Complete(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """No decision table leaves a patient without an outcome, of whom all that its rows ask is known.

    A table that is meant to says so with ``partial``.
    """

    tables: list[str] = field(default_factory=list)  # as of Reached


class Dosed(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Whoever meets ``when``, all known that the regimens ask, has a dose, or is said to be ``undosed``."""

    when: str  # over option: whom a dose is owed

    def predicates(self) -> Iterator[Said]:
        yield Said("when", self.when, ["option"])


class OneDose(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """No two regimens with different doses apply to one patient who meets ``when``, unless they say so (``beside``)."""

    when: str  # over option: whom they are for

    def predicates(self) -> Iterator[Said]:
        yield Said("when", self.when, ["option"])


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
