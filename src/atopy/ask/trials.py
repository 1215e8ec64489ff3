"""What trials found, as lines of an answer: each network by itself, as ``atopy compare`` has it.

Only what somebody read enters. ``atopy.evidence`` (numpy, scipy) is loaded when a question first asks for figures; a
network takes some ten milliseconds and is then kept for the life of the process.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from atopy.ask.model import Figures, Line, Said
from atopy.guideline import Citation, Compiled, Therapy
from atopy.guideline.trials import Evidence, Population

if TYPE_CHECKING:
    from atopy.ask.wanted import Wanted
    from atopy.evidence import Beside, Comparison, Effect, Ranked

Nodes = dict[str, list["Ranked"]]  # option -> its doses in a network, the best first
_PAIRS = 6  # of doses, set beside each other
RESULTS = 3  # results of a drug that no number connects
_NONE = Evidence([], [], [])


class Trials:
    """The networks of one guideline, each fitted once."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._known: dict[tuple[str, str], Comparison] = {}
        self._cited: dict[tuple[str, bool], Citation] = {}

    @cached_property
    def evidence(self) -> Evidence:
        """What is compared; empty where this guideline holds no trials."""
        try:
            return self.compiled.trial_data()[0]
        except ValueError:
            return _NONE

    def of(self, outcome: str, population: str) -> "Comparison":
        """One network, as ``atopy compare`` computes it where nothing else is asked of it."""
        from atopy.evidence import Asked, comparison

        key = outcome, population
        if key not in self._known:
            self._known[key] = comparison(self.compiled, Asked(outcome, population))
        return self._known[key]

    def citations(self, sources: Iterable[tuple[str, bool]]) -> list[Citation]:
        """Each source once, with whether it was read."""
        return [self._cited.setdefault(s, Citation(*s)) for s in dict.fromkeys(sources)]


class Found:
    """What the trials of one population found of one outcome, for the options of a question."""

    def __init__(self, w: "Wanted", c: "Comparison", options: Sequence[Therapy]) -> None:
        self.w = w
        self.c = c
        self.nodes: Nodes = {t.id: kept for t in options if (kept := _asked_about(w, _of(c, t.id)))}
        self.apart = [t.id for t in options if t.id not in self.nodes]

    # -- in words

    @property
    def what(self) -> Said:
        """The outcome."""
        return _said(self.c.outcome.name, self.c.outcome)

    @property
    def event(self) -> Said:
        """What happens to so many people."""
        return _said(self.c.outcome.event or self.c.outcome.name, self.c.outcome)

    @property
    def whom(self) -> Said:
        """The people of these trials."""
        return _said(self.c.population.name, self.c.population)

    @property
    def shown(self) -> list["Ranked"]:
        """Every dose of the options, the best first."""
        mine = {r.id for nodes in self.nodes.values() for r in nodes}
        return [r for r in self.c.ranked if r.id in mine]

    @property
    def reference(self) -> Said:
        """What everything is compared with."""
        r = next((r for r in self.c.ranked if r.id == self.c.reference), None)
        return Said(r.name.lower(), r.patient_name.lower()) if r else Said("", "")

    def figures(self, shown: Sequence["Ranked"]) -> Said:
        """``68 (62 to 74) with A 30 mg, 52 (45 to 58) with B, 12 with placebo``; to a patient each in a sentence."""
        each = [f"{_figure(r)} with {r.name}" for r in shown]
        plain = [f"{r.patient_name}: {_figure(r)}" for r in shown]
        base = self.c.baseline
        if base is not None and any(r.absolute for r in shown):
            each.append(f"{base.risk * 100:.0f} with {self.reference.clinician}")
            plain.append(f"{_capital(self.reference.patient)}: {base.risk * 100:.0f}")
        return Said(", ".join(each), ". ".join(plain))

    def effects(self) -> list["Effect"]:
        """The doses of each option against those of each other; the better of two first."""
        if self.c.network is None:
            return []
        rank = {r.id: n for n, r in enumerate(self.c.ranked)}
        pairs = [
            sorted((a.id, b.id), key=rank.__getitem__)
            for one, other in combinations(self.nodes.values(), 2) for a in one for b in other
        ]  # fmt: skip
        return [self.c.network.effect(a, b) for a, b in sorted(pairs, key=lambda p: (rank[p[0]], rank[p[1]]))]

    def option_of(self, node: str) -> str | None:
        """The option that a treatment of the network is a dose of."""
        return self.c.of(node).therapy

    # -- as lines

    def line(self) -> Line:
        """The network with its people, then each dose, each pair, what has no place in it, and how far to trust it."""
        parts = [self._node(r) for r in self.shown]
        parts += [self._pair(e) for e in self.effects()[:_PAIRS]]
        parts += [self.unconnected(id_, said=0) for id_ in self.apart]
        return self._whole(parts)

    def ranking(self) -> Line:
        """The network with every dose, the best first, and in one line what has no place in it."""
        parts = [self._node(r) for r in self.shown]
        beside = [b for b in self.c.beside if b.therapy not in self.nodes]
        if beside:
            names = [self.w.lines.name(b.therapy) for b in beside]
            each = ", ".join(n.clinician for n in names), ", ".join(n.patient or n.clinician for n in names)
            said = Said(
                f"Not connected in {self.what.clinician}, so not ranked: {each[0]}",
                f"We have no number to compare: {each[1]}",
            )
            cited = [(s.source, s.verified) for b in beside for s in b.says]
            parts.append(self._line("-apart", self._figures(), said, cited=cited))
        return self._whole(parts)

    def _whole(self, parts: Sequence[Line]) -> Line:
        return self._line("", self._figures(), self._head(), (*parts, self._care()))

    def _figures(self, treatment: str | None = None, against: str | None = None) -> Figures:
        return Figures(self.c.outcome.id, self.c.population.id, treatment, against)

    def _head(self) -> Said:
        from atopy.evidence import MEASURE_NAMES, counted

        c, window, base = self.c, self.c.outcome.weeks, self.c.baseline
        measured = f"weeks {window.low:g} to {window.high:g}, {MEASURE_NAMES[c.measure]}, intervals of 95 %"
        held = f"{counted(c.trials, 'trial')}, {c.people} patients, {measured}"
        doctor, plain = f"{self.whom.clinician}, {self.what.clinician}: {held}", str(self.whom.patient)
        if base is not None:
            risk = f"{base.risk * 100:.0f}"
            doctor += f"; of 100 people {risk} with {self.reference.clinician}"
            plain += f": of 100 people, {risk} {self.event.patient} with {self.reference.patient}"
        return Said(doctor, plain)

    def _node(self, r: "Ranked") -> Line:
        from atopy.evidence import counted, interval

        effect = ""
        if r.effect is not None:
            effect = f"{_measure(self.c)} {interval(r.effect)} against {self.reference.clinician}"
        rests = f"{counted(r.trials, 'trial')}, {r.people} people"
        noted = [
            "" if r.sizes_verified else "sizes of arms remembered",
            "" if r.labelled else "a dose of no label here",
        ]
        risk = f"{_figure(r)} of 100" if r.absolute else ""
        doctor = f"{r.name}: " + "; ".join(x for x in (risk, effect, rests, *noted) if x)
        plain = None
        if r.absolute is not None:
            a = r.absolute
            plain = f"{r.patient_name}: {a.risk:.0f} of 100 people. It could be {a.low:.0f} to {a.high:.0f}"
        return self._line(f"-{r.id}", self._figures(r.id), Said(doctor, plain), of={r.id})

    def _pair(self, e: "Effect") -> Line:
        from atopy.evidence import counted, interval, sure

        names = f"{self.c.names[e.treatment]} against {self.c.names[e.against]}"
        tried = (
            f"compared in {counted(e.direct, 'trial')}" if e.direct else "no trial compared the two: indirect"
        )
        chance = "" if sure(e) else "; the interval holds no difference"
        said = Said(f"{names}: {_measure(self.c)} {interval(e)}; {tried}{chance}")
        figures = self._figures(e.treatment, e.against)
        return self._line(f"-{e.treatment}-{e.against}", figures, said, of={e.treatment, e.against})

    def is_tried(self, option: str) -> bool:
        """Whether a network of a usual outcome holds it: what its trials say of others is then no answer here."""
        usual = self.w.lexicon.asking.trials.usual
        return any(_of(self.w.trials.of(o, self.c.population.id), option) for o in usual)

    def unconnected(self, option: str, said: int = RESULTS) -> Line:
        """A drug without a place in the network: why, and what its trials do say."""
        from atopy.evidence import counted

        known = next((b for b in self.c.beside if b.therapy == option), None)
        name = self.w.lines.name(option)
        why, own = "no trial of it among these people", self._line_sources(())
        parts: tuple[Line, ...] = ()
        figures = self._figures(option)
        if known is not None:
            why = f"{known.why} ({counted(known.trials, 'trial')}, {known.people} patients)"
            own = [(s.source, s.verified) for s in known.says]
            parts = tuple(self._told(known, n, figures) for n in _read(known)[:said])
        doctor = f"{name.clinician}: not connected in {self.what.clinician}, so not ranked: {why}"
        plain = f"{name.patient}: we have no number for this that can be compared"
        return self._line(f"-{option}", figures, Said(doctor, plain), parts, cited=own)

    def _told(self, b: "Beside", n: int, figures: Figures) -> Line:
        s = b.says[n]
        said = Said(f"{s.name}, week {s.week:g}, {s.outcome}: {s.text}")
        return self._line(f"-{b.therapy}-{n + 1}", figures, said, cited=[(s.source, s.verified)])

    def _care(self) -> Line:
        """How far to trust it, in the few words that the page of the comparison explains."""
        brief = "; ".join(x.brief for x in self.c.cautions if x.brief)
        people = [x.clinician for x in self.c.cautions if x.code == "population"]
        plain = " ".join(x.patient for x in self.c.cautions if x.patient)
        doctor = " ".join(x for x in (*people, f"{brief[:1].upper()}{brief[1:]}." if brief else "") if x)
        return self._line("-care", self._figures(), Said(f"How far to trust it: {doctor}", plain or None))

    def _line(
        self, id_: str, figures: Figures, said: Said, parts: tuple[Line, ...] = (), *, of: set[str] | None = None,
        cited: Iterable[tuple[str, bool]] | None = None,
    ) -> Line:  # fmt: skip
        lines, c = self.w.lines, self.c
        sources = self._line_sources(of or ()) if cited is None else cited
        return Line(
            f"trials-{c.outcome.id}-{c.population.id}{id_}", "trials", said,
            sources=lines.case.cite(self.w.trials.citations(sources)), parts=parts, figures=figures,
        )  # fmt: skip

    def _line_sources(self, nodes: Iterable[str]) -> list[tuple[str, bool]]:
        """The reports of the trials with an arm of these; of all of them where none is named."""
        wanted = set(nodes)
        entered = [e for e in self.c.entered if not wanted or any(u.regimen in wanted for u in e.arms)]
        return [(e.source, all(u.verified for u in e.arms)) for e in entered]


def found(w: "Wanted", options: Sequence[Therapy]) -> list[Found]:
    """What is known of the options, population by population, of each outcome that the question names; where it names
    none, of the first usual outcome by which most of the options are connected.
    """
    named = [m.id for m in w.reading.measured if m.kind == "outcome"]
    whom = populations(w)
    if named:
        return [Found(w, w.trials.of(o, p.id), options) for o in named[:2] for p in whom]
    made = [[Found(w, w.trials.of(o, p.id), options) for p in whom] for o in w.lexicon.asking.trials.usual]
    return max(made, key=lambda fs: max((len(f.nodes) for f in fs), default=0), default=[])


def populations(w: "Wanted") -> list[Population]:
    """The people that the question may be about, as far as trials of theirs are compared."""
    named = {m.id for m in w.reading.measured if m.kind == "population"}
    cases = w.ages or (w.case,)
    return [
        p for p in sorted(w.trials.evidence.populations, key=lambda p: p.order)
        if p.compared and (not named or p.id in named)
        and any(case.rule(f"population-{p.id}") is not False for case in cases)
    ]  # fmt: skip


def _of(c: "Comparison", option: str) -> list["Ranked"]:
    """The doses of an option in a network: those of a label, where one is among them."""
    mine = [r for r in c.ranked if r.therapy == option]
    return [r for r in mine if r.labelled] or mine


def _asked_about(w: "Wanted", nodes: list["Ranked"]) -> list["Ranked"]:
    """The doses that the question names by their number; all of them where it names none of these."""
    said = {format(a.number, "f") for a in w.reading.amounts if a.what in ("dose", "count")}
    return [r for r in nodes if said & set(r.name.split())] or nodes


def _capital(said: str | None) -> str:
    return f"{said[:1].upper()}{said[1:]}" if said else ""


def _figure(r: "Ranked") -> str:
    from atopy.evidence import interval, of_hundred

    return of_hundred(r) or (interval(r.effect) if r.effect else "")


def _measure(c: "Comparison") -> str:
    from atopy.evidence import MEASURE_NAMES

    unit = f" in {c.outcome.unit}" if c.outcome.unit else ""
    return f"{MEASURE_NAMES[c.measure]}{unit}"


def _said(words: object, of: object) -> Said:
    from atopy.evidence import said

    return Said(said(words, of), said(words, of, patient=True))  # type: ignore[arg-type]


def _read(b: "Beside") -> list[int]:
    """Which of its results somebody read."""
    return [n for n, s in enumerate(b.says) if s.verified]


__all__ = ["RESULTS", "Found", "Trials", "found", "populations"]
