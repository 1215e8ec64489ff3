"""How much: the regimens that fit whom the question is about; and whether a dose it names is one of them."""

from collections.abc import Sequence
from decimal import Decimal

from atopy.ask.lines import as_stated
from atopy.ask.model import Asked, Line, Said
from atopy.ask.quantities import Amount
from atopy.ask.safety import met, weighed
from atopy.ask.wanted import Made, Wanted, listed, plainly
from atopy.criteria import Ref
from atopy.guideline import Dose, Regimen, Therapy
from atopy.plan.dose import CHECKED_FIRST, Setting, doses_said
from atopy.plan.dose_amount import exact

_MOST = 16
_IN_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": Decimal(30)}
_IN_MG = {"mg": Decimal(1), "g": Decimal(1000), "mcg": Decimal("0.001")}


def dose(w: Wanted) -> Made:
    """The doses, or why there is none to give: nobody must meet the dose of a drug that is barred for them."""
    held = [(severity, line) for severity, line in weighed(w, w.option) if severity != "caution"]
    bars = [line for _, line in held]
    name = w.lines.name(w.option.id)
    if any(severity == "absolute" for severity, _ in held):
        return Made("may-no", w.verdict("may-no", option=name, reason=bars[0].text), bars)
    fits = fitting(w, w.option)
    lines = [w.lines.regimen(r, w.option.id, Setting(_weight(w))) for r in fits][:_MOST]
    if bars:
        verdict = w.verdict("may-relative", option=name, reason=bars[0].text)
        return Made("may-relative", verdict, [*bars, *lines], lacking(w, fits))
    said = said_doses(w, fits)
    code = "dose" if said.clinician else "dose-none"
    return Made(code, w.verdict(code, option=name, dose=said), lines, lacking(w, fits))


def named_dose(w: Wanted, amount: Amount) -> Made:
    """A dose that the question names: beyond every dose of the content, one of them, or another."""
    fits = fitting(w, w.option) or w.option.regimens
    held = [d for r in fits for d in _given(r)]  # a dose of others is none for them, and a maximum is no dose
    given = _mass(amount)
    said = said_doses(w, fits)
    setting = Setting(_weight(w))
    lines = [*met(w, w.option), *(w.lines.regimen(r, w.option.id, setting) for r in fits)][:_MOST]
    name = w.lines.name(w.option.id)
    if beyond_every_dose(w, [amount]):
        said = Said(said.clinician, _most_by_weight(fits) or said.patient) if amount.per == "kg" else said
        verdict = w.verdict("dose-beyond", option=name, dose=said)
        return Made("dose-beyond", verdict, lines, lacking(w, fits), "refuse_and_redirect")
    if given is None or amount.per == "kg":
        return dose(w)
    code = "dose-held" if any(_is(d, given, amount.per, _weight(w)) for d in held) else "dose-other"
    return Made(code, w.verdict(code, option=name, dose=said), lines, lacking(w, fits))


def fits_nobody(w: Wanted) -> bool:
    """Whether the question names an age or a weight, and every dose of the option is for others."""
    return bool(w.option.regimens) and _is_aged(w) and not fitting(w, w.option)


def undosed(w: Wanted, named: bool = False) -> Made:
    """No dose fits whom the question is about: whom there are doses for; refused where it names one all the same."""
    lines = [*met(w, w.option), *(w.lines.regimen(r, w.option.id) for r in w.option.regimens)][:_MOST]
    code = "dose-undosed" if named else "may-undosed"
    whom = dict.fromkeys(x for r in w.option.regimens if (x := w.lines.bands(r.bands)))
    given = Said(listed(whom), plainly(whom, 1))
    verdict = w.verdict(code, option=w.lines.name(w.option.id), context=w.context(), reason=given)
    return Made(code, verdict, lines, behaviour="refuse_and_redirect" if named else "answer")


def _is_aged(w: Wanted) -> bool:
    known = any(w.case.value(f) is not None for f in set(w.lexicon.asking.measures.values()))
    return known or bool(w.ages)


def beyond_every_dose(w: Wanted, amounts: Sequence[Amount]) -> bool:
    """Whether an amount is more than any dose or maximum that may fit, at once, over time, or more often."""
    fits = fitting(w, w.option) or w.option.regimens
    held = [d for r in fits for d in _doses(r)]
    on_skin = any(d.unit.split("/")[0] == "g" for d in held)  # grams are then of a cream
    said = [a for a in amounts if a.what == "dose" and not (on_skin and a.unit == "g")]
    tops = [pair for r in fits for pair in _tops(r, _heaviest(w))]
    plain = [a for a in said if a.per != "kg"]
    if tops and any(_is_beyond(a, tops) for a in plain):
        return True
    by_weight = [t for d in held if "kg" in d.unit.split("/") and (t := _top(d, Decimal(1))) is not None]
    given = [m for a in said if a.per == "kg" and (m := _mass(a)) is not None]
    return bool(by_weight) and any(m > max(by_weight) for m in given)


def _is_beyond(a: Amount, tops: Sequence[tuple[Decimal, Decimal | None]]) -> bool:
    given, days = _mass(a), _span_days(a.per)
    if given is None:
        return False
    timed = [(t, d) for t, d in tops if d is not None]
    if days is None or not timed:
        return given > max(t for t, _ in tops)
    return given / days > max(t / d for t, d in timed) or days < min(d for _, d in timed)


def _tops(r: Regimen, kilograms: Decimal | None) -> list[tuple[Decimal, Decimal | None]]:
    """The most that a regimen allows, with the days it is for: its maximum if that is a plain amount, else doses."""
    plain = _top(r.maximum) if r.maximum is not None else None
    if plain is not None and r.maximum is not None:
        span = _days(r.maximum)
        # so many milligrams a kilogram come to less than the maximum in whoever is light
        by_weight = [_top(d, kilograms) for d in _given(r) if _days(d) == span and "kg" in d.unit.split("/")]
        known = [t for t in by_weight if t is not None]
        whole = bool(known) and len(known) == len(_given(r))
        return [(min(plain, max(known)) if whole else plain, span)]
    return [(t, _days(d)) for d in _doses(r) if (t := _top(d, kilograms)) is not None]


def _days(d: Dose) -> Decimal | None:
    """How many days one dose is for."""
    period = d.every or next((p for p in d.unit.split("/")[1:] if p in ("day", "week", "month")), None)
    return _span_days(period)


def _span_days(said: str | None) -> Decimal | None:
    """``day`` is one, ``2 weeks`` are fourteen."""
    if not said:
        return None
    count, _, unit = said.rpartition(" ")
    each = _IN_DAYS.get(unit.rstrip("s"))
    return None if each is None else each * (Decimal(count) if count.isdigit() else 1)


def in_milligrams(w: Wanted) -> bool:
    """Whether the option has a dose that does not go by weight, against which one can be held."""
    return any(_top(d) is not None for r in w.option.regimens for d in _doses(r))


def _most_by_weight(regimens: Sequence[Regimen]) -> str:
    """The most that is given for each kilogram, to somebody who asks in milligrams for each."""
    doses_ = [d for r in regimens for d in _doses(r) if "kg" in d.unit.split("/")]
    each = [(t, top, d.unit) for d in doses_ if (t := _top(d, Decimal(1))) and (top := d.value or d.high)]
    if not each:
        return ""
    _, top, unit = max(each)
    return f"at most {exact(top)} {unit}"


def fitting(w: Wanted, option: Therapy) -> list[Regimen]:
    """The regimens that are not ruled out by what the question says.

    One whose population asks for a known age is closed to anybody; it is shown all the same where no age is known.
    Where words bound the age (a child of so many kilograms), it has to fit at one of those ages.
    """
    here = [r for r in option.regimens if w.country is None or r.country in (None, w.country)]
    named = [r for r in here if not r.of or not w.drugs or set(r.of) & set(w.drugs)]
    if w.ages:
        return [r for r in named if any(case.rule(r.id) is not False for case in w.ages)]
    aged = _is_aged(w)
    return [
        r for r in named
        if w.case.rule(r.id) is not False or (not aged and w.blank.rule(r.id) is False)
    ]  # fmt: skip


def said_doses(w: Wanted, regimens: Sequence[Regimen]) -> Said:
    """The doses in one line for each reader; those of which a source was read go first."""
    order = sorted(regimens, key=lambda r: not all(s.verified for s in r.sources))
    doctor, plain = [], []
    weight = _weight(w)
    for r in order:
        dose_text = doses_said(r, Setting(weight)).clinician if weight is not None else as_stated(r)
        text = dose_text or (w.lines.case.words(r.text, r.numbers)[0] if r.text else "")
        whom = w.lines.case.words_of(r.name, r.numbers) if r.name and len(order) > 1 else ""
        doctor.append(": ".join(x for x in (whom, text) if x))
        said = (
            doses_said(r, Setting(weight)).patient
            or (w.lines.case.words(r.text, r.numbers)[1] if r.text else "")
            or ""
        )
        if said and said != CHECKED_FIRST:
            plain.append(_for_whom(w, r, said, len(order) > 1))
    return Said(listed(doctor), plainly(plain, 2) or CHECKED_FIRST)


def _for_whom(w: Wanted, r: Regimen, said: str, several: bool) -> str:
    whom = w.lines.bands(r.bands) if several else ""
    return f"{whom}: {said}" if whom else said


def lacking(w: Wanted, regimens: Sequence[Regimen]) -> tuple[Asked, ...]:
    """The facts that would tell these regimens apart: those of their bands, and the country."""
    if len(regimens) < 2:
        return ()
    facts = [Ref(f) for r in regimens for f in r.bands if w.case.value(f) is None]
    found = list(w.asked(dict.fromkeys(facts)))
    if w.country is None and len({r.country for r in regimens}) > 1:
        found += w.asked([Ref("country")])
    return tuple(found)


def _weight(w: Wanted) -> Decimal | None:
    fact = w.lexicon.asking.measures.get("kg")
    value = w.case.value(fact) if fact else None
    return value if isinstance(value, Decimal) else None


def _given(r: Regimen) -> list[Dose]:
    """What is given: its maximum only where it names nothing else."""
    return [d for d in (r.loading, r.dose, *r.then) if d is not None] or _maximum(r)


def _maximum(r: Regimen) -> list[Dose]:
    return [] if r.maximum is None else [r.maximum]


def _doses(r: Regimen) -> list[Dose]:
    return [d for d in (r.loading, r.dose, *r.then, r.maximum) if d is not None]


def _heaviest(w: Wanted) -> Decimal | None:
    """The weight that is known, else the greatest that anybody can have: what a dose by weight can come to."""
    fact = w.lexicon.asking.measures.get("kg")
    return _weight(w) or (
        getattr(w.lexicon.compiled.facts[fact].signature.type, "high", None) if fact else None
    )


def _top(d: Dose, kilograms: Decimal | None = None) -> Decimal | None:
    """The most that a dose says, in milligrams, for so heavy a patient; None where that is not known, or no mass."""
    counted, *rest = d.unit.split("/")
    top = d.value if d.value is not None else d.high
    each = _IN_MG.get(counted)
    if top is None or each is None or "m2" in rest or ("kg" in rest and kilograms is None):
        return None
    return top * each * (kilograms if "kg" in rest and kilograms is not None else 1)


def _mass(a: Amount) -> Decimal | None:
    each = _IN_MG.get(a.unit)
    return None if each is None else a.number * each


def _is(d: Dose, given: Decimal, per: str | None, kilograms: Decimal | None) -> bool:
    """Whether a dose is the one that is given, and as often where that is said."""
    top, often, own = _top(d, kilograms), _span_days(per), _days(d)
    if top is None or (often is not None and own is not None and often != own):
        return False
    each = _IN_MG[d.unit.split("/")[0]] * (kilograms if kilograms and "kg" in d.unit.split("/") else 1)
    low = d.low * each if d.value is None and d.low is not None else top
    return low <= given <= top


def dose_lines(w: Wanted) -> list[Line]:
    """The regimens alone."""
    return [w.lines.regimen(r, w.option.id) for r in fitting(w, w.option)][:_MOST]


__all__ = [
    "beyond_every_dose",
    "dose",
    "dose_lines",
    "fits_nobody",
    "fitting",
    "in_milligrams",
    "lacking",
    "named_dose",
    "said_doses",
    "undosed",
]
