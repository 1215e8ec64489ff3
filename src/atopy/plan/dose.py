"""The dose of a regimen for this patient, with the arithmetic shown.

``5 mg/kg/day x 62 kg = 310 mg/day, in 2 doses of 155 mg; rounded down to 300 mg/day: 2 x 150 mg (capsules of ...)``.
Numbers are exact. Nothing is multiplied out that nobody read in a source, nor without a weight.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from atopy.guideline import Dose, Quantity, Regimen, Strengths
from atopy.plan.dose_amount import Rounded, Span, Unit, exact, in_unit, most, span_of, to_strengths, unit_of
from atopy.plan.plain import sentences

CHECK_LABEL = "check the label: not read in a source"
CHECKED_FIRST = "your doctor checks this dose first"
TOO_SMALL = "your dose is smaller than what is made, so your doctor decides"
BY_WEIGHT = "the doctor works the dose out from the weight"
BY_BODY = "the doctor works the dose out from your height and weight"
_TOO_SMALL_FOR = "too small for"
_LANGUAGE = "en"
_OFTEN = {Decimal(1): "once", Decimal(2): "twice"}


class Said(NamedTuple):
    """One text for each reader."""

    clinician: str
    patient: str


class Setting(NamedTuple):
    """What bears on every dose of a therapy for this patient."""

    weight: Decimal | None = None
    ceilings: tuple[Dose, ...] = ()  # maxima of regimens that are nothing else
    shares: tuple[Quantity, ...] = ()  # how much of the usual dose is given
    made: Strengths | None = None  # what the drug is made as


class Step(NamedTuple):
    """One dose of a regimen, or its maximum, on its way from the source to the patient."""

    span: Span
    unit: Unit
    work: tuple[str, ...] = ()  # each thing that was done to it, in words
    open: str | None = None  # why there is no dose, for the clinician
    small: bool = False  # because nothing so small is made
    limit: bool = False


def doses_said(regimen: Regimen, setting: Setting) -> Said:
    """The regimen for each reader."""
    if not all(s.verified for s in regimen.sources):
        return _unread(regimen)
    given = _given(regimen, setting)
    clinician = [_clinician(d, step, setting.made) for d, step in given]
    patient = [_patient(d, step, setting.made) for d, step in given]
    if regimen.loading:
        clinician[0], patient[0] = f"{clinician[0]} to start", f"{patient[0]} to start"
    if any(step.open for _, step in given):
        return Said(_joined(clinician, regimen, setting), _why_not(given))
    return Said(_joined(clinician, regimen, setting), _joined_plain(patient, regimen, setting, bool(given)))


def amounts(regimen: Regimen, setting: Setting) -> list[tuple[Span, Unit]]:
    """What each dose of the regimen comes to in the end; nothing for one that is not worked out."""
    given = [(d, step) for d, step in _given(regimen, setting) if step.open is None]
    return [(_total(d, step, setting.made), step.unit) for d, step in given]


def _given(regimen: Regimen, setting: Setting) -> list[tuple[Dose, Step]]:
    maxima = [*([regimen.maximum] if regimen.maximum else []), *setting.ceilings]
    return [
        (d, _makeable(d, _worked(d, maxima, setting), setting.made))
        for d in (regimen.loading, regimen.dose, *regimen.then) if d
    ]  # fmt: skip


def _total(dose: Dose, step: Step, made: Strengths | None) -> Span:
    """All that is given in the unit's period: in strengths that exist, where what is made is known."""
    found = _rounded(dose, step, made)
    return found.total if found else step.span


def _unread(regimen: Regimen) -> Said:
    """What nobody read is shown as it stands, and never multiplied out."""
    as_read = [stated(d) for d in (regimen.loading, regimen.dose, *regimen.then) if d]
    if regimen.loading:
        as_read[0] += " to start"
    text = _with_maximum(", then ".join(as_read), stated(regimen.maximum) if regimen.maximum else "")
    return Said(f"{text} ({CHECK_LABEL})", CHECKED_FIRST) if text else Said("", "")


def by_weight(regimen: Regimen, setting: Setting) -> bool:
    """Whether what is said of it depends on the patient's weight."""
    named = (regimen.loading, regimen.dose, regimen.maximum, *regimen.then, *setting.ceilings)
    return any(d is not None and "/kg" in d.unit for d in named)


# -- from what is stated to what is given


def _worked(dose: Dose, maxima: Sequence[Dose], setting: Setting) -> Step:
    """Multiplied by the weight, cut to a share, held to the maxima: each with its arithmetic."""
    unit = unit_of(dose.unit)
    step = Step(span_of(dose), unit)
    if unit.body == "m2":
        return step._replace(open="body surface needed: no dose worked out")
    if unit.body == "kg":
        if setting.weight is None:
            return step._replace(open="weight needed: no dose worked out")
        total, counted = step.span.by(setting.weight), unit.total()
        work = f" x {exact(setting.weight)} kg = {total.words()} {counted}"
        step = Step(total, unit_of(counted), (work,))
    if len(setting.shares) > 1:
        return step._replace(open="more than one cut of the usual dose applies: no dose worked out")
    if setting.shares:
        step = _shared(step, setting.shares[0])
    return _held(step, maxima, setting.weight)


def _shared(step: Step, share: Quantity) -> Step:
    """Only a share of the usual dose, each end by its own end."""
    low, high = (share.value, share.value) if share.value is not None else (share.low, share.high)
    span = Span(_part(step.span.low, low), _part(step.span.high, high))
    cut = f"{Span(low, high).words()} {share.unit}"
    return step._replace(span=span, work=(*step.work, f"; {cut} of it = {span.words()} {step.unit.total()}"))


def _part(number: Decimal | None, percent: Decimal | None) -> Decimal | None:
    return None if number is None or percent is None else number * percent / 100


def _held(step: Step, maxima: Sequence[Dose], weight: Decimal | None) -> Step:
    """Never above the lowest of the maxima that measure the same."""
    for maximum in maxima:
        allowed = most(maximum, weight)
        if allowed is None:
            if "/kg" in maximum.unit and weight is None:
                return step._replace(open=f"at most {stated(maximum)}: weight needed before a dose is given")
            continue
        limit = in_unit(allowed[0], allowed[1]._replace(body=None), step.unit)
        top = step.span.high if step.span.high is not None else step.span.low
        if limit is None or top is None or top <= limit:
            continue
        low = step.span.low
        span = Span(limit, limit) if low is None or low >= limit else Span(low, limit)
        said = f"; held to the maximum of {calculated(maximum, weight)}: {span.words()} {step.unit.total()}"
        step = step._replace(span=span, work=(*step.work, said))
    return step


def calculated(maximum: Dose, weight: Decimal | None) -> str:
    """A maximum with its own arithmetic."""
    unit = unit_of(maximum.unit)
    if unit.body != "kg" or weight is None:
        return stated(maximum)
    total = span_of(maximum).by(weight)
    return f"{stated(maximum)} x {exact(weight)} kg = {total.words()} {unit.total()}"


def _each(dose: Dose, step: Step) -> Span:
    """One of the doses that a day's are split into."""
    parts = dose.divided or 1
    return Span(*(None if n is None else n / parts for n in step.span))


def _rounded(dose: Dose, step: Step, made: Strengths | None) -> Rounded | None:
    """In the strengths that exist, where they are known and count what the dose counts."""
    if made is None or step.open:
        return None
    return to_strengths(step.span, dose.divided or 1, step.unit.counted, made, down=step.limit)


def _makeable(dose: Dose, step: Step, made: Strengths | None) -> Step:
    """A dose below the smallest strength is none: nobody is told an amount that cannot be taken."""
    found = _rounded(dose, step, made)
    if made is None or found is None or not found.nothing:
        return step
    return step._replace(open=f"{_TOO_SMALL_FOR} {kinds(made)}: no dose", small=True)


def kinds(made: Strengths) -> str:
    """What a drug is made as: ``capsules of 25, 50 and 100 mg``."""
    return f"{made.form.get(_LANGUAGE, '')} of {_listed([exact(n) for n in made.strengths])} {made.unit}"


# -- in words


def _clinician(dose: Dose, step: Step, made: Strengths | None) -> str:
    text = stated(dose, tail=False) + "".join(step.work)
    if step.small:
        return f"{text}{_split(dose, step)}; {step.open}"
    if step.open:
        return f"{text} ({step.open})"
    text += _split(dose, step) + _rounding(dose, step, made)
    return text + _tail(dose, split=not step.work)


def _split(dose: Dose, step: Step) -> str:
    """How much each of a day's doses is, once it was worked out."""
    if not step.work or (dose.divided or 1) == 1:
        return ""
    return f", in {dose.divided} doses of {_each(dose, step).words()} {step.unit.counted}"


def _rounding(dose: Dose, step: Step, made: Strengths | None) -> str:
    """What becomes of it in strengths that exist; a stated dose that they make as it is needs no word."""
    found = _rounded(dose, step, made)
    if made is None or found is None:
        return ""
    named, total = kinds(made), found.total
    if total == step.span and not found.uneven:
        return f" ({named})" if step.work else ""
    lowered = total.high is not None and step.span.high is not None and total.high < step.span.high
    how = "rounded down" if lowered and (step.limit or total.low == total.high) else "rounded"
    given = f"; {how} to {total.words()} {step.unit.total()}" if total != step.span else ""
    note = ", below the range: nothing made fits inside it" if found.below else ""
    return f"{given}{_shares_of(found, step.unit.counted)} ({named}){note}"


def _shares_of(found: Rounded, counted: str) -> str:
    """The doses of a day in strengths that exist: ``: 2 x 150 mg``, or each by itself where they differ."""
    if len(found.doses) == 1:
        return ""
    if not found.uneven:
        return f": {len(found.doses)} x {found.doses[0].words()} {counted}"
    said = " + ".join(f"{dose.words()} {counted}" for dose in found.doses)
    return f": {said}, as equal doses would be further off"


def _patient(dose: Dose, step: Step, made: Strengths | None) -> str:
    """The outcome of the arithmetic, with no units per kilogram."""
    found = _rounded(dose, step, made)
    total = _total(dose, step, made)
    text = _how_many(dose, total, step.unit.total()).replace("/", " a ")
    uneven = found is not None and found.uneven
    if (step.work or uneven) and (dose.divided or 1) > 1:
        each = _listed([d.words() for d in found.doses]) if found and uneven else _one(dose, step, found)
        text += f", in {dose.divided} doses of {each} {step.unit.counted}"
    return text + _tail(dose, split=not (step.work or uneven))


def _one(dose: Dose, step: Step, found: Rounded | None) -> str:
    """One of the doses of a day that are alike."""
    return (found.doses[0] if found else _each(dose, step)).words()


def stated(dose: Dose, tail: bool = True) -> str:
    """A dose as the source has it."""
    text = f"{span_of(dose).words()} {_counted(dose, dose.unit)}".strip()
    return text + (_tail(dose, split=True) if tail else "")


def _counted(dose: Dose, unit: str) -> str:
    """The unit, with its plural where it is a word that is counted: ``2 applications``."""
    return f"{unit}s" if unit in ("application", "bath") and dose.value != 1 else unit


def _how_many(dose: Dose, total: Span, unit: str) -> str:
    """The same for a patient: a cream is not applied but used, ``once or twice``, ``3 to 8 times``."""
    if unit != "application":
        return f"{total.words()} {_counted(dose, unit)}"
    ends = dict.fromkeys(n for n in total if n is not None)
    said = [_OFTEN[n] for n in ends if n in _OFTEN]
    return " or ".join(said) if len(said) == len(ends) else f"{total.words()} times"


def _tail(dose: Dose, split: bool) -> str:
    """How often, in how many doses, how many times."""
    text = ""
    if dose.every:
        text += f" every {dose.every}" if dose.every[0].isdigit() else f" a {dose.every}"
    if split and dose.divided and dose.divided > 1:
        text += f", in {dose.divided} doses a day"
    if dose.times:
        text += f", {dose.times} times" if dose.times > 1 else " once"
    note = dose.note.get(_LANGUAGE)
    return f"{text} ({note})" if note else text


def _joined(steps: list[str], regimen: Regimen, setting: Setting) -> str:
    """The doses one after the other, and the maximum where they do not say it already."""
    text = ", then ".join(steps)
    if regimen.maximum is None or "maximum of" in text:
        return text
    if any(
        d is not None and _same(d, regimen.maximum) for d in (regimen.loading, regimen.dose, *regimen.then)
    ):
        return text
    made = None if text else setting.made
    said = _clinician(regimen.maximum, _ceiling(regimen.maximum, setting, made), made)
    return _with_maximum(text, said)


def _ceiling(maximum: Dose, setting: Setting, made: Strengths | None) -> Step:
    """A maximum worked out; no cut of the usual dose touches it."""
    step = _worked(maximum, (), setting._replace(shares=()))._replace(limit=True)
    return _makeable(maximum, step, made)


def _joined_plain(steps: list[str], regimen: Regimen, setting: Setting, given: bool) -> str:
    """The same in short sentences."""
    text = ". Then ".join(steps)
    maximum = regimen.maximum
    if maximum is None or (given and "/kg" in maximum.unit) or any(_same(d, maximum) for d in _all(regimen)):
        return text
    made = None if given else setting.made
    step = _ceiling(maximum, setting, made)
    if step.open:
        return text or _why_not([(maximum, step)])
    return sentences((text, f"at most {_patient(maximum, step, made)}"))


def _all(regimen: Regimen) -> list[Dose]:
    return [d for d in (regimen.loading, regimen.dose, *regimen.then) if d is not None]


def _same(dose: Dose, maximum: Dose) -> bool:
    """Whether a dose goes up to its maximum, so that it need not be said twice."""
    return dose.unit == maximum.unit and span_of(dose).high == span_of(maximum).high


def _with_maximum(text: str, most_: str) -> str:
    return "; ".join(x for x in (text, f"at most {most_}" if most_ else "") if x)


def _why_not(given: Sequence[tuple[Dose, Step]]) -> str:
    steps = [step for _, step in given if step.open]
    if any(step.unit.body == "m2" for step in steps):
        return BY_BODY
    if any(step.small for step in steps):
        return TOO_SMALL
    return BY_WEIGHT if any("weight" in (step.open or "") for step in steps) else CHECKED_FIRST


def _listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
