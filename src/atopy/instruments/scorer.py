"""The instruments as a reader of records asks for them: which totals can be, and what items add up to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from atopy.instruments.model import Library
from atopy.instruments.scoring import total_of, validate_value


class Scorer:
    """Judges totals and adds up items by the code of the instrument (its id or an alias)."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def validate(self, code: str, value: Decimal) -> str | None:
        """Why *value* cannot be a score; None when it can, or when no such instrument is known here."""
        instrument = self._library.find(code)
        return None if instrument is None else validate_value(instrument, value) or None

    def total(self, code: str, items: Mapping[str, Any], age_years: int | None) -> Decimal | None:
        """The exact score of *items*; None when too many are missing. Raises ValueError (ItemError)."""
        instrument = self._library.find(code)
        if instrument is None:
            raise ValueError(f"{code} is no instrument whose items can be added up.")
        return total_of(instrument, items, age_years)
