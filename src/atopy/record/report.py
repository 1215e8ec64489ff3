"""What a record holds and what of it will not be used: the data behind ``atopy record check``."""

from collections import Counter

import msgspec

from atopy.record.days import day_words
from atopy.record.model import Attestation, Event, Origin, Record, Unused


class Report(msgspec.Struct, frozen=True):
    """Counts of usable events by kind, and everything set aside or unused."""

    counts: dict[str, int]
    quarantined: tuple[Event, ...]
    without_dose: tuple[Event, ...]  # courses that count, whose dose is set aside
    two_doses: tuple[tuple[Event, ...], ...]  # one drug in several running courses whose doses differ
    unused: tuple[Unused, ...]
    attested: tuple[Attestation, ...]

    def lines(self) -> list[str]:
        """The report as text, one finding a line."""
        total = sum(self.counts.values())
        kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in self.counts.items())
        lines = [f"{total} usable events" + (f": {kinds}" if kinds else "")]
        lines += [f"complete on {day_words(a.date)}: {a.list}" for a in self.attested]
        if not self.attested:
            lines.append("no list is attested complete: what is not recorded stays unknown")
        lines += [f"set aside: {told}" for told in _told(self.quarantined)]
        lines += [
            f"dose set aside: {where(e.origin)}: {e.code}: {e.dose_set_aside}" for e in self.without_dose
        ]
        lines += [f"dose set aside: {_two_doses(events)}" for events in self.two_doses]
        lines += [
            f"not used: {u.what} ({u.why})" + (f", {u.count} times" if u.count > 1 else "")
            for u in self.unused
        ]
        return lines


def check(record: Record) -> Report:
    """What *record* holds, what was set aside and why, what was not used, and which lists are complete."""
    counts = Counter(event.kind for event in record.events if event.quarantined is None)
    return Report(
        counts=dict(sorted(counts.items())),
        quarantined=tuple(event for event in record.events if event.quarantined is not None),
        without_dose=tuple(e for e in record.events if e.dose_set_aside is not None),
        two_doses=_differing(record.events),
        unused=record.unused,
        attested=record.attested,
    )


def _differing(events: tuple[Event, ...]) -> tuple[tuple[Event, ...], ...]:
    """Running courses of one drug that do not agree on its dose: which is right, nobody here knows."""
    by_code: dict[str, list[Event]] = {}
    for event in events:
        running = event.kind == "treatment" and event.end is None and event.status in ("current", None)
        if running and event.dose is not None and event.quarantined is None:
            by_code.setdefault(event.code, []).append(event)
    return tuple(tuple(alike) for alike in by_code.values() if len({e.dose for e in alike}) > 1)


def _two_doses(events: tuple[Event, ...]) -> str:
    doses = " and ".join(
        f"{e.dose.value} {e.dose.unit} ({where(e.origin)})" for e in events if e.dose is not None
    )
    return f"{events[0].code}: two doses at once, {doses}; end one of the courses"


def _told(events: tuple[Event, ...]) -> list[str]:
    """One line for each thing set aside; events set aside together, or for one reason alike, share a line."""
    groups: dict[tuple[str, str | None], list[Event]] = {}
    for event in events:
        groups.setdefault((event.code, event.quarantined), []).append(event)
    lines = []
    for (code, reason), alike in groups.items():
        places = where(alike[0].origin) + (f" and {len(alike) - 1} more" if len(alike) > 1 else "")
        said = f" {alike[0].said}" if alike[0].said and len(alike) == 1 else ""
        lines.append(f"{places}: {code.removeprefix('unknown:')}{said}: {reason}")
    return lines


def where(origin: Origin) -> str:
    """An origin as people look it up: a line of a file, or a resource."""
    if origin.resource is not None:
        return origin.resource
    return f"{origin.file}:{origin.line}" if origin.line else origin.file
