"""Change since a baseline: by how much, whether it matters by each published figure, and who responded."""

from decimal import Decimal

import msgspec

from atopy.instruments.bands import in_band
from atopy.instruments.exact import DIGITS, N, One, half_up, plain
from atopy.instruments.model import Criterion, ImportantChange, Instrument
from atopy.instruments.reading import ItemError, ItemProblem, Raw, number
from atopy.instruments.scoring import validate_value
from atopy.truth import Truth


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one criterion is met: True, False, or None when it cannot be decided, and why."""

    id: str
    name: str
    measure: str
    met: Truth
    because: str
    source: str = ""
    verified: bool
    note: str = ""


class ChangeReading(msgspec.Struct, frozen=True, kw_only=True):
    """A change read by one study of what matters to patients.

    ``reached`` is None where the study gives a span and the change is inside it, or gives only words or
    the error of measurement. ``within_error``: too small to be told from error in one person.
    """

    source: str
    verified: bool
    population: str
    threshold: str
    reached: Truth
    meaning: str = ""
    within_error: Truth = None
    note: str = ""


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """Change from a baseline to now. Improvement is positive whichever way the scale runs.

    ``percent`` is unrounded and None when the baseline is 0; ``percent_reported`` is for showing only:
    an improvement of 74.96 % is shown as 75.0 and is not EASI-75.
    """

    instrument: str
    baseline: Decimal | None
    now: Decimal | None
    improvement: Decimal | None
    percent: Decimal | None
    percent_reported: Decimal | None
    definitions: tuple[Verdict, ...]
    important: tuple[ChangeReading, ...]

    def met(self, id: str) -> Truth:
        """Whether the response definition of that id (``easi_75``) is met. Raises KeyError."""
        for verdict in self.definitions:
            if verdict.id == id:
                return verdict.met
        raise KeyError(id)


def improvement_of(baseline: N, now: N, higher_is_worse: bool = True) -> N:
    """Points by which it got better."""
    return baseline - now if higher_is_worse else now - baseline


def meets(criterion: Criterion, baseline: N, now: N, higher_is_worse: bool = True) -> N:
    """Whether a criterion is met, compared on unrounded values; missing where it cannot be decided.

    A percentage of a baseline of 0 is undefined, and so is a response that started too low.
    """
    better = improvement_of(baseline, now, higher_is_worse)
    if criterion.kind == "improvement_percent":
        wanted = baseline * criterion.value
        met = (better * 100).at_least(wanted).only_if(baseline.more_than(0))
    elif criterion.kind == "improvement_points":
        met = better.at_least(criterion.value)
    elif criterion.kind == "at_most":
        met = now.at_most(criterion.value)
    else:
        met = now.at_least(criterion.value)
    if criterion.baseline_at_least is not None:
        met = met.only_if(baseline.at_least(criterion.baseline_at_least))
    return met.negated() if criterion.negated else met


def verdict(
    criterion: Criterion, baseline: Decimal | None, now: Decimal | None, higher_is_worse: bool = True
) -> Verdict:
    """Whether a criterion is met by one patient, and why."""
    met = meets(criterion, One.of(baseline), One.of(now), higher_is_worse).truth
    return Verdict(
        id=criterion.id,
        name=criterion.name,
        measure=criterion.measure,
        met=met,
        because=_because(criterion, baseline, now, higher_is_worse, met),
        source=criterion.source,
        verified=criterion.verified,
        note=criterion.note,
    )


def response(instrument: Instrument, baseline: Raw | None, now: Raw | None) -> Response:
    """The change from *baseline* to *now* by every published definition of the instrument.

    Either may be None: then everything is undecided. Raises ItemError for impossible values. Never use
    it on a value converted from another instrument.
    """
    first, second = _checked(instrument, baseline, "baseline"), _checked(instrument, now, "now")
    better = improvement_of(One.of(first), One.of(second), instrument.higher_is_worse).value
    percent = percent_of(better, first)
    return Response(
        instrument=instrument.id,
        baseline=first,
        now=second,
        improvement=better,
        percent=percent,
        percent_reported=None if percent is None else half_up(percent, 1),
        definitions=tuple(
            verdict(c, first, second, instrument.higher_is_worse) for c in instrument.responses
        ),
        important=tuple(_important(change, better, percent) for change in instrument.important_changes),
    )


def percent_of(better: Decimal | None, baseline: Decimal | None) -> Decimal | None:
    """An improvement as a percentage of the baseline, unrounded; None when the baseline is 0."""
    if better is None or not baseline:
        return None
    return plain(DIGITS.divide(better * 100, baseline))


def _checked(instrument: Instrument, value: Raw | None, name: str) -> Decimal | None:
    if value is None:
        return None
    wrong = validate_value(instrument, value)
    if wrong:
        raise ItemError(instrument, [ItemProblem(name, str(value), wrong)])
    return number(value)


def _because(
    criterion: Criterion, baseline: Decimal | None, now: Decimal | None, higher_is_worse: bool, met: Truth
) -> str:
    """The figures behind a verdict."""
    needs_baseline = criterion.kind.startswith("improvement") or criterion.baseline_at_least is not None
    if now is None:
        return f"There is no {criterion.measure} value now."
    if needs_baseline and baseline is None:
        return f"There is no {criterion.measure} value at baseline."
    if met is None:
        return _undecided(criterion, baseline)
    if baseline is None or not criterion.kind.startswith("improvement"):
        return f"{criterion.measure} is {plain(now)}; {_wanted(criterion)}."
    better = improvement_of(One.of(baseline), One.of(now), higher_is_worse).value or Decimal(0)
    percent = percent_of(better, baseline)
    share = "" if percent is None else f" ({half_up(percent, 1)} %)"
    return f"{plain(baseline)} to {plain(now)}: better by {better}{share}; {_wanted(criterion)}."


def _undecided(criterion: Criterion, baseline: Decimal | None) -> str:
    floor = criterion.baseline_at_least
    if floor is not None and baseline is not None and baseline < floor:
        return f"The baseline of {plain(baseline)} is below {plain(floor)}: response cannot be judged."
    return "The baseline is 0: a percentage of it is undefined."


def _wanted(criterion: Criterion) -> str:
    limit = plain(criterion.value)
    words = {
        "improvement_percent": f"at least {limit} % better",
        "improvement_points": f"at least {limit} points better",
        "at_most": f"{limit} or lower",
        "at_least": f"{limit} or higher",
    }[criterion.kind]
    return f"not {words} is what is asked" if criterion.negated else f"asked is {words}"


def _important(change: ImportantChange, better: Decimal | None, percent: Decimal | None) -> ChangeReading:
    amount = percent if change.unit == "percent" else better
    within = None
    if change.detectable is not None and better is not None:
        within = abs(better) < change.detectable
    return ChangeReading(
        source=change.source,
        verified=change.verified,
        population=change.population,
        threshold=_threshold(change),
        reached=_reached(change, amount),
        meaning=_meaning(change, amount),
        within_error=within,
        note=change.note,
    )


def _reached(change: ImportantChange, amount: Decimal | None) -> Truth:
    if amount is None:
        return None
    if change.value is not None:
        return amount >= change.value
    if change.low is None or change.high is None:
        return None
    return True if amount >= change.high else False if amount < change.low else None


def _meaning(change: ImportantChange, amount: Decimal | None) -> str:
    """The word a graded study has for a change of that size."""
    if amount is None:
        return ""
    for band in change.scale:
        if in_band(band, One.of(half_up(amount, 1))).truth:
            return band.label
    return ""


def _threshold(change: ImportantChange) -> str:
    unit = {"points": "points", "percent": "%", "grades": "grade"}[change.unit]
    if change.value is not None:
        return f"{plain(change.value)} {unit}"
    if change.low is not None and change.high is not None:
        return f"{plain(change.low)} to {plain(change.high)} {unit}"
    if change.scale:
        return "; ".join(f"{band.limits}: {band.label}" for band in change.scale)
    return "none given" if change.detectable is None else f"detectable from {plain(change.detectable)} {unit}"
