"""A page of text of a fixed width: wrapped, indented, in colour or not. The only user of rich's console."""

from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.text import Text

Part = str | tuple[str, str]
"""Words, or words with their style."""


class Page:
    """Collects lines, none longer than *width*. The environment changes nothing: colour is an argument."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = max(width, 40)
        self._out = StringIO()
        self.console = Console(
            file=self._out, width=self.width, force_terminal=colour, color_system="standard" if colour else None,
            highlight=False, markup=False, emoji=False, legacy_windows=False, _environ={},
        )  # fmt: skip

    def put(
        self, *parts: Part, left: int = 1, hang: int = 0, mark: Part = "", style: str = "", rail: str = ""
    ) -> None:
        """One paragraph: *left* spaces, *mark* before its first line; before the others *rail*, filled up with spaces
        to the width of the mark or *hang*.
        """
        text = Text.assemble(*parts, style=style)
        marked = Text.assemble(mark)
        if not text.plain.strip() and not marked.plain:
            return
        rest = " " * left + rail.ljust(max(hang, len(marked.plain)))
        for number, line in enumerate(
            text.wrap(self.console, max(self.width - len(rest), 20), overflow="fold")
        ):
            line.rstrip()
            before = Text.assemble(" " * left, marked) if number == 0 else Text(rest, "dim" if rail else "")
            self.console.print(Text.assemble(before, line), soft_wrap=True)

    def gap(self) -> None:
        """An empty line; never two."""
        if not self._out.getvalue().endswith("\n\n"):
            self.console.print()

    def heading(self, title: str, style: str = "bold cyan") -> None:
        """The name of a section, underlined to the width of the page."""
        self.gap()
        rule = "─" * max(self.width - len(title) - 3, 0)
        self.console.print(Text.assemble(" ", (title, style), " ", (rule, "dim")), soft_wrap=True)

    def columns(
        self,
        label: str,
        left: int,
        widths: tuple[int, ...],
        heads: tuple[str, ...],
        rows: list[tuple[str | Text, ...]],
    ) -> None:
        """A table after a label: columns of these widths, the last one as wide as is left."""
        before = Text.assemble(" ", (label.ljust(left), "bold"))
        if heads:
            self._row(before, left, widths, [Text(h, "dim") for h in heads])
            before = Text("")
        for cells in rows:
            self._row(before, left, widths, cells)
            before = Text("")

    def _row(self, before: Text, left: int, widths: tuple[int, ...], cells: Sequence[str | Text]) -> None:
        room = self.width - left - 1 - sum(w + 2 for w in widths)
        wrapped = [
            list((Text(cell) if isinstance(cell, str) else cell).wrap(self.console, width, overflow="fold"))
            or [Text("")]
            for cell, width in zip(cells, (*widths, max(room, 12)), strict=True)
        ]
        for number in range(max(len(lines) for lines in wrapped)):
            line = Text("").append_text(before if number == 0 and before.plain else Text(" " * (left + 1)))
            for lines, width in zip(wrapped, (*widths, 0), strict=True):
                part = lines[number] if number < len(lines) else Text("")
                part.rstrip()
                line.append_text(part).append(" " * (width + 2 - len(part.plain)) if width else "")
            line.rstrip()
            self.console.print(line, soft_wrap=True)

    def text(self) -> str:
        """Everything put so far, ending in one line break."""
        return self._out.getvalue().rstrip("\n") + "\n"


__all__ = ["Page", "Part", "Text"]
