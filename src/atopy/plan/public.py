"""The public functions of ``import atopy``, over records and content wherever they are: read, plan, score."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from atopy.guideline import Compiled, load_guideline
from atopy.guideline.schema import Country
from atopy.instruments import Instrument, Score, Scorer
from atopy.instruments import score as score_items
from atopy.instruments import score_of as score_total
from atopy.nearest import did_you_mean
from atopy.plan.case import Case, Guidance
from atopy.plan.make import make_plan, make_plans, verdicts_of, with_override
from atopy.plan.make import verdicts as all_verdicts
from atopy.plan.model import Plan
from atopy.plan.turns import in_turn, undisturbed
from atopy.record import Record, json_schema, read, read_bytes, read_data
from atopy.record.days import day_of
from atopy.yaml_source import InputError

if TYPE_CHECKING:  # imported below by whoever asks what if: a plan needs none of it
    from atopy.plan.prospects import Prospects
    from atopy.plan.suppose import Asked
    from atopy.plan.what_if import Difference

Source = Path | str | bytes | Mapping[str, Any] | Record
"""A path, the text or bytes of a record, parsed data, or a record already read."""
Override = tuple[str, str] | tuple[str, str, str]
"""A gate or sentinel set aside: its id, the reason, and who says so."""

NOT_NAMED = "somebody not named"
_RESPONDENTS = ("", "self", "proxy")


class UnknownInstrument(InputError, KeyError):
    """An instrument that the guideline does not have."""

    __str__ = ValueError.__str__  # a KeyError would put its words in quotation marks


class Setting(msgspec.Struct, frozen=True):
    """Everything a plan is a function of, read and checked once."""

    guidance: Any  # Guidance
    record: Record
    as_of: date
    country: str | None = None
    overlay: tuple[str, str] | None = None

    def plan(self) -> Plan:
        """The whole plan."""
        return make_plan(self.guidance, self.record, self.as_of, self.country, self.overlay)

    def case(self) -> Case:
        """The case that the plan is made from: it answers why and why not."""
        return Case(self.guidance, self.record, self.as_of, self.country, traced=True)

    @in_turn
    def what_if(self, asked: "Asked") -> "Difference":
        """What differs when these facts are supposed."""
        from atopy.plan.suppose import supposed
        from atopy.plan.what_if import what_if as difference_of

        given = supposed(self.guidance.compiled, asked)
        return difference_of(self.guidance, self.record, self.as_of, given, self.country, self.overlay)

    @in_turn
    def what_would_change(self) -> "Prospects":
        """What each missing fact would change, and what would open each closed option."""
        from atopy.plan.prospects import prospects

        return prospects(Case(self.guidance, self.record, self.as_of, self.country, traced=False))

    def verdicts(self) -> dict[str, object]:
        """Every decision, without reasons."""
        return all_verdicts(self.guidance, self.record, self.as_of, self.country)


def setting(
    record: Source,
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
    override: Iterable[Override] = (),
    file: str | None = None,
) -> Setting:
    """Read the record, the content and the overlay. Errors as in ``plan``; *file* is what messages call the record."""
    day = day_of(as_of)
    place = country_of(country)
    guidance, access, of_overlay = _guidance(_path(content), _path(overlay))
    known = read_record(record, content=content, file=file)
    for given in override:
        known = _overridden(guidance.compiled, known, day, given)
    return Setting(guidance, known, day, place or known.patient.country or of_overlay, access)


def plan(
    record: Source,
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
    override: Iterable[Override] = (),
) -> Plan:
    """The plan for one patient as of one day, for both readers. The same input gives the same plan.

    *record*: a path, text, parsed data (Atopy's own format or FHIR R4), or a ``Record``.
    *as_of*: the day, required: a date or ``2026-11-20``. Nothing here reads a clock.
    *country*: us, eu or uk; else the record's own, else the overlay's.
    *overlay*: a file of local formulary and step-therapy rules. *content*: a folder of guideline content.
    *override*: gates set aside, as ``(id, reason)`` or ``(id, reason, by)``.

    Raises SourceError for a record, overlay or content that cannot be used, with every problem in it, and
    ValueError for a day, country or override that cannot be.
    """
    return setting(
        record, as_of=as_of, country=country, overlay=overlay, content=content, override=override
    ).plan()


def verdicts(
    record: Source,
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
    override: Iterable[Override] = (),
) -> dict[str, object]:
    """Every decision of the plan without its reasons: headline, states, statuses, the truth of every rule.

    Several times quicker than ``plan``; for many patients. Arguments and errors as there.
    """
    return setting(
        record, as_of=as_of, country=country, overlay=overlay, content=content, override=override
    ).verdicts()


def plan_each(
    records: Iterable[Source],
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
) -> Iterator[Plan]:
    """The plan of each record, in order, as ``plan`` gives it; quicker than one by one, for what does not depend on a
    patient alone is decided for many together. Reads as it goes: the first record that cannot be used raises.
    """
    guidance, access, of_overlay = _guidance(_path(content), _path(overlay))
    known = _each_read(records, content)
    return make_plans(guidance, known, day_of(as_of), country_of(country), access, of_overlay)


def verdicts_each(
    records: Iterable[Source],
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
) -> Iterator[dict[str, object]]:
    """The verdicts of each record, in order, as ``verdicts`` gives them; otherwise as ``plan_each``."""
    guidance, _, of_overlay = _guidance(_path(content), _path(overlay))
    known = _each_read(records, content)
    return verdicts_of(guidance, known, day_of(as_of), country_of(country), of_overlay)


def _each_read(records: Iterable[Source], content: Path | str | None) -> Iterator[Record]:
    return (read_record(record, content=content) for record in records)


def what_if(
    record: Source,
    suppose: Mapping[str, object],
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
    override: Iterable[Override] = (),
) -> "Difference":
    """The difference between this record's plan and its plan with some facts supposed: ``{"pregnant": True}``.

    A name is a fact with its argument, as in ``takes(ciclosporin)``; a value is a Python value or its words; None
    or ``unknown`` is a value too. Other arguments as in ``plan``. Raises ValueError for facts or values that cannot
    be, naming all of them.
    """
    return setting(
        record, as_of=as_of, country=country, overlay=overlay, content=content, override=override
    ).what_if(suppose)


def what_would_change(
    record: Source,
    *,
    as_of: date | str,
    country: str | None = None,
    overlay: Path | str | None = None,
    content: Path | str | None = None,
    override: Iterable[Override] = (),
) -> "Prospects":
    """What each value of each missing fact would change, the weightiest first; and the smallest sets of facts that
    would open each closed option. Arguments and errors as in ``plan``.
    """
    return setting(
        record, as_of=as_of, country=country, overlay=overlay, content=content, override=override
    ).what_would_change()


def read_record(source: Source, *, content: Path | str | None = None, file: str | None = None) -> Record:
    """Read one patient's record: a path, text, bytes, or parsed data, in any of the formats; detected, not asked.

    Raises SourceError with every problem. What was read but cannot be used is in the record, and says why.
    """
    if isinstance(source, Record):
        return source
    compiled = load_guideline(_path(content))
    vocabulary, scorer = compiled.vocabulary, Scorer(compiled.instruments)
    with undisturbed():
        if isinstance(source, bytes):
            return read_bytes(source, vocabulary, scorer=scorer, file=file or "record")
        if isinstance(source, Mapping):
            return read_data(dict(source), vocabulary, scorer=scorer, file=file or "record")
        return read(source, vocabulary, scorer=scorer, file=file)


@in_turn
def score(
    instrument: str,
    items: Any,
    *,
    age_years: int | str | None = None,
    source: str | None = None,
    respondent: str = "",
    content: Path | str | None = None,
) -> Score:
    """Score an instrument from its items (a mapping or a list), or band a total (a single number).

    *source* names the study whose bands to use. *respondent*: self or proxy, where that matters.
    Raises UnknownInstrument (a ValueError and KeyError), ItemError (a ValueError) for items or an age that cannot
    be, and ValueError for a study or respondent that there is not.
    """
    found = instrument_of(instrument, content=content)
    _check_study(found, source)
    if respondent not in _RESPONDENTS:
        raise InputError(f"'{respondent}' is no respondent. Write self or proxy, or leave it out.")
    run = score_items if isinstance(items, Mapping | list | tuple) else score_total
    return run(found, items, age_years, source=source, respondent=respondent)


def instrument_of(name: str, *, content: Path | str | None = None) -> Instrument:
    """The instrument of that id or alias. Raises UnknownInstrument with what was perhaps meant."""
    library = load_guideline(_path(content)).instruments
    found = library.find(name)
    if found is None:
        meant = did_you_mean(name, [i.id for i in library.instruments])
        raise UnknownInstrument(f"'{name}' is no instrument.{meant} atopy score lists them.")
    return found


def _check_study(instrument: Instrument, study: str | None) -> None:
    known = dict.fromkeys(b.source for b in instrument.bands)
    if study is not None and study not in known:
        listed = ", ".join(known) or "none"
        raise InputError(f"'{study}' has no bands for {instrument.short}. Studies with bands are: {listed}.")


def record_schema() -> dict[str, Any]:
    """The JSON Schema of Atopy's own record format."""
    return json_schema()


# -- what is checked


def country_of(given: str | None) -> str | None:
    """A country that the guideline knows, or None. Raises ValueError in words."""
    known = get_args(Country)
    if given is None or given.lower() in known:
        return given.lower() if given else None
    raise InputError(f"'{given}' is not a country of this guideline. Known are: {', '.join(known)}.")


def _overridden(compiled: Compiled, record: Record, day: date, given: Override) -> Record:
    id_, reason, by = given if len(given) == 3 else (*given, NOT_NAMED)
    if not reason.strip():
        raise InputError(f"The override of '{id_}' has no reason. Say why it is set aside.")
    gates = compiled.domains["gate"]
    if id_ not in gates:
        raise InputError(_no_gate(compiled, id_, gates))
    return with_override(record, id_, reason.strip(), day, by.strip() or NOT_NAMED)


def _no_gate(compiled: Compiled, id_: str, gates: tuple[str, ...]) -> str:
    if id_ in compiled.red_flags:
        return f"'{id_}' is an urgent finding; those are never overridden. Correct the record if it is wrong."
    if id_ in compiled.domains["rule"]:
        return f"'{id_}' is no gate. Contraindications and statements are never overridden."
    others = [g for g in gates if g not in compiled.factors and g not in compiled.mimics]
    also = f", and {', '.join(others)}" if others else ""
    listed = f"Gates are the factors and mimics that atopy guideline list shows{also}."
    return f"'{id_}' is no gate that can be overridden.{did_you_mean(id_, gates)} {listed}"


@in_turn
@lru_cache(maxsize=8)
def _guidance(
    content: Path | None, overlay: Path | None
) -> tuple[Guidance, tuple[str, str] | None, str | None]:
    compiled = load_guideline(content)
    if overlay is None:
        return Guidance(compiled), None, None
    from atopy.guideline.overlay import apply_overlay, read_overlay

    local = read_overlay(overlay, compiled)
    return Guidance(apply_overlay(compiled, local)), (local.id, local.hash), local.country


def _path(given: Path | str | None) -> Path | None:
    return None if given is None else Path(given)
