"""From a record to its plan: one world, one pass over the sections, one hash of everything that went in."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice

import msgspec

from atopy.criteria import Ref, Value
from atopy.facts import Block, World
from atopy.guideline import Words
from atopy.plan import sections, weight
from atopy.plan.assessment import assessment
from atopy.plan.calendar import calendar
from atopy.plan.case import LANGUAGE, Case, Guidance
from atopy.plan.entries import shown
from atopy.plan.gaps_together import GapsTogether
from atopy.plan.missing import missing
from atopy.plan.model import (
    SCHEMA_VERSION,
    Headline,
    Legend,
    Line,
    Pair,
    Plan,
    Provenance,
    RungName,
    Section,
    SectionId,
    Summary,
)
from atopy.plan.options import ladder, standing
from atopy.plan.quarantined import quarantined
from atopy.plan.reasons_together import ReasonsTogether
from atopy.plan.references import numbered, source_lines
from atopy.plan.reviewed import counted, overdue, with_reviews
from atopy.plan.together import Ahead
from atopy.plan.topical_quantity_lines import once_over
from atopy.plan.turns import undisturbed
from atopy.record import Event, Origin, Record, months_lived

ENGINE = "0.1.0"
TOGETHER = 512  # patients decided at once: enough to spare, few enough to hold


def make_plan(
    guidance: Guidance,
    record: Record,
    as_of: date,
    country: str | None = None,
    overlay: tuple[str, str] | None = None,
    given: Mapping[Ref, Value] | None = None,
) -> Plan:
    """The whole plan, for both readers. Same input, same bytes. *given*: facts supposed whatever the record says."""
    with undisturbed():
        case = Case(guidance, record, as_of, country, traced=True, given=given)
        plan = _plan(case, overlay)
        case.world.forget()
    return plan


def make_plans(
    guidance: Guidance,
    records: Iterable[Record],
    as_of: date,
    country: str | None = None,
    overlay: tuple[str, str] | None = None,
    elsewhere: str | None = None,
) -> Iterator[Plan]:
    """The plan of each record, in order; what can be decided for many together is. *country* is that of all of them;
    *elsewhere* that of a record which names none.
    """
    for part in _parts(records):
        with undisturbed():
            worlds = _worlds(guidance, part, as_of, country, elsewhere)
            block = Block(guidance.rules, worlds)
            block.enter()
            ahead = _ahead(guidance, block)
        for place, world in enumerate(worlds):
            with undisturbed():
                if place == 1:  # the first has shown what will be asked of the others
                    block.lay_out()
                block.give(place)
                case = Case(
                    guidance, world.record, as_of, world.country, traced=True, world=world,
                    ahead=ahead(place),
                )  # fmt: skip
                plan = _plan(case, overlay)
                block.take(place)
            yield plan
        block.forget()


def _ahead(guidance: Guidance, block: Block) -> Callable[[int], Ahead]:
    """What is found for all patients of a block together, as each of them asks for it."""
    gaps = guidance.ways.of_day(block.blank)
    reasons = ReasonsTogether(block, guidance.wording.of_blank(block.blank).reasons).at
    questions = GapsTogether(block, gaps.questions, stop_at_questions=True).at
    record = GapsTogether(block, gaps.record, stop_at_questions=False).at
    return lambda place: Ahead(partial(reasons, place), partial(questions, place), partial(record, place))


def _plan(case: Case, overlay: tuple[str, str] | None) -> Plan:
    guidance, record, as_of = case.guidance, case.record, case.as_of
    built = with_reviews(case, _sections(case))
    sources = source_lines(case.compiled, numbered(built, case.numbers), guidance.sources)
    meta = case.compiled.meta
    disclaimer, use = case.words(meta.disclaimer), case.words(meta.intended_use)
    plan = Plan(
        SCHEMA_VERSION, as_of.isoformat(), headline(case), _summary(case), built, sources,
        disclaimer[0], disclaimer[1] or disclaimer[0], use[0], use[1] or use[0],
        _provenance(case, record, as_of, overlay, built), _legend(case),
    )  # fmt: skip
    return plan


_MADE: dict[SectionId, Callable[[Case], tuple[Line, ...]]] = {
    "urgent": sections.urgent,
    "assessment": assessment,
    "is_it_eczema": sections.mimics,
    "correct_first": sections.factors,
    "ladder": ladder,
    "taken_now": sections.taken_now,
    "calendar": lambda case: (*calendar(case), *sections.advice(case, "calendar")),
    "referral": lambda case: sections.advice(case, "referral"),
    "tell": lambda case: (*once_over(case, "tell"), *sections.advice(case, "tell")),
    "missing": missing,
    "quarantined": quarantined,
    "disagreements": sections.disagreements,
}


def _sections(case: Case) -> tuple[Section, ...]:
    kept = _kept(case)
    return tuple(_section(case, id_, made(case) if id_ in kept else ()) for id_, made in _MADE.items())


def _kept(case: Case) -> tuple[SectionId, ...]:
    """The sections with something to say: nobody is advised after death, nor asked about a disease that is gone."""
    if case.value("disease_state") == "deceased":
        return ("quarantined",)
    if case.value("headline") == "no-eczema" and not any(standing(case)):
        return tuple(id_ for id_ in _MADE if id_ not in ("correct_first", "missing"))
    return tuple(_MADE)


def _section(case: Case, id_: SectionId, lines: tuple[Line, ...]) -> Section:
    clinician, patient = case.phrase(case.phrases.sections, id_)
    return Section(id_, clinician or id_, patient or clinician or id_, lines)


def _legend(case: Case) -> Legend:
    """The words for statuses, actions and rungs."""
    return case.guidance.fixed(case.phrases, "legend", lambda: _new_legend(case))


def _new_legend(case: Case) -> Legend:
    def pairs(table: dict[str, Words]) -> dict[str, Pair]:
        spoken = {code: case.words(words) for code, words in table.items()}
        return {code: Pair(clinician, patient or clinician) for code, (clinician, patient) in spoken.items()}

    spoken = [(r, case.words(r.name)) for r in case.compiled.meta.rungs]
    rungs = tuple(RungName(r.id, r.line, said[0], said[1] or said[0]) for r, said in spoken)
    return Legend(pairs(case.phrases.statuses), pairs(case.phrases.actions), rungs)


def headline(case: Case) -> Headline:
    """The one code, with the row of the table that gave it."""
    found = case.found("headline")
    code = str(found.value)
    named = f"{code} {found.detail}"
    clinician, patient = case.phrase(
        case.phrases.headlines, named if named in case.phrases.headlines else code
    )
    return Headline(code, clinician or code, patient or clinician or code, found.detail, case.why("headline"))


def _summary(case: Case) -> Summary:
    return Summary(
        case.record.patient.id, _age(case), case.record.patient.sex, _weight(case), case.world.country
    )


def _weight(case: Case) -> str | None:
    value = weight.kilograms(case)
    if value is None:
        return None
    return f"{shown(round(value, 1))} kg" + (" (to be confirmed)" if weight.to_confirm(case) else "")


def _age(case: Case) -> str | None:
    if case.value("disease_state") == "deceased":
        return None
    years, months = case.value("age_years"), case.value("age_months")
    lived = months_lived(case.record.patient, case.as_of)
    if isinstance(months, Decimal) and months < 24:
        return f"{_either(months, lived)} month{'s' if months != 1 else ''}"
    return f"{_either(years, lived.years if lived else None)} y" if isinstance(years, Decimal) else None


def _either(age: Decimal, lived: tuple[int, int] | None) -> str:
    """``11 or 12``: a birth date without its day leaves two ages; doses go by the younger."""
    two = lived is not None and lived == (int(age), int(age) + 1)
    return f"{shown(age)} or {shown(age + 1)}" if two else str(shown(age))


def _provenance(
    case: Case, record: Record, as_of: date, overlay: tuple[str, str] | None, built: tuple[Section, ...]
) -> Provenance:
    meta, country = case.compiled.meta, case.world.country
    record_hash = hashlib.sha256(msgspec.msgpack.encode(record)).hexdigest()
    whole = f"{ENGINE}|{case.compiled.hash}|{record_hash}|{as_of}|{country}|{overlay}|{LANGUAGE}"
    return Provenance(
        ENGINE, meta.id, meta.version, case.compiled.hash, record_hash, hashlib.sha256(whole.encode()).hexdigest(),
        meta.literature_current_through, meta.last_updated, tuple(meta.authors), meta.review_status,
        overlay[0] if overlay else None, overlay[1] if overlay else None,
        overdue(case, built), counted(built) if case.compiled.reviews else {},
    )  # fmt: skip


def with_override(record: Record, gate: str, reason: str, as_of: date, by: str) -> Record:
    """The record with a dated override of a gate or sentinel added, as somebody said on the day of the plan."""
    event = Event(
        f"override-{gate}",
        "override",
        gate,
        as_of,
        Origin("command line"),
        flag=True,
        by=by,
        text=reason,
        reason=reason,
    )
    return msgspec.structs.replace(record, events=(*record.events, event))


_DECIDED = (
    ("red_flag", "red_flag"),
    ("factor_status", "factor"),
    ("mimic_status", "mimic"),
    ("option_status", "option"),
    ("taken_action", "option"),
)


def verdicts(
    guidance: Guidance, record: Record, as_of: date, country: str | None = None
) -> dict[str, object]:
    """Every decision without its reasons: the headline, each red flag, factor, mimic, option and drug taken."""
    with undisturbed():
        world = World(guidance.rules, record, as_of, country)
        found: dict[str, object] = {name: world[slot] for name, slot in _decisions(guidance).items()}
        world.forget()
    return found


def verdicts_of(
    guidance: Guidance,
    records: Iterable[Record],
    as_of: date,
    country: str | None = None,
    elsewhere: str | None = None,
) -> Iterator[dict[str, object]]:
    """The same for each record, in order, decided for many together. Countries as in ``make_plans``."""
    decisions = _decisions(guidance)
    for part in _parts(records):
        with undisturbed():
            worlds = _worlds(guidance, part, as_of, country, elsewhere)
            block = Block(guidance.rules, worlds)
            columns = [block.values(slot) for slot in decisions.values()]
            block.forget()
        for values in zip(*columns, strict=True):
            yield dict(zip(decisions, values, strict=True))


def _decisions(guidance: Guidance) -> dict[str, int]:
    """Each decision with the place of its term."""
    return guidance.fixed(guidance, "decisions", lambda: _all_decisions(guidance))


def _all_decisions(guidance: Guidance) -> dict[str, int]:
    found = {"headline": guidance.slot("headline")}
    for fact, domain in _DECIDED:
        found |= {f"{fact}({m})": guidance.slot(fact, m) for m in guidance.compiled.domains[domain]}
    return found


def _parts(records: Iterable[Record]) -> Iterator[list[Record]]:
    waiting = iter(records)
    while part := list(islice(waiting, TOGETHER)):
        yield part


def _worlds(
    guidance: Guidance, records: Sequence[Record], as_of: date, country: str | None, elsewhere: str | None
) -> list[World]:
    return [World(guidance.rules, r, as_of, country or r.patient.country or elsewhere) for r in records]
