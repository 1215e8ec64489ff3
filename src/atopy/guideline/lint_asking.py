"""What an editor can get wrong in ``ask/``: words that mean nothing, answers that show what is not there."""

from collections.abc import Callable, Iterator

import msgspec

from atopy.guideline.asking import CODES, HOLDS, KINDS, MARKS, Asking
from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content, Item
from atopy.guideline.schema import own_id
from atopy.guideline.walk import items, parts
from atopy.nearest import did_you_mean
from atopy.yaml_source import Problem


def answers_are_made_of_the_content(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Every id that an answer shows, and every word that it waits for, is known."""
    shown, understood = _shown(content), _understood(content, compiled)
    for item in content.asking.values():
        asking: Asking = item.value
        for i, form in enumerate(asking.answers):
            for field, known in (("shows", shown), ("all_of", understood), ("none_of", understood)):
                for j, entry in enumerate(getattr(form, field)):
                    ids = [e for e in entry.split(" or ") if not e.startswith(HOLDS)]
                    rules = [e.removeprefix(HOLDS) for e in entry.split(" or ") if e.startswith(HOLDS)]
                    yield from _missing(item, ("answers", i, field, j), ids, known)
                    yield from _missing(item, ("answers", i, field, j), rules, set(compiled.domains["rule"]))
            yield from _no_facts(item, ("answers", i, "asks"), form.asks, compiled)


def words_mean_something(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """What a concept means is known, and what it supposes is a fact."""
    known = _understood(content, compiled)
    for item in content.asking.values():
        asking: Asking = item.value
        for i, concept in enumerate(asking.concepts):
            for j, id_ in enumerate(concept.means):
                yield from _missing(item, ("concepts", i, "means", j), [id_], known)
            yield from _no_facts(item, ("concepts", i, "suppose"), list(concept.suppose), compiled)
            yield from _no_facts(item, ("concepts", i, "between"), list(concept.between), compiled)
        yield from _missing(item, ("sites",), list(asking.sites), set(compiled.domains.get("site", ())))
        yield from _missing(item, ("disease",), asking.disease, known)
        yield from _no_facts(item, ("given",), list(asking.given), compiled)
        yield from _no_facts(item, ("measures",), list(asking.measures.values()), compiled)


def words_of_trials_name_what_is_compared(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Outcomes and populations that questions name are those of ``evidence.yaml``."""
    try:
        evidence, _ = compiled.trial_data()
    except ValueError:
        return  # no trials, or none that could be read: that is said elsewhere
    outcomes, populations = {o.id for o in evidence.outcomes}, {p.id for p in evidence.populations}
    for item in content.asking.values():
        words = item.value.trials
        yield from _missing(item, ("trials", "usual"), words.usual, outcomes)
        yield from _missing(item, ("trials", "outcomes"), list(words.outcomes), outcomes)
        yield from _missing(item, ("trials", "populations"), list(words.populations), populations)


def every_verdict_is_worded(content: Content, _: Compiled) -> Iterator[Problem]:
    """A guideline that can be asked has a sentence for each verdict, and none that nobody says."""
    said = {v.id: item for item in content.asking.values() for v in item.value.verdicts}
    for item in list(content.asking.values())[:1]:
        for code in CODES:
            if code not in said:
                yield item.problem_in((), f"no file of ask/ words the verdict '{code}'.")
    for code, item in said.items():
        if code not in CODES:
            yield item.problem_in(("verdicts",), f"'{code}' is no verdict.{did_you_mean(code, CODES)}")


def _missing(item: Item, path: tuple[str | int, ...], ids: list[str], known: set[str]) -> Iterator[Problem]:
    for id_ in ids:
        if id_ not in known:
            near = did_you_mean(id_, known)
            yield item.problem_in(path, f"'{id_}' is nothing that this content knows.{near}")


def _no_facts(
    item: Item, path: tuple[str | int, ...], names: list[str], compiled: Compiled
) -> Iterator[Problem]:
    for name in names:
        bare = name.partition("(")[0]
        if bare not in compiled.facts:
            yield item.problem_in(path, f"'{bare}' is no fact.{did_you_mean(bare, compiled.facts)}")


def _shown(content: Content) -> set[str]:
    """The id of every item, and of everything in one that has an id; and the instruments."""
    told = [item.value for item in items(content) if not isinstance(item.value, Asking)]
    found = {own_id(one) for value in told for _, one in parts(value, msgspec.Struct) if hasattr(one, "id")}
    return found | {i.id for i in content.instruments.instruments}


def _understood(content: Content, compiled: Compiled) -> set[str]:
    """What may be understood in a question."""
    asked = [i.value for i in content.asking.values()]
    said = {c.id for a in asked for c in (*a.concepts, *a.intents)}
    words = compiled.vocabulary
    return said | _shown(content) | set(words.terms) | set(words.members) | set(KINDS) | set(MARKS)


LINTS: list[Callable[[Content, Compiled], Iterator[Problem]]] = [
    answers_are_made_of_the_content,
    words_mean_something,
    words_of_trials_name_what_is_compared,
    every_verdict_is_worded,
]
