"""From the files on allergens: what labels call each substance, and how far a reaction reaches.

Both are looked up in tables made here once; what they say is content.
"""

from collections.abc import Iterator

import msgspec

from atopy.guideline.load import Content, Item
from atopy.guideline.schema import Allergen, Reach
from atopy.nearest import did_you_mean
from atopy.record import Crossing, Vocabulary
from atopy.record.labels import plain
from atopy.yaml_source import Problem


def with_allergens(words: Vocabulary, content: Content) -> tuple[Vocabulary, list[Problem]]:
    """The vocabulary with the names on labels and the crossings, and every word of the files that it does not know."""
    problems: list[Problem] = []
    names = dict(words.on_labels)
    for item in content.allergens.values():
        problems += _unknown(item, words, content)
        problems += _name(item, names, words)
    groups = {id_: item.value.substances for id_, item in content.allergens.items()}
    crossings: dict[str, list[Crossing]] = {}
    for item in content.allergens.values():
        for place, reach in enumerate(item.value.reaches):
            made = _crossing(item.id, place, reach, groups)
            for one in _substances(reach.positive, groups):
                crossings.setdefault(one, []).append(made)
    kept = {one: tuple(listed) for one, listed in crossings.items()}
    known = tuple(dict.fromkeys(one for listed in groups.values() for one in listed))
    return msgspec.structs.replace(words, on_labels=names, crossings=kept, of_products=known), problems


def _crossing(group: str, place: int, reach: Reach, groups: dict[str, list[str]]) -> Crossing:
    certain = not reach.how.startswith("may_")
    return Crossing(group, place, reach.how, certain, _substances(reach.meets, groups))


def _substances(listed: list[str], groups: dict[str, list[str]]) -> tuple[str, ...]:
    """Each group as its substances; a word of the vocabulary as it is."""
    return tuple(dict.fromkeys(one for word in listed for one in groups.get(word, [word])))


def _name(item: Item, names: dict[str, str], words: Vocabulary) -> Iterator[Problem]:
    """Enter the names that labels use; a name means one substance."""
    for substance, listed in item.value.on_labels.items():
        for i, name in enumerate(listed):
            known = names.setdefault(plain(name), substance)
            if known != substance and substance not in words.kin.get(known, ()):
                message = f"'{name}' on a label already means '{known}'."
                yield item.problem_in(("on_labels", substance, i), message)


def _unknown(item: Item, words: Vocabulary, content: Content) -> Iterator[Problem]:
    """Every word that is no substance, and where one is asked for, no group."""
    value: Allergen = item.value
    substances = [*words.kin, *(g for kin in words.kin.values() for g in kin)]
    with_groups = [*substances, *content.allergens]
    listed: list[tuple[tuple[str | int, ...], str, list[str]]] = [
        (("substances", i), one, substances) for i, one in enumerate(value.substances)
    ]
    listed += [(("on_labels", one), one, substances) for one in value.on_labels]
    listed += [(("free", i), one, with_groups) for i, one in enumerate(value.free)]
    for place, reach in enumerate(value.reaches):
        for field in ("positive", "meets"):
            listed += [
                (("reaches", place, field, i), one, with_groups)
                for i, one in enumerate(getattr(reach, field))
            ]
    for path, one, known in listed:
        if one not in known:
            message = f"'{one}' is no substance of the vocabulary.{did_you_mean(one, dict.fromkeys(known))}"
            yield item.problem_in(path, message)


__all__ = ["with_allergens"]
