"""A page of text of a fixed width: wrapped, indented, in colour or not.

Written here rather than with rich: wrapping words and nine styles need no console, and rich would cost
every `atopy plan` a tenth of its time. The environment changes nothing: width and colour are arguments.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from unicodedata import combining, east_asian_width

Part = str | tuple[str, str]
"""Words, or words with their style: ``bold red``."""

_WORDS = re.compile(r"\s+|\S+")
_NARROWEST = 16  # the last column of a table
_CODES = {
    "bold": "1", "dim": "2", "italic": "3", "underline": "4", "red": "31", "green": "32", "yellow": "33",
    "cyan": "36", "white": "37", "on-red": "41",
}  # fmt: skip


class Page:
    """Collects lines, none longer than *width*."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = max(width, 40)
        self.colour = colour
        self._lines: list[str] = []
        self._bare = 0  # how many lines there are while nothing stands below the last heading

    def put(
        self, *parts: Part, left: int = 1, hang: int = 0, mark: Part = "", style: str = "", rail: str = ""
    ) -> None:
        """One paragraph: *left* spaces, *mark* before its first line; before the others *rail*, filled up with spaces
        to the width of the mark or *hang*. Nothing is written for no words.
        """
        marked = _words(mark)
        if not marked and not any(_words(p).strip() for p in parts):
            return
        rest = " " * left + rail.ljust(max(hang, cells(marked)))
        styled = [(_words(p), _style(p) or style) for p in parts]
        for number, line in enumerate(wrapped(styled, max(self.width - cells(rest), 20))):
            before: Part = (rest, "dim" if rail else "") if number else (" " * left, "")
            self._line([before, *([mark] if number == 0 else []), *line])

    def columns(
        self,
        label: str,
        left: int,
        widths: tuple[int, ...],
        heads: tuple[str, ...],
        rows: Sequence[Sequence[Sequence[Part]]],
    ) -> None:
        """A table after a label: columns of these widths, the last one as wide as is left; a list on a narrow page."""
        room = self.width - left - 1 - sum(w + 2 for w in widths)
        if room < _NARROWEST:
            self.put((label, "bold"))
            for row in rows:
                self.put(
                    *[p for n, cell in enumerate(row) for p in ([" — "] if n and cell else []) + list(cell)],
                    mark="· ",
                )
            return
        table: list[Sequence[Sequence[Part]]] = [[[(h, "dim")] for h in heads]] if heads else []
        for number, row in enumerate([*table, *rows]):
            self._row(label if number == 0 else "", left, (*widths, room), row)

    def _row(self, label: str, left: int, widths: tuple[int, ...], row: Sequence[Sequence[Part]]) -> None:
        columns = [
            wrapped([(_words(p), _style(p)) for p in cell], width)
            for cell, width in zip(row, widths, strict=True)
        ]
        for number in range(max(len(lines) for lines in columns)):
            line: list[Part] = [" ", ((label if number == 0 else "").ljust(left), "bold")]
            for lines, width in zip(columns, widths, strict=True):
                part = lines[number] if number < len(lines) else []
                used = sum(cells(_words(p)) for p in part)
                line += [*part, " " * (width + 2 - used)]
            self._line(line)

    def verbatim(self, text: str) -> None:
        """Lines as they are, to be copied into a file."""
        self._lines += text.splitlines()

    def gap(self) -> None:
        """An empty line; never two."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, title: str, style: str = "bold cyan") -> None:
        """The name of a section, underlined to the width of the page; nothing of it stays where nothing follows."""
        self._drop_bare()
        self.gap()
        self._line([" ", (title, style), " ", ("─" * max(self.width - cells(title) - 3, 0), "dim")])
        self._bare = len(self._lines)

    def text(self) -> str:
        """Everything put so far, ending in one line break."""
        self._drop_bare()
        return "\n".join(self._lines).rstrip("\n") + "\n"

    def _drop_bare(self) -> None:
        """Take back a heading with nothing below it."""
        if self._lines and len(self._lines) == self._bare:
            self._lines.pop()

    def _line(self, parts: Sequence[Part]) -> None:
        kept = _trimmed(parts)
        if not self.colour:
            self._lines.append("".join(_words(p) for p in kept))
            return
        runs = groupby(kept, key=_style)
        self._lines.append("".join(_painted("".join(_words(p) for p in run), style) for style, run in runs))


def cells(text: str) -> int:
    """How many columns *text* takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(parts: Sequence[tuple[str, str]], width: int) -> list[list[Part]]:
    """Words and their styles in lines of at most *width* columns; a word longer than a line is cut."""
    lines: list[list[Part]] = [[]]
    used = 0
    for word in _glued(parts):
        size = sum(cells(text) for text, _ in word)
        if word[0][0].isspace():
            if used and used + size <= width:
                lines[-1] += word
            used += size if used else 0
            continue
        if used + size > width and used:
            lines.append([])
            used = 0
        for text, style in _cut(word, width) if size > width else word:
            if text == "\n":
                lines.append([])
                used = 0
                continue
            lines[-1].append((text, style))
            used += cells(text)
    return lines


def _glued(parts: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Words one by one, each with the styles of its pieces: ``[3]`` after ``word`` of another style is one word."""
    word: list[tuple[str, str]] = []
    for text, style in parts:
        for piece in _WORDS.findall(text):
            if word and (piece.isspace() or word[-1][0].isspace()):
                yield word
                word = []
            word.append((" " if piece.isspace() else piece, style))
    if word:
        yield word


def _cut(word: list[tuple[str, str]], width: int) -> Iterator[tuple[str, str]]:
    """A word longer than a line, in pieces with line breaks between them."""
    used = 0
    for text, style in word:
        for character in text:
            if used + cells(character) > width:
                yield "\n", ""
                used = 0
            yield character, style
            used += cells(character)


def _trimmed(parts: Sequence[Part]) -> Sequence[Part]:
    """Without white space at the end of the line."""
    kept = list(parts)
    while kept and not _words(kept[-1]).strip():
        kept.pop()
    if kept:
        kept[-1] = (_words(kept[-1]).rstrip(), _style(kept[-1]))
    return kept


def _words(part: Part) -> str:
    return part if isinstance(part, str) else part[0]


def _style(part: Part) -> str:
    return "" if isinstance(part, str) else part[1]


def _painted(text: str, style: str) -> str:
    codes = ";".join(_CODES[s] for s in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and text.strip() else text
