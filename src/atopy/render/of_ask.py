"""An answer for one reader: the verdict, what it rests on, where sources differ, what is missing, the sources."""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from atopy.ask import Answer, Dispute, Line, Said, Side
from atopy.plan import Cited
from atopy.record import day_words
from atopy.render.page import Page

Reader = Literal["clinician", "patient", "carer"]
READERS: tuple[Reader, ...] = ("clinician", "patient", "carer")
_HEADS: dict[str, tuple[str, str]] = {  # for the clinician, and in plain words
    "statement": ("What the content says", "What we know"),
    "dose": ("Doses", "How much"),
    "limit": ("Limits", "How long, how much"),
    "contraindication": ("What speaks against it", "When it is not for you"),
    "interaction": ("With other drugs", "With other medicines"),
    "check": ("Tests", "Tests"),
    "recommendation": ("Who recommends what", "What experts advise"),
    "licence": ("Licence", "Where it is allowed"),
    "onset": ("When it works", "When it works"),
    "stop": ("How to stop", "How to stop"),
    "access": ("Access, not evidence", "Who pays"),
    "option": ("Options", "Treatments"),
    "instrument": ("The score", "The score"),
    "finding": ("In the plan of this patient", "For you"),
    "trials": ("What trials found", "What trials found"),
    "amount": ("How much", "How much"),
    "definition": ("What it is", "What it is"),
    "found": ("Found by the words of the question", "What we found"),
}
_REVIEW = {
    "submitted": "submitted: no clinician has reviewed it", "under review": "under review", "approved": "approved",
    "rejected": "rejected by a reviewer", "disputed": "disputed between reviewers",
}  # fmt: skip
_TONES = {"refuse_and_redirect": "bold red", "decline_out_of_scope": "bold yellow", "ask": "bold yellow"}
_CARER = "Here “you” means the person you care for."
_NOT_CHECKED = "No doctor has checked this text yet. Ask your doctor or nurse before you act on it."


def text(answer: Answer, reader: Reader = "clinician", width: int = 100, colour: bool = False) -> str:
    """For a terminal, of at most *width* columns."""
    page = Page(width, colour)
    _Shown(answer, reader, page).all()
    return page.text()


def json(answer: Answer, reader: Reader = "clinician") -> str:
    """As data; for a patient or carer without what is for clinicians alone."""
    shown = answer if reader == "clinician" else for_patient(answer)
    return msgspec.json.format(msgspec.json.encode(shown, order="sorted"), indent=2).decode() + "\n"


def for_patient(answer: Answer) -> Answer:
    """The part of an answer that is for patients: never a line, number or source more than the clinician's."""
    lines = tuple(_plain(line) for line in answer.lines if _is_plain(line))
    disputes = tuple(_plain_dispute(d) for d in answer.disagreements if d.rule.patient)
    cited = {c.source for c in (*answer.verdict_sources, *_cited(lines))}
    return msgspec.structs.replace(
        answer, verdict=_only(answer.verdict), lines=lines, disagreements=disputes,
        missing=tuple(
            msgspec.structs.replace(m, question=_only(m.question)) for m in answer.missing if m.question.patient
        ),
        notes=tuple(_only(n) for n in answer.notes if n.patient), disclaimer=_only(answer.disclaimer),
        sources=tuple(s for s in answer.sources if s.key in cited),
    )  # fmt: skip


def _only(said: Said) -> Said:
    """The patient's words alone."""
    return Said("", said.patient)


def _is_plain(line: Line) -> bool:
    return bool(line.text.patient) or any(_is_plain(p) for p in line.parts)


def _plain(line: Line) -> Line:
    parts = tuple(_plain(p) for p in line.parts if _is_plain(p))
    return msgspec.structs.replace(line, text=_only(line.text), name=_only(line.name), note=None, parts=parts)


def _plain_dispute(d: Dispute) -> Dispute:
    nothing = Side("", ())
    return msgspec.structs.replace(d, question="", side_a=nothing, side_b=nothing, rule=_only(d.rule), why="")


def _cited(lines: Iterable[Line]) -> Iterator[Cited]:
    for line in lines:
        yield from line.sources
        yield from _cited(line.parts)


class _Shown:
    """Writes one answer on a page."""

    def __init__(self, answer: Answer, reader: Reader, page: Page) -> None:
        self.clinical = reader == "clinician"
        self.reader = reader
        self.answer = answer if self.clinical else for_patient(answer)
        self.page = page
        self.numbers = {s.key: s.number for s in answer.sources}

    def said(self, said: Said) -> str:
        return said.clinician if self.clinical else said.patient or ""

    def all(self) -> None:
        a, page = self.answer, self.page
        page.put(
            (self.said(a.verdict), _TONES.get(a.behaviour, "bold")), (self.cited(a.verdict_sources), "dim")
        )
        if self.reader == "carer":
            page.put((_CARER, "dim"))
        for note in a.notes:
            page.put((self.said(note), "dim"))
        self.lines()
        for dispute in a.disagreements:
            self.dispute(dispute)
        self.missing()
        self.sources()
        self.foot()

    def lines(self) -> None:
        several = len({x.owner for x in self.answer.lines if x.role not in ("found", "finding")}) > 1
        last = ""
        for line in self.answer.lines:
            head = _HEADS[line.role][0 if self.clinical else 1]
            if head != last:
                last = head
                self.page.heading(last)
            self.line(line, 1, several)

    def line(self, line: Line, left: int, named: bool) -> None:
        name = (
            self.said(line.name)
            if named and left == 1 and line.role not in ("option", "instrument", "trials")
            else ""
        )
        said = self.said(line.text)
        lead = f"{name}: " if name and not said.lower().startswith(name.lower()) else ""
        note = f" ({line.note})" if line.note and self.clinical else ""
        unread = self.unread(line)
        if said:
            self.page.put(
                (lead, "cyan"), said, (note, "yellow"), (self.cited(line.sources), "dim"), (unread, "yellow"),
                left=left, mark="· ",
            )  # fmt: skip
        for part in line.parts:
            self.line(part, left + 3, False)

    def unread(self, line: Line) -> str:
        """Said of what nobody read in a source."""
        if not line.sources or any(s.verified for s in line.sources):
            return ""
        return " recalled, not read in a source" if self.clinical else ""

    def cited(self, sources: Iterable[Cited]) -> str:
        """``[3, 7]``, and what each grades where it grades anything."""
        known = [c for c in sources if c.source in self.numbers]
        each = dict.fromkeys(self.numbers[c.source] for c in known)
        if not each:
            return ""
        graded = dict.fromkeys(_grade(c) for c in known) if self.clinical else {}
        grades = "; ".join(g for g in graded if g)
        numbers = ", ".join(str(n) for n in each)
        return f" [{numbers}]" + (f" ({grades})" if grades else "")

    def dispute(self, d: Dispute) -> None:
        if not self.clinical:
            self.page.heading("Where experts disagree")
            self.page.put(self.said(d.rule), mark="· ")
            return
        self.page.heading("Where sources disagree")
        self.page.put((d.question, "bold"))
        for name, side in (("One side", d.side_a), ("The other", d.side_b)):
            self.page.put((f"{name}: ", "cyan"), side.says, (self.cited(side.sources), "dim"), mark="· ")
        self.page.put(("Followed here: ", "cyan"), d.rule.clinician, mark="· ")
        self.page.put(("Why: ", "cyan"), d.why, mark="· ")

    def missing(self) -> None:
        if not self.answer.missing:
            return
        self.page.heading("What is missing" if self.clinical else "What we still need to know")
        for asked in self.answer.missing:
            self.page.put(self.said(asked.question), mark="· ")

    def sources(self) -> None:
        if not self.answer.sources:
            return
        self.page.heading("Sources" if self.clinical else "Where this comes from")
        for source in self.answer.sources:
            unread = "" if source.read else "; not read"
            note = f" ({source.note})" if source.note else ""
            self.page.put(
                source.text, (f"{note}{unread}" if self.clinical else "", "dim"), mark=f"{source.number:>3}  "
            )

    def foot(self) -> None:
        a, page = self.answer, self.page
        page.gap()
        states = dict.fromkeys(
            [a.verdict_review, *(x.review for x in a.lines), *(d.review for d in a.disagreements)]
        )
        if self.clinical:
            kind = "Found by retrieval. " if a.retrieval else ""
            review = "; ".join(_REVIEW.get(s, s) for s in states)
            made = f"Content {a.content_version}, literature to {day_words(a.literature_current_through)}."
            page.put((f"{kind}Review: {review}. {made}", "dim"))
        elif a.behaviour != "decline_out_of_scope":
            page.put((_NOT_CHECKED, "dim"))


def _grade(c: Cited) -> str:
    """``strong for, moderate certainty``."""
    strength = c.strength if c.strength not in (None, "none") else ""
    direction = c.direction if c.direction not in (None, "none") else ""
    certainty = f"{c.certainty} certainty" if c.certainty else ""
    head = " ".join(x for x in (strength, direction) if x) if strength else ""
    return ", ".join(x for x in (head, certainty) if x)


__all__ = ["READERS", "Reader", "for_patient", "json", "text"]
