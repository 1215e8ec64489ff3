"""The weight that doses are worked out from, and whether the content asks for it to be confirmed first."""

from decimal import Decimal

from atopy.guideline import Regimen
from atopy.plan.case import Case

_WEIGHT, _TO_CONFIRM = "weight_kg", "weight_to_confirm"
TO_CONFIRM = "weight to be confirmed first"
PLAIN_TO_CONFIRM = "your weight is checked first"


def kilograms(case: Case) -> Decimal | None:
    """The body weight in kg; None where it is not known, or the content knows none."""
    value = case.value(_WEIGHT) if _WEIGHT in case.compiled.facts else None
    return value if isinstance(value, Decimal) else None


def to_confirm(case: Case) -> bool:
    """Whether the weight is to be confirmed before anything is worked out from it."""
    return _TO_CONFIRM in case.compiled.facts and case.value(_TO_CONFIRM) is True


def chosen_by_weight(regimen: Regimen) -> bool:
    """Whether who gets this regimen goes by the weight."""
    return _WEIGHT in regimen.bands or _WEIGHT in regimen.when
