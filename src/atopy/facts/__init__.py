"""The language of facts: types, units, derivations over dated events as of a day, validity, absence.

The vocabulary itself is content; nothing here knows any particular fact.
"""

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
from atopy.facts.reactions import Hit
from atopy.facts.world import EventScope, Found, Rules, World, bind_derivation, decide_table

__all__ = [
    "Block", "Cases", "ChangeSince", "CompiledFact", "CoverOfSites", "DaysOverdue", "Demographic", "Derivation",
    "EventScope", "Events", "Found", "Greatest", "Hit", "Observe", "PartNeeds", "Product", "Rules", "TableRow",
    "When", "World", "bind_derivation", "decide_table",
]  # fmt: skip
