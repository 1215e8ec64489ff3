"""What an instrument is: its items, formula, bands, important changes and licence, as read from content.

Every struct here is plain frozen data. Content files convert to them with ``msgspec.convert``, and the
compiled content stores them as msgpack. All numbers are exact decimals. A field
that is not known is an error, never ignored.
"""

import enum
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

import msgspec

SeenIn = Literal["primary", "secondary", "code"]


class Role(enum.Enum):
    """What a formula does with an item."""

    ANSWER = "answer"  # one answer of a questionnaire, or the only item of a scale
    EXTENT = "extent"  # how much of a region, or of the body, is affected
    EXTENT_PERCENT = "extent_percent"  # the same as a percentage; gives the extent score
    SIGN = "sign"
    SIGN_SUM = "sign_sum"  # the sum of the signs, where a source kept only that
    SYMPTOM = "symptom"
    SYMPTOM_SUM = "symptom_sum"
    SECOND_PART = "second_part"  # asked only after a certain answer; the larger of the two counts
    INVOLVED = "involved"  # percent of one region that is affected
    SEPARATE = "separate"  # recorded beside the score and never added to it


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is asked or graded. ``topic`` is in our own words, never a questionnaire's.

    ``values`` lists the only values allowed; without it any multiple of ``step`` in ``range`` is.
    ``replaces`` names the items that need not be given when this one is.
    """

    id: str
    topic: str
    range: tuple[Decimal, Decimal]
    step: Decimal = Decimal(1)
    values: tuple[Decimal, ...] = ()
    unit: str = ""
    role: Role = Role.ANSWER
    per_region: bool = False
    replaces: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    note: str = ""


class Region(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the body that is graded by itself."""

    id: str
    topic: str
    aliases: tuple[str, ...] = ()


class ExtentScore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The extent score of a percentage: from ``min`` on, or only above ``above``."""

    score: int
    published: str
    min: Decimal | None = None
    above: Decimal | None = None


class WeightSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The weight of each region at ages from ``min_years`` (included) to ``below_years`` (excluded)."""

    id: str
    weights: dict[str, Decimal]
    sum: Decimal
    min_years: int | None = None
    below_years: int | None = None
    source: str = ""
    seen: tuple[str, ...] = ()
    verified: bool
    note: str = ""


class Subscale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a questionnaire that is scored by itself; absent when one of its items is."""

    id: str
    topic: str
    items: tuple[str, ...]
    max: Decimal


class MissingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an absent item does. An absent score is absent: never zero, never a partial sum."""

    text: str
    allowed: int = 0  # so many absent items count 0
    zero_extent_excuses_signs: bool = False
    verified: bool
    published: bool  # False: nobody published a rule, and this is the safe behaviour
    seen_in: SeenIn | None = None
    seen: tuple[str, ...] = ()
    note: str = ""


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named stretch of a scale. ``min`` and ``max`` belong to it; ``above`` and ``below`` do not."""

    label: str
    min: Decimal | None = None
    above: Decimal | None = None
    max: Decimal | None = None
    below: Decimal | None = None

    @property
    def code(self) -> str:
        """The label as one lower-case word: ``very severe`` is ``very_severe``."""
        return self.label.replace(" ", "_").replace("/", "_")

    @property
    def limits(self) -> str:
        """The published limits, as text: ``21.1-50.0``, ``<25``, ``>50-103``."""
        low = f">{self.above}" if self.above is not None else "" if self.min is None else str(self.min)
        high = f"<{self.below}" if self.below is not None else "" if self.max is None else str(self.max)
        if not low:
            return high if high.startswith("<") else f"<={high}"
        if not high:
            return low if low.startswith(">") else f">={low}"
        return low if low == high else f"{low} to {high}" if high.startswith("<") else f"{low}-{high}"


class BandSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The bands of one study. Never mixed with another study's, never shown without its source.

    ``decimals`` is the precision at which the study printed its limits (the instrument's own when not
    given): a score is rounded half-up to it and then banded, so nothing falls into a printed gap.
    ``partial`` says why the set does not cover the whole range.
    """

    source: str
    bands: tuple[Band, ...]
    verified: bool
    default: bool = False
    seen_in: SeenIn | None = None
    seen: tuple[str, ...] = ()
    population: str = ""
    respondent: Literal["self", "proxy", ""] = ""
    anchor: str = ""
    kappa: Decimal | None = None
    use: str = ""
    modifier: str = ""
    decimals: int | None = None
    partial: str = ""
    note: str = ""


class ImportantChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published change that matters: one ``value``, a span ``low`` to ``high``, or a graded ``scale``.

    ``detectable`` is the smallest change that is told from error of measurement in one person.
    """

    source: str
    verified: bool
    unit: Literal["points", "percent", "grades"] = "points"
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    scale: tuple[Band, ...] = ()
    detectable: Decimal | None = None
    standard_error: Decimal | None = None
    population: str = ""
    anchor: str = ""
    seen_in: SeenIn | None = None
    seen: tuple[str, ...] = ()
    note: str = ""


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A condition on one measure: a fall since baseline, or a value now. Written in content, shared by
    response definitions and treatment targets.

    ``baseline_at_least``: somebody who started below it can be neither a responder nor a non-responder.
    """

    id: str
    name: str
    measure: str
    kind: Literal["improvement_percent", "improvement_points", "at_most", "at_least"]
    value: Decimal
    negated: bool = False
    baseline_at_least: Decimal | None = None
    source: str = ""
    verified: bool
    seen_in: SeenIn | None = None
    seen: tuple[str, ...] = ()
    note: str = ""


class Licence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the wording may be shipped. Topics, arithmetic and bands are facts, and are shipped."""

    status: str
    ship_item_text: Literal["yes", "no", "with_conditions"]
    detail: str = ""
    verified: bool
    seen: tuple[str, ...] = ()
    note: str = ""


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published fact about an instrument, with where it stands."""

    text: str
    source: str = ""
    verified: bool
    seen_in: SeenIn | None = None
    seen: tuple[str, ...] = ()


class Pitfall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mistake others made with this instrument; each has a test."""

    id: str
    text: str


class Ages(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom the instrument is made: completed years, both ends included."""

    text: str
    min_years: int | None = None
    max_years: int | None = None


class Weekly(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How daily values become a weekly score."""

    days: int
    minimum_days: int
    verified: bool
    note: str = ""


class Instrument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One measurement instrument, as its authors published it."""

    id: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()
    domain: Literal["signs", "symptoms", "extent", "global", "quality_of_life", "control"]
    construct: str
    completed_by: str
    ages: Ages
    recall: str
    range: tuple[Decimal, Decimal]
    decimals: int  # to which the score is published, reported and banded
    resolution: Decimal | None = None  # the smallest step between two possible scores, if there is one
    unit: str = "points"
    higher_is_worse: bool
    regions: tuple[Region, ...] = ()
    items: tuple[Item, ...]
    extent_scores: tuple[ExtentScore, ...] = ()
    weights: tuple[WeightSet, ...] = ()
    subscales: tuple[Subscale, ...] = ()
    formula: str  # a name registered in atopy.instruments.formulas
    formula_text: str
    missing: MissingRule
    bands: tuple[BandSet, ...] = ()
    no_default_because: str = ""
    important_changes: tuple[ImportantChange, ...] = ()
    responses: tuple[Criterion, ...] = ()
    weekly: Weekly | None = None
    licence: Licence
    loinc: dict[str, str] = {}
    facts: tuple[Statement, ...] = ()
    pitfalls: tuple[Pitfall, ...] = ()
    sources: tuple[str, ...]
    seen: tuple[str, ...] = ()
    verified: bool
    note: str = ""

    def item(self, id: str) -> Item:
        """The item of that id. Raises KeyError."""
        for item in self.items:
            if item.id == id:
                return item
        raise KeyError(id)

    @cached_property
    def paths(self) -> Mapping[str, Item]:
        """Every value that can be given, by its full name: ``itch``, or ``head_neck.erythema``."""
        found: dict[str, Item] = {}
        for item in self.items:
            if item.per_region:
                found |= {f"{region.id}.{item.id}": item for region in self.regions}
            else:
                found[item.id] = item
        if self.regions:  # region by region, as one examines a patient
            order = {region.id: n for n, region in enumerate(self.regions)}
            found = dict(sorted(found.items(), key=lambda pair: order.get(pair[0].split(".")[0], len(order))))
        return found

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The paths that a full set of items has, ways of giving the same in another form left out."""
        return tuple(
            path for path, item in self.paths.items() if not item.replaces and item.role is not Role.SEPARATE
        )

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every way to name a value that can be given, to its full name."""
        names: dict[str, str] = {}
        regions = {region.id: (region.id, *region.aliases) for region in self.regions}
        for path, item in self.paths.items():
            region = path.rpartition(".")[0]
            for name in (item.id, *item.aliases):
                for place in regions.get(region, ("",)):
                    names[f"{place}.{name}" if place else name] = path
        for count, path in enumerate(self.required, start=1):
            names.setdefault(str(count), path)
        return names

    def band_set(self, source: str | None = None, respondent: str = "") -> BandSet | None:
        """The bands of that study; without a study the default ones, or those for this respondent."""
        if source is not None:
            return next((s for s in self.bands if s.source == source), None)
        if respondent:
            fitting = [s for s in self.bands if s.respondent == respondent]
            if fitting:
                return fitting[0]
        return next((s for s in self.bands if s.default), None)


# ---- more than one instrument -----------------------------------------------------------------------


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One target of a framework: all of ``all_of``, and one of ``any_of`` if there are any.

    In ``chosen_of`` only the criteria count whose measures the patient and the clinician chose.
    """

    id: str
    name: str
    patient_name: str = ""  # what a patient calls it; "goal" where nobody says
    by: str  # when it is judged, in words
    months: int | None = None
    held_for_months: int | None = None
    treatment: Literal["on", "off", ""] = ""
    all_of: tuple[Criterion, ...] = ()
    any_of: tuple[Criterion, ...] = ()
    chosen_of: tuple[Criterion, ...] = ()
    verified: bool
    seen_in: SeenIn | None = None
    seen: tuple[str, ...] = ()
    note: str = ""


class TargetFramework(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Treatment targets, or states of disease, that one group published."""

    id: str
    name: str
    source: str
    population: str = ""
    structure: str
    structure_verified: bool
    targets: tuple[Target, ...]
    action: str = ""
    facts: tuple[Statement, ...] = ()
    seen: tuple[str, ...] = ()


class Conversion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published table between two instruments. Its two directions need not be inverses."""

    id: str
    name: str
    source: str
    between: tuple[str, str]
    forward: tuple[tuple[Decimal, Decimal, Decimal], ...]  # first, second, expected grade
    backward: tuple[Decimal, ...]  # of the second, at 0, 1, 2 ...: the first
    grades: tuple[str, ...]  # of the expected grade
    grade_limits: tuple[Decimal, ...]
    round_to: Decimal
    method: str
    licence: str
    caution: str
    verified: bool
    seen: tuple[str, ...] = ()


class CoreMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instrument of a core set, and the ages (completed years) at which it is the one to use."""

    instrument: str
    min_years: int | None = None
    max_years: int | None = None


class CoreDomain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A domain of a core set: all of the measures that fit the age, or any one of them."""

    id: str
    name: str
    needs: Literal["all", "any"]
    measures: tuple[CoreMeasure, ...]


class CoreOutcomeSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a consensus says must be measured."""

    id: str
    name: str
    source: str
    scope: str
    domains: tuple[CoreDomain, ...]
    verified: bool
    note: str = ""
    seen: tuple[str, ...] = ()


class FlareDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published definition of a flare or of a week without one; ``numbers`` are its figures."""

    id: str
    name: str
    text: str
    source: str
    verified: bool
    numbers: dict[str, Decimal] = {}
    numbers_verified: bool | None = None
    note: str = ""


class AdherenceMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published way to tell from prescriptions filled whether a treatment was taken."""

    id: str
    name: str
    formula: str = ""
    rules: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    threshold: Decimal | None = None
    threshold_verified: bool | None = None
    text: str = ""
    licence: Licence | None = None
    source: str = ""
    pitfalls: tuple[Pitfall, ...] = ()
    verified: bool
    seen: tuple[str, ...] = ()


class Library(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything under ``instruments/`` of one content folder; the field names are the sub-folders'
    names (``instruments`` itself for the files at the top)."""

    instruments: tuple[Instrument, ...] = ()
    targets: tuple[TargetFramework, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    core_sets: tuple[CoreOutcomeSet, ...] = ()
    flares: tuple[FlareDefinition, ...] = ()
    adherence: tuple[AdherenceMeasure, ...] = ()

    def find(self, code: str) -> Instrument | None:
        """The instrument of that id or alias; capitals, spaces and hyphens do not matter."""
        return self._by_name.get(_plain(code))

    @cached_property
    def _by_name(self) -> dict[str, Instrument]:
        """Each under its id and its aliases; of two under one name the first."""
        pairs = [(_plain(name), i) for i in reversed(self.instruments) for name in (i.id, *i.aliases)]
        return dict(pairs)


def _plain(code: str) -> str:
    return code.strip().lower().replace("-", "_").replace(" ", "_")


FOLDERS: dict[str, type] = {
    "instruments": Instrument,
    "targets": TargetFramework,
    "conversions": Conversion,
    "core_sets": CoreOutcomeSet,
    "flares": FlareDefinition,
    "adherence": AdherenceMeasure,
}
