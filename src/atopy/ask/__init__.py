"""Questions answered from the content: understood by its words, put together from its statements and plan traces.

The package is also its own main function: ``atopy.ask("how long may clobetasol be used?", as_of=...)``.
"""

import sys
from types import ModuleType
from typing import Any

from atopy.ask.easy import Conversation
from atopy.ask.model import Answer, Asked, Dispute, Figures, Line, Said, Side, Understood, json_schema

__all__ = [
    "Answer",
    "Asked",
    "Conversation",
    "Dispute",
    "Figures",
    "Line",
    "Said",
    "Side",
    "Understood",
    "json_schema",
]


class _Callable(ModuleType):
    """Importing any part of this package binds it as ``atopy.ask``; so the package itself can be called."""

    def __call__(self, *args: Any, **named: Any) -> Answer:
        from atopy.ask.easy import ask

        return ask(*args, **named)


sys.modules[__name__].__class__ = _Callable
