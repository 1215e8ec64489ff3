"""One trial of the content for its readers: whom it treated and how, what each arm showed, and what rests on it."""

from collections.abc import Iterator

from atopy.evidence import MEASURES, Rules, said
from atopy.evidence.known import said_by
from atopy.evidence.names import Names
from atopy.evidence.select import select
from atopy.guideline import Compiled
from atopy.guideline.trials import Evidence, Outcome, Trial, TrialArm
from atopy.guideline.works import work
from atopy.plan.references import label
from atopy.render.content import keys
from atopy.render.index import index
from atopy.render.sheet import Block, Item, Sheet

_ENTERS = "compared"


def trial(compiled: Compiled, id_: str) -> Sheet:
    """A trial by its id, which the guideline holds."""
    evidence, trials = compiled.trial_data()
    of = trials[id_]
    names = Names(compiled, evidence)
    outcomes = {o.id: o for o in evidence.outcomes}
    arms = tuple(Item(a.id, _arm(a, names)) for a in of.arms)
    results = tuple(
        Item(f"{r.outcome}, week {r.week:g}", r.text, "" if r.verified else "(not all of it was read)")
        for r in said_by(of, outcomes, names)
    )
    return Sheet(
        f"{of.name} (trial {id_})",
        tuple(_lead(compiled, of, evidence)),
        (
            Block("Arms", arms),
            Block("What it found", results),
            Block("What rests on its figures", tuple(_compared(of, evidence))),
            Block("What rests on its report", tuple(_cited(compiled, of)), "" if _users(compiled, of) else "Nothing."),
        ),
        (f"In full, with the page each figure was read in: {compiled.files.get(id_, f'trials/{id_}.yaml')}. "
         f"Its references: atopy guideline cite {id_}.",),
    )  # fmt: skip


def named(compiled: Compiled) -> Iterator[tuple[str, str]]:
    """The id of each trial, and what it is called, when it was reported and whom it treated."""
    evidence, trials = compiled.trial_data()
    populations = {p.id: said(p.name, p) for p in evidence.populations}
    yield from ((t.id, f"{t.name} ({t.year}; {populations[t.population].lower()})") for t in trials.values())


def _lead(compiled: Compiled, of: Trial, evidence: Evidence) -> Iterator[str]:
    population = next(p for p in evidence.populations if p.id == of.population)
    people = (said(population.name, population), of.age_group, of.severity, of.people)
    yield f"Whom it treated: {'; '.join(p for p in people if p)}."
    design = f"{of.design}, each person in both arms" if of.paired else of.design
    yield f"How: {'; '.join(x for x in (design, of.background) if x)}."
    reports = dict.fromkeys((of.source, *(of.source_of(r) for r in of.results)))
    read = {k: compiled.sources[k].read for k in reports}
    told = ", ".join(
        f"{label(compiled, k)} ({k}{'' if yes else ', not read as a whole'})" for k, yes in read.items()
    )
    registered = f" Registered as {of.registration}." if of.registration else ""
    yield f"Reported in: {told}.{registered}{f' Paid for by {of.sponsor}.' if of.sponsor else ''}"
    if of.note:
        yield of.note


def _arm(arm: TrialArm, names: Names) -> str:
    count = f"{arm.randomised} randomised" if arm.randomised is not None else "how many is not known"
    given = f", as {arm.dose}" if arm.dose else ""
    part = f"; people of arm {arm.subset_of} too" if arm.subset_of else ""
    return f"{names.clinician(arm.regimen)}{given}: {count}{part}"


def _compared(of: Trial, evidence: Evidence) -> Iterator[Item]:
    """Of each outcome that it reports: whether it enters the comparison of its population, or why not."""
    population = next(p for p in evidence.populations if p.id == of.population)
    measured = [o for o in evidence.outcomes if any(r.outcome == o.id for r in of.results)]
    for outcome in measured:
        if not population.compared:
            why = "stands beside: trials of this kind are too unlike each other to be pooled"
        else:
            why = _place(of, outcome)
        ask = f"atopy compare --outcome {outcome.id} --population {of.population}"
        yield Item(said(outcome.name, outcome), why, f"({ask})" if why.startswith(_ENTERS) else "")


def _place(of: Trial, outcome: Outcome) -> str:
    entered, left = select([of], outcome, MEASURES[outcome.kind][0], Rules())
    out = "; ".join(dict.fromkeys(f"{f'arm {x.arm}: ' if x.arm and entered else ''}{x.words}" for x in left))
    if not entered:
        return f"left out: {out}"
    return f"{_ENTERS}, {len(entered[0].arms)} arms" + (f"; {out}" if out else "")


def _users(compiled: Compiled, of: Trial) -> dict[str, list[str]]:
    """Everything that cites a report of the trial, by the item it belongs to."""
    reports = {work(compiled.sources, k) for k in (of.source, *(of.source_of(r) for r in of.results))}
    found: dict[str, list[str]] = {}
    for entry in index(compiled).values():
        if reports & {work(compiled.sources, k) for k in keys(entry.value)}:
            found.setdefault(entry.owner, []).append(f"{entry.kind} {entry.id}")
    return found


def _cited(compiled: Compiled, of: Trial) -> Iterator[Item]:
    for owner, pieces in sorted(_users(compiled, of).items()):
        yield Item(owner, ", ".join(dict.fromkeys(pieces)))


__all__ = ["named", "trial"]
