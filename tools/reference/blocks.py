"""Pieces that a hand-written page asks for with ``<!-- made: name argument ... -->``, each on a line of its own."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from atopy.guideline import Compiled, load_guideline
from atopy.guideline.lint import LINTS
from atopy.plan import Plan
from atopy.record.schema import ATTESTABLE, PATIENT, VERBS, Key

from .fields import fields_table
from .markdown import code, plain, spaced, table

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "content" / "atopic-dermatitis"
TOY = ROOT / "tests" / "toy" / "hiccups"
WORKED = ROOT / "tests" / "docs" / "worked"
_MARK = re.compile(r"^<!-- made: (\S+)(?: (.*?))? -->$", re.MULTILINE)
_DATE = "2026-11-20"


def filled(text: str, name: str = "") -> str:
    """*text* with every piece that it asks for. Raises KeyError for a piece that nobody makes."""
    linked = [arg for kind, arg in _MARK.findall(text) if kind == "fields"]

    def made(match: re.Match[str]) -> str:
        kind, argument = match[1], match[2] or ""
        if kind == "fields":
            return fields_table(argument, linked)
        if kind not in BLOCKS:
            raise KeyError(
                f"{name}: no piece is called '{kind}'; there are {', '.join(sorted([*BLOCKS, 'fields']))}"
            )
        return BLOCKS[kind](*argument.split())

    return _MARK.sub(made, text)


def fenced(text: str, language: str = "text") -> str:
    """Text as it stands."""
    return f"```{language}\n{text.rstrip()}\n```"


# -- plans


def plan_excerpt(record: str, audience: str = "clinician") -> str:
    """The first screen of the plan of an example, as the command prints it."""
    import atopy
    from atopy.render import text

    plan: Plan = atopy.plan(ROOT / record, as_of=_DATE)
    shown = text(plan, "patient" if audience == "patient" else "clinician").splitlines()
    end = next((i for i, line in enumerate(shown) if "──" in line), len(shown))
    return fenced("\n".join(shown[:end]))


def included(path: str) -> str:
    """A file of the repository."""
    return fenced(
        (ROOT / path).read_text(encoding="utf-8"), Path(path).suffix.lstrip(".").replace("yml", "yaml")
    )


# -- the worked example: the toy guideline with one therapy more


def worked_folder(into: Path) -> Path:
    """The toy guideline with the worked therapy, in a new folder inside *into*."""
    folder = Path(shutil.copytree(TOY, into / "my-guideline"))
    for path in sorted((WORKED / "guideline").rglob("*.yaml")):
        target = folder / path.relative_to(WORKED / "guideline")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder


@cache
def worked() -> Compiled:
    """The toy guideline with the worked therapy, compiled."""
    with tempfile.TemporaryDirectory() as into:
        return load_guideline(worked_folder(Path(into)))


def worked_show(id_: str) -> str:
    """What a reviewer reads of an item of the worked guideline."""
    from atopy.render.content import item

    return fenced(item(worked(), id_, 100, False))


def worked_line(option: str, record: str = "record.yaml") -> str:
    """An option of the worked plan, with its parts, as a reader of the JSON finds it."""
    line = worked_plan(record).line(option)
    rows = [f"{line.id}: {line.status} ({line.reason})  {line.clinician}: {line.clinician_reason}"]
    for part in line.parts:
        said = " · ".join(x for x in (part.clinician, part.detail) if x)
        rows.append(
            f"  {part.group or part.action:<10}{part.id}: {part.status + ': ' if part.status else ''}{said}"
        )
    return fenced("\n".join(rows))


@cache
def worked_plan(record: str) -> Plan:
    """The plan of a worked record."""
    import atopy

    with tempfile.TemporaryDirectory() as into:
        return atopy.plan(WORKED / record, as_of=_DATE, content=worked_folder(Path(into)))


# -- what is new


def whats_new() -> str:
    """What is new in the shipped content since the version number before it, as the command prints it."""
    return _typed("guideline", "whats-new")


def without(pieces: tuple[str, ...], into: Path) -> Path:
    """The shipped content as it would be without some pieces of lists: each ``FILE#ID``, or a whole ``FILE``."""
    folder = Path(shutil.copytree(SHIPPED, into / "without"))
    for piece in pieces:
        file, _, id_ = piece.partition("#")
        path = folder / file
        if not id_:
            path.unlink()
            continue
        listed = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
        kept = [one for one in listed if not one.startswith(f"- id: {id_}\n")]
        if len(kept) != len(listed) - 1:
            raise KeyError(f"{file} lists no {id_}")
        path.write_text("".join(kept), encoding="utf-8")
    return folder


def whats_new_without(*pieces: str) -> str:
    """What would be new in the shipped content had these pieces not been there before."""
    with tempfile.TemporaryDirectory() as into:
        return _typed("guideline", "whats-new", "--since", str(without(pieces, Path(into)))).replace(
            into, ".."
        )


def _typed(*words: str) -> str:
    """What the command prints."""
    environment = {**os.environ, "NO_COLOR": "1"}
    typed = [sys.executable, "-m", "atopy.cli", *words]
    said = subprocess.run(typed, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return fenced(said.stdout or said.stderr)


# -- codes


@cache
def _shipped() -> Compiled:
    return load_guideline()


def codes(group: str) -> str:
    """The words for the codes of one table of phrases."""
    rows = []
    for name, words in getattr(_shipped().phrases, group).items():
        patient = (words.patient or {}).get("en", "")
        rows.append((code(name), plain(words.clinician["en"]), plain(patient)))
    return table(["code", "for the clinician", "for the patient"], rows)


def outcomes(fact: str) -> str:
    """The codes that a decision table can give, with their words where they have any."""
    signature = _shipped().facts[fact].signature
    phrases = _shipped().phrases
    known = {**phrases.actions, **phrases.statuses, **phrases.headlines}
    rows = []
    for value in signature.type.values:  # type: ignore[union-attr]
        words = known.get(value)
        rows.append(
            (
                code(value),
                plain(words.clinician["en"] if words else spaced(value)),
                plain((words.patient or {}).get("en", "") if words else ""),
            )
        )
    return table(["code", "for the clinician", "for the patient"], rows)


# -- the record


_SHAPES = {
    "text": "text",
    "words": "a list of words",
    "label": "a list of ingredients, or the label as one text",
    "day": "a day, month or year",
    "presence": "`true`, `false`, `not asked`",
    "death": "`true`, `false`, or the day",
    "quantity": "a number with its unit",
    "value": "a number, an answer, or yes or no",
    "number": "a number",
    "count": "a whole number",
    "items": "items by name",
}


def _keys(keys: dict[str, Key], one_of: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    return [
        (
            code(name),
            ", ".join(code(c) for c in key.choices) or _SHAPES[key.shape],
            plain(key.doc)
            + (" **(required)**" if key.required else " *(one of these)*" if name in one_of else ""),
        )
        for name, key in keys.items()
    ]


def verbs() -> str:
    """Every way to say an event."""
    parts = []
    for name, verb in VERBS.items():
        takes = (
            f"Takes a word of the vocabulary: {', '.join(spaced(w) for w in verb.words)}."
            if verb.words
            else "Takes free text."
        )
        own = {k: key for k, key in verb.keys.items() if k not in ("id", "by", "label")}
        parts.append(
            f"### `{name}`\n\n{plain(verb.doc[:1].upper() + verb.doc[1:])}. "
            f"{takes}\n\n{table(['key', 'holds', ''], _keys(own, verb.one_of))}"
        )
    return "\n".join(parts)


def patient_keys() -> str:
    """What may stand under ``patient``."""
    return table(["key", "holds", ""], _keys(PATIENT))


def any_keys() -> str:
    """The keys that every event may have."""
    keys = next(iter(VERBS.values())).keys
    return table(["key", "holds", ""], _keys({k: keys[k] for k in ("id", "by", "label")}))


def attestable() -> str:
    """The lists that may be attested."""
    return ", ".join(code(name) for name in ATTESTABLE)


# -- the content


def lints() -> str:
    """Every lint with what it holds."""
    rows = [
        (spaced(f.__name__).capitalize(), plain(" ".join((inspect.getdoc(f) or "").split()))) for f in LINTS
    ]
    return table(["lint", "holds"], rows)


BLOCKS: dict[str, Callable[..., str]] = {
    "plan": plan_excerpt,
    "file": included,
    "codes": codes,
    "outcomes": outcomes,
    "verbs": verbs,
    "patient": patient_keys,
    "any": any_keys,
    "attestable": attestable,
    "lints": lints,
    "whats-new": whats_new,
    "whats-new-without": whats_new_without,
    "worked-show": worked_show,
    "worked-line": worked_line,
}
