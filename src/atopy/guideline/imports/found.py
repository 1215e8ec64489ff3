"""What an import found in a file, and what it would write."""

import msgspec


class Import(msgspec.Struct, frozen=True):
    """What would be written, and what need not be. *files*: the new text of each file, by its path in the content."""

    added: tuple[str, ...]  # in words
    known: tuple[str, ...]  # what is there already, and how it was recognised
    files: dict[str, str]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to write."""
        return not self.files
