"""What would change the plan, in words: each missing fact with what each answer does, and what would open what."""

from collections.abc import Iterable

from atopy.plan.outcomes import Move, Outcome
from atopy.plan.plain import sentences
from atopy.plan.prospects import Answered, Closed, Openable, Prospects, Question, Said
from atopy.render.sheet import Block, Item, Sheet
from atopy.render.view import AUDIENCES, Audience, day_words
from atopy.yaml_source import InputError

_URGENT = Said("What would be an emergency", "What would need help today")
_FACTS = Said("What each missing fact would change, the weightiest first", "What each answer would change")
_OPTIONS = Said("What would open a closed option", "What would open a treatment")
_NONE = Said("No missing fact changes any status by itself.", "No single answer changes your plan.")
_MORE = "No set of up to three facts opens it"
_KINDS = {"learn": "", "change": " (would have to change)", "fixed": " (nobody can change it)"}
_UNMARKED = "Each fact that is not marked is not known yet."
_NAMED = 4


def sheet(found: Prospects, audience: Audience = "clinician") -> Sheet:
    """The prospects for one reader."""
    return _Words(found, audience).sheet()


class _Words:
    def __init__(self, found: Prospects, audience: Audience) -> None:
        if audience not in AUDIENCES:
            raise InputError(f"'{audience}' is no reader of a plan. Write clinician or patient.")
        self.found = found
        self.clinical = audience == "clinician"

    def say(self, said: Said | None) -> str:
        """The words for this reader; none where there are none for a patient."""
        if said is None:
            return ""
        return said.clinician if self.clinical else said.patient or ""

    def code(self, code: str | None) -> str:
        """What a status, headline or reason is called."""
        return (self.say(self.found.codes.get(code or "")) or (code or "").replace("_", " ")).rstrip(".")

    def name(self, id_: str) -> str:
        return self.say(self.found.names.get(id_))

    def sheet(self) -> Sheet:
        title = "What would change the plan" if self.clinical else "What would change your plan"
        urgent = tuple(item for q in self.found.facts for item in self.emergency(q))
        facts = tuple(item for q in self.found.facts for item in self.question(q))
        idle = sum(not any(a.changes for a in q.answers) for q in self.found.facts)
        also = f"{idle} further missing facts change nothing by themselves." if idle and self.clinical else ""
        blocks = [Block(self.say(_URGENT), urgent)] if urgent else []
        blocks.append(Block(self.say(_FACTS), facts, also if facts else self.say(_NONE)))
        options = self.options()
        if options:
            blocks.append(Block(self.say(_OPTIONS), options, _UNMARKED if self.clinical else ""))
        foot = (
            "Each answer was decided again, by itself; all else is as the record says."
            if self.clinical
            else ""
        )
        return Sheet(title, (f"as of {day_words(self.found.as_of)}",), tuple(blocks), (foot,) if foot else ())

    # -- missing facts

    def emergency(self, q: Question) -> list[Item]:
        """An answer with which the plan is one for today: all else would wait."""
        answers = [a for a in q.answers if _urgent(a.changes) and self.say(a.words)]
        return [
            Item(
                self.asked(q, a), self.joined(self.moved(a.changes.urgent) + self.taken(a.changes)),
                q.fact if self.clinical else "",
            )
            for a in answers if self.moved(a.changes.urgent)
        ]  # fmt: skip

    def asked(self, q: Question, answer: Answered) -> str:
        """The fact with its value; for a patient the question with the answer."""
        if self.clinical:
            return self.say(answer.words)
        return f"{self.say(q.question)} {self.say(answer.words)}".strip()

    def question(self, q: Question) -> list[Item]:
        """A fact of which some answer changes something."""
        asked = self.say(q.question)
        told = [(a, self.outcome(a.changes)) for a in q.answers if not _urgent(a.changes)]
        answers = [(a, said) for a, said in told if said]
        if not asked or not answers:
            return []
        if not self.clinical and not any(self.say(a.words) for a, _ in answers):
            return self.undirected(asked, [a.changes for a, _ in answers])
        parts = tuple(Item(self.say(a.words), said) for a, said in answers)
        return [Item(asked, note=q.fact if self.clinical else "", parts=parts)]

    def undirected(self, asked: str, outcomes: list[Outcome]) -> list[Item]:
        """What an answer is about, where the question does not say which answer means what."""
        names = self.names(dict.fromkeys(i for o in outcomes for i in (*o.gained, *o.lost)))
        return [Item(asked, f"the answer counts for: {names}")] if names else []

    def outcome(self, o: Outcome) -> str:
        """Everything that an answer changes, what matters most first."""
        said = []
        if o.headline:
            before, after = (self.code(code) for code in o.headline)
            said.append(f"headline {before} → {after}" if self.clinical else f"the plan becomes: {after}")
        word = "recommended" if self.clinical else "advised"
        said += self.listed(word, o.gained) + self.listed(f"no longer {word}", o.lost)
        said += self.taken(o)
        if self.clinical:
            counted = {*o.gained, *o.lost}
            said += self.moves([m for m in o.statuses if m.id not in counted])
            said += self.moved((*o.urgent, *o.findings))
        return self.joined(said)

    def joined(self, said: list[str]) -> str:
        """One row of several things; for a patient each is a sentence."""
        return "; ".join(said) if self.clinical else sentences(said)

    def taken(self, o: Outcome) -> list[str]:
        return self.moved(o.taken)

    def moved(self, moves: Iterable[Move]) -> list[str]:
        """Each thing with what becomes of it; nothing of what this reader does not meet."""
        return [f"{self.name(m.id)}: {self.code(m.after)}" for m in moves if self.name(m.id)]

    def listed(self, label: str, ids: Iterable[str]) -> list[str]:
        names = self.names(ids)
        return [f"{label}: {names}"] if names else []

    def moves(self, moves: list[Move]) -> list[str]:
        """Other statuses, by what they become."""
        after: dict[str, list[str]] = {}
        for move in moves:
            after.setdefault(move.after, []).append(move.id)
        return [f"{self.code(status)}: {self.names(ids)}" for status, ids in after.items()]

    def names(self, ids: Iterable[str]) -> str:
        """Names, the first few."""
        known = [n for n in (self.name(i).split(" (")[0] for i in ids) if n]
        more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
        return ", ".join(known[:_NAMED]) + more

    # -- closed options

    def options(self) -> tuple[Item, ...]:
        """Options that the same sets would open, told together."""
        groups: dict[tuple[str, tuple[Item, ...]], list[str]] = {}
        for closed in self.found.options:
            parts = self.sets(closed)
            if parts or self.clinical:
                groups.setdefault((closed.status, parts), []).append(self.name(closed.option))
        return tuple(
            Item(", ".join(names), self.code(status) + ("" if parts else f". {_MORE}"), parts=parts)
            for (status, parts), names in groups.items()
        )

    def sets(self, closed: Closed) -> tuple[Item, ...]:
        """The sets of one option. A patient meets only what is still to be found out, and what then is open."""
        shown = [s for s in closed.sets if self.clinical or self.for_patient(s)]
        return tuple(self.openable(s) for s in shown[: None if self.clinical else 1])

    @staticmethod
    def for_patient(found: Openable) -> bool:
        return found.opens and all(n.kind == "learn" and n.words.patient for n in found.facts)

    def openable(self, found: Openable) -> Item:
        needed = " and ".join(
            self.say(n.words) + (_KINDS[n.kind] if self.clinical else "") for n in found.facts
        )
        after = self.code(found.status)
        if found.opens:
            return Item(f"if {needed}" if self.clinical else needed, f"→ {after}")
        reason = self.code(found.reason) if found.reason else ""
        return Item(
            f"if {needed}",
            f"this no longer closes it, but then: {': '.join(x for x in (after, reason) if x)}",
        )


def _urgent(outcome: Outcome) -> bool:
    return any(m.after == "present" for m in outcome.urgent)


__all__ = ["sheet"]
