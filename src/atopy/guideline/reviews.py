"""Sign-offs: each is bound to the hash of what was read. Edit the text, and it is only submitted again."""

import hashlib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from atopy.guideline.load import Content, Item
from atopy.yaml_source import Problem, SourceError, convert, load_yaml_file

State = Literal["submitted", "under review", "approved", "rejected"]


class SignOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reviewer's word on one item (``reviews/*.yaml``)."""

    id: str
    state: State
    name: str
    role: str
    date: str
    hash: str
    comment: str = ""


def item_hash(value: object) -> str:
    """The hash that an approval is bound to."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def review_states(folder: Path, content: Content) -> tuple[dict[str, str], list[Problem]]:
    """The state of every item whose sign-off still matches its text (the rest is submitted), and what is wrong.

    Of several sign-offs of one text the last in the files' order counts.
    """
    hashes = {item.id: item_hash(item.value) for item in _reviewed(content)}
    states: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted((folder / "reviews").glob("*.yaml")):
        signed, wrong = _sign_offs(path, f"reviews/{path.name}", hashes)
        problems += wrong
        for sign_off in signed:
            if hashes.get(sign_off.id) == sign_off.hash:
                states[sign_off.id] = sign_off.state
    return states, problems


def _reviewed(content: Content) -> Iterator[Item]:
    """Every item that can be signed off."""
    groups = (
        content.therapies, content.factors, content.allergens, content.mimics, content.red_flags, content.topics,
        content.amounts, content.judgements, content.trials,
    )  # fmt: skip
    for group in groups:
        yield from group.values()


def _sign_offs(path: Path, name: str, known: Container[str]) -> tuple[list[SignOff], list[Problem]]:
    """The sign-offs of one file, and every problem in it."""
    try:
        document = load_yaml_file(path, name)
    except SourceError as error:
        return [], error.problems
    signed, problems = convert(document, document.data or [], list[SignOff])
    for i, sign_off in enumerate(signed or []):
        if sign_off.id not in known:
            problems.append(
                document.problem((i, "id"), f"'{sign_off.id}' is nothing that can be signed off.")
            )
    return signed or [], problems
