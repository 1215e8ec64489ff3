"""What is proved about the content, for every possible patient: declared properties, and who shows that one fails.

Needs the extra ``proof`` (z3-solver).
"""

from atopy.proof import forms_doses, forms_rules, forms_tables  # noqa: F401  (each registers its forms)
from atopy.proof.forms import meets
from atopy.proof.prover import Asked, Outcome, Prover, Result, asked_of
from atopy.proof.query import FORMS, Query, form
from atopy.proof.reproduce import Reproduced, reproduce
from atopy.proof.side_by_side import prove_side_by_side

__all__ = [
    "FORMS",
    "Asked",
    "Outcome",
    "Prover",
    "Query",
    "Reproduced",
    "Result",
    "asked_of",
    "form",
    "meets",
    "prove_side_by_side",
    "reproduce",
]
