"""Without a country the rules of all apply: what several of them say in the same words is said once, naming each."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from atopy.plan.model import Line

Of = tuple[Line, str | None]
"""A line, and the country whose rule it is; None: everybody's."""


def once(lines: Sequence[Of]) -> Iterator[Line]:
    """The lines in their order; each that only repeats another country's goes into that one, with its sources."""
    if sum(country is not None for _, country in lines) < 2:
        yield from (line for line, _ in lines)
        return
    groups: dict[tuple[object, ...], list[Of]] = {}
    for line, country in lines:
        alike = groups.setdefault((line.clinician, line.status, line.group, line.detail), [])
        alike.append((line, country))
    for held in groups.values():
        countries = [country for _, country in held]
        if len(held) == 1 or None in countries or len(set(countries)) < len(countries):
            yield from (line for line, _ in held)
        else:
            yield _merged([line for line, _ in held], [c for c in countries if c])


def _merged(lines: list[Line], countries: list[str]) -> Line:
    first = lines[0]
    where = named(countries)
    detail = f"{where}; {first.detail}" if first.detail else where
    plain = f"{where}; {first.patient_detail}" if first.patient_detail else where
    cited = {(s.source, s.place): s for line in lines for s in line.sources}
    return replace(
        first,
        detail=detail,
        patient_detail=plain if first.patient else first.patient_detail,
        sources=tuple(cited.values()),
    )


def named(countries: Iterable[str]) -> str:
    """``EU and UK``."""
    said = [c.upper() for c in dict.fromkeys(countries)]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


__all__ = ["Of", "named", "once"]
