"""From the facts of a counterexample to a record that `atopy plan` reads, tried out in the real world of facts.

A proof speaks of facts; a record holds events. An event for one fact may settle others too, so the record is judged by
whether the claim itself comes out true of it, and where it does not that is said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

import msgspec
import yaml

from atopy.criteria import Boolean, Category, Node, Ref, Value
from atopy.facts import Demographic, World
from atopy.guideline import Compiled
from atopy.instruments import Scorer
from atopy.proof.drafts import Draft, Generator
from atopy.proof.witness import Patient
from atopy.record import read_data
from atopy.yaml_source import SourceError

_PROPOSALS = 12  # for one fact
_FEW = 3  # of them, among which to choose


class Reproduced(msgspec.Struct, frozen=True):
    """A record in Atopy's own format as of a day; *shows*: the claim comes out true of it, as a plan would find it."""

    text: str
    as_of: str
    shows: bool
    differs: tuple[str, ...] = ()  # facts that the record does not give as the counterexample has them


def reproduce(compiled: Compiled, patient: Patient, shown: Node, around: Sequence[Ref] = ()) -> Reproduced:
    """A record of *patient* for whom *shown* is to be true; the best that was found, where none shows it.

    *around*: all facts that it rests on, of which those that *patient* does not name should stay as in an empty record.
    """
    maker = _Maker(compiled, patient, shown, around)
    made = [maker.made(denied) for denied in (True, False)]
    return min(made, key=lambda r: (not r.shows, len(r.differs)))


class _Maker:
    def __init__(self, compiled: Compiled, patient: Patient, shown: Node, around: Sequence[Ref]) -> None:
        self.around = around
        day = next((v for v in patient.values() if isinstance(v, date)), None)
        self.as_of = day or date.fromisoformat(compiled.meta.last_updated)
        self.compiled = compiled
        self.generator = Generator(compiled, self.as_of)
        self.scorer = Scorer(compiled.instruments)
        self.shown = shown
        facts = ((_ref(key), value) for key, value in patient.items() if not isinstance(value, date))
        self.facts = sorted(facts, key=lambda pair: self._late(*pair))

    def _late(self, ref: Ref, value: Value) -> tuple[bool, bool, bool]:
        """Who the patient is comes first, what is denied or closed by a list last."""
        return not isinstance(self._derivation(ref), Demographic), value is False, isinstance(value, bool)

    def _derivation(self, ref: Ref) -> object:
        return self.generator.rules.derivation(self.compiled.facts[ref.name], ref.args)

    def made(self, denied: bool) -> Reproduced:
        """One fact after another: the first proposal that gives it and takes nothing back.

        What is false is closed by the list it belongs to; with *denied*, by an entry of its own where there can be one.
        """
        draft = Draft(self.as_of)
        settled: dict[Ref, Value] = {}
        for ref, value in self.facts:
            proposals: Iterable[Draft] = islice(self._proposals(ref, value, draft), _PROPOSALS)
            if denied and value is False:
                proposals = reversed(list(islice(proposals, _FEW)))
            wanted = settled | {ref: value}
            found = self._best([draft], wanted) or self._best(proposals, wanted)
            if found is not None:
                draft, settled = found, wanted
        world = self._world(draft)
        assert world is not None
        differs = tuple(ref.key for ref, value in self.facts if world.value(ref) != value)
        return Reproduced(
            _written(draft.record()), self.as_of.isoformat(), world.decide(self.shown) is True, differs
        )

    def _proposals(self, ref: Ref, value: Value, draft: Draft) -> Iterator[Draft]:
        kind = self.compiled.facts[ref.name].signature.type
        if isinstance(kind, Boolean) and isinstance(value, bool):
            yield from self.generator.solve(ref, value, draft)
        elif isinstance(kind, Category):
            yield from self.generator.category(ref, str(value), draft)
        elif isinstance(value, Decimal):
            yield from self.generator.number(ref, value, draft)

    def _best(self, proposals: Iterable[Draft], wanted: Mapping[Ref, Value]) -> Draft | None:
        """Of the first few that give what is wanted, the one that settles least besides."""
        ranked: list[tuple[int, int, Draft]] = []
        for place, draft in enumerate(proposals):
            world = self._world(draft)
            if world is None or any(world.value(ref) != value for ref, value in wanted.items()):
                continue
            besides = sum(
                ref not in wanted and world.value(ref) != world.blank.value(ref) for ref in self.around
            )
            ranked.append((besides, place, draft))
            if len(ranked) == _FEW or not besides:
                break
        return min(ranked)[2] if ranked else None

    def _world(self, draft: Draft) -> World | None:
        try:
            record = read_data(draft.record(), self.compiled.vocabulary, scorer=self.scorer)
        except SourceError:
            return None
        return World(self.generator.rules, record, self.as_of)


def _ref(key: str) -> Ref:
    name, _, args = key.partition("(")
    return Ref(name, tuple(args.removesuffix(")").split(", ")) if args else ())


def _written(data: dict[str, Any]) -> str:
    """A record as its own format writes it, an event a line."""
    text = yaml.safe_dump(
        _plain(data), default_flow_style=None, sort_keys=False, allow_unicode=True, width=1000
    )
    return str(text)


def _plain(value: Any) -> Any:
    """Exact numbers as YAML writes them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v not in ({}, [])}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


__all__ = ["Reproduced", "reproduce"]
