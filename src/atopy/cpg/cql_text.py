"""How things are written in CQL: names, literals, types. Nothing here knows a guideline."""

import re
from collections.abc import Iterable
from decimal import Decimal

from atopy.criteria import Boolean, Category, Day, Number, Type

EVENT = (
    "Tuple{id String, kind String, code String, under List<String>, date Date, ended Date, recorded Date, "
    "began Date, number Decimal, text String, flag Boolean, status String, sites List<String>, wrong Boolean, "
    "denies Boolean, running Boolean, last Date, order String, mark String}"
)
"""The shape of one event; CQL cannot name a type, so it is written out where a function takes one."""

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


def name(text: str) -> str:
    """A quoted identifier."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def string(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def strings(texts: Iterable[str]) -> str:
    """A list of strings; an empty one says its type."""
    written = ", ".join(string(t) for t in texts)
    return f"{{ {written} }}" if written else "List<String>{ }"


def decimal(value: Decimal) -> str:
    """A decimal literal, never with an exponent; CQL keeps eight places."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if "." in text else f"{text}.0"


def type_name(kind: Type) -> str:
    """The CQL type of a term."""
    if isinstance(kind, Number):
        return "Decimal"
    if isinstance(kind, Category):
        return "String"
    return "Date" if isinstance(kind, Day) else _boolean(kind)


def _boolean(kind: Boolean) -> str:
    return "Boolean"


def identifier(text: str) -> str:
    """A FHIR id: letters, digits, points and hyphens."""
    return _UNSAFE.sub("-", text).strip("-")


def pascal(text: str) -> str:
    """``atopic-dermatitis`` as ``AtopicDermatitis``: a name that CQL and FHIR both take."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", text) if part)


def span(text: str) -> str:
    """``180 days`` as CQL writes it."""
    number, unit = text.split()
    return f"{int(number)} {unit}"
