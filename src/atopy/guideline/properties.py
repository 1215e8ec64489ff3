"""What must hold for every possible patient, declared beside the content (``properties/*.yaml``), for proof.

Each says in one of a few general forms what no patient may meet; the words and the predicates are content. Nothing
here proves anything: ``atopy.proof`` does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from atopy.guideline.schema import Citation, Rung, Text, Therapy


class Declared(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """What every property says of itself: in one plain sentence, and why it must hold."""

    says: Text  # in one sentence
    because: Text  # why it must hold
    sources: list[Citation] = []  # where that comes from, when it is more than good sense
    note: Text = {}  # what of it is not proved, and why

    def predicates(self) -> Iterator["Said"]:
        """Every predicate in it, for the lints."""
        return iter(())

    def facts(self) -> Iterator["Said"]:
        """Every single fact that it names where no predicate may stand."""
        return iter(())

    def reasons(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What it names with a reason each, under a heading."""
        return iter(())

    def asked_of(self) -> Sequence[str]:
        """The sets that it is asked for."""
        return getattr(self, "each", ())


class Said(NamedTuple):
    """A text of a property: where it stands, and the sets whose names it may use."""

    part: str
    text: str
    each: Sequence[str] = ()


class Never(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """No patient for whom ``when`` is true meets ``never``.

    Asked for each member of ``each``, whose names the predicates may use.
    """

    each: list[str] = []  # option, factor, contraindication ...: see ``sets``
    among: dict[str, list[str]] = {}  # only members that have one of these for an attribute
    when: str = "TRUE"  # of whom it speaks
    never: str  # what none of them meets

    def predicates(self) -> Iterator[Said]:
        yield Said("when", self.when, self.each)
        yield Said("never", self.never, self.each)


class Added(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Once ``add`` becomes true and nothing else changes, nobody meets one of ``gains`` who did not meet it before."""

    each: list[str] = []  # as of Never
    among: dict[str, list[str]] = {}  # as of Never
    when: str = "TRUE"  # of whom it speaks, before
    add: str  # a fact that is true or false, and was not true
    gains: list[str]  # what nobody gains by it

    def predicates(self) -> Iterator[Said]:
        yield Said("when", self.when, self.each)
        yield from (Said(f"gains[{i}]", text, self.each) for i, text in enumerate(self.gains))

    def facts(self) -> Iterator[Said]:
        yield Said("add", self.add, self.each)


class Learned(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Whoever meets ``when`` never comes to meet ``never`` by what is learned; nothing that was known changes."""

    each: list[str] = []  # as of Never
    among: dict[str, list[str]] = {}  # as of Never
    when: str  # of whom it speaks, before more is known
    never: str  # what none of them meets once more is known
    asked_by: str = ""  # a fact: what it rests on is what was missing, and may do so when it is learned
    apart_from: dict[str, str] = {}  # facts that may, each with the reason; one that cannot fails

    def predicates(self) -> Iterator[Said]:
        yield Said("when", self.when, self.each)
        yield Said("never", self.never, self.each)

    def facts(self) -> Iterator[Said]:
        if self.asked_by:
            yield Said("asked_by", self.asked_by, self.each)

    def reasons(self) -> Iterator[tuple[str, dict[str, str]]]:
        yield "Apart from", self.apart_from


class OnlyThrough(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Whatever becomes of ``cause``, ``effect`` stays as it is while every one of ``through`` stays as it is."""

    each: list[str] = []  # as of Never
    among: dict[str, list[str]] = {}  # as of Never
    cause: str  # a fact
    effect: str  # a fact that it must not reach otherwise
    through: dict[str, str]  # facts through which it may, each with the reason

    def facts(self) -> Iterator[Said]:
        yield Said("cause", self.cause, self.each)
        yield Said("effect", self.effect, self.each)
        yield from (Said("through", text, self.each) for text in self.through)

    def reasons(self) -> Iterator[tuple[str, dict[str, str]]]:
        yield "Only through", self.through


class Speaks(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Whoever meets ``when`` of an item is told at least one statement of these parts of it."""

    item: Literal["factor", "mimic", "red_flag"]  # each one of these
    when: str  # over the item's name
    parts: list[str]  # assess, correct, test, act ...

    def predicates(self) -> Iterator[Said]:
        yield Said("when", self.when, [self.item])


class Follows(Declared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Whomever a disagreement touches, the rule that the guideline chose is the one that holds for him.

    Each disagreement stands in one of the two.
    """

    rules: dict[str, str]  # by disagreement: a predicate that is true of everybody whom it touches
    words_only: dict[str, str]  # by disagreement: why no fact of the plan depends on it

    def predicates(self) -> Iterator[Said]:
        yield from (Said(f"rules.{id_}", text) for id_, text in self.rules.items())

    def reasons(self) -> Iterator[tuple[str, dict[str, str]]]:
        yield "Followed in words, in a dose or on the calendar, which no table decides", self.words_only


FORMS: dict[str, type[Declared]] = {
    "never": Never,
    "added": Added,
    "learned": Learned,
    "only_through": OnlyThrough,
    "speaks": Speaks,
    "follows": Follows,
}
"""By the word for it: each general form that a property may have."""


class Member(NamedTuple):
    """One member of a set: a value for each of its names, and what is said of it."""

    names: dict[str, str]
    attributes: Mapping[str, str]


class Named(NamedTuple):
    """A set of the guideline: the domain from which each of its names comes, and its members."""

    domains: dict[str, str]
    members: tuple[Member, ...]


def sets(
    therapies: Mapping[str, Therapy], rungs: Iterable[Rung], domains: Mapping[str, tuple[str, ...]]
) -> dict[str, Named]:
    """What a property may be asked for: every domain, and what the therapies hold, each with its option."""
    found = {
        name: Named({name: name}, tuple(Member({name: m}, {}) for m in of)) for name, of in domains.items()
    }
    lines = {rung.id: rung.line for rung in rungs}
    said = {id_: _said(t, lines) for id_, t in therapies.items()}
    found["option"] = Named({"option": "option"}, tuple(Member({"option": o}, said[o]) for o in therapies))
    found["other"] = Named({"other": "option"}, tuple(Member({"other": o}, {}) for o in therapies))
    with_rule = {"option": "option", "contraindication": "rule"}
    found["contraindication"] = Named(with_rule, tuple(_contraindications(therapies)))
    found["limit"] = Named({"option": "option", "limit": "rule"}, tuple(_limits(therapies)))
    found["pair"] = Named({"option": "option", "other": "option"}, tuple(_pairs(therapies)))
    return found


def _said(therapy: Therapy, lines: Mapping[str, str]) -> dict[str, str]:
    """What is fixed of an option, whoever the patient is."""
    return {"line": lines.get(therapy.rung, ""), "rung": therapy.rung, "group": therapy.group or "none"}


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
