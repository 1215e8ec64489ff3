"""The scenarios are spread over everything: every option, each of the thirteen points, both sides of every band.

What is counted is what a scenario *asserts*, by name; that an option stood somewhere in a plan counts for nothing.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import pytest
from tests.scenarios.scenario import case_of, guidance, scenarios

POINTS: dict[str, tuple[int, tuple[str, ...]]] = {
    "1 all therapies": (60, ("dosing", "ages", "traps", "biologics", "conventional", "jak", "phototherapy")),
    "2 topicals by quantity": (30, ("amounts", "topical")),
    "3 not yet refractory": (30, ("refractory", "trials_and_response")),
    "4 is it eczema": (40, ("mimics", "change_of_course", "published_cases")),
    "5 hypersensitivity": (20, ("products", "factors")),
    "6 safety of what is taken": (60, ("safety_taken", "drugs_taken", "systemic_corticosteroid")),
    "7 response and targets": (15, ("trials_and_response", "severity")),
    "8 calendar": (30, ("calendar", "referral_and_review")),
    "9 populations": (30, ("populations", "children")),
    "10 country and access": (20, ("country", "access")),
    "11 disagreements": (20, ("",)),
    "12 what would change": (5, ("unknowns", "preferences")),
    "13 what the patient reads": (10, ("",)),
    "bad input and conflicts": (10, ("quarantine", "dosing")),
    "not made to wait": (10, ("cost_of_waiting", "red_flags")),
}  # fmt: skip
"""At least so many scenarios, in files whose names begin so."""
_SAYS = {
    "11 disagreements": re.compile(r"disagreement \S+ is shown"),
    "13 what the patient reads": re.compile(r"to the patient|the patient does not meet"),
}
_COMPARED = re.compile(r"(\w+) (?:<|<=|>|>=) (\d+(?:\.\d+)?)")
_ID = r"(?<![a-z0-9_-]){}(?![a-z0-9_-])"


@cache
def lines() -> tuple[tuple[str, str], ...]:
    """Every line that a scenario asserts, with the scenario's key."""
    return tuple((key, " ".join(x.split())) for key, s in scenarios().items() for x in s.expect)


def asserting(*names: str) -> set[str]:
    """Scenarios with a line that names one of these ids."""
    named = re.compile("|".join(_ID.format(re.escape(n)) for n in names))
    return {key for key, line in lines() if named.search(line)}


def test_there_are_many() -> None:
    assert len(scenarios()) >= 150


@pytest.mark.parametrize("option", sorted(guidance().compiled.therapies))
def test_every_option_of_the_ladder_is_asserted(option: str) -> None:
    """By its own id or that of one of its regimens, in at least two scenarios."""
    regimens = [r.id for r in guidance().compiled.therapies[option].regimens]
    assert len(asserting(option, *regimens)) >= 2, "write a scenario that says what becomes of it, and why"


@pytest.mark.parametrize("point", POINTS)
def test_each_of_the_thirteen_points_has_its_scenarios(point: str) -> None:
    least, files = POINTS[point]
    wanted = _SAYS.get(point)
    found = {k for k, x in lines() if k.startswith(files) and (wanted is None or wanted.search(x))}
    assert len(found) >= least, f"{len(found)} scenarios"


# -- both sides of every band

Edge = tuple[str, str, Decimal]  # what is asserted, the fact, and the value from which on it is another band


def edges() -> Iterator[tuple[Edge, tuple[str, ...]]]:
    """Every edge of a regimen's band and of a table of amounts, with the ids of which one must be asserted."""
    compiled = guidance().compiled
    for therapy in compiled.therapies.values():
        doses = (therapy.id, f"{therapy.id}-no-dose", *(r.id for r in therapy.regimens))
        for regimen in therapy.regimens:
            for fact, band in regimen.bands.items():
                for edge in (band.low, band.high):
                    if edge:
                        yield (regimen.id, fact, edge), doses
    for table in compiled.amounts.values():
        of = (*getattr(table, "options", ()), *getattr(table, "applications", ()))
        made = getattr(table, "makes", None)
        facts = (
            [made]
            if isinstance(made, str)
            else [getattr(made, f) for f in made.__struct_fields__]
            if made
            else []
        )
        ids = (*(f"amount-{o}" for o in (table.id, *of)), *(str(f) for f in facts))
        for row in getattr(table, "bands", ()):
            for fact, edge in _compared(row.when):
                yield (row.id, fact, edge), ids


def _compared(predicate: str) -> Iterator[tuple[str, Decimal]]:
    for fact, edge in _COMPARED.findall(predicate):
        yield fact, Decimal(edge)


@cache
def values() -> dict[str, dict[str, Decimal | None]]:
    """What each scenario's patient is, in each fact that a band is over."""
    facts = {fact for (_, fact, _), _ in edges()}
    found: dict[str, dict[str, Decimal | None]] = {}
    for key, scenario in scenarios().items():
        case = case_of(scenario)
        known = {f: case.value(f) for f in facts}
        found[key] = {f: v if isinstance(v, Decimal) else None for f, v in known.items()}
    return found


def test_both_sides_of_every_band_are_asserted() -> None:
    """On the edge, where the upper band begins, and just below it: within a year, a month, or a twentieth."""
    one_sided = []
    for (id_, fact, edge), ids in edges():
        near = Decimal(1) if fact.startswith("age") else max(Decimal(1), edge / 20)
        own = [v for key in asserting(*ids) if (v := values()[key][fact]) is not None]
        if edge not in own or not any(edge - near <= v < edge for v in own):
            one_sided.append(f"{id_}: {fact} {edge}")
    assert one_sided == [], "write a scenario for each side"
    assert sum(1 for _ in edges()) > 200
