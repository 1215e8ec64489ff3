"""What one patient is known to react to, and which products hold it, or its like: arithmetic over sets of words.

A positive patch test or an active allergy names a substance. A product is the word of its event (a drug is itself an
ingredient) with what its label lists. What else a reaction reaches, the crossings of the content say. Nothing here
knows a substance; and a label that nobody wrote down, or a name on it that nobody knows, leaves the answer open.
"""

from datetime import date
from functools import cached_property

import msgspec

from atopy.record import Crossing, Event, Record, Vocabulary
from atopy.record.labels import plain

_OVER = ("resolved", "refuted")
# What a negative test of the very substance answers. What a product releases or holds it does not.
_BY_LIKENESS = ("same_group", "cross_reacts", "may_cross_react")


class Hit(msgspec.Struct, frozen=True, gc=False):
    """One ingredient of a product that a known reaction reaches."""

    ingredient: str  # term of the vocabulary
    written: str | None  # as the label has it, where that is another word
    reaction: Event
    crossing: Crossing | None  # None: the very substance
    certain: bool


class Reactions:
    """The reactions of one record as of one day; empty for most patients, and then nothing more is asked."""

    def __init__(self, record: Record, as_of: date, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        newest = _newest(record, as_of)
        self.events = tuple(e for e in newest if _is_reaction(e))
        self._clear = {
            e.code: e.date or date.min
            for e in newest
            if e.kind == "patch_test" and e.text == "negative" and not e.product
        }
        self._hits: dict[str, list[Hit]] = {}  # by event: facts and lines ask the same
        self._reached: dict[str, Hit | None] = {}  # by substance
        # How far each reaction goes, the certain first: beside it the crossing, for the words.
        self._reach = [(event, self._crossings(event)) for event in self.events]

    def __bool__(self) -> bool:
        return bool(self.events)

    @cached_property
    def concern(self) -> tuple[Event, ...]:
        """Those that every label must be read for: to what skin products are known to hold."""
        listed = self.vocabulary.of_products
        kin = self.vocabulary.kin
        return tuple(e for e in self.events if any(one in listed for one in kin.get(e.code, ())))

    def hits(self, product: Event) -> list[Hit]:
        """What in *product* the patient is known to react to, each ingredient once, the certain first."""
        known = self._hits.get(product.id)
        if known is None:
            known = self._hits[product.id] = self._found(product)
        return known

    def reached(self, substance: str) -> Hit | None:
        """The reaction that reaches a substance; of several the surest."""
        if substance not in self._reached:
            kin = self.vocabulary.kin.get(substance, ())
            hits = [hit for event, reach in self._reach if (hit := _hit(substance, kin, event, reach))]
            clear = self._clear.get(substance)
            if clear is not None:
                hits = [hit for hit in hits if not _answered(hit, clear)]
            self._reached[substance] = min(hits, key=_rank, default=None)
        return self._reached[substance]

    def _found(self, product: Event) -> list[Hit]:
        own = [e for e in self.events if _same_product(e, product)]
        if own:
            return [Hit(product.code, product.product, own[0], None, certain=True)]
        found: dict[str, Hit] = {}
        for ingredient, written in _substances(product):
            hit = self.reached(ingredient)
            if hit is not None and ingredient not in found:
                found[ingredient] = msgspec.structs.replace(hit, written=written)
        return sorted(found.values(), key=_rank)

    def _crossings(self, reaction: Event) -> list[tuple[Crossing, frozenset[str]]]:
        crossings = [
            c
            for code in self.vocabulary.kin.get(reaction.code, ())
            for c in self.vocabulary.crossings.get(code, ())
        ]
        return [(c, frozenset(c.meets)) for c in sorted(crossings, key=lambda c: not c.certain)]

    def holds(self, product: Event) -> bool | None:
        """Whether *product* holds something the patient reacts to; open where not everything in it is known."""
        if not self.events:
            return None
        if any(hit.certain for hit in self.hits(product)):
            return True
        return False if self.is_known_whole(product) else None

    def may_hold(self, product: Event) -> bool | None:
        """Whether something in *product* is possibly reacted to, and nothing certainly."""
        if not self.events:
            return None
        hits = self.hits(product)
        if any(hit.certain for hit in hits):
            return False
        return True if hits else (False if self.is_known_whole(product) else None)

    def is_known_whole(self, product: Event) -> bool:
        """Whether the label was written down, and every name on it is known."""
        return self.is_listed(product) and not self.unknown(product)

    @staticmethod
    def is_listed(product: Event) -> bool:
        """Whether the label was written down. FHIR names the active ingredients only."""
        return bool(product.ingredients) and product.origin.resource is None

    def unknown(self, product: Event) -> tuple[str, ...]:
        """The names on the label that the vocabulary does not know."""
        return tuple(i for i in product.ingredients if i not in self.vocabulary.kin)


def _hit(
    substance: str, kin: tuple[str, ...], reaction: Event, reach: list[tuple[Crossing, frozenset[str]]]
) -> Hit | None:
    """Whether *reaction* is to the substance itself or to a class over it, else whether a crossing leads there."""
    if reaction.code in kin:
        return Hit(substance, None, reaction, None, certain=True)
    for crossing, meets in reach:
        if not meets.isdisjoint(kin):
            return Hit(substance, None, reaction, crossing, crossing.certain)
    return None


def _newest(record: Record, as_of: date) -> tuple[Event, ...]:
    """The newest word on each substance: a test, or an allergy."""
    newest: dict[tuple[str, str | None], Event] = {}
    for event in record.events:
        if event.kind not in ("patch_test", "allergy") or event.quarantined:
            continue
        if event.date is not None and event.date > as_of:
            continue
        key = event.code, event.product and plain(event.product)
        known = newest.get(key)
        if known is None or (event.date or date.min) >= (known.date or date.min):
            newest[key] = event
    return tuple(newest.values())


def _is_reaction(event: Event) -> bool:
    if event.kind == "patch_test":
        return event.text == "positive"
    return event.status not in _OVER and event.flag is not False


def _answered(hit: Hit, clear: date) -> bool:
    """Whether a negative test on the day *clear* says that this likeness does not count in this patient."""
    if hit.crossing is None or hit.crossing.how not in _BY_LIKENESS:
        return False
    return clear >= (hit.reaction.date or date.min)


def _substances(product: Event) -> list[tuple[str, str | None]]:
    """The word of a product and everything on its label, with the label's own words."""
    written = product.on_label or (None,) * len(product.ingredients)
    return [(product.code, None), *zip(product.ingredients, written, strict=True)]


def _same_product(reaction: Event, product: Event) -> bool:
    """Whether the patient's own product was tested, and this is it."""
    if reaction.product is None or product.product is None:
        return False
    return plain(reaction.product) == plain(product.product)


def _rank(hit: Hit) -> tuple[bool, bool]:
    return not hit.certain, hit.crossing is not None


__all__ = ["Hit", "Reactions"]
