"""A derivation of many, one for each member of a domain: ``$parameter`` filled in."""

import msgspec

from atopy.criteria import Ref, bind
from atopy.facts.compiled import Cases, ChangeSince, Derivation, Events, Observe, TableRow, When


def bind_derivation(derivation: Derivation, parameter: str, value: str) -> Derivation:
    """*derivation* with ``$parameter`` replaced by *value* wherever it stands."""
    to = {parameter: value}
    if isinstance(derivation, When):
        return When(bind(derivation.node, to))
    if isinstance(derivation, Cases):
        rows = tuple(_bind_row(row, to) for row in derivation.rows)
        return Cases(rows, derivation.otherwise)
    if isinstance(derivation, Observe):
        return msgspec.structs.replace(derivation, events=_bind_events(derivation.events, to))
    if isinstance(derivation, ChangeSince):
        course = _bind_codes(derivation.course, to)
        return msgspec.structs.replace(derivation, events=_bind_events(derivation.events, to), course=course)
    return derivation


def _bind_codes(codes: tuple[str, ...], to: dict[str, str]) -> tuple[str, ...]:
    return tuple(to.get(c[1:], c) if c.startswith("$") else c for c in codes)


def _bind_row(row: TableRow, to: dict[str, str]) -> TableRow:
    passed = None if row.then_value is None else bind(row.then_value, to)
    assert passed is None or isinstance(passed, Ref)
    return msgspec.structs.replace(row, when=bind(row.when, to), then_value=passed)


def _bind_events(events: Events, to: dict[str, str]) -> Events:
    codes = _bind_codes(events.codes, to)
    where = bind(events.where, to) if events.where is not None else None
    return msgspec.structs.replace(events, codes=codes, where=where)
