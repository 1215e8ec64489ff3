"""The rest that can be asked of an option: tests, why, what it is, how it is used and ended, a missed dose."""

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from atopy.ask.doses import dose_lines
from atopy.ask.model import Line, Said
from atopy.ask.safety import met
from atopy.ask.wanted import Made, Wanted, listed, plainly
from atopy.guideline import Grade, Therapy

_MOST = 10
_USING = ("start", "optimise", "tell")  # what statements on how to use it ask
_STRENGTH = {"strong": 0, "conditional": 1, "good practice": 2, "none": 3}


def before(w: Wanted) -> Made:
    """What is tested first, then what is watched."""
    return _checks(w, "before")


def monitor(w: Wanted) -> Made:
    """What is watched, with how often; where nothing is, what is said of it."""
    return _checks(w, "monitor")


def _checks(w: Wanted, code: str) -> Made:
    option = w.option
    first = [w.lines.check(c, option.id) for c in option.before]
    later = [w.lines.check(c, option.id) for c in option.monitor]
    told = w.statements(3)
    if not first and not later:
        return _told(w, "no-tests", told, told)
    lead = (first or later) if code == "before" else (later or first)
    rest = [x for x in (*first, *later) if x not in lead]
    return _told(w, code, lead, [*lead, *told, *rest])


def _told(w: Wanted, code: str, lead: Iterable[Line], lines: Sequence[Line]) -> Made:
    """A verdict that begins what the lines say."""
    each = list(lead)
    reason = Said(
        listed((x.text.clinician for x in each), 3),
        plainly((x.text.patient for x in each if x.text.patient), 3),
    )
    if not reason.clinician and code != "no-tests":
        return Made("silent", w.verdict("silent", option=w.lines.name(w.option.id)))
    verdict = w.verdict(code, option=w.lines.name(w.option.id), reason=reason, context=w.context())
    if not reason.patient and code != "no-tests":
        verdict = Said(verdict.clinician, w.verdict("doctor-first").patient)
    return Made(code, verdict, lines[:_MOST])


def _grades(w: Wanted, option: Therapy) -> list[Grade]:
    """Those in force, what somebody read first, then by strength."""
    return sorted(
        (g for g in option.recommended if w.lines.holds(g)),
        key=lambda g: (not g.verified, _STRENGTH[g.strength], g.id),
    )


def why(w: Wanted) -> Made:
    """Who recommends it, how strongly, and what was found."""
    lines = [w.lines.grade(g, w.option.id) for g in _grades(w, w.option)]
    told = w.statements(4)
    return _told(w, "why", lines[:2] or told[:1], [*lines[:6], *told])


def recommended(w: Wanted) -> Made:
    """Who recommends it, and how strongly."""
    lines = [w.lines.grade(g, w.option.id) for g in _grades(w, w.option)]
    return _told(w, "recommended", lines[:3], [*lines, *w.statements(2)])


def licence(w: Wanted) -> Made:
    """Where it is licensed, and for whom."""
    option = w.option
    here = [
        w.lines.licence(x, option.id, n)
        for n, x in enumerate(option.licence, 1)
        if w.country in (None, x.country)
    ]
    access = [w.lines.bar(a, option.id) for a in option.access if w.country in (None, a.country)]
    return _told(w, "licence", here[:3], [*met(w, option), *here, *access])


def what(w: Wanted) -> Made:
    """What it is, whom it is for, and its first statements."""
    if w.of_group:
        each = [w.lines.therapy(t) for t in w.options]
        return _told(w, "what", each, [*each, *w.statements(3)])
    line = w.lines.therapy(w.option)
    used = w.lines.several(s.id for s in sorted(w.option.statements, key=lambda s: (s.order, s.id))[:3])
    grades = [w.lines.grade(g, w.option.id) for g in _grades(w, w.option)[:2]]
    made = _told(w, "what", [line], [line, *used, *grades])
    plain = next((x.text.patient for x in used if x.text.patient), None)
    return made._replace(verdict=Said(made.verdict.clinician, plain or made.verdict.patient))


def which_one(w: Wanted) -> Made:
    """A class was named where the answer is another for each of its members."""
    names = [w.lines.name(t.id) for t in w.options]
    both = Said(", ".join(n.clinician for n in names), ", ".join(n.patient or n.clinician for n in names))
    lines = [w.lines.therapy(t) for t in w.options]
    return Made("which-one", w.verdict("which-one", names=both), lines, behaviour="ask")


def how(w: Wanted) -> Made:
    """How it is used: statements, doses, cautions that are met."""
    ordered = sorted(w.option.statements, key=lambda s: (s.asks not in _USING, s.order, s.id))
    told = w.lines.several(s.id for s in ordered)[:5]
    doses = dose_lines(w)[:4]
    worded = [w.lines.regimen(r, w.option.id) for r in w.option.regimens if r.text and not r.dose][:2]
    lead = [*worded, *told][:2] or doses[:2]
    return _told(w, "how", lead, [*met(w, w.option), *worded, *told, *doses])


def told(code: str, most: int = 5) -> Callable[[Wanted], Made]:
    """What statements say of it, under one sentence."""

    def run(w: Wanted) -> Made:
        lines = w.statements(most)
        bars = met(w, w.option) if code != "harms" else _cautions(w)
        return _told(w, code, lines[:2], [*lines, *bars])

    return run


def _cautions(w: Wanted) -> list[Line]:
    return [w.lines.bar(c, w.option.id) for c in w.option.contraindicated if c.severity == "caution"][:4]


def stop(w: Wanted) -> Made:
    """How it ends, and what ending it risks."""
    line = w.lines.stop(w.option)
    return _told(w, "stop", [line] if line else [], [*([line] if line else []), *w.statements(3)])


def when_works(w: Wanted) -> Made:
    """When its effect is judged."""
    line = w.lines.onset(w.option)
    lines = [line] if line else []
    told_too = w.statements(3)
    return _told(w, "when-works", lines or told_too[:1], [*lines, *told_too])


def after_it(w: Wanted) -> Made:
    """What comes next: when its effect is judged, how it ends, what is said of it; else what it is."""
    lines = [x for x in (w.lines.onset(w.option), w.lines.stop(w.option)) if x is not None]
    return _told(w, "when-works", lines, [*lines, *w.statements(4)]) if lines else what(w)


def side_by_side(w: Wanted, options: Sequence[Therapy]) -> list[Line]:
    """Each option with its rung, recommendations, time to effect and tests."""
    lines: list[Line] = []
    for t in options:
        one = w._replace(options=(t,))
        onset = w.lines.onset(t)
        tests = [w.lines.check(c, t.id) for c in t.monitor[:2]]
        grades = [w.lines.grade(g, t.id) for g in _grades(w, t)[:3]]
        parts = (*grades, *([onset] if onset else []), *tests, *one.statements(2))
        lines.append(replace(w.lines.therapy(t), parts=tuple(parts)))
    return lines


__all__ = [
    "after_it", "before", "how", "licence", "monitor", "recommended", "side_by_side", "stop", "told", "what",
    "when_works", "which_one", "why",
]  # fmt: skip
