"""What a named term can be worth: its type, and how it is written in a predicate."""

from decimal import Decimal
from typing import Protocol

import msgspec


class Boolean(msgspec.Struct, frozen=True, tag="boolean"):
    """True, false or unknown."""


class Number(msgspec.Struct, frozen=True, tag="number"):
    """An exact decimal in *unit* (``None`` for a pure number), within ``low``..``high`` when given."""

    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None


class Category(msgspec.Struct, frozen=True, tag="category"):
    """One of *values*; when *ordered*, they stand from least to most and may be compared."""

    values: tuple[str, ...] = ()
    ordered: bool = False


class Day(msgspec.Struct, frozen=True, tag="date"):
    """A calendar date."""


Type = Boolean | Number | Category | Day


class Signature(msgspec.Struct, frozen=True):
    """The type of a term and, when it takes arguments, the domain each comes from."""

    type: Type
    parameters: tuple[str, ...] = ()
    event: bool = False  # belongs to one event (a course, a score), not to the patient


class Names(Protocol):
    """What a predicate may speak of. The parser asks; facts and content answer."""

    def signature(self, name: str) -> Signature | None:
        """The signature of *name*, or None when it is not known."""

    def domain(self, name: str) -> tuple[str, ...]:
        """The members of the domain *name* (all drugs, all factors ...)."""

    def known(self) -> list[str]:
        """Every name, for 'did you mean'."""
