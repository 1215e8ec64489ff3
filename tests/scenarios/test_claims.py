"""What the founding documents say is in the guideline and shown with its source; every source is used or explained."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from tests.scenarios.scenario import FOLDER, guidance, scenarios

from atopy.guideline import Citation, Compiled, Quantity, Statement
from atopy.yaml_source import SourceError, convert, load_yaml_file


class Bullet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the founding documents say: the statements that carry it, each with a source of it."""

    says: str
    statements: dict[str, list[str]]
    disagreements: list[str] = []


class Unused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source that no statement cites, and why it is kept."""

    source: str
    reason: str


def _listed(name: str, kind: type[Any]) -> Any:
    document = load_yaml_file(FOLDER / name, name)
    value, problems = convert(document, document.data, list[kind])  # type: ignore[valid-type]
    if value is None or problems:
        raise SourceError(problems)
    return value


BULLETS: list[Bullet] = _listed("bullets.yaml", Bullet)
_SHOWN = re.compile(
    r"statement (?P<id>[a-z0-9_\-]+) is shown(?: in [a-z_]+)?(?:,? citing (?P<sources>[a-z0-9_\-, ]+))?"
)
_DISAGREEMENT = re.compile(r"disagreement (?P<id>[a-z0-9_\-]+) is shown.*")


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return guidance().compiled


def asserted() -> tuple[dict[str, set[str]], set[str]]:
    """Every statement that some scenario asserts, with the sources asserted with it; and every disagreement."""
    statements: dict[str, set[str]] = {}
    disagreements: set[str] = set()
    for scenario in scenarios().values():
        for line in scenario.expect:
            if match := _SHOWN.fullmatch(" ".join(line.split())):
                cited = re.split(r", | and ", match["sources"] or "")
                statements.setdefault(match["id"], set()).update(c for c in cited if c)
            elif match := _DISAGREEMENT.fullmatch(line):
                disagreements.add(match["id"])
    return statements, disagreements


@pytest.mark.parametrize("bullet", [pytest.param(b, id=b.says[:60]) for b in BULLETS])
def test_what_the_founding_documents_say_is_shown_with_its_source(bullet: Bullet) -> None:
    """Some scenario asserts each statement, with each source."""
    statements, disagreements = asserted()
    for id_, sources in bullet.statements.items():
        assert id_ in statements, f"no scenario asserts that '{id_}' is shown"
        assert not set(sources) - statements[id_], f"no scenario asserts '{id_}' with {sources}"
    assert not set(bullet.disagreements) - disagreements


def test_each_of_the_82_references_carries_a_bullet() -> None:
    cited = {s for b in BULLETS for sources in b.statements.values() for s in sources}
    missing = [n for n in range(1, 83) if f"uptodate2017-{n:02d}" not in cited]
    assert missing == []


def _parts(value: Any, owner: str = "") -> Iterator[tuple[Any, str]]:
    """Every Struct inside *value*, with the id of the nearest thing that has one."""
    if isinstance(value, msgspec.Struct):
        owner = getattr(value, "id", None) or owner
        yield value, owner
        for name in value.__struct_fields__:
            yield from _parts(getattr(value, name), owner)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _parts(one, owner)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _parts(one, owner)


def content(compiled: Compiled) -> Iterator[tuple[Any, str]]:
    """Every part of everything that speaks to a reader."""
    groups = (
        compiled.therapies, compiled.factors, compiled.allergens, compiled.mimics, compiled.red_flags, compiled.topics,
        compiled.disagreements,
    )  # fmt: skip
    for group in groups:
        for item in group.values():
            yield from _parts(item)


def test_every_statement_has_a_source(compiled: Compiled) -> None:
    statements = [p for p, _ in content(compiled) if isinstance(p, Statement)]
    assert len(statements) > 400
    assert [s.id for s in statements if not s.sources] == []


def test_every_number_sits_in_an_item_with_a_source(compiled: Compiled) -> None:
    """Whatever states a number (statement, regimen, limit, check ...) cites something."""
    bare = []
    for part, owner in content(compiled):
        numbers = getattr(part, "numbers", None)
        if not numbers:
            continue
        cites = [p for p, _ in _parts(part) if isinstance(p, Citation)] or getattr(part, "source", None)
        if not cites:
            bare.append(f"{type(part).__name__} {owner}")
    assert bare == []


def test_the_numbers_outside_texts_have_sources_too(compiled: Compiled) -> None:
    """When to judge a therapy, and how long it may go on."""
    for therapy in compiled.therapies.values():
        for number, sources in (
            (therapy.onset, therapy.onset_sources),
            (therapy.course_limit, therapy.course_limit_sources),
        ):
            assert not isinstance(number, Quantity) or sources, therapy.id


def used(compiled: Compiled) -> set[str]:
    """Every source that content, facts or instruments name, aliases resolved."""
    keys: set[str] = set()
    for part, _ in content(compiled):
        source = getattr(part, "source", None)
        if isinstance(source, str):
            keys.add(source)
    keys |= {f.source for f in compiled.facts.values() if f.source}
    for part, _ in _parts(compiled.instruments):
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if name in ("source", "study", "reference") and isinstance(value, str):
                keys.add(value)
            elif name in ("sources", "references", "also"):
                keys |= {s for s in value if isinstance(s, str)} if isinstance(value, list | tuple) else set()
    aliases = {k: i.alias_of for k, i in compiled.sources.items() if i.alias_of}
    return {aliases.get(k) or k for k in keys}


def test_every_reference_is_used_or_explained(compiled: Compiled) -> None:
    """Explained: by what the founding review cites it for, by what it is kept for, or in unused_sources.yaml."""
    explained: dict[str, str] = {u.source: u.reason for u in _listed("unused_sources.yaml", Unused)}
    in_use = used(compiled)
    unused = []
    for key in compiled.references:
        info = compiled.sources[key]
        told = info.supports is not None or info.kept_for is not None
        if key not in in_use and not told and key not in explained:
            unused.append(key)
    assert unused == [], "cite them, or say in unused_sources.yaml why they are kept"
    stale = [k for k in explained if k in in_use or k not in compiled.references]
    assert stale == [], "these need no excuse any more"


def test_no_statement_rests_on_memory_alone_and_calls_itself_verified(compiled: Compiled) -> None:
    for part, owner in content(compiled):
        if isinstance(part, Citation) and part.verified:
            assert compiled.sources[part.source].kind not in ("memory", "derived"), owner
