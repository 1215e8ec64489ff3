"""The published formulas, each written once, for one patient and for columns of patients alike.

A formula takes the values that were given (``Inputs``) and returns the total with its parts. It reads
regions, weights and missing-item rules from the instrument, so that content can show and check them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Generic, NamedTuple

from atopy.instruments.exact import N, total
from atopy.instruments.model import Instrument, Item, Role


class Scored(NamedTuple, Generic[N]):
    """A total, and the scores of its parts (regions, subscales) by name."""

    total: N
    parts: dict[str, N]


class Inputs(Generic[N]):
    """The values given for one instrument; whatever was not given is missing."""

    def __init__(self, instrument: Instrument, given: Mapping[str, N], age_years: N, nothing: N) -> None:
        self.instrument = instrument
        self.age_years = age_years
        self.nothing = nothing
        self._given = given

    def item(self, item: Item, region: str = "") -> N:
        """The value of an item, in a region if it is graded region by region."""
        return self._given.get(_path(item, region), self.nothing)

    def given(self, role: Role, region: str = "") -> list[Item]:
        """The items of that role of which anything was given."""
        return [item for item in self.items(role) if _path(item, region) in self._given]

    def items(self, role: Role) -> list[Item]:
        """The instrument's items of that role, in order."""
        return [item for item in self.instrument.items if item.role is role]

    def sum_of(self, role: Role, sum_role: Role, region: str = "") -> N:
        """The sum of the items of a role, or that sum as given. Missing where the two disagree."""
        added = total(self.item(item, region) for item in self.items(role))
        for item in self.given(sum_role, region):
            added = added.agreed(self.item(item, region))
        return added

    def signs(self, region: str = "") -> N:
        """The sum of the signs."""
        return self.sum_of(Role.SIGN, Role.SIGN_SUM, region)

    def extent(self, region: str = "") -> N:
        """The extent score, or the one that the percentage gives. Missing where the two disagree."""
        scores = [self.item(item, region) for item in self.given(Role.EXTENT, region)]
        percents = [self.item(item, region) for item in self.given(Role.EXTENT_PERCENT, region)]
        scores += [extent_score(self.instrument, percent) for percent in percents]
        return reduce(lambda one, other: one.agreed(other), scores) if scores else self.nothing

    def weight(self, region: str) -> N:
        """The weight of a region at this age; missing where it depends on an age that is not known."""
        sets = self.instrument.weights
        if len({s.weights[region] for s in sets}) == 1 and sets[0].min_years is None:
            return self.nothing.constant(sets[0].weights[region])
        weight = self.nothing
        for weight_set in sets:
            fits = self.age_years.at_least(weight_set.min_years or 0)
            if weight_set.below_years is not None:
                fits = fits.times(self.age_years.less_than(weight_set.below_years))
            weight = fits.choose(weight_set.weights[region], weight)
        return weight


def _path(item: Item, region: str) -> str:
    """``itch``, or ``head_neck.erythema``."""
    return f"{region}.{item.id}" if item.per_region else item.id


Formula = Callable[[Inputs[Any]], Scored[Any]]
FORMULAS: dict[str, Formula] = {}


def formula(name: str) -> Callable[[Formula], Formula]:
    """Registers a formula under the name that content uses."""

    def register(function: Formula) -> Formula:
        FORMULAS[name] = function
        return function

    return register


def extent_score(instrument: Instrument, percent: N) -> N:
    """The extent score of a percentage. The limits are half-open: 9.5 % scores 1, and 10 % scores 2."""
    score = percent.constant(None)
    for row in instrument.extent_scores:  # they ascend: the last one reached counts
        here = percent.at_least(row.min or 0) if row.above is None else percent.more_than(row.above)
        score = here.choose(row.score, score)
    return score


@formula("single")
def single(given: Inputs[N]) -> Scored[N]:
    """The only item is the score."""
    return Scored(given.item(given.items(Role.ANSWER)[0]), {})


@formula("sum")
def sum_of_answers(given: Inputs[N]) -> Scored[N]:
    """The sum of the answers; so many absent ones as the missing rule allows count 0.

    A subscale with an absent item is absent. A question in two parts counts the larger.
    """
    answers: dict[str, N] = {item.id: given.item(item) for item in given.items(Role.ANSWER)}
    for second in given.items(Role.SECOND_PART):
        for first in second.replaces:
            answers[first] = answers[first].larger(given.item(second))
    absent = total(answer.missing() for answer in answers.values())
    added = total(answer.or_zero() for answer in answers.values())
    parts = {scale.id: total(answers[item] for item in scale.items) for scale in given.instrument.subscales}
    return Scored(added.only_if(absent.at_most(given.instrument.missing.allowed)), parts)


@formula("product")
def product(given: Inputs[N]) -> Scored[N]:
    """Grade times extent (percent, or extent score). Absent when either is, even beside a zero."""
    grade = given.item(given.items(Role.ANSWER)[0])
    return Scored(grade * given.extent(), {})


@formula("easi")
def easi(given: Inputs[N]) -> Scored[N]:
    """Sum over regions of weight, sum of signs and area score (Hanifin 2001)."""
    regions = {
        region.id: given.weight(region.id) * given.extent(region.id).times(given.signs(region.id))
        for region in given.instrument.regions
    }
    return Scored(total(regions.values()), regions)


@formula("hecsi")
def hecsi(given: Inputs[N]) -> Scored[N]:
    """Sum over areas of the sum of signs and the extent score (Held 2005)."""
    areas = {
        region.id: given.extent(region.id).times(given.signs(region.id))
        for region in given.instrument.regions
    }
    return Scored(total(areas.values()), areas)


@formula("sassad")
def sassad(given: Inputs[N]) -> Scored[N]:
    """Sum of the signs of all areas, unweighted (Berth-Jones 1996)."""
    areas = {region.id: given.signs(region.id) for region in given.instrument.regions}
    return Scored(total(areas.values()), areas)


@formula("tis")
def tis(given: Inputs[N]) -> Scored[N]:
    """Sum of three signs of one representative lesion."""
    return Scored(given.signs(), {})


def _objective(given: Inputs[N]) -> dict[str, N]:
    a, b = given.extent(), given.signs()
    return {"extent": a / 5, "intensity": b * 7 / 2}


@formula("scorad")
def scorad(given: Inputs[N]) -> Scored[N]:
    """A/5 + 7B/2 + C: extent in percent, six signs, itch and sleep loss (ETFAD 1993)."""
    parts = _objective(given)
    parts["subjective"] = given.sum_of(Role.SYMPTOM, Role.SYMPTOM_SUM)
    parts["objective"] = parts["extent"] + parts["intensity"]
    return Scored(parts["objective"] + parts["subjective"], parts)


@formula("oscorad")
def oscorad(given: Inputs[N]) -> Scored[N]:
    """A/5 + 7B/2: SCORAD without the symptoms. The 10 extra points of Oranje 2007 are never added."""
    parts = _objective(given)
    return Scored(parts["extent"] + parts["intensity"], parts)


@formula("bsa")
def bsa(given: Inputs[N]) -> Scored[N]:
    """The percentage itself, or the affected share of each region by the rule of nines."""
    parts: dict[str, N] = {}
    for item in given.items(Role.INVOLVED):
        for region in given.instrument.regions:
            parts[region.id] = given.item(item, region.id) * given.weight(region.id) / 100
    return Scored(given.extent().agreed(total(parts.values())), parts)


def mean_of(days: Sequence[N], minimum: int) -> N:
    """The mean of the days that have a value; absent when fewer than *minimum* have."""
    added = total(day.or_zero() for day in days)
    counted = total(day.missing().negated() for day in days)
    mean = added.constant(None)
    for number in range(max(minimum, 1), len(days) + 1):
        # Each divisor is tried in turn: a column holds rows with different numbers of days.
        this_many = counted.at_least(number).times(counted.at_most(number))
        mean = this_many.choose(added / number, mean)
    return mean
