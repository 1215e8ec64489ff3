"""Records made to order: for a predicate and a truth, small records that give the predicate that truth.

Works backwards from how each fact is derived (a denial or an attestation for *false*, an event for *true*,
silence or a spoilt entry for *unknown*). It proposes; whoever asks verifies with the real reader and world.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import msgspec

from atopy.criteria import Category, Label, Node, Number, Quantity, Ref, Value, children, refs
from atopy.criteria.nodes import And, AtLeast, Compare, Constant, Is, Missing, Not, OneOf, Or
from atopy.facts import (
    Cases,
    ChangeSince,
    CoverOfSites,
    Demographic,
    Derivation,
    Events,
    Greatest,
    Observe,
    Product,
    Rules,
    When,
    blank_of,
)
from atopy.facts.fields import ADHERENCE, FIELDS, RESPONSE
from atopy.guideline import Compiled
from atopy.proof.written import NOT_SET, WRITERS, Proto
from atopy.truth import NOT, Truth

_STATED = ("finding", "exposure", "life_event")


class Draft(msgspec.Struct, frozen=True):
    """A record in the making: events in Atopy's own format, and what has been settled by which question."""

    as_of: date
    patient: tuple[tuple[str, Any], ...] = ()
    attested: tuple[str, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    settled: tuple[tuple[str, Any], ...] = ()

    def settle(self, key: str, value: Any) -> "Draft | None":
        """The draft with one question answered; None when it was answered otherwise before."""
        known = dict(self.settled)
        if key in known:
            return self if known[key] == value else None
        return msgspec.structs.replace(self, settled=(*self.settled, (key, value)))

    def add(self, *events: dict[str, Any]) -> "Draft":
        """The draft with events added, each once."""
        new = tuple(e for e in events if e not in self.events)
        return msgspec.structs.replace(self, events=(*self.events, *new))

    def attest(self, name: str) -> "Draft":
        """The draft with a list declared complete yesterday."""
        return (
            self if name in self.attested else msgspec.structs.replace(self, attested=(*self.attested, name))
        )

    def record(self) -> dict[str, Any]:
        """The record in Atopy's own format."""
        answered = dict(self.settled)
        patient: dict[str, Any] = {k: answered[k] for k in ("sex", "country", "deceased") if k in answered}
        if "months" in answered:
            patient |= {"age": f"{answered['months']} months", "age_at": self.as_of.isoformat()}
        elif "years" in answered:
            patient |= {"age": f"{answered['years']} years", "age_at": self.as_of.isoformat()}
        yesterday = (self.as_of - timedelta(days=1)).isoformat()
        return {
            "atopy": 1, "patient": patient, "attested": dict.fromkeys(self.attested, yesterday),
            "events": list(self.events),
        }  # fmt: skip


Drafts = Iterator[Draft]


class Generator:
    """Drafts for predicates over one guideline."""

    def __init__(self, compiled: Compiled, as_of: date) -> None:
        self.compiled = compiled
        self.as_of = as_of
        self.rules = Rules(compiled.facts, compiled.vocabulary)
        self.blank = blank_of(self.rules, as_of)
        self.limits = _limits(compiled)

    # -- predicates over the patient

    def drafts(self, node: Node, want: Truth, start: Draft | None = None, most: int = 40) -> Iterator[Draft]:
        """Up to *most* proposals for *node* to be *want*, the simplest first."""
        return islice(self.solve(node, want, start or Draft(self.as_of)), most)

    def solve(self, node: Node, want: Truth, draft: Draft) -> Drafts:
        """Proposals that build on *draft*."""
        if isinstance(node, Constant):
            yield from [draft] if node.truth is want else []
        elif isinstance(node, Ref):
            yield from self._boolean(node, want, draft)
        elif isinstance(node, Compare):
            yield from self._compare(node, want, draft)
        elif isinstance(node, OneOf):
            yield from self._one_of(node, want, draft)
        elif isinstance(node, Not):
            yield from self.solve(node.part, NOT[want], draft)
        elif isinstance(node, Is):
            others: list[Truth] = [t for t in (True, False, None) if t is not node.truth]
            for truth in [node.truth] if want else others if want is False else []:
                yield from self.solve(node.part, truth, draft)
        elif isinstance(node, Missing):
            yield from self._missing(node, want, draft)
        else:
            yield from self._many(node, want, draft)

    def _many(self, node: Node, want: Truth, draft: Draft) -> Drafts:
        parts = children(node)
        if isinstance(node, AtLeast):
            chosen = parts[: node.needed] if want else parts
            yield from self._each(chosen, want, draft)
            return
        every = isinstance(node, And)
        if want is None:
            for part in parts:
                others = [p for p in parts if p is not part]
                yield from self._rest(others, every, self.solve(part, None, draft))
        elif want is every:
            yield from self._each(parts, want, draft)
        else:
            for part in sorted(parts, key=self._effort):
                yield from self.solve(part, want, draft)

    def _effort(self, node: Node) -> int:
        return sum(1 for _ in refs(node))

    def _rest(self, others: list[Node], truth: bool, found: Drafts) -> Drafts:
        """One part is undecided; the others must not decide against it: as they are, or made so."""
        for draft in islice(found, 4):
            yield draft
            yield from islice(self._each(others, truth, draft), 3)

    def _each(self, parts: Iterable[Node], want: Truth, draft: Draft) -> Drafts:
        """Every part with the same truth."""
        listed = list(parts)
        if not listed:
            yield draft
            return
        first, rest = listed[0], listed[1:]
        for one in islice(self.solve(first, want, draft), 12 if children(first) else 60):
            yield from self._each(rest, want, one)

    def _missing(self, node: Missing, want: Truth, draft: Draft) -> Drafts:
        if want is True:
            yield from self._unknown(node.ref, draft)
        elif want is False:
            kind = self.compiled.facts[node.ref.name].signature.type
            if isinstance(kind, Category):
                for value in kind.values:
                    yield from self.category(node.ref, value, draft)
            else:
                for number in self._numbers(node.ref):
                    yield from self.number(node.ref, number, draft)

    def _one_of(self, node: OneOf, want: Truth, draft: Draft) -> Drafts:
        if want is None:
            yield from self._unknown(node.ref, draft)
            return
        kind = self.compiled.facts[node.ref.name].signature.type
        known = kind.values if isinstance(kind, Category) else ()
        for value in node.values if want else [v for v in known if v not in node.values]:
            yield from self.category(node.ref, value, draft)

    def _compare(self, node: Compare, want: Truth, draft: Draft) -> Drafts:
        if want is None:
            yield from self._unknown(node.left, draft)
        elif isinstance(node.right, Ref):
            for left, right in ((5, 100), (100, 5), (5, 5)):
                if _holds(node.op, left, right) is want:
                    for one in self.number(node.left, Decimal(left), draft):
                        yield from self.number(node.right, Decimal(right), one)
        elif isinstance(node.right, Quantity):
            for number in self._numbers(node.left):
                if _holds(node.op, number, node.right.value) is want:
                    yield from self.number(node.left, number, draft)
        else:
            yield from self._labelled(node, want, draft)

    def _labelled(self, node: Compare, want: Truth, draft: Draft) -> Drafts:
        assert isinstance(node.right, Label)
        kind = self.compiled.facts[node.left.name].signature.type
        if not isinstance(kind, Category):  # a day: only the day of the plan is compared
            yield from [draft] if self.blank.decide(node) is want else []
            return
        order = node.order or kind.values
        for value in order:
            if _holds(node.op, order.index(value), order.index(node.right.value)) is want:
                yield from self.category(node.left, value, draft)

    # -- values of facts

    def _unknown(self, ref: Ref, draft: Draft) -> Drafts:
        """Silence first; then an entry that is set aside."""
        yield draft
        derivation = self._derivation(ref)
        if isinstance(derivation, Observe):
            yield from self._spoilt(derivation.events, draft)
        elif isinstance(derivation, When):
            yield from self.solve(derivation.node, None, draft)

    def _boolean(self, ref: Ref, want: Truth, draft: Draft) -> Drafts:
        if want is None:
            yield from self._unknown(ref, draft)
            return
        derivation = self._derivation(ref)
        if isinstance(derivation, When):
            yield from self.solve(derivation.node, want, draft)
        elif isinstance(derivation, Demographic):
            yield from _some(draft.settle(derivation.what, want))
        elif isinstance(derivation, Observe) and derivation.measure == "exists":
            yield from self._exists(ref, derivation, want, draft)
        elif isinstance(derivation, Observe):
            yield from self._flagged(ref, derivation, want, draft)

    def _flagged(self, ref: Ref, observe: Observe, want: bool, draft: Draft) -> Drafts:
        """The newest entry says yes or no, by its presence or by its word."""
        words = [k for k, v in self.compiled.facts[ref.name].value_map.items() if v == str(want).lower()]
        for code in self._terms(observe.events):
            field = {observe.field or "text": words[0]} if words else {"flag": want}
            event = self._event(observe.events.kind, {"code": code, **field})
            yield from self._with(ref, event, draft)

    def category(self, ref: Ref, value: str, draft: Draft) -> Drafts:
        derivation = self._derivation(ref)
        if isinstance(derivation, Demographic):
            yield from _some(draft.settle(derivation.what, value))
        elif isinstance(derivation, Greatest):
            for name in derivation.names:
                yield from self.category(Ref(name), value, draft)
        elif isinstance(derivation, Cases):
            yield from self._row(derivation, value, draft)
        elif isinstance(derivation, Observe):
            for code in self._terms(derivation.events):
                yield from self._with(
                    ref, self._event(derivation.events.kind, {"code": code, "text": value}), draft
                )

    def _row(self, table: Cases, value: str, draft: Draft) -> Drafts:
        if table.otherwise == value:
            yield draft
        for number, row in enumerate(table.rows):
            if row.then == value:
                for one in islice(self.solve(row.when, True, draft), 6):
                    yield one
                    yield from islice(self._each([r.when for r in table.rows[:number]], False, one), 2)
            if row.unknown == value:
                yield from islice(self.solve(row.when, None, draft), 3)
        if table.otherwise == value:
            yield from islice(self._each([r.when for r in table.rows], False, draft), 3)

    def number(self, ref: Ref, number: Decimal, draft: Draft) -> Drafts:
        derivation = self._derivation(ref)
        if isinstance(derivation, Demographic):
            yield from self._age(derivation.what, int(number), draft)
        elif isinstance(derivation, ChangeSince):
            yield from self._changed(ref, derivation, number, draft)
        elif isinstance(derivation, Observe):
            yield from self._measured(ref, derivation, number, draft)

    @staticmethod
    def _age(what: str, number: int, draft: Draft) -> Drafts:
        if number < 0:
            return
        known = dict(draft.settled)
        if what == "months" and known.get("years", number // 12) == number // 12:
            yield from _some(draft.settle("months", number))
        elif what == "years" and known.get("months", number * 12) // 12 == number:
            yield from _some(draft.settle("years", number))

    def _measured(self, ref: Ref, observe: Observe, number: Decimal, draft: Draft) -> Drafts:
        events = observe.events
        whole = number == int(number)
        if not whole and (
            observe.measure in ("duration", "days_since", "count") or observe.field == "days_long"
        ):
            return
        for code in self._terms(events):
            if observe.measure == "duration":
                made: list[Proto] = [{"code": code, "start": int(number), "status": "current"}]
            elif observe.measure == "days_since":
                made = [{"code": code, "ago": int(number)}]
            elif observe.measure == "count":
                made = [{"code": code, "ago": 2 + 5 * i} for i in range(int(number))]
            elif observe.measure == "dose":
                made = [{"code": code, "dose": f"{number} {observe.field}", "status": "current"}]
            elif observe.field == "days_long":
                made = [{"code": code, "days": int(number)}]
            else:
                made = [{"code": code, "number": number}]
            yield from self._protos(ref, events, made, draft)

    def _protos(self, ref: Ref, events: Events, made: list[Proto], draft: Draft) -> Drafts:
        found = draft
        for proto in made:
            one = next(self._where(events, proto, found, True), None)
            if one is None:
                return
            found = one[1].add(self._event(events.kind, one[0]))
        yield from _some(found.settle(ref.key, [str(sorted(p.items(), key=str)) for p in made]))

    def _changed(self, ref: Ref, change: ChangeSince, number: Decimal, draft: Draft) -> Drafts:
        """A value before and a value now that differ by *number* (points or percent)."""
        base = Decimal(20)
        now = base + (base * number / 100 if change.percent else number)
        if now < 0:
            return
        code = next(iter(self._terms(change.events)), None)
        if code is None:
            return
        kind = change.events.kind
        start = 150 if change.counts_from else 60
        events = [
            self._event(kind, {"code": code, "number": base, "ago": start + 40}),
            self._event(kind, {"code": code, "number": now, "ago": 2}),
        ]
        if change.before_newest:
            events.append(self._event(kind, {"code": code, "number": now, "ago": 1}))
        for drug in islice(self._terms(Events("treatment", change.course)), 2) if change.course else [None]:
            course = (
                [self._event("treatment", {"code": drug, "start": start, "status": "current"})]
                if drug
                else []
            )
            settled = draft.settle(ref.key, str(number))
            yield from [settled.add(*events, *course)] if settled else []

    # -- events

    def _exists(self, ref: Ref, observe: Observe, want: bool, draft: Draft) -> Drafts:
        events = observe.events
        if want:
            for code in islice(self._terms(events), 60):
                for proto, one in islice(self._where(events, {"code": code}, draft, True), 3):
                    yield from self._with(ref, self._event(events.kind, proto), one)
            return
        absent = self.compiled.facts[ref.name].absent
        if absent == "false":
            yield draft
        if absent.startswith("attested "):
            yield draft.attest(absent.removeprefix("attested "))
        yield from self._denied(ref, events, draft)

    def _denied(self, ref: Ref, events: Events, draft: Draft) -> Drafts:
        """An entry for each term that was asked for, none of which counts."""
        if "*" in events.codes:
            return
        found: Draft | None = draft
        for code in dict.fromkeys(
            c for named in events.codes for c in (self.rules.codes(named)[1:] or (named,))
        ):
            if code not in self.compiled.vocabulary.terms or found is None:
                return
            found = next(self._no(events, code, found), None)
        yield from _some(found.settle(ref.key, "no") if found else None)

    def _no(self, events: Events, code: str, draft: Draft) -> Drafts:
        if events.kind in _STATED:
            yield draft.add(self._event(events.kind, {"code": code, "flag": False}))
        elif events.kind in ("condition", "allergy"):
            yield draft.add(self._event(events.kind, {"code": code, "status": "refuted"}))
        elif events.where is not None:
            for proto, one in self._where(events, {"code": code}, draft, False):
                yield one.add(self._event(events.kind, proto))

    def _spoilt(self, events: Events, draft: Draft) -> Drafts:
        """An entry that the reader sets aside."""
        for code in islice(self._terms(events), 1):
            if events.kind in _STATED:
                both = [self._event(events.kind, {"code": code, "flag": flag}) for flag in (True, False)]
                yield draft.add(*both)
            elif events.kind == "treatment":
                yield draft.add(
                    self._event("treatment", {"code": code, "dose": "2 tablets", "status": "current"})
                )
            elif events.kind in ("measure", "score", "lab"):
                event = self._event(events.kind, {"code": code, "number": Decimal(2)})
                yield draft.add(event | {"value": "2 frobs"})

    def _with(self, ref: Ref, event: dict[str, Any], draft: Draft) -> Drafts:
        settled = draft.settle(ref.key, str(event))
        yield from [settled.add(event)] if settled else []

    def _where(self, events: Events, proto: Proto, draft: Draft, want: bool) -> Iterator[tuple[Proto, Draft]]:
        if events.where is None:
            yield from [(proto, draft)] if want else []
            return
        yield from self.on_event(events.where, want, proto, draft)

    def on_event(self, node: Node, want: Truth, proto: Proto, draft: Draft) -> Iterator[tuple[Proto, Draft]]:
        """Fields for an event, and facts for its patient, that give *node* the truth *want*."""
        if isinstance(node, And | Or | AtLeast):
            yield from self._many_on_event(node, want, proto, draft)
        elif isinstance(node, Not):
            yield from self.on_event(node.part, NOT[want], proto, draft)
        elif isinstance(node, Is):
            others: list[Truth] = [t for t in (True, False, None) if t is not node.truth]
            for truth in [node.truth] if want else others:
                yield from self.on_event(node.part, truth, proto, draft)
        elif isinstance(node, Constant):
            yield from [(proto, draft)] if node.truth is want else []
        else:
            yield from self._leaf_on_event(node, want, proto, draft)

    def _many_on_event(
        self, node: And | Or | AtLeast, want: Truth, proto: Proto, draft: Draft
    ) -> Iterator[tuple[Proto, Draft]]:
        every = isinstance(node, And)
        if want is not None and want is not every:
            for part in sorted(node.parts, key=lambda p: isinstance(p, Missing)):
                yield from self.on_event(part, want, proto, draft)
            return
        if want is None:
            yield from self.on_event(node.parts[0], None, proto, draft)
            return
        yield from self._all_on_event(list(node.parts), want, proto, draft)

    def _all_on_event(
        self, parts: list[Node], want: Truth, proto: Proto, draft: Draft
    ) -> Iterator[tuple[Proto, Draft]]:
        if not parts:
            yield proto, draft
            return
        for one, with_ in islice(self.on_event(parts[0], want, proto, draft), 8):
            yield from self._all_on_event(parts[1:], want, one, with_)

    def _leaf_on_event(
        self, node: Node, want: Truth, proto: Proto, draft: Draft
    ) -> Iterator[tuple[Proto, Draft]]:
        ref = next(refs(node))
        if not ref.event:
            yield from ((proto, one) for one in islice(self.solve(node, want, draft), 6))
        elif ref.name not in FIELDS:
            derivation = self.compiled.facts[ref.name].derivation
            if isinstance(derivation, When):
                yield from self.on_event(derivation.node, want, proto, draft)
            elif isinstance(derivation, Cases):
                yield from self._row_on_event(derivation, node, want, proto, draft)
            elif isinstance(derivation, CoverOfSites) and want is not None:
                sites = [] if want else [self.compiled.domains["site"][0]]
                yield from (({**proto, "sites": sites}, one) for one in self._known(ref, draft))
        elif want is None:
            yield proto, draft
        elif ref.name == "holds_allergen":
            yield from self._holding(proto, draft) if want else []
        elif isinstance(node, Compare) and isinstance(node.right, Ref):
            yield from self._against(node, node.right, want, proto, draft)
        elif isinstance(node, Missing):
            yield from ((p, draft) for p in _empty_field(ref.name, proto, want))
        else:
            for value in self._field_values(ref, node, want, proto):
                yield from ((p, draft) for p in _set_field(ref.name, value, proto))

    def _row_on_event(
        self, table: Cases, node: Node, want: Truth, proto: Proto, draft: Draft
    ) -> Iterator[tuple[Proto, Draft]]:
        """A table of one course: a row whose outcome gives the leaf its truth; none at all leaves it unknown."""
        if want is None:
            yield proto, draft
        for row in table.rows if want is not None else ():
            if isinstance(node, Compare | OneOf) and _leaf(node, row.then) is want:
                yield from islice(self.on_event(row.when, True, proto, draft), 4)

    def _against(
        self, node: Compare, right: Ref, want: Truth, proto: Proto, draft: Draft
    ) -> Iterator[tuple[Proto, Draft]]:
        """Grams of one course against what the patient needs: far above it, or far below."""
        if node.left.name != "grams_per_day":
            return
        for grams in (Decimal(40), Decimal("0.01")):
            if _holds(node.op, grams, Decimal(1)) is want:
                for one in islice(self._known(right, draft), 4):
                    yield from ((p, one) for p in _set_field(node.left.name, grams, proto))

    def _holding(self, proto: Proto, draft: Draft) -> Iterator[tuple[Proto, Draft]]:
        """A label that lists what the patient is allergic to: as the draft has it already, else anything."""
        said = [event["allergy"] for event in draft.events if "allergy" in event]
        for substance in said or self.compiled.domains["substance"][:3]:
            allergy = self._event("allergy", {"code": substance, "status": "active"})
            for held in _set_field("ingredient", substance, proto):
                yield held, draft.add(allergy)

    def _known(self, ref: Ref, draft: Draft) -> Drafts:
        """Any value of a number."""
        derivation = self.compiled.facts[ref.name].derivation
        if isinstance(derivation, Product):
            found = [draft]
            for name in derivation.names:
                found = [two for one in found for two in islice(self._known(Ref(name), one), 3)]
            yield from found
        elif isinstance(derivation, CoverOfSites):
            yield from self._known(Ref(derivation.whole), draft)
        elif isinstance(derivation, Cases):
            for row in derivation.rows:
                yield from islice(self.solve(row.when, True, draft), 3)
        else:
            yield from self.number(ref, Decimal(20), draft)

    def _field_values(self, ref: Ref, node: Node, want: Truth, proto: Proto) -> list[Any]:
        """Values of a field of an event for which a leaf has the truth *want*."""
        term = self.compiled.vocabulary.terms.get(proto["code"])
        if ref.name in ("potency", "potency_at_least", "route"):
            of_one_strength = len(self.rules.codes(proto["code"])) == 1
            wanted = "potency" if ref.name == "potency_at_least" and of_one_strength else ref.name
            own = getattr(term, wanted, None)
            return ["as it is"] if _leaf(node, own) is want else []
        if ref.name == "belongs":
            belongs = proto["code"] in self.rules.codes(ref.args[0])
            return ["as it is"] if belongs is want else []
        if ref.name in ("at_site", "ingredient"):
            of = self.compiled.domains["site" if ref.name == "at_site" else "substance"]
            return [ref.args[0] if want else next(one for one in of if one != ref.args[0])]
        if ref.name == "flag":
            return [want]
        given: tuple[Any, ...] | None = {
            "adherence": ADHERENCE,
            "response": RESPONSE,
            "status": _STATUSES,
        }.get(ref.name)
        if given is None and isinstance(node, Compare) and isinstance(node.right, Quantity):
            limit = node.right.value
            given = (limit, limit + 1, limit - 1, limit + Decimal("0.5"))
        if given is None:
            right = str(getattr(getattr(node, "right", None), "value", ""))
            given = (*(node.values if isinstance(node, OneOf) else (right,)), "other")
        # What is said already for another leaf may do for this one too.
        held = proto.get(_written_as(ref.name), NOT_SET)
        given = given if held == NOT_SET else (held, *given)
        return [v for v in given if _leaf(node, v) is want]

    def _event(self, kind: str, proto: Proto) -> dict[str, Any]:
        """An event in Atopy's own format."""
        return WRITERS[kind](self, {k: v for k, v in proto.items() if v != NOT_SET})

    def _terms(self, events: Events) -> Iterator[str]:
        """The terms that count for *events*, those named before the members of classes."""
        terms = self.compiled.vocabulary.terms
        if "*" in events.codes:
            kinds = {"treatment": ("drug", "therapy"), "patch_test": ("allergen",)}.get(
                events.kind, (events.kind,)
            )
            named = [t.id for t in terms.values() if t.kind in kinds]
        else:
            named = [c for code in events.codes for c in self.rules.codes(code) if c in terms]
            named = named or [c for c in events.codes if events.kind == "override"]
        yield from dict.fromkeys(named)

    def _derivation(self, ref: Ref) -> Derivation:
        return self.rules.derivation(self.compiled.facts[ref.name], ref.args)

    def _numbers(self, ref: Ref) -> list[Decimal]:
        """Every number that the content compares this fact with, with its neighbours."""
        if isinstance(self._derivation(ref), Demographic):
            return [*_AGES, *sorted({v + step for v in self.limits.get(ref.name, ()) for step in (0, 1, -1)})]
        found = sorted({v + step for v in self.limits.get(ref.name, ()) for step in _STEPS})
        kind = self.compiled.facts[ref.name].signature.type
        assert isinstance(kind, Number)
        low, high = kind.low, kind.high
        inside = [n for n in found if (low is None or n >= low) and (high is None or n <= high)]
        return inside or [Decimal(1), Decimal(10)]

    def usual(self, code: str) -> Decimal:
        """A number that this term can have."""
        low, high = self.compiled.vocabulary.terms[code].plausible or (Decimal(0), Decimal(2))
        return low + (high - low) / 4

    def unit(self, code: str) -> str:
        """The unit of a term, as it is written behind a number."""
        term = self.compiled.vocabulary.terms[code]
        return f" {term.unit}" if term.unit else ""


_AGES = [Decimal(n) for n in (30, 40, 15, 8, 3, 0)]
_STEPS = (Decimal(0), Decimal(1), Decimal(-1), Decimal("0.1"), Decimal("-0.1"))
_STATUSES = ("past", "current", "planned", "declined", "active", "resolved", "refuted", "suspected")
_WORDS: dict[str, tuple[Any, ...]] = {"adherence": ADHERENCE, "response": RESPONSE, "status": _STATUSES}


def _limits(compiled: Compiled) -> dict[str, list[Decimal]]:
    """Every number that a predicate of the content compares a fact with."""
    found: dict[str, list[Decimal]] = {}

    def visit(node: Node) -> None:
        if isinstance(node, Compare) and isinstance(node.right, Quantity):
            found.setdefault(node.left.name, []).append(node.right.value)
        for child in children(node):
            visit(child)

    for fact in compiled.facts.values():
        for derivation in (fact.derivation, *fact.variants.values()):
            for node in nodes_of(derivation):
                visit(node)
    return found


def nodes_of(derivation: Derivation) -> list[Node]:
    """The predicates that a derivation holds."""
    if isinstance(derivation, When):
        return [derivation.node]
    if isinstance(derivation, Cases):
        return [r.when for r in derivation.rows]
    if isinstance(derivation, Observe | ChangeSince) and derivation.events.where is not None:
        return [derivation.events.where]
    return []


def _some(draft: Draft | None) -> list[Draft]:
    return [] if draft is None else [draft]


def _holds(op: str, left: Any, right: Any) -> bool:
    found: bool = {
        "=": left == right, "<>": left != right, "<": left < right, "<=": left <= right, ">": left > right,
        ">=": left >= right,
    }[op]  # fmt: skip
    return found


def _leaf(node: Node, value: Value) -> Truth:
    """The truth of a leaf for one value of its field."""
    if value is None:
        return None
    if isinstance(node, OneOf):
        return value in node.values
    if isinstance(node, Ref):
        return value if isinstance(value, bool) else None
    assert isinstance(node, Compare)
    assert not isinstance(node.right, Ref)
    if node.order:
        known = str(value) in node.order
        right = str(node.right.value)
        return _holds(node.op, node.order.index(str(value)), node.order.index(right)) if known else None
    return _holds(node.op, value, node.right.value)


def _written_as(name: str) -> str:
    """What an event in the making calls a field."""
    return {
        "days_ago": "ago", "days_since_start": "start", "days_since_noted": "noted", "days_long": "days",
        "grams_per_day": "gpd", "at_site": "sites", "ingredient": "ingredients",
    }.get(name, name)  # fmt: skip


def _set_field(name: str, value: Any, proto: Proto) -> Iterator[Proto]:
    """*proto* with a field set; nothing when it is set otherwise already."""
    key = _written_as(name)
    if value == "as it is":
        yield proto
    elif key in ("sites", "ingredients"):
        yield {**proto, key: [*proto.get(key, []), value]}
    elif proto.get(key, value) == value:
        yield {**proto, key: value}


def _empty_field(name: str, proto: Proto, want: bool) -> Iterator[Proto]:
    key = {"end_date": "end", "start_date": "start"}.get(name, name)
    if want and proto.get(key, NOT_SET) == NOT_SET:
        yield {**proto, key: NOT_SET}
    elif want is False and key == "end":
        yield {**proto, "end": 1}
