"""A trial as the text of its file: one way to write it, and reading it gives the trial again."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from atopy.guideline.trials import Contrast, Figure, Result, Trial

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./ \-]*[A-Za-z0-9]|[A-Za-z]")
_WORDS = ("true", "false", "null")
_BELOW = ("seen", "note")  # on lines of their own: they are long


def as_yaml(trial: Trial) -> str:
    """``trials/<id>.yaml``."""
    return "\n".join(_lines(trial)) + "\n"


def _lines(trial: Trial) -> Iterator[str]:
    for name, value in _written(trial, ("arms", "results")):
        yield f"{name}: {_scalar(value)}"
    yield ""
    yield "arms:"
    yield from (f"- {{{_flow(_written(arm))}}}" for arm in trial.arms)
    yield ""
    yield "results:"
    for result in trial.results:
        yield from _result(result)


def _result(result: Result) -> Iterator[str]:
    for number, (name, value) in enumerate(_written(result, ("figures", "contrasts"))):
        yield f"{'  ' if number else '- '}{name}: {_scalar(value)}"
    listed: tuple[tuple[str, list[Any]], ...] = (("figures", result.figures), ("contrasts", result.contrasts))
    for name, ones in listed:
        if ones:
            yield f"  {name}:"
            for one in ones:
                yield from _figure(one)


def _figure(figure: Figure | Contrast) -> Iterator[str]:
    said = _written(figure)
    rows = [_flow([(n, v) for n, v in said if n not in _BELOW])]
    rows += [_flow([(n, v)]) for n, v in said if n in _BELOW]
    for number, row in enumerate(rows):
        first, last = number == 0, number == len(rows) - 1
        yield f"{'  - {' if first else '     '}{row}{'}' if last else ','}"


def _written(value: Any, apart: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    """The fields that say something, in the order of the schema; what is left to its default is left out."""
    fields = [f for f in msgspec.structs.fields(value) if f.name not in apart]
    return [(f.name, getattr(value, f.name)) for f in fields if getattr(value, f.name) != f.default]


def _flow(said: list[tuple[str, Any]]) -> str:
    return ", ".join(f"{name}: {_scalar(value)}" for name, value in said)


def _scalar(value: Any) -> str:
    if isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


__all__ = ["as_yaml"]
