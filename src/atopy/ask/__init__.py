"""Questions answered from the content: understood by its words, put together from its statements and plan traces.

The package is also its own main function: ``atopy.ask("how long may clobetasol be used?", as_of=...)``.
"""

from atopy.ask.model import Answer, Asked, Dispute, Figures, Line, Said, Side, Understood, json_schema
from atopy.ask.public import Conversation
from atopy.callable_package import called_as

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

called_as(__name__, "atopy.ask.public", "ask")
