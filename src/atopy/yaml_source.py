"""From YAML or JSON text to typed values, every problem with its file and line, all at once.

YAML is read with libyaml's parser but our own scalar rules (a small YAML 1.2 core): only ``true`` and
``false`` are booleans, dates stay text, numbers with a point are exact decimals. A key given twice is
an error, never a silent overwrite.
"""

import re
from decimal import Decimal
from enum import Enum
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec
import yaml

T = TypeVar("T")
Path_ = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+$")
_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_BEGINS_A_NUMBER = frozenset("+-0123456789")
_MOST_VALUES = 2_000_000
_DEEPEST = 2000  # levels: far more than any file needs, far fewer than the parser can bear
_BRACKETS = re.compile(r"[\[{\]}]")
_DEEP_LINE = re.compile(rf"(?:[-?][ \t]+){{{_DEEPEST}}}|^[ ]{{{_DEEPEST}}}", re.MULTILINE)
_EXPECTED = re.compile(r"Expected `(\w+)(?: \| null)?`")
_MENDS = {  # what is expected, as msgspec calls it -> how to write one
    "object": "Write keys with their values, as in `key: value`.",
    "array": "Write a list, each line beginning with `- `.",
    "str": "Write words, in quotes if they look like a number.",
    "int": "Write a whole number, without quotes.",
    "float": "Write a number, without quotes.",
    "decimal": "Write a number, without quotes.",
    "bool": "Write true or false, without quotes.",
}
_FLATTER = "Write the values as a list, without so many levels."
_SPELT = (
    "Check the line for its indentation, a bracket or a quotation mark that is not closed, and `key: value`."
)
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Parser):  # type: ignore[misc]
    """Nodes without tags: what a scalar is our own rules say, and to find YAML's costs half of the reading."""

    def descend_resolver(self, parent: object, index: object) -> None: ...

    def ascend_resolver(self) -> None: ...

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong: where, what, and how to mend it."""

    file: str
    line: int | None
    path: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        at = f" at {self.path}" if self.path else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{where}{at}: {self.message}{mend}"


class InputError(ValueError):
    """What was given cannot be used: its words are for whoever gave it, and say how to mend it."""


class SourceError(InputError):
    """Input that cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(p) for p in problems))


class Document(msgspec.Struct, frozen=True):
    """Plain data of one file, and the nodes that it was read from, which know their lines: none for data in memory."""

    file: str
    data: Any
    root: Any = None  # yaml.Node

    def line(self, path: Path_) -> int | None:
        """The line of *path*, or of the nearest enclosing value that has one."""
        if self.root is None:
            return None
        node: Any = self.root
        line: int = node.start_mark.line + 1
        for step in path:
            entry = _entry(node, step)
            if entry is None:
                break
            node, line = entry
        return line

    def problem(self, path: Path_, message: str, mend: str = "") -> Problem:
        return Problem(self.file, self.line(path), spell(path), message, mend)


def _entry(node: Any, step: str | int) -> tuple[Any, int] | None:
    """The node one step further, and the line on which its key stands, or itself where it has none."""
    if isinstance(node, yaml.SequenceNode):
        if isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step].start_mark.line + 1
    elif isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):  # of a key given twice the last one counts
            if key.value == step:
                return value, key.start_mark.line + 1
    return None


def spell(path: Path_) -> str:
    """``('events', 3, 'value')`` as ``events[3].value``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def load_yaml(text: str, file: str) -> Document:
    """Read one YAML document (JSON is YAML). Raises SourceError for text that cannot be read."""
    if _too_deep(text):  # libyaml would go down until the process dies
        raise _nested(file, " to be read")
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        raise SourceError(
            [Problem(file, line, "", f"not readable as YAML: {error.problem}.", _SPELT)]
        ) from None
    except yaml.YAMLError as error:
        raise SourceError([Problem(file, None, "", f"not readable as YAML: {error}.", _SPELT)]) from None
    except RecursionError:
        raise _nested(file, " to be read") from None
    reader = _Reader(file)
    try:
        data = reader.value(root, ()) if root is not None else None
    except RecursionError:
        raise _nested(file, ", or an alias (*name) holds itself") from None
    if reader.problems:
        raise SourceError(reader.problems)
    return Document(file, data, root)


def _nested(file: str, how: str) -> SourceError:
    return SourceError([Problem(file, None, "", f"is nested too deeply{how}.", _FLATTER)])


def _too_deep(text: str) -> bool:
    """Whether brackets, dashes of one line, or indentation go deeper than any file needs."""
    if _DEEP_LINE.search(text):
        return True
    if text.count("[") + text.count("{") <= _DEEPEST:
        return False
    deep = accumulate(1 if mark in "[{" else -1 for mark in _BRACKETS.findall(text))
    return max(deep, default=0) > _DEEPEST


def load_yaml_file(path: Path, shown_as: str | None = None) -> Document:
    """Read a YAML file; *shown_as* is the name that messages use."""
    return load_yaml_bytes(bytes_of(path, shown_as), shown_as or str(path))


def load_yaml_bytes(data: bytes, file: str) -> Document:
    """As ``load_yaml``, from the bytes of a file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError([not_utf8(file, error)]) from None
    return load_yaml(text, file)


def bytes_of(path: Path, shown_as: str | None = None) -> bytes:
    """What a file holds; *shown_as* as for ``load_yaml_file``. Raises SourceError where it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        why, mend = f"cannot be opened: {error.strerror}.", "Check its path and who may read it."
        raise SourceError([Problem(shown_as or str(path), None, "", why, mend)]) from None


def not_utf8(file: str, error: UnicodeDecodeError) -> Problem:
    """Bytes that are no text."""
    return Problem(file, None, "", f"is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.")


class _Reader:
    """Builds plain data from composed nodes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.values = 0
        self.problems: list[Problem] = []

    def value(self, node: Any, path: Path_) -> Any:
        self.values += 1
        if self.values > _MOST_VALUES:
            message = f"holds more than {_MOST_VALUES} values (aliases counted each time)."
            raise SourceError([Problem(self.file, node.start_mark.line + 1, spell(path), message)])
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        return self.mapping(node, path)

    def scalar(self, node: Any, path: Path_) -> Any:
        try:
            return _scalar(node)
        except ValueError:  # a whole number of more digits than Python reads
            message, mend = f"is a number of {len(node.value)} digits.", "Write the number that was measured."
            self.problems.append(Problem(self.file, node.start_mark.line + 1, spell(path), message, mend))
            return None

    def mapping(self, node: Any, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                line = key_node.start_mark.line + 1
                self.problems.append(
                    Problem(
                        self.file, line, spell(path), "a list or mapping cannot be a key.", "Write a word."
                    )
                )
                continue
            key = str(key_node.value)
            if key in result:
                line = key_node.start_mark.line + 1
                message = f"the key '{key}' is given twice."
                self.problems.append(
                    Problem(self.file, line, spell((*path, key)), message, "Keep one of them.")
                )
            result[key] = self.value(value_node, (*path, key))
        return result


def _scalar(node: Any) -> Any:
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _BEGINS_A_NUMBER:
        return text
    if _INT.match(text):
        return int(text)
    return Decimal(text) if _DECIMAL.match(text) else text


def convert(document: Document, data: Any, kind: type[T], path: Path_ = ()) -> tuple[T | None, list[Problem]]:
    """*data* as *kind*, or every problem in it.

    Fields of a Struct are tried one by one, so one file reports all its mistakes in one run.
    """
    if data is None and not path:
        return None, [document.problem((), "is empty.", _MENDS["object"])]
    try:
        return msgspec.convert(data, kind), []
    except (msgspec.ValidationError, ValueError) as error:
        problems = list(_problems(document, data, kind, path))
        return None, problems or [_misfit(document, path, kind, str(error))]


def _problems(document: Document, data: Any, kind: Any, path: Path_) -> list[Problem]:
    """Where in *data* the conversion to *kind* fails, as deep as it can be followed."""
    found: list[Problem] = []
    origin = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(data, dict):
        found = _struct_problems(document, data, kind, path)
    elif origin in (list, tuple) and isinstance(data, list):
        for i, item in enumerate(data):
            found += _problems_of(document, item, get_args(kind)[0], (*path, i))
    elif origin is dict and isinstance(data, dict):
        for key, item in data.items():
            found += _problems_of(document, item, get_args(kind)[1], (*path, key))
    elif get_args(kind) and type(None) in get_args(kind) and data is not None:
        rest = [k for k in get_args(kind) if k is not type(None)]
        if len(rest) == 1:
            found = _problems(document, data, rest[0], path)
    return found


def _problems_of(document: Document, data: Any, kind: Any, path: Path_) -> list[Problem]:
    try:
        msgspec.convert(data, kind)
    except (msgspec.ValidationError, ValueError) as error:
        return _problems(document, data, kind, path) or [_misfit(document, path, kind, str(error))]
    return []


def _struct_problems(document: Document, data: dict[str, Any], kind: Any, path: Path_) -> list[Problem]:
    found: list[Problem] = []
    fields = {f.encode_name: f for f in msgspec.structs.fields(kind)}
    for key in data:
        if key not in fields:
            known = ", ".join(sorted(fields))
            found.append(
                document.problem((*path, key), f"'{key}' is not known here.", f"Known are: {known}.")
            )
    for name, field in fields.items():
        if name in data:
            found += _problems_of(document, data[name], field.type, (*path, name))
        elif field.required:
            found.append(document.problem(path, f"'{name}' is missing.", f"Add '{name}'."))
    return found


def _misfit(document: Document, path: Path_, kind: Any, said: str) -> Problem:
    """msgspec's words without its own path, which counts from the wrong place; and how to mend it."""
    message = said.split(" - at `")[0].rstrip(".") + "."
    expected = _EXPECTED.match(message)
    if expected:
        return document.problem(path, message, _MENDS.get(expected[1], ""))
    listed = ", ".join(_listed(kind)) if message.startswith("Invalid enum value") else ""
    return document.problem(path, message, f"Write one of: {listed}." if listed else "")


def _listed(kind: Any) -> list[str]:
    """The words that *kind* allows."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    return [word for part in get_args(kind) for word in _listed(part)]
