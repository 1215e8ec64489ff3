"""The answer first: what stands on the first screen of a plan, the same in every format.

Chooses and shortens what the plan says; it decides nothing. ``FIRST`` says, for each headline, which part of
the plan answers "what do I do now?".
"""

import re
from collections.abc import Callable, Sequence

import msgspec

from atopy.plan import EventRef
from atopy.plan.interactions import INSTEAD
from atopy.plan.notes import LAPSED, SET_ASIDE
from atopy.plan.references import short_label
from atopy.render.dates import when
from atopy.render.view import CHANGES, CLOSED, OPEN, Numbered, Seen, View, cited, evidence, is_open

FIRST: dict[str, tuple[str, ...]] = {
    "emergency": ("urgent",),
    "wrong-diagnosis": ("mimics", "taken"),
    "correct-first": ("mimics", "factors", "taken"),
    "stop-or-reduce": ("taken", "mimics", "factors", "second_line"),
    "optimise": ("taken", "factors", "first_line", "checks"),
    "test-first": ("taken", "checks", "second_line", "refer"),
    "escalate": ("second_line", "taken"),
    "continue": ("taken", "mimics", "kept"),
    "continue-with-cover": ("taken", "mimics", "kept"),
    "step-down": ("taken", "mimics", "kept"),
    "prevent": ("taken", "mimics", "kept", "first_line"),
    "not-enough-data": ("missing",),
    "no-eczema": (),
}
_MOST = {"urgent": 6, "missing": 5, "second_line": 4, "checks": 4, "kept": 4, "first_line": 3}
_HELD = ("present", "suspected")
_ROWS = 5
_CHECKS_NAMED = 2
_UNUSED = 3
_NOT_TO_CHOOSE = (
    "relative-contraindication",
    "not-established",
)  # open, but not for a patient's first screen
_ASIDE = ", set aside"
_WISHES = ("wished", None, "unwished")


class First(msgspec.Struct, frozen=True):
    """One thing to do first, why the record says so, and the id to ask about."""

    id: str
    title: str
    text: str
    sources: tuple[Numbered, ...] = ()
    because: tuple[EventRef, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """One open option of the ladder, in short."""

    id: str
    name: str
    rung: str
    status: str
    state: str
    recommended: str
    dose: str
    before: str


class Group(msgspec.Struct, frozen=True):
    """Options that are closed for the same reason."""

    state: str
    reason: str
    names: tuple[str, ...]
    access: tuple[Numbered, ...] = ()  # where the rule of access stands that closes them


class Answer(msgspec.Struct, frozen=True):
    """The first screen."""

    first: tuple[First, ...]
    findings: tuple[str, ...]
    scores: tuple[str, ...]
    factors: tuple[tuple[str, str, str], ...]  # name, status, its word
    set_aside: tuple[str, ...]  # what is present or suspected and was set aside: by whom, when and why
    unused: tuple[str, ...]  # entries of the record that nothing could be done with
    then: tuple[Row, ...]
    more: int  # open options that found no room
    closed: tuple[Group, ...]
    change: tuple[str, ...]
    next: tuple[str, ...]


def answer(view: View) -> Answer:
    """The first screen of a plan for one reader. An emergency stands alone on it."""
    if view.plan.headline.code == "emergency":
        known = (_findings(view), _scores(view)) if view.clinical else ((), ())
        return Answer(tuple(_first(view)), *known, (), (), (), (), 0, (), (), ())
    rows = _rows(view)
    ladder = sum(is_open(x) for x in view.lines("ladder"))
    return Answer(
        tuple(_first(view)), _findings(view), _scores(view), _factors(view), _set_aside(view), _unused(view),
        tuple(rows[:_ROWS]),
        ladder - min(len(rows), _ROWS), tuple(closed_groups(view, _second_line_closed(view))),
        tuple(_change(view)), tuple(_next(view)),
    )  # fmt: skip


# -- what to do first


def _first(view: View) -> list[First]:
    found: list[First] = []
    for kind in FIRST.get(view.plan.headline.code, ("missing",)):
        found += _PRODUCERS[kind](view)[: _MOST.get(kind, 5)]
    return found[:6]


def _urgent(view: View) -> list[First]:
    found: list[First] = []
    for flag in view.lines("urgent"):
        acts = [
            First(flag.id, flag.text if not i else "", a.text, a.sources) for i, a in enumerate(flag.parts)
        ]
        if acts:
            acts[0] = msgspec.structs.replace(acts[0], because=evidence(flag.trace, 4))
        found += acts or [First(flag.id, flag.text, "", because=evidence(flag.trace, 4))]
    return found


def _held(section: str) -> Callable[[View], list[First]]:
    def run(view: View) -> list[First]:
        with_factors = "factors" in FIRST.get(view.plan.headline.code, ())
        held = {x.id for x in view.lines("correct_first") if with_factors and x.status in _HELD}
        held -= {x.id for x in view.lines("correct_first") if x.code == SET_ASIDE}
        lines = [x for x in view.lines(section) if _holds(x) and x.told_in not in held]
        return [_correction(x) for x in lines]

    return run


def _holds(line: Seen) -> bool:
    """Present or suspected, and not set aside by anybody."""
    return line.status in _HELD and line.code != SET_ASIDE


def _correction(line: Seen) -> First:
    """What corrects or settles a factor or mimic: a test while it is suspected, the correction once it is present."""
    tests = [p for p in line.parts if p.action == "test" or p.group == "test"]
    corrections = [*(p for p in line.of("product") if p.status == "contains"), *line.of("correct")]
    order = [*tests, *corrections] if line.status == "suspected" else [*corrections, *tests]
    chosen = order[0] if order else next(iter(line.parts), None)
    title = f"{line.text} ({line.state})"
    if chosen is None:
        return First(line.id, title, "", because=evidence(line.trace))
    return First(line.id, title, chosen.text, chosen.sources, evidence(line.trace))


def _taken(view: View) -> list[First]:
    lines = [x for x in view.lines("taken_now") if x.status in CHANGES]
    return [
        First(
            x.id,
            f"{view.action(x.status or '')}: {x.text}",
            x.reason or "",
            _all_sources(x),
            evidence(x.trace),
        )
        for x in lines
    ]


def _kept(view: View) -> list[First]:
    lines = [x for x in view.lines("taken_now") if x.status not in CHANGES]
    return [First(x.id, f"{view.action(x.status or '')}: {x.text}", x.detail or "") for x in lines]


def _checks(view: View) -> list[First]:
    lines = [x for x in view.lines("correct_first") if x.status == "not_assessed"]
    return [
        First(x.id, f"{x.text} ({x.state})", first.text if first else "", first.sources if first else ())
        for x in lines
        for first in [next(iter(x.parts), None)]
    ]


def _options(*statuses: str, second: bool) -> Callable[[View], list[First]]:
    def run(view: View) -> list[First]:
        chosen = [
            x
            for x in view.lines("ladder")
            if x.status in statuses and (view.line_of(x.group) != "first") is second
        ]
        chosen.sort(key=lambda x: _WISHES.index(x.preference))
        return [First(x.id, f"{x.text} ({x.state})", _dose_and_place(x), x.sources[:4]) for x in chosen]

    return run


def _missing(view: View) -> list[First]:
    return [First(x.id, x.text, "") for x in view.lines("missing")]


def _refer(view: View) -> list[First]:
    """Where a specialist must begin what is due, the referral is the next step."""
    if not any(x.status == "after_specialist_referral" for x in view.lines("ladder")):
        return []
    return [First(x.id, view.title("referral"), x.text, x.sources) for x in view.lines("referral")[:1]]


_PRODUCERS: dict[str, Callable[[View], list[First]]] = {
    "urgent": _urgent,
    "factors": _held("correct_first"),
    "mimics": _held("is_it_eczema"),
    "taken": _taken,
    "kept": _kept,
    "checks": _checks,
    "first_line": _options("recommended_now", second=False),
    "second_line": _options("recommended_now", "recommended_once_checked", second=True),
    "refer": _refer,
    "missing": _missing,
}


def _all_sources(line: Seen) -> tuple[Numbered, ...]:
    return tuple(c for p in line.parts for c in p.sources)[:3]


# -- what follows


def _findings(view: View) -> tuple[str, ...]:
    shown = [x for x in view.lines("assessment") if x.group == "finding"]
    if not view.clinical:
        return tuple(x.text for x in shown)
    wanted = ("finding-severity", "finding-refractory")
    words = [x.text.split(": ", 1)[-1] if x.id == wanted[0] else x.text for x in shown if x.id in wanted]
    return tuple(words)


def _scores(view: View) -> tuple[str, ...]:
    found = []
    for line in view.lines("assessment"):
        if line.group == "score":
            detail = (line.detail or "").split(";")[0]
            if line.status == "stale":
                detail = "out of date" if view.clinical else "not recent"
            found.append((" " if view.clinical else ": ").join(x for x in (line.text, detail) if x))
    return tuple(found)


def _factors(view: View) -> tuple[tuple[str, str, str], ...]:
    """The patient is not told again what is already ruled out."""
    lines = [x for x in view.lines("correct_first") if view.clinical or x.status != "excluded"]
    lines += [x for x in view.lines("is_it_eczema") if x.code == SET_ASIDE]
    return tuple(
        (x.text, x.status or "", f"{x.state or ''}{_ASIDE if x.code == SET_ASIDE else ''}") for x in lines
    )


def _set_aside(view: View) -> tuple[str, ...]:
    """Every override in force, whatever it is of."""
    return tuple(x.text for x in view.lines("assessment") if x.group == "override" and x.code != LAPSED)


def _unused(view: View) -> tuple[str, ...]:
    """What the record holds and the plan could not read: a drug misspelt is a drug taken all the same."""
    texts = [x.text.rstrip(".") for x in view.lines("quarantined")]
    more = (f"and {len(texts) - _UNUSED} more below",) if len(texts) > _UNUSED else ()
    return (*texts[:_UNUSED], *more)


def _rows(view: View) -> list[Row]:
    """Open options: the second line first where the headline is about it."""
    ladder = [
        x for x in view.lines("ladder") if is_open(x) and (view.clinical or x.code not in _NOT_TO_CHOOSE)
    ]
    chosen = [x for x in ladder if x.status != "option"]
    ladder = chosen if len(chosen) > 2 else ladder
    escalating = view.plan.headline.code in ("escalate", "test-first")

    def place(line: Seen) -> tuple[int, bool, int, int]:
        first_line = view.line_of(line.group) == "first"
        wish = _WISHES.index(line.preference)
        undosed = any(dose.status == "no_dose" for dose in line.of("dose"))
        return OPEN.index(line.status or "option"), undosed, int(first_line is escalating), wish

    return [_row(view, x) for x in sorted(ladder, key=place)]


def _row(view: View, line: Seen) -> Row:
    name = next(
        (r.clinician if view.clinical else r.patient for r in view.plan.legend.rungs if r.id == line.group),
        "",
    )
    todo = [x for x in line.of("safety") if x.status == "to know first"]
    todo += [x for x in line.of("before") if x.status != "done"]
    referred = line.status == "after_specialist_referral"  # dose and work-up are the specialist's
    dose = "" if referred else dose_of(line)
    todo = [] if referred else todo
    named = [x.text.rstrip(".") for x in todo[:_CHECKS_NAMED]]
    more = f" (+{len(todo) - _CHECKS_NAMED})" if len(todo) > _CHECKS_NAMED else ""
    return Row(
        line.id, line.text, name, line.status or "", line.state or "", recommended_by(line),
        dose, "; ".join(named) + more,
    )  # fmt: skip


def recommended_by(line: Seen) -> str:
    """The strongest recommendations somebody read, with their sources: ``strong: AAD 2024 [3]``."""
    by_strength: dict[str, list[str]] = {}
    for c in line.sources:
        of = c.of
        if of.verified and of.direction == "for":
            known = by_strength.setdefault(of.strength if of.strength not in (None, "none") else "named", [])
            label = f"{short_label(of.source)} [{c.number}]"
            if label not in known:
                known.append(label)
    order = [s for s in ("strong", "conditional", "good practice", "named") if s in by_strength]
    return "; ".join(f"{s}: {', '.join(by_strength[s][:2])}" for s in order[:1])


def dose_of(line: Seen) -> str:
    """The first dose that fits this patient, in words."""
    dose = next(iter(line.of("dose")), None)
    return "" if dose is None else dose.detail or dose.text


def _dose_and_place(line: Seen) -> str:
    """The dose, after what the option would replace."""
    replaces = [x.text for x in line.of("safety") if x.id.endswith(INSTEAD)]
    return ". ".join(x for x in (*replaces, dose_of(line)) if x)


def closed_groups(view: View, options: list[Seen]) -> list[Group]:
    """Closed options by what closes them, in order of the ladder."""
    groups: dict[tuple[str, str], list[Seen]] = {}
    for x in options:
        groups.setdefault((x.state or "", x.reason or ""), []).append(x)
    return [
        Group(state, reason, tuple(x.text for x in held), _access_sources(held))
        for (state, reason), held in groups.items()
    ]


def _access_sources(held: list[Seen]) -> tuple[Numbered, ...]:
    return tuple({c.number: c for x in held for c in x.access_sources()}.values())


def _second_line_closed(view: View) -> list[Seen]:
    closed = [x for x in view.lines("ladder") if x.status in CLOSED and x.code != "not-indicated"]
    return [x for x in closed if x.group != "unproven" and view.line_of(x.group) != "first"]


def _change(view: View) -> list[str]:
    return [x.text for x in view.lines("missing")[:4]]


def _next(view: View) -> list[str]:
    coming = [x for x in view.lines("calendar") if x.status != "done" and (x.due or x.status)]
    found = [f"{_day(x)}{x.text} {cited(x.sources)}".strip() for x in coming[:3]]
    for option in view.lines("ladder"):
        # What is in use has its day in the calendar.
        if option.status == "recommended_now" and len(found) < 4:
            found += [
                f"{option.text}: {_lower(p.text)}" for p in option.of("course") if p.id.endswith("-onset")
            ]
    return found[:4]


def _day(line: Seen) -> str:
    if line.status == "overdue":
        return f"{(line.state or '').capitalize()} {when(line)}: "
    return f"{when(line)}: " if line.due else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def listed(names: Sequence[str]) -> str:
    """Names one after the other; apart by semicolons where one of them holds a comma."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def short(text: str, most: int) -> str:
    """*text* in at most *most* characters: as many of its first sentences as fit, or cut at a word with an ellipsis."""
    ends = [m.start() for m in re.finditer(r"\.(?= |$)", text) if m.start() <= most]
    if len(text) <= most or ends:
        return (text if len(text) <= most else text[: ends[-1]]).rstrip(".")
    cut = text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:")
    return f"{cut}…"
