"""The shape of the guideline's content: what an editor may write in each kind of file.

Everything is frozen data. Predicates are text here; loading parses and type-checks them.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from atopy.facts.timing import Phase

Text = dict[str, str]  # language -> words
Country = Literal["us", "eu", "uk"]


class Words(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One statement in the words of each reader. Numbers are written as {name} and live in ``numbers``."""

    clinician: Text
    patient: Text | None = None


class Quantity(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A number of a statement: one value, or a range."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None


class Citation(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Where a statement comes from, and what that source itself grades it."""

    source: str  # key in references.json / sources.yaml
    verified: bool  # somebody read it there
    place: str | None = None  # section, table, recommendation number
    says: str | None = None  # what this source says, in our words, when it differs from the statement
    pack: str | None = None  # id of the researched statement this was written from
    direction: Literal["for", "against", "none"] | None = None
    strength: Literal["strong", "conditional", "good practice", "none"] | None = None
    scale: str | None = None  # the source's own scale and its own word
    certainty: Literal["high", "moderate", "low", "very low"] | None = None
    note: str | None = None


class Timing(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """When a statement asks for something, as days on the calendar; its sources and country are the statement's.

    Counted from the first day of a course that is running, from the last day of one that ended (``counted_from:
    end``), from an event, or from the day of the plan itself (``counted_from: plan``: what is changed today is
    looked at again on this day; ``after`` is then empty). ``covers`` names what in the record counts as done: each
    of these; "a or b" any of them.
    """

    id: str
    what: Words  # what the calendar calls it, with the numbers of the statement
    after: list[str] = []  # drugs, therapies or their classes; vaccines, patch tests and the like
    recorded_as: Literal["patch_test", "allergy", "treatment"] | None = (
        None  # the kind of event meant, where the words stand for more: a drug that is patch-tested
    )
    counted_from: Literal["start", "end", "plan"] = "start"
    at: list[str] = []
    every: list[Phase] = []
    covers: list[str] = []
    tolerance: str | None = None
    up_to: str | None = None  # counted alike: from then on it is of no more use and not shown
    when: str | None = None  # for whom; the statement's own where nothing is given
    wait: bool = False  # the day ends a wait: nothing is done on it, it is only not before it
    ahead_of: list[
        str
    ] = []  # life events that the wait must be over for: what is taken must end so long before


class Interval(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One source's timetable of a check, counted from the first day of the course."""

    sources: list[Citation]
    country: Country | None = None
    at: list[str] = []
    every: list[Phase] = []
    after_increase: str | None = None  # once more, so long after each increase of the dose
    tolerance: str | None = None  # how early it counts, and how late it is not yet overdue


Asks = Literal["assess", "start", "optimise", "stop", "avoid", "test", "refer", "monitor", "tell", "note"]


class Statement(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One line of advice or knowledge: when it applies, what it asks, in whose words, on whose authority."""

    id: str
    asks: Asks
    text: Words
    sources: list[Citation]
    when: str = "TRUE"
    numbers: dict[str, Quantity] = {}
    country: Country | None = None
    effective: str | None = None  # ISO date from which it is in force
    until: str | None = None
    review_by: str | None = None
    clinician_first: bool = False  # not shown to a patient before a doctor has spoken
    links: list[str] = []  # ids of related topics
    order: int = 50  # within its section, low first
    timing: list[Timing] = []  # what of it stands on the calendar


class Factor(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An exacerbating factor to exclude before escalation (``factors/<id>.yaml``)."""

    id: str
    name: Words
    present: str
    suspected: str
    excluded: str
    assess: list[Statement]  # how to check it; shown unless excluded
    correct: list[Statement]  # how to correct it; shown when present or suspected
    background: list[Statement] = []
    products: bool = (
        False  # each product in use is held against what the patient reacts to, and told beside it
    )
    links: list[str] = []
    order: int = 50
    review_by: str | None = None


class Reach(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How far a reaction goes: whoever reacts to one of ``positive`` also meets it, or its like, in ``meets``."""

    positive: list[str]  # what is reacted to: substances, classes, or ids of files of this folder
    meets: list[str]  # what is reacted to then: likewise
    how: Literal[  # in what way; what only may be is possible, the rest certain
        "same_group", "cross_reacts", "releases", "contains", "may_cross_react", "may_contain"
    ]
    sources: list[Citation]


class Allergen(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One allergen of products, or a group that reacts alike (``allergens/<id>.yaml``)."""

    id: str
    name: Words
    substances: list[str]  # the words of the vocabulary that belong to it
    sources: list[Citation]  # for the names on labels
    on_labels: dict[str, list[str]] = {}  # by substance: other names that labels use
    reaches: list[Reach] = []  # how far a reaction goes
    free: list[str] = []  # groups or treatments to take instead
    free_sources: list[Citation] = []  # that they are free of it
    advice: list[Statement] = []  # shown to whoever reacts to it
    links: list[str] = []
    order: int = 50
    review_by: str | None = None


class Mimic(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Another disease or complication that this record may raise (``assessment/mimics/<id>.yaml``)."""

    id: str
    name: Words
    suspected: str  # a clue in the record
    present: str  # confirmed
    excluded: str
    test: list[Statement]  # the cheap test that settles it
    meanwhile: list[Statement]  # what must wait
    settled: str | None = (
        None  # known and here to stay beside the disease: from then on it holds nothing back
    )
    background: list[Statement] = []
    told_in: str | None = (
        None  # a factor about the same thing: where both are held, the first screen names the factor
    )
    clinician_first: bool = False
    links: list[str] = []
    order: int = 50
    review_by: str | None = None


class RedFlag(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Something that needs action today (``assessment/red_flags/<id>.yaml``); holds the whole ladder."""

    id: str
    name: Words
    when: str  # over facts that say how recent an event must be
    act: list[Statement]
    clinician_first: bool = False
    links: list[str] = []
    order: int = 50
    review_by: str | None = None


class Grade(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One source's recommendation for or against a therapy, in that source's own scale."""

    id: str
    source: str
    direction: Literal["for", "against", "none"]
    strength: Literal["strong", "conditional", "good practice", "none"]
    verified: bool
    scale: str | None = None
    certainty: Literal["high", "moderate", "low", "very low"] | None = None
    when: str = "TRUE"  # the population it speaks of
    says: Text = {}
    numbers: dict[str, Quantity] = {}
    country: Country | None = None
    effective: str | None = None
    until: str | None = None
    pack: str | None = None
    place: str | None = None
    review_by: str | None = None
    case_of: list[
        str
    ] = []  # others of its source and strength of which one always holds where it does; it stands for its words


class Licence(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a country's regulator allows for this disease."""

    country: Country
    status: Literal["licensed", "off_label", "not_marketed", "withdrawn"]
    source: str
    verified: bool
    when: str = "TRUE"  # whom the licence covers
    note: Text = {}
    numbers: dict[str, Quantity] = {}
    effective: str | None = None


class AccessRule(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Who is paid for in a country, and after what: access, never evidence. Where it is not met the option waits."""

    id: str
    country: Country
    requires: str  # true once the rule is met
    because: Words  # what the rule asks for
    sources: list[Citation]
    when: str = "TRUE"  # whom the rule is about
    asks_for: list[str] = []  # the options of which one is to be tried first; the words of these say so
    numbers: dict[str, Quantity] = {}
    effective: str | None = None
    until: str | None = None
    review_by: str | None = None


class Contraindication(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A state in which a therapy is not given (absolute) or only by exception (relative); caution: with care."""

    id: str
    when: str
    severity: Literal["absolute", "relative", "caution"]
    because: Words
    sources: list[Citation]
    if_unknown: Literal["hold", "ask"] = "ask"
    numbers: dict[str, Quantity] = {}
    country: Country | None = None  # None: everywhere
    applies_to: str | None = None  # a narrower predicate, e.g. only superpotent products
    warns_elsewhere: bool = True  # told as a caution to a patient of another country; false for mere access
    review_by: str | None = None
    case_of: list[
        str
    ] = []  # others of its severity of which one always holds where it does; it stands for its words


class Interaction(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename={"with_": "with"}
):  # fmt: skip
    """What happens when a therapy meets another drug: before one is started, when one is planned, while both are taken.

    It is written once, with the therapy it belongs to; where the other drug is an option too, it is told there as well.
    """

    id: str
    with_: list[str]  # drugs, therapies or classes of the vocabulary: any of them
    because: Words  # what happens, and what to do about it
    action: Literal["avoid", "reduce", "monitor", "separate"]
    sources: list[Citation]
    severity: Literal["absolute", "relative", "caution"] = (
        "caution"  # what it means before this therapy is started
    )
    taken: Literal["stop", "hold", "reduce", "continue_with_cover"] = (
        "continue_with_cover"  # what becomes of this therapy while both are taken
    )
    when: str = "TRUE"  # narrower; IS NOT FALSE in it warns of what is not known too
    numbers: dict[str, Quantity] = {}
    country: Country | None = None
    review_by: str | None = None
    case_of: list[
        str
    ] = []  # others of its severity of which one always holds where it does; it stands for its words


class Dose(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An amount: a value or a range, per kilogram or not, how often, by which route."""

    unit: str  # mg, mg/day, mg/kg/day, mg/week, g, J/cm2, application ...
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    every: str | None = None  # "2 weeks", "day"
    divided: int | None = None  # doses a day it is split into
    times: int | None = None
    note: Text = {}


class Band(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """From low up to, but not including, high: 30.0 kg is in the upper of two bands that meet at 30."""

    low: Decimal | None = None
    high: Decimal | None = None


class Strengths(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a drug is made as; a dose worked out by weight is rounded to these, never above its maximum or range."""

    form: Text  # capsules
    strengths: list[Decimal]  # each that is made
    unit: str  # of the strengths: mg
    sources: list[Citation]
    country: Country | None = None


class Regimen(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One way of giving a therapy, for whom, and its limits.

    One with a ``maximum`` alone is a ceiling, and one with a ``share`` alone a cut: both bind every other regimen
    of the therapy. Several with a dose that apply at once are alternatives.
    """

    id: str
    sources: list[Citation]
    when: str = "TRUE"
    bands: dict[str, Band] = {}  # over facts that are numbers: age_years, weight_kg; half-open
    country: Country | None = None
    name: Text = {}
    loading: Dose | None = None
    dose: Dose | None = None
    then: list[
        Dose
    ] = []  # doses that follow: a longer interval once clear, a step up; each says in its note when
    maximum: Dose | None = None
    share: Quantity | None = None  # of the usual dose, in percent
    course: Quantity | None = None  # how long this regimen runs
    of: list[str] = []  # the drugs whose amounts these are, where the therapy is a whole class
    text: Words | None = None  # what numbers cannot say
    numbers: dict[str, Quantity] = {}
    review_by: str | None = None
    beside: list[
        str
    ] = []  # other regimens, of other doses, that are meant to apply at once with it, as alternatives


class Undosed(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Patients inside the licence for whom no regimen gives a dose, and why."""

    id: str
    when: str
    because: Text
    sources: list[Citation]
    country: Country | None = None


class Check(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A test or look before or during treatment."""

    id: str
    test: Words
    sources: list[Citation]
    when: str = "TRUE"  # for whom
    done: str = "FALSE"  # a predicate that is true once the record shows it done
    required: bool = True
    country: Country | None = None
    every: Text = {}
    act: list[Statement] = []
    numbers: dict[str, Quantity] = {}
    timing: list[
        Interval
    ] = []  # when it is due; where sources differ the strictest is kept and the rest are shown
    covers: list[str] = []  # what in the record counts as done: each of these; "a or b" any of them
    valid_for: str | None = None  # how old a result before the first dose may be
    review_by: str | None = None


class Limit(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A state in which a treatment being used must change: too long, too much, too little, a test past its limit."""

    id: str
    when: str
    action: Literal["stop", "hold", "reduce", "optimise", "continue_with_cover"]
    text: Words
    sources: list[Citation]
    numbers: dict[str, Quantity] = {}
    country: Country | None = None
    review_by: str | None = None
    case_of: list[
        str
    ] = []  # others of its action of which one always holds where it does; it stands for its words


class Stop(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How a therapy is stopped, and what stopping risks."""

    how: Literal["at once", "taper", "with cover", "course ends"]
    text: Words
    sources: list[Citation]
    numbers: dict[str, Quantity] = {}


class Cost(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a treatment costs, as a source says it: a tier, and a list price where one was read."""

    tier: Literal["low", "low to medium", "medium", "high"]  # beside the other treatments
    sources: list[Citation]
    price: Quantity | None = None  # with what it buys as its unit
    country: Country | None = None
    year: int | None = None  # of the price


class Aid(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Where a decision aid finds what else matters to who chooses: ids of this file's own texts."""

    harms: list[str] = []  # statements that tell the main harms
    pregnancy: list[str] = []  # contraindications and statements that speak of pregnancy
    cost: Cost | None = None  # where a source gives it


class Therapy(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One option of the ladder (``ladder/<id>.yaml``). To add a drug is to add one file."""

    id: str
    name: Words
    rung: str  # id of a rung in guideline.yaml
    treats_with: list[str]  # vocabulary terms or classes whose courses are this therapy
    suits: str  # whom it is for: disease, severity, age, site
    recommended: list[Grade]
    licence: list[Licence]
    contraindicated: list[Contraindication]
    regimens: list[Regimen]
    statements: list[Statement]  # how to use it, what the references found, what to tell
    made_as: list[Strengths] = []  # the strengths that exist
    undosed: list[Undosed] = []  # whom no regimen gives a dose, though the licence covers them
    stop: Stop | None = None
    access: list[AccessRule] = []  # funding rules of a country, apart from licence and evidence
    limits: list[Limit] = []
    interactions: list[Interaction] = []
    before: list[Check] = []
    monitor: list[Check] = []
    onset: Quantity | None = None  # when to judge it
    onset_sources: list[Citation] = []
    course_limit: Quantity | None = None
    course_limit_sources: list[Citation] = []
    course_limit_when: str = "TRUE"  # of which use of it the limit speaks
    needs_specialist: bool = False
    unproven: bool = False
    group: str | None = None  # options of one group exclude each other: biologic_or_jak ...
    combines_with: list[str] = []  # options of its group that it is given with on purpose
    parts: list[str] = []  # options it is made of: an absolute contraindication of one bars it too
    aid: Aid = Aid()  # what a decision aid shows of it beside effect, dose and tests
    links: list[str] = []
    order: int = 50  # among equals of one rung, after the patient's preferences and before the name
    review_by: str | None = None


class Criterion(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One thing that makes a course an adequate trial, and what is said when it holds, fails or is not known."""

    id: str
    when: str  # over one course: its fields, course facts, and the patient's facts
    met: Words
    failed: Words
    unknown: Words
    sources: list[Citation]
    grows: bool = (
        False  # passes with time: a course that is going on and lacks only this is too early to judge
    )
    numbers: dict[str, Quantity] = {}
    review_by: str | None = None

    @property
    def fact(self) -> str:
        """The name of the fact of one course that it becomes."""
        return f"criterion_{self.id}"


class Judgement(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """When a course of certain treatments was an adequate trial (``courses/<id>.yaml``): every criterion holds.

    No treatment belongs to two. The scores before a course are those of ``baseline_within`` before it began;
    those of ``settles_within`` after it ended still speak for it.
    """

    id: str
    name: Words
    treats_with: list[str]  # vocabulary terms or classes
    criteria: list[Criterion]
    baseline_within: str = "90 days"
    settles_within: str = "30 days"
    targets: list[str] = []  # target frameworks that are followed while such a course is going on
    order: int = 50
    review_by: str | None = None


class Topic(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Statements on one subject (``assessment/``, ``review/``, ``care/``), shown in one section of the plan."""

    id: str
    title: Words
    section: Literal["assessment", "taken_now", "calendar", "referral", "tell"]
    statements: list[Statement]
    authors: list[str] = []  # these three: the guideline's own where a topic names none
    literature_current_through: str | None = None
    last_updated: str | None = None
    links: list[str] = []
    order: int = 50
    review_by: str | None = None


class Side(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One side of a disagreement."""

    position: Text
    sources: list[Citation]
    numbers: dict[str, Quantity] = {}


class Disagreement(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Two sources that differ, both sides, the rule that Atopy follows, and why (``disagreements/*.yaml``)."""

    id: str
    kind: str
    question: Text
    side_a: Side
    side_b: Side
    rule: Words
    why: Text
    touches: str  # a predicate: when it matters to this patient
    about: list[str] = []  # therapies, factors or topics it concerns
    numbers: dict[str, Quantity] = {}
    clinician_only: bool = False
    order: int = 50
    review_by: str | None = None


def own_id(value: "Therapy | Factor | Allergen | Mimic | RedFlag | Topic | Disagreement") -> str:
    """What an item is called in a plan: a disagreement may bear the name of what it is about, so it is marked."""
    return f"disagreement-{value.id}" if isinstance(value, Disagreement) else value.id


class Rung(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One step of the ladder; ``line``: first, second or last."""

    id: str
    name: Words
    line: Literal["first", "second", "last"]


class Currency(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How long what is written may stand before somebody reads it again (``guideline.yaml``).

    An item's own ``review_by`` goes before it, and what a clinician approved later counts from that day.
    """

    since: str  # the day on which whatever gives no date of its own was first said here
    otherwise: str  # for every kind that is not named: 1 year, 6 months
    review_after: dict[
        str, str
    ] = {}  # by kind: statement, recommendation, contraindication, regimen, check ...


class Guideline(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """``guideline.yaml``: what the whole is, how current, by whom, for what use."""

    format: int
    id: str
    title: Text
    version: str
    authors: list[str]
    literature_current_through: str
    last_updated: str
    intended_use: Words
    disclaimer: Words
    condition: Text  # the disease's name in a sentence
    languages: list[str]
    rungs: list[Rung]
    review_status: Literal["submitted", "under review", "approved"] = "submitted"
    currency: Currency | None = None  # left out: a year from ``last_updated``
    judged_by: list[
        str
    ] = []  # scores that show whether a treatment was judged: each of these; "a or b" any of them
    judged_within: str | None = None  # how early that counts, and how late it is not yet overdue
    judged_until: str | None = None  # after the start: from then on nobody is reminded of the first judgement


class Phrases(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """``phrases.yaml``: what codes of the tables are called, for each reader."""

    sections: dict[str, Words]
    headlines: dict[str, Words]
    statuses: dict[str, Words]
    actions: dict[str, Words]
    reasons: dict[str, Words]
    lists: dict[str, Words] = {}  # what to ask so that a list of the record may be called complete
    scores: dict[str, Words] = {}  # what an instrument is called; its short name where nobody says
    groups: dict[str, Words] = {}  # what a class of the vocabulary is called in a question
    calendar: dict[str, Words] = {}  # what kinds of dated items are called; {name} is what they are about
    products: dict[str, Words] = {}  # what is said of a product in use, by what was found on its label
