"""What a patient calls a thing: the plain name of a drug, a condition, a treatment; and short sentences of parts."""

from collections.abc import Iterable

from atopy.guideline import Compiled
from atopy.plan import words as texts


def plain_names(compiled: Compiled, language: str) -> dict[str, str]:
    """By id, for whatever has a name of its own for patients; the same for every patient, made once."""
    names = {id_: t.patient_name[language] for id_, t in compiled.vocabulary.terms.items() if t.patient_name}
    for group in (
        compiled.therapies,
        compiled.factors,
        compiled.allergens,
        compiled.mimics,
        compiled.red_flags,
    ):
        for id_, item in group.items():
            said = texts.patient(item.name, {}, language)
            if said and id_ not in names:
                names[id_] = said
    for id_, said_of in compiled.phrases.groups.items():
        if plain := texts.patient(said_of, {}, language):
            names[id_] = (
                plain  # as in what the clinician reads, the name of a group goes before that of its word
            )
    return names


def sentences(parts: Iterable[str | None]) -> str:
    """Parts one after the other, each a sentence of its own: short sentences are easier to read. One stays as it is."""
    said = [p.rstrip(".") for p in parts if p]
    if len(said) == 1:
        return said[0]
    return ". ".join(f"{p[:1].upper()}{p[1:]}" for p in said)
