"""The collectors of an export together, and what every kind of rule does alike."""

from collections.abc import Sequence

from atopy.cpg.resources.activities import Activities
from atopy.cpg.resources.book import Book, brief
from atopy.cpg.resources.conditions import Conditions, rule
from atopy.cpg.resources.recommendations import Dates, Recommendations, Step
from atopy.cpg.resources.strategies import Part, Strategies
from atopy.criteria import Node, conjunction
from atopy.guideline import Statement
from atopy.guideline.dated import in_words

QUESTIONS = "questions"
_PROCESSES = {
    "assess": "history-and-physical",
    "test": "diagnostic-testing",
    "monitor": "monitor-and-follow-up-of-patient",
    "refer": "discharge-referral-of-patient",
    "tell": "provide-counseling",
    "avoid": "provide-counseling",
}


class Writer:
    """Rules, what they ask for, when they apply, and what groups them."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.conditions = Conditions(book)
        self.activities = Activities(book)
        self.rules = Recommendations(book, self.conditions, self.activities)
        self.strategies = Strategies(book)

    def ask(self) -> str:
        """The activity that asks what is not known."""
        return self.activities.ask(QUESTIONS, "Ask for what is not known")

    def severity(self, word: str) -> str:
        """What a kind of bar is called."""
        return self.book.phrase(self.book.compiled.phrases.statuses, word)[0]

    def statement(
        self, s: Statement, item: str, owner: str, strategy: str, process: str, shown: Node | None = None,
        of_therapy: bool = False, clinician_first: bool = False,
    ) -> str:  # fmt: skip
        """One statement of an *item* (called *owner*): its own predicate, and *shown*, when a plan shows it."""
        book = self.book
        clinician, patient = book.words(s.text, s.numbers)
        first = clinician_first or s.clinician_first
        dated = [f"{book.words(t.what, s.numbers)[0]}: {in_words(t)}" for t in s.timing]
        said = ". ".join(x.rstrip(".") for x in (clinician, *dated))
        step = Step(
            brief(f"{owner}: {clinician}"),
            said if dated else clinician,
            conjunction([rule(s.id), *([shown] if shown is not None else [])]),
            None if first else patient,
            self.activities.statement(item, owner, s, of_therapy, not first),
        )
        self.rules.add(
            s.id, step.title, _PROCESSES.get(s.asks, process), [step], s.sources, s.country,
            Dates(s.effective, s.until), strategy, item,
        )  # fmt: skip
        return s.id

    def group(self, title: str, process: str, ids: Sequence[str]) -> Part:
        """Rules of one kind under a heading of their strategy."""
        parts = tuple(self.part(id_, process) for id_ in ids)
        return Part(title, f"{title}: {len(ids)} rule{'s' if len(ids) != 1 else ''}", process, parts=parts)

    def part(self, id_: str, process: str) -> Part:
        """A rule as a part of a strategy."""
        made = self.rules.made[id_]
        return Part(made["title"], made["description"], process, id_)


__all__ = ["QUESTIONS", "Writer"]
