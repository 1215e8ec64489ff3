"""A piece of content in words, label by label: what a change is told with, on both of its sides."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from atopy.criteria import Ref, english
from atopy.facts.compile import FactCompiler
from atopy.facts.declare import Fact, Row
from atopy.guideline import Citation, Compiled, Dose, Interval, Quantity, Timing, Words
from atopy.guideline.changes import holds_pieces
from atopy.guideline.dated import in_words
from atopy.guideline.schema import Criterion, Licence, Side, Stop
from atopy.guideline.trials import Figure, Result, TrialArm
from atopy.plan.dose import stated
from atopy.plan.words import clinician, patient, quantity
from atopy.record import day_words
from atopy.render.content import blank

LANGUAGE = "en"
_PREDICATES = {
    "when": "when", "suits": "for whom", "present": "present", "suspected": "suspected", "excluded": "excluded",
    "settled": "settled", "touches": "matters when", "applies_to": "applies to", "done": "done when",
    "requires": "requires", "course_limit_when": "the longest course is of use where",
}  # fmt: skip
_READERS = {
    "text": "", "because": "", "test": "", "rule": "rule", "name": "name", "title": "title", "met": "when met",
    "failed": "when failed", "unknown": "when unknown",
}  # fmt: skip
_QUIET = ("id", "numbers", "kind")
"""Told in the heading, or inside the texts."""

Told = dict[str, str]
"""Label -> words, in the order in which they are told."""


class Teller:
    """Tells pieces of one version. Predicates are read with this version's own facts and words."""

    def __init__(self, compiled: Compiled) -> None:
        self.case = blank(compiled)
        signatures = {name: fact.signature for name, fact in compiled.facts.items()}
        self.compiler = FactCompiler(signatures, compiled.domains, compiled.vocabulary)

    def told(self, value: Any) -> Told:
        """Everything that a piece says, without the pieces inside it."""
        if not isinstance(value, msgspec.Struct):
            return dict(self.other("", value))
        said: Told = {}
        for field in msgspec.structs.fields(value):
            one = getattr(value, field.name)
            if field.name in _QUIET or _left_out(field, one) or holds_pieces(one):
                continue
            said |= dict(self.field(value, field.name, one))
        return said

    def field(self, holder: Any, name: str, value: Any) -> Iterator[tuple[str, str]]:
        """One field as labels with words."""
        numbers = getattr(holder, "numbers", {})
        label = name.replace("_", " ").strip()
        if name in _PREDICATES and isinstance(value, str):
            yield _PREDICATES[name], self.predicate(value, holder)
        elif isinstance(value, Words):
            yield from self.words(_READERS.get(name, label), value, numbers)
        elif isinstance(value, dict) and value and all(isinstance(v, str) for v in value.values()):
            yield label, clinician(Words(value), numbers, LANGUAGE) if LANGUAGE in value else _plain(value)
        elif isinstance(value, Side):
            yield from self.side(label, value)
        elif isinstance(value, Stop):
            yield f"{label}: how", value.how
            yield from self.words(label, value.text, value.numbers)
            yield from self.cited(f"{label}: source", value.sources)
        elif isinstance(value, list) and value:
            yield from self.listed(holder, label, value)
        else:
            yield from self.other(label, value)

    def words(self, label: str, words: Words, numbers: dict[str, Quantity]) -> Iterator[tuple[str, str]]:
        yield f"{label} for the clinician".strip(), clinician(words, numbers, LANGUAGE)
        said = patient(words, numbers, LANGUAGE)
        if said:
            yield f"{label} for the patient".strip(), said

    def side(self, label: str, side: Side) -> Iterator[tuple[str, str]]:
        yield label, self.case.words_of(side.position, side.numbers)
        yield from self.cited(f"{label}: source", side.sources)

    def listed(self, holder: Any, label: str, value: list[Any]) -> Iterator[tuple[str, str]]:
        first = value[0]
        if isinstance(first, Citation):
            source = "source" if label == "sources" else f"{label.removesuffix(' sources')}: source"
            yield from self.cited(source, value)
        elif isinstance(first, Licence):
            yield from ((f"licence {one.country.upper()}", self.licence(one)) for one in value)
        elif isinstance(first, Row):
            yield from ((f"if {self.predicate(row.when, holder)}", _outcome(row)) for row in value)
        elif isinstance(first, TrialArm):
            yield from ((f"arm {arm.id}", _plain_without(arm, "id")) for arm in value)
        elif isinstance(first, Result):
            yield from (shown for result in value for shown in _result(result))
        else:
            tell: Callable[[Any], str] = _SAID.get(type(first), _plain)
            yield label, "; ".join(tell(one) for one in value)

    def cited(self, label: str, listed: list[Citation]) -> Iterator[tuple[str, str]]:
        """A label for each source, so that a list in another order is no change."""
        for cited in listed:
            grade = [
                cited.direction,
                cited.strength,
                cited.certainty and f"certainty {cited.certainty}",
                cited.scale,
            ]
            read = "read there" if cited.verified else "not verified"
            more = [cited.place, cited.says, cited.note]
            yield f"{label} {cited.source}", ", ".join(x for x in (read, *grade, *more) if x and x != "none")

    def licence(self, licence: Licence) -> str:
        note = self.case.words_of(licence.note, licence.numbers) if licence.note else ""
        who = f", when {self.predicate(licence.when)}" if licence.when != "TRUE" else ""
        since = f", from {day_words(licence.effective)}" if licence.effective else ""
        read = "" if licence.verified else ", not verified"
        return f"{licence.status.replace('_', ' ')}{who}{since} ({licence.source}{read}). {note}".strip()

    def other(self, label: str, value: Any) -> Iterator[tuple[str, str]]:
        """Numbers, doses, bands and single words; what has no words of its own as it is written."""
        if label == "bands" and isinstance(value, dict):
            for fact, band in value.items():
                name, unit = self.case.explainer.words(Ref(fact))
                yield f"band of {name}", _band(band, unit)
        else:
            yield label, _SAID.get(type(value), _plain)(value)

    def predicate(self, text: str, holder: Any = None) -> str:
        """A predicate in plain English; as it is written where this version cannot read it."""
        fact = holder if isinstance(holder, Fact) else None
        node = self.compiler.predicate(text, fact, lambda *_: None, "when", isinstance(holder, Criterion))
        return english(node, self.case.explainer.words) if node is not None else text


def _outcome(row: Row) -> str:
    """What a row of a decision table gives, and what where it cannot be decided."""
    because = f", because {row.because}" if row.because else ""
    unknown = "the next row" if row.unknown == "next" else row.unknown
    return f"{row.then.replace('_', ' ')}{because} (where unknown: {unknown.replace('_', ' ')})"


def _result(result: Result) -> Iterator[tuple[str, str]]:
    """The figures of one outcome at one time, a label for each arm."""
    when = f"{result.outcome} at week {result.week:g}"
    for figure in result.figures:
        yield f"{when}, {figure.arm}", _figure(figure)
    for contrast in result.contrasts:
        yield f"{when}, {contrast.arm} against {contrast.against}", _plain_without(contrast, "arm", "against")
    if result.source:
        yield f"{when}: source", result.source


def _figure(figure: Figure) -> str:
    count = "" if figure.events is None else f"{figure.events} of {figure.of}"
    mean = "" if figure.mean is None else f"mean {figure.mean:g}"
    rest = _plain_without(figure, "arm", "verified", "events", "of", "mean")
    return ", ".join(x for x in (count, mean, rest, "read there" if figure.verified else "not verified") if x)


def _plain_without(value: Any, *names: str) -> str:
    """What a Struct says besides these fields, and besides what is left to a default."""
    fields = [f for f in msgspec.structs.fields(value) if f.name not in names]
    said = {f.name: getattr(value, f.name) for f in fields}
    return _plain({f.name: said[f.name] for f in fields if not _left_out(f, said[f.name])})


def _left_out(field: msgspec.structs.FieldInfo, value: Any) -> bool:
    """Whether nothing is said: nothing is written, or what is meant without a word."""
    default = field.default_factory() if callable(field.default_factory) else field.default
    return value in (None, [], {}, ()) or value == default


def _band(band: Any, unit: str | None) -> str:
    low = f"from {_number(band.low)}" if band.low is not None else ""
    high = f"below {_number(band.high)}" if band.high is not None else ""
    return " ".join(x for x in (low, high, unit or "") if x)


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _plain(value: Any) -> str:
    """What has no words of its own, as it is written, shortly."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, dict):
        return ", ".join(
            f"{k.replace('_', ' ')} {_plain(v)}" for k, v in plain.items() if v not in (None, [], {})
        )
    if isinstance(plain, list):
        return ", ".join(_plain(v) for v in plain)
    return {True: "yes", False: "no"}.get(plain, "") if isinstance(plain, bool) else str(plain)


_SAID: dict[type, Callable[[Any], str]] = {
    Dose: stated, Quantity: quantity, Interval: in_words, Timing: in_words, Decimal: _number,
}  # fmt: skip

__all__ = ["Teller", "Told"]
