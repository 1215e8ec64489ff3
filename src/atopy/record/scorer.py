"""What the readers ask of whoever knows the instruments."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol


class Scorer(Protocol):
    """Knows which totals an instrument can have, and how its items add up."""

    def validate(self, code: str, value: Decimal) -> str | None:
        """Why *value* cannot be a score of instrument *code*; None when it can."""

    def total(self, code: str, items: Mapping[str, Any], age_years: int | None) -> Decimal | None:
        """The score of *items*; None when too many are missing. A ValueError says what is wrong with them.

        *age_years* is completed years on the day of the score, None when the record does not tell.
        """
