"""From what a caller gives to exact numbers: names, forms and limits of items, every mistake at once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from atopy.instruments.exact import DIGITS, plain
from atopy.instruments.model import Instrument, Item, Role
from atopy.nearest import nearest
from atopy.yaml_source import InputError

Given = Mapping[Any, Any] | Sequence[Any]
Raw = Decimal | int | str | float


class ItemProblem(msgspec.Struct, frozen=True):
    """One value that cannot be used: which, why, and what was expected."""

    item: str
    given: str
    why: str
    expected: str = ""

    def __str__(self) -> str:
        text = f"{self.item}: {self.why}" if self.item else self.why
        return f"{text} Expected: {self.expected}." if self.expected else text


class ItemError(InputError):
    """Items that cannot be scored; carries every problem found, not only the first."""

    def __init__(self, instrument: Instrument, problems: Sequence[ItemProblem]) -> None:
        self.instrument = instrument.id
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{instrument.short}: {problem}" for problem in problems))


def number(value: Raw) -> Decimal | None:
    """An exact decimal, or None for what is no finite number.

    A float counts as the shortest decimal that names it (1.9 is 1.9), which is what its writer meant.
    A truth value is no number, nor is what no measure reaches, such as 1e400.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = repr(value)
    try:
        result = Decimal(value.strip() if isinstance(value, str) else value)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return result if result.is_finite() and abs(result.adjusted()) < DIGITS.prec else None


def allowed(item: Item) -> str:
    """The values an item may have, in words."""
    if item.values:
        return "one of " + ", ".join(str(plain(v)) for v in item.values)
    low, high = (plain(limit) for limit in item.range)
    unit = f" {item.unit}" if item.unit else ""
    if item.step == 1:
        return f"a whole number from {low} to {high}{unit}"
    return f"{low} to {high}{unit}, in steps of {plain(item.step)}"


def fault(item: Item, value: Decimal) -> str:
    """Why an item cannot have this value; empty when it can."""
    low, high = item.range
    if not low <= value <= high:
        return f"{plain(value)} is outside the range of this item."
    if item.values:
        return "" if value in item.values else f"{plain(value)} is not a grade of this item."
    return f"{plain(value)} is finer than this item is recorded." if value % item.step else ""


class _Reader:
    """Reads the items given for one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.paths, self.names = instrument.paths, instrument.names
        self.values: dict[str, Decimal] = {}
        self.problems: list[ItemProblem] = []

    def read(self, given: Given) -> None:
        if isinstance(given, Mapping):
            for name, value in given.items():
                self.named(str(name), value)
            return
        required = self.instrument.required
        if len(given) != len(required):
            why = f"{len(given)} values were given in a list."
            self.problem("", str(list(given)), why, f"{len(required)}, in this order: {', '.join(required)}")
            return
        for path, value in zip(required, given, strict=True):
            self.put(path, value)

    def named(self, name: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for inner, deeper in value.items():
                self.named(f"{name}.{inner}", deeper)
            return
        path = self.names.get(name)
        if path is None:
            near = nearest(name, self.names, most=1)
            hint = f"did you mean {near[0]}?" if near else ", ".join(self.paths)
            self.problem(name, str(value), "is not an item of this instrument.", hint.rstrip("?"))
            return
        self.put(path, value)

    def put(self, path: str, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, str) and value.rstrip().endswith("%"):
            path, value = self.as_percent(path), value.rstrip().removesuffix("%")
        item = self.paths[path]
        exact = number(value)
        why = "is not a number." if exact is None else fault(item, exact)
        if why or exact is None:
            self.problem(path, str(value), why, allowed(item))
        elif self.values.setdefault(path, exact) != exact:
            why = f"is given twice, as {plain(self.values[path])} and as {plain(exact)}."
            self.problem(path, str(value), why, "one value")

    def as_percent(self, path: str) -> str:
        """Where "20 %" belongs: beside an area score there is an area percentage."""
        region = path.rpartition(".")[0]
        own = path.rpartition(".")[2]
        for other, item in self.paths.items():
            if (
                item.role is Role.EXTENT_PERCENT
                and own in item.replaces
                and other.rpartition(".")[0] == region
            ):
                return other
        return path

    def problem(self, item: str, given: str, why: str, expected: str) -> None:
        self.problems.append(ItemProblem(item, given, why, expected))


def read_items(instrument: Instrument, given: Given) -> dict[str, Decimal]:
    """The items by full name, as exact decimals. Raises ItemError with every problem.

    Accepts a list in the instrument's order, a mapping by name, by number ("1", "2" ...), or nested by
    region; None is an item that was not answered. Numbers may be int, Decimal, text or float.
    """
    reader = _Reader(instrument)
    reader.read(given)
    if reader.problems:
        raise ItemError(instrument, reader.problems)
    return reader.values
