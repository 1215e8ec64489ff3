"""How much at most, and how long: maxima, longest courses, and limits of use; a time or amount that is named is held
against them.
"""

from decimal import Decimal

from atopy.ask.doses import fitting, lacking
from atopy.ask.model import Line, Said
from atopy.ask.safety import met
from atopy.ask.wanted import Made, Wanted, listed, plainly
from atopy.guideline import Quantity, Regimen, Therapy
from atopy.plan.dose import stated
from atopy.plan.dose_amount import exact
from atopy.plan.words import quantity

_DAYS = {"days": Decimal(1), "weeks": Decimal(7), "months": Decimal("30.4375"), "years": Decimal("365.25")}
_IN_G = {"g": Decimal(1), "mg": Decimal("0.001")}
_MOST = 8


def limit(w: Wanted) -> Made:
    """At most so long and so much; *No* first where the question names more, or asks whether it may."""
    option = w.option
    caps = [r for r in fitting(w, option) if r.maximum is not None]
    most, plain = _said(option, caps)
    lines = [*met(w, option), *_lines(w, option, caps)]
    name = w.lines.name(option.id)
    if not most:
        said = listed((x.text.clinician for x in lines), 2)
        code = "limit-other" if said else "limit-none"
        reason = Said(said, plainly((x.text.patient for x in lines if x.text.patient), 2))
        return Made(code, w.verdict(code, option=name, reason=reason), lines[:_MOST], wants="limit")
    beyond = _beyond(w, option, caps)
    code = "limit" if beyond is None else "limit-beyond" if beyond else "limit-within"
    verdict = w.verdict(code, option=name, limit=Said(most, plain))
    return Made(code, verdict, lines[:_MOST], lacking(w, caps), wants="limit")


def _said(option: Therapy, caps: list[Regimen]) -> tuple[str, str]:
    """``2 consecutive weeks and 50 g a week``."""
    parts, plain = [], []
    if option.course_limit is not None:
        parts.append(_consecutive(option.course_limit))
        plain.append(f"{quantity(option.course_limit)} in a row")
    maxima = list(dict.fromkeys(stated(r.maximum) for r in caps if r.maximum is not None))
    said = [m.replace(" every ", " a ") for m in maxima[:2]]
    parts += [" or ".join(said)] if said else []
    told = [m for m in said if "/kg" not in m]
    plain += [" or ".join(told)] if told else []
    return " and ".join(parts), " and ".join(plain)


def _consecutive(q: Quantity) -> str:
    number = exact(q.value) if q.value is not None else quantity(Quantity(q.value, q.low, q.high))
    return f"{number} consecutive {q.unit}"


def _beyond(w: Wanted, option: Therapy, caps: list[Regimen]) -> bool | None:
    """Whether a time or a weekly amount of the question is past its limit; None where it names none."""
    verdicts = [v for v in (_too_long(w, option), _too_much(w, caps)) if v is not None]
    return any(verdicts) if verdicts else None


def _too_long(w: Wanted, option: Therapy) -> bool | None:
    times = [d for a in w.reading.amounts if a.what == "time" and (d := a.days()) is not None]
    q = option.course_limit
    if not times or q is None or q.unit not in _DAYS:
        return None
    top = q.value if q.value is not None else q.high
    return None if top is None else max(times) > top * _DAYS[q.unit]


def _too_much(w: Wanted, caps: list[Regimen]) -> bool | None:
    given = [
        (a.number * _IN_G[a.unit], a.per) for a in w.reading.amounts if a.what == "dose" and a.unit in _IN_G
    ]
    tops = [
        (top * _IN_G[m.unit], m.every)
        for r in caps
        if (m := r.maximum) is not None and m.unit in _IN_G and (top := m.value or m.high) is not None
    ]
    same = [g > t for g, per in given for t, every in tops if per in (None, every)]
    return any(same) if same else None


def _lines(w: Wanted, option: Therapy, caps: list[Regimen]) -> list[Line]:
    ceiling = w.lines.ceiling(option)
    owned = [x.id for x in option.limits]
    used = w.lines.several(w.finder.holding(owned, w.about)[:6])
    regimens = [w.lines.regimen(r, option.id) for r in caps]
    courses = [
        w.lines.regimen(r, option.id) for r in fitting(w, option) if r.course is not None and r not in caps
    ]
    told = w.statements(3, search=False)
    known: dict[str, Line] = {}
    for line in ([ceiling] if ceiling else []) + regimens + courses + told + used:
        known.setdefault(line.text.clinician, line)
    return list(known.values())


def how_long(w: Wanted) -> Made:
    """How long it is given, from when it works, and how it ends."""
    option = w.option
    if option.course_limit is not None or any(a.what == "time" for a in w.reading.amounts):
        return limit(w)
    courses = [r for r in fitting(w, option) if r.course is not None]
    lines = [w.lines.regimen(r, option.id) for r in courses]
    lines += w.statements(3, search=False)
    lines += [x for x in (w.lines.onset(option), w.lines.stop(option)) if x is not None]
    said = Said(
        listed((x.text.clinician for x in lines), 2),
        plainly((x.text.patient for x in lines if x.text.patient), 2),
    )
    code = "how-long" if lines else "limit-none"
    verdict = w.verdict(code, option=w.lines.name(option.id), reason=said)
    if lines and not said.patient:
        verdict = Said(verdict.clinician, w.verdict("doctor-first").patient)
    return Made(code, verdict, lines[:_MOST])


__all__ = ["how_long", "limit"]
