"""Proves the declared properties of a guideline, query by query; of a changed one, only what rests on the change."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec
import z3

from atopy.guideline import Compiled
from atopy.proof.cone import Cones, definition
from atopy.proof.grounds import Grounds
from atopy.proof.logic import Formula, conjunction
from atopy.proof.query import FORMS, Query
from atopy.proof.reproduce import Reproduced, reproduce
from atopy.proof.space import Space
from atopy.proof.witness import Patient, otherwise, witness
from atopy.proof.worlds import Worlds

Verdict = Literal["proved", "failed", "undecided"]
_PATIENTS = (
    8  # of one claim, to be written as a record; which of them the solver finds first is its own affair
)
EFFORT = 200_000_000  # of Z3's own steps for one query; what needs more is undecided, and that is no proof

Progress = Callable[[str, int, int], None]
"""Told of each property: its id, how many queries are done, and how many there are."""


class Result(msgspec.Struct, frozen=True):
    """How one query came out. ``structural``: no solver was needed. ``vacuous``: nobody meets what it presupposes."""

    id: str
    names: dict[str, str]
    verdict: Verdict
    structural: bool
    vacuous: bool
    patient: Patient | None = None
    later: Patient | None = None  # the same patient with what is learned of him
    record: Reproduced | None = None  # who shows it, as `atopy plan` reads it

    @property
    def key(self) -> tuple[str, ...]:
        return self.id, *(f"{k}={v}" for k, v in self.names.items())


Asked = dict[tuple[str, ...], tuple[bytes, int]]
"""Of each query, by the key of its result: its predicates, and what it rests on."""


class Outcome(msgspec.Struct, frozen=True):
    """All results of a guideline, with what is needed to prove a changed one again."""

    results: tuple[Result, ...]
    seconds: dict[str, float]  # of a processor, by property
    again: frozenset[tuple[str, ...]]  # keys of the results that were worked out, not carried over
    grounds: Grounds
    cones: Cones
    asked: Asked

    def says(self, id_: str) -> str:
        """What a property says, in one sentence."""
        return self.grounds.properties[id_].says["en"]

    @property
    def failed(self) -> tuple[Result, ...]:
        """What is not proved."""
        return tuple(r for r in self.results if r.verdict != "proved")


class Prover:
    """Proves the properties of one guideline."""

    def __init__(self, compiled: Compiled) -> None:
        self.grounds = Grounds(compiled)
        self.cones = Cones(self.grounds.rules)
        self.day = date.fromisoformat(compiled.meta.last_updated)
        self._afresh()

    def _afresh(self) -> None:
        """A solver that holds nothing: what one property speaks of only slows down the next."""
        self._worlds: Worlds | None = None
        # with the formula, so that no id is used twice
        self._conditions: dict[int, tuple[Formula, bool]] = {}
        self._solver = z3.Solver()
        self._solver.set("rlimit", EFFORT)  # steps, not seconds: the same on a busy machine

    @property
    def worlds(self) -> Worlds:
        """Made on first use: of a guideline in which little changed, often nothing has to be translated."""
        if self._worlds is None:
            self._worlds = Worlds(self.grounds.rules, self.cones)
        return self._worlds

    def prove(
        self,
        only: Iterable[str] | None = None,
        since: Outcome | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Every declared property, or *only* some. With *since*, results that no change touches are carried over."""
        chosen = list(self.grounds.properties) if only is None else list(only)
        results: list[Result] = []
        seconds: dict[str, float] = {}
        again: set[tuple[str, ...]] = set()
        asked: Asked = {}
        known = _Known(since.results, since.asked, since, self.grounds) if since is not None else None
        for id_ in chosen:
            began = time.process_time()
            self._afresh()
            queries = list(self.queries(id_))
            for done, query in enumerate(queries):
                if progress is not None:
                    progress(id_, done, len(queries))
                key, asked_for = _asked(self, id_, query)
                asked[key] = asked_for
                result = known.result(key, asked[key][0]) if known is not None else None
                if result is None:
                    again.add(key)
                    result = self.ask(id_, query)
                results.append(result)
            if progress is not None:
                progress(id_, len(queries), len(queries))
            seconds[id_] = time.process_time() - began
        return Outcome(tuple(results), seconds, frozenset(again), self.grounds, self.cones, asked)

    def refuted(self, id_: str, before: "Prover", asked: Asked) -> bool:
        """Whether a query of a property fails here, of those that rest on a change since *before*, where all held.

        *asked*: what its queries rest on there (``asked_of``). Stops at the first that fails, and looks for no patient.
        """
        self._afresh()
        known = _Known((), asked, before, self.grounds)
        for query in self.queries(id_):
            key, (predicates, _) = _asked(self, id_, query)
            if known.touches(key, predicates) and self._verdict(query, query.claim(self.worlds)) != "proved":
                return True
        return False

    def queries(self, id_: str) -> Iterator[Query]:
        """The queries of one property. Raises KeyError for one that is not declared."""
        declared = self.grounds.properties[id_]
        return FORMS[type(declared)](self.grounds, declared)

    def ask(self, id_: str, query: Query) -> Result:
        """Put one query to the solver."""
        formula = query.claim(self.worlds)
        verdict = self._verdict(query, formula)
        structural = isinstance(formula, bool)
        given = query.given if verdict == "proved" else None
        vacuous = given is not None and self._nobody(given(self.worlds))
        if verdict != "failed" or query.wanted:
            return Result(id_, query.names, verdict, structural, vacuous)
        (patient, *later), record = self._patient(query, formula)
        return Result(
            id_, query.names, verdict, structural, vacuous, patient, later[0] if later else None, record
        )

    def _patient(self, query: Query, formula: Formula) -> tuple[list[Patient], Reproduced | None]:
        """Who meets the formula; where no record can be written of the first, another, a few times over."""
        spaces = [self.worlds.now, self.worlds.later] if query.learns else [self.worlds.now]
        rests_on = self.cones.free(self.cones.of_nodes(query.nodes))
        found: list[tuple[list[Patient], Reproduced | None]] = []
        for _ in range(_PATIENTS):
            patients = witness(self._solver, spaces, formula, rests_on, self.day)
            if query.shown is None:
                return patients, None
            record = reproduce(self.grounds.compiled, patients[0], query.shown, rests_on)
            if record.shows:
                return patients, record
            found.append((patients, record))
            others = self._others(formula, spaces[0], patients[0], record.differs)
            if others is None:
                break
            formula = others
        return found[0]

    def _others(
        self, formula: Formula, space: Space, patient: Patient, differs: Sequence[str]
    ) -> Formula | None:
        """Who meets the formula and is not like a patient: in what no record gave, else in anything; None: nobody."""
        for keys in (differs, list(patient)):
            others = conjunction((formula, otherwise(space, patient, keys)))
            if self._found(others) == z3.sat:
                return others
        return None

    def _verdict(self, query: Query, formula: Formula) -> Verdict:
        found = self._found(formula)
        if found == z3.unknown:
            return "undecided"
        return "proved" if (found == z3.sat) is query.wanted else "failed"

    def _nobody(self, given: Formula) -> bool:
        """Whether no patient meets a condition; asked once for each, for many queries share theirs."""
        if isinstance(given, bool):
            return not given
        if given.get_id() not in self._conditions:
            self._conditions[given.get_id()] = given, self._found(given) == z3.unsat
        return self._conditions[given.get_id()][1]

    def _found(self, formula: Formula) -> z3.CheckSatResult:
        """Whether any patient meets the formula."""
        if isinstance(formula, bool):
            return z3.sat if formula else z3.unsat
        self._solver.add(self.worlds.fresh())
        self._solver.push()
        self._solver.add(formula)
        found = self._solver.check()
        self._solver.pop()
        return found


def asked_of(prover: Prover, id_: str) -> Asked:
    """Of each query of one property, what it says and what it rests on."""
    return dict(_asked(prover, id_, query) for query in prover.queries(id_))


def _asked(prover: Prover, id_: str, query: Query) -> tuple[tuple[str, ...], tuple[bytes, int]]:
    key = Result(id_, query.names, "proved", True, False).key
    return key, (msgspec.msgpack.encode(query.nodes) + query.also, prover.cones.of_nodes(query.nodes))


class _Known:
    """What is known from before a change."""

    def __init__(
        self, results: Iterable[Result], asked: Asked, before: "Prover | Outcome", now: Grounds
    ) -> None:
        self.results = {r.key: r for r in results}
        self.asked = asked
        self.changed = changed(asked, before, now)

    def touches(self, key: tuple[str, ...], predicates: bytes) -> bool:
        """Whether a query is new, or rests on what changed."""
        before = self.asked.get(key)
        return before is None or before[0] != predicates or bool(before[1] & self.changed)

    def result(self, key: tuple[str, ...], predicates: bytes) -> Result | None:
        return None if self.touches(key, predicates) else self.results.get(key)


def changed(asked: Asked, since: "Prover | Outcome", now: Grounds) -> int:
    """The bits, among the terms that earlier queries rest on, of those that mean something else now."""
    mask = 0
    for _, rests_on in asked.values():
        mask |= rests_on
    bits = 0
    for ref in since.cones.terms(mask):
        if definition(since.grounds.rules, ref) != definition(now.rules, ref):
            bits |= since.cones.bit(ref)
    return bits


__all__ = ["Asked", "Outcome", "Prover", "Result", "asked_of", "changed"]
