"""Which disagreements belong to an answer: those it names; else those about what it shows whose question is about what
is wanted, or about whom.
"""

from collections.abc import Iterable, Sequence

from atopy.ask.model import Dispute, Line
from atopy.ask.tokens import phrase
from atopy.ask.wanted import Made, Wanted

_MOST = 2


def disputes(w: Wanted, made: Made, lines: Sequence[Line]) -> list[Dispute]:
    """Of an answer, as it shows them."""
    known = w.lexicon.compiled.disagreements
    ids = [i.removeprefix("disagreement-") for i in made.disputes]
    if made.behaviour == "answer" and not ids and not made.retrieval:
        ids = _relevant(w, made, lines)
    return [w.lines.dispute(known[i]) for i in ids if i in known]


def _relevant(w: Wanted, made: Made, lines: Iterable[Line]) -> list[str]:
    """The nearest by how many phrases of what is asked stand in their question."""
    about = {t.id for t in w.options} | {x.owner for x in lines}
    said = [*_differ(w, made), *w.concepts(), *(i.replace("_", " ") for i in w.others())]
    phrases = [p for x in dict.fromkeys(said) if (p := set(phrase(x)))]
    counted = []
    for d in w.lexicon.compiled.disagreements.values():
        if about & set(d.about):
            asked = {t for q in d.question.values() for t in phrase(q)} | set(phrase(d.id.replace("-", " ")))
            score = sum(p <= asked for p in phrases)
            if score:
                counted.append((-score, d.order, d.id))
    return [id_ for _, _, id_ in sorted(counted)[:_MOST]]


def _differ(w: Wanted, made: Made) -> list[str]:
    """Words of the questions on what was answered, about which sources differ."""
    if made.wants is not None:
        return [x for i in w.lexicon.asking.intents if i.wants == made.wants for x in i.differ]
    return w.intent.differ if w.intent is not None else []


__all__ = ["disputes"]
