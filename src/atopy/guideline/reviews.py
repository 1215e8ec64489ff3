"""Sign-offs: each is bound to the hash of what was read. Edit the text, and it is only submitted again."""

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from atopy.guideline.load import Content
from atopy.yaml_source import load_yaml_file

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


def review_states(folder: Path, content: Content) -> dict[str, str]:
    """The state of every item that has a sign-off which still matches its text; the rest is submitted."""
    hashes = {
        item.id: item_hash(item.value)
        for group in (content.therapies, content.factors, content.mimics, content.red_flags, content.topics)
        for item in group.values()
    }
    states: dict[str, str] = {}
    for path in sorted((folder / "reviews").glob("*.yaml")):
        for data in load_yaml_file(path).data or []:
            sign_off = msgspec.convert(data, SignOff)
            if hashes.get(sign_off.id) == sign_off.hash:
                states[sign_off.id] = sign_off.state
    return states
