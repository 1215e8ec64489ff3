"""What a change of the content touches: ids of what was rewritten, and terms whose derivation is another."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from atopy.criteria import Ref
from atopy.facts.compile import speaks_of
from atopy.facts.compiled import CompiledFact, Derivation
from atopy.guideline import Compiled
from atopy.guideline.amounts import Amount, options_told
from atopy.guideline.lint import items, parts
from atopy.guideline.load import Content
from atopy.guideline.schema import own_id


class Touched(NamedTuple):
    """What a change touches."""

    ids: frozenset[
        str
    ]  # statements, contraindications, regimens ... that were rewritten, added or taken away
    owners: frozenset[str]  # the items that they stand in
    terms: tuple[Ref, ...]  # whose own derivation is another
    words: bool  # whether the vocabulary is another, so that records are read anew


def touched(old: Content, new: Content, before: Compiled, after: Compiled) -> Touched:
    """The difference between two states of the content."""
    owners = {i.id for i in items(new) if i.value not in [o.value for o in items(old) if o.id == i.id]}
    owners |= {i.id for i in items(old)} - {i.id for i in items(new)}
    was, now = _by_id(old, owners), _by_id(new, owners)
    ids = {id_ for id_ in was.keys() | now.keys() if was.get(id_) != now.get(id_)}
    tables = [i for i in items(new) if i.id in owners and isinstance(i.value, Amount)]
    ids |= {f"amount-{name}" for t in tables for name in (t.id, *(o for _, o in options_told(t.value)))}
    ids |= {f"taken-{id_}" for id_ in ids}  # as the plan calls it beside a drug in use
    names = [n for n in before.facts.keys() | after.facts.keys() if before.facts.get(n) != after.facts.get(n)]
    terms = [ref for name in sorted(names) for ref in _terms(before, after, name)]
    words = before.vocabulary != after.vocabulary or before.instruments != after.instruments
    ids |= {str(ref) for ref in terms if ref.args}
    return Touched(frozenset(ids), frozenset(owners), tuple(dict.fromkeys(terms)), words)


def _by_id(content: Content, owners: set[str]) -> dict[str, bytes]:
    """Everything with an id, without what stands in it under an id of its own."""
    found: dict[str, bytes] = {}
    for item in items(content):
        for path, one in parts(item.value, msgspec.Struct) if item.id in owners else ():
            if path and hasattr(one, "id"):
                found[own_id(one)] = msgspec.msgpack.encode(one)
    return found


def _terms(before: Compiled, after: Compiled, name: str) -> Iterator[Ref]:
    """The terms of a fact that are derived otherwise; of a fact of one course, those of the patient that rest on it."""
    old, new = before.facts.get(name), after.facts.get(name)
    fact = new or old
    assert fact is not None
    if fact.signature.event:
        yield from (ref for other in _resting_on(after, name) for ref in _members(after, other))
    elif old is None or new is None or _plain(old) != _plain(new):
        yield from _members(after, fact)
    else:
        keys = [k for k in (old.variants | new.variants) if old.variants.get(k) != new.variants.get(k)]
        yield from (Ref(name, (key,)) for key in keys)


def _plain(fact: CompiledFact) -> CompiledFact:
    return msgspec.structs.replace(fact, variants={})


def _members(compiled: Compiled, fact: CompiledFact) -> list[Ref]:
    if not fact.signature.parameters:
        return [Ref(fact.name)]
    return [Ref(fact.name, (m,)) for m in compiled.domains[fact.signature.parameters[0]]]


def _resting_on(compiled: Compiled, name: str) -> list[CompiledFact]:
    """The facts of the patient that speak of a fact of one course, directly or through another of a course."""
    found: dict[str, CompiledFact] = {}
    seen, todo = {name}, [name]
    while todo:
        wanted = todo.pop()
        for fact in compiled.facts.values():
            if fact.name in seen or not any(r.name == wanted for d in _ways(fact) for r in speaks_of(d)):
                continue
            seen.add(fact.name)
            if fact.signature.event:
                todo.append(fact.name)
            else:
                found[fact.name] = fact
    return list(found.values())


def _ways(fact: CompiledFact) -> list[Derivation]:
    return [fact.derivation, *fact.variants.values()]
