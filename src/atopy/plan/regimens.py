"""Which regimens of a therapy fit this patient, what binds them together, and why there is none where none fits."""

from collections.abc import Sequence
from decimal import Decimal

from atopy.criteria import Ref
from atopy.guideline import Band, Regimen, Strengths, Therapy
from atopy.plan import words as texts
from atopy.plan.amount import exact
from atopy.plan.case import LANGUAGE, Case
from atopy.plan.dose import Said, Setting, by_weight, doses_said, kinds
from atopy.plan.missing import question
from atopy.plan.model import Line, SectionId

_ALTERNATIVE = ("Another way, never in addition", "Another way, never on top")
_COURSE = ("Course of this dose", "How long at this dose")
_NO_BAND = "There is no set dose for you in our sources. Your doctor decides."


def doses(case: Case, therapy: Therapy, section: SectionId = "ladder") -> tuple[Line, ...]:
    """The regimens that fit this patient, each with its arithmetic and source; or why none does."""
    met = [r for r in therapy.regimens if case.rule(r.id) is True]
    setting = _setting(case, therapy, met)
    said = {r.id: _said(case, r, setting, met) for r in met}
    given = [r for r in met if r.loading or r.dose]
    differ = len({said[r.id].clinician for r in given}) > 1
    lines = [_line(case, r, said[r.id], section, setting.made, given if differ else ()) for r in met]
    if all(_binds(r) for r in met) and any(r.bands for r in therapy.regimens):
        lines += _none(case, therapy, section)
    return (*lines, *(x for r in met for x in _course(case, r, section)))


def _setting(case: Case, therapy: Therapy, met: Sequence[Regimen]) -> Setting:
    """What binds every dose of this therapy here."""
    weight = case.value("weight_kg") if "weight_kg" in case.compiled.facts else None
    country = case.world.country
    made = [m for m in therapy.made_as if m.country in (None, country) or country is None]
    return Setting(
        weight if isinstance(weight, Decimal) else None,
        tuple(r.maximum for r in met if r.maximum is not None and _is_ceiling(r)),
        tuple(r.share for r in met if r.share is not None),
        made[0] if made else None,
    )


def _binds(regimen: Regimen) -> bool:
    """Whether a regimen gives no dose of its own and only bears on the others."""
    return _is_ceiling(regimen) or regimen.share is not None


def _is_ceiling(regimen: Regimen) -> bool:
    return regimen.maximum is not None and regimen.loading is None and regimen.dose is None


def _said(case: Case, regimen: Regimen, setting: Setting, met: Sequence[Regimen]) -> Said:
    """In words and figures for each reader; kept where it does not depend on the weight."""
    if _is_ceiling(regimen):
        setting = setting._replace(ceilings=(), shares=())
    if setting.weight is not None and by_weight(regimen, setting):
        return doses_said(regimen, setting)
    bound = (case.world.country or "", *(r.id for r in met if _binds(r)))
    known = case.guidance.doses.get((regimen.id, bound))
    if known is None:
        known = case.guidance.doses[(regimen.id, bound)] = doses_said(regimen, setting)
    return known


def _line(
    case: Case,
    regimen: Regimen,
    told: Said,
    section: SectionId,
    made: Strengths | None,
    alternatives: Sequence[Regimen],
) -> Line:
    name = texts.fill(regimen.name.get(LANGUAGE, ""), regimen.numbers)
    said = case.words(regimen.text, regimen.numbers) if regimen.text else ("", None)
    clinician = ". ".join(x for x in (name, said[0]) if x) or told.clinician
    patient = said[1] or told.patient
    other = regimen in alternatives and regimen is not alternatives[0]
    if other:
        clinician = f"{_ALTERNATIVE[0]}: {clinician}"
        patient = f"{_ALTERNATIVE[1]}. {patient[:1].upper()}{patient[1:]}" if patient else patient
    sources = [*regimen.sources, *(made.sources if made and kinds(made) in told.clinician else ())]
    return Line(
        regimen.id, section, "start", clinician, patient, group="dose", detail=told.clinician or None,
        status="alternative" if regimen in alternatives else None, patient_detail=told.patient or None,
        parameters=case.parameters(regimen.text, regimen.numbers), sources=case.cite(sources),
    )  # fmt: skip


def _course(case: Case, regimen: Regimen, section: SectionId) -> list[Line]:
    """How long this regimen runs."""
    if regimen.course is None:
        return []
    length, cited = texts.quantity(regimen.course), case.cite(regimen.sources)
    clinician, patient = (f"{said}: {length}" for said in _COURSE)
    return [
        Line(f"{regimen.id}-course", section, "monitor", clinician, patient, group="course", sources=cited)
    ]


# -- no dose, and why


def _none(case: Case, therapy: Therapy, section: SectionId) -> list[Line]:
    """Outside every band there is no dose; where a band cannot be decided, what it goes by is asked for."""
    candidates = [r for r in therapy.regimens if r.bands and case.rule(f"{r.id}-beside-bands") is not False]
    open_: dict[str, None] = {}
    missed: dict[str, list[Band]] = {}
    for regimen in candidates:
        outside = [f for f, band in regimen.bands.items() if _inside(case, f, band) is False]
        if not outside:
            open_ |= dict.fromkeys(f for f, b in regimen.bands.items() if _inside(case, f, b) is None)
        elif len(outside) == 1:
            missed.setdefault(outside[0], []).append(regimen.bands[outside[0]])
    id_ = f"{therapy.id}-no-dose"
    if open_:
        asked = [question(case, Ref(f)) for f in open_]
        names = " and ".join(case.explainer.words(Ref(f))[0] for f in open_)
        clinician = f"No dose yet: it goes by {names}, not known. {' '.join(q for q, _ in asked)}"
        patient = "Your dose depends on this. " + " ".join(p for _, p in asked if p)
        return [
            Line(
                id_,
                section,
                "assess",
                clinician.strip(),
                patient.strip(),
                status="dose_unknown",
                group="dose",
            )
        ]
    if not missed:
        return []
    why = "; ".join(_outside(case, fact, bands) for fact, bands in missed.items())
    return [Line(id_, section, "note", f"No dose: {why}", _NO_BAND, status="no_dose", group="dose")]


def _inside(case: Case, fact: str, band: Band) -> bool | None:
    value = case.value(fact)
    if not isinstance(value, Decimal):
        return None
    return (band.low is None or value >= band.low) and (band.high is None or value < band.high)


def _outside(case: Case, fact: str, bands: Sequence[Band]) -> str:
    """``the bands by body weight start at 15 kg (12 kg here)``."""
    value = case.value(fact)
    unit = getattr(case.compiled.facts[fact].signature.type, "unit", None) or ""
    name = case.explainer.words(Ref(fact))[0]
    here = f"({exact(value)} {unit} here)" if isinstance(value, Decimal) else ""
    lows = [b.low for b in bands if b.low is not None]
    highs = [b.high for b in bands if b.high is not None]
    assert isinstance(value, Decimal)
    if lows and value < min(lows):
        return f"the bands by {name} start at {exact(min(lows))} {unit} {here}"
    if highs and value >= max(highs):
        return f"the bands by {name} end below {exact(max(highs))} {unit} {here}"
    return f"no band by {name} holds {exact(value)} {unit}"


__all__ = ["doses"]
