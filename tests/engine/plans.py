"""Plans over the toy guideline, as the tests here ask for them."""

from datetime import date
from functools import cache
from typing import Any

from tests.spec.engines import TOY

from atopy.guideline import Compiled, load_guideline
from atopy.plan import Guidance, Line, Plan, make_plan
from atopy.record import Record, read

DAY = date(2026, 11, 20)
ATTESTED = "attested: {medications: 2026-11-01, allergies: 2026-11-01, problems: 2026-11-01}"
ADULT = f"patient: {{birth_date: 1990-01-01, sex: male, country: eu}}\n{ATTESTED}"
HICCUPS = "{date: 2026-11-01, condition: hiccups, status: active}"
SEVERE = "{date: 2026-11-01, score: hics, value: 14}"
CHECKED = (
    "{date: 2026-11-01, exposure: fizzy_drinks, present: false}",
    "{date: 2026-11-01, exposure: hurried_meals, present: false}",
)
READY = (HICCUPS, SEVERE, *CHECKED)
"""An adult with severe hiccups, the factors checked: a calmer is open."""


@cache
def compiled() -> Compiled:
    return load_guideline(TOY)


@cache
def guidance() -> Guidance:
    return Guidance(compiled())


def record(*events: str, patient: str = ADULT) -> Record:
    """A record in Atopy's own format, each event one line of flow YAML."""
    listed = "".join(f"  - {event}\n" for event in events)
    return read(
        f"atopy: 1\n{patient}\nevents:\n{listed}" if events else f"atopy: 1\n{patient}\n",
        compiled().vocabulary,
    )


def plan(
    *events: str, patient: str = ADULT, as_of: date = DAY, country: str | None = None, **more: Any
) -> Plan:
    return make_plan(
        more.pop("guidance", None) or guidance(), record(*events, patient=patient), as_of, country, **more
    )


def options(made: Plan) -> dict[str, tuple[str | None, str | None]]:
    """Each option's status and reason."""
    return {line.id: (line.status, line.reason) for line in made.section("ladder").lines}


def ids(lines: tuple[Line, ...]) -> list[str]:
    return [line.id for line in lines]
