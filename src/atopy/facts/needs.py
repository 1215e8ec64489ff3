"""What a fact rests on, down to what a record can hold: which kinds and codes of events, lists, demographics.

A record that holds none of it has the same value for the fact as an empty record. That value is found once
and shared, so a sparse record costs what it says, not what the guideline could ask.
"""

from collections.abc import Callable, Iterable

from atopy.criteria import Node, Ref, refs
from atopy.facts.compiled import (
    Cases,
    ChangeSince,
    CompiledFact,
    CoverOfSites,
    DaysOverdue,
    Demographic,
    Derivation,
    Events,
    Greatest,
    Product,
    When,
)
from atopy.facts.fields import FIELDS
from atopy.record import Event, Record

_AGE = ("years", "months", "birth_date")

_BLANK = 1  # held by the empty record alone, and rested on by every term: there everything is derived
ALWAYS = 2  # held by every record, and rested on by a term of which it is not known yet what it rests on


def denies(event: Event) -> bool:
    """Whether an entry says no: then it says no to everything that belongs to its term."""
    return (event.flag is False or event.status == "refuted") and event.quarantined is None


class Needs:
    """The needs of each term as a set of bits, found on first use."""

    def __init__(
        self,
        facts: dict[str, CompiledFact],
        derivation: Callable[[CompiledFact, tuple[str, ...]], Derivation],
        codes: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._facts = facts
        self._derivation = derivation
        self._codes = codes
        self._bits: dict[str, int] = {"": _BLANK, "*": ALWAYS}
        self._masks: dict[str, int] = {}

    def of(self, ref: Ref) -> int:
        """The bits of everything that *ref* rests on."""
        mask = self._masks.get(ref.key)
        if mask is None:
            fact = self._facts[ref.name]
            mask = self._masks[ref.key] = _BLANK | self._rests(fact, self._derivation(fact, ref.args))
        return mask

    def events(self, events: Events) -> int:
        """The bits of the events of these kinds and codes."""
        return self._events(events)

    def apart(self, ref: Ref) -> int:
        """The bits by which to know what rests on *ref*: those of what it rests on, else those of every term."""
        return self.of(ref) & ~_BLANK or _BLANK

    def present(self, record: Record, country: str | None, blank: bool) -> int:
        """The bits of everything that *record* holds; *blank*: it is the empty record that others fall back on."""
        patient = record.patient
        held = {f"{e.kind}:{e.code}" for e in record.events if not e.code.startswith("unknown:")}
        held |= {f"{e.kind}:*" for e in record.events}
        denied = {(e.kind, e.code) for e in record.events if denies(e)}
        held |= {f"{kind}:{member}" for kind, code in denied for member in self._codes(code)}
        held |= {f"attested:{a.list}" for a in record.attested}
        given = {
            "age": patient.birth_date or patient.age_years or patient.age_months or patient.age_years == 0,
            "sex": patient.sex,
            "country": country,
            "deceased": patient.deceased is not None or patient.deceased_on,
        }
        held |= {f"patient:{what}" for what, value in given.items() if value}
        return self._mask(held) | ALWAYS | (_BLANK if blank else 0)

    def _mask(self, tokens: Iterable[str]) -> int:
        mask = 0
        for token in tokens:
            bit = self._bits.get(token)
            if bit is None:
                bit = self._bits[token] = 1 << len(self._bits)
            mask |= bit
        return mask

    def _rests(self, fact: CompiledFact, derivation: Derivation) -> int:
        if isinstance(derivation, When):
            return self._nodes([derivation.node])
        if isinstance(derivation, Cases):
            return self._nodes(
                n for row in derivation.rows for n in (row.when, row.then_value) if n is not None
            )
        if isinstance(derivation, Greatest):
            return self._refs(Ref(name) for name in derivation.names)
        if isinstance(derivation, Product):
            return self._refs(Ref(name) for name in (*derivation.names, *derivation.over))
        if isinstance(derivation, CoverOfSites):
            return self._refs([Ref(derivation.whole)])
        if isinstance(derivation, Demographic):
            what = "age" if derivation.what in _AGE else derivation.what
            return self._mask([f"patient:{what}"])
        if isinstance(derivation, DaysOverdue):
            covered = [f"{kind}:{code}" for cover in derivation.covers for kind, code in cover]
            return self._refs(derivation.taken) | self._mask([*covered, "patient:country"])
        if isinstance(derivation, ChangeSince) and derivation.course:
            return self._events(
                Events("treatment", derivation.course)
            )  # without a course nothing is compared
        mask = self._events(derivation.events)
        if fact.absent.startswith("attested "):
            mask |= self._mask([f"attested:{fact.absent.removeprefix('attested ')}"])
        return mask

    def _events(self, events: Events) -> int:
        codes = [c for code in events.codes for c in (self._codes(code) if code != "*" else ("*",))]
        # Without an event of the kind and code nothing is asked of a where-clause.
        return self._mask(f"{events.kind}:{c}" for c in codes)

    def _nodes(self, nodes: Iterable[Node]) -> int:
        return self._refs(ref for node in nodes for ref in refs(node))

    def _refs(self, listed: Iterable[Ref]) -> int:
        mask = 0
        for ref in listed:
            if not (ref.event and ref.name in FIELDS):
                mask |= self.of(ref)
        return mask
