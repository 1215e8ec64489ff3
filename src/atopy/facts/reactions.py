"""What one patient is known to react to, and which products hold it, or its like: arithmetic over sets of words.

A positive patch test or an active allergy names a substance. A product is the word of its event (a drug is itself an
ingredient) with what its label lists. What else a reaction reaches, the crossings of the content say. Nothing here
knows a substance; and a label that nobody wrote down, or a name on it that nobody knows, leaves the answer open.
"""

from datetime import date

import msgspec

from atopy.record import Crossing, Event, Record, Vocabulary
from atopy.record.labels import plain

_OVER = ("resolved", "refuted")


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
        self.events = _newest(record, as_of)

    def __bool__(self) -> bool:
        return bool(self.events)

    def concern(self) -> tuple[Event, ...]:
        """Those that every label must be read for: to what skin products are known to hold."""
        listed = self.vocabulary.of_products
        kin = self.vocabulary.kin
        return tuple(e for e in self.events if any(one in listed for one in kin.get(e.code, ())))

    def hits(self, product: Event) -> list[Hit]:
        """What in *product* the patient is known to react to, each ingredient once, the certain first."""
        found: dict[str, Hit] = {}
        for ingredient, written in _substances(product):
            for reaction in self.events:
                hit = self._hit(ingredient, written, reaction, product)
                known = found.get(ingredient)
                if hit is not None and (known is None or _rank(hit) < _rank(known)):
                    found[ingredient] = hit
        return sorted(found.values(), key=_rank)

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

    def _hit(self, ingredient: str, written: str | None, reaction: Event, product: Event) -> Hit | None:
        if _same_product(reaction, product):
            return Hit(product.code, product.product, reaction, None, certain=True)
        kin = self.vocabulary.kin.get(ingredient, ())
        if reaction.code in kin:
            return Hit(ingredient, written, reaction, None, certain=True)
        crossed = [
            c
            for code in self.vocabulary.kin.get(reaction.code, ())
            for c in self.vocabulary.crossings.get(code, ())
            if any(one in c.meets for one in kin)
        ]
        if not crossed:
            return None
        best = min(crossed, key=lambda c: not c.certain)
        return Hit(ingredient, written, reaction, best, best.certain)


def _newest(record: Record, as_of: date) -> tuple[Event, ...]:
    """The newest word on each substance that is a reaction: a positive test, an allergy that nobody closed."""
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
    return tuple(e for e in newest.values() if _is_reaction(e))


def _is_reaction(event: Event) -> bool:
    if event.kind == "patch_test":
        return event.text == "positive"
    return event.status not in _OVER and event.flag is not False


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
