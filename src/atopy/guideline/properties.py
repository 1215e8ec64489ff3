"""What must hold for every possible patient, declared beside the content (``properties/*.yaml``), for proof.

Each says in one of a few general forms what no patient may meet; the words and the predicates are content. Nothing
here proves anything: ``atopy.proof`` does.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from atopy.guideline.schema import Citation, Text, Therapy


class Declared(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """What every property says of itself: in one plain sentence, and why it must hold."""

    says: Text  # in one sentence
    because: Text  # why it must hold
    sources: list[Citation] = []  # where that comes from, when it is more than good sense
    note: Text = {}  # what of it is not proved, and why


class Never(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """No patient for whom ``when`` is true meets ``never``.

    Asked for each member of ``each``, whose names the predicates may use.
    """

    each: list[str] = []  # option, factor, contraindication ...: see ``sets``
    among: dict[str, list[str]] = {}  # only members that have one of these for an attribute
    when: str = "TRUE"  # of whom it speaks
    never: str  # what none of them meets


Property = Never

FORMS: dict[str, type[Declared]] = {"never": Never}
"""By the word for it: each general form that a property may have."""


class Member(NamedTuple):
    """One member of a set: a value for each of its names, and what is said of it."""

    names: dict[str, str]
    attributes: Mapping[str, str]


class Named(NamedTuple):
    """A set of the guideline: the domain from which each of its names comes, and its members."""

    domains: dict[str, str]
    members: tuple[Member, ...]


def sets(therapies: Mapping[str, Therapy], domains: Mapping[str, tuple[str, ...]]) -> dict[str, Named]:
    """What a property may be asked for: every domain, and what the therapies hold, each with its option."""
    found = {
        name: Named({name: name}, tuple(Member({name: m}, {}) for m in of)) for name, of in domains.items()
    }
    with_rule = {"option": "option", "contraindication": "rule"}
    found["contraindication"] = Named(with_rule, tuple(_contraindications(therapies)))
    found["limit"] = Named({"option": "option", "limit": "rule"}, tuple(_limits(therapies)))
    found["pair"] = Named({"option": "option", "other": "option"}, tuple(_pairs(therapies)))
    return found


def _contraindications(therapies: Mapping[str, Therapy]) -> Iterator[Member]:
    for id_, therapy in therapies.items():
        for c in therapy.contraindicated:
            attributes = {"severity": c.severity, "if_unknown": c.if_unknown, "country": c.country or "any"}
            yield Member({"option": id_, "contraindication": c.id}, attributes)


def _limits(therapies: Mapping[str, Therapy]) -> Iterator[Member]:
    for id_, therapy in therapies.items():
        for limit in therapy.limits:
            yield Member({"option": id_, "limit": limit.id}, {"action": limit.action})


def _pairs(therapies: Mapping[str, Therapy]) -> Iterator[Member]:
    """Options of one group that are not given together on purpose."""
    for id_, one in therapies.items():
        for other_id, other in therapies.items():
            alike = one.group is not None and one.group == other.group and id_ != other_id
            if alike and other_id not in one.combines_with and id_ not in other.combines_with:
                yield Member({"option": id_, "other": other_id}, {"group": str(one.group)})


def encoded(value: Declared) -> tuple[str, msgspec.Raw]:
    """A property as the compiled guideline keeps it."""
    form = next(word for word, kind in FORMS.items() if type(value) is kind)
    return form, msgspec.Raw(msgspec.msgpack.encode(value))


def decoded(form: str, raw: msgspec.Raw) -> Declared:
    """A property as it was declared."""
    return msgspec.msgpack.decode(raw, type=FORMS[form])
