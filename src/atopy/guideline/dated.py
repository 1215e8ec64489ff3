"""From the timings that content states to what the engine computes with: codes, timetables, facts of being late."""

from collections.abc import Iterable

from atopy.criteria import Ref
from atopy.facts import DaysOverdue
from atopy.facts.timing import Cover, Phase, Timetable
from atopy.guideline.schema import Check, Interval, Therapy, Timing
from atopy.record import Vocabulary

_RECORDED_AS = {"drug": "treatment", "therapy": "treatment", "allergen": "patch_test"}
"""The kind of event that holds a word, where it is not called like the word's own kind."""


def words_of(cover: str) -> list[str]:
    """``alt or ast`` as the words it names."""
    return [word.strip() for word in cover.split(" or ")]


def covers_of(
    listed: Iterable[str], vocabulary: Vocabulary, recorded_as: str | None = None
) -> tuple[Cover, ...]:
    """Each entry as the kinds and codes of events that count for it; all of one kind where that is given."""
    return tuple(tuple(dict.fromkeys(_codes(entry, vocabulary, recorded_as))) for entry in listed)


def _codes(entry: str, vocabulary: Vocabulary, recorded_as: str | None) -> Iterable[tuple[str, str]]:
    for word in words_of(entry):
        for code in (word, *vocabulary.members.get(word, ())):
            term = vocabulary.terms.get(code)
            if term is not None:
                yield recorded_as or _RECORDED_AS.get(term.kind, term.kind), code


def timetables(listed: Iterable[Interval]) -> tuple[Timetable, ...]:
    """The timetables of a check."""
    return tuple(
        Timetable(tuple(x.at), tuple(x.every), x.after_increase, x.tolerance, x.country) for x in listed
    )


def in_words(interval: Interval | Timing) -> str:
    """A timetable for editors: ``every 2 weeks (± 3 days) up to 2 months, then every 2 months to 3 months``."""
    said = [f"at {span}{_allowed(interval.tolerance)}" for span in interval.at]
    said += [_phase(phase) for phase in interval.every]
    after = interval.after_increase if isinstance(interval, Interval) else None
    again = f"; {after} after an increase of the dose" if after else ""
    return ", then ".join(said) + again


def _phase(phase: Phase) -> str:
    longest = f" to {phase.to}" if phase.to else ""
    up_to = f" up to {phase.up_to}" if phase.up_to else ""
    return f"every {phase.every}{longest}{_allowed(phase.tolerance)}{up_to}"


def _allowed(tolerance: str | None) -> str:
    return f" (± {tolerance})" if tolerance else ""


def timetable(timing: Timing) -> Timetable:
    """The timetable of a statement."""
    return Timetable(tuple(timing.at), tuple(timing.every), None, timing.tolerance)


def is_dated(check: Check) -> bool:
    """Whether a check comes back at times that can be computed and found done."""
    return bool(check.timing and check.covers)


def overdue(check: Check, therapy: Therapy, vocabulary: Vocabulary) -> DaysOverdue:
    """The fact of how late a check of a therapy is."""
    return DaysOverdue(
        tuple(Ref("takes", (code,)) for code in therapy.treats_with),
        tuple(therapy.treats_with),
        covers_of(check.covers, vocabulary),
        timetables(check.timing),
    )
