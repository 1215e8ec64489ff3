"""How much goes on the skin or into the bath: the arithmetic of ``atopy amount``, over what a question says.

Every number is the plan's own (``plan.topical_quantity_lines``); what is lacking is asked, nothing is assumed.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from atopy.ask import use
from atopy.ask.doses import fitting
from atopy.ask.model import Line, Said
from atopy.ask.safety import met
from atopy.ask.wanted import Made, Wanted, listed, plainly
from atopy.criteria import Ref
from atopy.guideline import Citation, Therapy
from atopy.guideline.amounts import AgeBand, Dilution, Fingertips, Weekly
from atopy.plan import Case
from atopy.plan.bath_lines import bath
from atopy.plan.topical_quantity import Need, need
from atopy.plan.topical_quantity_lines import (
    amounts_needed,
    band_of,
    need_said,
    over_limit,
    parts_said,
    sites_needed,
)

_MOST = 4


def amount(w: Wanted) -> Made | None:
    """The answer that a table gives, or what it lacks; None where no table speaks of what is asked."""
    for option in w.options:
        for table in w.case.guidance.amounts.by_option.get(option.id, ()):
            if isinstance(table, Dilution):
                return _bath(w, option, table)
            if isinstance(table, Weekly):
                return _weekly(w, option)
    tables = w.case.guidance.amounts.fingertips
    for_skin = not w.options or any(o.id in t.applications for o in w.options for t in tables)
    if not tables or not for_skin or not (_sites(w) or _area(w) or not w.options):
        return None
    return _cream(w, tables[0])


def names_an_amount(w: Wanted) -> bool:
    """Whether a question about an option gives what a table of it computes with."""
    tables = [t for o in w.options for t in w.case.guidance.amounts.by_option.get(o.id, ())]
    if any(isinstance(t, Dilution) for t in tables):
        return _named(w, "strength") is not None or _named(w, "volume") is not None
    return False


# -- a bath


def _bath(w: Wanted, option: Therapy, table: Dilution) -> Made:
    made = bath(table, _named(w, "strength"), _named(w, "volume"), w.case.guidance.amounts.language)
    said = Said(made.clinician, made.patient)
    line = _line(w, f"amount-{option.id}", said, table.sources, option.id)
    told = [*met(w, option), line, *w.statements(_MOST), *use.how(w).lines[:_MOST]]
    if made.status is None:
        return Made("amount", w.verdict("amount", reason=said), told)
    lacks = [
        f for f, what in ((table.stock, "strength"), (table.volume, "volume")) if _named(w, what) is None
    ]
    asked = w.asked([Ref(f) for f in lacks])
    known = len(lacks) < 2  # else it is asked how such a bath is made at all
    return Made(
        "amount-asked", w.verdict("amount-asked", reason=said), told, asked, "ask" if known else "answer"
    )


# -- moisturiser


def _weekly(w: Wanted, option: Therapy) -> Made:
    lines = [
        Line(p.id, "amount", Said(p.clinician, p.patient), option.id, w.lines.name(option.id), sources=p.sources)
        for p in amounts_needed(w.case, option.id)
    ]  # fmt: skip
    reason = Said(listed(x.text.clinician for x in lines), plainly([x.text.patient for x in lines]))
    if all(x.sources for x in lines):
        return Made("amount", w.verdict("amount", reason=reason), [*lines, *w.statements(_MOST)])
    return _asked(w, reason, [*w.statements(_MOST)])


# -- fingertips


def _cream(w: Wanted, table: Fingertips) -> Made:
    band = band_of(w.case, table.makes.whole)
    if not isinstance(band, AgeBand):
        young = w.case.value(table.none_when) is True
        words = table.none if young else table.ask_age
        return _asked(w, Said(*w.case.words(words, table.numbers)), [], none=young)
    times = _times(w, table)
    found, said = _fingertips(w.case, table, band, _sites(w), _area(w), times)
    cited = [*table.sources, *band.sources]
    lines = [_line(w, f"amount-{table.id}-{n}", Said(*pair), cited) for n, pair in enumerate(said, 1)]
    over = [] if found is None else list(_over(w, table, found, times, cited))
    bars = [line for o in w.options for line in met(w, o)]
    ceilings = [w.lines.regimen(r, o.id) for o in w.options for r in fitting(w, o) if r.maximum is not None]
    reason = _joined([x.text for x in (*over, lines[-1])])
    return Made("amount", w.verdict("amount", reason=reason), [*bars, *over, *lines, *ceilings[:_MOST]])


def _over(
    w: Wanted, table: Fingertips, found: Need, times: list[int], cited: list[Citation]
) -> Iterator[Line]:
    """Where the skin needs more of an option than may be used, applied as often as that."""
    for option in w.options:
        held = [x for n in times for x in over_limit(w.case, table, fitting(w, option), found, n)]
        for regimen, _, pair in held[:1]:
            yield _line(w, f"amount-{option.id}-limit", Said(*pair), [*regimen.sources, *cited], option.id)


def _fingertips(
    case: Case,
    table: Fingertips,
    band: AgeBand,
    sites: frozenset[str],
    area: Decimal | None,
    times: list[int],
) -> tuple[Need | None, list[tuple[str, str]]]:
    """What the named sites need together, or so much of the body; where neither is named, units for each part."""
    if area is not None:
        needed = need(table, band, area)
        return needed, [need_said(case, table, band, needed, times)]
    each = parts_said(case, table, band, sites)
    if not sites:
        return None, [each]
    needed, said = sites_needed(case, table, band, sites, times)
    return needed, [each, said]


def _sites(w: Wanted) -> frozenset[str]:
    """The sites that a question names, of those that a table knows."""
    known = {s for t in w.case.guidance.amounts.fingertips for p in t.parts for s in p.sites}
    return frozenset(m.id for m in w.reading.measured if m.kind == "site" and m.id in known)


def _area(w: Wanted) -> Decimal | None:
    """The share of the body that a question names."""
    area = _named(w, "share")
    return area if area is not None and 0 < area <= 100 else None


def _times(w: Wanted, table: Fingertips) -> list[int]:
    """How often a day the named option goes on; each number that the table knows where none is named."""
    named = [n for o in w.options for n in table.applications.get(o.id, ())]
    return list(dict.fromkeys(named)) or [int(n) for n in table.a_day]


# -- what they share


def _line(w: Wanted, id_: str, said: Said, sources: Iterable[Citation], owner: str = "") -> Line:
    name = w.lines.name(owner) if owner else Said("")
    return Line(id_, "amount", said, owner, name, sources=w.case.cite(sources))


def _joined(said: Iterable[Said]) -> Said:
    each = list(said)
    return Said(" ".join(s.clinician for s in each), " ".join(s.patient or "" for s in each))


def _named(w: Wanted, what: str) -> Decimal | None:
    return next((a.number for a in w.reading.amounts if a.what == what), None)


def _asked(w: Wanted, reason: Said, lines: list[Line], none: bool = False) -> Made:
    """What is missing, and no number; or that no table speaks of anybody so young."""
    verdict = w.verdict("amount-asked", reason=reason)
    ages = dict.fromkeys(
        w.lexicon.asking.measures[u] for u in ("years", "months") if u in w.lexicon.asking.measures
    )
    asked = () if none else w.asked([Ref(f) for f in ages if w.case.value(f) is None][:1])
    return Made("amount-asked", verdict, lines, asked, "answer" if none else "ask")


__all__ = ["amount", "names_an_amount"]
