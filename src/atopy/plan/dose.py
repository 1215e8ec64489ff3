"""The dose of a regimen for this patient, with the arithmetic shown."""

from decimal import ROUND_HALF_UP, Decimal

from atopy.guideline import Dose, Regimen
from atopy.plan.trace import shown

CHECK_LABEL = "check the label: not read in a source"
CHECKED_FIRST = "your doctor checks this dose first"
BY_WEIGHT = "the doctor works the dose out from the weight"


def doses_said(regimen: Regimen, weight_kg: Decimal | None) -> tuple[str, str]:
    """The regimen for each reader."""
    verified = all(s.verified for s in regimen.sources)
    return dose_text(regimen, weight_kg, verified), plain_dose(regimen, weight_kg, verified)


def by_weight(regimen: Regimen) -> bool:
    """Whether what is said of it depends on the patient's weight."""
    return any("/kg" in d.unit for d in (regimen.loading, regimen.dose, regimen.maximum) if d is not None)


def dose_text(regimen: Regimen, weight_kg: Decimal | None, verified: bool) -> str:
    """The regimen in words and figures: ``600 mg once, then 300 mg every 2 weeks``.

    A dose by weight is multiplied out when the weight is known and says so when it is not.
    """
    steps = [f"{_amount(regimen.loading, weight_kg)} to start"] if regimen.loading else []
    if regimen.dose:
        steps.append(_amount(regimen.dose, weight_kg))
    text = ", then ".join(steps)
    if regimen.maximum:
        text += (
            f"; at most {_amount(regimen.maximum, weight_kg)}"
            if text
            else f"at most {_amount(regimen.maximum, weight_kg)}"
        )
    if regimen.round_to and weight_kg is not None and "/kg" in (regimen.dose.unit if regimen.dose else ""):
        text += f", in steps of {regimen.round_to}"
    return text if verified or not text else f"{text} ({CHECK_LABEL})"


def plain_dose(regimen: Regimen, weight_kg: Decimal | None, verified: bool) -> str:
    """The same for the patient: the outcome of the arithmetic, with no units per kilogram."""
    given = [d for d in (regimen.loading, regimen.dose) if d is not None]
    if weight_kg is None and any("/kg" in d.unit for d in given):
        return BY_WEIGHT
    steps = [f"{_amount(regimen.loading, weight_kg, plain=True)} to start"] if regimen.loading else []
    if regimen.dose:
        steps.append(_amount(regimen.dose, weight_kg, plain=True))
    text = ", then ".join(steps)
    if regimen.maximum is not None and "/kg" not in regimen.maximum.unit:
        most = _amount(regimen.maximum, weight_kg, plain=True)
        text = text if most in steps else "; ".join(x for x in (text, f"at most {most}") if x)
    return text if verified or not text else f"{text} ({CHECKED_FIRST})"


def _amount(dose: Dose, weight_kg: Decimal | None, plain: bool = False) -> str:
    span = _span(dose.value, dose.low, dose.high)
    text = f"{span} {_counted(dose)}".strip()
    if "/kg" in dose.unit and weight_kg is not None and plain:
        text = _total(dose, weight_kg)
    elif "/kg" in dose.unit:
        text = f"{text}{_by_weight(dose, weight_kg)}"
    if plain:
        text = text.replace("/", " a ")
    if dose.every:
        text += f" every {dose.every}" if dose.every[0].isdigit() else f" a {dose.every}"
    if dose.divided and dose.divided > 1:
        text += f", in {dose.divided} doses a day"
    if dose.times:
        text += f", {dose.times} times" if dose.times > 1 else " once"
    note = dose.note.get("en")
    return f"{text} ({note})" if note else text


def _counted(dose: Dose) -> str:
    """The unit, with its plural where it is a word that is counted: ``2 applications``."""
    return f"{dose.unit}s" if dose.unit in ("application", "bath") and dose.value != 1 else dose.unit


def _by_weight(dose: Dose, weight_kg: Decimal | None) -> str:
    if weight_kg is None:
        return " (weight needed)"
    return f" x {shown(weight_kg)} kg = {_total(dose, weight_kg)}"


def _total(dose: Dose, weight_kg: Decimal) -> str:
    total = _span(*(None if n is None else rounded(n * weight_kg) for n in (dose.value, dose.low, dose.high)))
    return f"{total} {dose.unit.replace('/kg', '', 1)}"


def rounded(value: Decimal) -> Decimal:
    """Half-up to a whole number from 10 on, to a tenth below."""
    return value.quantize(Decimal(1) if value >= 10 else Decimal("0.1"), ROUND_HALF_UP)


def _span(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    if value is not None:
        return shown(value) or ""
    if low is not None and high is not None:
        return f"{shown(low)} to {shown(high)}"
    return f"from {shown(low)}" if low is not None else f"up to {shown(high)}" if high is not None else ""
