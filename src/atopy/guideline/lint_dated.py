"""What an editor can get wrong in dates for the calendar: in a check, a timing, and what both are made of."""

from collections.abc import Iterator
from datetime import date

from atopy.facts.spans import ahead, check_span
from atopy.facts.timing import Phase
from atopy.guideline.dated import words_of
from atopy.guideline.schema import Check, Interval, Timing
from atopy.nearest import did_you_mean
from atopy.record import Vocabulary

Mistake = tuple[tuple[str | int, ...], str]
_ANY_DAY = date(2026, 1, 1)  # spans are compared from one day; months differ by days only


def mistakes(value: Check | Interval | Timing | Phase, vocabulary: Vocabulary) -> Iterator[Mistake]:
    """Every mistake in *value* itself: the part, and the message."""
    spans = list(_spans(value))
    wrong = [(path, check_span(span)) for path, span in spans]
    yield from ((path, message) for path, message in wrong if message)
    if any(message for _, message in wrong):
        return
    if isinstance(value, Phase):
        yield from _phase(value)
    if isinstance(value, Check | Timing):
        yield from _words(value, vocabulary)
    if isinstance(value, Check) and value.timing and not value.covers:
        yield (
            ("timing",),
            f"the check '{value.id}' has dates, but no 'covers' says what in the record counts as done.",
        )
    if isinstance(value, Interval | Timing):
        yield from _interval(value)
    if isinstance(value, Timing) and bool(value.after) == (value.counted_from == "plan"):
        yield (
            ("after",),
            f"the timing '{value.id}' needs something that it is counted from: 'after', or 'counted_from: plan'.",
        )


def _spans(value: Check | Interval | Timing | Phase) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name in ("valid_for", "tolerance", "after_increase", "every", "to", "up_to"):
        span = getattr(value, name, None)
        if isinstance(span, str):
            yield (name,), span
    for i, span in enumerate(getattr(value, "at", ())):
        yield ("at", i), span


def _phase(phase: Phase) -> Iterator[Mistake]:
    if phase.to and ahead(_ANY_DAY, phase.to) <= ahead(_ANY_DAY, phase.every):
        yield ("to",), f"the longer end of the range, '{phase.to}', is not longer than '{phase.every}'."


def _interval(value: Interval | Timing) -> Iterator[Mistake]:
    if not value.at and not value.every and not getattr(value, "after_increase", None):
        yield (), "has no date: give 'at', or 'every' with its phases."
    ends = [phase.up_to for phase in value.every]
    if any(check_span(end) for end in ends if end):
        return  # named at the phase
    for i, end in enumerate(ends[:-1]):
        after = ends[i + 1]
        if end is None:
            yield ("every", i), "goes on for ever, so the phase after it never comes: give 'up_to'."
        elif after and ahead(_ANY_DAY, after) <= ahead(_ANY_DAY, end):
            yield ("every", i + 1), f"ends at '{after}', before the phase before it is over."


def _words(value: Check | Timing, vocabulary: Vocabulary) -> Iterator[Mistake]:
    known = [*vocabulary.terms, *vocabulary.members]
    for name in ("covers", "after", "ahead_of"):
        for i, entry in enumerate(getattr(value, name, ())):
            for word in words_of(entry):
                if word not in vocabulary.terms and word not in vocabulary.members:
                    yield (name, i), f"'{word}' is not a word of the vocabulary.{did_you_mean(word, known)}"
