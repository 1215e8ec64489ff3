"""What trials found: the shape of ``trials/<id>.yaml`` and of ``evidence.yaml``, which says how they are compared.

A figure is *verified* when somebody read it in a page; the size of an arm and the spread of a mean have flags of
their own, for they are often known from elsewhere.
"""

from typing import Literal

import msgspec

from atopy.guideline.schema import Quantity, Words


class TrialArm(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One arm of a trial."""

    id: str  # what this trial's figures call it
    regimen: str  # which treatment in which dose: a regimen of evidence.yaml
    dose: str | None = None  # the dose as this trial gave it
    randomised: int | None = None  # people
    subset_of: str | None = None  # an arm whose people these are too: shown, never pooled beside it


class Figure(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What one arm showed: events among people, or a mean with its spread."""

    arm: str  # an arm of this trial
    verified: bool  # somebody read it in a page
    events: int | None = None  # people who had the event
    of: int | None = None  # people analysed
    percent: float | None = None  # as printed
    counted: Literal["reported", "from percent"] | None = None  # where the number of events comes from
    mean: float | None = None  # the mean of an outcome that is no event
    sd: float | None = None  # its standard deviation
    se: float | None = None  # or its standard error
    size_verified: bool = True  # somebody read how many people there were
    spread_verified: bool = True  # somebody read the deviation or error
    seen: str | None = None  # the page it was read in
    note: str | None = None  # a remark for readers of the file


class Contrast(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What one arm showed against another, where a trial prints only that."""

    arm: str  # an arm of this trial
    against: str  # the arm it is compared with
    scale: Literal["difference", "odds ratio"]  # of the estimate
    estimate: float  # of the arm against the other
    verified: bool  # somebody read it in a page
    low: float | None = None  # the lower end of its interval
    high: float | None = None  # the upper end
    level: float = 95  # of the interval, in percent
    adjusted: bool = False  # for what was so at the start
    seen: str | None = None  # the page it was read in
    note: str | None = None  # a remark for readers of the file


class Result(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One outcome of a trial at one time."""

    outcome: str  # an outcome of evidence.yaml
    week: float  # after the start
    figures: list[Figure] = []  # what each arm showed
    contrasts: list[Contrast] = []  # or how arms differ
    source: str | None = None  # another source than the trial's own


class Trial(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One randomised trial (``trials/<id>.yaml``). To add a trial is to add one file."""

    id: str
    name: str  # what it is known as
    source: str  # the key of its report in the bibliography
    population: str  # of evidence.yaml: whom it treated, beside what
    year: int  # of the report
    arms: list[TrialArm]  # two or more
    results: list[Result]  # each outcome at each time
    registration: str | None = None  # its number in a registry
    age_group: str | None = None  # whom it took, in words
    severity: str | None = None  # how severe their disease was, in words
    background: str | None = None  # what everybody got
    people: str | None = None  # what else marks whom it took, or how it was done
    design: str = "parallel"  # parallel, crossover ...
    paired: bool = False  # each person in both arms: arms are not independent, so it is not pooled
    sponsor: str | None = None  # who ran or paid for it
    sponsor_seen: str | None = None  # the page that says so
    note: str | None = None  # what a reader of any of its numbers should know

    def source_of(self, result: Result) -> str:
        """The reference that a result comes from."""
        return result.source or self.source


class Window(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """The weeks at which a result counts."""

    low: float  # not before
    high: float  # not after
    best: float  # of several results of one trial the nearest to this counts


class Outcome(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What is compared."""

    id: str
    name: Words
    kind: Literal["binary", "continuous"]  # people with an event, or a mean
    better: Literal["higher", "lower"]  # which way is good
    weeks: Window  # when a result counts
    event: Words | None = None  # of a binary one: what happens to so many of a hundred people
    unit: str | None = None  # of a mean
    in_aid: bool = False  # shown when a patient chooses
    numbers: dict[str, Quantity] = {}
    order: int = 50


class Population(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Trials that may be compared with each other: alike in whom they treated and what everybody got."""

    id: str
    name: Words
    reference: str  # the regimen that others are shown against
    when: str = "TRUE"  # a predicate: patients whom its trials are about
    beside: list[str] = []  # populations whose drugs are named beside it as not connected
    compared: bool = True  # false: its trials are too unlike each other to be pooled
    cautions: list[Words] = []  # what to know before its numbers are used
    numbers: dict[str, Quantity] = {}
    order: int = 50


class Node(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One treatment in one dose, as the trials gave it: a node of the networks."""

    id: str
    name: Words | None = None  # of what is no option of the ladder: placebo
    therapy: str | None = None  # the option of the ladder
    dose: str | None = None  # in words; the name is that of the option with this
    regimens: list[str] = []  # regimens of the ladder that are this dose


class Evidence(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """``evidence.yaml``: what is compared, among whom, and what each arm was."""

    outcomes: list[Outcome]  # what may be compared
    populations: list[Population]  # among whom
    regimens: list[Node]  # what arms got


__all__ = [
    "Contrast", "Evidence", "Figure", "Node", "Outcome", "Population", "Result", "Trial", "TrialArm", "Window",
]  # fmt: skip
