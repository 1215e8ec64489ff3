"""How much of a topical treatment this patient needs, in words and figures, against what is used.

The tables, their words and the facts they read are content (``amounts/*.yaml``); here they are put side by side.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from atopy.criteria import Ref
from atopy.guideline import Quantity, Regimen, Words
from atopy.guideline.amounts import (
    AgeBand,
    Amount,
    Dilution,
    Fingertips,
    Potency,
    Preparation,
    WeekBand,
    Weekly,
)
from atopy.plan import topical_quantity as reckon
from atopy.plan import words as texts
from atopy.plan.bath_lines import bath
from atopy.plan.model import Line, SectionId
from atopy.plan.model import Value as Shown
from atopy.plan.plain import sentences

if TYPE_CHECKING:
    from atopy.plan.case import Case

Pair = tuple[str, str | None]
Figures = Mapping[str, Quantity]
_DAYS = {"day": 1, "week": 7, "2 weeks": 14, "month": 30}


class Tables:
    """The tables of a guideline by the option they speak of; the same for every patient, made once."""

    def __init__(self, amounts: Mapping[str, Amount], language: str) -> None:
        self.language = language
        self.by_option: dict[str, list[Amount]] = {}
        self.fingertips: list[Fingertips] = []
        for amount in amounts.values():
            if isinstance(amount, Fingertips):
                self.fingertips.append(amount)
            options = amount.applications if isinstance(amount, Fingertips) else amount.options
            for option in options:
                self.by_option.setdefault(option, []).append(amount)
        self.preparations: dict[str, tuple[Potency, Preparation]] = {
            p.drug: (a, p) for a in amounts.values() if isinstance(a, Potency) for p in a.preparations
        }
        self.bands: dict[str, AgeBand | WeekBand] = {
            b.id: b for a in amounts.values() if isinstance(a, Fingertips | Weekly) for b in a.bands
        }

    def term_of(self, id_: str) -> Ref | None:
        """The term behind a line of amounts or of strength, by the line's id."""
        for table in self.fingertips:
            if id_ == f"amount-{table.id}":
                return Ref(table.makes.whole)
        for option, tables in self.by_option.items():
            rest = id_.removeprefix(f"amount-{option}")
            if rest != id_ and rest in ("", "-used", "-asked", "-limit"):
                return _behind(tables, option, rest)
            if id_.startswith(f"strength-{option}-"):
                return Ref("taking", (option,))
        return None

    def say(self, words: Words, figures: Figures) -> Pair:
        """Words with figures computed for this patient, for each reader."""
        return texts.clinician(words, figures, self.language), texts.patient(words, figures, self.language)


def _behind(tables: list[Amount], option: str, rest: str) -> Ref | None:
    """The term behind the lines of an option's table."""
    for table in tables:
        if isinstance(table, Dilution):
            return Ref(table.stock)
        if isinstance(table, Fingertips) and option in table.only_on:
            return Ref(table.makes.whole)
        if isinstance(table, Fingertips | Weekly):
            week = table.makes.week if isinstance(table, Fingertips) else table.makes
            return Ref(table.verdict if rest == "-used" else week)
    return None


def amounts_needed(case: "Case", option: str) -> tuple[Line, ...]:
    """How much this patient needs of an option; what is missing, where it cannot be said.

    Nothing where no source gives this patient a dose: grams would read like one.
    """
    lines: list[Line] = []
    if case.value("undosed", option) is True:
        return ()
    for table in case.guidance.amounts.by_option.get(option, ()):
        if isinstance(table, Fingertips):
            lines += _fingertips(case, table, option)
        elif isinstance(table, Weekly):
            lines += _weekly(case, table, option)
        elif isinstance(table, Dilution):
            lines.append(_bath(case, table, option))
    return tuple(lines)


def amounts_used(case: "Case", option: str) -> tuple[Line, ...]:
    """What is used of an option that is being taken, against what is needed."""
    tables = case.guidance.amounts.by_option.get(option, ())
    return tuple(
        _used(case, t, option)
        for t in tables
        if isinstance(t, Weekly) or (isinstance(t, Fingertips) and option not in t.only_on)
    )


def once_over(case: "Case", section: SectionId) -> tuple[Line, ...]:
    """Fingertips for each affected part of the body, at this age."""
    lines: list[Line] = []
    for table in case.guidance.amounts.fingertips:
        band = band_of(case, table.makes.whole)
        if not isinstance(band, AgeBand):
            continue
        area = case.value(table.area)
        sites = frozenset(s for s in _sites(table) if case.value(table.site, s) is True)
        if area is None and not sites:
            continue  # nobody has said where or how much
        lines.append(_parts(case, table, band, sites, section))
    return tuple(lines)


# -- fingertip units


def _on_parts(case: "Case", table: Fingertips, option: str) -> list[Line]:
    """What an option needs that is for some parts of the body only: for all of these parts, at most."""
    names, band = table.only_on[option], band_of(case, table.makes.whole)
    found = reckon.need_of_parts(table, band, names) if isinstance(band, AgeBand) else None
    if found is None or table.by_part is None or not isinstance(band, AgeBand):
        return []
    times = table.applications[option]
    figures = _daily(found, times[0]) | {"units": Quantity(reckon.rounded(found.units))}
    clinician, patient = _all_of(case, table, band, names, found, times)
    line = Line(
        f"amount-{option}", "ladder", "tell", clinician, patient, group="amount",
        parameters=_shown(figures), sources=case.cite([*table.sources, *band.sources]),
        trace=case.why(table.makes.whole),
    )  # fmt: skip
    return [line, *_over_limit(case, table, option, found, times[0])]


def _all_of(
    case: "Case",
    table: Fingertips,
    band: AgeBand,
    names: Sequence[str],
    found: reckon.Need,
    times: Sequence[int],
) -> tuple[str, str]:
    """What these parts of the body need together, with the arithmetic, for each reader."""
    named = [case.words(p.name) for p in table.parts if p.part in names]
    lead = ", ".join(c for c, _ in named), ", ".join(p or "" for _, p in named)
    say = case.guidance.amounts.say
    each = say(table.by_part or table.each_part, {"units": Quantity(reckon.rounded(found.units))})
    said: list[Pair] = [(f"{lead[0]}: {each[0]}", f"{lead[1]}: {each[1]}")]
    said += [say(table.a_day[str(n)], _daily(found, n)) for n in times]
    clinician, patient = _joined([*said, *_borrowed(case, band)])
    return _sentence(clinician), _sentence(patient)


def sites_needed(
    case: "Case", table: Fingertips, band: AgeBand, sites: frozenset[str], times: Sequence[int]
) -> tuple[reckon.Need, tuple[str, str]]:
    """What all parts of the body that hold one of the sites need, and the arithmetic for each reader."""
    names = [part.part for part, _ in reckon.parts(table, band, sites)]
    found = reckon.need_of_parts(table, band, names)
    assert found is not None  # the parts are those of this very band
    return found, _all_of(case, table, band, names, found, times)


def _fingertips(case: "Case", table: Fingertips, option: str) -> list[Line]:
    if option in table.only_on:
        return _on_parts(case, table, option)
    area, band = case.value(table.area), band_of(case, table.makes.whole)
    if not isinstance(area, Decimal):
        return [_asked(case, table, option, table.ask_area)]
    if not isinstance(band, AgeBand):
        known = case.value(table.none_when) is True
        return [_asked(case, table, option, table.none if known else table.ask_age)]
    if not area:
        return []
    times = table.applications[option]
    found = reckon.need(table, band, area)
    clinician, patient = need_said(case, table, band, found, times)
    figures, cited = _figures(found) | _daily(found, times[0]), [*table.sources, *band.sources]
    line = Line(
        f"amount-{option}", "ladder", "tell", clinician, patient, group="amount", parameters=_shown(figures),
        sources=case.cite(cited), trace=case.why(table.makes.week),
    )  # fmt: skip
    return [line, *_over_limit(case, table, option, found, times[0])]


def need_said(
    case: "Case", table: Fingertips, band: AgeBand, found: reckon.Need, times: Sequence[int]
) -> tuple[str, str]:
    """What an area needs, with the arithmetic, for each reader."""
    say = case.guidance.amounts.say
    said = [say(table.by_palms if band.palms else table.by_parts, _figures(found))]
    said += [say(table.a_day[str(n)], _daily(found, n)) for n in times]
    clinician, patient = _joined([*said, *_borrowed(case, band)])
    if not band.palms:
        clinician = f"{case.words(band.name, band.numbers)[0]}: {clinician}"
    return _sentence(clinician), _sentence(patient)


def _figures(found: reckon.Need) -> dict[str, Quantity]:
    return {
        "area": Quantity(found.area, unit="%"),
        "palms": Quantity(reckon.palms(found.area)),
        "units": Quantity(reckon.rounded(found.units)),
        "whole": Quantity(found.whole),
    }


def _daily(found: reckon.Need, times: int) -> dict[str, Quantity]:
    return {
        "day": Quantity(reckon.hundredths(found.a_day(times)), unit="g"),
        "week": Quantity(reckon.rounded(found.a_week(times)), unit="g"),
    }


def _over_limit(case: "Case", table: Fingertips, option: str, found: reckon.Need, times: int) -> list[Line]:
    """Where the area needs more than a regimen of this option allows: a limit in grams for a span of days."""
    fitting = [r for r in case.compiled.therapies[option].regimens if case.rule(r.id) is True]
    for regimen, figures, (clinician, patient) in over_limit(case, table, fitting, found, times):
        return [Line(
            f"amount-{option}-limit", "ladder", "avoid", clinician, patient, status="caution", group="amount",
            parameters=_shown(figures),
            sources=case.cite([*regimen.sources, *table.sources]), trace=case.why(table.makes.week),
        )]  # fmt: skip
    return []


def over_limit(
    case: "Case", table: Fingertips, regimens: Iterable[Regimen], found: reckon.Need, times: int
) -> Iterator[tuple[Regimen, Figures, Pair]]:
    """Each regimen whose grams for a span of days are fewer than the area needs, with the figures and the words."""
    for regimen in regimens:
        most = regimen.maximum
        days = _DAYS.get(most.every or "") if most is not None and most.unit == "g" else None
        if most is None or most.value is None or days is None or found.a_day(times) * days <= most.value:
            continue
        limit, span = Quantity(most.value, unit="g"), Quantity(Decimal(days), unit="days")
        figures = _daily(found, times) | {"limit": limit, "days": span}
        yield regimen, figures, case.guidance.amounts.say(table.over_limit, figures)


def _parts(case: "Case", table: Fingertips, band: AgeBand, sites: frozenset[str], section: SectionId) -> Line:
    clinician, patient = parts_said(case, table, band, sites)
    return Line(
        f"amount-{table.id}", section, "tell", clinician, patient, group="amount", sources=case.cite(band.sources),
        trace=case.why(table.makes.whole),
    )  # fmt: skip


def parts_said(case: "Case", table: Fingertips, band: AgeBand, sites: frozenset[str]) -> tuple[str, str]:
    """Units for each part of the body that holds one of the sites, or for all of them."""
    listed = reckon.parts(table, band, sites) or reckon.parts(table, band, frozenset())
    named = [
        (case.words(part.name), case.guidance.amounts.say(table.each_part, {"units": Quantity(units)}))
        for part, units in listed
    ]
    lead, band_name = case.words(table.once_over), case.words(band.name, band.numbers)
    clinician = ", ".join(f"{name[0]} {count[0]}" for name, count in named)
    patient = sentences((lead[1], *(f"{name[1]}: {count[1]}" for name, count in named)))
    return f"{lead[0]} ({band_name[0]}): {clinician}.", f"{patient}."


def _sites(table: Fingertips) -> tuple[str, ...]:
    return tuple(dict.fromkeys(site for part in table.parts for site in part.sites))


# -- grams a week


def _weekly(case: "Case", table: Weekly, option: str) -> list[Line]:
    band = band_of(case, table.makes)
    if not isinstance(band, WeekBand):
        return [_asked(case, table, option, table.ask_age)]
    week = Quantity(None, band.low, band.high, "g") if band.high else Quantity(None, low=band.low, unit="g")
    said = [case.guidance.amounts.say(table.need, {"week": week}), *_borrowed(case, band)]
    clinician, patient = _joined(said)
    name = case.words(band.name, band.numbers)
    return [Line(
        f"amount-{option}", "ladder", "tell", f"{name[0][:1].upper()}{name[0][1:]}: {clinician}.", _sentence(patient),
        group="amount", parameters={"week": Shown(None, week.low, week.high, "g")},
        sources=case.cite(band.sources), trace=case.why(table.makes),
    )]  # fmt: skip


# -- a bath


def _bath(case: "Case", table: Dilution, option: str) -> Line:
    stock, litres = case.value(table.stock), case.value(table.volume)
    made = bath(
        table,
        stock if isinstance(stock, Decimal) else None,
        litres if isinstance(litres, Decimal) else None,
        case.guidance.amounts.language,
    )
    return Line(
        f"amount-{option}", "ladder", "tell" if made.status is None else "assess", made.clinician, made.patient,
        status=made.status, group="amount", parameters=_shown(made.figures), sources=case.cite(table.sources),
        trace=case.why(table.stock),
    )  # fmt: skip


# -- what is used


def _used(case: "Case", table: Fingertips | Weekly, option: str) -> Line:
    value, basis = _in_use(case, table)
    if value is None:
        return _asked(case, table, option, table.unweighed, "taken_now", "used")
    figures = {"used": Quantity(reckon.rounded(value), unit="g")}
    compared = case.guidance.amounts.say(table.compared, figures)
    known = case.words(table.bases[basis]) if basis in table.bases else None
    said: list[Pair] = [compared]
    if known is not None:  # a patient is told first how it is known
        said = [(compared[0], f"{known[1]}, {compared[1]}" if known[1] else compared[1]), (known[0], None)]
    verdict = case.value(table.verdict)
    if isinstance(verdict, str) and verdict in table.verdicts:
        said.append(case.words(table.verdicts[verdict]))
    clinician, patient = _joined(said)
    return Line(
        f"amount-{option}-used", "taken_now", "optimise" if verdict == "too_little" else "note", _sentence(clinician),
        _sentence(patient), status=verdict if isinstance(verdict, str) else None, group="amount",
        parameters={"used": Shown(figures["used"].value, unit="g")}, trace=case.why(table.verdict),
    )  # fmt: skip


def _in_use(case: "Case", table: Fingertips | Weekly) -> tuple[Decimal | None, str]:
    """Grams a week and how they are known; where only a lower bound is known, that."""
    found = case.found(table.used)
    if isinstance(found.value, Decimal):
        return found.value, found.detail or ""
    least = case.value(table.at_least) if isinstance(table, Fingertips) else None
    return (least, "at_least") if isinstance(least, Decimal) else (None, "")


# -- what they share


def band_of(case: "Case", fact: str) -> AgeBand | WeekBand | None:
    """The row of the table that fits this patient; its fact keeps the id."""
    return case.guidance.amounts.bands.get(case.found(fact).detail or "")


def _asked(
    case: "Case",
    table: Fingertips | Weekly,
    option: str,
    words: Words,
    section: SectionId = "ladder",
    what: str = "asked",
) -> Line:
    """What is missing, and no number."""
    numbers = table.numbers if isinstance(table, Fingertips) else {}
    clinician, patient = case.words(words, numbers)
    return Line(
        f"amount-{option}-{what}", section, "assess", clinician, patient, status="missing", group="amount"
    )


def _shown(figures: Figures) -> dict[str, Shown]:
    return {name: Shown(q.value, q.low, q.high, q.unit) for name, q in figures.items()}


def _borrowed(case: "Case", band: AgeBand | WeekBand) -> list[Pair]:
    return [case.words(band.borrowed, band.numbers)] if band.borrowed else []


def _joined(said: list[Pair]) -> tuple[str, str]:
    return "; ".join(c for c, _ in said), sentences(p for _, p in said)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else text


__all__ = [
    "Tables", "amounts_needed", "amounts_used", "band_of", "need_said", "once_over", "over_limit", "parts_said",
    "sites_needed",
]  # fmt: skip
