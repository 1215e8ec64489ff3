"""The language of facts: types, units, derivations over dated events as of a day, validity, absence.

The vocabulary itself is content; nothing here knows any particular fact.
"""

from atopy.facts.binding import bind_derivation
from atopy.facts.block import Block
from atopy.facts.compiled import (
    Cases,
    ChangeSince,
    CompiledFact,
    CoverOfSites,
    DaysOverdue,
    Demographic,
    Derivation,
    Events,
    Greatest,
    Observe,
    PartNeeds,
    Product,
    TableRow,
    When,
)
from atopy.facts.event_scope import EventScope
from atopy.facts.found import Found
from atopy.facts.reactions import Hit
from atopy.facts.rules import Rules
from atopy.facts.tables import decide_table
from atopy.facts.world import World, blank_of

__all__ = [
    "Block",
    "Cases",
    "ChangeSince",
    "CompiledFact",
    "CoverOfSites",
    "DaysOverdue",
    "Demographic",
    "Derivation",
    "EventScope",
    "Events",
    "Found",
    "Greatest",
    "Hit",
    "Observe",
    "PartNeeds",
    "Product",
    "Rules",
    "TableRow",
    "When",
    "World",
    "bind_derivation",
    "blank_of",
    "decide_table",
]  # fmt: skip
