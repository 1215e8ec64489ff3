"""Which regimens of a therapy fit this patient, what binds them together, and why there is none where none fits."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from atopy.criteria import Ref
from atopy.guideline import Band, Regimen, Therapy
from atopy.plan import words as texts
from atopy.plan.alike import named
from atopy.plan.case import LANGUAGE, Case
from atopy.plan.dose import CHECK_LABEL, Said, Setting, by_weight, doses_said, kinds
from atopy.plan.dose_amount import exact
from atopy.plan.missing import question
from atopy.plan.model import Line, SectionId
from atopy.plan.sheets import sheet
from atopy.plan.weight import PLAIN_TO_CONFIRM, TO_CONFIRM, chosen_by_weight, kilograms, to_confirm

_ALTERNATIVE = ("Another way, never in addition", "Another way, never on top")
_COURSE = ("Course of this dose", "How long at this dose")
_LINES_KEPT = 10_000
_NO_BAND = "There is no set dose for you in our sources. Your doctor decides."


def doses(case: Case, therapy: Therapy, section: SectionId = "ladder") -> tuple[Line, ...]:
    """The regimens that fit this patient, each with its arithmetic and source; or why none does."""
    world = case.world
    met = [r for slot, r in sheet(case, therapy).regimens if world[slot] is True]
    setting = _setting(case, therapy, met)
    none = _none(case, therapy, section) if _undosed_here(therapy, met) else []
    if none:
        return _lines(case, met, setting, section, none)
    weighed = setting.weight is not None and any(by_weight(r, setting) for r in met)
    weight = str(setting.weight) if weighed else None
    doubt = TO_CONFIRM if to_confirm(case) else None
    key = therapy.id, section, case.world.country, weight, doubt, *(r.id for r in met)
    kept = case.guidance.dose_lines
    known = kept.get(key)
    if known is None:
        if len(kept) >= _LINES_KEPT:
            kept.clear()
        known = kept[key] = _lines(case, met, setting, section, none)
    return known


def _undosed_here(therapy: Therapy, met: Sequence[Regimen]) -> bool:
    """Whether its doses go by bands, and this patient is in none of them."""
    return all(_binds(r) for r in met) and any(r.bands for r in therapy.regimens)


def _lines(
    case: Case, met: Sequence[Regimen], setting: Setting, section: SectionId, none: Sequence[Line]
) -> tuple[Line, ...]:
    said = {r.id: _said(case, r, setting, met) for r in met}
    alike = _alike(case, met, said)
    given = [same[0] for same in alike if same[0].loading or same[0].dose]
    differ = len({said[r.id].clinician for r in given}) > 1
    lines = [_line(case, same, said, section, setting, given if differ else ()) for same in alike]
    return (*lines, *none, *(x for same in alike for x in _course(case, same[0], section)))


def _setting(case: Case, therapy: Therapy, met: Sequence[Regimen]) -> Setting:
    """What binds every dose of this therapy here."""
    country = case.world.country
    made = [m for m in therapy.made_as if m.country in (None, country) or country is None]
    return Setting(
        kilograms(case),
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


Same = tuple[Regimen, ...]
"""A regimen, and those of other countries that give the same dose."""


def _alike(case: Case, met: Sequence[Regimen], said: Mapping[str, Said]) -> list[Same]:
    """Each regimen with those of other countries that give the same dose, what was read first."""
    if case.world.country is not None:
        return [(r,) for r in met]
    found: dict[tuple[object, ...], list[Regimen]] = {}
    for regimen in met:
        bare = _bare(said[regimen.id])
        same = (bare, regimen.course) if bare and regimen.country else (regimen.id,)
        found.setdefault(same, []).append(regimen)
    alike: list[Same] = []
    for held in found.values():
        if len({r.country for r in held}) < len(held):
            alike += [(r,) for r in held]
        else:
            alike.append(tuple(sorted(held, key=lambda r: CHECK_LABEL in said[r.id].clinician)))
    return alike


def _bare(told: Said) -> str:
    """A dose without the remark that nobody read it."""
    return told.clinician.removesuffix(f" ({CHECK_LABEL})")


def _line(
    case: Case,
    same: Same,
    said: Mapping[str, Said],
    section: SectionId,
    setting: Setting,
    alternatives: Sequence[Regimen],
) -> Line:
    regimen, told, made = same[0], said[same[0].id], setting.made
    clinician, patient = _words(case, same)
    plainly = told.patient
    clinician, patient = clinician or told.clinician, patient or told.patient
    if regimen in alternatives and regimen is not alternatives[0]:
        clinician = f"{_ALTERNATIVE[0]}: {clinician}"
        patient, plainly = _started(patient), _started(plainly) if patient == plainly else plainly
        patient = f"{_ALTERNATIVE[1]}. {patient}" if patient else patient
    unread = [r.country or "" for r in same[1:] if said[r.id].clinician != told.clinician]
    detail = f"{told.clinician} ({named(unread)}: {CHECK_LABEL})" if unread else told.clinician
    if detail and to_confirm(case) and (chosen_by_weight(regimen) or by_weight(regimen, setting)):
        detail, plainly = f"{detail}; {TO_CONFIRM}", f"{plainly}; {PLAIN_TO_CONFIRM}" if plainly else plainly
    sources = [x for r in same for x in r.sources]
    sources += made.sources if made and kinds(made) in told.clinician else []
    return Line(
        regimen.id, section, "start", clinician, patient or None, group="dose", detail=detail or None,
        status="alternative" if regimen in alternatives else None, patient_detail=plainly or None,
        parameters={k: v for r in same for k, v in case.parameters(r.text, r.numbers).items()},
        sources=case.cite(sources),
    )  # fmt: skip


def _started(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _words(case: Case, same: Same) -> tuple[str, str]:
    """What is said beside the dose, for each reader: by country where they differ, else with all of them named."""
    clinician: list[tuple[str, str | None]] = []
    patient: list[tuple[str, str | None]] = []
    for r in same:
        name = texts.fill(r.name.get(LANGUAGE, ""), r.numbers)
        said = case.words(r.text, r.numbers) if r.text else ("", None)
        clinician.append((". ".join(x for x in (name, said[0]) if x), r.country))
        patient.append((said[1] or "", r.country))
    if len(same) == 1:
        return clinician[0][0], patient[0][0]
    return _by_country(clinician), _by_country(patient)


def _by_country(said: Sequence[tuple[str, str | None]]) -> str:
    """``EU and UK: 1 % cream.``; ``US, adults; EU, adults.`` where the texts name their own country."""
    texts_: dict[str, list[str]] = {}
    for text, country in said:
        texts_.setdefault(text, []).append(country or "")
    if len(texts_) == 1:
        text, countries = next(iter(texts_.items()))
        return _led(text, countries) if text else ""
    parts = [_led(text, countries) for text, countries in texts_.items() if text]
    return ". ".join(p.rstrip(".") for p in parts) + "."


def _led(text: str, countries: Sequence[str]) -> str:
    """A text with the countries it holds for before it; one that names its own country names all of them."""
    where = named(countries)
    own = next((c.upper() for c in countries if text.startswith(c.upper())), None)
    return f"{where}{text.removeprefix(own)}" if own else f"{where}: {text}"


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
    said = undosed(case, therapy) or tuple(_outside(case, fact, bands) for fact, bands in missed.items())
    if not said:
        return []
    why = "; ".join(said)
    return [Line(id_, section, "note", f"No dose: {why}", _NO_BAND, status="no_dose", group="dose")]


def undosed(case: Case, therapy: Therapy) -> tuple[str, ...]:
    """Why no source gives this patient a dose, where the content says so."""
    return tuple(
        texts.fill(u.because[LANGUAGE], {}).rstrip(".") for u in therapy.undosed if case.rule(u.id) is True
    )


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


__all__ = ["doses", "undosed"]
