"""Questions answered from the content: understood by its words, put together from its statements and plan traces.

The package is also its own main function: ``atopy.ask("how long may clobetasol be used?", as_of=...)``.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from inspect import Signature


class _Callable(ModuleType):
    """Importing any part of this package binds it as ``atopy.ask``; so the package itself can be called.

    Whoever looks it up is shown the function.
    """

    def __call__(self, *args: Any, **named: Any) -> Answer:
        return _function()(*args, **named)

    @property
    def __signature__(self) -> "Signature":
        from inspect import signature

        return signature(_function())

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return _function().__doc__


def _function() -> Callable[..., Answer]:
    from atopy.ask.easy import ask

    return ask


sys.modules[__name__].__class__ = _Callable
