"""Where an interaction is met: with the therapy that it is written for, and with the option that is the other drug.

Whoever starts either of the two must read it, so it is written once and told at both.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from atopy.guideline.schema import Interaction, Therapy


class Meeting(msgspec.Struct, frozen=True, gc=False):
    """One interaction as it stands at one option."""

    id: str  # of its rule, and of its line in a plan
    drugs: tuple[str, ...]  # what the option meets
    interaction: Interaction
    own: bool  # written for this option; else for the other drug, and here a caution: a switch must stay possible

    @property
    def severity(self) -> Literal["absolute", "relative", "caution"]:
        """What it means before this option is started."""
        return self.interaction.severity if self.own else "caution"

    @property
    def taken(self) -> Literal["stop", "hold", "reduce", "continue_with_cover"]:
        """What becomes of this option while both are taken."""
        return self.interaction.taken if self.own else "continue_with_cover"


def meetings(
    therapies: Iterable[Therapy], members: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[Meeting, ...]]:
    """Every interaction of each option, its own first. *members* are the terms of each class."""
    listed = list(therapies)
    found = {t.id: [Meeting(i.id, tuple(i.with_), i, True) for i in t.interactions] for t in listed}
    meant = {(t.id, i.id): _meant(i.with_, members) for t in listed for i in t.interactions}
    for owner in listed:
        for interaction in owner.interactions:
            reached = meant[owner.id, interaction.id]
            for other in listed:
                if other is owner or reached.isdisjoint(other.treats_with):
                    continue
                told = any(
                    not meant[other.id, i.id].isdisjoint(owner.treats_with) for i in other.interactions
                )
                if not told:
                    id_ = f"{interaction.id}-{other.id}"
                    found[other.id].append(Meeting(id_, tuple(owner.treats_with), interaction, False))
    return {id_: tuple(met) for id_, met in found.items()}


def _meant(words: list[str], members: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {one for word in words for one in (word, *members.get(word, ()))}


__all__ = ["Meeting", "meetings"]
