"""What the arms of trials, outcomes and populations are called, for each reader."""

from atopy.guideline import Compiled, Words
from atopy.guideline.trials import Evidence, Node, Outcome, Population
from atopy.plan import words as texts

LANGUAGE = "en"


class Names:
    """The names of the nodes of all networks."""

    def __init__(self, compiled: Compiled, evidence: Evidence) -> None:
        self._nodes: dict[str, Node] = {a.id: a for a in evidence.regimens}
        self._therapies = compiled.therapies

    def clinician(self, id_: str) -> str:
        """``Dupilumab 300 mg every 2 weeks``."""
        return self._said(id_, patient=False)

    def patient(self, id_: str) -> str:
        """The same in a patient's words."""
        return self._said(id_, patient=True)

    def therapy(self, id_: str) -> str | None:
        """The option of the ladder that a node is a dose of."""
        return self._nodes[id_].therapy

    def option(self, id_: str) -> str:
        """What an option of the ladder is called."""
        return self._therapies[id_].name.clinician[LANGUAGE]

    def labelled(self, id_: str) -> bool:
        """Whether the ladder holds this dose."""
        return bool(self._nodes[id_].regimens) or self._nodes[id_].therapy is None

    def all(self) -> dict[str, str]:
        """Every node's name for a clinician."""
        return {id_: self.clinician(id_) for id_ in self._nodes}

    def _said(self, id_: str, patient: bool) -> str:
        node = self._nodes[id_]
        words = self._therapies[node.therapy].name if node.therapy else node.name
        assert words is not None
        said = (words.patient or words.clinician) if patient else words.clinician
        return f"{said[LANGUAGE]} {node.dose}" if node.dose else said[LANGUAGE]


def said(words: Words, of: Outcome | Population, patient: bool = False) -> str:
    """Words of evidence.yaml with their numbers."""
    text = (words.patient if patient else None) or words.clinician
    return texts.fill(text[LANGUAGE], of.numbers)


__all__ = ["LANGUAGE", "Names", "said"]
