"""Whether something may be used: what of the content speaks against it for whom the question describes.

The predicates of contraindications and interactions decide, over a patient of whom only the question is known.
Nothing against it is never said to be safe.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from atopy.ask.model import Line, Said
from atopy.ask.wanted import Made, Wanted, listed, plainly
from atopy.criteria import Ref
from atopy.guideline import Contraindication, Interaction, Therapy

_WEIGHT = {"absolute": 0, "relative": 1, "caution": 2}
_CODES = {"absolute": "may-no", "relative": "may-relative", "caution": "may-caution"}
_GRAVEST = ("may-no", "may-relative", "may-caution", "may-against", "may-depends", "may-mixed", "may-general")
_MOST = 8


def met(w: Wanted, option: Therapy) -> list[Line]:
    """Everything that is known to speak against an option here, the gravest first."""
    return [line for _, line in weighed(w, option)]


def weighed(w: Wanted, option: Therapy) -> list[tuple[str, Line]]:
    """The same with how much each weighs: absolute, relative, caution."""
    bars = [c for c in option.contraindicated if w.case.rule(c.id) is True and w.blank.rule(c.id) is not True]
    meetings = [m for m in w.case.guidance.meetings.get(option.id, ()) if w.case.rule(m.id) is True]
    held: list[Contraindication | Interaction] = [*bars, *(m.interaction for m in meetings)]
    lines = [(x.severity, _without_state(w.lines.bar(x, option.id))) for x in held]
    return sorted(lines, key=lambda pair: _WEIGHT[pair[0]])


def _without_state(line: Line) -> Line:
    """Without the sentence that tells the patient what the question has just supposed."""
    first, point, rest = (line.text.patient or "").partition(". ")
    if not point or not first.startswith(("You ", "Your ")) or not rest.startswith("This "):
        return line
    return replace(line, text=Said(line.text.clinician, rest))


def may(w: Wanted) -> Made:
    """Yes, no, or it depends: the gravest thing that is known decides."""
    if w.alternatives and len(w.options) > 1 and not w.of_group:
        return _each(w)
    option = w.option
    found = [pair for t in w.options for pair in weighed(w, t)]
    found.sort(key=lambda pair: _WEIGHT[pair[0]])
    grades = _graded(w, option)
    mentioned = _mentioned(w)
    if found:
        severity, first = found[0]
        same = [_placed(line) for s, line in found if s == severity]
        reason = Said(
            listed((s.clinician for s in same), 2),
            plainly((s.patient for s in same if s.patient), 2) or first.text.patient,
        )
        verdict = w.verdict(
            _CODES[severity], option=w.lines.name(option.id), reason=reason, context=w.context()
        )
        lines = [line for _, line in found][:_MOST]
        return Made(_CODES[severity], verdict, [*lines, *grades, *mentioned])
    touched = _touched(w, option)
    if touched:
        return _depends(w, touched, [*grades, *mentioned])
    if not _held(w) and not w.drugs and not mentioned:
        return _in_general(w)
    beside = _beside(w)
    if beside:
        return beside
    code = _by_grades(w, grades, mentioned)
    reason = grades[0].text if grades else mentioned[0].text if mentioned else Said("", "")
    verdict = w.verdict(code, option=w.lines.name(option.id), reason=reason, context=w.context())
    return Made(code, verdict, [*grades, *mentioned], notes=_elsewhere(w))


def _held(w: Wanted) -> dict[str, str]:
    """What the question supposes to be so."""
    return {f: value for f, value in w.suppose.items() if value != "false"}


def _beside(w: Wanted) -> Made | None:
    """Of two options that nothing keeps apart: the advice against either of them, and what is said of both."""
    if len(w.options) < 2 or w.of_group:
        return None
    against = [
        w.lines.grade(g, t.id) for t in w.options for g in t.recommended
        if g.direction == "against" and w.lines.holds(g)
    ]  # fmt: skip
    if not against:
        return None
    of = next(t for t in w.options if t.id == against[0].owner)
    said = w._replace(options=(of,)).statements(3)
    names = [w.lines.name(t.id) for t in w.options]
    both = Said(
        " and ".join(n.clinician for n in names), " and ".join(n.patient or n.clinician for n in names)
    )
    reason = against[0].text
    verdict = w.verdict("may-beside", names=both, option=w.lines.name(of.id), reason=reason)
    return Made("may-beside", verdict, [*against[:3], *said])


def _elsewhere(w: Wanted) -> tuple[Said, ...]:
    """Which other options are barred by what is supposed: that this one is not is then no oversight."""
    if not any(f.startswith("has(") for f in _held(w)):
        return ()
    barred = [
        w.lines.name(t.id) for t in w.lexicon.compiled.therapies.values()
        if t not in w.options and any(
            c.severity == "absolute" and w.case.rule(c.id) is True and w.blank.rule(c.id) is not True
            for c in t.contraindicated
        )
    ]  # fmt: skip
    if not barred:
        return ()
    names = Said(", ".join(n.clinician for n in barred), ", ".join(n.patient or n.clinician for n in barred))
    return (w.verdict("may-elsewhere", names=names, context=w.context()),)


def _each(w: Wanted) -> Made:
    """Options of which one is to be chosen: each by itself, under the gravest verdict."""
    made = [(w.lines.name(t.id), may(w._replace(options=(t,)))) for t in w.options[:3]]
    said = [
        Said(f"{name.clinician}: {m.verdict.clinician}", f"{name.patient}: {m.verdict.patient}")
        for name, m in made
    ]
    grave = min(
        (m.code for _, m in made),
        key=lambda code: _GRAVEST.index(code) if code in _GRAVEST else len(_GRAVEST),
    )
    verdict = Said(" ".join(s.clinician for s in said), " ".join(s.patient or "" for s in said))
    lines = [line for _, m in made for line in m.lines]
    asked = dict.fromkeys(a for _, m in made for a in m.missing)
    return Made(
        grave, verdict, lines, tuple(asked), notes=tuple(dict.fromkeys(n for _, m in made for n in m.notes))
    )


def _by_grades(w: Wanted, grades: Sequence[Line], mentioned: Sequence[Line]) -> str:
    """What recommendations come to where nothing bars: advice against is never called open."""
    directions = {c.direction for g in grades for c in g.sources}
    if "against" in directions:
        return "may-mixed" if "for" in directions else "may-against"
    return "may-open" if grades or mentioned else "may-silent"


def _placed(line: Line) -> Said:
    """What speaks against it, with the country whose rule it is."""
    place = (line.note or "").rpartition(", ")[2] if ", " in (line.note or "") else ""
    return Said(f"{place}: {line.text.clinician}" if place else line.text.clinician, line.text.patient)


def _depends(w: Wanted, touched: list[Contraindication], more: Iterable[Line]) -> Made:
    """What the question leaves open, and what would settle it."""
    lines = [w.lines.bar(c, w.option.id) for c in touched]
    open_ = [r for c in touched for r in w.case.gaps.asked(Ref("rule", (c.id,)))]
    names = Said(listed(x.text.clinician for x in lines), plainly((x.text.patient or "" for x in lines), 2))
    verdict = w.verdict("may-depends", option=w.lines.name(w.option.id), reason=names, context=w.context())
    return Made("may-depends", verdict, [*lines[:_MOST], *more], w.asked(open_))


def _in_general(w: Wanted) -> Made:
    """A question about nobody in particular: what bars it, and what must be known first."""
    open_bars = (c for c in w.option.contraindicated if w.case.rule(c.id) is not False)
    bars = sorted(open_bars, key=lambda c: _WEIGHT[c.severity])
    lines = [w.lines.bar(c, w.option.id) for c in bars if c.severity == "absolute"]
    lines = lines or [w.lines.bar(c, w.option.id) for c in bars]
    held = [c for c in bars if c.if_unknown == "hold" and w.case.rule(c.id) is None]
    open_ = [r for c in held for r in w.case.gaps.asked(Ref("rule", (c.id,)))]
    names = Said(listed(x.text.clinician for x in lines), plainly((x.text.patient or "" for x in lines), 2))
    verdict = w.verdict("may-general", option=w.lines.name(w.option.id), reason=names)
    return Made("may-general", verdict, [*lines[:_MOST], *_told(w)], w.asked(open_))


def _told(w: Wanted) -> list[Line]:
    return w.statements(3)


def _graded(w: Wanted, option: Therapy) -> list[Line]:
    """Recommendations that speak of whom the question is about."""
    if not w.suppose:
        return []
    keys = _supposed(w)
    found = []
    for g in option.recommended:
        ref = Ref("rule", (g.id,))
        if w.case.rule(g.id) is True and w.touching.leaves(ref) & keys and g.when != "TRUE":
            found.append(w.lines.grade(g, option.id))
    return found


def _mentioned(w: Wanted) -> list[Line]:
    """Statements of the option that use the question's words for whom it is about."""
    topics = w.topics()
    hits = w.finder.search(w.reading.words, topics, most=2) if topics else []
    words = [*w.concepts(), *(n for d in (*w.drugs, *w.others()) for n in _names(w, d))]
    if not words and not hits:
        return []
    owned = [s.id for s in w.option.statements]
    return w.lines.several([*w.finder.holding(owned, words)[:3], *(h.id for h in hits)])


def _names(w: Wanted, drug: str) -> list[str]:
    term = w.lexicon.compiled.vocabulary.terms.get(drug)
    return [*term.name.values(), *term.synonyms] if term is not None else []


def _supposed(w: Wanted) -> frozenset[str]:
    """What the question supposes, as the keys of terms."""
    return frozenset(name.replace(" ", "") for name in _held(w))


def _touched(w: Wanted, option: Therapy) -> list[Contraindication]:
    """Contraindications that rest on what the question supposes, and that it does not settle."""
    measured = set(w.lexicon.asking.measures.values())
    keys = frozenset(k for k in _supposed(w) if k not in measured)
    if not keys:
        return []
    found = [
        c for c in option.contraindicated
        if w.case.rule(c.id) is None and w.touching.leaves(Ref("rule", (c.id,))) & keys
    ]  # fmt: skip
    return sorted(found, key=lambda c: _WEIGHT[c.severity])


def why_not(w: Wanted) -> Made:
    """What speaks against an option: recommendations against it, and its contraindications."""
    against = [
        w.lines.grade(g, w.option.id)
        for g in w.option.recommended
        if g.direction == "against" and w.lines.holds(g)
    ]
    bars = sorted(w.option.contraindicated, key=lambda c: _WEIGHT[c.severity])
    known = met(w, w.option) or [w.lines.bar(c, w.option.id) for c in bars]
    reason = Said(
        listed((x.text.clinician for x in (*against, *known)), 3),
        plainly((x.text.patient for x in known if x.text.patient), 2),
    )
    verdict = w.verdict("why-not", option=w.lines.name(w.option.id), reason=reason)
    return Made("why-not", verdict, [*against, *known[:_MOST]])


__all__ = ["may", "met", "weighed", "why_not"]
