"""Records made to order as of the day of the scenarios; see ``atopy.proof.drafts``."""

from datetime import date

from atopy.guideline import Compiled
from atopy.proof import drafts
from atopy.proof.drafts import Draft, nodes_of

AS_OF = date(2026, 11, 20)


class Generator(drafts.Generator):
    """Drafts for predicates over one guideline, as of the day of the scenarios."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__(compiled, AS_OF)


__all__ = ["AS_OF", "Draft", "Generator", "nodes_of"]
