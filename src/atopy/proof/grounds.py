"""What a guideline gives a proof to stand on: its terms, its sets, and its declared properties."""

from collections.abc import Mapping

from atopy.facts import Rules
from atopy.guideline import Compiled
from atopy.guideline.properties import Declared, decoded
from atopy.guideline.property_names import PropertyNames


class Grounds(PropertyNames):
    """One guideline, ready to be proved."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__(compiled)
        self.compiled = compiled
        self.rules = Rules(compiled.facts, compiled.vocabulary)
        self.properties: dict[str, Declared] = {
            id_: decoded(form, raw) for id_, (form, raw) in compiled.properties.items()
        }
        self.items: Mapping[str, Mapping[str, object]] = {
            "factor": compiled.factors, "mimic": compiled.mimics, "red_flag": compiled.red_flags
        }  # fmt: skip
