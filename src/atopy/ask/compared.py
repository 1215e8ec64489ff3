"""Which works better, how well one works, which works best: a judgement over what trials found, the figures under it.

Two options are called better and worse only where the interval of every pair of their doses leaves out no difference.
What no number connects is named and never ranked, and no population borrows from another.
"""

from collections.abc import Iterable, Sequence

from atopy.ask.doses import fits_nobody
from atopy.ask.model import Line, Said
from atopy.ask.safety import met, weighed
from atopy.ask.trials import RESULTS, Found, found
from atopy.ask.use import recommended, side_by_side, why
from atopy.ask.wanted import Made, Wanted
from atopy.guideline import Therapy

_OPTIONS = 3
_BEST = 3  # named in the verdict
_SIDES = 2  # options for which better and worse mean something


def compare(w: Wanted) -> Made:
    """Two options or more: what trials found, then recommendations, onset and tests side by side."""
    if len(w.options) < _SIDES:
        return works(w) if any(f.nodes for f in found(w, w.options)) else why(w)
    options = w.options[:_OPTIONS]
    seen = found(w, options)
    said = [*_out(w, options).values(), *([_judged(w, seen, options)] if seen else [])]
    verdict = w.verdict("compare", names=_names(w, [t.id for t in options]), reason=_together(said))
    bars = [line for t in options for line in met(w, t)]
    return Made("compare", verdict, [*bars, *_lines(seen, options), *side_by_side(w, options)])


def works(w: Wanted) -> Made:
    """One option: how many of a hundred people, against what everybody else got."""
    if len(w.options) >= _SIDES:
        return compare(w)
    seen = [f for f in found(w, w.options[:1]) if f.nodes]
    bars = met(w, w.option)
    if not seen:
        made = recommended(w)
        apart = found(w, w.options[:1])
        return made._replace(lines=[*bars, *(f.unconnected(w.option.id) for f in apart[:1]), *made.lines])
    f = seen[0]
    works_ = w.verdict("works", whom=f.whom, figures=f.figures(f.shown), event=f.event, what=f.what)
    said = _together([*_out(w, w.options[:1]).values(), works_])
    return Made(
        "works", said, [*bars, *(x.line() for x in seen), *recommended(w).lines[:4]], wants="recommended"
    )


def best(w: Wanted) -> Made:
    """No option: everything that each network holds, the best first, and what it does not hold."""
    options = list(w.lexicon.compiled.therapies.values())
    seen = [f for f in found(w, options) if f.nodes]
    if not seen:
        return Made("best-none", w.verdict("best-none"))
    f = seen[0]
    therapies = w.lexicon.compiled.therapies
    out = _out(w, [therapies[id_] for id_ in f.nodes])
    open_ = [r for r in f.shown if r.therapy not in out]
    told = w.verdict("best-none")
    if open_:
        told = w.verdict("best", whom=f.whom, what=f.what, event=f.event, figures=f.figures(open_[:_BEST]))
    return Made(
        "best" if open_ else "best-none", _together([*out.values(), told]), [x.ranking() for x in seen]
    )


def _out(w: Wanted, options: Iterable[Therapy]) -> dict[str, Said]:
    """The options that are barred for whom the question is about, or that no dose of is for them; in words."""
    found_: dict[str, Said] = {}
    for t in options:
        grave = [line for severity, line in weighed(w, t) if severity == "absolute"]
        if grave:
            found_[t.id] = w.verdict("trials-barred", option=w.lines.name(t.id), reason=grave[0].text)
        elif fits_nobody(w._replace(options=(t,))):
            found_[t.id] = w.verdict("trials-undosed", option=w.lines.name(t.id))
    return found_


def _lines(seen: Sequence[Found], options: Sequence[Therapy]) -> list[Line]:
    """Each network that holds one of the options; once, what none of them connects, with what its trials do say."""
    holding = [f for f in seen if f.nodes]
    nowhere = [t.id for t in options if not any(t.id in f.nodes for f in seen)]
    for f in holding:
        f.apart = [a for a in f.apart if a not in nowhere]
    apart = [f.unconnected(id_, said=0 if f.is_tried(id_) else RESULTS) for id_ in nowhere for f in seen[:1]]
    return [*(f.line() for f in holding), *apart]


def _judged(w: Wanted, seen: Sequence[Found], options: Sequence[Therapy]) -> Said:
    """The sentence over the first network that connects most of the options."""
    f = max(seen, key=lambda x: len(x.nodes))
    apart = _names(w, [t.id for t in options if t.id not in f.nodes])
    said = []
    if len(f.nodes) >= _SIDES:
        given = {"whom": f.whom, "what": f.what, "event": f.event, "figures": f.figures(f.shown)}
        given |= {"names": _names(w, list(f.nodes))}
        code, better, other = _sides(f)
        if better is not None and other is not None:
            given |= {"better": w.lines.name(better), "other": w.lines.name(other)}
        said.append(w.verdict(code, **given))
    elif f.nodes:
        said.append(w.verdict("works", whom=f.whom, figures=f.figures(f.shown), event=f.event, what=f.what))
    if apart.clinician:
        said.insert(0, w.verdict("trials-apart", names=apart, what=f.what, whom=f.whom))
    return _together(said)


def _sides(f: Found) -> tuple[str, str | None, str | None]:
    """Which of two options did better, as far as chance is excluded; more than two are only set out."""
    from atopy.evidence import sure

    if len(f.nodes) > _SIDES:
        return "trials-among", None, None
    effects = f.effects()
    clear = [e for e in effects if sure(e)]
    winners = {f.option_of(e.treatment) for e in clear}
    if len(winners) != 1:
        return "trials-unclear", None, None
    better = next(iter(winners))
    other = next(id_ for id_ in f.nodes if id_ != better)
    return ("trials-better" if len(clear) == len(effects) else "trials-by-dose"), better, other


def _names(w: Wanted, options: Sequence[str]) -> Said:
    names = [w.lines.name(o) for o in options]
    return Said(
        " and ".join(n.clinician for n in names), " and ".join(n.patient or n.clinician for n in names)
    )


def _together(said: Sequence[Said]) -> Said:
    return Said(" ".join(s.clinician for s in said), " ".join(s.patient or "" for s in said))


__all__ = ["best", "compare", "works"]
