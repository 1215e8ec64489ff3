"""What a therapy does to another drug: read before one is started, when one is planned, and while both are taken.

Where both are options of the ladder, both tell it. Two options of one group at once are told here too.
"""

from collections.abc import Iterable

from atopy.criteria import Ref
from atopy.guideline import Therapy, Words
from atopy.guideline.interactions import Meeting
from atopy.plan.case import Case
from atopy.plan.model import Line, SectionId
from atopy.plan.plain import sentences
from atopy.plan.sheets import sheet
from atopy.record import Event

Said = tuple[str, str | None]
INSTEAD = "-instead"  # ends the id of the line that names what an option replaces


def met(case: Case, therapy: Therapy) -> list[tuple[Meeting, bool]]:
    """The interactions that this record shows, each with whether the other drug is only planned."""
    world, found = case.world, []
    for slot, planned, meeting in sheet(case, therapy).meetings:
        if world[slot] is True:
            found.append((meeting, False))
        elif world[planned] is True:
            found.append((meeting, True))
    return found


def lines(case: Case, therapy: Therapy, section: SectionId) -> tuple[Line, ...]:
    """Every interaction that is met: at an option, or at a drug being taken."""
    before = section == "ladder"
    return tuple(
        _line(case, meeting, section, f"{'' if before else 'taken-'}{meeting.id}",
              ("caution" if planned else meeting.severity) if before else None, planned)
        for meeting, planned in met(case, therapy)
    )  # fmt: skip


def undecided(case: Case, therapy: Therapy) -> list[Meeting]:
    """Those that would bar or restrict a start, where nobody wrote down whether the other drug is taken."""
    world = case.world
    listed = sheet(case, therapy).meetings
    return [m for slot, _, m in listed if m.severity != "caution" and world[slot] is None]


def to_confirm(case: Case, meeting: Meeting, asked: tuple[str | None, str | None]) -> Line:
    """An interaction to ask for before giving; *asked* is the question to each."""
    made = _line(case, meeting, "ladder", meeting.id, "confirm before giving", planned=False)
    return Line(
        made.id, made.section, made.action, made.clinician, asked[1], status=made.status, group=made.group,
        detail=asked[0],
        parameters=made.parameters, sources=made.sources, trace=made.trace,
    )  # fmt: skip


def barring(case: Case, therapy: Therapy, severity: str) -> list[Said]:
    """The words of those that bar or restrict a start."""
    found = [m for m, planned in met(case, therapy) if not planned and m.severity == severity]
    return [_named(case, m, False) for m in found]


def asking(case: Case, therapy: Therapy, actions: Iterable[str]) -> list[Said]:
    """The words of those that ask for one of *actions* while both are taken."""
    found = []
    for meeting, planned in met(case, therapy):
        if ("continue_with_cover" if planned else meeting.taken) in actions:
            found.append(_named(case, meeting, planned))
    return found


def duplicates(case: Case, therapy: Therapy) -> Said:
    """The other options of the group that are taken too, by name."""
    return _beside_group(case, therapy, "duplicated")


def instead(case: Case, therapy: Therapy) -> tuple[Line, ...]:
    """That an option is to replace the one of its group that is taken, and never stands beside it."""
    if not _of_group(case, therapy) or case.value("taking", therapy.id) is True:
        return ()
    clinician, patient = _beside_group(case, therapy, "instead-of")
    status, trace = "caution", case.why("excluded_by_group", therapy.id)
    id_ = f"{therapy.id}{INSTEAD}"
    return (Line(id_, "ladder", "avoid", clinician, patient, status=status, group="safety", trace=trace),)


def judged_beside(case: Case, event: Event, taken: Iterable[Therapy]) -> Said | None:
    """That a drug which is no option here is judged for what it does beside those that are taken, by name."""
    names = [t.name for t in taken if any(event in _events(case, m, planned) for m, planned in met(case, t))]
    if not names:
        return None
    clinician, patient = case.phrase(case.phrases.reasons, "judged-beside")
    return _listing(case, clinician, names, 0), _listing(case, patient, names, 1)


def _of_group(case: Case, therapy: Therapy) -> list[Words]:
    if not therapy.group:
        return []
    world = case.world
    others = case.guidance.fixed(therapy, "others of the group", lambda: _others(case, therapy))
    return [name for taking, name in others if world[taking] is True]


def _others(case: Case, therapy: Therapy) -> list[tuple[int, Words]]:
    """The other options of the group that are never taken beside this one: whether each is taken, and its name."""
    return [
        (sheet(case, t).taking, t.name) for t in case.compiled.therapies.values()
        if t.group == therapy.group and t.id != therapy.id
        and t.id not in therapy.combines_with and therapy.id not in t.combines_with
    ]  # fmt: skip


def _beside_group(case: Case, therapy: Therapy, code: str) -> Said:
    clinician, patient = case.phrase(case.phrases.reasons, code)
    listed = _of_group(case, therapy)
    return _listing(case, clinician, listed, 0), _listing(case, patient, listed, 1)


def _listing(case: Case, lead: str | None, names: list[Words], reader: int) -> str:
    said = ", ".join(case.words(n)[reader] or "" for n in names)
    return f"{lead}: {said}"


def _words(case: Case, meeting: Meeting) -> Said:
    return case.words(meeting.interaction.because, meeting.interaction.numbers)


def _named(case: Case, meeting: Meeting, planned: bool) -> Said:
    """The words with the other drug by name, for a reason that stands without its parts."""
    clinician, patient = _words(case, meeting)
    beside, plain = _beside(case, meeting, planned)
    if beside is None:
        return clinician, patient
    return f"{clinician.rstrip('.')} ({beside})", sentences((patient, plain)) if patient else None


def _beside(case: Case, meeting: Meeting, planned: bool) -> tuple[str, str] | tuple[None, None]:
    """The other drugs by name, for each reader."""
    codes = dict.fromkeys(e.code for e in _events(case, meeting, planned))
    if not codes:
        return None, None
    others = ", ".join(dict.fromkeys(case.explainer.title(c) for c in codes))
    plain = ", ".join(dict.fromkeys(case.plain(c).split(" (")[0] for c in codes))
    return (
        f"with {others}{', planned' if planned else ''}",
        f"{'You plan to use' if planned else 'You use'}: {plain}",
    )


def _line(
    case: Case, meeting: Meeting, section: SectionId, id_: str, status: str | None, planned: bool
) -> Line:
    one = meeting.interaction
    clinician, patient = _words(case, meeting)
    detail, plain = _beside(case, meeting, planned)
    return Line(
        id_, section, one.action, clinician, patient, status=status, group="interaction",
        detail=detail, patient_detail=plain if patient else None,
        parameters=case.parameters(one.because, one.numbers), sources=case.cite(one.sources),
        trace=case.why("rule", f"{meeting.id}-planned" if planned else meeting.id),
    )  # fmt: skip


def _events(case: Case, meeting: Meeting, planned: bool) -> list[Event]:
    fact = "to_start" if planned else "takes"
    found = [case.world.find(Ref(fact, (d,))) for d in meeting.drugs]
    unique = {e.id: e for f in found if f.value is True for e in f.events}
    return sorted(unique.values(), key=lambda e: (e.date is None, e.date, e.id))
