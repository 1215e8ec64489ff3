"""How much cream, how much bleach, how strong: answers for the command line, without a record."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

from atopy.guideline import Compiled
from atopy.guideline.amounts import AgeBand, Amount, Dilution, Fingertips, Potency
from atopy.plan import Case, Guidance
from atopy.plan.bath_lines import bath
from atopy.plan.potency_lines import classes
from atopy.plan.topical_quantity import need
from atopy.plan.topical_quantity_lines import band_of, need_said, parts_said, sites_needed
from atopy.record import Patient, Record
from atopy.yaml_source import InputError

T = TypeVar("T", bound=Amount)
_DAY = date(2000, 1, 1)  # an age is given, no birth date: any day will do
_MOST_YEARS = 130


def topical(
    compiled: Compiled, age: str, area: Decimal | None, sites: list[str], times: list[int], clinical: bool
) -> str:
    """Fingertip units and grams for an area at an age, and for parts of the body. Raises ValueError in words."""
    table = _table(compiled, Fingertips)
    case = Case(Guidance(compiled), Record(_aged(age)), _DAY, None, traced=False)
    band = band_of(case, table.makes.whole)
    if not isinstance(band, AgeBand):
        raise InputError(case.words(table.none, table.numbers)[0])
    reader = 0 if clinical else 1
    lines: list[str] = []
    wrong = [n for n in times if str(n) not in table.a_day]
    if wrong:
        raise InputError(f"{wrong[0]} a day is not in the table. Known are: {', '.join(table.a_day)}.")
    if area is not None:
        if not 0 < area <= 100:
            raise InputError(f"An area of {area} % cannot be. Write a number above 0, up to 100.")
        lines.append(need_said(case, table, band, need(table, band, area), times)[reader])
    if sites or area is None:
        known = sorted({s for p in table.parts for s in p.sites})
        unknown = [s for s in sites if s not in known]
        if unknown:
            raise InputError(f"'{unknown[0]}' is not a site of the table. Known are: {', '.join(known)}.")
        lines.append(parts_said(case, table, band, frozenset(sites))[reader])
        if sites:
            lines.append(sites_needed(case, table, band, frozenset(sites), times)[1][reader])
    return "\n".join([*lines, _sources(table, band)]) + "\n"


def bleach_bath(
    compiled: Compiled, stock: Decimal | None, litres: Decimal | None, clinical: bool
) -> tuple[str, bool]:
    """The recipe or why there is none, and whether it is one."""
    table = _table(compiled, Dilution)
    made = bath(table, stock, litres, "en")
    said = made.clinician if clinical else made.patient
    return f"{said}\n{_sources(table, None)}\n", made.status is None


def potency(compiled: Compiled, word: str | None) -> str:
    """Each preparation with its class in every scale and its sources; all, or those with *word* in the name."""
    table = _table(compiled, Potency)
    case = Case(Guidance(compiled), Record(Patient()), _DAY, None, traced=False)
    rows: list[str] = []
    for row in table.preparations:
        name = case.explainer.title(row.drug)
        if word is None or word.lower() in f"{name} {row.drug}".lower():
            cited = [*row.us_sources, *row.uk_sources]
            read = ", ".join(
                dict.fromkeys(c.source + ("" if c.verified else " (not verified)") for c in cited)
            )
            rows.append(
                f"{name:<46} {classes(case, table, row)}  [{read}]" + (f"  {row.note}" if row.note else "")
            )
    if not rows:
        raise InputError(f"No preparation of the table has '{word}' in its name.")
    return "\n".join([*rows, _sources(table, None)]) + "\n"


def _table(compiled: Compiled, kind: type[T]) -> T:
    for amount in compiled.amounts.values():
        if isinstance(amount, kind):
            return amount
    raise InputError("This guideline holds no such table.")


def _aged(age: str) -> Patient:
    """``34`` in years, ``8m`` in months."""
    number, months = age.removesuffix("m"), age.endswith("m")
    if not number.isdigit() or int(number) > _MOST_YEARS * (12 if months else 1):
        raise InputError(f"'{age}' is not an age. Write completed years, as 34, or months, as 8m.")
    if months:
        return Patient(age_years=int(number) // 12, age_months=int(number), age_at=_DAY)
    return Patient(age_years=int(number), age_at=_DAY)


def _sources(table: Fingertips | Dilution | Potency, band: AgeBand | None) -> str:
    cited = [*table.sources, *(band.sources if band else [])]
    named = {c.source: "" if c.verified else " (not verified)" for c in cited}
    return f"Sources: {', '.join(key + note for key, note in named.items())}. No clinician has reviewed this table."


__all__ = ["bleach_bath", "potency", "topical"]
