"""What an editor can get wrong in content that reads and type-checks: one small check for each mistake."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec

from atopy.criteria import Constant, Ref
from atopy.facts import Rules, When, World
from atopy.facts.compile import speaks_of
from atopy.guideline.compile import statements_of
from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content, Item
from atopy.guideline.schema import Citation, Disagreement, Statement, Words
from atopy.record import Patient, Record
from atopy.yaml_source import Problem

Lint = Callable[[Content, Compiled], Iterator[Problem]]
LINTS: list[Lint] = []


def lint(content: Content, compiled: Compiled) -> list[Problem]:
    """Every mistake that the lints know of."""
    return [problem for check in LINTS for problem in check(content, compiled)]


def _lint(check: Lint) -> Lint:
    LINTS.append(check)
    return check


def items(content: Content) -> Iterator[Item]:
    """Every item that speaks to a reader."""
    groups = (
        content.therapies, content.factors, content.mimics, content.red_flags, content.topics, content.disagreements,
    )  # fmt: skip
    for group in groups:
        yield from group.values()


def parts(value: Any, kind: type[Any]) -> Iterator[Any]:
    """Every *kind* inside a Struct, itself included."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from parts(getattr(value, name), kind)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from parts(one, kind)
    elif isinstance(value, dict):
        for one in value.values():
            yield from parts(one, kind)


@_lint
def ids_are_unique(content: Content, _: Compiled) -> Iterator[Problem]:
    """An id names one thing in the whole content."""
    seen: dict[str, str] = {}
    for item in items(content):
        for id_ in [own_id(item.value), *_inner_ids(item.value)]:
            if id_ in seen:
                yield item.problem(
                    "", f"the id '{id_}' is also used in {seen[id_]}; every id names one thing."
                )
            seen[id_] = item.document.file


def own_id(value: Any) -> str:
    """A disagreement may bear the name of what it is about, so its id is marked."""
    return f"disagreement-{value.id}" if isinstance(value, Disagreement) else str(value.id)


def _inner_ids(value: Any) -> Iterator[str]:
    for name in value.__struct_fields__:
        field = getattr(value, name)
        for one in field if isinstance(field, list) else ():
            if hasattr(one, "id"):
                yield one.id
                yield from _inner_ids(one)


@_lint
def sources_exist(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Every statement names a source that the bibliography holds, and nothing recalled claims to be read."""
    for item in items(content):
        for cited in (*parts(item.value, Citation), *_grades_and_licences(item.value)):
            info = compiled.sources.get(cited.source)
            if info is None:
                yield item.problem(
                    "", f"the source '{cited.source}' is in neither sources.yaml nor references.json."
                )
            elif cited.verified and info.kind in ("memory", "derived"):
                yield item.problem(
                    "", f"'{cited.source}' is not a page: a statement from it cannot be verified."
                )
    for name, fact in content.facts.items():
        if fact.value.source is not None and fact.value.source not in compiled.sources:
            yield fact.problem("source", f"{name}: the source '{fact.value.source}' is not in sources.yaml.")


def _grades_and_licences(value: Any) -> list[Any]:
    return [*getattr(value, "recommended", []), *getattr(value, "licence", [])]


@_lint
def statements_have_sources(content: Content, _: Compiled) -> Iterator[Problem]:
    """No statement stands on nothing."""
    for item in items(content):
        for s in parts(item.value, Statement):
            if not s.sources:
                yield item.problem("", f"the statement '{s.id}' names no source.")


_NUMBER = re.compile(r"(?<![A-Za-z0-9-])\d+(?:[.,]\d+)?(?![A-Za-z0-9])")
_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


@_lint
def numbers_are_parameters(content: Content, _: Compiled) -> Iterator[Problem]:
    """No digit stands in a text; every {name} has a number; both readers get the same figures."""
    for item in items(content):
        for holder in parts(item.value, msgspec.Struct):
            numbers = getattr(holder, "numbers", None)
            for words in _own_words(holder):
                yield from _check_words(item, words, numbers if isinstance(numbers, dict) else {})


def _own_words(holder: Any) -> Iterator[Words]:
    for name in holder.__struct_fields__:
        value = getattr(holder, name)
        if isinstance(value, Words):
            yield value


def _check_words(item: Item, words: Words, numbers: dict[str, Any]) -> Iterator[Problem]:
    for audience in ("clinician", "patient"):
        for language, text in (getattr(words, audience) or {}).items():
            bare = _NUMBER.findall(_PLACE.sub("", text))
            if bare:
                yield item.problem(
                    "",
                    f"'{bare[0]}' stands bare in a text ({audience}, {language}); make it a number of the item: {text[:60]}",
                )
            for name in _PLACE.findall(text):
                if name not in numbers:
                    yield item.problem("", f"{{{name}}} has no number beside the text: {text[:60]}")
    used_by_patient = {n for t in (words.patient or {}).values() for n in _PLACE.findall(t)}
    used_by_clinician = {n for t in words.clinician.values() for n in _PLACE.findall(t)}
    for name in sorted(used_by_patient - used_by_clinician):
        yield item.problem(
            "",
            f"the patient meets the number {{{name}}}, the clinician does not: {next(iter(words.clinician.values()))[:60]}",
        )


@_lint
def rungs_and_links_exist(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A rung is one of the guideline's; a link leads somewhere."""
    rungs = {r.id for r in compiled.meta.rungs}
    known = {i.id for i in items(content)} | {i.id for i in content.instruments.instruments}
    for item in items(content):
        rung = getattr(item.value, "rung", None)
        if rung is not None and rung not in rungs:
            yield item.problem("rung", f"'{rung}' is not a rung of guideline.yaml.")
        for link in (*getattr(item.value, "links", ()), *getattr(item.value, "about", ())):
            if link not in known:
                yield item.problem("links", f"'{link}' is not a topic, factor, mimic or therapy.")


@_lint
def dates_are_dates(content: Content, _: Compiled) -> Iterator[Problem]:
    """Every date can be read."""
    for item in items(content):
        for holder in parts(item.value, msgspec.Struct):
            for name in ("effective", "until", "review_by"):
                text = getattr(holder, name, None)
                if isinstance(text, str) and not _is_date(text):
                    yield item.problem("", f"{name}: '{text}' is not a date; write for example 2026-11-20.")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@_lint
def facts_do_not_circle(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A fact never rests on itself. Derivations of one member count as the fact's."""
    needs = {
        name: {n for d in (fact.derivation, *fact.variants.values()) for n in speaks_of(d)}
        for name, fact in compiled.facts.items()
        if name != "rule"
    }
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if name in path:
            yield (*path[path.index(name) :], name)
        elif name not in done:
            for other in sorted(needs.get(name, ())):
                yield from visit(other, (*path, name))
            done.add(name)

    for name in sorted(needs):
        for circle in visit(name, ()):
            item = content.facts.get(circle[0], content.meta)
            yield item.problem("", f"these facts rest on each other: {' -> '.join(circle)}.")


@_lint
def nothing_fires_on_an_empty_record(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """To a patient of whom nothing is known, no option is open, no factor suspected, nothing urgent."""
    world = World(Rules(compiled.facts, compiled.vocabulary), Record(Patient()), date(2026, 11, 20))
    for fact, group in _must_stay_silent(content):
        for id_, item in group.items():
            if fact in compiled.facts and world.value(Ref(fact, (id_,))) is True:
                yield item.problem(
                    "", f"{fact}({id_}) is true for an empty record; it must rest on something known."
                )


def _must_stay_silent(content: Content) -> list[tuple[str, dict[str, Item]]]:
    pairs = [("suits", content.therapies), ("taking", content.therapies), ("red_flag", content.red_flags)]
    for kind, group in (("factor", content.factors), ("mimic", content.mimics)):
        pairs += [(f"{kind}_{state}", group) for state in ("present", "suspected", "excluded")]
    return pairs


@_lint
def predicates_can_be_met(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A rule that is false whatever the patient is a mistake (FALSE is allowed where a state has no test yet)."""
    rules = compiled.facts["rule"].variants
    for item in items(content):
        for s in statements_of(item.value):
            rule = rules.get(s.id)
            if isinstance(rule, When) and rule.node == Constant(False):
                yield item.problem("", f"the statement '{s.id}' can never be shown: its predicate is FALSE.")


@_lint
def instruments_are_sound(content: Content, _: Compiled) -> Iterator[Problem]:
    """Weights sum to one, bands cover the range, and the like."""
    from atopy.instruments import check_library

    for message in check_library(content.instruments):
        yield Problem("instruments/", None, "", message)
