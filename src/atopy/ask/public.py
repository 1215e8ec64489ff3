"""``atopy.ask(...)``, and a conversation: questions that follow on one another."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from atopy.ask.engine import Engine
from atopy.ask.model import Answer
from atopy.ask.reading import Reading
from atopy.guideline import load_guideline
from atopy.plan import Guidance
from atopy.plan.public import Setting, Source, country_of, setting
from atopy.plan.turns import in_turn
from atopy.record.days import day_of
from atopy.yaml_source import InputError


@in_turn
@lru_cache(maxsize=4)
def engine(content: Path | None = None) -> Engine:
    """The engine of a guideline, made once."""
    return Engine(Guidance(load_guideline(content)))


class Conversation:
    """Questions in a row: one that cannot stand alone takes over what the last was about.

    *record*, *as_of*, *country* and *content* as in ``atopy.plan``; *as_of* selects the statements in force, and is
    the day of the content's last change where none is given. ``history`` holds every answer given.
    """

    def __init__(
        self,
        *,
        as_of: date | str | None = None,
        record: Source | None = None,
        country: str | None = None,
        content: Path | str | None = None,
    ) -> None:
        folder = None if content is None else Path(content)
        self.engine = engine(folder)
        self.as_of = day_of(self.engine.compiled.meta.last_updated if as_of is None else as_of)
        self.country = country_of(country)
        self.setting: Setting | None = None
        if record is not None:
            self.setting = setting(record, as_of=self.as_of, country=country, content=content)
            self.country = self.setting.country
        self.history: list[Answer] = []
        self._before: Reading | None = None

    @in_turn
    def ask(self, question: str) -> Answer:
        """The answer to the next question. Raises ValueError where nothing is asked."""
        if not question.strip():
            raise InputError(
                'There is no question. Write one, as in: atopy ask "how long may clobetasol be used?"'
            )
        reading = self.engine.read(question.strip(), self._before)
        answer = self.engine.answer(reading, self.as_of, self.country, self.setting)
        if reading.things or reading.concepts:
            self._before = reading
        self.history.append(answer)
        return answer


def ask(
    question: str,
    *,
    as_of: date | str | None = None,
    record: Source | None = None,
    country: str | None = None,
    content: Path | str | None = None,
    history: Iterable[str] = (),
) -> Answer:
    """The answer to a question, from the content alone: verdict, statements, numbers and sources.

    *record*: a path, text, bytes or parsed data; the answer is then about that patient. *history*: the questions asked
    before, so that "and in pregnancy?" is understood. Raises ValueError for no question, an unknown country or a wrong
    day, SourceError for a record that cannot be read.
    """
    talk = Conversation(as_of=as_of, record=record, country=country, content=content)
    for earlier in history:
        talk.ask(earlier)
    return talk.ask(question)


__all__ = ["Conversation", "ask", "engine"]
