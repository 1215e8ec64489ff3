"""How much covers the sites of one course: a cream for the face needs less than the whole rash does."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from atopy.facts.compiled import CoverOfSites
from atopy.facts.found import Found
from atopy.record import Event

_EXACT = Context(prec=28, rounding=ROUND_HALF_EVEN)  # the ambient context changes nothing


def cover_of_sites(table: CoverOfSites, event: Event, whole: Found) -> Decimal | None:
    """What covers the parts that hold the course's sites once; None for a site of which no part is known."""
    if not isinstance(whole.value, Decimal):
        return None
    if not event.sites:
        return _EXACT.multiply(whole.value, table.times)
    parts = table.rows.get(whole.detail or "", ())
    held = [part for part in parts if not set(part.sites).isdisjoint(event.sites)]
    if not all(any(site in part.sites for part in held) for site in event.sites):
        return None
    total = Decimal(0)
    for part in held:
        total = _EXACT.add(total, part.units)
    return _EXACT.multiply(total, table.times)
