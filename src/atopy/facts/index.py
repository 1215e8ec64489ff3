"""The events and attestations of a record as they were known on a day."""

from datetime import date

from atopy.facts.needs import denies
from atopy.record import Event, Record


def index_events(
    record: Record, as_of: date, members: dict[str, tuple[str, ...]]
) -> dict[str, dict[str, list[Event]]]:
    """Events by kind and then code (or ``*`` for any), oldest first; ties keep the record's order.

    What was written down after the day was not known on it, however long ago it began. What denies a class
    stands under each of its members.
    """
    index: dict[str, dict[str, list[Event]]] = {}
    for event in sorted(record.events, key=day_of):
        if event.recorded is not None and event.recorded > as_of:
            continue
        of_kind = index.setdefault(event.kind, {})
        of_kind.setdefault(event.code, []).append(event)
        of_kind.setdefault("*", []).append(event)
        if denies(event):
            for member in members.get(event.code, ()):
                of_kind.setdefault(member, []).append(event)
    return index


def attestations(record: Record, as_of: date) -> dict[str, date]:
    """The last day on which each list of the record was said to be complete."""
    newest: dict[str, date] = {}
    for attestation in record.attested:
        if attestation.date <= as_of and attestation.date >= newest.get(attestation.list, date.min):
            newest[attestation.list] = attestation.date
    return newest


def day_of(event: Event) -> date:
    """The day of an event; before all others where nobody wrote it."""
    return event.date or date.min


def last_day(event: Event) -> date | None:
    """The day by which an event is too old or not: a condition of long ago may be noted today."""
    return event.end or event.recorded or event.date
