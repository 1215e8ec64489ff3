"""Which terms a record touches: those that rest on something it holds; the others are as for an empty record.

Asked of every term of every patient, so each patient gets the answers side by side: to go through what each term
rests on would fetch thousands of things from all over memory.
"""

from collections.abc import Iterator

from atopy.facts.columns import places

_AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")
_ROOM = 8192  # places answered for before there are so many


class Touched:
    """What rests on each bit that a record can hold, by the terms' places."""

    def __init__(self) -> None:
        self._room = _ROOM
        self._open = (1 << _ROOM) - 1  # places of which it is not known yet what they rest on
        self._resting: dict[int, int] = {}  # by bit: the places that rest on it
        self._waiting: dict[int, int] = {}  # by mask: places not yet entered there

    def settle(self, slot: int, mask: int) -> None:
        """The term with this place rests on these bits."""
        while slot >= self._room:
            self._open |= ((1 << self._room) - 1) << self._room
            self._room *= 2
        self._open &= ~(1 << slot)
        self._waiting[mask] = self._waiting.get(mask, 0) | 1 << slot

    def by(self, present: int) -> bytes:
        """For each place 1 if a record that holds these bits touches the term, or may for all that is known; else 0."""
        for bit, slots in self._entering():
            self._resting[bit] = self._resting.get(bit, 0) | slots
        found = self._open
        for bit in places(present):
            found |= self._resting.get(bit, 0)
        digits = f"{found | 1 << self._room:b}"  # the one in front keeps the noughts behind it
        return digits[:0:-1].encode().translate(_AS_NUMBERS)

    def _entering(self) -> Iterator[tuple[int, int]]:
        waiting, self._waiting = self._waiting, {}
        for mask, slots in waiting.items():
            for bit in places(mask):
                yield bit, slots


__all__ = ["Touched"]
