"""What an editor can get wrong in ``properties/``: what is to be proved."""

from collections.abc import Iterator

from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content, Item
from atopy.guideline.properties import Follows, Said
from atopy.guideline.property_names import PropertyNames
from atopy.nearest import did_you_mean
from atopy.yaml_source import Problem


def predicates_are_read(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Every set, predicate and fact of a property exists."""
    names = PropertyNames(compiled) if content.properties else None
    for item in content.properties.values():
        assert names is not None
        unknown = [one for one in item.value.asked_of() if one not in names.sets]
        for one in unknown:
            near = did_you_mean(one, names.sets)
            yield item.problem("each", f"{item.id}: '{one}' is not a set of the guideline.{near}")
        if not unknown:
            yield from _texts(item, names)


def _texts(item: Item, names: PropertyNames) -> Iterator[Problem]:
    from atopy.criteria.parser import CriteriaError

    said: list[tuple[Said, bool]] = [(one, False) for one in item.value.predicates()]
    said += [(one, True) for one in item.value.facts()]
    for one, single in said:
        try:
            if single:
                names.term(one.text, one.each)
            else:
                names.predicate(one.text, one.each)
        except CriteriaError as error:
            yield item.problem_at(one.text, f"{item.id}: {error} (in: {one.text})")


def sources_of_properties(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A property names sources that the bibliography holds."""
    known = {*compiled.sources, *compiled.references}
    for item in content.properties.values():
        for i, cited in enumerate(item.value.sources):
            if cited.source not in known:
                near = did_you_mean(cited.source, known)
                yield item.problem(
                    f"sources[{i}].source", f"'{cited.source}' is not in the bibliography.{near}"
                )


def every_disagreement_is_decided(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A property about the rules of disagreements speaks of each of them once."""
    for item in content.properties.values():
        if not isinstance(item.value, Follows):
            continue
        said = [*item.value.rules, *item.value.words_only]
        for id_ in [d for d in compiled.disagreements if d not in said]:
            yield item.problem(
                "", f"{item.id}: the disagreement '{id_}' is neither in rules nor in words_only."
            )
        for id_ in [d for d in said if d not in compiled.disagreements or said.count(d) > 1]:
            yield item.problem("", f"{item.id}: '{id_}' is no disagreement, or is given twice.")


LINTS = [predicates_are_read, sources_of_properties, every_disagreement_is_decided]
